package seals

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/say"
	"cloudbm/store"
)

// Signer is somebody whom the form names and who has to seal.
type Signer struct {
	Party   permit.Party
	Person  string // the account with that licence; "" if there is none yet
	Name    string
	Licence string   // 證照字號, as in the form
	Permit  string   // 內政部許可文號 of an engineer
	Work    []string // 簽證項目 of an engineer, codes
	Differs bool     // several rows of the form name them, and not alike
	Things  []Thing  // what is theirs to seal, in the order of the set
}

// Thing is what is to be sealed, as it is now.
type Thing struct {
	proof.Item
	Class   string           // of a sheet
	Version drawings.Version // of a sheet
	URL     string           // where it is looked at
}

// Key names a thing in a form.
func (t Thing) Key() string { return string(t.Kind) + "/" + t.ID }

// Name is what the thing is called.
func (t Thing) Name() say.Text {
	switch t.Kind {
	case proof.Form:
		return say.T("申請書全部填答", "All answers of the application")
	case proof.Paper:
		return say.F("%s（%s）", "%s (%s)", t.Title, t.Number)
	}
	return say.Same(strings.TrimSpace(t.Number + " " + t.Title))
}

// FormBytes are the answers as they are sealed and frozen: JSON with the keys in order.
func FormBytes(a permit.Answers) []byte {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // maps of strings only
	}
	return b
}

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// file is everything of a case that can be sealed, as it is now.
type file struct {
	answers permit.Answers
	form    Thing
	sheets  []Thing
	papers  []Thing
}

func read(tx *store.Tx, c *cases.Case) (f file, err error) {
	if f.answers, err = cases.Answers(tx, c); err != nil {
		return f, err
	}
	at := "/bls/cases/" + c.ID
	f.form = Thing{Item: proof.Item{Kind: proof.Form, ID: c.ID, File: digest(FormBytes(f.answers))}, URL: at + "/answers"}
	sheets, err := drawings.Current(tx, c)
	if err != nil {
		return f, err
	}
	for _, s := range sheets {
		v := s.Current()
		f.sheets = append(f.sheets, Thing{Class: s.Class, Version: v, URL: at + "/drawings/" + s.ID,
			Item: proof.Item{Kind: proof.Sheet, ID: v.ID, Number: oneWord(s.Number), N: v.N, Page: v.Page, File: string(v.Digest), Title: oneLine(s.Title)}})
	}
	papers, err := drawings.Papers(tx, c)
	for _, p := range papers {
		f.papers = append(f.papers, Thing{URL: at + "/papers/" + p.ID,
			Item: proof.Item{Kind: proof.Paper, ID: p.ID, Number: oneWord(p.Code), File: string(p.Digest), Title: oneLine(p.FileName)}})
	}
	return f, err
}

// oneLine is a name as it can stand in the text of a seal.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)), " ")
	if s == "-" {
		return ""
	}
	return s
}

func oneWord(s string) string { return strings.ReplaceAll(oneLine(s), " ", "") }

// Signers are those who have to seal the case as it is now, each with what is theirs. Of several designers the leading
// one seals; every engineer seals the classes of their 簽證項目.
func Signers(tx *store.Tx, c *cases.Case) ([]Signer, error) {
	f, err := read(tx, c)
	if err != nil {
		return nil, err
	}
	return signers(tx, c, f)
}

func signers(tx *store.Tx, c *cases.Case, f file) (out []Signer, err error) {
	for i := range c.Type.Form {
		s := &c.Type.Form[i]
		if s.List == nil || s.List.Party == "" || !s.When.Holds(f.answers) {
			continue
		}
		for _, row := range leading(s.List, f.answers.Rows[s.Key]) {
			who := Signer{Party: s.List.Party, Name: oneLine(row.Values["name"]), Licence: oneLine(licenceIn(row)), Permit: oneLine(row.Values["eng_permit"])}
			if w := row.Values["cert_item"]; w != "" {
				who.Work = []string{w}
			}
			if who.Person, err = cases.PartyPerson(tx, s.List, row); err != nil {
				return nil, err
			}
			if at := slices.IndexFunc(out, who.same); at >= 0 {
				out[at].Work = append(out[at].Work, who.Work...)
				out[at].Differs = out[at].Differs || out[at].Name != who.Name || out[at].Permit != who.Permit
				continue
			}
			out = append(out, who)
		}
	}
	for i := range out {
		out[i].Things = f.of(c.Type, out[i])
	}
	return slices.DeleteFunc(out, func(s Signer) bool { return len(s.Things) == 0 || s.Name == "" }), nil
}

// same reports whether two rows name the same professional: an engineer has a row for each 簽證項目.
func (s Signer) same(o Signer) bool {
	return s.Party == o.Party && s.Licence == o.Licence && (s.Licence != "" || s.Name == o.Name)
}

// leading are the rows whose people seal: every engineer, else who leads the list, or its first.
func leading(l *permit.List, rows []permit.Row) []permit.Row {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r permit.Row) bool { return r.Values["exempt"] == "Y" })
	if l.Party == permit.Certifier || len(rows) == 0 {
		return rows
	}
	if i := slices.IndexFunc(rows, func(r permit.Row) bool { return r.Lead }); i >= 0 {
		return rows[i : i+1]
	}
	return rows[:1]
}

func licenceIn(r permit.Row) string {
	for _, key := range []string{"arch_licence", "eng_licence"} {
		if r.Values[key] != "" {
			return r.Values[key]
		}
	}
	return ""
}

// of lists what a signer seals: the sheets of the classes that name them, the papers that name them, and for the designer
// the case itself (建築法 §13, §34).
func (f file) of(t *permit.Type, who Signer) (out []Thing) {
	if who.Party == permit.Designer {
		out = append(out, f.form)
	}
	for _, s := range f.sheets {
		if d := t.Drawing(s.Class); d != nil && slices.Contains(d.Signers, who.Party) && (who.Party != permit.Certifier || slices.Contains(who.Work, d.CertItem)) {
			out = append(out, s)
		}
	}
	for _, p := range f.papers {
		if x := t.Attachment(p.Number); x != nil && x.Signer == who.Party {
			out = append(out, p)
		}
	}
	return out
}

// work is the 簽證項目 as the text of a seal has it.
func (s Signer) work() string {
	w := slices.Clone(s.Work)
	slices.Sort(w)
	return strings.Join(slices.Compact(w), ",")
}
