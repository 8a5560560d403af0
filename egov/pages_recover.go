package egov

import (
	"errors"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

func (s *Site) askRecovery(r *web.Request, v Visit) error { return s.drawRecovery(r, v, nil) }

func (s *Site) drawRecovery(r *web.Request, v Visit, f *fault.Fault) error {
	return s.draw(r, v, web.Page{Title: say.T("忘記密碼", "Forgotten password"), Func: "EGV10300", Fault: f, Crumbs: crumbs("忘記密碼", "Forgotten password")},
		recoveryView(f, r.Form().Get("account"), r.Form().Get("email")))
}

// recover sends the link for a new password. The answer is the same whatever account and address were typed.
func (s *Site) recover(r *web.Request, v Visit) error {
	account, email := r.Form().Get("account"), r.Form().Get("email")
	var bad fault.Form
	if account == "" {
		bad.Bad("account", "輸入帳號", "Enter your account")
	}
	_, err := taiwan.Email(email)
	bad.Add("email", err)
	if err = bad.Err(); err == nil {
		err = LimitRecovery(r.Context(), r.Site.DB, account, r.IP())
	}
	if err == nil {
		err = r.Do(func(tx *store.Tx) error { return MailReset(tx, account, email, s.Base, s.Letter) })
	}
	if f, ok := fault.As(err); ok {
		return s.drawRecovery(r, v, f)
	}
	if err != nil {
		return err
	}
	return s.drawSent(r, v, say.T("如果帳號和電子信箱相符，連結已經寄到那個信箱，30 分鐘內有效。", "If account and e-mail address belong together, the link is on its way there. It works for 30 minutes."))
}

func (s *Site) drawSent(r *web.Request, v Visit, t say.Text) error {
	return s.draw(r, v, web.Page{Title: say.T("已寄出", "Sent"), Func: "EGV10310", Crumbs: crumbs("已寄出", "Sent")}, sentView(t))
}

func (s *Site) askQuestion(r *web.Request, v Visit) error { return s.drawQuestion(r, v, nil) }

func (s *Site) drawQuestion(r *web.Request, v Visit, f *fault.Fault) error {
	account := r.Form().Get("account")
	var q say.Text
	if account == "" {
		return r.Redirect(passwordPage)
	}
	err := r.Look(func(tx *store.Tx) (err error) {
		q, err = AskQuestion(tx, account)
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: say.T("密碼提示問題", "Recovery question"), Func: "EGV10320", Fault: f,
		Crumbs: []web.Crumb{{Text: say.T("忘記密碼", "Forgotten password"), URL: passwordPage}, {Text: say.T("密碼提示問題", "Recovery question")}}}, questionView(f, account, q))
}

func (s *Site) answerQuestion(r *web.Request, v Visit) error {
	account, answer := r.Form().Get("account"), r.Form().Get("answer")
	var err error
	var secret string
	if answer == "" {
		err = fault.Bad("answer", "輸入答案", "Enter the answer")
	} else if err = LimitRecovery(r.Context(), r.Site.DB, account, r.IP()); err == nil {
		secret, err = Answer(r.Context(), r.Site.DB, account, answer)
	}
	if f, ok := fault.As(err); ok {
		return s.drawQuestion(r, v, f)
	}
	if err != nil {
		return err
	}
	return r.Redirect(passwordPage + "/" + secret)
}

func (s *Site) askPassword(r *web.Request, v Visit) error { return s.drawPassword(r, v, nil) }

func (s *Site) drawPassword(r *web.Request, v Visit, f *fault.Fault) error {
	var m Member
	err := r.Look(func(tx *store.Tx) (err error) {
		m, err = ResetOf(tx, r.PathValue("secret"))
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: say.T("重設密碼", "Set a new password"), Func: "EGV10330", Fault: f, Crumbs: crumbs("重設密碼", "Set a new password")},
		passwordView(f, m.Account, r.URL.Path))
}

func (s *Site) setPassword(r *web.Request, v Visit) error {
	err := r.Do(func(tx *store.Tx) error {
		return Reset(tx, r.PathValue("secret"), r.PostForm.Get("password"), r.PostForm.Get("password-again"))
	})
	if errors.Is(err, spent) {
		return err
	}
	if f, ok := fault.As(err); ok {
		return s.drawPassword(r, v, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("密碼已重設，用新密碼登入", "The password is set. Sign in with it"))
	return r.Redirect(Home)
}

func (s *Site) askAccounts(r *web.Request, v Visit) error { return s.drawAccounts(r, v, nil) }

func (s *Site) drawAccounts(r *web.Request, v Visit, f *fault.Fault) error {
	return s.draw(r, v, web.Page{Title: say.T("忘記帳號", "Forgotten account"), Func: "EGV10340", Fault: f, Crumbs: crumbs("忘記帳號", "Forgotten account")},
		accountsView(f, r.Form().Get("email")))
}

func (s *Site) mailAccounts(r *web.Request, v Visit) error {
	email := r.Form().Get("email")
	_, err := taiwan.Email(email)
	if f, ok := fault.As(err); ok {
		err = fault.BadText("email", f.Message)
	}
	if err == nil {
		err = LimitRecovery(r.Context(), r.Site.DB, email, r.IP())
	}
	if err == nil {
		err = r.Do(func(tx *store.Tx) error { return MailAccounts(tx, email, s.Letter) })
	}
	if f, ok := fault.As(err); ok {
		return s.drawAccounts(r, v, f)
	}
	if err != nil {
		return err
	}
	return s.drawSent(r, v, say.T("如果這個電子信箱有帳號，帳號已經寄到那個信箱。", "If the e-mail address has accounts, they are on their way there."))
}
