-- +goose Up

-- Cards that people have registered (註冊憑證作業). Without a certificate a row is a number that somebody typed: it proves
-- nothing and keeps nobody else out. An ended row stays: what it sealed refers to it.
CREATE TABLE cards (
	id            TEXT NOT NULL PRIMARY KEY,
	person        TEXT NOT NULL REFERENCES persons (id),
	kind          TEXT NOT NULL,
	number        TEXT NOT NULL,
	certificate   TEXT NOT NULL,
	fingerprint   TEXT NOT NULL,
	until_at      TIMESTAMPTZ,
	registered_at TIMESTAMPTZ NOT NULL,
	verified_at   TIMESTAMPTZ,
	used_at       TIMESTAMPTZ,
	warned        INTEGER NOT NULL,
	ended_at      TIMESTAMPTZ,
	why           TEXT NOT NULL
);
CREATE INDEX cards_person ON cards (person);
CREATE UNIQUE INDEX cards_certificate ON cards (fingerprint) WHERE ended_at IS NULL AND verified_at IS NOT NULL;
CREATE UNIQUE INDEX cards_number ON cards (number) WHERE ended_at IS NULL AND verified_at IS NOT NULL AND number <> '';
