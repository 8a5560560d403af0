-- +goose Up
CREATE TABLE cases (
	id           TEXT NOT NULL PRIMARY KEY,
	authority    TEXT NOT NULL,
	serial       TEXT NOT NULL,
	kind         TEXT NOT NULL,
	edition      TEXT NOT NULL,
	menu         TEXT NOT NULL,
	state        TEXT NOT NULL,
	title        TEXT NOT NULL DEFAULT '',
	applicant    TEXT NOT NULL DEFAULT '',
	place        TEXT NOT NULL DEFAULT '',
	opener       TEXT NOT NULL,
	opener_name  TEXT NOT NULL,
	follows      TEXT NOT NULL DEFAULT '',
	round        BIGINT NOT NULL DEFAULT 0,
	revision     BIGINT NOT NULL DEFAULT 1,
	registration TEXT NOT NULL DEFAULT '',
	desk         TEXT NOT NULL DEFAULT '',
	desk_name    TEXT NOT NULL DEFAULT '',
	licence      TEXT NOT NULL DEFAULT '',
	created_at   TIMESTAMPTZ NOT NULL,
	changed_at   TIMESTAMPTZ NOT NULL,
	submitted_at TIMESTAMPTZ,
	received_at  TIMESTAMPTZ,
	decided_at   TIMESTAMPTZ,
	due_on       TEXT NOT NULL DEFAULT '',
	UNIQUE (authority, serial)
);
CREATE INDEX cases_desk ON cases (authority, state, changed_at, id);
CREATE INDEX cases_opener ON cases (opener, changed_at, id);

-- The last serial given out, per authority, ROC year and form family (案件序號).
CREATE TABLE case_serials (
	authority TEXT NOT NULL,
	year      BIGINT NOT NULL,
	family    TEXT NOT NULL,
	last      BIGINT NOT NULL,
	PRIMARY KEY (authority, year, family)
);

-- Who stands on the applicant's side: the opener, the team, the parties who have an account.
CREATE TABLE case_members (
	case_id  TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	person   TEXT NOT NULL,
	name     TEXT NOT NULL,
	standing TEXT NOT NULL CHECK (standing IN ('opener', 'team', 'party')),
	party    TEXT NOT NULL DEFAULT '',
	may      TEXT NOT NULL CHECK (may IN ('all', 'edit', 'read')),
	added_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, person, standing, party)
);
CREATE INDEX case_members_person ON case_members (person, case_id);

CREATE TABLE case_sections (
	case_id      TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	section      TEXT NOT NULL,
	revision     BIGINT NOT NULL,
	data         TEXT NOT NULL,
	changed_by   TEXT NOT NULL,
	changed_name TEXT NOT NULL,
	changed_at   TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, section)
);

-- The places a correction notice re-opened.
CREATE TABLE case_places (
	case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	place   TEXT NOT NULL,
	PRIMARY KEY (case_id, place)
);

-- The log: append-only, each entry chained to the one before by its hash.
CREATE TABLE case_log (
	case_id    TEXT NOT NULL,
	seq        BIGINT NOT NULL,
	at         TIMESTAMPTZ NOT NULL,
	by_person  TEXT NOT NULL,
	by_name    TEXT NOT NULL,
	ip         TEXT NOT NULL,
	act        TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state   TEXT NOT NULL,
	place      TEXT NOT NULL,
	said       TEXT NOT NULL,
	prev       TEXT NOT NULL,
	hash       TEXT NOT NULL,
	PRIMARY KEY (case_id, seq)
);

-- Two-character pieces of everything a case may be searched by; Chinese words are found as runs of them.
CREATE TABLE case_grams (
	gram    TEXT NOT NULL,
	case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	PRIMARY KEY (gram, case_id)
);
CREATE INDEX case_grams_case ON case_grams (case_id);
