-- +goose Up

-- Where professionals want their stamps: for a size of sheet in every case (sheet is empty), or for one sheet. The last row
-- holds; the earlier ones tell where a stamp stood when a case was submitted. Measures are tenths of a millimetre from the
-- right and the lower edge of the sheet as it is seen. A width of 0 takes the wish back.
CREATE TABLE stamp_places (
	id     TEXT NOT NULL PRIMARY KEY,
	person TEXT NOT NULL,
	party  TEXT NOT NULL,
	size   TEXT NOT NULL,
	sheet  TEXT NOT NULL,
	aside  BIGINT NOT NULL,
	above  BIGINT NOT NULL,
	width  BIGINT NOT NULL,
	set_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX stamp_places_person ON stamp_places (person, set_at);
