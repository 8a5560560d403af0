package egov

import (
	"net/http"
	"net/url"
	"strconv"

	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/web"
)

var (
	notSystem = fault.Of(fault.Forbidden, "從資訊系統的登入頁重新開始：這個返回網址沒有登記", "Start again from the sign-in page of the system: this return address is not registered").
			To("會員登入", "Member sign-in", Home)
	noHealth = fault.Of(fault.Forbidden, "改用憑證登入：模擬網站沒有健保卡讀卡服務", "Sign in with a certificate: the simulation has no reader for health cards").
			To("憑證登入", "Sign in with a certificate", cardPage)
)

const portalPage = Home + "portal/Clogin.aspx"

// ownHome is the address with which the links of the real site return to itself (S64).
const ownHome = "http://www.gov.tw"

// portal is the older way in: ReturnUrl, and the level that the system wants. Whoever has signed in goes back with a
// ticket that the system redeems.
func (s *Site) portal(r *web.Request, v Visit) error {
	q := r.URL.Query()
	back := q.Get("ReturnUrl")
	level, err := strconv.Atoi(q.Get("Level"))
	if err != nil {
		level = int(ByPassword)
	}
	if back == ownHome && Level(level) == ByHealth {
		return r.Redirect(helpURL("health"))
	}
	sys, ok := s.systemAt(back)
	if !ok {
		return notSystem
	}
	if v.Member.ID == "" || v.Level < Level(level) {
		to := Home
		if Level(level) >= ByCard {
			to = cardPage
		}
		if Level(level) >= ByHealth {
			return noHealth
		}
		return r.Redirect(withNext(to, r.URL.RequestURI()))
	}
	var secret string
	err = r.Do(func(tx *store.Tx) (err error) {
		secret, err = Ticket(tx, v, sys)
		return err
	})
	if err != nil {
		return err
	}
	u, err := url.Parse(back)
	if err != nil {
		return notSystem
	}
	with := u.Query()
	with.Set("ticket", secret)
	u.RawQuery = with.Encode()
	http.Redirect(r.W, r.Request, u.String(), http.StatusSeeOther)
	return nil
}

// redeem tells a system, server to server, whom a ticket stands for.
func (s *Site) redeem(r *web.Request, _ Visit) error {
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	var by System
	for _, sys := range s.Systems {
		if sys.ID == id {
			by = sys
		}
	}
	var c Claims
	err := r.Do(func(tx *store.Tx) (err error) {
		c, err = Redeem(tx, by, secret, r.PostForm.Get("ticket"))
		return err
	})
	if f, refused := fault.As(err); refused {
		return r.JSON(web.StatusOf(f.Kind), map[string]string{"error": f.Message.In(r.Lang())})
	}
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, c)
}

// transfer is where the page after joining leads to for officials' accounts (S65).
func (s *Site) transfer(r *web.Request, _ Visit) error { return r.Redirect(Home + "official") }
