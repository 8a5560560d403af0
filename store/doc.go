// Package store is the database: SQLite for one machine, PostgreSQL for many, one SQL text for both.
//
// The rooms see one thing, a transaction: Tx carries the request's context and one time, Now. A change is one Write; its
// closure may run again after a serialization conflict, so it loads what it needs inside and touches nothing outside
// the database. What must happen afterwards is a job (room jobs) or, where losing it loses nothing, Tx.After.
//
// Promises:
//   - A Write that returned nil is on disk: SQLite runs with synchronous=FULL, PostgreSQL with synchronous_commit.
//   - Writes are serializable on both databases; a conflict is retried here, not by the caller.
//   - Rows are read whole before the next statement, so no statement meets an open cursor.
//
// Rules for SQL text, each measured on both databases: placeholders $1…; times through Time; JSON is opaque text;
// write NULLS LAST; never an empty IN (); a failed statement ends the closure; LIKE only on folded columns.
package store
