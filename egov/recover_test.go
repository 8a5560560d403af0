package egov_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudbm/egov"
	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

// TestForgottenPassword: S31. The link by e-mail enables a locked account; known and unknown are answered alike.
func TestForgottenPassword(t *testing.T) {
	p := open(t)
	c := p.visitor()
	ask := func(account, email string) *webtest.Page {
		return c.Get("/egov/password").Fill("帳號", account).Fill("電子信箱", email).Submit("寄連結給我")
	}
	sent := ask("test12", "P12@example.test").WantStatus(200).Want("如果帳號和電子信箱相符")
	for _, other := range [][2]string{{"nobody", "p12@example.test"}, {"test12", "p1@example.test"}} {
		if got := ask(other[0], other[1]); got.Status != sent.Status || got.Text() != sent.Text() {
			t.Errorf("%v is answered differently: %s", other, got.Text())
		}
	}
	if len(p.letters) != 1 || p.letters[0].to != "p12@example.test" {
		t.Fatalf("letters: %v", p.letters)
	}
	link := p.linkIn()
	page := c.Get(link).WantStatus(200).Want("test12", "8 到 15 個字")
	page = page.Fill("設定密碼", "short1").Fill("確認密碼", "short2").Submit("重設密碼").WantStatus(422).Want("8 到 15", "再輸入一次相同的密碼")
	page.Fill("設定密碼", "River47tree").Fill("確認密碼", "River47tree").Submit("重設密碼").WantStatus(200).Want("密碼已重設")
	c.Get(link).WantStatus(404).Want("已經用過或過期")
	signIn(c.Get("/egov/"), "test12", "River47tree").WantStatus(200).Want("測試未")
	c.Get("/egov/password").Submit("寄連結給我").WantStatus(422).Want("輸入帳號")

	ask("test11", "p11@example.test")
	p.now = p.now.Add(egov.ResetLife + time.Second)
	c.Get(p.linkIn()).WantStatus(404)
}

// TestForgottenAccount: S31. The accounts go to the address; known and unknown are answered alike.
func TestForgottenAccount(t *testing.T) {
	p := open(t)
	c := p.visitor()
	known := c.Get("/egov/account").Fill("電子信箱", "P3@example.test").Submit("寄帳號給我").WantStatus(200)
	unknown := c.Get("/egov/account").Fill("電子信箱", "nobody@example.test").Submit("寄帳號給我")
	if known.Status != unknown.Status || known.Text() != unknown.Text() {
		t.Errorf("answered differently:\n%s\n%s", known.Text(), unknown.Text())
	}
	if len(p.letters) != 1 || p.letters[0].to != "p3@example.test" || !strings.Contains(p.letters[0].body, "test03") {
		t.Errorf("letters: %v", p.letters)
	}
	page := c.Get("/egov/account").Fill("電子信箱", "p3").Submit("寄帳號給我").WantStatus(422).Want("@")
	if got := page.One("#email").Attr("value"); got != "p3" {
		t.Errorf("what was typed is gone: %q", got)
	}
}

// TestQuestion: S40. The right answer leads to a new password; an unknown account has a question too, always the same.
func TestQuestion(t *testing.T) {
	p := open(t)
	c := p.visitor()
	ask := func(account string) *webtest.Page {
		return c.Get("/egov/password").Fill("有密碼提示問題的帳號", account).Submit("顯示問題").WantStatus(200)
	}
	page := ask("test01").Want("我小學的校名？")
	wrong := page.Fill("answer", "別的國小").Submit("送出").WantStatus(422).Want("和註冊時的不同")
	wrong.Fill("answer", " 測試 國小").Submit("送出").WantStatus(200).Want("重設密碼", "test01")
	first := ask("nobody77").Text()
	if second := ask("nobody77").Text(); first != second {
		t.Errorf("another question each time: %s, %s", first, second)
	}
	unknown := ask("nobody77").Fill("answer", "別的國小").Submit("送出")
	if unknown.Status != wrong.Status || unknown.One(".govuk-error-summary").Text() != wrong.One(".govuk-error-summary").Text() {
		t.Errorf("an unknown account is answered differently: %s", unknown.Text())
	}
	// test11 has no question: nothing is its answer.
	for _, answer := range []string{"", "測試國小"} {
		if _, err := egov.Answer(context.Background(), p.db, "test11", answer); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", answer, err)
		}
	}
	// Guessing ends.
	last := ask("test02")
	for range 11 {
		last = last.Fill("answer", "guess").Submit("送出")
	}
	last.WantStatus(429)
	c.Get("/egov/question").WantStatus(200).Want("忘記密碼")
}

// TestRecoveryVerbs: on both databases; a new link ends the one before, a new password ends the sessions.
func TestRecoveryVerbs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := openOn(t, db)
		ctx := context.Background()
		session, err := egov.SignIn(ctx, db, "test05", egov.DemoPassword, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		var secrets []string
		for range 2 {
			s, err := egov.Answer(ctx, db, "test05", "測試國小")
			if err != nil {
				t.Fatal(err)
			}
			secrets = append(secrets, s)
		}
		reset := func(secret string) error {
			return p.try(func(tx *store.Tx) error { return egov.Reset(tx, secret, "River47tree", "River47tree") })
		}
		if err := reset(secrets[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("the first link: %v", err)
		}
		if err := reset(secrets[1]); err != nil {
			t.Fatal(err)
		}
		if err := reset(secrets[1]); !fault.Is(err, fault.NotFound) {
			t.Errorf("the link again: %v", err)
		}
		if err := p.try(func(tx *store.Tx) error { _, err := egov.Present(tx, session); return err }); err == nil {
			t.Error("the session outlived the password")
		}
		if _, err := egov.SignIn(ctx, db, "test05", "River47tree", "192.0.2.1"); err != nil {
			t.Error(err)
		}
		p.do(func(tx *store.Tx) error { return egov.MailAccounts(tx, "p5@example.test", p.letter) })
		p.do(func(tx *store.Tx) error {
			return egov.MailReset(tx, "test05", "p5@example.test", "https://cloudbm.test", p.letter)
		})
		if len(p.letters) != 2 {
			t.Errorf("letters: %v", p.letters)
		}
	})
}

// TestLimitRecovery: asking without end is refused, per account and per source.
func TestLimitRecovery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		openOn(t, db)
		ctx := context.Background()
		for n := range 11 {
			if err := egov.LimitRecovery(ctx, db, "Test01", "192.0.2."+string(rune('0'+n%10))); (err != nil) != (n == 10) {
				t.Errorf("try %d: %v", n+1, err)
			}
		}
		for n := range 31 {
			if err := egov.LimitRecovery(ctx, db, strings.Repeat("x", n+1), "198.51.100.1"); (err != nil) != (n == 30) {
				t.Errorf("account %d: %v", n+1, err)
			}
		}
	})
}
