package store_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cloudbm/store"
	"cloudbm/store/storetest"
)

func TestVaultHidesAndStillReadsAfterAChangeOfKey(t *testing.T) {
	db := storetest.SQLite(t)
	old, fresh := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	before, _ := store.NewVault(old)
	after, _ := store.NewVault(fresh, old)
	var text, blind string
	with := func(v *store.Vault, f func(tx *store.Tx)) {
		t.Helper()
		db.SetVault(v)
		if err := db.Read(context.Background(), func(tx *store.Tx) error { f(tx); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	with(before, func(tx *store.Tx) {
		text, _ = tx.Hide("D123000011")
		blind, _ = tx.Blind("D123000011")
	})
	if text == "" || strings.Contains(text, "D123000011") {
		t.Fatalf("hidden as %q", text)
	}
	with(after, func(tx *store.Tx) {
		if got, err := tx.Reveal(text); got != "D123000011" || err != nil {
			t.Errorf("read back %q, %v", got, err)
		}
		if again, _ := tx.Blind("D123000011"); again != blind {
			t.Error("an equal fact is no longer found after the change of key")
		}
		if twice, _ := tx.Hide(text); twice != text {
			t.Error("hidden twice")
		}
		if _, err := tx.Reveal(text[:len(text)-2] + "AA"); err == nil {
			t.Error("a changed text was read")
		}
	})
}
