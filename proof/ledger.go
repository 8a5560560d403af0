package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"cloudbm/cms"
)

// The first lines of the texts of the list of licences (docs/ledger.md).
const (
	LicenceMark = cms.Words + "licence 1"
	EntryMark   = cms.Words + "entry 1"
	AnchorMark  = cms.Words + "anchor 1"
	ProofMark   = cms.Words + "proof 1"
)

// LicenceText is what a licence says without naming anybody: its SHA-256 stands in the list.
type LicenceText struct {
	ID, Authority, Number, Serial, Kind string
	Round                               int
	Manifest                            string    // SHA-256 of the frozen round that was granted
	At                                  time.Time // when it was issued
	Decision                            string    // SHA-256 of who decided and what was said
}

// Text is the licence in lines of a name and a value.
func (l LicenceText) Text() string {
	return LicenceMark + "\n" + lines("識別碼 id", l.ID, "主管機關 authority", l.Authority, "字號 number", l.Number, "案件序號 serial", l.Serial,
		"類別 kind", l.Kind, "輪次 round", strconv.Itoa(l.Round), "送件 manifest", l.Manifest, "發照 issued", moment(l.At), "決行 decision", l.Decision)
}

// Digest is the SHA-256 of a text, in hex.
func Digest(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// Act is what happened to a licence.
type Act string

// The acts that stand in the list.
const (
	Issued     Act = "issued"     // 核發
	Sealed     Act = "deed"       // 用印: the signed file of the licence
	Superseded Act = "superseded" // 換發
	Revoked    Act = "revoked"    // 撤銷、廢止
)

// Entry is one line of the list of licences. Its text is a leaf of the tree.
type Entry struct {
	Position  int64 // from 1
	At        time.Time
	Act       Act
	Authority string
	Number    string
	Kind      string
	Serial    string // 案件序號
	Licence   string // id, as in the address of its page
	Issued    time.Time
	SHA256    string // of the text of the licence; of the file for Sealed
}

// Text is the entry in lines of a name and a value.
func (e Entry) Text() string {
	return EntryMark + "\n" + lines("位置 position", strconv.FormatInt(e.Position, 10), "時間 at", moment(e.At), "事項 act", string(e.Act),
		"主管機關 authority", e.Authority, "字號 number", e.Number, "類別 kind", e.Kind, "案件序號 serial", e.Serial,
		"執照 licence", e.Licence, "發照 issued", moment(e.Issued), "雜湊 sha256", e.SHA256)
}

// Check reports what keeps an entry from being written so that it has one reading.
func (e Entry) Check() error {
	for _, v := range []string{string(e.Act), e.Authority, e.Number, e.Kind, e.Serial, e.Licence} {
		if v == "" || v == "-" || !plain(v) {
			return fmt.Errorf("proof: %.40q cannot stand in an entry", v)
		}
	}
	switch {
	case !slices.Contains([]Act{Issued, Sealed, Superseded, Revoked}, e.Act):
		return fmt.Errorf("proof: an entry of %q", e.Act)
	case e.Position < 1 || e.At.IsZero() || e.Issued.IsZero() || !isDigest(e.SHA256):
		return errors.New("proof: an entry without a place, a time or a SHA-256")
	}
	return nil
}

// ParseEntry reads the text of an entry. It takes nothing but what Text writes.
func ParseEntry(text string) (e Entry, err error) {
	r := reading{text: text}
	r.mark(EntryMark)
	e.Position = r.number("位置 position")
	e.At = r.time("時間 at")
	e.Act = Act(r.value("事項 act"))
	for _, f := range []struct {
		name string
		into *string
	}{{"主管機關 authority", &e.Authority}, {"字號 number", &e.Number}, {"類別 kind", &e.Kind}, {"案件序號 serial", &e.Serial}, {"執照 licence", &e.Licence}} {
		*f.into = r.value(f.name)
	}
	e.Issued = r.time("發照 issued")
	e.SHA256 = r.value("雜湊 sha256")
	switch {
	case r.err != nil:
		return e, r.err
	case e.Text() != text:
		return e, errors.New("proof: an entry that is written otherwise than entries are")
	}
	return e, e.Check()
}

// Anchor says how far a log had come: every log of a case and every chain of the audit record is a log. Its text is a
// leaf of the second tree, of which only size and root are published.
type Anchor struct {
	Position int64
	Log      string // case/ID, audit/CHAIN
	Count    int64
	Head     string // hash of the last entry, in hex
}

// Text is the anchor in lines of a name and a value.
func (a Anchor) Text() string {
	return AnchorMark + "\n" + lines("位置 position", strconv.FormatInt(a.Position, 10), "紀錄 log", a.Log, "筆數 count", strconv.FormatInt(a.Count, 10), "雜湊 head", a.Head)
}

// Tree is how large a tree is and what it comes to (RFC 6962 §2.1).
type Tree struct {
	Size int64
	Root tlog.Hash
}

// Checkpoint is the state of the list that the authority puts its signature to. Its text begins as C2SP tlog-checkpoint
// has it: origin, size, root.
type Checkpoint struct {
	Origin   string
	Licences Tree
	N        int64 // from 1
	At       time.Time
	Before   string // SHA-256 of the text of the checkpoint before; empty for the first
	Logs     Tree   // of the anchors
}

// Text is what is signed.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\ncheckpoint %d\nat %s\nbefore %s\nlogs %d %s\n", c.Origin, c.Licences.Size, c.Licences.Root, c.N, moment(c.At),
		orDash(c.Before), c.Logs.Size, c.Logs.Root)
}

