package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// Time is a point in time as a column keeps it: fixed-width UTC microseconds, so that it sorts alike on both
// databases. The zero Time is NULL.
type Time struct{ time.Time }

// At wraps t for a column.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Microsecond)} }

const layout = "2006-01-02 15:04:05.000000Z07:00"

// Value writes the column.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UTC().Format(layout), nil
}

// Scan reads the column.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		t.Time = time.Time{}
	case time.Time:
		t.Time = v.UTC()
	case string:
		return t.parse(v)
	case []byte:
		return t.parse(string(v))
	default:
		return fmt.Errorf("store: a time cannot be read from %T", v)
	}
	return nil
}

func (t *Time) parse(s string) error {
	for _, l := range []string{layout, time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05"} {
		if p, err := time.Parse(l, s); err == nil {
			t.Time = p.UTC()
			return nil
		}
	}
	return fmt.Errorf("store: %q is not a time", s)
}

// JSON keeps any value as opaque text.
type JSON[T any] struct{ V T }

// AsJSON wraps v for a column.
func AsJSON[T any](v T) JSON[T] { return JSON[T]{v} }

// Value writes the column.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads the column; NULL leaves the zero value.
func (j *JSON[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), &j.V)
	case []byte:
		return json.Unmarshal(v, &j.V)
	}
	return fmt.Errorf("store: JSON cannot be read from %T", v)
}
