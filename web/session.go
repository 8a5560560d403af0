package web

import "net/http"

const extend = "POST /session/extend"

// extendSession answers 延長作業時間. Coming here already let the session live on (see Site.Who).
func extendSession(r *Request) error {
	left := 0
	if v := r.Site.chrome(r.Context(), r.Actor); v.SessionEnds.After(r.Site.now()) {
		left = int(v.SessionEnds.Sub(r.Site.now()).Seconds())
	}
	if r.wantsJSON() {
		if !r.Actor.SignedIn() {
			return SignedIn(r.Actor)
		}
		return r.JSON(http.StatusOK, map[string]int{"left": left})
	}
	return r.Redirect(r.Back())
}
