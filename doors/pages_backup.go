package doors

import (
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// backupPage is 基本資料: what was typed, or what is known already.
type backupPage struct {
	Application
	Account string // at 我的E政府 (S69)
	Fault   *fault.Fault
}

var backupTitle = say.T("申請備用帳號", "Apply for a backup account")

func backupCrumbs(last say.Text) []web.Crumb {
	return []web.Crumb{{Text: say.T("帳號申請", "Applying for an account"), URL: "/apply"}, {Text: last}}
}

// askBackup is 基本資料 (S68–S77). Whoever did not come by 我的e政府 is told what comes first.
func (d Room) askBackup(r *web.Request) error {
	if !r.Actor.SignedIn() || d.applies() == "" {
		return r.Draw(web.Page{Title: backupTitle, Func: "SSO10600", Crumbs: backupCrumbs(backupTitle)}, notYetView(d, comeByEGov))
	}
	var p backupPage
	err := r.Look(func(tx *store.Tx) (err error) {
		if err = MayApply(tx, r.Actor); err != nil {
			return err
		}
		if p.Application, err = Applied(tx, r.Actor); fault.Is(err, fault.Conflict) { // nothing typed yet, or too long ago
			me, err := accounts.Find(tx, r.Actor.Person)
			p.Application = Application{Email: me.Contact, Name: me.Name, Phone: me.Phone, Organisation: me.Organisation, Title: me.Title}
			return err
		}
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Forbidden {
		return r.Draw(web.Page{Title: backupTitle, Func: "SSO10600", Crumbs: backupCrumbs(backupTitle)}, notYetView(d, f))
	}
	if err != nil {
		return err
	}
	return d.drawBackup(r, p)
}

func (d Room) drawBackup(r *web.Request, p backupPage) error {
	err := r.Look(func(tx *store.Tx) error {
		all, err := bindingsOf(tx, r.Actor.Person)
		if len(all) > 0 {
			p.Account = all[0].Label
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: backupTitle, Func: "SSO10600", Fault: p.Fault, Crumbs: backupCrumbs(say.T("基本資料", "Basic data"))}, backupView(p))
}

// applyBackup keeps what was typed for the next page (下一步, S77).
func (d Room) applyBackup(r *web.Request) error {
	form := r.Form()
	p := backupPage{Application: Application{Email: form.Get("email"), Name: form.Get("name"), Phone: form.Get("phone"),
		Purpose: form.Get("purpose"), Organisation: form.Get("organisation"), Title: form.Get("title")}}
	err := r.Do(func(tx *store.Tx) error {
		if err := MayApply(tx, r.Actor); err != nil {
			return err
		}
		return web.Limit(tx, "backup application", r.Actor.Person, 20, time.Hour)
	})
	if err == nil {
		err = d.typed(r, p.Application)
	}
	var hash string
	if err == nil {
		hash, err = accounts.Hash(r.Context(), form.Get("password"))
	}
	if err == nil {
		err = r.Do(func(tx *store.Tx) error { return Apply(tx, r.Actor, p.Application, hash) })
	}
	if f, ok := fault.As(err); ok && f.Kind != fault.Forbidden {
		p.Fault = f
		return d.drawBackup(r, p)
	}
	if err != nil {
		return err
	}
	return r.Redirect(BackupURL + "/confirm")
}

// typed says everything that is wrong on the page at once: what is missing, what cannot be read, an address that is taken,
// the rules of the password, and whether it was typed the same twice.
func (d Room) typed(r *web.Request, a Application) error {
	form := r.Form()
	var f fault.Form
	if a.Email == "" {
		f.Bad("email", "輸入電子郵件地址，這是將來登入用的備用帳號", "Enter an e-mail address; you will sign in with it")
	}
	if a.Phone == "" {
		f.Bad("phone", "輸入電話，例如 0911123456", "Enter a telephone number, for example 0911123456")
	}
	p := accounts.Person{Name: a.Name, Email: a.Email, Phone: a.Phone, Organisation: a.Organisation, Title: a.Title}
	clean, err := accounts.Clean(p)
	f.Join(err)
	if err == nil {
		err = r.Look(func(tx *store.Tx) error { return accounts.Free(tx, clean.Email) })
		if _, said := fault.As(err); err != nil && !said {
			return err
		}
		f.Join(err)
	}
	password := form.Get("password")
	f.Join(accounts.CheckPassword(p, password))
	if password != "" && password != form.Get("password-again") {
		f.Bad("password-again", "再輸入一次相同的密碼：兩次不一樣", "Type the same password again: the two differ")
	}
	if len([]rune(a.Purpose)) > 200 {
		f.Bad("purpose", "縮短到 200 個字以內", "Shorten this to at most 200 characters")
	}
	return f.Err()
}

// checkBackup shows what will be sent (S82–S89).
func (d Room) checkBackup(r *web.Request) error { return d.drawCheck(r, nil) }

func (d Room) drawCheck(r *web.Request, f *fault.Fault) error {
	var a Application
	err := r.Look(func(tx *store.Tx) (err error) {
		a, err = Applied(tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("確認申請資料", "Check your application"), Func: "SSO10610", Fault: f, Crumbs: backupCrumbs(say.T("確認申請資料", "Check your application"))}, checkView(a, f))
}

// sendBackup is 送出申請 (S88): a code goes to the address, so that it is known to be the applicant's.
func (d Room) sendBackup(r *web.Request) error {
	if d.Letter == nil {
		return store.ErrNotFound
	}
	err := r.Do(func(tx *store.Tx) error {
		a, code, err := Send(tx, r.Actor)
		if err != nil {
			return err
		}
		return d.Letter(tx, accounts.Person{Name: a.Name, Contact: a.Email}, say.T("備用帳號的驗證碼", "The code for your backup account"),
			say.F("您的驗證碼是 %s，10 分鐘內有效。在申請備用帳號的頁面輸入它，然後點「確認」。\n不是您申請的話，不用理會這封信。",
				"Your code is %s. It works for 10 minutes: enter it on the page where you apply for a backup account, then press “Confirm”.\nIf you did not apply, ignore this letter.", code))
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.TooMany {
		return d.drawCheck(r, f)
	}
	if err != nil {
		return err
	}
	return r.Redirect(BackupURL + "/code")
}

func (d Room) askCode(r *web.Request) error { return d.drawCode(r, nil) }

func (d Room) drawCode(r *web.Request, f *fault.Fault) error {
	var a Application
	err := r.Look(func(tx *store.Tx) (err error) {
		a, err = Applied(tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("輸入驗證碼", "Enter the code"), Func: "SSO10620", Fault: f, Crumbs: backupCrumbs(say.T("輸入驗證碼", "Enter the code"))}, codeView(a, f))
}

// confirmBackup is 確認 (S88): the account is made, and the letter says which door does what.
func (d Room) confirmBackup(r *web.Request) error {
	var a Application
	var no *fault.Fault
	err := r.Do(func(tx *store.Tx) (err error) {
		if a, no, err = Confirm(tx, r.Actor, r.Form().Get("digits")); no != nil || err != nil {
			return err
		}
		return d.tell(tx, r.Actor.Person, say.T("備用帳號申請完成", "Your backup account is ready"),
			say.F("備用帳號 %s 已申請完成。\n在 %s 可以用我的e政府登錄，也可以用這個電子郵件地址和密碼登錄；兩種方式登錄的是同一個人、同一批案件。",
				"The backup account %s is ready.\nAt %s you can sign in with MyEGov, or with this e-mail address and its password; both lead to the same person and the same cases.", a.Email, d.Base))
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid { // somebody else was given the address meanwhile
		return d.drawBackup(r, backupPage{Application: a, Fault: f})
	}
	if err != nil {
		return err
	}
	if no != nil {
		return d.drawCode(r, no)
	}
	r.Flash(say.F("備用帳號 %s 已完成申請，您已登錄", "The backup account %s is ready, and you are signed in", a.Email))
	return r.Redirect("/home")
}
