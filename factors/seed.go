package factors

import (
	"crypto/sha1"
	"encoding/base32"
	"errors"
	"time"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
)

// DemoSecret is the secret of an officer's authenticator in the demonstration; like the password of its people it is
// known to everybody.
func DemoSecret(email string) string {
	sum := sha1.Sum([]byte("cloudbm demonstration " + email))
	return base32.StdEncoding.EncodeToString(sum[:])
}

// DemoCode is the code that the authenticator of an officer of the demonstration shows at now.
func DemoCode(email string, now time.Time) (string, error) {
	return codeAt(DemoSecret(email), now.Unix()/period)
}

// Seed gives every officer of the demonstration an authenticator with the secret that everybody knows; one who has a
// second factor keeps it.
func Seed(tx *store.Tx) error {
	for _, d := range accounts.DemoPeople {
		p, err := accounts.ByEmail(tx, d.Email)
		if err != nil {
			return err
		}
		if !p.Officer || p.Second {
			continue
		}
		id := store.NewID()
		err = errors.Join(begin(tx, p.ID, id, DemoSecret(d.Email)), confirmAuthenticator(tx, p.ID, id, 0), accounts.Second(tx, p.ID, true),
			accounts.Note(tx, permit.System, "factor.add", p.ID, ByCode))
		if err != nil {
			return err
		}
	}
	return nil
}
