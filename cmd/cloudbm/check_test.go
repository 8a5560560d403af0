package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cloudbm/ledger"
	"cloudbm/proof"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestCheck: what does not fit in the list of licences or the audit record is named, and the command says no.
func TestCheck(t *testing.T) {
	for name, database := range map[string]string{"sqlite": "", "postgres": storetest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			h, err := build(context.Background(), &Config{Listen: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: database, Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer h.close()
			var out bytes.Buffer
			if err := h.check(t.Context(), &out); err != nil || !strings.Contains(out.String(), "the list of licences looked at, 0 damaged") {
				t.Errorf("nothing is there, and %v\n%s", err, &out)
			}
			for _, f := range []func(*store.Tx) error{
				func(tx *store.Tx) error {
					_, err := ledger.Enter(tx, proof.Entry{Act: proof.Issued, Authority: "IF0", Number: "(115)南工造字第00001號", Kind: "building", Serial: "115A10001",
						Licence: "NOBODY", Issued: tx.Now, SHA256: proof.Digest("x")})
					return err
				},
				func(tx *store.Tx) error { return ledger.Fasten(tx, proof.Anchor{Log: "audit/3", Count: 7, Head: "x"}) },
				func(tx *store.Tx) error {
					_, err := tx.Exec(`INSERT INTO audit_heads (chain, n, hash) VALUES (15, 1, 'x')
						ON CONFLICT (chain) DO UPDATE SET n = audit_heads.n + 1`)
					return err
				},
			} {
				if err := h.db.Write(t.Context(), f); err != nil {
					t.Fatal(err)
				}
			}
			out.Reset()
			if err := h.check(t.Context(), &out); err == nil {
				t.Error("taken for whole")
			}
			for _, want := range []string{"licences NOBODY: entry 1 is about a licence that is not there", "audit 3 7: is missing", "audit record, chain 15"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("does not say %q:\n%s", want, &out)
				}
			}
		})
	}
}
