-- +goose Up

-- What professionals have put their names to. A row is one signature of a card over the text of a seal (room proof); the
-- text, the CMS beside it and what was known about revocation are kept as they were and never change. They go only with a
-- draft that was never submitted and is thrown away.
CREATE TABLE seals (
	id          TEXT NOT NULL PRIMARY KEY,
	case_id     TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	round       INTEGER NOT NULL,
	person      TEXT NOT NULL,
	party       TEXT NOT NULL,
	name        TEXT NOT NULL,
	licence     TEXT NOT NULL,
	permit      TEXT NOT NULL,
	work        TEXT NOT NULL,
	text        TEXT NOT NULL,
	cms         TEXT NOT NULL,
	evidence    TEXT NOT NULL,
	known       INTEGER NOT NULL,
	known_by    TEXT NOT NULL,
	known_as    TIMESTAMPTZ,
	known_why   TEXT NOT NULL,
	kind        TEXT NOT NULL,
	card        TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	sealed_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX seals_case ON seals (case_id, sealed_at);
CREATE INDEX seals_person ON seals (person, sealed_at);

-- What a seal is over, thing by thing. voided_at is when it was seen that the thing is not what was sealed any more.
CREATE TABLE seal_items (
	id        TEXT NOT NULL PRIMARY KEY,
	seal_id   TEXT NOT NULL REFERENCES seals (id) ON DELETE CASCADE,
	case_id   TEXT NOT NULL,
	kind      TEXT NOT NULL,
	ref       TEXT NOT NULL,
	number    TEXT NOT NULL,
	n         BIGINT NOT NULL,
	page      INTEGER NOT NULL,
	file      TEXT NOT NULL,
	rendering TEXT NOT NULL,
	title     TEXT NOT NULL,
	voided_at TIMESTAMPTZ,
	why       TEXT NOT NULL
);
CREATE INDEX seal_items_seal ON seal_items (seal_id);
CREATE INDEX seal_items_ref ON seal_items (case_id, ref);

-- The picture of a page that signers are shown, by its SHA-256: drawn once, kept for ever.
CREATE TABLE seal_pictures (
	file    TEXT NOT NULL,
	page    INTEGER NOT NULL,
	picture TEXT NOT NULL,
	size    BIGINT NOT NULL,
	PRIMARY KEY (file, page)
);
CREATE INDEX seal_pictures_picture ON seal_pictures (picture);

-- Who will not seal, and why: open until they seal or take it back.
CREATE TABLE seal_refusals (
	case_id   TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	person    TEXT NOT NULL,
	name      TEXT NOT NULL,
	why       TEXT NOT NULL,
	refused_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, person)
);

-- Who has been asked to seal a case, so that they are asked once.
CREATE TABLE seal_asked (
	case_id  TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	person   TEXT NOT NULL,
	asked_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, person)
);
