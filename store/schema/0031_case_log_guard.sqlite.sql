-- Differs per database because triggers are written differently.
-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER case_log_no_update BEFORE UPDATE ON case_log BEGIN SELECT RAISE(ABORT, 'the case log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER case_log_no_delete BEFORE DELETE ON case_log BEGIN SELECT RAISE(ABORT, 'the case log is append-only'); END;
-- +goose StatementEnd
