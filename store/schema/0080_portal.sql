-- +goose Up
-- 系統公告. authority '' is for everybody; works_* is the window of a maintenance or an outage.
CREATE TABLE announcements (
	id           TEXT NOT NULL PRIMARY KEY,
	authority    TEXT NOT NULL DEFAULT '',
	kind         TEXT NOT NULL CHECK (kind IN ('news', 'maintenance', 'outage')),
	title_zh     TEXT NOT NULL,
	title_en     TEXT NOT NULL,
	body_zh      TEXT NOT NULL DEFAULT '',
	body_en      TEXT NOT NULL DEFAULT '',
	works_from   TIMESTAMPTZ,
	works_until  TIMESTAMPTZ,
	shown_from   TIMESTAMPTZ NOT NULL,
	shown_until  TIMESTAMPTZ,
	revision     BIGINT NOT NULL DEFAULT 1,
	changed_by   TEXT NOT NULL,
	changed_name TEXT NOT NULL,
	created_at   TIMESTAMPTZ NOT NULL,
	changed_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX announcements_shown ON announcements (shown_from, shown_until);

-- 檔案下載: a row with or without its file.
CREATE TABLE downloads (
	id          TEXT NOT NULL PRIMARY KEY,
	place       BIGINT NOT NULL,
	title_zh    TEXT NOT NULL,
	title_en    TEXT NOT NULL,
	format      TEXT NOT NULL,
	updated_on  TEXT NOT NULL,
	file_name   TEXT NOT NULL DEFAULT '',
	digest      TEXT NOT NULL DEFAULT '',
	size        BIGINT NOT NULL DEFAULT 0,
	hidden      BOOLEAN NOT NULL DEFAULT FALSE,
	revision    BIGINT NOT NULL DEFAULT 1,
	changed_at  TIMESTAMPTZ NOT NULL
);

-- What people ask (question) and what they think (opinion).
CREATE TABLE questions (
	id          TEXT NOT NULL PRIMARY KEY,
	number      TEXT NOT NULL UNIQUE,
	kind        TEXT NOT NULL CHECK (kind IN ('question', 'opinion')),
	authority   TEXT NOT NULL,
	person      TEXT NOT NULL DEFAULT '',
	name        TEXT NOT NULL,
	phone       TEXT NOT NULL,
	email       TEXT NOT NULL DEFAULT '',
	body        TEXT NOT NULL,
	func        TEXT NOT NULL DEFAULT '',
	page        TEXT NOT NULL DEFAULT '',
	error_no    TEXT NOT NULL DEFAULT '',
	serial      TEXT NOT NULL DEFAULT '',
	state       TEXT NOT NULL CHECK (state IN ('open', 'closed')),
	answer      TEXT NOT NULL DEFAULT '',
	answered_by TEXT NOT NULL DEFAULT '',
	answerer    TEXT NOT NULL DEFAULT '',
	created_at  TIMESTAMPTZ NOT NULL,
	answered_at TIMESTAMPTZ
);
CREATE INDEX questions_desk ON questions (authority, state, created_at);
