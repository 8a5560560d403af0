-- +goose Up
-- The queues of the desk, in the order of their statutory days: those of an authority, and those of one officer. A list
-- reads as many rows as it shows, however many cases there are.
CREATE INDEX cases_due ON cases (authority, state, (CASE WHEN due_on = '' THEN '9999' ELSE due_on END), changed_at, id);
CREATE INDEX cases_handler ON cases (desk, authority, state, (CASE WHEN due_on = '' THEN '9999' ELSE due_on END), changed_at, id);
CREATE INDEX cases_newest ON cases (authority, changed_at, id);
