-- +goose Up
-- Entries of case logs that people have been told of: each once.
CREATE TABLE told (
	case_id TEXT NOT NULL,
	seq     BIGINT NOT NULL,
	at      TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, seq)
);
