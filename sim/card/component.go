package card

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"cloudbm/pki"
)

// State is what is wrong beside the browser.
type State string

// The states that can be chosen at the desk. Busy, Cancelled and the like stand for what a person or a machine may do.
const (
	Fine         State = ""
	NoReader     State = "no-reader"
	NoCard       State = "no-card"
	Silent       State = "silent" // the window opens and says nothing, as where no component is installed
	Old          State = "old"    // version
	Cancelled    State = "cancelled"
	Busy         State = "busy" // time-out
	NoLibrary    State = "no-library"
	Unreadable   State = "unreadable"
	AuthorityOff State = "authority-off" // the authorities answer nobody
)

// States are all of them.
var States = []State{Fine, NoReader, NoCard, Silent, Old, Cancelled, Busy, NoLibrary, Unreadable, AuthorityOff}

// The component's codes, as far as it uses them here.
const (
	ok          = 0
	noMessage   = 0x76000003
	noCardIn    = 0x76000006
	badJSON     = 0x7600000B
	timedOut    = 0x7600000D
	unsupported = 0x7600000E
	forbidden   = 0x7600000F
	notTrusted  = 0x76000031
	noPIN       = 0x76000998
	cancelled   = 0x76000999
	noLibrary   = 0x76100001
	noReader    = 0x76100003
	loginFailed = 0x76100006
	noKey       = 0x76100008
	failed      = 0x76300001
	notYetValid = 0x76500001
	hasExpired  = 0x76500002

	pinLength = 0xA2
	pinLocked = 0xA4
	oneLeft   = -2147483647
	twoLeft   = -2147483646
)

// The versions the component gives itself.
const (
	Version    = "1.3.4.103327"
	OldVersion = "1.3.0.1"
)

// Card is a holder's card.
type Card struct {
	Holder
	cert  *x509.Certificate
	tries int // left before it locks
}

// Sim is a component with its reader, the cards, and the authorities.
type Sim struct {
	CA      *CA
	Origins []string // sites that may use cards
	Now     func() time.Time

	dir   string
	hsm   *hsm
	mu    sync.Mutex
	cards map[string]*Card
	in    string // the number of the card in the reader
	state State
}

// New is a simulator that keeps keys and certificates in dir, with the first card in its reader. base is its own
// address, where the authorities are asked.
func New(dir, base string, now func() time.Time, origins ...string) (*Sim, error) {
	h, err := openHSM(dir)
	if err != nil {
		return nil, err
	}
	ca, err := NewCA(filepath.Join(dir, "authorities"), base, now())
	if err != nil {
		return nil, err
	}
	s := &Sim{CA: ca, Origins: origins, Now: now, dir: dir, hsm: h, cards: map[string]*Card{}, in: Holders[0].Number}
	for _, h := range Holders {
		s.cards[h.Number] = &Card{Holder: h, tries: 3}
	}
	return s, nil
}

// Insert puts the card with that number into the reader.
func (s *Sim) Insert(number string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cards[number] == nil {
		return fmt.Errorf("card: there is no card %q", number)
	}
	s.in = number
	return nil
}

// Set makes something go wrong from now on; Fine mends it.
func (s *Sim) Set(state State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
	s.CA.silence(state == AuthorityOff)
}

// Unlock gives every card its three tries again, as the authorities do at their counters.
func (s *Sim) Unlock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.cards {
		c.tries = 3
	}
}

// Certificate is the certificate of the card with that number.
func (s *Sim) Certificate(number string) (*x509.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.cards[number]
	if c == nil {
		return nil, fmt.Errorf("card: there is no card %q", number)
	}
	err := s.ready(c)
	return c.cert, err
}

// ready makes the card when it is first used: its key in SoftHSM, its certificate beside it.
func (s *Sim) ready(c *Card) error {
	if c.cert != nil {
		return nil
	}
	path := filepath.Join(s.dir, c.Number+".cer")
	b, err := os.ReadFile(path)
	if err == nil {
		c.cert, err = x509.ParseCertificate(b)
	} else if os.IsNotExist(err) {
		err = s.issue(c, path)
	}
	if err == nil && c.Wrong == "revoked" {
		s.CA.Revoke(c.cert, c.cert.NotBefore.AddDate(0, 1, 0))
	}
	return err
}

func (s *Sim) issue(c *Card, path string) error {
	public, err := s.hsm.make(c.Number, c.P256)
	if err != nil {
		return err
	}
	from := s.Now().AddDate(0, -3, 0)
	switch c.Wrong {
	case "expired":
		from = s.Now().AddDate(-5, 0, -1)
	case "not-yet":
		from = s.Now().AddDate(1, 0, 0)
	}
	if c.cert, err = s.CA.Issue(c.Holder, public, from, from.AddDate(5, 0, 0), nil); err != nil {
		return err
	}
	return os.WriteFile(path, c.cert.Raw, 0o600)
}

// Request is what a site asks of the component.
type Request struct {
	Func          string `json:"func"`
	TBS           string `json:"tbs"`
	Encoding      string `json:"tbsEncoding"`
	HashAlgorithm string `json:"hashAlgorithm"`
	SignatureType string `json:"signatureType"`
	PIN           string `json:"pin"`
	Nonce         string `json:"nonce"`
	WithCardSN    string `json:"withCardSN"`
}

// Answer is what the component answers.
type Answer struct {
	Func          string `json:"func"`
	Code          int    `json:"ret_code"`
	Minor         int    `json:"last_error"`
	Message       string `json:"message,omitempty"`
	Signature     string `json:"signature,omitempty"`
	Cert          string `json:"certb64,omitempty"`
	CardSN        string `json:"cardSN,omitempty"`
	ServerVersion string `json:"serverVersion"`
	Slots         []Slot `json:"slots,omitempty"`
}

