package egov

import (
	"time"

	"cloudbm/fault"
	"cloudbm/store"
)

// purpose is what a one-time secret is for.
type purpose string

const (
	joined  purpose = "joined"   // the page after joining
	newPass purpose = "password" // setting a password
	ticket  purpose = "ticket"   // the older way of signing in to a system
)

// oneTime is a secret that serves once.
type oneTime struct {
	Member string
	Level  Level
	System string
}

func newSecret(tx *store.Tx, member string, p purpose, life time.Duration) (string, error) {
	return newSecretFor(tx, oneTime{Member: member}, p, life)
}

func newSecretFor(tx *store.Tx, s oneTime, p purpose, life time.Duration) (string, error) {
	secret := store.Secret()
	return secret, insertSecret(tx, mark(secret), p, s, tx.Now.Add(life))
}

var spent = fault.Of(fault.NotFound, "這個連結已經用過或過期；再要一次新的連結", "This link was used or is too old. Ask for a new one").
	To("忘記密碼", "Forgotten password", passwordPage)