// ParseCheckpoint reads the text of a checkpoint. It takes nothing but what Text writes.
func ParseCheckpoint(text string) (c Checkpoint, err error) {
	l := strings.Split(text, "\n")
	if len(l) != 8 {
		return c, errors.New("proof: no checkpoint: it has eight lines")
	}
	c.Origin = l[0]
	c.Licences.Size, _ = strconv.ParseInt(l[1], 10, 64)
	c.Licences.Root, err = tlog.ParseHash(l[2])
	if err != nil {
		return c, fmt.Errorf("proof: a checkpoint without a root: %w", err)
	}
	c.N, _ = strconv.ParseInt(strings.TrimPrefix(l[3], "checkpoint "), 10, 64)
	c.At, _ = time.Parse(time.RFC3339Nano, strings.TrimPrefix(l[4], "at "))
	if c.Before = strings.TrimPrefix(l[5], "before "); c.Before == "-" {
		c.Before = ""
	}
	size, root, _ := strings.Cut(strings.TrimPrefix(l[6], "logs "), " ")
	c.Logs.Size, _ = strconv.ParseInt(size, 10, 64)
	if c.Logs.Root, err = tlog.ParseHash(root); err != nil {
		return c, fmt.Errorf("proof: a checkpoint without the root of the logs: %w", err)
	}
	switch {
	case c.Text() != text:
		return c, errors.New("proof: a checkpoint that is written otherwise than checkpoints are")
	case c.Origin == "" || !plain(c.Origin) || c.N < 1 || c.At.IsZero() || c.Licences.Size < 0 || c.Logs.Size < 0 || c.Before != "" && !isDigest(c.Before) || (c.N == 1) != (c.Before == ""):
		return c, errors.New("proof: a checkpoint that does not say of what, when, or after which")
	}
	return c, nil
}

// Signed checks the signature beside a checkpoint and answers who made it, if trust believes them as of the time of the
// checkpoint; without trust, whoever made it. A checkpoint from the future of now is not believed.
func (c Checkpoint) Signed(der []byte, trust *cms.Trust, now time.Time) (cms.Signature, error) {
	s, err := cms.Read(der, []byte(c.Text()))
	if err != nil {
		return s, err
	}
	if c.At.After(now.Add(cms.Skew)) {
		return s, fmt.Errorf("proof: a checkpoint of %s, which is not yet", c.At)
	}
	if trust != nil {
		_, err = trust.Chain(s.Signer, s.Bag, c.At)
	}
	return s, err
}

// Inclusion is the proof that an entry stands in the list of a checkpoint.
type Inclusion struct {
	Entry      Entry
	Path       tlog.RecordProof
	Checkpoint Checkpoint
}

// Text is the proof as a file: the path, the entry, the checkpoint, with blank lines between.
func (p Inclusion) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nposition %d\n", ProofMark, p.Entry.Position)
	for _, h := range p.Path {
		fmt.Fprintln(&b, h)
	}
	return b.String() + "\n" + p.Entry.Text() + "\n" + p.Checkpoint.Text()
}

// ParseInclusion reads a proof and checks that the path leads from the entry to the root. Whether the checkpoint is
// signed is another question.
func ParseInclusion(text string) (p Inclusion, err error) {
	parts := strings.Split(text, "\n\n")
	if len(parts) != 3 {
		return p, errors.New("proof: no proof: it has three parts")
	}
	if p.Entry, err = ParseEntry(parts[1] + "\n"); err != nil {
		return p, err
	}
	if p.Checkpoint, err = ParseCheckpoint(parts[2]); err != nil {
		return p, err
	}
	head := strings.Split(parts[0], "\n")
	for _, l := range head[min(2, len(head)):] {
		h, err := tlog.ParseHash(l)
		if err != nil {
			return p, fmt.Errorf("proof: a path with %.50q in it", l)
		}
		p.Path = append(p.Path, h)
	}
	if p.Text() != text {
		return p, errors.New("proof: a proof that is written otherwise than proofs are")
	}
	return p, p.Check()
}

