-- +goose Up
CREATE TABLE settings (
	name       TEXT NOT NULL PRIMARY KEY,
	value      TEXT NOT NULL,
	changed_at TIMESTAMPTZ NOT NULL
);

-- Counters of the rate limits: one row per limit, key and window.
CREATE TABLE limits (
	name   TEXT NOT NULL,
	key    TEXT NOT NULL,
	since  BIGINT NOT NULL,
	n      BIGINT NOT NULL,
	PRIMARY KEY (name, key, since)
);
