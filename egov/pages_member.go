package egov

import (
	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

func (s *Site) showMember(r *web.Request, v Visit) error {
	return s.draw(r, v, web.Page{Title: say.T("會員中心", "Member centre"), Func: "EGV20100", Crumbs: crumbs("會員中心", "Member centre")}, memberView(v))
}

func under(zh, en string) []web.Crumb {
	return []web.Crumb{{Text: say.T("會員中心", "Member centre"), URL: memberPage}, {Text: say.T(zh, en)}}
}

func (s *Site) showCards(r *web.Request, v Visit) error {
	var cards []Card
	err := r.Look(func(tx *store.Tx) (err error) {
		cards, err = Cards(tx, v.Member)
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: say.T("憑證帳號綁定", "Card binding"), Func: "EGV20200", Crumbs: under("憑證帳號綁定", "Card binding")}, cardsView(cards))
}

func (s *Site) unbindCard(r *web.Request, v Visit) error {
	err := r.Do(func(tx *store.Tx) error { return UnbindCard(tx, v.Member, r.Form().Get("card")) })
	if err != nil {
		return err
	}
	r.Flash(say.T("已解除綁定", "The card is unbound"))
	return r.Redirect(memberPage + "/cards")
}

func (s *Site) askOfficial(r *web.Request, v Visit) error {
	return s.drawOfficial(r, v, nil, v.Member.Agency, v.Member.Title)
}

func (s *Site) drawOfficial(r *web.Request, v Visit, f *fault.Fault, agency, title string) error {
	return s.draw(r, v, web.Page{Title: say.T("公務帳號申請", "Apply for an official's account"), Func: "EGV20300", Fault: f,
		Crumbs: under("公務帳號申請", "Apply for an official's account")}, officialView(f, v.Member, agency, title))
}

func (s *Site) applyOfficial(r *web.Request, v Visit) error {
	agency, title := r.Form().Get("agency"), r.Form().Get("title")
	err := r.Do(func(tx *store.Tx) error {
		m, err := Find(tx, v.Member.ID)
		if err != nil {
			return err
		}
		return AskOfficial(tx, m, agency, title)
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return s.drawOfficial(r, v, f, agency, title)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已提出公務帳號申請，審核通過後始為公務帳號", "The application has been made; the account is an official's once it is approved"))
	return r.Redirect(memberPage)
}

func (s *Site) showPending(r *web.Request, v Visit) error { return s.drawPending(r, v, nil) }

func (s *Site) drawPending(r *web.Request, v Visit, f *fault.Fault) error {
	var all []Member
	err := r.Look(func(tx *store.Tx) (err error) {
		all, err = Pending(tx, v.Member)
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: say.T("公務帳號審核", "Applications of officials"), Func: "EGV30100", Fault: f,
		Crumbs: under("公務帳號審核", "Applications of officials")}, pendingView(f, all))
}

func (s *Site) decide(r *web.Request, v Visit) error {
	approve := r.Form().Get("do") == "approve"
	err := r.Do(func(tx *store.Tx) error {
		return Decide(tx, v.Member, r.Form().Get("member"), approve, r.Form().Get("why"))
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return s.drawPending(r, v, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已決定這件申請", "The application has been decided"))
	return r.Redirect(Home + "admin")
}
