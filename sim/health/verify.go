package health

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
)

// Question is what the house asks the verification service.
type Question struct {
	Version   string `json:"version"`
	Random    string `json:"random"`
	Password  string `json:"password"`
	Basic     string `json:"basic"`
	Signature string `json:"signature"`
}

// Verdict is what the service answers; the rest is there only with the result "ok".
type Verdict struct {
	Result string `json:"result"`
	Random string `json:"random"`
	Left   int    `json:"left,omitempty"` // passwords that may still be tried
	Card   string `json:"card,omitempty"`
	Person string `json:"person,omitempty"` // the national ID, hashed with a key of the service
	Name   string `json:"name,omitempty"`
}

// Verify judges one question: first the signature, then the card, then the password. A wrong password counts only with
// the card in the reader, so nobody locks somebody else's.
func (s *Sim) Verify(q Question) Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := Verdict{Result: "signature", Random: q.Random}
	basic, err := s.keys.reveal("basic", q.Basic)
	if err != nil {
		return v
	}
	number, _, _ := strings.Cut(basic, ",")
	c := find(s.cards, number)
	if c == nil || !s.keys.signed(number, q.Version+q.Random, q.Signature) {
		return v
	}
	if v.Result = string(c.State); c.State != Usable {
		return v
	}
	password, err := s.keys.reveal("password "+number, q.Password)
	if err != nil || password != Password {
		c.Wrong++
		if v.Left = passwordsAllowed - c.Wrong; v.Left <= 0 {
			c.State, v.Left = Locked, 0
			v.Result = string(Locked)
			return v
		}
		v.Result = "password"
		return v
	}
	c.Wrong = 0
	m := hmac.New(sha256.New, []byte("simulated person "+s.Key))
	m.Write([]byte(c.ID))
	v.Card, v.Name, v.Person = c.Number, c.Name, hex.EncodeToString(m.Sum(nil))
	return v
}

// verify serves the verification service.
func (s *Sim) verify(w http.ResponseWriter, q *http.Request) {
	s.mu.Lock()
	off := s.fault == ServiceOff
	s.mu.Unlock()
	key, _ := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
	var question Question
	switch {
	case off:
		http.Error(w, "out of service", http.StatusServiceUnavailable)
	case subtle.ConstantTimeCompare([]byte(key), []byte(s.Key)) != 1:
		http.Error(w, "who is asking?", http.StatusUnauthorized)
	case json.NewDecoder(http.MaxBytesReader(w, q.Body, 16<<10)).Decode(&question) != nil:
		http.Error(w, "not a question", http.StatusBadRequest)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.Verify(question)) // the asker may have gone
	}
}
