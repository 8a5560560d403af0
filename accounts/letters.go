package accounts

import (
	"context"
	"errors"
	"time"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// linkAsked is a wish for a link to set a password. Whether anybody has the address is looked up later: who asks is
// answered the same, after the same work, for every address.
type linkAsked struct{ Email, IP string }

// Kind names the work.
func (linkAsked) Kind() string { return "accounts.link" }

// changed is news for a person about their account, to the addresses that were theirs before.
type changed struct {
	Person string
	What   string
	To     []string
	At     time.Time
}

// Kind names the work.
func (changed) Kind() string { return "accounts.changed" }

// What may have changed.
const (
	newPassword = "password"
	newContact  = "contact"
)

// Teach hands the letters of the accounts to the crew.
func (d Room) Teach(c *jobs.Crew, db *store.DB) {
	jobs.Do(c, func(ctx context.Context, w linkAsked) error {
		return db.Write(ctx, func(tx *store.Tx) error { return d.writeLink(tx, w) })
	})
	jobs.Do(c, func(ctx context.Context, w changed) error {
		return db.Write(ctx, func(tx *store.Tx) error { return d.writeChanged(tx, w) })
	})
}

// Addresses are where a person can be reached: the 備用帳號, and the address letters go to when it is another.
func (p Person) Addresses() []string {
	switch {
	case p.Email == "" && p.Contact == "":
		return nil
	case p.Email == "":
		return []string{p.Contact}
	case p.Contact == "" || taiwan.EmailKey(p.Contact) == taiwan.EmailKey(p.Email):
		return []string{p.Email}
	}
	return []string{p.Email, p.Contact}
}

// at is the person with their letters going to address.
func (p Person) at(address string) Person {
	p.Contact = address
	return p
}

// linksAnHour are how many letters with a link one account gets, however often somebody asks for them.
const linksAnHour = 5

// writeLink sends a link to the 備用帳號 somebody named, if it is one, and tells the other address that it was asked for.
func (d Room) writeLink(tx *store.Tx, w linkAsked) error {
	p, err := ByEmail(tx, w.Email)
	if errors.Is(err, store.ErrNotFound) || err == nil && !p.Disabled.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := web.Limit(tx, "password link account", p.ID, linksAnHour, time.Hour); err != nil {
		if fault.Is(err, fault.TooMany) {
			return nil
		}
		return err
	}
	secret, err := NewLink(tx, permit.Actor{IP: w.IP}, p.ID, ResetLife)
	if err != nil {
		return err
	}
	err = d.Letter(tx, p.at(p.Email), say.T("設定密碼的連結", "Your link for setting a password"),
		say.F("有人（應該是您）要求重新設定備用帳號的密碼。30 分鐘內從這裡設定：\n%s\n不是您要求的話，不用理會這封信，密碼沒有變動。",
			"Somebody, presumably you, asked for a new password for your backup account. Set it within 30 minutes here:\n%s\nIf it was not you, ignore this letter; your password has not changed.", d.Base+LinkURL(secret)))
	for _, other := range p.Addresses()[1:] {
		if err != nil {
			return err
		}
		err = d.Letter(tx, p.at(other), say.T("有人要求重新設定您的密碼", "A new password was asked for"),
			say.F("有人（應該是您）要求重新設定備用帳號 %s 的密碼，連結已寄到那個地址，這封信只是通知。不是您要求的話，登錄後查看「我的登入裝置」並修改密碼：\n%s",
				"Somebody, presumably you, asked for a new password for the backup account %s. The link went to that address; this letter only tells you. If it was not you, sign in, look at “My signed-in devices” and change the password:\n%s", p.Email, d.Base+"/me/devices"))
	}
	return err
}

// writeChanged tells a person what has changed, in case it was not them.
func (d Room) writeChanged(tx *store.Tx, w changed) error {
	p, err := Find(tx, w.Person)
	if err != nil || d.Letter == nil {
		return err
	}
	subject, body := say.T("您的密碼已修改", "Your password has changed"),
		say.F("備用帳號 %s 的密碼在 %s 修改，其他裝置都已登出。不是您做的話，立刻從這裡重新設定密碼，並聯絡主管機關：\n%s",
			"The password of the backup account %s was changed at %s, and all other devices were signed out. If this was not you, set a new one at once here and contact the authority:\n%s",
			p.Email, stamp(w.At), d.Base+"/password")
	if w.What == newContact {
		subject, body = say.T("您的電子郵件已更換", "Your e-mail address has changed"),
			say.F("通知不再寄到這個地址：%s 的電子郵件在 %s 換成了另一個。不是您做的話，立刻登錄後改回來，並聯絡主管機關：\n%s",
				"Letters no longer go to this address: the e-mail address of %s was changed at %s. If this was not you, sign in at once, change it back and contact the authority:\n%s",
				p.Name, stamp(w.At), d.Base+"/me")
	}
	for _, to := range w.To {
		if err := d.Letter(tx, p.at(to), subject, body); err != nil {
			return err
		}
	}
	return nil
}
