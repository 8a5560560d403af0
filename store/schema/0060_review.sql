-- +goose Up
-- Remarks of the reviewing officers: drafts until a notice sends them as points; private notes are never sent.
CREATE TABLE remarks (
	id         TEXT NOT NULL PRIMARY KEY,
	case_id    TEXT NOT NULL,
	round      BIGINT NOT NULL,
	place      TEXT NOT NULL,
	mark       TEXT NOT NULL,
	text       TEXT NOT NULL,
	law        TEXT NOT NULL,
	private    BOOLEAN NOT NULL,
	by_person  TEXT NOT NULL,
	by_name    TEXT NOT NULL,
	at         TIMESTAMPTZ NOT NULL,
	sent_at    TIMESTAMPTZ
);
CREATE INDEX remarks_case ON remarks (case_id, round, at);

-- The checklist as judged in a round.
CREATE TABLE judgements (
	case_id   TEXT NOT NULL,
	round     BIGINT NOT NULL,
	check_key TEXT NOT NULL,
	verdict   TEXT NOT NULL, -- ok, not, na
	note      TEXT NOT NULL,
	by_name   TEXT NOT NULL,
	at        TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, round, check_key)
);

-- Sheets an officer has looked at, per round.
CREATE TABLE viewed (
	case_id TEXT NOT NULL,
	round   BIGINT NOT NULL,
	person  TEXT NOT NULL,
	version TEXT NOT NULL,
	at      TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, round, person, version)
);

-- Running numbers of 掛號 and of licences.
CREATE TABLE desk_numbers (
	authority TEXT NOT NULL,
	year      BIGINT NOT NULL,
	word      TEXT NOT NULL,
	last      BIGINT NOT NULL,
	PRIMARY KEY (authority, year, word)
);

-- What was granted: the register of licences. Never changed after it is written.
CREATE TABLE licences (
	id         TEXT NOT NULL PRIMARY KEY,
	authority  TEXT NOT NULL,
	number     TEXT NOT NULL,
	case_id    TEXT NOT NULL UNIQUE,
	kind       TEXT NOT NULL,
	round      BIGINT NOT NULL,
	issued_at  TIMESTAMPTZ NOT NULL,
	by_name    TEXT NOT NULL,
	decision   TEXT NOT NULL,
	UNIQUE (authority, number)
);
