package egov

import "cloudbm/store"

// CaptchaText is what a captcha's picture shows.
func CaptchaText(tx *store.Tx, id string) (string, error) { return captchaText(tx, id) }

// LimitedTo are the tickets' and captchas' lives, for tests of what is too old.
const (
	CaptchaLife = captchaLife
	TicketLife  = ticketLife
	ResetLife   = resetLife
	SessionIdle = idle
)

// NoTurns lets nobody work out a hash until release is called.
func NoTurns() (release func()) {
	for range cap(turns) {
		turns <- struct{}{}
	}
	return func() {
		for range cap(turns) {
			<-turns
		}
	}
}
