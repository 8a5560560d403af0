package egov

import (
	"errors"
	"time"

	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

const memberColumns = `m.id, m.account, m.name, m.nickname, m.email, m.mobile, m.more, m.question, m.answer, m.password, m.state,
	m.national_id, m.verified, m.official, m.agency, m.title, m.decided_why, m.admin, m.created_at, m.signed_in_at, m.before_at`

// scanMember reads a member and what else stands in the row; members reveals what is hidden once the rows are read.
func scanMember(scan store.Scan, more ...any) (m Member, err error) {
	var created, signedIn, before store.Time
	err = scan(append([]any{&m.ID, &m.Account, &m.Name, &m.Nickname, &m.Email, &m.Mobile, &m.More, &m.Question, &m.answer,
		&m.password, &m.State, &m.NationalID, &m.Verified, &m.Official, &m.Agency, &m.Title, &m.Why, &m.Admin,
		&created, &signedIn, &before}, more...)...)
	m.Created, m.SignedIn, m.Before = created.Time, signedIn.Time, before.Time
	return m, err
}

func reveal(tx *store.Tx, m Member) (Member, error) {
	var errID, errMobile error
	m.NationalID, errID = tx.Reveal(m.NationalID)
	m.Mobile, errMobile = tx.Reveal(m.Mobile)
	return m, errors.Join(errID, errMobile)
}

func members(tx *store.Tx, where string, args ...any) ([]Member, error) {
	all, err := store.All(tx, func(scan store.Scan) (Member, error) { return scanMember(scan) },
		`SELECT `+memberColumns+` FROM egov_members m `+where, args...)
	for i := range all {
		if err == nil {
			all[i], err = reveal(tx, all[i])
		}
	}
	return all, err
}

func oneMember(tx *store.Tx, where string, args ...any) (Member, error) {
	all, err := members(tx, where, args...)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Member{}, err
	}
	return all[0], nil
}

func memberBy(tx *store.Tx, column, value string) (Member, error) {
	return oneMember(tx, `WHERE m.`+column+` = $1`, value)
}

func membersByEmail(tx *store.Tx, key string) ([]Member, error) {
	return members(tx, `WHERE m.email_key = $1 ORDER BY m.id LIMIT 20`, key)
}

func membersAsking(tx *store.Tx) ([]Member, error) {
	return members(tx, `WHERE m.official = $1 ORDER BY m.id LIMIT 200`, string(Asked))
}

func insertMember(tx *store.Tx, m Member) error {
	id, errID := tx.Hide(m.NationalID)
	mobile, errMobile := tx.Hide(m.Mobile)
	if err := errors.Join(errID, errMobile); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO egov_members (id, account, account_key, name, nickname, email, email_key, mobile, more, question,
		answer, password, state, national_id, verified, official, agency, title, admin, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		m.ID, m.Account, accountKey(m.Account), m.Name, m.Nickname, m.Email, taiwan.EmailKey(m.Email), mobile, m.More, m.Question,
		m.answer, m.password, string(m.State), id, int(m.Verified), string(m.Official), m.Agency, m.Title, m.Admin, store.At(m.Created))
	if errors.Is(err, store.ErrUnique) {
		return accountTaken
	}
	return err
}

func setState(tx *store.Tx, id string, s State) error {
	return tx.Must(`UPDATE egov_members SET state = $2 WHERE id = $1`, id, string(s))
}

func setPassword(tx *store.Tx, id, hash string) error {
	return tx.Must(`UPDATE egov_members SET password = $2 WHERE id = $1`, id, hash)
}

func setOfficial(tx *store.Tx, m Member, by string) error {
	return tx.Must(`UPDATE egov_members SET official = $2, agency = $3, title = $4, decided_why = $5, decided_by = $6 WHERE id = $1`,
		m.ID, string(m.Official), m.Agency, m.Title, m.Why, by)
}

func markSignIn(tx *store.Tx, id string) error {
	return tx.Must(`UPDATE egov_members SET before_at = signed_in_at, signed_in_at = $2 WHERE id = $1`, id, store.At(tx.Now))
}

// Sessions.

func sessionOf(tx *store.Tx, mark string) (v Visit, err error) {
	all, err := store.All(tx, func(scan store.Scan) (v Visit, err error) {
		var checked, seen, ends store.Time
		v.Member, err = scanMember(scan, &v.mark, &v.Level, &checked, &seen, &ends)
		v.Checked, v.seen, v.ends = checked.Time, seen.Time, ends.Time
		return v, err
	}, `SELECT `+memberColumns+`, s.mark, s.level, s.checked_at, s.seen_at, s.ends_at
		FROM egov_sessions s JOIN egov_members m ON m.id = s.member WHERE s.mark = $1`, mark)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	v = all[0]
	v.Member, err = reveal(tx, v.Member)
	return v, err
}

func insertSession(tx *store.Tx, mark, member string, level Level, ends time.Time) error {
	_, err := tx.Exec(`INSERT INTO egov_sessions (mark, member, level, checked_at, seen_at, ends_at) VALUES ($1, $2, $3, $4, $4, $5)`,
		mark, member, int(level), store.At(tx.Now), store.At(ends))
	return err
}

func touchSession(tx *store.Tx, mark string) error {
	_, err := tx.Exec(`UPDATE egov_sessions SET seen_at = $2 WHERE mark = $1`, mark, store.At(tx.Now))
	return err
}

