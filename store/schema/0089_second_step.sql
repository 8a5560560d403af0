-- +goose Up

-- A session may be half of one: its password was right, and the second step is still to come.
ALTER TABLE sessions ADD COLUMN strong BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN due BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN proved_at TIMESTAMPTZ;

ALTER TABLE persons ADD COLUMN second BOOLEAN NOT NULL DEFAULT FALSE;
