package pki_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

var noon = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)

// keys are made once: making RSA keys is most of what these tests would do.
var keys = sync.OnceValue(func() (k struct {
	rsa, rsa2, weak *rsa.PrivateKey
	ec              *ecdsa.PrivateKey
}) {
	var err error
	for to, bits := range map[**rsa.PrivateKey]int{&k.rsa: 2048, &k.rsa2: 2048, &k.weak: 1024} {
		if *to, err = rsa.GenerateKey(rand.Reader, bits); err != nil {
			panic(err)
		}
	}
	if k.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		panic(err)
	}
	return k
})

var citizen = card.Holder{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TP01000000000011", Serial: "0000000000000011"}

// bench is a room with authorities whose answers are at hand.
type bench struct {
	t    *testing.T
	room *pki.Room
	ca   *card.CA
	sim  *httptest.Server
	now  time.Time
}

func newBench(t *testing.T, db *store.DB) *bench {
	t.Helper()
	b := &bench{t: t, now: noon}
	db.SetClock(func() time.Time { return b.now })
	ca, err := card.NewCA(t.TempDir(), "", noon)
	if err != nil {
		t.Fatal(err)
	}
	s := &card.Sim{CA: ca, Now: func() time.Time { return b.now }}
	b.sim = httptest.NewServer(s.Handler())
	t.Cleanup(b.sim.Close)
	ca.Base = b.sim.URL
	b.ca = ca
	a := &pki.Anchors{}
	if err := a.Add(ca.Anchors()); err != nil {
		t.Fatal(err)
	}
	b.room = &pki.Room{DB: db, Anchors: a, Site: "https://cloudbm.test", Hosts: []string{strings.TrimPrefix(b.sim.URL, "http://")}}
	return b
}

func (b *bench) issue(h card.Holder, key crypto.Signer, change func(*x509.Certificate)) *x509.Certificate {
	b.t.Helper()
	x, err := b.ca.Issue(h, key.Public(), noon.AddDate(-1, 0, 0), noon.AddDate(4, 0, 0), change)
	if err != nil {
		b.t.Fatal(err)
	}
	return x
}

func (b *bench) ask(p pki.Purpose, about string) (c pki.Challenge) {
	b.t.Helper()
	err := b.room.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		c, err = b.room.Ask(tx, p, about, 5*time.Minute)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bench) answered(p pki.Purpose, about, text string, said any, kinds ...pki.Kind) (pki.Signed, error) {
	b.t.Helper()
	var s string
	switch said := said.(type) {
	case string:
		s = said
	default:
		j, err := json.Marshal(said)
		if err != nil {
			b.t.Fatal(err)
		}
		s = string(j)
	}
	return b.room.Answered(context.Background(), p, about, pki.Answer{Text: text, Said: s}, kinds...)
}

// want fails unless err is the trouble with that key.
func (b *bench) want(what string, err error, key string) {
	b.t.Helper()
	var r *pki.Refusal
	switch {
	case key == "" && err != nil:
		b.t.Errorf("%s: %v", what, err)
	case key != "" && !errors.As(err, &r):
		b.t.Errorf("%s: %v, want the trouble %s", what, err, key)
	case key != "" && r.Key != key:
		b.t.Errorf("%s: the trouble %s (%s), want %s", what, r.Key, r.Detail, key)
	}
}

func signWith(t testing.TB, key crypto.Signer, b []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(b)
	out, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// made is what a card says to a challenge; each of its parts may be spoiled.
type made struct {
	content    []byte
	attributes []card.Attribute
	cert       *x509.Certificate
	key        crypto.Signer
	bag        []*x509.Certificate
	noSet      bool
	twice      bool // two signers
	outside    bool // the content is not in it
	flip       bool // one bit of the signature
}

func (b *bench) make(c pki.Challenge, x *x509.Certificate, key crypto.Signer) made {
	return made{content: []byte(c.Text), attributes: card.Attributes([]byte(c.Text), c.Nonce, citizen.Number, b.now), cert: x, key: key,
		bag: append([]*x509.Certificate{x}, b.ca.Chain(pki.Citizen)...)}
}

func (m made) der(t testing.TB) []byte {
	t.Helper()
	s := card.Signer{Certificate: m.cert}
	var err error
	signed := m.content
	if !m.noSet {
		if s.Set, err = card.Set(m.attributes); err != nil {
			t.Fatal(err)
		}
		signed = s.Set
	}
	s.Signature = signWith(t, m.key, signed)
	if m.flip {
		s.Signature[40] ^= 1
	}
	signers := []card.Signer{s}
	if m.twice {
		signers = append(signers, s)
	}
	content := m.content
	if m.outside {
		content = nil
	}
	der, err := card.CMS(content, m.bag, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func (m made) answer(t *testing.T) card.Answer {
	return card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(m.der(t)), Cert: base64.StdEncoding.EncodeToString(m.cert.Raw),
		CardSN: citizen.Number, ServerVersion: card.Version}
}

// TestSigned: a challenge that a card answers, RSA and P-256, CMS and plain, on both databases.
func TestSigned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBench(t, db)
		for name, key := range map[string]crypto.Signer{"RSA": keys().rsa, "P-256": keys().ec} {
			x := b.issue(citizen, key, nil)
			c := b.ask(pki.SignIn, "")
			m := b.make(c, x, key)
			s, err := b.answered(pki.SignIn, "", c.Text, m.answer(t))
			b.want(name, err, "")
			if s.Kind != pki.Citizen || s.Name != "測試甲" || s.Last4 != "0011" || s.CardNumber != citizen.Number || !s.State.Known ||
				len(s.State.Evidence) == 0 || !strings.HasPrefix(s.State.By, "ocsp http") || s.Text != c.Text || !s.At.Equal(noon) {
				t.Errorf("%s: %+v", name, s)
			}
			_, err = b.answered(pki.SignIn, "", c.Text, m.answer(t))
			b.want(name+", the same answer again", err, "late")

			c = b.ask(pki.Seal, "case 1")
			outside := b.make(c, x, key)
			outside.outside = true
			_, err = b.answered(pki.Seal, "case 1", c.Text, outside.answer(t))
			b.want(name+", detached", err, "")

			c = b.ask(pki.BindCard, "somebody")
			plain := card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(signWith(t, key, []byte(c.Text))), Cert: base64.StdEncoding.EncodeToString(x.Raw)}
			s, err = b.answered(pki.BindCard, "somebody", c.Text, plain)
			b.want(name+", PKCS #1", err, "")
			if s.CardNumber != "" || s.Last4 != "0011" {
				t.Errorf("%s, PKCS #1: %+v", name, s)
			}
			c = b.ask(pki.BindCard, "somebody")
			_, err = b.answered(pki.BindCard, "somebody", c.Text, plain)
			b.want(name+", PKCS #1 of another challenge", err, "tampered")
		}
	})
}

