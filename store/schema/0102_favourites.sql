-- +goose Up

-- The functions that somebody keeps at hand (★): kinds of case.
CREATE TABLE favourites (
	person  TEXT NOT NULL REFERENCES persons (id),
	kind    TEXT NOT NULL,
	kept_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (person, kind)
);
