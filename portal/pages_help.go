package portal

import (
	"errors"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/parts"
)

func (p *Portal) helpDoors(s *web.Site) {
	s.Handle("GET /help", web.Anyone, func(r *web.Request) error {
		return r.Draw(web.Page{Title: helpCrumb.Text, Func: "CPT30000", Crumbs: crumbs(helpCrumb.Text)}, helpBody(p.Topics()))
	})
	s.Handle("GET /help/{topic}", web.Anyone, func(r *web.Request) error {
		t, ok := p.topic(r.PathValue("topic"))
		if !ok {
			return fault.Of(fault.NotFound, "沒有這一頁說明；從操作說明選擇", "There is no such page of help. Choose from the index").To("回操作說明", "Back to help", "/help")
		}
		return r.Draw(web.Page{Title: t.Title, Func: "CPT30010", Crumbs: crumbs(t.Title, helpCrumb)}, topicBody(t))
	})
	s.Handle("GET /help/contact", web.Anyone, p.showContact)
	s.Handle("GET /contact", web.Anyone, func(r *web.Request) error { return r.Redirect("/help/contact") })
}

// showContact shows who helps at the authority chosen, or at the person's own.
func (p *Portal) showContact(r *web.Request) error {
	var c Contact
	var all []parts.Option
	err := r.Look(func(tx *store.Tx) (err error) {
		a, err := p.chosen(tx, r.Actor, r.Form().Get("authority"))
		if err != nil {
			return err
		}
		if c, err = contactOf(tx, a); err != nil {
			return err
		}
		all, err = authorities(tx, a.Code)
		return err
	})
	if err != nil {
		return err
	}
	t := say.T("聯絡窗口", "Contact")
	return r.Draw(web.Page{Title: t, Func: "CPT30300", Crumbs: crumbs(t, helpCrumb)}, contactBody(c, all))
}

// chosen is the authority with the code, or the person's own where there is none.
func (p *Portal) chosen(tx *store.Tx, by permit.Actor, code string) (taiwan.Authority, error) {
	if a, err := office(tx, code); !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	return p.authority(tx, by)
}

// authorities are the offices to choose from, one chosen.
func authorities(tx *store.Tx, chosen string) (out []parts.Option, err error) {
	all, err := offices(tx)
	for _, a := range all {
		out = append(out, parts.Option{Value: a.Code, Text: a.Text(), Checked: a.Code == chosen})
	}
	return out, err
}

func (p *Portal) questionDoors(s *web.Site) {
	s.Handle("GET /help/question", web.Anyone, p.askForm(Asked))
	s.Handle("POST /help/question", web.Anyone, p.postQuestion(Asked))
	s.Handle("GET /help/question/{number}", web.SignedIn, showOwnQuestion)
	s.Handle("GET /mailbox", web.Anyone, p.askForm(Opinion))
	s.Handle("POST /mailbox", web.Anyone, p.postQuestion(Opinion))
	s.Handle("GET /desk/questions", atDesk, showQuestions)
	s.Handle("GET /desk/questions/{id}", atDesk, func(r *web.Request) error { return drawQuestion(r, "", nil) })
	s.Handle("POST /desk/questions/{id}", atDesk, postAnswer)
}

// form is what stands around the two forms.
type askPage struct {
	Kind    string
	Title   say.Text
	Action  string
	Contact Contact
}

// places are where a question can come from; the error page and every screen can name themselves in the address.
func (p *Portal) askForm(kind string) web.Handler {
	return func(r *web.Request) error {
		v := r.Form()
		q := Question{Kind: kind, Name: r.Actor.Name, Email: r.Actor.Email, Authority: v.Get("authority"), Func: v.Get("func"), Page: v.Get("page"), ErrorNo: v.Get("error"), Serial: v.Get("case")}
		if q.Page == "" && r.Back() != "/" {
			q.Page = r.Back()
		}
		return p.drawAsk(r, q, nil)
	}
}

func (p *Portal) drawAsk(r *web.Request, q Question, bad *fault.Fault) error {
	page := askPage{Kind: q.Kind, Title: say.T("線上提問", "Ask a question"), Action: "/help/question"}
	number := "CPT30100"
	if q.Kind == Opinion {
		page.Title, page.Action, number = say.T("意見信箱", "Mailbox"), "/mailbox", "CPT30200"
	}
	var all []parts.Option
	err := r.Look(func(tx *store.Tx) error {
		a, err := p.chosen(tx, r.Actor, q.Authority)
		if err != nil {
			return err
		}
		if page.Contact, err = contactOf(tx, a); err != nil {
			return err
		}
		all, err = authorities(tx, a.Code)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: page.Title, Func: number, Fault: bad, Crumbs: crumbs(page.Title, helpCrumb)}, askBody(page, q, all, bad))
}

func (p *Portal) postQuestion(kind string) web.Handler {
	return func(r *web.Request) error {
		v := r.Form()
		q := Question{Kind: kind, Authority: v.Get("authority"), Name: v.Get("name"), Phone: v.Get("phone"), Email: v.Get("email"), Text: v.Get("text"),
			Func: v.Get("func"), Page: v.Get("page"), ErrorNo: v.Get("error"), Serial: v.Get("case")}
		if err := r.Do(func(tx *store.Tx) error { return web.Limit(tx, "question", r.IP(), 20, hour) }); err != nil {
			if bad, ok := fault.As(err); ok {
				return p.drawAsk(r, q, bad)
			}
			return err
		}
		var kept Question
		err := r.Do(func(tx *store.Tx) (err error) { kept, err = Ask(tx, r.Actor, q); return err })
		if bad, ok := fault.As(err); ok {
			return p.drawAsk(r, q, bad)
		}
		if err != nil {
			return err
		}
		t := say.T("已收到", "Received")
		return r.Draw(web.Page{Title: t, Func: "CPT30110", Crumbs: crumbs(t, helpCrumb)}, askedBody(kept))
	}
}

func showOwnQuestion(r *web.Request) error {
	var q Question
	err := r.Look(func(tx *store.Tx) (err error) {
		q, err = questionByNumber(tx, r.Actor.Person, r.PathValue("number"))
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.Same(q.Number), Func: "CPT30110", Crumbs: crumbs(say.Same(q.Number), helpCrumb)}, ownQuestionBody(q))
}

var deskCrumb = web.Crumb{Text: say.T("民眾提問", "Questions"), URL: "/desk/questions"}

func showQuestions(r *web.Request) error {
	var qs []Question
	err := r.Look(func(tx *store.Tx) (err error) {
		mine, all := asked(r.Actor)
		qs, err = questionsTo(tx, mine, all, 500)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: deskCrumb.Text, Func: "SYS30100", Wide: true, Crumbs: crumbs(deskCrumb.Text)}, questionsBody(questionRows(qs)))
}

func drawQuestion(r *web.Request, typed string, bad *fault.Fault) error {
	var q Question
	err := r.Look(func(tx *store.Tx) (err error) {
		if q, err = questionByID(tx, r.PathValue("id")); err == nil && !answers(r.Actor, q.Authority) {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.Same(q.Number), Func: "SYS30110", Fault: bad, Crumbs: crumbs(say.Same(q.Number), deskCrumb)}, questionBody(q, typed, bad))
}

func postAnswer(r *web.Request) error {
	typed := r.Form().Get("answer")
	err := r.Do(func(tx *store.Tx) error { return Answer(tx, r.Actor, r.PathValue("id"), typed) })
	if bad, ok := fault.As(err); ok && bad.Kind != fault.NotFound {
		return drawQuestion(r, typed, bad)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已回覆", "Answered"))
	return r.Redirect("/desk/questions")
}