// TestChallenge: once, soon, for one purpose and about one thing; used up whatever comes of it.
func TestChallenge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBench(t, db)
		key := keys().ec
		x := b.issue(citizen, key, nil)
		try := func(what string, c pki.Challenge, p pki.Purpose, about string, key string) {
			t.Helper()
			_, err := b.answered(p, about, c.Text, b.make(c, x, keys().ec).answer(t))
			b.want(what, err, key)
		}
		c := b.ask(pki.SignIn, "a")
		for _, line := range []string{"cloudbm challenge 1\n", "sign-in", "登錄", "https://cloudbm.test", c.Nonce, "2026-11-26T04:00:00Z", "不是任何文件的簽章"} {
			if !strings.Contains(c.Text, line) {
				t.Errorf("the text does not say %q:\n%s", line, c.Text)
			}
		}
		try("another purpose", c, pki.EGovSignIn, "a", "other")
		try("the right purpose, after it was used up for another", c, pki.SignIn, "a", "late")
		try("about another", b.ask(pki.BindCard, "a"), pki.BindCard, "b", "other")
		late := b.ask(pki.SignIn, "")
		b.now = noon.Add(5 * time.Minute)
		try("too late", late, pki.SignIn, "", "late")
		forged := b.ask(pki.SignIn, "")
		forged.Text = strings.Replace(forged.Text, "sign-in", "seal", 1)
		try("a text that was not asked", forged, pki.Seal, "", "late")

		wrong := b.ask(pki.SignIn, "")
		_, err := b.answered(pki.SignIn, "", wrong.Text, `{"func":"sign","ret_code":1980760070,"last_error":-2147483646}`)
		b.want("a wrong PIN", err, "pin-two")
		try("the same challenge after a wrong PIN", wrong, pki.SignIn, "", "late")

		err = db.Write(context.Background(), func(tx *store.Tx) error {
			if _, err := b.room.Ask(tx, "anything", "", time.Minute); err == nil {
				t.Error("asked for a purpose that is none")
			}
			if _, err := b.room.Ask(tx, pki.SignIn, "a\nnonce: b", time.Minute); err == nil {
				t.Error("asked about two lines")
			}
			return nil
		})
		b.want("refusals", err, "")
	})
}

