package openid

import (
	"strings"

	"github.com/go-jose/go-jose/v4"

	"cloudbm/store"
)

func one[T any](all []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, store.ErrNotFound
	}
	return all[0], nil
}

func scanKey(scan store.Scan) (k key, err error) {
	var public store.JSON[jose.JSONWebKey]
	var made, last store.Time
	err = scan(&k.id, &public, &k.private, &made, &last)
	k.public, k.made, k.last = public.V, made.Time, last.Time
	return k, err
}

func insertKey(tx *store.Tx, provider string, k key) error {
	_, err := tx.Exec(`INSERT INTO openid_keys (provider, id, public, private, made_at) VALUES ($1, $2, $3, $4, $5)`,
		provider, k.id, store.AsJSON(k.public), k.private, store.At(k.made))
	return err
}

// retireKeys takes the private halves away: what does not sign cannot be stolen.
func retireKeys(tx *store.Tx, provider string) error {
	_, err := tx.Exec(`UPDATE openid_keys SET last_at = $2, private = '' WHERE provider = $1 AND last_at IS NULL`, provider, store.At(tx.Now))
	return err
}

func presentKey(tx *store.Tx, provider string) (key, error) {
	return one(store.All(tx, scanKey, `SELECT id, public, private, made_at, last_at FROM openid_keys
		WHERE provider = $1 AND last_at IS NULL ORDER BY made_at DESC, id DESC`, provider))
}

func keysOf(tx *store.Tx, provider string) ([]key, error) {
	return store.All(tx, scanKey, `SELECT id, public, private, made_at, last_at FROM openid_keys
		WHERE provider = $1 ORDER BY made_at DESC, id DESC`, provider)
}

