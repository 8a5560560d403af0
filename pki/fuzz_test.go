package pki_test

import (
	"bytes"
	"testing"

	"cloudbm/pki"
	"cloudbm/sim/card"
)

// FuzzCMS: whatever comes as a signature is read or refused, and only what a card made is read. (ECDSA signatures of one
// text are many, so what is read may differ from what was made in the signature's own encoding, but not in the text.)
func FuzzCMS(f *testing.F) {
	content := []byte("cloudbm challenge 1")
	key := keys().rsa
	ca, err := card.NewCA(f.TempDir(), "http://127.0.0.1", noon)
	if err != nil {
		f.Fatal(err)
	}
	x, err := ca.Issue(citizen, key.Public(), noon, noon.AddDate(1, 0, 0), nil)
	if err != nil {
		f.Fatal(err)
	}
	b := &bench{ca: ca, now: noon}
	m := b.make(pki.Challenge{Text: string(content), Nonce: "n"}, x, key)
	good := m.der(f)
	f.Add(good)
	m.twice = true
	f.Add(m.der(f))
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Fuzz(func(t *testing.T, der []byte) {
		if pki.ReadCMS(der, content) == nil && pki.ReadCMS(der, append(content, ' ')) == nil {
			t.Error("one signature for two texts")
		}
		_, _ = pki.Parse(der)
		if pki.ReadCMS(append(bytes.Clone(der), 0), content) == nil {
			t.Error("bytes after the end were let pass")
		}
	})
}

// FuzzSaid: whatever is said in the component's name is answered in words.
func FuzzSaid(f *testing.F) {
	for _, s := range []string{`{"func":"pkcs11info","slots":[{"token":{"certs":[{}]}}]}`, `{"ret_code":"0x76100006","last_error":-2147483646}`, `{"slots":[{"token":[]}]}`, `null`, `{"trouble":"pin"}`} {
		f.Add(s)
	}
	r := &pki.Room{}
	f.Fuzz(func(t *testing.T, said string) {
		for _, x := range r.Inspect(pki.Answer{Said: said}, noon) {
			if x.Text.Zh == "" || x.Text.En == "" || x.Key == "" {
				t.Errorf("%q is answered by %+v", said, x)
			}
		}
	})
}
