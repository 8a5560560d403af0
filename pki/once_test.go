package pki_test

import (
	"encoding/base64"
	"sync"
	"sync/atomic"
	"testing"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestOnce: an answer that comes eight times at the same moment counts once.
func TestOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBench(t, db)
		x := b.issue(citizen, keys().ec, nil)
		c := b.ask(pki.SignIn, "")
		said := card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(b.make(c, x, keys().ec).der(t)), CardSN: citizen.Number}
		var counted atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := b.answered(pki.SignIn, "", c.Text, said); err == nil {
					counted.Add(1)
				} else {
					b.want("once more", err, "late")
				}
			})
		}
		all.Wait()
		if n := counted.Load(); n != 1 {
			t.Errorf("it counted %d times", n)
		}
	})
}