func dropSession(tx *store.Tx, mark string) error {
	_, err := tx.Exec(`DELETE FROM egov_sessions WHERE mark = $1`, mark)
	return err
}

func dropSessionsOf(tx *store.Tx, member string) error {
	_, err := tx.Exec(`DELETE FROM egov_sessions WHERE member = $1`, member)
	return err
}

func dropDeadSessions(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM egov_sessions WHERE ends_at < $1`, store.At(tx.Now))
	return err
}

// Failures.

func failuresOf(tx *store.Tx, key string) (n int, last time.Time, err error) {
	var at store.Time
	err = tx.Row(store.Into(&n, &at), `SELECT n, last_at FROM egov_failures WHERE key = $1`, key)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return n, at.Time, err
}

func keepFailures(tx *store.Tx, key string, n int) error {
	_, err := tx.Exec(`INSERT INTO egov_failures (key, n, last_at) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET n = excluded.n, last_at = excluded.last_at`, key, n, store.At(tx.Now))
	return err
}

func dropFailures(tx *store.Tx, key string) error {
	_, err := tx.Exec(`DELETE FROM egov_failures WHERE key = $1`, key)
	return err
}

// One-time secrets.

func insertSecret(tx *store.Tx, mark string, p purpose, s oneTime, ends time.Time) error {
	if _, err := tx.Exec(`DELETE FROM egov_secrets WHERE ends_at < $1`, store.At(tx.Now)); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO egov_secrets (mark, purpose, member, level, system, ends_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		mark, string(p), s.Member, int(s.Level), s.System, store.At(ends))
	return err
}

func secretOf(tx *store.Tx, mark string, p purpose) (s oneTime, err error) {
	err = tx.Row(store.Into(&s.Member, &s.Level, &s.System),
		`SELECT member, level, system FROM egov_secrets WHERE mark = $1 AND purpose = $2 AND ends_at > $3`, mark, string(p), store.At(tx.Now))
	return s, err
}

func dropSecret(tx *store.Tx, mark string) error {
	return tx.Must(`DELETE FROM egov_secrets WHERE mark = $1`, mark)
}

func dropSecretsOf(tx *store.Tx, member string, p purpose) error {
	_, err := tx.Exec(`DELETE FROM egov_secrets WHERE member = $1 AND purpose = $2`, member, string(p))
	return err
}

// Cards.

func memberOfCard(tx *store.Tx, fingerprint string) (Member, error) {
	return oneMember(tx, `JOIN egov_cards c ON c.member = m.id WHERE c.fingerprint = $1`, fingerprint)
}

func cardsOf(tx *store.Tx, member string) ([]Card, error) {
	return store.All(tx, func(scan store.Scan) (c Card, err error) {
		var bound store.Time
		err = scan(&c.Fingerprint, &c.Kind, &c.Name, &c.Last4, &c.UBN, &c.Number, &bound)
		c.Bound = bound.Time
		return c, err
	}, `SELECT fingerprint, kind, name, last4, ubn, number, bound_at FROM egov_cards WHERE member = $1 ORDER BY bound_at, fingerprint`, member)
}

func insertCard(tx *store.Tx, member string, c Certificate) error {
	_, err := tx.Exec(`INSERT INTO egov_cards (fingerprint, member, kind, name, last4, ubn, number, bound_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.Fingerprint, member, string(c.Kind), c.Name, c.Last4, c.UBN, c.Number, store.At(tx.Now))
	return err
}

func dropCard(tx *store.Tx, member, fingerprint string) error {
	return tx.Must(`DELETE FROM egov_cards WHERE member = $1 AND fingerprint = $2`, member, fingerprint)
}

// Captchas.

func insertCaptcha(tx *store.Tx, id, digits string, ends time.Time) error {
	_, err := tx.Exec(`INSERT INTO egov_captchas (id, digits, ends_at) VALUES ($1, $2, $3)`, id, digits, store.At(ends))
	return err
}

func captchaOf(tx *store.Tx, id string) (string, error) {
	return store.Get[string](tx, `SELECT digits FROM egov_captchas WHERE id = $1 AND ends_at > $2`, id, store.At(tx.Now))
}

func dropCaptcha(tx *store.Tx, id string) error {
	return tx.Must(`DELETE FROM egov_captchas WHERE id = $1`, id)
}

func dropOldCaptchas(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM egov_captchas WHERE ends_at < $1`, store.At(tx.Now))
	return err
}

// Notices.

func allNotices(tx *store.Tx) ([]Notice, error) {
	return store.All(tx, func(scan store.Scan) (n Notice, err error) {
		var zh, en string
		var from, until store.Time
		err = scan(&n.Kind, &zh, &en, &n.URL, &from, &until)
		n.Text, n.From, n.Until = say.T(zh, en), from.Time, until.Time
		return n, err
	}, `SELECT kind, text_zh, text_en, url, works_from, works_until FROM egov_notices ORDER BY place, id`)
}

func insertNotice(tx *store.Tx, place int, n Notice) error {
	_, err := tx.Exec(`INSERT INTO egov_notices (id, place, kind, text_zh, text_en, url, works_from, works_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		store.NewID(), place, string(n.Kind), n.Text.Zh, n.Text.En, n.URL, store.At(n.From), store.At(n.Until))
	return err
}
