package pki

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Answer is what a page sends back: the text that was to be signed, and what the component said about it.
type Answer struct {
	Text  string // of the challenge
	Said  string // the component's JSON, or what card.js says in its place
	Agent string // the browser, as it names itself
}

// said is the component's answer (func sign), and the words of card.js where no component spoke.
type said struct {
	Func      string `json:"func"`
	Trouble   string `json:"trouble"` // popup, component, closed: said by card.js
	Code      code   `json:"ret_code"`
	Minor     code   `json:"last_error"`
	Signature string `json:"signature"`
	Cert      string `json:"certb64"`
	CardSN    string `json:"cardSN"`
	Version   string `json:"serverVersion"`
	Slots     []slot `json:"slots"` // func pkcs11info
}

// slot is a reader; Token is null, "unknown token", or what the card tells of itself.
type slot struct {
	Description string          `json:"slotDescription"`
	Token       json.RawMessage `json:"token"`
}

// code is a number of the component's, as whichever of number, text and hex its versions write. Minor codes are signed.
type code uint32

// UnmarshalJSON reads a code; what is none is an unknown one.
func (c *code) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `" `)
	if s == "" || s == "null" {
		return nil
	}
	n, err := strconv.ParseInt(s, 0, 64)
	if err != nil || n < -1<<31 || n >= 1<<32 {
		return fmt.Errorf("%q is no code", s)
	}
	*c = code(uint32(n))
	return nil
}

// maxSaid is more than a component answers with a signature and a certificate.
const maxSaid = 4 << 20

func read(text string) (s said, err error) {
	if len(text) > maxSaid {
		return s, fmt.Errorf("%d bytes", len(text))
	}
	return s, json.Unmarshal([]byte(text), &s)
}

// The codes of the component (ret_code) and what they mean for a person. The minor code tells wrong PINs apart. Codes
// that are not here are in families, see family.
var codes = map[code]*Trouble{
	0x76000001: trStrange, // no key given
	0x76000002: trStrange, // no certificate given
	0x76000003: trStrange, // no message given
	0x76000004: trStrange, // no cipher text given
	0x76000005: trDriver,  // path of the library
	0x76000006: trNoCard,
	0x76000007: trUnreadable, // not logged in
	0x76000008: trStrange,    // type
	0x76000009: trStrange,    // file
	0x7600000A: trStrange,    // file too large
	0x7600000B: trStrange,    // JSON
	0x7600000C: trStrange,    // parameter
	0x7600000D: trBusy,       // execution, time-out
	0x7600000E: trOld,        // not supported
	0x7600000F: trSite,       // domain forbidden
	0x76000031: trSite,       // site not authorised
	0x76000998: trCancelled,  // no PIN entered
	0x76000999: trCancelled,
	0x76100001: trDriver, // library cannot be loaded
	0x76100003: trNoReader,
	0x76100006: trWrongPIN, // login: see minors
	0x76100008: trUnreadable,
	0x76100009: trUnreadable,
	0x76500001: trNotYet,
	0x76500002: trExpired,
}

// minors tell what a failed login of the card was (last_error under 0x76100006).
var minors = map[code]*Trouble{
	0xA0:       trWrongPIN,
	0xA2:       trPINLength,
	0xA4:       trLocked,
	0x80000001: trOneLeft, // −2147483647
	0x80000002: trTwoLeft, // −2147483646
}

// loginFailed is the one code with minor codes.
const loginFailed code = 0x76100006

// trouble is what the component's answer means; nil if it did what was asked.
func (s said) trouble() *Trouble {
	switch {
	case s.Trouble != "":
		if t := troubleNamed(s.Trouble); t != nil {
			return t
		}
		return trStrange
	case s.Code == 0:
		return nil
	case s.Code == loginFailed && minors[s.Minor] != nil:
		return minors[s.Minor]
	case codes[s.Code] != nil:
		return codes[s.Code]
	case s.Code>>20 == 0x761: // the card's library
		return trUnreadable
	}
	return trStrange // 0x762 key files, 0x763 signing, 0x764 deciphering, 0x766 base64, and what is not known
}

// Least are the oldest versions of the component that may answer, by the system in the browser's name.
type Least struct{ Windows, Mac string }

// tooOld reports whether the version is older than the least one for the browser's system. A component that names no
// version, or no numbers in it, is too old where one is asked for.
func (l Least) tooOld(agent, version string) bool {
	least := ""
	switch {
	case strings.Contains(agent, "Windows"):
		least = l.Windows
	case strings.Contains(agent, "Mac OS X") && !strings.Contains(agent, "iPhone") && !strings.Contains(agent, "iPad"):
		least = l.Mac
	}
	return least != "" && older(version, least)
}

// older compares versions number by number.
func older(version, least string) bool {
	have, want := strings.Split(version, "."), strings.Split(least, ".")
	for i, w := range want {
		if i == len(have) {
			return true
		}
		h, err := strconv.Atoi(have[i])
		n, err2 := strconv.Atoi(w)
		switch {
		case err != nil || err2 != nil:
			return true
		case h != n:
			return h < n
		}
	}
	return false
}

func unbase64(s string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == ' ' {
			return -1
		}
		return r
	}, s))
}
