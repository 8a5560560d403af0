-- +goose Up

-- Numbers that a health card is asked to sign: one press of the button, one browser, one use.
CREATE TABLE health_randoms (
	mark    TEXT NOT NULL PRIMARY KEY,
	random  TEXT NOT NULL,
	person  TEXT NOT NULL DEFAULT '',
	ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX health_randoms_ends ON health_randoms (ends_at);

CREATE TABLE health_cards (
	subject  TEXT NOT NULL PRIMARY KEY,
	person   TEXT NOT NULL UNIQUE REFERENCES persons (id),
	label    TEXT NOT NULL,
	bound_at TIMESTAMPTZ NOT NULL
);
