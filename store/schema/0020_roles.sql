-- +goose Up

-- One row per person and role. facts is what the sections of 使用者資訊 ask, as JSON; the columns are what is searched.
CREATE TABLE profiles (
	person         TEXT NOT NULL REFERENCES persons (id),
	role           TEXT NOT NULL,
	facts          TEXT NOT NULL,
	person_id      TEXT NOT NULL DEFAULT '',
	person_blind   TEXT NOT NULL DEFAULT '',
	licence        TEXT NOT NULL DEFAULT '',
	licence_number TEXT NOT NULL DEFAULT '',
	company_id     TEXT NOT NULL DEFAULT '',
	created_at     TIMESTAMPTZ NOT NULL,
	changed_at     TIMESTAMPTZ NOT NULL,
	ended_at       TIMESTAMPTZ,
	PRIMARY KEY (person, role)
);
-- An architect's or an engineer's licence belongs to one person.
CREATE UNIQUE INDEX profiles_own_licence ON profiles (role, licence)
	WHERE ended_at IS NULL AND licence <> '' AND role IN ('architect', 'engineer');
CREATE INDEX profiles_licence ON profiles (role, licence);
CREATE INDEX profiles_number ON profiles (role, licence_number);
CREATE INDEX profiles_blind ON profiles (person_blind);
CREATE INDEX profiles_company ON profiles (company_id);

CREATE TABLE authorities (
	code         TEXT NOT NULL PRIMARY KEY,
	name         TEXT NOT NULL,
	en           TEXT NOT NULL,
	municipality TEXT NOT NULL
);

-- A duty at an authority, or (authority '', duty 'admin') the administration of the system. It holds once a second
-- person has approved it, from its first day to its last.
CREATE TABLE seats (
	id          TEXT NOT NULL PRIMARY KEY,
	person      TEXT NOT NULL REFERENCES persons (id),
	authority   TEXT NOT NULL,
	duty        TEXT NOT NULL,
	first_day   TEXT NOT NULL,
	last_day    TEXT NOT NULL DEFAULT '',
	asked_by    TEXT NOT NULL,
	asked_at    TIMESTAMPTZ NOT NULL,
	approved_by TEXT NOT NULL DEFAULT '',
	approved_at TIMESTAMPTZ,
	ended_by    TEXT NOT NULL DEFAULT '',
	ended_at    TIMESTAMPTZ,
	ended_why   TEXT NOT NULL DEFAULT '',
	CHECK (approved_by <> asked_by OR approved_by IN ('', 'system'))
);
CREATE INDEX seats_person ON seats (person);
CREATE INDEX seats_authority ON seats (authority, duty);

-- Every value a setting ever had, with the day from which it holds; of one day the latest written counts.
CREATE TABLE authority_settings (
	id             TEXT NOT NULL PRIMARY KEY,
	authority      TEXT NOT NULL,
	name           TEXT NOT NULL,
	value          TEXT NOT NULL,
	effective_from TEXT NOT NULL,
	by_person      TEXT NOT NULL,
	by_name        TEXT NOT NULL,
	changed_at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX authority_settings_name ON authority_settings (authority, name, effective_from, id);
