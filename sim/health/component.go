package health

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// The numbers that the component answers instead of what it was asked for.
const (
	badLength  = "8009" // of the password
	unreadable = "8011"
	notThere   = "8013" // no reader, or no card in it
	unknown    = "9999"
)

// Fault is what is wrong beside the browser.
type Fault string

// The faults that can be chosen at the desk.
const (
	None       Fault = ""
	NoReader   Fault = "no-reader"
	NoCard     Fault = "no-card"
	Unreadable Fault = "unreadable"
	Broken     Fault = "broken" // the component answers 9999 to everything
	Silent     Fault = "silent" // the component answers nothing
	ServiceOff Fault = "service-off"
)

// Sim is a component with its reader, and the verification service behind it.
type Sim struct {
	Origins []string // of the pages that may connect: https://host
	Key     string   // what the house shows the verification service

	mu     sync.Mutex
	cards  []*Card
	inside *Card
	fault  Fault
	keys   *keyring
}

// New is a simulator with the first card in its reader.
func New(key string, origins ...string) (*Sim, error) {
	s := &Sim{Origins: origins, Key: key, cards: cards()}
	s.inside = s.cards[0]
	var err error
	s.keys, err = newKeyring(s.cards)
	return s, err
}

// Insert puts the card with that number into the reader.
func (s *Sim) Insert(number string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := find(s.cards, number)
	if c == nil {
		return errors.New("health: there is no card " + number)
	}
	s.inside = c
	return nil
}

// Fail makes something go wrong from now on; None mends it.
func (s *Sim) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Answer is what the component says to one command.
func (s *Sim) Answer(command string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, argument := Parse(command)
	if s.fault == Broken {
		return unknown
	}
	switch name {
	case "GetVersion":
		return "GetVersion:" + Version
	case "GetRandom":
		n, err := rand.Int(rand.Reader, big.NewInt(1e16))
		if err != nil {
			return unknown
		}
		return "GetRandom:" + strings.Repeat("0", 16-len(n.String())) + n.String()
	case "EnCrypt":
		if len(argument) < 6 || len(argument) > 12 {
			return badLength
		}
		return s.read("EnCrypt:", func(c *Card) string { return s.keys.hide("password "+c.Number, argument) })
	case "GetBasic":
		return s.read("GetBasic:", (*Card).basic)
	case "SecureGetBasicWithParam":
		return s.read("SecureGetBasicWithParam:", func(c *Card) string { return s.keys.hide("basic", c.basic()) })
	case "H_Sign":
		return s.read("H_Sign:", func(c *Card) string {
			signature, err := s.keys.sign(c.Number, argument)
			if err != nil {
				return ""
			}
			return signature
		})
	}
	return unknown
}

// read is what the card in the reader gives, or the number of what is wrong.
func (s *Sim) read(prefix string, give func(*Card) string) string {
	switch s.fault {
	case NoReader, NoCard:
		return notThere
	case Unreadable:
		return unreadable
	}
	if out := give(s.inside); out != "" {
		return prefix + out
	}
	return unreadable
}

// Version is the one version of the protocol there is.
const Version = "0001"

// Parse takes a command apart; name is "" for what is no command.
func Parse(command string) (name, argument string) {
	name, rest, has := strings.Cut(command, "?")
	switch name {
	case "GetVersion", "GetBasic", "GetRandom":
		if !has {
			return name, ""
		}
	case "EnCrypt", "SecureGetBasicWithParam":
		if argument, ok := strings.CutPrefix(rest, "Pwd="); ok {
			return name, argument
		}
	case "H_Sign":
		argument, ok := strings.CutPrefix(rest, "Random=")
		if _, err := strconv.ParseUint(argument, 10, 64); err == nil && ok && len(argument) == 20 && strings.HasPrefix(argument, Version) {
			return name, argument
		}
	}
	return "", ""
}

func (s *Sim) silent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault == Silent
}

// echo serves the component.
func (s *Sim) echo(w http.ResponseWriter, q *http.Request) {
	if !s.allows(q.Header.Get("Origin")) {
		http.Error(w, "this origin is not allowed", http.StatusForbidden)
		return
	}
	c, err := websocket.Accept(w, q, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the origin was looked at above
	if err != nil {
		return
	}
	defer c.CloseNow() //nolint:errcheck // the visitor may have gone
	c.SetReadLimit(1024)
	for {
		ctx, cancel := context.WithTimeout(q.Context(), 2*time.Minute)
		kind, b, err := c.Read(ctx)
		if err == nil && kind == websocket.MessageText && !s.silent() {
			err = c.Write(ctx, websocket.MessageText, []byte(s.Answer(string(b))))
		}
		cancel()
		if err != nil {
			return
		}
	}
}

// allows reports whether a page of that origin may connect.
func (s *Sim) allows(origin string) bool {
	for _, o := range s.Origins {
		if o == origin {
			return true
		}
	}
	return false
}
