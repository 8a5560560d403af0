-- +goose Up

-- The sister systems that sign their people in here. A confidential system proves itself with a secret, of which only
-- the SHA-256 is here. One with a sector knows people by names that no other sector knows.
CREATE TABLE systems (
	id           TEXT NOT NULL PRIMARY KEY,
	name_zh      TEXT NOT NULL,
	name_en      TEXT NOT NULL,
	tile         TEXT NOT NULL DEFAULT '',
	redirects    TEXT NOT NULL,
	logouts      TEXT NOT NULL,
	public       BOOLEAN NOT NULL,
	secret       TEXT NOT NULL DEFAULT '',
	scopes       TEXT NOT NULL,
	sector       TEXT NOT NULL DEFAULT '',
	consent      BOOLEAN NOT NULL,
	everybody    BOOLEAN NOT NULL,
	made_at      TIMESTAMPTZ NOT NULL,
	changed_at   TIMESTAMPTZ NOT NULL,
	used_at      TIMESTAMPTZ,
	disabled_at  TIMESTAMPTZ,
	disabled_why TEXT NOT NULL DEFAULT ''
);

CREATE TABLE system_roles (
	system     TEXT NOT NULL REFERENCES systems (id),
	role       TEXT NOT NULL,
	name_zh    TEXT NOT NULL,
	name_en    TEXT NOT NULL,
	retired_at TIMESTAMPTZ,
	PRIMARY KEY (system, role)
);

-- What people apply for: an organisation with a title (system ''), or a role in an application system. One that was
-- approved is itself the grant, until it ends. A duty at an authority is given by two: once its request is agreed to,
-- the seat says the rest.
CREATE TABLE requests (
	id           TEXT NOT NULL PRIMARY KEY,
	person       TEXT NOT NULL REFERENCES persons (id),
	system       TEXT NOT NULL,
	role         TEXT NOT NULL,
	authority    TEXT NOT NULL,
	organisation TEXT NOT NULL,
	title        TEXT NOT NULL,
	said         TEXT NOT NULL,
	state        TEXT NOT NULL,
	seat         TEXT NOT NULL DEFAULT '',
	asked_at     TIMESTAMPTZ NOT NULL,
	decided_by   TEXT NOT NULL DEFAULT '',
	decided_at   TIMESTAMPTZ,
	decided_why  TEXT NOT NULL DEFAULT '',
	last_day     TEXT NOT NULL DEFAULT '',
	ended_by     TEXT NOT NULL DEFAULT '',
	ended_at     TIMESTAMPTZ,
	ended_why    TEXT NOT NULL DEFAULT '',
	CHECK (decided_by <> person OR decided_by = '')
);
-- Nobody waits twice for the same.
CREATE UNIQUE INDEX requests_waiting ON requests (person, system, role, authority, organisation, title) WHERE state = 'waiting';
CREATE INDEX requests_person ON requests (person, id);
CREATE INDEX requests_state ON requests (state, authority, id);

-- What people agreed to have handed over to systems that are not the ministry's own.
CREATE TABLE consents (
	person   TEXT NOT NULL REFERENCES persons (id),
	system   TEXT NOT NULL REFERENCES systems (id),
	scopes   TEXT NOT NULL,
	given_at TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (person, system)
);
