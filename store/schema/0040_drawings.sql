-- +goose Up
-- A sheet keeps its id for life; its number is unique among the sheets that are there.
CREATE TABLE sheets (
	id         TEXT NOT NULL PRIMARY KEY,
	case_id    TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	number     TEXT NOT NULL,
	class      TEXT NOT NULL,
	title      TEXT NOT NULL,
	position   BIGINT NOT NULL DEFAULT 0,
	added_at   TIMESTAMPTZ NOT NULL,
	removed_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX sheets_number ON sheets (case_id, number) WHERE removed_at IS NULL;

-- What a sheet is made of: one page of a file. A version never changes and never goes.
CREATE TABLE versions (
	id            TEXT NOT NULL PRIMARY KEY,
	sheet_id      TEXT NOT NULL REFERENCES sheets (id) ON DELETE CASCADE,
	case_id       TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	n             BIGINT NOT NULL,
	digest        TEXT NOT NULL,
	page          BIGINT NOT NULL,
	file_name     TEXT NOT NULL,
	folder        TEXT NOT NULL,
	size          BIGINT NOT NULL,
	mime          TEXT NOT NULL,
	width_mm      BIGINT NOT NULL,
	height_mm     BIGINT NOT NULL,
	report        TEXT NOT NULL,
	uploaded_by   TEXT NOT NULL,
	uploaded_name TEXT NOT NULL,
	uploaded_at   TIMESTAMPTZ NOT NULL,
	UNIQUE (sheet_id, n)
);
CREATE INDEX versions_case ON versions (case_id, sheet_id, n);
CREATE INDEX versions_digest ON versions (digest);

-- Attached papers, several files under one code.
CREATE TABLE papers (
	id            TEXT NOT NULL PRIMARY KEY,
	case_id       TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	code          TEXT NOT NULL,
	digest        TEXT NOT NULL,
	file_name     TEXT NOT NULL,
	size          BIGINT NOT NULL,
	mime          TEXT NOT NULL,
	pages         BIGINT NOT NULL,
	report        TEXT NOT NULL,
	uploaded_by   TEXT NOT NULL,
	uploaded_name TEXT NOT NULL,
	uploaded_at   TIMESTAMPTZ NOT NULL,
	removed_at    TIMESTAMPTZ
);
CREATE INDEX papers_case ON papers (case_id, code, id);
CREATE INDEX papers_digest ON papers (digest);

-- Files that have arrived and are being looked at: page 0 until then, afterwards one row per page.
CREATE TABLE intake (
	id            TEXT NOT NULL PRIMARY KEY,
	upload        TEXT NOT NULL,
	case_id       TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	sheet_id      TEXT NOT NULL DEFAULT '',
	code          TEXT NOT NULL DEFAULT '',
	state         TEXT NOT NULL CHECK (state IN ('waiting', 'unsure', 'refused', 'same', 'placed')),
	digest        TEXT NOT NULL,
	file_name     TEXT NOT NULL,
	folder        TEXT NOT NULL,
	size          BIGINT NOT NULL,
	mime          TEXT NOT NULL DEFAULT '',
	page          BIGINT NOT NULL DEFAULT 0,
	pages         BIGINT NOT NULL DEFAULT 0,
	number        TEXT NOT NULL DEFAULT '',
	class         TEXT NOT NULL DEFAULT '',
	title         TEXT NOT NULL DEFAULT '',
	width_mm      BIGINT NOT NULL DEFAULT 0,
	height_mm     BIGINT NOT NULL DEFAULT 0,
	report        TEXT NOT NULL,
	became        TEXT NOT NULL DEFAULT '',
	uploaded_by   TEXT NOT NULL,
	uploaded_name TEXT NOT NULL,
	uploaded_at   TIMESTAMPTZ NOT NULL,
	UNIQUE (upload, page)
);
CREATE INDEX intake_case ON intake (case_id, state, id);
