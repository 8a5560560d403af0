-- +goose Up

-- A subject of an issuer leads to one person, and only because that person bound it.
CREATE TABLE bindings (
	id       TEXT NOT NULL PRIMARY KEY,
	person   TEXT NOT NULL REFERENCES persons (id),
	issuer   TEXT NOT NULL,
	subject  TEXT NOT NULL,
	label    TEXT NOT NULL,
	bound_at TIMESTAMPTZ NOT NULL,
	used_at  TIMESTAMPTZ,
	UNIQUE (issuer, subject)
);
CREATE INDEX bindings_person ON bindings (person);

-- Somebody whom 我的e政府 has vouched for and whom nobody has bound yet; mark is the SHA-256 of what their browser keeps.
CREATE TABLE arrivals (
	mark     TEXT NOT NULL PRIMARY KEY,
	identity TEXT NOT NULL,
	onward   TEXT NOT NULL,
	ends_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX arrivals_ends ON arrivals (ends_at);

-- National IDs that 我的e政府 has verified by a card, hidden by the vault.
CREATE TABLE verified (
	person      TEXT NOT NULL PRIMARY KEY REFERENCES persons (id),
	national_id TEXT NOT NULL,
	issuer      TEXT NOT NULL,
	at          TIMESTAMPTZ NOT NULL
);

-- A 備用帳號 that is being applied for. The password is there as its hash only, the code as its SHA-256.
CREATE TABLE applications (
	person       TEXT NOT NULL PRIMARY KEY REFERENCES persons (id),
	email        TEXT NOT NULL,
	hash         TEXT NOT NULL,
	name         TEXT NOT NULL,
	phone        TEXT NOT NULL,
	purpose      TEXT NOT NULL,
	organisation TEXT NOT NULL,
	title        TEXT NOT NULL,
	made_at      TIMESTAMPTZ NOT NULL,
	code         TEXT NOT NULL DEFAULT '',
	code_ends    TIMESTAMPTZ,
	tries        BIGINT NOT NULL DEFAULT 0
);
