-- +goose Up
-- The list of licences and the anchors of the logs, as two trees (RFC 6962). size counts the leaves; since is when every
-- licence from before the list had its entry.
CREATE TABLE ledger_trees (
	tree  TEXT NOT NULL PRIMARY KEY, -- licences, logs
	size  BIGINT NOT NULL,
	since TIMESTAMPTZ
);

-- The hashes of a tree, by their index in the order in which they came to be.
CREATE TABLE ledger_hashes (
	tree TEXT NOT NULL,
	at   BIGINT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (tree, at)
);

-- What happened to licences. wanted is the number as it is searched, not part of what is hashed.
CREATE TABLE ledger_entries (
	position   BIGINT NOT NULL PRIMARY KEY,
	entered_at TIMESTAMPTZ NOT NULL,
	act        TEXT NOT NULL,
	authority  TEXT NOT NULL,
	number     TEXT NOT NULL,
	kind       TEXT NOT NULL,
	serial     TEXT NOT NULL,
	licence    TEXT NOT NULL,
	issued_at  TIMESTAMPTZ NOT NULL,
	sha256     TEXT NOT NULL,
	wanted     TEXT NOT NULL
);
CREATE UNIQUE INDEX ledger_entries_issued ON ledger_entries (licence) WHERE act = 'issued';
CREATE INDEX ledger_entries_licence ON ledger_entries (licence, position);
CREATE INDEX ledger_entries_wanted ON ledger_entries (wanted, position);

-- How far the logs had come: of cases, and the chains of the audit record.
CREATE TABLE ledger_anchors (
	position BIGINT NOT NULL PRIMARY KEY,
	log      TEXT NOT NULL, -- case/ID, audit/CHAIN
	count    BIGINT NOT NULL,
	head     TEXT NOT NULL,
	UNIQUE (log, count)
);

-- What was signed: the text as it was, the signature beside it.
CREATE TABLE ledger_checkpoints (
	n        BIGINT NOT NULL PRIMARY KEY,
	size     BIGINT NOT NULL,
	made_at  TIMESTAMPTZ NOT NULL,
	text     TEXT NOT NULL,
	cms      TEXT NOT NULL -- DER in base64
);
CREATE INDEX ledger_checkpoints_size ON ledger_checkpoints (size, n);

-- What did not fit when it was looked at. While a line is open nothing is signed.
CREATE TABLE ledger_alarms (
	place     TEXT NOT NULL PRIMARY KEY,
	why       TEXT NOT NULL,
	seen_at   TIMESTAMPTZ NOT NULL,
	closed_at TIMESTAMPTZ
);

CREATE INDEX cases_changed ON cases (changed_at, id);