// Slot is a reader with what is in it.
type Slot struct {
	Description string `json:"slotDescription"`
	Token       *Token `json:"token"`
}

// Token is a card as the component tells of it.
type Token struct {
	SerialNumber string       `json:"serialNumber"`
	Certs        []TokensCert `json:"certs"`
}

// TokensCert is one certificate of a card.
type TokensCert struct {
	Label     string `json:"label"`
	Usage     string `json:"usage"`
	SubjectDN string `json:"subjectDN"`
	SubjectID string `json:"subjectID"`
	Certb64   string `json:"certb64"`
}

// Do does what a site asks; origin is where the site says it is.
func (s *Sim) Do(origin, request string) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var q Request
	if err := json.Unmarshal([]byte(request), &q); err != nil {
		return s.say("sign", badJSON, 0)
	}
	name := "sign"
	if q.Func == "GetUserCert" || q.Func == "CheckEnvir" {
		name = "pkcs11info"
	}
	switch {
	case origin == "" || origin == "null":
		return s.say(name, forbidden, 0)
	case !slices.Contains(s.Origins, origin):
		return s.say(name, notTrusted, 0)
	case name == "pkcs11info":
		return s.info()
	case q.Func == "MakeSignature":
		return s.sign(q)
	}
	return s.say(name, unsupported, 0)
}

func (s *Sim) say(name string, code, minor int) Answer {
	version := Version
	if s.state == Old {
		version = OldVersion
	}
	return Answer{Func: name, Code: code, Minor: minor, ServerVersion: version}
}

// beside is the code for what is wrong with component, reader or card; ok if nothing is.
func (s *Sim) beside() int {
	return map[State]int{NoReader: noReader, NoCard: noCardIn, Cancelled: cancelled, Busy: timedOut, NoLibrary: noLibrary, Unreadable: noKey}[s.state]
}

func (s *Sim) sign(q Request) Answer {
	no := func(code, minor int) Answer { return s.say("sign", code, minor) }
	content, err := decoded(q)
	pin, err2 := url.PathUnescape(q.PIN)
	c := s.cards[s.in]
	switch {
	case err != nil || err2 != nil || len(content) == 0:
		return no(noMessage, 0)
	case s.beside() != ok:
		return no(s.beside(), 0)
	case q.HashAlgorithm != "SHA256":
		return no(unsupported, 0)
	case pin == "":
		return no(noPIN, 0)
	case s.ready(c) != nil:
		return no(noKey, 0)
	}
	if minor := c.login(pin); minor != ok {
		return no(loginFailed, minor)
	}
	switch now := s.Now(); {
	case now.Before(c.cert.NotBefore):
		return no(notYetValid, 0)
	case now.After(c.cert.NotAfter):
		return no(hasExpired, 0)
	}
	a := no(ok, 0)
	a.Cert = base64.StdEncoding.EncodeToString(c.cert.Raw)
	if q.WithCardSN == "true" {
		a.CardSN = c.Number
	}
	signed, err := s.signature(c, pin, content, q.Nonce, a.CardSN, q.SignatureType)
	if err != nil {
		return no(failed, 0)
	}
	a.Signature = base64.StdEncoding.EncodeToString(signed)
	return a
}

// signature has the card's key sign content.
func (s *Sim) signature(c *Card, pin string, content []byte, nonce, number, kind string) ([]byte, error) {
	if kind == "PKCS1" {
		return s.hsm.sign(c.Number, pin, c.cert.PublicKey, content)
	}
	set, err := Set(Attributes(content, nonce, number, s.Now()))
	if err != nil {
		return nil, err
	}
	made, err := s.hsm.sign(c.Number, pin, c.cert.PublicKey, set)
	if err != nil {
		return nil, err
	}
	return CMS(content, append([]*x509.Certificate{c.cert}, s.CA.Chain(c.Kind)...), Signer{c.cert, set, made})
}

// login compares the PIN and counts, as cards do; ok, or the minor code.
func (c *Card) login(pin string) int {
	switch {
	case c.tries == 0:
		return pinLocked
	case len(pin) < 6 || len(pin) > 8:
		return pinLength
	case pin == PIN:
		c.tries = 3
		return ok
	}
	c.tries--
	return map[int]int{2: twoLeft, 1: oneLeft, 0: pinLocked}[c.tries]
}

func decoded(q Request) ([]byte, error) {
	if q.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(q.TBS)
	}
	s, err := url.PathUnescape(q.TBS)
	return []byte(s), err
}

func (s *Sim) info() Answer {
	a := s.say("pkcs11info", ok, 0)
	switch s.state {
	case NoLibrary:
		return s.say("pkcs11info", noLibrary, 0)
	case NoReader:
		return a
	}
	slot := Slot{Description: "cloudbm Simulated Reader 00 00"}
	if c := s.cards[s.in]; s.state != NoCard && s.ready(c) == nil {
		slot.Token = &Token{SerialNumber: c.Number, Certs: []TokensCert{{Label: "cert1", Usage: "digitalSignature",
			SubjectDN: c.cert.Subject.String(), SubjectID: c.Last4, Certb64: base64.StdEncoding.EncodeToString(c.cert.Raw)}}}
	}
	a.Slots = []Slot{slot}
	return a
}

// desk is what the page at / shows.
func (s *Sim) desk() (cards []Card, in string, state State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range slices.Sorted(maps.Keys(s.cards)) {
		cards = append(cards, *s.cards[n])
	}
	return cards, s.in, s.state
}

// What says in one line which card it is.
func (c Card) What() string {
	out := []string{c.Number, pki.Kind(c.Kind).Name().Zh, c.Name}
	if c.Wrong != "" {
		out = append(out, "("+c.Wrong+")")
	}
	return strings.Join(out, " ")
}