func insertRequest(tx *store.Tx, provider string, r Request) error {
	_, err := tx.Exec(`INSERT INTO openid_requests (id, provider, client, redirect, state, nonce, challenge, scopes, asked, made_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, r.ID, provider, r.Client.ID, r.Redirect, r.state, r.nonce, r.challenge,
		strings.Join(r.Scopes, " "), store.AsJSON(r.asked), store.At(r.Made), store.At(r.Ends))
	return err
}

func requestBy(tx *store.Tx, provider, id string) (r Request, err error) {
	var scopes string
	var asks store.JSON[asked]
	var made, ends store.Time
	err = tx.Row(store.Into(&r.ID, &r.Client.ID, &r.Redirect, &r.state, &r.nonce, &r.challenge, &scopes, &asks, &made, &ends),
		`SELECT id, client, redirect, state, nonce, challenge, scopes, asked, made_at, ends_at FROM openid_requests
		WHERE provider = $1 AND id = $2`, provider, id)
	r.Scopes, r.asked, r.Made, r.Ends = strings.Fields(scopes), asks.V, made.Time, ends.Time
	return r, err
}

func dropRequest(tx *store.Tx, provider, id string) error {
	return tx.Must(`DELETE FROM openid_requests WHERE provider = $1 AND id = $2`, provider, id)
}

func insertGrant(tx *store.Tx, provider string, g Grant, code string) error {
	_, err := tx.Exec(`INSERT INTO openid_grants (id, provider, client, subject, session, scopes, methods, level, nonce, redirect, challenge,
		code, signed_in_at, made_at, code_ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		g.ID, provider, g.Client, g.Subject, g.Session, strings.Join(g.Scopes, " "), strings.Join(g.Methods, " "), g.Level, g.nonce,
		g.redirect, g.challenge, code, store.At(g.At), store.At(g.Made), store.At(g.codeEnds))
	return err
}

const grantColumns = `g.id, g.client, g.subject, g.session, g.scopes, g.methods, g.level, g.nonce, g.redirect, g.challenge,
	g.signed_in_at, g.made_at, g.code_ends_at, g.used_at, g.ended_at`

func scanGrant(scan store.Scan, more ...any) (g Grant, err error) {
	var scopes, methods string
	var at, made, codeEnds, used, ended store.Time
	err = scan(append([]any{&g.ID, &g.Client, &g.Subject, &g.Session, &scopes, &methods, &g.Level, &g.nonce, &g.redirect, &g.challenge,
		&at, &made, &codeEnds, &used, &ended}, more...)...)
	g.Scopes, g.Methods, g.At, g.Made, g.codeEnds = strings.Fields(scopes), strings.Fields(methods), at.Time, made.Time, codeEnds.Time
	g.used, g.ended = !used.IsZero(), !ended.IsZero()
	return g, err
}

func grantBy(tx *store.Tx, provider, column, value string) (Grant, error) {
	return one(store.All(tx, func(scan store.Scan) (Grant, error) { return scanGrant(scan) },
		`SELECT `+grantColumns+` FROM openid_grants g WHERE g.provider = $1 AND g.`+column+` = $2`, provider, value))
}

func useCode(tx *store.Tx, grant string) error {
	return tx.Must(`UPDATE openid_grants SET used_at = $2 WHERE id = $1 AND used_at IS NULL`, grant, store.At(tx.Now))
}

func endGrant(tx *store.Tx, grant string) error {
	_, err := tx.Exec(`UPDATE openid_grants SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, grant, store.At(tx.Now))
	return err
}

func endGrants(tx *store.Tx, provider, subject, session string) error {
	_, err := tx.Exec(`UPDATE openid_grants SET ended_at = $4 WHERE provider = $1 AND subject = $2 AND ($3 = '' OR session = $3)
		AND ended_at IS NULL`, provider, subject, session, store.At(tx.Now))
	return err
}

func insertToken(tx *store.Tx, t token) error {
	_, err := tx.Exec(`INSERT INTO openid_tokens (mark, grant_id, refresh, scopes, made_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.mark, t.grant.ID, t.refresh, strings.Join(t.scopes, " "), store.At(t.made), store.At(t.ends))
	return err
}

func tokenBy(tx *store.Tx, provider, mark string) (token, error) {
	return one(store.All(tx, func(scan store.Scan) (t token, err error) {
		var scopes string
		var made, ends, used store.Time
		t.grant, err = scanGrant(scan, &t.mark, &t.refresh, &scopes, &made, &ends, &used)
		t.scopes, t.made, t.ends, t.used = strings.Fields(scopes), made.Time, ends.Time, !used.IsZero()
		return t, err
	}, `SELECT `+grantColumns+`, t.mark, t.refresh, t.scopes, t.made_at, t.ends_at, t.used_at
		FROM openid_tokens t JOIN openid_grants g ON g.id = t.grant_id WHERE g.provider = $1 AND t.mark = $2`, provider, mark))
}

// useToken is for a refresh token that has been exchanged, and for any that was revoked.
func useToken(tx *store.Tx, mark string) error {
	return tx.Must(`UPDATE openid_tokens SET used_at = $2 WHERE mark = $1 AND used_at IS NULL`, mark, store.At(tx.Now))
}

// sweep takes away what has ended: requests, tokens, and the grants no token stands on any more.
func sweep(tx *store.Tx) error {
	now, old := store.At(tx.Now), store.At(tx.Now.Add(-refreshLife))
	_, err := tx.Exec(`DELETE FROM openid_requests WHERE ends_at < $1`, now)
	if err == nil {
		_, err = tx.Exec(`DELETE FROM openid_begun WHERE ends_at < $1`, now)
	}
	if err == nil {
		_, err = tx.Exec(`DELETE FROM openid_tokens WHERE ends_at < $1`, now)
	}
	if err == nil {
		_, err = tx.Exec(`DELETE FROM openid_grants WHERE made_at < $1 AND NOT EXISTS
			(SELECT 1 FROM openid_tokens t WHERE t.grant_id = openid_grants.id)`, old)
	}
	return err
}

func insertBegun(tx *store.Tx, b begun) error {
	_, err := tx.Exec(`INSERT INTO openid_begun (mark, party, browser, next, max_age, made_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		b.mark, b.party, b.browser, b.next, b.maxAge, store.At(tx.Now), store.At(tx.Now.Add(begunLife)))
	return err
}

// takeBegun takes the sign-in with that state away: whoever comes second finds nothing.
func takeBegun(tx *store.Tx, b begun) (begun, error) {
	err := tx.Row(store.Into(&b.next, &b.maxAge), `DELETE FROM openid_begun WHERE mark = $1 AND party = $2 AND browser = $3 AND ends_at > $4
		RETURNING next, max_age`, b.mark, b.party, b.browser, store.At(tx.Now))
	return b, err
}
