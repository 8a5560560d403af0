-- +goose Up
-- Warnings of deadlines that were given: one per case, day and stage.
CREATE TABLE warned (
	case_id TEXT NOT NULL,
	due_on  TEXT NOT NULL,
	stage   TEXT NOT NULL,
	at      TIMESTAMPTZ NOT NULL,
	PRIMARY KEY (case_id, due_on, stage)
);
