package pades_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"cloudbm/pades"
	"cloudbm/pades/padestest"
	"cloudbm/pki"
)

func look(t testing.TB, b []byte, anchors pades.Chain) pades.Verdict {
	t.Helper()
	v, err := pades.Look(context.Background(), bytes.NewReader(b), int64(len(b)), anchors)
	if err != nil {
		t.Error(err)
	}
	return v
}

func believed(t testing.TB, s *padestest.Signer) *pki.Anchors {
	t.Helper()
	a := &pki.Anchors{}
	if err := a.Add(s.CA.Anchors()); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestHonest: a signed file is valid; what came later is listed, and allowed.
func TestHonest(t *testing.T) {
	s := padestest.NewSigner(t)
	anchors := believed(t, s)
	for name, b := range s.Honest() {
		v := look(t, b, anchors)
		want := pades.LaterChanges
		if strings.HasPrefix(name, "one") {
			want = pades.ValidUnchanged
		}
		if v.Kind != want || v.Altered || v.Said.Empty() {
			t.Errorf("%s: %s, altered %v: %s %+v", name, v.Kind, v.Altered, v.Said, v.Changes)
		}
		if (len(v.Changes) == 0) != (want == pades.ValidUnchanged) {
			t.Errorf("%s: changes %+v", name, v.Changes)
		}
		for _, x := range v.Signatures {
			if x.Who != "測試甲" || x.Trusted != pades.Trusted || !x.When.Equal(padestest.At) || x.Covers == 0 || x.Issuer == "" {
				t.Errorf("%s: %+v", name, x)
			}
		}
		if n := map[bool]int{true: 2, false: 1}[strings.Contains(name, "two")]; len(v.Signatures) != n {
			t.Errorf("%s: %d signatures", name, len(v.Signatures))
		}
	}
}

// TestWhoIsBelieved: whom the authorities do not know is said to be unknown; nobody is asked where nobody can be.
func TestWhoIsBelieved(t *testing.T) {
	s, other := padestest.NewSigner(t), padestest.NewSigner(t)
	b := s.Honest()["one"]
	for want, anchors := range map[pades.Trust]pades.Chain{pades.Trusted: believed(t, s), pades.Untrusted: believed(t, other), pades.NotJudged: nil} {
		if v := look(t, b, anchors); v.Kind != pades.ValidUnchanged || v.Signatures[0].Trusted != want {
			t.Errorf("%q: %+v", want, v)
		}
	}
}

// outcomes are the verdicts that may be given on an attack; altered is LaterChanges with Altered.
var outcomes = map[string][]string{
	"usf": {"broken"}, "range": {"broken"}, "swa": {"broken", "altered"}, "isa": {"altered", "broken"}, "doc": {"altered"}, "shadow": {"altered"},
	"layer": {"unsupported"}, "active": {"unsupported"}, "outside": {"unsupported"}, "polyglot": {"unsupported", "altered"},
	"cut": {"broken", "altered", "none"}, "end": {"broken"}, "flip": {"broken", "unsupported"}, "bomb": {"unsupported", "broken"},
	"locked": {"unsupported"}, "filter": {"unsupported"}, "cms": {"broken", "unsupported"}, "field": {"broken"}, "circle": {"broken"}, "key": {"broken"},
	"contents": {"broken"}, "offset": {"broken"}, "prev": {"broken"}, "size": {"broken"}, "generation": {"broken"},
	"split": {"broken"}, "resigned": {"broken"}, "count": {"altered"}, "leaf": {"altered"}, "kids": {"altered", "broken"}, "cover": {"altered"}, "lock": {"altered"},
}

// TestHostile: nothing that somebody made to deceive or to harm is ever valid and unchanged, nor valid with changes that
// are allowed; each has words. A file of which the signature was cut off has none.
func TestHostile(t *testing.T) {
	s := padestest.NewSigner(t)
	anchors := believed(t, s)
	seen := map[string]int{}
	for name, b := range s.Hostile() {
		v := look(t, b, anchors)
		kind := string(v.Kind)
		if v.Altered && v.Kind == pades.LaterChanges {
			kind = "altered"
		}
		attack, _, _ := strings.Cut(name, "-")
		seen[attack]++
		if !slices.Contains(outcomes[attack], kind) || v.Said.Zh == "" || v.Said.En == "" {
			t.Errorf("%s: %s %s %+v", name, kind, v.Said, v.Changes)
		}
		if kind == "altered" && len(v.Changes) == 0 {
			t.Errorf("%s is altered, and nothing says how", name)
		}
		if kind == "none" && bytes.Contains(b, []byte("/ByteRange")) {
			t.Errorf("%s: there is a signature", name)
		}
	}
	for attack := range outcomes {
		if seen[attack] == 0 {
			t.Errorf("no file of the attack %s", attack)
		}
	}
	t.Log(seen)
}

// TestLoose: what stands beside a signature unsigned changes nothing of what is said about it, and makes nobody believed.
func TestLoose(t *testing.T) {
	s := padestest.NewSigner(t)
	anchors := believed(t, s)
	intact := 0
	for name, b := range s.Loose() {
		v := look(t, b, anchors)
		switch {
		case v.Kind == pades.Broken, v.Kind == pades.Unsupported:
		case v.Kind != pades.ValidUnchanged:
			t.Errorf("%s: %+v", name, v)
		default:
			intact++
			if x := v.Signatures[0]; x.Who != "測試甲" || !x.When.Equal(padestest.At) || x.Trusted != pades.Trusted {
				t.Errorf("%s: %+v", name, x)
			}
		}
	}
	if all := len(s.Loose()); intact > all/2 {
		t.Errorf("%d of %d turned bytes were of no account", intact, all)
	}
}