// Check reports whether the path leads from the entry to the root of the checkpoint.
func (p Inclusion) Check() error {
	t := p.Checkpoint.Licences
	if p.Entry.Position < 1 || p.Entry.Position > t.Size {
		return fmt.Errorf("proof: the entry %d does not stand in a list of %d", p.Entry.Position, t.Size)
	}
	return tlog.CheckRecord(p.Path, t.Size, t.Root, p.Entry.Position-1, tlog.RecordHash([]byte(p.Entry.Text())))
}

// Entries writes entries one after another, with a blank line between.
func Entries(all []Entry) string {
	var texts []string
	for _, e := range all {
		texts = append(texts, e.Text())
	}
	return strings.Join(texts, "\n")
}

// ParseEntries reads what Entries writes.
func ParseEntries(text string) (out []Entry, err error) {
	if text == "" {
		return nil, nil
	}
	for _, part := range strings.Split(strings.TrimSuffix(text, "\n"), "\n\n") {
		e, err := ParseEntry(part + "\n")
		if err != nil {
			return nil, fmt.Errorf("after %d entries: %w", len(out), err)
		}
		out = append(out, e)
	}
	if Entries(out) != text {
		return nil, errors.New("proof: a list that is written otherwise than lists are")
	}
	return out, nil
}

// Grown is a tree that is built leaf by leaf from the texts themselves, by whoever has the list.
type Grown struct {
	Size   int64
	stored []tlog.Hash
}

// Add puts one more leaf at the end.
func (g *Grown) Add(text string) error {
	more, err := tlog.StoredHashes(g.Size, []byte(text), g)
	if err != nil {
		return err
	}
	g.stored, g.Size = append(g.stored, more...), g.Size+1
	return nil
}

// ReadHashes reads hashes of the tree by their index.
func (g *Grown) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		if n < 0 || n >= int64(len(g.stored)) {
			return nil, fmt.Errorf("proof: the tree has no hash %d", n)
		}
		out[i] = g.stored[n]
	}
	return out, nil
}

// Stored are the hashes of the tree in the order in which it grew.
func (g *Grown) Stored() []tlog.Hash { return g.stored }

// Root is what the first size leaves come to.
func (g *Grown) Root(size int64) (tlog.Hash, error) {
	if size < 0 || size > g.Size {
		return tlog.Hash{}, fmt.Errorf("proof: the list has %d entries, not %d", g.Size, size)
	}
	return tlog.TreeHash(size, g)
}

// Witness checks a whole list against a checkpoint of it, and that an older checkpoint (nil for none) is of its beginning.
// The signatures are another question.
func Witness(all []Entry, c Checkpoint, older *Checkpoint) error {
	var g Grown
	for i, e := range all {
		if e.Position != int64(i+1) {
			return fmt.Errorf("proof: the entry %d stands at place %d", e.Position, i+1)
		}
		if err := g.Add(e.Text()); err != nil {
			return err
		}
	}
	for _, x := range []*Checkpoint{older, &c} {
		if x == nil {
			continue
		}
		root, err := g.Root(x.Licences.Size)
		switch {
		case err != nil:
			return err
		case root != x.Licences.Root:
			return fmt.Errorf("proof: the first %d entries do not come to the root of checkpoint %d", x.Licences.Size, x.N)
		}
	}
	if older != nil && (older.N > c.N || older.Origin != c.Origin || older.Licences.Size > c.Licences.Size) {
		return fmt.Errorf("proof: checkpoint %d does not come before checkpoint %d", older.N, c.N)
	}
	return nil
}

// moment is a time as the texts of the list have it: UTC, to the microsecond.
func moment(t time.Time) string { return t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano) }

// lines writes pairs of a name and a value.
func lines(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, "%s: %s\n", pairs[i], orDash(pairs[i+1]))
	}
	return b.String()
}

// reading takes a text of lines apart; the first thing that is not there is its err.
type reading struct {
	text string
	err  error
}

func (r *reading) line() (l string) {
	l, rest, ok := strings.Cut(r.text, "\n")
	if !ok && r.err == nil {
		r.err = errors.New("proof: a text that ends too early")
	}
	r.text = rest
	return l
}

func (r *reading) mark(want string) {
	if l := r.line(); l != want && r.err == nil {
		r.err = fmt.Errorf("proof: it begins %.40q and not %q", l, want)
	}
}

func (r *reading) value(name string) string {
	l := r.line()
	v, ok := strings.CutPrefix(l, name+": ")
	if !ok && r.err == nil {
		r.err = fmt.Errorf("proof: %.60q stands where %q belongs", l, name)
	}
	return v
}

func (r *reading) number(name string) int64 {
	n, _ := strconv.ParseInt(r.value(name), 10, 64)
	return n
}

func (r *reading) time(name string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, r.value(name))
	return t
}
