package kill

import (
	"context"
	"fmt"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/cms"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/seals"
	"cloudbm/store"
	"cloudbm/submission"
)

// found is everything that is in the house in the end, as its verbs tell it.
type found struct {
	cases   map[string]*cases.Case
	names   map[string]string
	rows    map[string][]string
	log     map[string]map[string]int // how often which act stands in the log
	broken  []string                  // cases whose log does not fit
	files   map[string]map[string]int // by case and digest: how many sheets, papers and arrivals
	waiting int                       // files nobody has looked at
	rounds  map[string]submission.Round
	seals   map[string]map[string]error // by case and SHA-256 of the text: whether what is kept is a signature of it
	opened  map[string]int              // cases by e-mail address
	bytes   map[string]error
	sizes   map[string]int64
}

// look asks the rooms for everything the ledger and the drafts speak of.
func look(ctx context.Context, db *store.DB, files *blob.Store, l *ledger, drafts []string) (*found, error) {
	f := &found{cases: map[string]*cases.Case{}, names: map[string]string{}, rows: map[string][]string{}, log: map[string]map[string]int{},
		files: map[string]map[string]int{}, rounds: map[string]submission.Round{}, seals: map[string]map[string]error{}, opened: map[string]int{}, bytes: map[string]error{}, sizes: map[string]int64{}}
	err := db.Read(ctx, func(tx *store.Tx) error {
		ids, err := cases.Logged(tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := f.readCase(tx, id); err != nil {
				return fmt.Errorf("case %s: %w", id, err)
			}
		}
		for email := range l.cases {
			who, err := accounts.ByEmail(tx, email)
			if err != nil {
				return err
			}
			n := 0
			for _, c := range f.cases {
				if c.Opener == who.ID {
					n++
				}
			}
			for _, id := range drafts {
				if c := f.cases[id]; c != nil && c.Opener == who.ID {
					n--
				}
			}
			f.opened[email] = n
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, p := range l.promises {
		if p.What != uploaded && p.What != received {
			continue
		}
		d, err := blob.ParseDigest(p.Text)
		if err != nil {
			return nil, err
		}
		f.bytes[p.Text] = files.Verify(ctx, d)
		f.sizes[p.Text], _ = files.Stat(d)
	}
	return f, nil
}

func (f *found) readCase(tx *store.Tx, id string) error {
	c, err := cases.Find(tx, permit.System, id)
	if err != nil {
		return err
	}
	a, err := cases.Answers(tx, c)
	if err != nil {
		return err
	}
	f.cases[id], f.names[id] = c, a.Get(c.Type.TitleField)
	for _, s := range c.Type.Lists(permit.Owner) {
		for _, r := range a.Rows[s.Key] {
			f.rows[id] = append(f.rows[id], r.ID)
		}
	}
	at, err := cases.VerifyLog(tx, id)
	if err != nil {
		return err
	}
	if at != 0 {
		f.broken = append(f.broken, fmt.Sprintf("%s from entry %d on", id, at))
	}
	entries, err := cases.Entries(tx, c)
	if err != nil {
		return err
	}
	f.log[id] = map[string]int{}
	for _, e := range entries {
		f.log[id][e.Act]++
	}
	if f.files[id], err = f.readFiles(tx, c); err != nil {
		return err
	}
	all, err := seals.All(tx, c)
	if err != nil {
		return err
	}
	f.seals[id] = map[string]error{}
	for _, s := range all {
		_, err := cms.ReadText(s.CMS, s.Text)
		f.seals[id][blob.Of([]byte(s.Text)).String()] = err
	}
	if f.log[id][seals.ActSeal] != len(all) {
		f.broken = append(f.broken, fmt.Sprintf("%s, which speaks of %d seals; there are %d", id, f.log[id][seals.ActSeal], len(all)))
	}
	if c.Round > 0 {
		f.rounds[id], err = submission.Find(tx, c, 1)
	}
	return err
}

// readFiles counts what a case holds under each digest.
func (f *found) readFiles(tx *store.Tx, c *cases.Case) (map[string]int, error) {
	n := map[string]int{}
	sheets, err := drawings.Current(tx, c)
	if err != nil {
		return nil, err
	}
	for _, s := range sheets {
		for _, v := range s.Versions {
			n[v.Digest.String()]++
		}
	}
	papers, err := drawings.Papers(tx, c)
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		n[p.Digest.String()]++
	}
	came, err := drawings.Arrivals(tx, c)
	for _, a := range came {
		n[a.Digest.String()]++
		if a.State == drawings.Waiting {
			f.waiting++
		}
	}
	return n, err
}

// check compares what was promised with what is there, and says everything that does not fit.
func check(l *ledger, f *found, drafts []string) (bad []string) {
	say := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	for _, id := range f.broken {
		say("the log of case %s does not fit", id)
	}
	if f.waiting > 0 {
		say("%d files were never looked at", f.waiting)
	}
	promised := map[string]int{}
	rows := map[string]int{}
	given := map[string]string{} // number of a receipt → case
	for _, p := range l.promises {
		c := f.cases[p.Case]
		if c == nil {
			say("%s: case %s is lost", p.What, p.Case)
			continue
		}
		switch p.What {
		case opened:
			promised[p.Key]++
		case added:
			rows[p.Case]++
			if n := times(f.rows[p.Case], p.Key); n != 1 {
				say("row %s of case %s is there %d times", p.Key, p.Case, n)
			}
		case uploaded, received:
			if n := f.files[p.Case][p.Text]; n != 1 {
				say("%s: file %s of case %s is there %d times", p.What, p.Text, p.Case, n)
			}
			if err := f.bytes[p.Text]; err != nil || f.sizes[p.Text] != p.Size {
				say("%s: the bytes of %s: %v, %d of %d", p.What, p.Text, err, f.sizes[p.Text], p.Size)
			}
		case submitted:
			if c.Round != 1 {
				say("case %s was submitted and stands at round %d", p.Case, c.Round)
			}
		case receipt:
			if r := f.rounds[p.Case]; r.Receipt != p.Key || r.Digest != p.Text {
				say("case %s: receipt %s over %s has become %s over %s", p.Case, p.Key, p.Text, r.Receipt, r.Digest)
			}
			if other, ok := given[p.Key]; ok && other != p.Case {
				say("receipt %s was given to case %s and to case %s", p.Key, other, p.Case)
			}
			given[p.Key] = p.Case
		case sealed:
			if err, there := f.seals[p.Case][p.Text]; !there || err != nil {
				say("case %s: the seal over %s is there: %t, %v", p.Case, p.Text, there, err)
			}
		case taken:
			if c.Registration == "" || f.log[p.Case][string(permit.Take)] != 1 {
				say("case %s was registered, and has number %q and %d such entries", p.Case, c.Registration, f.log[p.Case][string(permit.Take)])
			}
		}
	}
	for id, names := range l.names {
		if last, ok := l.kept[id]; ok && times(names[last:], f.names[id]) == 0 {
			say("case %s is called %q; promised was %q, and after that only %q was sent", id, f.names[id], names[last], names[last+1:])
		}
	}
	for email, asked := range l.cases {
		if n := f.opened[email]; n < promised[email] || n > asked {
			say("%s has %d cases, was promised %d and asked for %d", email, n, promised[email], asked)
		}
	}
	for id, asked := range l.rows {
		if n := len(f.rows[id]); n < rows[id] || n > asked {
			say("case %s has %d rows of owners; %d were promised, %d asked for", id, n, rows[id], asked)
		}
	}
	serials, receipts, registrations := map[string]string{}, map[string]string{}, map[string]string{}
	once := func(what, number, id string, seen map[string]string) {
		if other, ok := seen[number]; ok && number != "" {
			say("%s %s stands at case %s and at case %s", what, number, other, id)
		}
		seen[number] = id
	}
	for id, c := range f.cases {
		once("serial", c.Serial, id, serials)
		once("receipt", f.rounds[id].Receipt, id, receipts)
		once("registration", c.Registration, id, registrations)
		if f.log[id]["start"] != 1 || int64(f.log[id][string(permit.Submit)]) != int64(c.Round) {
			say("case %s at round %d: its log says start %d times and submit %d times", id, c.Round, f.log[id]["start"], f.log[id][string(permit.Submit)])
		}
	}
	for _, id := range drafts {
		if c := f.cases[id]; c == nil || c.Round > 1 {
			say("draft %s is lost or was submitted again", id)
		}
	}
	return bad
}

func times(all []string, s string) (n int) {
	for _, x := range all {
		if x == s {
			n++
		}
	}
	return n
}
