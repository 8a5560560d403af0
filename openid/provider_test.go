package openid_test

import (
	"testing"

	"cloudbm/store"
	"cloudbm/store/storetest"
)

func TestProviderGivesTokensForACode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		out := h.tokens(t)
		status, info := h.userinfo(t, out.text("access_token"))
		if status != 200 || info.text("sub") != "person-1" || info.text("name") != "測試甲" || info.text("email") != "p1@example.test" {
			t.Fatalf("%d %v", status, info)
		}
	})
}
