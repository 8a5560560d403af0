-- +goose Up
-- What was submitted, frozen: never changed after it is written.
CREATE TABLE rounds (
	case_id   TEXT NOT NULL,
	n         BIGINT NOT NULL,
	at        TIMESTAMPTZ NOT NULL,
	by_person TEXT NOT NULL,
	by_name   TEXT NOT NULL,
	answers   TEXT NOT NULL, -- with protected facts hidden
	manifest  TEXT NOT NULL, -- canonical JSON, the bytes that the digest is over
	digest    TEXT NOT NULL,
	receipt   TEXT NOT NULL UNIQUE,
	PRIMARY KEY (case_id, n)
);

-- The points of a correction notice (改正通知), with the applicant's answers.
CREATE TABLE points (
	id          TEXT NOT NULL PRIMARY KEY,
	case_id     TEXT NOT NULL,
	round       BIGINT NOT NULL, -- the round they are about
	seq         BIGINT NOT NULL,
	place       TEXT NOT NULL,
	mark        TEXT NOT NULL, -- where on the sheet: JSON of page fractions, or empty
	text        TEXT NOT NULL,
	law         TEXT NOT NULL,
	asked_by    TEXT NOT NULL,
	asked_name  TEXT NOT NULL,
	asked_at    TIMESTAMPTZ NOT NULL,
	answer      TEXT NOT NULL DEFAULT '', -- fixed, explained, disputed
	reply       TEXT NOT NULL DEFAULT '',
	answered_by TEXT NOT NULL DEFAULT '',
	answered_at TIMESTAMPTZ,
	verdict     TEXT NOT NULL DEFAULT '' -- the officer's: settled, open
);
CREATE INDEX points_case ON points (case_id, round, seq);

CREATE TABLE receipt_numbers (
	authority TEXT NOT NULL,
	day       TEXT NOT NULL,
	last      BIGINT NOT NULL,
	PRIMARY KEY (authority, day)
);
