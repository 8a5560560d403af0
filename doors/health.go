package doors

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"time"

	"cloudbm/store"
	"cloudbm/taiwan"
)

// Health is the door 全民健保卡 (S21). The zero value is a door that opens later.
type Health struct {
	Components []string // addresses of the component beside the browser, tried in this order: wss://localhost:7777/echo
	Check      string   // address of the verification service
	Key        string   // what the service knows us by
}

func (h Health) ready() bool { return len(h.Components) > 0 && h.Check != "" }

// HealthCard is a card that the verification service vouches for, with its password given and our number signed.
type HealthCard struct {
	Number string // 12 digits
	Name   string
}

// Label is the card as pages show it.
func (c HealthCard) Label() string { return c.Number[:4] + "****" + c.Number[8:] }

// Proof is what the component answered in the browser. Only the verification service can read the password and the
// basic data in it.
type Proof struct {
	Version   string
	Random    string // ours: 16 digits
	Password  string
	Basic     string
	Signature string // over Version and Random
}

var (
	version   = regexp.MustCompile(`^[0-9]{4}$`)
	signature = regexp.MustCompile(`^[0-9A-Fa-f]{256}$`)
	hidden    = regexp.MustCompile(`^[0-9A-Fa-f]+$`)
)

const hiddenSize = 4096

// read brings a proof from a browser to its form; what the component never says is a trouble.
func (p Proof) read() error {
	for _, s := range []string{p.Password, p.Basic} {
		if len(s) > hiddenSize || !hidden.MatchString(s) {
			return &Trouble{Why: strange}
		}
	}
	if !version.MatchString(p.Version) || !signature.MatchString(p.Signature) {
		return &Trouble{Why: strange}
	}
	return nil
}

// Trouble is why a card did not open the door; each has a page that says what to do next.
type Trouble struct {
	Why  string
	Left int // passwords that may still be tried; 0: not known
}

func (t *Trouble) Error() string { return "doors: health card: " + t.Why }

// The troubles that the browser finds, in the spelling of their addresses.
const (
	noComponent = "component"
	noReader    = "reader"     // 8013
	unreadable  = "unreadable" // 8011
	badLength   = "length"     // 8009
	strange     = "strange"    // 9999, and whatever else it should not say
)

// The troubles that the house or the verification service finds.
const (
	many          = "many" // numbers asked for
	late          = "late" // our number was used, is too old, or is another browser's
	wrongPassword = "password"
	locked        = "locked"
	unregistered  = "unregistered"
	expired       = "expired"
	cancelled     = "cancelled"
	forged        = "signature"
	serviceDown   = "service"
	unbound       = "unbound"
	others        = "others" // bound by somebody else, or in another name
)

// randomLife is how long a card may take to sign.
const randomLife = 2 * time.Minute

// AskCard gives a browser a number for its card to sign, once: 16 digits, and the secret the browser keeps. person is
// whoever binds the card, "" for signing in; what is signed for the one is no good for the other.
func AskCard(tx *store.Tx, person string) (random, secret string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1e16))
	if err != nil {
		return "", "", err
	}
	random, secret = fmt.Sprintf("%016d", n), store.Secret()
	return random, secret, insertRandom(tx, markOf(secret), random, person)
}

// spend takes the number of a browser away, so that it is used once, and answers it if it still holds for person.
func spend(tx *store.Tx, secret, person string) (random string, err error) {
	random, asked, ends, err := takeRandom(tx, markOf(secret))
	if errors.Is(err, store.ErrNotFound) || err == nil && (asked != person || tx.Now.After(ends.Time)) {
		return "", nil
	}
	return random, err
}

func markOf(secret string) string {
	s := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(s[:])
}

// sameName reports whether a card in the name of card may be bound by the person called name.
func sameName(card, name string) bool {
	a, err := taiwan.PersonName(card)
	b, err2 := taiwan.PersonName(name)
	return err == nil && err2 == nil && a == b
}
