package pades_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cloudbm/pades"
	"cloudbm/pades/padestest"
	"cloudbm/pki"
)

// TestHonest: a signed file is valid; what came later is listed, and allowed.
func TestHonest(t *testing.T) {
	s := padestest.NewSigner(t)
	anchors := &pki.Anchors{}
	for name, b := range s.Honest() {
		v, err := pades.Look(context.Background(), bytes.NewReader(b), int64(len(b)), anchors)
		if err != nil {
			t.Fatal(name, err)
		}
		want := pades.LaterChanges
		if strings.HasPrefix(name, "one") {
			want = pades.ValidUnchanged
		}
		if v.Kind != want || v.Altered {
			t.Errorf("%s: %s %v %s: %+v", name, v.Kind, v.Altered, v.Said, v)
		}
		t.Log(name, v.Said, v.Changes)
	}
}
