package cases

import (
	"strconv"

	"github.com/shopspring/decimal"

	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
)

// Fee is what the case costs at its authority, in words, with the amount in whole NT$; ok is false while an answer it
// depends on is missing. The authority's own figures, as of now, stand before those of the declaration (建築法 §29).
func Fee(tx *store.Tx, c *Case, a permit.Answers) (nt int64, text say.Text, ok bool, err error) {
	f := c.Type.Fee
	if !f.None.Empty() {
		return 0, f.None, true, nil
	}
	figure, _, err := roles.Setting(tx, c.Authority, f.Setting, tx.Now)
	if err != nil {
		return 0, say.Text{}, false, err
	}
	least, _, err := roles.Setting(tx, c.Authority, "fee_minimum", tx.Now)
	if err != nil {
		return 0, say.Text{}, false, err
	}
	if d, bad := decimal.NewFromString(figure); bad == nil && f.Setting != "" {
		if f.Of != "" {
			f.PerMille = d
		} else {
			f.Flat = d.IntPart()
		}
	}
	if nt, ok = f.Amount(a); !ok {
		return 0, say.T("填好工程造價後自動計算", "Worked out from the cost of the works"), false, nil
	}
	if n, bad := strconv.ParseInt(least, 10, 64); bad == nil {
		nt = max(nt, n)
	}
	return nt, say.F("新臺幣 %s 元，核准後繳納", "NT$ %s, paid after approval", permit.Thousands(nt)), true, nil
}
