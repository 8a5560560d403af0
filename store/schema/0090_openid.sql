-- +goose Up

-- Several providers share these tables: each row carries the name of its provider. Codes and tokens are kept as their
-- SHA-256; the private half of a signing key is sealed by the vault.
CREATE TABLE openid_keys (
	provider TEXT NOT NULL,
	id       TEXT NOT NULL,
	public   TEXT NOT NULL,
	private  TEXT NOT NULL,
	made_at  TIMESTAMPTZ NOT NULL,
	last_at  TIMESTAMPTZ,
	PRIMARY KEY (provider, id)
);

-- What a client asks and nobody has answered yet.
CREATE TABLE openid_requests (
	id        TEXT NOT NULL PRIMARY KEY,
	provider  TEXT NOT NULL,
	client    TEXT NOT NULL,
	redirect  TEXT NOT NULL,
	state     TEXT NOT NULL,
	nonce     TEXT NOT NULL,
	challenge TEXT NOT NULL,
	scopes    TEXT NOT NULL,
	asked     TEXT NOT NULL,
	made_at   TIMESTAMPTZ NOT NULL,
	ends_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX openid_requests_ends ON openid_requests (ends_at);

-- What a person let a client have; the code is exchanged once.
CREATE TABLE openid_grants (
	id           TEXT NOT NULL PRIMARY KEY,
	provider     TEXT NOT NULL,
	client       TEXT NOT NULL,
	subject      TEXT NOT NULL,
	session      TEXT NOT NULL,
	scopes       TEXT NOT NULL,
	methods      TEXT NOT NULL,
	level        TEXT NOT NULL,
	nonce        TEXT NOT NULL,
	redirect     TEXT NOT NULL,
	challenge    TEXT NOT NULL,
	code         TEXT NOT NULL UNIQUE,
	signed_in_at TIMESTAMPTZ NOT NULL,
	made_at      TIMESTAMPTZ NOT NULL,
	code_ends_at TIMESTAMPTZ NOT NULL,
	used_at      TIMESTAMPTZ,
	ended_at     TIMESTAMPTZ
);
CREATE INDEX openid_grants_subject ON openid_grants (provider, subject);

CREATE TABLE openid_tokens (
	mark     TEXT NOT NULL PRIMARY KEY,
	grant_id TEXT NOT NULL REFERENCES openid_grants (id),
	refresh  BOOLEAN NOT NULL,
	scopes   TEXT NOT NULL,
	made_at  TIMESTAMPTZ NOT NULL,
	ends_at  TIMESTAMPTZ NOT NULL,
	used_at  TIMESTAMPTZ
);
CREATE INDEX openid_tokens_grant ON openid_tokens (grant_id);
CREATE INDEX openid_tokens_ends ON openid_tokens (ends_at);

-- Sign-ins begun at a provider of others: the mark of the state, bound to the browser that began.
CREATE TABLE openid_begun (
	mark    TEXT NOT NULL PRIMARY KEY,
	party   TEXT NOT NULL,
	browser TEXT NOT NULL,
	next    TEXT NOT NULL,
	max_age BIGINT NOT NULL,
	made_at TIMESTAMPTZ NOT NULL,
	ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX openid_begun_ends ON openid_begun (ends_at);
