package web

import (
	"cloudbm/fault"
	"cloudbm/permit"
)

// Policy says who may come through a door: nil lets the actor in, a *fault.Fault says why not.
type Policy func(permit.Actor) error

// Anyone lets everybody in.
func Anyone(permit.Actor) error { return nil }

// SignedIn lets in whoever has signed in.
func SignedIn(a permit.Actor) error {
	if a.SignedIn() {
		return nil
	}
	return fault.Of(fault.SignIn, "登入後才能使用這一頁", "Sign in to use this page")
}
