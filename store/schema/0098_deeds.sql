-- +goose Up

-- What was signed with a key of an authority: a document of a kind about one thing is issued once. digest is of the whole
-- file with its signature; certificate is the SHA-256 of the signer's. stamped_at is the time of the token in it, if any.
CREATE TABLE deeds (
	id          TEXT NOT NULL PRIMARY KEY,
	kind        TEXT NOT NULL,
	about       TEXT NOT NULL,
	authority   TEXT NOT NULL,
	title       TEXT NOT NULL,
	digest      TEXT NOT NULL,
	size        BIGINT NOT NULL,
	holder      TEXT NOT NULL,
	serial      TEXT NOT NULL,
	issuer      TEXT NOT NULL,
	certificate TEXT NOT NULL,
	dated_at    TIMESTAMPTZ NOT NULL,
	signed_at   TIMESTAMPTZ NOT NULL,
	stamped_at  TIMESTAMPTZ,
	UNIQUE (kind, about)
);
