package egov

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/dchest/captcha"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// joinPage is 加入會員 as it is drawn.
type joinPage struct {
	Fault    *fault.Fault
	Typed    Application
	Open     bool     // the form is unfolded
	Free     say.Text // what the check of the account said
	Strength say.Text // of the password that was typed, which itself is not drawn again
	Captcha  string
}

func (s *Site) askJoin(r *web.Request, v Visit) error {
	return s.drawJoin(r, v, joinPage{Open: r.Form().Get("as") == "member"})
}

func (s *Site) drawJoin(r *web.Request, v Visit, d joinPage) error {
	if d.Captcha == "" {
		err := r.Do(func(tx *store.Tx) (err error) {
			d.Captcha, err = NewCaptcha(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.draw(r, v, web.Page{Title: say.T("加入會員", "Join"), Func: "EGV10200", Fault: d.Fault, Crumbs: crumbs("加入會員", "Join")}, joinView(d))
}

// typedApplication is the form as it was typed. A password is taken as it stands, without trimming.
func typedApplication(r *web.Request) Application {
	f := r.Form()
	n, err := strconv.Atoi(f.Get("question"))
	if err != nil && f.Get("question") != "" {
		n = -1
	}
	return Application{
		Account: f.Get("account"), Password: r.PostForm.Get("password"), Again: r.PostForm.Get("password-again"),
		Name: f.Get("name"), Email: f.Get("email"), EmailAgain: f.Get("email-again"), Nickname: f.Get("nickname"),
		More: f.Get("more") != "", Question: n, Answer: f.Get("answer"), Mobile: f.Get("mobile"),
	}
}

// join answers every button of the form: the check of the account, another captcha, the registration.
func (s *Site) join(r *web.Request, v Visit) error {
	d := joinPage{Typed: typedApplication(r), Open: true, Captcha: r.Form().Get("captcha-id")}
	if d.Typed.Password != "" {
		d.Strength = Strength(d.Typed.Account, d.Typed.Password)
	}
	var err error
	switch r.Form().Get("do") {
	case "check":
		d.Free, err = Free(r.Context(), r.Site.DB, d.Typed.Account, r.IP())
	case "captcha":
		d.Captcha = ""
	default:
		var secret string
		if secret, err = s.register(r, &d); err == nil {
			return r.Redirect(Home + "joined/" + secret)
		}
	}
	if f, ok := fault.As(err); ok {
		d.Fault = f
	} else if err != nil {
		return err
	}
	return s.drawJoin(r, v, d)
}

// register looks the form over, takes the captcha and then makes the member. A captcha that was answered is used up.
func (s *Site) register(r *web.Request, d *joinPage) (secret string, err error) {
	typed := r.Form().Get("captcha")
	if _, err = d.Typed.Check(); err != nil || typed == "" {
		f, ok := fault.As(err)
		if err != nil && !ok {
			return "", err
		}
		var all fault.Form
		if f != nil {
			for _, p := range f.Places {
				all.Add(p.Key, fault.Say(fault.Invalid, p.Message))
			}
		}
		if typed == "" {
			all.Bad("captcha", "輸入驗證碼", "Enter the code")
		}
		return "", all.Err()
	}
	var wrong *fault.Fault
	err = r.Do(func(tx *store.Tx) (err error) {
		if err := web.Limit(tx, "egov join", mark(r.IP()), 60, time.Hour); fault.Is(err, fault.TooMany) {
			wrong, _ = fault.As(err)
			return nil
		} else if err != nil {
			return err
		}
		wrong, err = solve(tx, d.Captcha, typed)
		return err
	})
	d.Captcha = ""
	if err != nil {
		return "", err
	}
	if wrong != nil {
		return "", wrong
	}
	err = r.Do(func(tx *store.Tx) (err error) {
		secret, err = Join(tx, d.Typed, s.Letter)
		return err
	})
	return secret, err
}

func (s *Site) joined(r *web.Request, v Visit) error {
	var m Member
	err := r.Look(func(tx *store.Tx) (err error) {
		m, err = JoinedBy(tx, r.PathValue("secret"))
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: say.T("傳送訊息", "Message"), Func: "EGV10210", Crumbs: crumbs("傳送訊息", "Message")}, joinedView(m))
}

// What the script of the form asks.

func (s *Site) checkAccount(r *web.Request, v Visit) error {
	free, err := Free(r.Context(), r.Site.DB, r.Form().Get("account"), r.IP())
	f, refused := fault.As(err)
	if err != nil && !refused {
		return err
	}
	if refused {
		return r.JSON(web.StatusOf(f.Kind), map[string]any{"text": f.Message.In(r.Lang()), "free": false})
	}
	return r.JSON(http.StatusOK, map[string]any{"text": free.In(r.Lang()), "free": true})
}

func (s *Site) judgePassword(r *web.Request, v Visit) error {
	return r.JSON(http.StatusOK, map[string]string{"text": Strength(r.Form().Get("account"), r.PostForm.Get("password")).In(r.Lang())})
}

func (s *Site) anotherCaptcha(r *web.Request, v Visit) error {
	var id string
	err := r.Do(func(tx *store.Tx) (err error) {
		if err = web.Limit(tx, "egov captcha", mark(r.IP()), 120, 10*time.Minute); err == nil {
			id, err = NewCaptcha(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, map[string]string{"id": id, "picture": pictureURL(id), "audio": audioURL(id)})
}

func pictureURL(id string) string { return Home + "captcha/" + id }
func audioURL(id string) string   { return Home + "captcha/" + id + "/audio" }

func (s *Site) captchaPicture(r *web.Request, v Visit) error {
	return sendCaptcha(r, "image/png", func(id string, digits []byte, b *bytes.Buffer) error {
		_, err := captcha.NewImage(id, digits, 240, 80).WriteTo(b)
		return err
	})
}

// captchaSpoken reads the code out in Chinese, for those who do not see the picture.
func (s *Site) captchaSpoken(r *web.Request, v Visit) error {
	return sendCaptcha(r, "audio/wav", func(id string, digits []byte, b *bytes.Buffer) error {
		_, err := captcha.NewAudio(id, digits, "zh").WriteTo(b)
		return err
	})
}

func sendCaptcha(r *web.Request, kind string, draw func(id string, digits []byte, b *bytes.Buffer) error) error {
	id := r.PathValue("id")
	var digits []byte
	err := r.Look(func(tx *store.Tx) (err error) {
		digits, err = digitsOf(tx, id)
		return err
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := draw(id, digits, &b); err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	http.ServeContent(r.W, r.Request, "", time.Time{}, bytes.NewReader(b.Bytes()))
	return nil
}

// file is a door that answers with a file of the room.
func file(name, kind string, content []byte) web.Handler {
	sum := `"` + mark(string(content))[:16] + `"`
	return func(r *web.Request) error {
		h := r.W.Header()
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", "public, no-cache")
		h.Set("ETag", sum)
		http.ServeContent(r.W, r.Request, name, time.Time{}, bytes.NewReader(content))
		return nil
	}
}
