package card

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"cloudbm/pki"
)

// Version is what the component calls itself, and what it calls itself when it is Old.
const (
	Version    = "1.3.4.103327"
	oldVersion = "1.0.0.1"
)

// tries are the wrong PINs in a row that lock a card.
const tries = 3

// Component is the program beside the browser with one reader, in which one card may be.
type Component struct {
	CA      *CA
	Origins []string // sites that may use cards
	Now     func() time.Time

	cabinet *cabinet

	mu    sync.Mutex
	card  *Holder
	fault Fault
	wrong map[string]int // PINs in a row, by the number of the card
}

// New is a component with the first card in its reader. Keys and certificates are kept in dir; base is the address at
// which Handler is served.
func New(dir, base string, now func() time.Time, origins ...string) (*Component, error) {
	if err := Missing(); err != nil {
		return nil, err
	}
	ca, err := NewCA(dir, base, now())
	if err != nil {
		return nil, err
	}
	c := &Component{CA: ca, Origins: origins, Now: now, card: &Holders[0], wrong: map[string]int{}}
	c.cabinet, err = newCabinet(dir, ca)
	return c, err
}

// Insert puts the card with that number into the reader; none takes it out.
func (c *Component) Insert(number string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(Holders, func(h Holder) bool { return h.Number == number })
	switch {
	case number == "":
		c.card = nil
	case i < 0:
		return fmt.Errorf("card: there is no card %q", number)
	default:
		c.card = &Holders[i]
	}
	return nil
}

// Suffer brings a trouble about; none ends it.
func (c *Component) Suffer(f Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = f
}

// Unlock gives every card its tries back.
func (c *Component) Unlock() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.wrong)
}

// request is what a page asks for.
type request struct {
	Func          string `json:"func"`
	TBS           string `json:"tbs"`
	TBSEncoding   string `json:"tbsEncoding"`
	HashAlgorithm string `json:"hashAlgorithm"`
	SignatureType string `json:"signatureType"`
	PIN           string `json:"pin"`
	Nonce         string `json:"nonce"`
	WithCardSN    string `json:"withCardSN"`
	Slot          string `json:"slotDescription"`
}

// response is what the component answers to MakeSignature.
type response struct {
	Func      string `json:"func"`
	Code      int64  `json:"ret_code"`
	Minor     int64  `json:"last_error"`
	Message   string `json:"message"`
	Signature string `json:"signature,omitempty"`
	Cert      string `json:"certb64,omitempty"`
	CardSN    string `json:"cardSN,omitempty"`
	Version   string `json:"serverVersion"`
}

func (c *Component) version() string {
	if c.fault == Old {
		return oldVersion
	}
	return Version
}

// Do does what a page of the origin asks for, one thing at a time as one reader does.
func (c *Component) Do(origin string, asked []byte) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	var q request
	if err := json.Unmarshal(asked, &q); err != nil {
		return response{Func: "sign", Code: badJSON.code, Version: c.version()}
	}
	switch q.Func {
	case "GetUserCert", "CheckEnvir":
		return c.slots(origin)
	case "MakeSignature":
		r, is := c.sign(origin, q)
		r.Func, r.Code, r.Minor, r.Version = "sign", is.code, is.minor, c.version()
		return r
	}
	return response{Func: "sign", Code: unknown.code, Version: c.version()}
}

// permitted reports whether pages of the origin may use cards.
func (c *Component) permitted(origin string) answer {
	switch {
	case slices.Contains(c.Origins, origin):
		return done
	case origin == "" || origin == "null":
		return forbidden
	}
	return stranger
}

// suffered is the answer of the trouble at hand.
func (c *Component) suffered() answer {
	for _, t := range Troubles {
		if t.Key == c.fault {
			return t.answer
		}
	}
	return done
}

