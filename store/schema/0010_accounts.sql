-- +goose Up

-- One row per human being. Rows are never deleted: an e-mail address that was ever a 備用帳號 stays taken (S80).
CREATE TABLE persons (
	id           TEXT NOT NULL PRIMARY KEY,
	name         TEXT NOT NULL,
	email        TEXT NOT NULL DEFAULT '',
	email_key    TEXT UNIQUE,
	contact      TEXT NOT NULL DEFAULT '',
	phone        TEXT NOT NULL DEFAULT '',
	address      TEXT NOT NULL DEFAULT '',
	organisation TEXT NOT NULL DEFAULT '',
	title        TEXT NOT NULL DEFAULT '',
	terms        TEXT NOT NULL DEFAULT '',
	look         TEXT NOT NULL DEFAULT '',
	officer      BOOLEAN NOT NULL DEFAULT FALSE,
	idle         BIGINT NOT NULL DEFAULT 30,
	signed_in_at TIMESTAMPTZ,
	before_at    TIMESTAMPTZ,
	created_at   TIMESTAMPTZ NOT NULL,
	changed_at   TIMESTAMPTZ NOT NULL,
	disabled_at  TIMESTAMPTZ,
	disabled_why TEXT NOT NULL DEFAULT ''
);
CREATE INDEX persons_name ON persons (name, id);

CREATE TABLE passwords (
	person TEXT NOT NULL REFERENCES persons (id),
	set_at TIMESTAMPTZ NOT NULL,
	hash   TEXT NOT NULL,
	PRIMARY KEY (person, set_at)
);

-- A session is known by the SHA-256 of its token; the token itself is only in the cookie.
CREATE TABLE sessions (
	id         TEXT NOT NULL PRIMARY KEY,
	mark       TEXT NOT NULL UNIQUE,
	person     TEXT NOT NULL REFERENCES persons (id),
	door       TEXT NOT NULL,
	agent      TEXT NOT NULL DEFAULT '',
	ip         TEXT NOT NULL DEFAULT '',
	created_at TIMESTAMPTZ NOT NULL,
	seen_at    TIMESTAMPTZ NOT NULL,
	ends_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_person ON sessions (person, seen_at);

-- Devices that signed in before: they keep a count of failures of their own.
CREATE TABLE devices (
	person TEXT NOT NULL REFERENCES persons (id),
	mark   TEXT NOT NULL,
	since  TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (person, mark)
);

-- Failures since the last success, per account and source; locked_until after the fifth.
CREATE TABLE failures (
	key          TEXT NOT NULL PRIMARY KEY,
	n            BIGINT NOT NULL,
	last_at      TIMESTAMPTZ NOT NULL,
	locked_until TIMESTAMPTZ
);

-- One-time links for setting a password.
CREATE TABLE links (
	mark    TEXT NOT NULL PRIMARY KEY,
	person  TEXT NOT NULL REFERENCES persons (id),
	made_by TEXT NOT NULL,
	made_at TIMESTAMPTZ NOT NULL,
	ends_at TIMESTAMPTZ NOT NULL,
	used_at TIMESTAMPTZ
);
CREATE INDEX links_person ON links (person);

-- The record of administrative acts: append-only, in a few hash chains so that writers seldom meet.
CREATE TABLE audit (
	chain   BIGINT NOT NULL,
	n       BIGINT NOT NULL,
	id      TEXT NOT NULL UNIQUE,
	at      TIMESTAMPTZ NOT NULL,
	actor   TEXT NOT NULL,
	name    TEXT NOT NULL,
	session TEXT NOT NULL,
	ip      TEXT NOT NULL,
	what    TEXT NOT NULL,
	about   TEXT NOT NULL,
	detail  TEXT NOT NULL,
	prev    TEXT NOT NULL,
	hash    TEXT NOT NULL,
	PRIMARY KEY (chain, n)
);
CREATE INDEX audit_about ON audit (about, id);
CREATE INDEX audit_actor ON audit (actor, id);

CREATE TABLE audit_heads (
	chain BIGINT NOT NULL PRIMARY KEY,
	n     BIGINT NOT NULL,
	hash  TEXT NOT NULL
);
