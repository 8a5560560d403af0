-- +goose Up

-- Members of the stand-in for 我的E政府. An account is known by account_key (small letters); the password and the answer
-- to the recovery question are argon2id hashes; mobile and national_id are hidden by the vault.
CREATE TABLE egov_members (
	id           TEXT NOT NULL PRIMARY KEY,
	account      TEXT NOT NULL,
	account_key  TEXT NOT NULL UNIQUE,
	name         TEXT NOT NULL,
	nickname     TEXT NOT NULL DEFAULT '',
	email        TEXT NOT NULL,
	email_key    TEXT NOT NULL,
	mobile       TEXT NOT NULL DEFAULT '',
	more         BOOLEAN NOT NULL DEFAULT FALSE,
	question     BIGINT NOT NULL DEFAULT 0,
	answer       TEXT NOT NULL DEFAULT '',
	password     TEXT NOT NULL,
	state        TEXT NOT NULL CHECK (state IN ('active', 'inactive', 'locked')),
	national_id  TEXT NOT NULL DEFAULT '',
	verified     BIGINT NOT NULL DEFAULT 0,
	official     TEXT NOT NULL DEFAULT '' CHECK (official IN ('', 'asked', 'approved', 'refused')),
	agency       TEXT NOT NULL DEFAULT '',
	title        TEXT NOT NULL DEFAULT '',
	decided_by   TEXT NOT NULL DEFAULT '',
	decided_why  TEXT NOT NULL DEFAULT '',
	admin        BOOLEAN NOT NULL DEFAULT FALSE,
	created_at   TIMESTAMPTZ NOT NULL,
	signed_in_at TIMESTAMPTZ,
	before_at    TIMESTAMPTZ
);
CREATE INDEX egov_members_email ON egov_members (email_key);
CREATE INDEX egov_members_official ON egov_members (official, id);

-- A session is known by the SHA-256 of the cookie's secret; level says how its member came in, checked_at when.
CREATE TABLE egov_sessions (
	mark       TEXT NOT NULL PRIMARY KEY,
	member     TEXT NOT NULL REFERENCES egov_members (id),
	level      BIGINT NOT NULL,
	checked_at TIMESTAMPTZ NOT NULL,
	seen_at    TIMESTAMPTZ NOT NULL,
	ends_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX egov_sessions_member ON egov_sessions (member);

-- Wrong passwords in a row, per account, whether there is such an account or not: both are answered alike.
CREATE TABLE egov_failures (
	key     TEXT NOT NULL PRIMARY KEY,
	n       BIGINT NOT NULL,
	last_at TIMESTAMPTZ NOT NULL
);

-- One-time secrets: a link for setting a password, the page after joining, the ticket of the older way of signing in.
CREATE TABLE egov_secrets (
	mark    TEXT NOT NULL PRIMARY KEY,
	purpose TEXT NOT NULL,
	member  TEXT NOT NULL REFERENCES egov_members (id),
	level   BIGINT NOT NULL DEFAULT 0,
	system  TEXT NOT NULL DEFAULT '',
	ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX egov_secrets_member ON egov_secrets (member, purpose);

-- Cards bound to members (憑證帳號綁定): one card, one member.
CREATE TABLE egov_cards (
	fingerprint TEXT NOT NULL PRIMARY KEY,
	member      TEXT NOT NULL REFERENCES egov_members (id),
	kind        TEXT NOT NULL,
	name        TEXT NOT NULL,
	last4       TEXT NOT NULL DEFAULT '',
	ubn         TEXT NOT NULL DEFAULT '',
	number      TEXT NOT NULL DEFAULT '',
	bound_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX egov_cards_member ON egov_cards (member);

-- 驗證碼: its digits are hidden by the vault; it goes with the first answer, right or wrong.
CREATE TABLE egov_captchas (
	id      TEXT NOT NULL PRIMARY KEY,
	digits  TEXT NOT NULL,
	ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX egov_captchas_end ON egov_captchas (ends_at);

-- e政府服務平台公告. works_* is the window of a maintenance or an outage.
CREATE TABLE egov_notices (
	id          TEXT NOT NULL PRIMARY KEY,
	place       BIGINT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('maintenance', 'outage', 'news')),
	text_zh     TEXT NOT NULL,
	text_en     TEXT NOT NULL,
	url         TEXT NOT NULL DEFAULT '',
	works_from  TIMESTAMPTZ,
	works_until TIMESTAMPTZ
);