func (c *Component) sign(origin string, q request) (r response, is answer) {
	if is := c.permitted(origin); is != done {
		return r, is
	}
	if is := c.suffered(); is != done {
		return r, is
	}
	if c.card == nil {
		return r, noCard
	}
	text, is := q.text()
	if is != done {
		return r, is
	}
	pin, err := url.PathUnescape(q.PIN)
	switch {
	case err != nil:
		return r, badRequest
	case pin == "":
		return r, noPIN
	case len(pin) < 6 || len(pin) > 8:
		return r, badLength
	case c.wrong[c.card.Number] >= tries:
		return r, locked
	}
	x, err := c.cabinet.certificate(*c.card, c.Now())
	switch {
	case err != nil:
		return response{Message: err.Error()}, failed
	case c.Now().Before(x.NotBefore):
		return r, notYet
	case c.Now().After(x.NotAfter):
		return r, expired
	}
	signed, err := c.signed(x, pin, text, q)
	switch {
	case errors.Is(err, errWrongPIN):
		c.wrong[c.card.Number]++
		return r, map[int]answer{1: twoLeft, 2: oneLeft, tries: locked}[c.wrong[c.card.Number]]
	case err != nil:
		return response{Message: err.Error()}, failed
	}
	delete(c.wrong, c.card.Number)
	r.Signature, r.Cert = base64.StdEncoding.EncodeToString(signed), base64.StdEncoding.EncodeToString(x.Raw)
	if q.WithCardSN == "true" {
		r.CardSN = c.card.Number
	}
	return r, done
}

// signed has the card sign text, as CMS or plain.
func (c *Component) signed(x *x509.Certificate, pin string, text []byte, q request) ([]byte, error) {
	k := key{c.cabinet, *c.card, pin, x.PublicKey}
	if q.SignatureType == "PKCS1" {
		sum := sha256.Sum256(text)
		return k.Sign(nil, sum[:], crypto.SHA256)
	}
	return CMS(text, q.Nonce, c.card.Number, x, c.CA.Chain(c.card.Kind), k)
}

// text is what is to be signed.
func (q request) text() (text []byte, is answer) {
	var err error
	if text, err = base64.StdEncoding.DecodeString(q.TBS); q.TBSEncoding != "base64" {
		var plain string
		plain, err = url.PathUnescape(q.TBS)
		text = []byte(plain)
	}
	switch {
	case err != nil:
		return nil, badRequest
	case len(text) == 0:
		return nil, noText
	case q.HashAlgorithm != "SHA256" || q.SignatureType != "PKCS7" && q.SignatureType != "PKCS1":
		return nil, unknown
	}
	return text, done
}

// slot is a reader as the component tells of it; Token is null without a card.
type slot struct {
	Description string `json:"slotDescription"`
	Token       *token `json:"token"`
}

type token struct {
	Serial string        `json:"serialNumber"`
	Certs  []certificate `json:"certs"`
}

type certificate struct {
	Label   string `json:"label"`
	Usage   string `json:"usage"`
	Subject string `json:"subjectDN"`
	Last4   string `json:"subjectID"`
	Cert    string `json:"certb64"`
}

type environment struct {
	Func    string `json:"func"`
	Code    int64  `json:"ret_code"`
	Version string `json:"serverVersion"`
	Slots   []slot `json:"slots"`
}

// slots tells of the reader and the card in it.
func (c *Component) slots(origin string) environment {
	e := environment{Func: "pkcs11info", Version: c.version(), Slots: []slot{}}
	is := c.permitted(origin)
	if is == done {
		is = c.suffered()
	}
	if e.Code = is.code; is != done {
		return e
	}
	s := slot{Description: "Simulated Reader 0"}
	if c.card != nil {
		x, err := c.cabinet.certificate(*c.card, c.Now())
		if err != nil {
			e.Code = failed.code
			return e
		}
		s.Token = &token{c.card.Number, []certificate{{"cert1", "digitalSignature", x.Subject.String(), c.card.Last4, base64.StdEncoding.EncodeToString(x.Raw)}}}
	}
	e.Slots = append(e.Slots, s)
	return e
}

// Label tells a card apart from the others on the desk.
func (h Holder) Label() string {
	label := pki.Kind.Name(h.Kind).Zh + "　" + h.Name + "　" + h.Number
	if wrong := map[Fault]string{Expired: "已過期", NotYet: "尚未生效", Revoked: "已廢止"}[h.Wrong]; wrong != "" {
		label += "（" + wrong + "）"
	}
	return strings.TrimSpace(label)
}
