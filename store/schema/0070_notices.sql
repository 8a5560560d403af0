-- +goose Up
-- What a person was told: the inbox. Titles and texts in both languages.
CREATE TABLE notices (
	id         TEXT NOT NULL PRIMARY KEY,
	person     TEXT NOT NULL,
	case_id    TEXT NOT NULL DEFAULT '',
	serial     TEXT NOT NULL DEFAULT '',
	kind       TEXT NOT NULL,
	title_zh   TEXT NOT NULL,
	title_en   TEXT NOT NULL,
	body_zh    TEXT NOT NULL DEFAULT '',
	body_en    TEXT NOT NULL DEFAULT '',
	todo_zh    TEXT NOT NULL DEFAULT '',
	todo_en    TEXT NOT NULL DEFAULT '',
	due_on     TEXT NOT NULL DEFAULT '',
	url        TEXT NOT NULL DEFAULT '',
	legal      BOOLEAN NOT NULL DEFAULT FALSE,
	created_at TIMESTAMPTZ NOT NULL,
	read_at    TIMESTAMPTZ
);
CREATE INDEX notices_person ON notices (person, created_at, id);

-- What a person does not want by mail; no row means: by mail.
CREATE TABLE notice_wishes (
	person     TEXT NOT NULL,
	kind       TEXT NOT NULL,
	mail       BOOLEAN NOT NULL,
	changed_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (person, kind)
);

-- A lane is a line of letters that keep their order: one person in one case, or one address.
CREATE TABLE mail_lanes (
	lane       TEXT NOT NULL PRIMARY KEY,
	last       BIGINT NOT NULL,
	holder     TEXT NOT NULL DEFAULT '',
	busy_until TIMESTAMPTZ,
	tries      BIGINT NOT NULL DEFAULT 0
);

-- Letters on their way. One that tells a notice (notice <> '') is written when it is sent; the others bring their text.
CREATE TABLE letters (
	id         TEXT NOT NULL PRIMARY KEY,
	lane       TEXT NOT NULL,
	seq        BIGINT NOT NULL,
	notice     TEXT NOT NULL DEFAULT '',
	to_address TEXT NOT NULL DEFAULT '',
	to_name    TEXT NOT NULL DEFAULT '',
	lang       TEXT NOT NULL DEFAULT '',
	subject    TEXT NOT NULL DEFAULT '',
	body_text  TEXT NOT NULL DEFAULT '',
	body_html  TEXT NOT NULL DEFAULT '',
	state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
	said       TEXT NOT NULL DEFAULT '',
	created_at TIMESTAMPTZ NOT NULL,
	done_at    TIMESTAMPTZ,
	UNIQUE (lane, seq)
);
CREATE INDEX letters_state ON letters (state, created_at);
CREATE INDEX letters_notice ON letters (notice);

-- The shelf of the demonstration: mail that was shown instead of sent.
CREATE TABLE demo_mails (
	id         TEXT NOT NULL PRIMARY KEY,
	to_address TEXT NOT NULL,
	to_name    TEXT NOT NULL,
	subject    TEXT NOT NULL,
	body_text  TEXT NOT NULL,
	body_html  TEXT NOT NULL,
	lang       TEXT NOT NULL,
	created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX demo_mails_created ON demo_mails (created_at);
