-- +goose Up

-- What cards are asked to sign. A row is known by the SHA-256 of the text, which holds the nonce; the text is on the
-- page only. Whatever comes back for it, it is asked once: used_at is set before anything else is looked at.
CREATE TABLE pki_challenges (
	mark    TEXT NOT NULL PRIMARY KEY,
	purpose TEXT NOT NULL,
	about   TEXT NOT NULL,
	made_at TIMESTAMPTZ NOT NULL,
	ends_at TIMESTAMPTZ NOT NULL,
	used_at TIMESTAMPTZ
);
CREATE INDEX pki_challenges_ends ON pki_challenges (ends_at);

-- Answers of OCSP responders, each with its bytes, which are evidence.
CREATE TABLE pki_ocsp (
	certificate TEXT NOT NULL PRIMARY KEY,
	revoked_at  TIMESTAMPTZ,
	this_at     TIMESTAMPTZ NOT NULL,
	next_at     TIMESTAMPTZ NOT NULL,
	fetched_at  TIMESTAMPTZ NOT NULL,
	answer      TEXT NOT NULL
);

-- Revocation lists, each as the set of its serial numbers.
CREATE TABLE pki_lists (
	url        TEXT NOT NULL PRIMARY KEY,
	issuer     TEXT NOT NULL,
	number     TEXT NOT NULL,
	digest     TEXT NOT NULL,
	this_at    TIMESTAMPTZ NOT NULL,
	next_at    TIMESTAMPTZ NOT NULL,
	fetched_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE pki_listed (
	list       TEXT NOT NULL REFERENCES pki_lists (url),
	serial     TEXT NOT NULL,
	revoked_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (list, serial)
);
