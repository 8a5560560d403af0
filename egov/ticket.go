package egov

import (
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
)

// System is a system whose people sign in here.
type System struct {
	ID      string
	Name    say.Text
	Secret  string   // by which the system proves itself when it redeems a ticket
	Returns []string // addresses people are sent back to after signing in, exactly

	SignedOut []string // and after signing out
}

const ticketLife = time.Minute

// Claims are what a system is told about a member.
type Claims struct {
	Subject    string `json:"sub"`
	Account    string `json:"account"`
	Name       string `json:"name"`
	Email      string `json:"email"`
	Level      Level  `json:"level"`
	Official   bool   `json:"official"`
	NationalID string `json:"national_id,omitempty"`
}

// claimsOf are what a system is told of a member who came in at the level. The national ID is told only if it was
// verified and the member came in with a card.
func claimsOf(m Member, l Level) Claims {
	c := Claims{Subject: m.ID, Account: m.Account, Name: m.Name, Email: m.Email, Level: l, Official: m.Official == Approved}
	if l >= ByCard && m.Verified > 0 {
		c.NationalID = m.NationalID
	}
	return c
}

// systemAt is the system that has the address to return to.
func (s *Site) systemAt(back string) (System, bool) {
	back, _, _ = strings.Cut(back, "?begun=") // the state of an attempt, which the older style has no other place for
	for _, sys := range s.Systems {
		for _, at := range sys.Returns {
			if at == back {
				return sys, true
			}
		}
	}
	return System{}, false
}

// originOf is scheme and host of an address.
func originOf(at string) string {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Ticket makes the one-time ticket with which the system asks who v is, within a minute.
func Ticket(tx *store.Tx, v Visit, to System) (string, error) {
	return newSecretFor(tx, oneTime{Member: v.Member.ID, Level: v.Level, System: to.ID}, ticket, ticketLife)
}

var badTicket = fault.Of(fault.Forbidden, "從資訊系統重新登入：這張票證已經用過、過期，或不是給這個系統的", "Sign in again from the system: this ticket was used, is too old, or is another system's")

// Redeem takes a ticket away and answers who it stands for; only the system it was made for can do so.
func Redeem(tx *store.Tx, by System, secret, text string) (Claims, error) {
	if by.Secret == "" || subtle.ConstantTimeCompare([]byte(by.Secret), []byte(secret)) != 1 {
		return Claims{}, badTicket
	}
	t, err := secretOf(tx, mark(text), ticket)
	if errors.Is(err, store.ErrNotFound) || err == nil && t.System != by.ID {
		return Claims{}, badTicket
	}
	if err != nil {
		return Claims{}, err
	}
	if err := dropSecret(tx, mark(text)); err != nil {
		return Claims{}, err
	}
	m, err := Find(tx, t.Member)
	return claimsOf(m, t.Level), err
}
