package pki

import (
	"encoding/base64"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/web"
)

// Sign is what Signer draws.
type Sign struct {
	Room      *Room
	Challenge Challenge
	Button    say.Text // "": 讀卡
	Others    []Link   // the other doors, for whoever has no card; name at least one
}

func (s Sign) button() say.Text {
	if s.Button.Empty() {
		return say.T("讀卡", "Read the card")
	}
	return s.Button
}

// Script is the script of the pages with Signer.
const Script = "card"

// Read takes the answer out of a form with Signer in it.
func Read(r *web.Request) Answer {
	text, _ := base64.StdEncoding.DecodeString(r.Form().Get("card-text")) // what is no text of ours is no challenge of ours
	return Answer{Text: string(text), Said: r.Form().Get("card-said"), Agent: r.UserAgent()}
}

// Doors are the pages about troubles, with the doors that are open without a card.
type Doors struct{ Others []Link }

// Mount opens the pages about troubles.
func (d Doors) Mount(s *web.Site) {
	s.Handle("GET /card/trouble", web.Anyone, func(r *web.Request) error {
		return r.Draw(web.Page{Title: say.T("讀卡問題", "Problems with cards"), Func: "CRD10100", Crumbs: crumbs()}, troubleList())
	})
	s.Handle("GET /card/trouble/{key}", web.Anyone, func(r *web.Request) error {
		t := troubleNamed(r.PathValue("key"))
		if t == nil {
			return fault.Of(fault.NotFound, "從清單選擇讀卡時遇到的情形", "Choose what happened from the list").To("所有讀卡問題", "All problems with cards", "/card/trouble")
		}
		return r.Draw(web.Page{Title: t.Title, Func: t.Func, Crumbs: crumbs(web.Crumb{Text: t.Title})}, troublePage(t, d.Others))
	})
}

func crumbs(more ...web.Crumb) []web.Crumb {
	all := web.Crumb{Text: say.T("讀卡問題", "Problems with cards")}
	if len(more) > 0 {
		all.URL = "/card/trouble"
	}
	return append([]web.Crumb{all}, more...)
}
