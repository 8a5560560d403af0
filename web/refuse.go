package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
)

// StatusOf is the HTTP status of a refusal.
func StatusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.SignIn:
		return http.StatusSeeOther
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// What the hall itself says no to.
var (
	noSuchPage  = fault.Of(fault.NotFound, "這裡沒有這一頁；檢查網址，或從首頁重新開始", "There is no page here. Check the address, or start from the home page").To("回首頁", "Go to the home page", "/")
	wrongMethod = fault.Of(fault.NotFound, "這個網址不能這樣開啟；回上一頁，用頁面上的按鈕再做一次", "This address cannot be opened this way. Go back and use the button on the page").To("回首頁", "Go to the home page", "/")
	otherOrigin = fault.Of(fault.Forbidden, "這個要求來自別的網站，沒有執行；從本系統的頁面再做一次", "This request came from another website and was not carried out. Do it again from a page of this system").To("回首頁", "Go to the home page", "/")
	notFound    = fault.Of(fault.NotFound, "找不到這筆資料；可能已刪除，或不屬於您", "This record cannot be found. It may have been deleted, or it is not yours").To("回首頁", "Go to the home page", "/")
	busy        = fault.Of(fault.Unavailable, "現在使用的人很多；剛才的動作沒有執行，過一分鐘再做一次", "The system is very busy. Nothing was changed; do it again in a minute")
	expired     = fault.Of(fault.SignIn, "作業時間已到，您輸入的內容還在這一頁", "Your session has ended. What you typed is still on this page").
			To("登入", "Sign in", "/")
)

// Refuse answers a raw door's request with the page (for a script: the words) of an error, as Handle does by itself.
func (r *Request) Refuse(err error) { r.Site.refuse(r, err) }

// refuse draws the error a handler returned.
func (s *Site) refuse(r *Request, err error) {
	if r.sent.code != 0 {
		s.Log.Error("failed after the answer had begun", "id", r.Number(), "door", r.Pattern, "error", err)
		return
	}
	f, ok := fault.As(err)
	switch {
	case ok:
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return // nobody is waiting any more
	case errors.Is(err, store.ErrNotFound):
		f = notFound
	case errors.Is(err, store.ErrRetry):
		s.Log.Warn("too busy", "id", r.Number(), "door", r.Pattern, "error", err)
		f = busy
	default:
		s.fail(r, err)
		return
	}
	if f.Kind == fault.SignIn && !r.wantsJSON() {
		s.toDoor(r, f)
		return
	}
	s.draw(r, f, StatusOf(f.Kind))
}

// toDoor sends a visitor to sign in and, after that, back here. A form that was typed stays on the page meanwhile.
func (s *Site) toDoor(r *Request, f *fault.Fault) {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		next = r.Back()
		if !r.typed {
			_ = r.readForm() // what cannot be read cannot be held
		}
		if fields := r.held(); r.typed && len(fields) > 0 {
			held, title := expired, say.T("再登入一次，再送出", "Sign in again, then send")
			if f.Way != nil {
				held, title = f, say.F("%s，再送出", "%s, then send", f.Way.Text)
			}
			s.drawing(r, Page{Title: title, Fault: held, Status: http.StatusUnauthorized}, func(p Page) error {
				return r.Draw(p, expiredPage(held, title, r.URL.RequestURI(), fields))
			})
			return
		}
	}
	to := "/"
	if f.Way != nil {
		to = local(f.Way.URL)
	}
	_ = r.Redirect(to + "?next=" + url.QueryEscape(next))
}

// draw draws f as a page of its own.
func (s *Site) draw(r *Request, f *fault.Fault, code int) {
	if r.wantsJSON() {
		_ = r.refuseJSON(f)
		return
	}
	s.drawing(r, Page{Title: titleOf(f.Kind), Fault: f, Status: code}, func(p Page) error {
		return r.Draw(p, refusalPage(p.Title, f, r.Back()))
	})
}

// fail draws an error that is ours, under a number that the log has too.
func (s *Site) fail(r *Request, err error) {
	s.Log.Error("failed", "id", r.Number(), "door", r.Pattern, "person", r.Actor.Person, "error", err)
	if r.wantsJSON() {
		_ = r.JSON(http.StatusInternalServerError, map[string]string{"message": ours.In(r.Lang()), "number": r.Number()})
		return
	}
	s.drawing(r, Page{Title: say.T("系統發生問題", "Something went wrong"), Status: http.StatusInternalServerError}, func(p Page) error {
		return r.Draw(p, failurePage(r.Number()))
	})
}

var ours = say.T("這是系統的問題，不是您的操作造成的", "The problem is on our side. You did nothing wrong")

// drawing draws a page of an error; if even that fails, plain words are sent.
func (s *Site) drawing(r *Request, p Page, f func(Page) error) {
	defer func() {
		if x := recover(); x != nil {
			s.Log.Error("the error page failed", "id", r.Number(), "error", x)
			http.Error(r.W, ours.Zh+" "+ours.En+" ("+r.Number()+")", http.StatusInternalServerError)
		}
	}()
	if err := f(p); err != nil {
		s.Log.Error("the error page failed", "id", r.Number(), "error", err)
		http.Error(r.W, ours.Zh+" "+ours.En+" ("+r.Number()+")", http.StatusInternalServerError)
	}
}

func titleOf(k fault.Kind) say.Text {
	switch k {
	case fault.NotFound:
		return say.T("找不到這一頁", "Page not found")
	case fault.Forbidden:
		return say.T("您不能使用這一頁", "You cannot use this page")
	case fault.Conflict:
		return say.T("資料已經變動", "The record has changed")
	case fault.TooMany:
		return say.T("次數太多，稍候再試", "Too many attempts")
	case fault.TooLarge:
		return say.T("內容太大", "Too large")
	case fault.Unavailable:
		return say.T("暫時無法使用", "Not available at the moment")
	}
	return say.T("有地方要修正", "There is something to correct")
}
