-- +goose Up

-- Passkeys: what the browser's authenticator keeps the private half of. The credential is the library's record, as JSON.
CREATE TABLE passkeys (
	id         TEXT NOT NULL PRIMARY KEY,
	person     TEXT NOT NULL REFERENCES persons (id),
	credential TEXT NOT NULL UNIQUE,
	name       TEXT NOT NULL,
	record     TEXT NOT NULL,
	made_at    TIMESTAMPTZ NOT NULL,
	used_at    TIMESTAMPTZ
);
CREATE INDEX passkeys_person ON passkeys (person);

-- Authenticator apps: the secret is hidden by the vault; step is the last one of which a code was taken. One that no
-- code has confirmed counts for nothing.
CREATE TABLE authenticators (
	id           TEXT NOT NULL PRIMARY KEY,
	person       TEXT NOT NULL REFERENCES persons (id),
	secret       TEXT NOT NULL,
	step         BIGINT NOT NULL DEFAULT 0,
	made_at      TIMESTAMPTZ NOT NULL,
	confirmed_at TIMESTAMPTZ,
	used_at      TIMESTAMPTZ
);
CREATE INDEX authenticators_person ON authenticators (person);

-- Backup codes, known by a keyed hash.
CREATE TABLE backup_codes (
	mark    TEXT NOT NULL PRIMARY KEY,
	person  TEXT NOT NULL REFERENCES persons (id),
	made_at TIMESTAMPTZ NOT NULL,
	used_at TIMESTAMPTZ
);
CREATE INDEX backup_codes_person ON backup_codes (person);

-- Wrong codes since the last right one, per person.
CREATE TABLE wrong_codes (
	person       TEXT NOT NULL PRIMARY KEY REFERENCES persons (id),
	n            BIGINT NOT NULL,
	last_at      TIMESTAMPTZ NOT NULL,
	locked_until TIMESTAMPTZ
);

-- Challenges given to a browser for a passkey: each is answered once, by the browser and the session it was given to.
CREATE TABLE challenges (
	mark    TEXT NOT NULL PRIMARY KEY,
	purpose TEXT NOT NULL,
	session TEXT NOT NULL,
	asked   TEXT NOT NULL,
	ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX challenges_ends ON challenges (ends_at);
