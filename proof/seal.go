package proof

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"cloudbm/cms"
)

// Mark is the first line of the text of a seal.
const Mark = cms.Words + "seal 1"

// Seal is what a professional puts a name to: certain items of a case, in a capacity, at a time. Its text is what the
// card signs.
type Seal struct {
	Site      string // address of the system in which it was sealed
	Authority string // code of the authority
	Case      string // id of the case
	Serial    string // 案件序號
	Type      string // building@2026-01
	Round     int    // the submission it was made for
	As        string // the capacity: permit.Party
	Signer    string // name
	Licence   string // 證照字號
	Permit    string // 內政部許可文號 of an engineer, empty for others
	Work      string // 簽證項目 of an engineer, empty for others
	Items     []Item
	Nonce     string
	At        time.Time // by the clock of the system, to the second
}

// Kind is what an item is.
type Kind string

// The kinds of items.
const (
	Form  Kind = "form"  // the answers of the whole form
	Sheet Kind = "sheet" // one drawing
	Paper Kind = "paper" // one attached paper
)

// Item is one thing that a seal is over.
type Item struct {
	Kind      Kind
	ID        string // of the version of a sheet, of a paper; of the case for the form
	Number    string // 圖號 of a sheet, code of a paper; - for the form
	N         int64  // version
	Page      int    // within the file, from 1; 0 for the whole file
	File      string // SHA-256 of the file, of the form as JSON, in hex
	Rendering string // SHA-256 of the picture that the signer was shown; empty if there is none
	Title     string
}

// Text is the seal as the card signs it: lines of a name and a value, an item in each of the last lines.
func (s Seal) Text() string {
	var b strings.Builder
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\n", name, orDash(value)) }
	b.WriteString(Mark + "\n")
	line("用途 purpose", "seal")
	for i, v := range s.values() {
		line(names[i], *v)
	}
	line("輪次 round", strconv.Itoa(s.Round))
	line("時間 time", s.At.UTC().Format(time.RFC3339))
	line("隨機碼 nonce", s.Nonce)
	line("件數 items", strconv.Itoa(len(s.Items)))
	for _, it := range s.Items {
		line(string(it.Kind), strings.Join([]string{it.ID, orDash(it.Number), strconv.FormatInt(it.N, 10), strconv.Itoa(it.Page), it.File, orDash(it.Rendering), orDash(it.Title)}, " "))
	}
	b.WriteString(last)
	return b.String()
}

// names are the lines of a seal with words, in their order; values are what they hold.
var names = []string{"網站 site", "主管機關 authority", "案件 case", "案件序號 serial", "案件類別 type", "身分 as", "簽章人 signer", "證照 licence", "許可文號 permit", "簽證項目 work"}

func (s *Seal) values() []*string {
	return []*string{&s.Site, &s.Authority, &s.Case, &s.Serial, &s.Type, &s.As, &s.Signer, &s.Licence, &s.Permit, &s.Work}
}

const last = "以上各項由簽章人壓章。The signer seals the items above.\n"

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// Parse reads the text of a seal. It takes nothing but what Text writes.
func Parse(text string) (s Seal, err error) {
	lines := strings.Split(text, "\n")
	take := func(name string) (value string) {
		if err != nil {
			return ""
		}
		if len(lines) == 0 || !strings.HasPrefix(lines[0], name+": ") {
			err = fmt.Errorf("proof: a seal without the line %q", name)
			return ""
		}
		value, lines = strings.TrimPrefix(lines[0], name+": "), lines[1:]
		if value == "-" {
			return ""
		}
		return value
	}
	if lines[0] != Mark {
		return s, fmt.Errorf("proof: no seal: it begins %.40q", lines[0])
	}
	lines = lines[1:]
	take("用途 purpose")
	for i, v := range s.values() {
		*v = take(names[i])
	}
	s.Round, _ = strconv.Atoi(take("輪次 round"))
	s.At, _ = time.Parse(time.RFC3339, take("時間 time"))
	s.Nonce = take("隨機碼 nonce")
	n, _ := strconv.Atoi(take("件數 items"))
	for range n {
		it, itemErr := parseItem(lines)
		if err == nil {
			err = itemErr
		}
		if err != nil {
			return s, err
		}
		s.Items, lines = append(s.Items, it), lines[1:]
	}
	if err == nil {
		err = s.Check()
	}
	if err == nil && s.Text() != text {
		err = fmt.Errorf("proof: a seal that is written otherwise than seals are")
	}
	return s, err
}

func parseItem(lines []string) (it Item, err error) {
	if len(lines) == 0 {
		return it, fmt.Errorf("proof: a seal with items missing")
	}
	kind, rest, ok := strings.Cut(lines[0], ": ")
	f := strings.SplitN(rest, " ", 7)
	if !ok || len(f) != 7 {
		return it, fmt.Errorf("proof: no item: %.60q", lines[0])
	}
	undash := func(s string) string { return strings.TrimPrefix(s, "-") }
	it = Item{Kind: Kind(kind), ID: f[0], Number: f[1], File: f[4], Rendering: undash(f[5]), Title: f[6]}
	if it.Number == "-" {
		it.Number = ""
	}
	if it.Title == "-" {
		it.Title = ""
	}
	it.N, _ = strconv.ParseInt(f[2], 10, 64)
	it.Page, _ = strconv.Atoi(f[3])
	return it, nil
}

// MaxItems is the most that one seal is over.
const MaxItems = 500

// Check reports what keeps a seal from being written so that it has one reading.
func (s Seal) Check() error {
	for _, v := range append(s.values(), &s.Nonce) {
		if !plain(*v) || *v == "-" {
			return fmt.Errorf("proof: %.40q cannot stand in a seal", *v)
		}
	}
	switch {
	case s.Case == "" || s.Serial == "" || s.As == "" || s.Signer == "" || s.Nonce == "" || s.At.IsZero():
		return fmt.Errorf("proof: a seal that does not say which case, who, as what, and when")
	case len(s.Items) == 0 || len(s.Items) > MaxItems:
		return fmt.Errorf("proof: a seal over %d items", len(s.Items))
	}
	seen := map[string]bool{}
	for _, it := range s.Items {
		switch {
		case !slices.Contains([]Kind{Form, Sheet, Paper}, it.Kind):
			return fmt.Errorf("proof: an item of kind %q", it.Kind)
		case !isDigest(it.File) || it.Rendering != "" && !isDigest(it.Rendering):
			return fmt.Errorf("proof: the item %s has no SHA-256", it.ID)
		case it.ID == "" || strings.ContainsAny(it.ID+it.Number, " ") || !plain(it.ID+it.Number+it.Title) || it.Title == "-" || it.Number == "-":
			return fmt.Errorf("proof: the item %q %q cannot stand in a seal", it.ID, it.Title)
		case seen[string(it.Kind)+it.ID]:
			return fmt.Errorf("proof: the item %s stands twice", it.ID)
		}
		seen[string(it.Kind)+it.ID] = true
	}
	return nil
}

// plain reports whether s stands on one line and reads as it is: no control characters, nothing that turns the
// direction of writing, no blanks at its ends.
func plain(s string) bool {
	return strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029
	})
}

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && strings.ToLower(s) == s
}
