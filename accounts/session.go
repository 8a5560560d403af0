package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Door is the way somebody came in.
type Door string

// The three doors (S19, S21, S23), in the spelling of the tiles, the one-time link, and the doors that are two factors
// in themselves.
const (
	EGov   Door = "egov"   // 我的e政府
	Health Door = "health" // 全民健保卡
	Backup Door = "backup" // 備用帳號
	ByLink Door = "link"   // 設定密碼的連結

	Card    Door = "card"    // 我的e政府, with a certificate on a card
	Passkey Door = "passkey" // 通行金鑰
)

// Name is what the door is called.
func (d Door) Name() say.Text {
	switch d {
	case EGov:
		return say.T("我的e政府", "MyEGov")
	case Health:
		return say.T("全民健保卡", "National Health Insurance card")
	case Backup:
		return say.T("備用帳號", "Backup account")
	case Card:
		return say.T("我的e政府（憑證）", "MyEGov with a certificate")
	case Passkey:
		return say.T("通行金鑰", "Passkey")
	case ByLink:
		return say.T("設定密碼的連結", "Link for setting a password")
	}
	return say.Same(string(d))
}

// strong reports whether coming in by d proves two factors: something one has, and a PIN or a touch.
func (d Door) strong() bool { return d == Health || d == Card || d == Passkey }

// Source is where a sign-in comes from.
type Source struct {
	IP     string
	Agent  string // the browser as it names itself
	Device string // secret of a device that signed in before; "" for an unknown one
}

// Session is one signed-in browser.
type Session struct {
	ID      string
	Person  string
	Door    Door
	Agent   string
	IP      string
	Created time.Time
	Seen    time.Time // written at most once a minute
	Ends    time.Time // twelve hours after signing in, whatever happens
	Strong  bool      // proved by two factors
	Due     bool      // the second step is still to come: nobody is signed in yet
	Proved  time.Time // when the person last proved who they are
	idle    time.Duration
}

const (
	total     = 12 * time.Hour   // the longest life of a session
	strict    = time.Minute      // how often its last sight is written
	halfLife  = 10 * time.Minute // how long the second step may take
	proofLife = 10 * time.Minute // how long a proof counts for what asks for a new one
)

// mark is how a secret is known in the database.
func mark(secret string) string {
	s := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(s[:])
}

// live reports whether the session goes on at now. Since a sight is written only once a minute, the idle time may be
// exceeded by that minute, never cut short.
func (s Session) live(now time.Time) bool {
	if s.Due {
		return now.Before(s.Created.Add(halfLife))
	}
	return now.Before(s.Ends) && now.Before(s.Seen.Add(s.idle+strict))
}

// Begin opens a session for the person and answers the secret for the cookie. Whoever calls it has made sure who it is.
// Somebody with a second factor who came by a door of one factor gets half a session: see Half.
func Begin(tx *store.Tx, person string, door Door, from Source) (token string, err error) {
	p, err := Find(tx, person)
	if err != nil {
		return "", err
	}
	if !p.Disabled.IsZero() {
		return "", closed
	}
	if err := dropDeadSessions(tx, person); err != nil {
		return "", err
	}
	token = store.Secret()
	s := Session{ID: store.NewID(), Person: person, Door: door, Agent: cut(from.Agent, 300), IP: from.IP,
		Created: tx.Now, Seen: tx.Now, Ends: tx.Now.Add(total), Proved: tx.Now, Strong: door.strong(), Due: p.Second && !door.strong()}
	if err := insertSession(tx, s, mark(token)); err != nil {
		return "", err
	}
	by := permit.Actor{Person: person, Name: p.Name, Session: s.ID, IP: from.IP}
	if s.Due {
		return token, Note(tx, by, "sign-in.half", person, string(door))
	}
	if err := markSignIn(tx, person); err != nil {
		return "", err
	}
	return token, Note(tx, by, "sign-in", person, string(door))
}

// Half is the half session with that token and its person, while the second step may still be taken;
// store.ErrNotFound if there is none.
func Half(tx *store.Tx, token string) (Session, Person, error) {
	s, p, err := known(tx, token)
	if err == nil && !s.Due {
		err = store.ErrNotFound
	}
	return s, p, err
}

