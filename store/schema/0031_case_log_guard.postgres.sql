-- Differs per database because triggers are written differently.
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the case log is append-only' USING ERRCODE = '23514';
END $$;
-- +goose StatementEnd
CREATE TRIGGER case_log_guard BEFORE UPDATE OR DELETE ON case_log FOR EACH ROW EXECUTE FUNCTION append_only();
