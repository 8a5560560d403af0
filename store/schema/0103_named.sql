-- +goose Up

-- Licences that a case names and that no account has yet: whoever registers one is seated in the case then.
CREATE TABLE case_named (
	case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
	role    TEXT NOT NULL,
	licence TEXT NOT NULL,
	PRIMARY KEY (case_id, role, licence)
);
CREATE INDEX case_named_licence ON case_named (role, licence);