// Complete makes a half session whole after its second step, and answers a new secret for the cookie.
func Complete(tx *store.Tx, s Session, how string) (token string, err error) {
	token = store.Secret()
	if err := completeSession(tx, s.ID, mark(token)); err != nil {
		return "", err
	}
	if err := markSignIn(tx, s.Person); err != nil {
		return "", err
	}
	by := permit.Actor{Person: s.Person, Session: s.ID, IP: s.IP}
	return token, Note(tx, by, "sign-in", s.Person, string(s.Door)+" "+how)
}

// Prove notes that by has just proved again who they are; strong: by a second factor.
func Prove(tx *store.Tx, by permit.Actor, strong bool) error {
	if err := proveSession(tx, by.Session, strong || by.Strong); err != nil {
		return err
	}
	return Note(tx, by, "prove", by.Person, "")
}

// Fresh reports whether by proved who they are within ten minutes, as what opens or closes a way in asks for.
func Fresh(tx *store.Tx, by permit.Actor) (bool, error) {
	s, _, err := sessionBy(tx, "id", by.Session)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && tx.Now.Sub(s.Proved) < proofLife, err
}

var closed = fault.Of(fault.Forbidden, "這個帳號已停用；請洽系統管理者恢復", "This account is disabled. Ask the administrator to enable it").To("聯絡窗口", "Contact", "/contact")

// Present is the living session with that token and its person; store.ErrNotFound if there is none, or half of one.
func Present(tx *store.Tx, token string) (Session, Person, error) {
	s, p, err := known(tx, token)
	if err == nil && s.Due {
		err = store.ErrNotFound
	}
	return s, p, err
}

func known(tx *store.Tx, token string) (Session, Person, error) {
	if token == "" {
		return Session{}, Person{}, store.ErrNotFound
	}
	s, p, err := sessionBy(tx, "mark", mark(token))
	if err == nil && (!s.live(tx.Now) || !p.Disabled.IsZero()) {
		err = store.ErrNotFound
	}
	return s, p, err
}

// SessionEnds is when the session of a ends if nothing more happens; the zero time when nobody is signed in.
func SessionEnds(tx *store.Tx, a permit.Actor) (time.Time, error) {
	s, _, err := sessionBy(tx, "id", a.Session)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	if ends := tx.Now.Add(s.idle); ends.Before(s.Ends) {
		return ends, err
	}
	return s.Ends, err
}

// Sessions lists the living sessions of a person, the latest seen first (我的登入裝置).
func Sessions(tx *store.Tx, person string) ([]Session, error) {
	all, err := sessionsOf(tx, person)
	var out []Session
	for _, s := range all {
		if s.live(tx.Now) && !s.Due {
			out = append(out, s)
		}
	}
	return out, err
}

// SignOut ends the session of by.
func SignOut(tx *store.Tx, by permit.Actor) error { return EndSession(tx, by, by.Session) }

// EndSession ends one of by's own sessions.
func EndSession(tx *store.Tx, by permit.Actor, id string) error {
	if err := endSession(tx, by.Person, id); err != nil {
		return err
	}
	return Note(tx, by, "sign-out", by.Person, "")
}

// SignOutEverywhere ends every session of by but this one, and forgets the devices.
func SignOutEverywhere(tx *store.Tx, by permit.Actor) error {
	if err := endSessions(tx, by.Person, by.Session); err != nil {
		return err
	}
	if err := dropDevices(tx, by.Person); err != nil {
		return err
	}
	return Note(tx, by, "sign-out.others", by.Person, "")
}

// EndAll ends every session of a person whose rights change, so that they begin anew with a new one.
func EndAll(tx *store.Tx, person string) error { return endSessions(tx, person, "") }

// LastSignIn is the sign-in before the present one (上次登入時間, S120); the zero time at the first.
func LastSignIn(tx *store.Tx, person string) (time.Time, error) {
	p, err := Find(tx, person)
	return p.Before, err
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