// TestAttacks: what looks like an answer and is none.
func TestAttacks(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	key, other := keys().rsa, keys().rsa2
	mine := b.issue(citizen, key, nil)
	theirs := b.issue(card.Holder{Kind: pki.Citizen, Name: "測試乙", Last4: "0022", Serial: "0000000000000022"}, other, nil)
	twin := b.issue(citizen, other, func(x *x509.Certificate) { x.SerialNumber = mine.SerialNumber })
	elsewhere := newBench(t, storetest.SQLite(t))
	foreign := elsewhere.issue(citizen, key, nil)
	oldText := b.ask(pki.SignIn, "")

	attr := func(change func([]card.Attribute) []card.Attribute) func(*made) {
		return func(m *made) { m.attributes = change(m.attributes) }
	}
	without := func(i int) func(*made) {
		return attr(func(a []card.Attribute) []card.Attribute {
			return append(append([]card.Attribute{}, a[:i]...), a[i+1:]...)
		})
	}
	spoils := []struct {
		name  string
		spoil func(*made)
		after func(*card.Answer)
		key   string
	}{
		{name: "nothing", key: ""},
		{name: "another content", spoil: func(m *made) {
			m.content = []byte("cloudbm challenge 1\n我同意")
			m.attributes = card.Attributes(m.content, "x", citizen.Number, noon)
		}, key: "tampered"},
		{name: "content swapped under a signature", spoil: func(m *made) { m.content = append(m.content, ' ') }, key: "tampered"},
		{name: "an earlier challenge", spoil: func(m *made) {
			m.content = []byte(oldText.Text)
			m.attributes = card.Attributes(m.content, oldText.Nonce, citizen.Number, noon)
		}, key: "tampered"},
		{name: "nonce of an earlier challenge", spoil: func(m *made) {
			m.attributes = card.Attributes(m.content, oldText.Nonce, citizen.Number, noon)
		}, key: "tampered"},
		{name: "no nonce", spoil: without(3), key: "tampered"},
		{name: "two nonces", spoil: attr(func(a []card.Attribute) []card.Attribute { return append(a, a[3]) }), key: "tampered"},
		{name: "no digest", spoil: without(1), key: "tampered"},
		{name: "no content type", spoil: without(0), key: "tampered"},
		{name: "wrong digest", spoil: attr(func(a []card.Attribute) []card.Attribute {
			sum := sha256.Sum256([]byte("another"))
			a[1].Value = sum[:]
			return a
		}), key: "tampered"},
		{name: "no signed attributes", spoil: func(m *made) { m.noSet = true }, key: "tampered"},
		{name: "two signers", spoil: func(m *made) { m.twice = true }, key: "tampered"},
		{name: "a bit of the signature", spoil: func(m *made) { m.flip = true }, key: "tampered"},
		{name: "another's key", spoil: func(m *made) { m.key = other }, key: "tampered"},
		{name: "another's certificate", spoil: func(m *made) { m.cert, m.bag[0] = theirs, theirs }, key: "tampered"},
		{name: "another's certificate in the bag", spoil: func(m *made) { m.bag = append(m.bag, theirs) }, key: ""},
		{name: "only another's certificate in the bag", spoil: func(m *made) { m.bag[0] = theirs }, key: "tampered"},
		{name: "two certificates of one number", spoil: func(m *made) { m.bag = append(m.bag, twin) }, key: "tampered"},
		{name: "an authority nobody trusts, brought along", spoil: func(m *made) {
			m.cert, m.bag = foreign, append([]*x509.Certificate{foreign}, elsewhere.ca.Chain(pki.Citizen)...)
		}, key: "untrusted"},
		{name: "many certificates", spoil: func(m *made) {
			for range 9 {
				m.bag = append(m.bag, theirs)
			}
		}, key: "tampered"},
		{name: "another certificate beside", after: func(a *card.Answer) { a.Cert = base64.StdEncoding.EncodeToString(theirs.Raw) }, key: "tampered"},
		{name: "another number beside", after: func(a *card.Answer) { a.CardSN = "TP09" }, key: "tampered"},
		{name: "a number beside, none signed", spoil: without(4), key: "tampered"},
		{name: "rubbish", after: func(a *card.Answer) { a.Signature = "AAAA" }, key: "tampered"},
		{name: "no base64", after: func(a *card.Answer) { a.Signature = "誰" }, key: "tampered"},
		{name: "no signature", after: func(a *card.Answer) { a.Signature = "" }, key: "tampered"},
		{name: "bytes after the end", after: func(a *card.Answer) {
			der, _ := base64.StdEncoding.DecodeString(a.Signature)
			a.Signature = base64.StdEncoding.EncodeToString(append(der, 0))
		}, key: "tampered"},
	}
	for _, s := range spoils {
		c := b.ask(pki.SignIn, "")
		m := b.make(c, mine, key)
		if s.spoil != nil {
			s.spoil(&m)
		}
		a := m.answer(t)
		if s.after != nil {
			s.after(&a)
		}
		_, err := b.answered(pki.SignIn, "", c.Text, a)
		b.want(s.name, err, s.key)
	}

	// Hashes that do not count: the object identifiers of SHA-256 become those of SHA-1 and of something unknown.
	for name, to := range map[string]string{"2.16.840.1.101.3.4.2.1→sha224": "\x60\x86\x48\x01\x65\x03\x04\x02\x04"} {
		c := b.ask(pki.SignIn, "")
		m := b.make(c, mine, key)
		a := m.answer(t)
		der := strings.ReplaceAll(string(m.der(t)), "\x60\x86\x48\x01\x65\x03\x04\x02\x01", to)
		a.Signature = base64.StdEncoding.EncodeToString([]byte(der))
		_, err := b.answered(pki.SignIn, "", c.Text, a)
		b.want(name, err, "tampered")
	}

	c := b.ask(pki.SignIn, "")
	_, err := b.answered(pki.SignIn, "", c.Text, b.make(c, mine, key).answer(t), pki.Company)
	b.want("a citizen's card where a company's is asked for", err, "kind")
	c = b.ask(pki.SignIn, "")
	_, err = b.room.Answered(context.Background(), pki.SignIn, "", pki.Answer{Text: c.Text})
	b.want("nothing said", err, "script")
	c = b.ask(pki.SignIn, "")
	_, err = b.answered(pki.SignIn, "", c.Text, `{"func":`)
	b.want("half a JSON", err, "strange")
}
