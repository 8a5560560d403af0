package notices

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/wneessen/go-mail"
)

// Security is how the way to the mail server is kept private.
type Security string

// The ways to a mail server.
const (
	StartTLS Security = "starttls" // a plain connection that must turn into an encrypted one
	TLS      Security = "tls"      // encrypted from the first byte
	Plain    Security = "plain"    // not encrypted: a server on the same machine
)

// SMTP is a mail server that takes our letters.
type SMTP struct {
	Host           string
	Port           int // 0: the usual one
	Security       Security
	User, Password string // no User: without signing in
	From           string // address letters come from
	FromName       string
	Trust          *tls.Config // nil: the machine's own trust
}

// Send hands l to the server. Only an answer 5xx about this letter (its sender, receiver or content) is a Refused;
// a server that is away, slow, busy or will not let us in is worth another try.
func (s SMTP) Send(ctx context.Context, l Letter) error {
	m, err := s.message(l)
	if err != nil {
		return Refused{err}
	}
	c, err := mail.NewClient(s.Host, s.options(ctx)...)
	if err != nil {
		return fmt.Errorf("notices: mail server: %w", err)
	}
	err = c.DialAndSendWithContext(ctx, m)
	var said *mail.SendError
	if errors.As(err, &said) && said.ErrorCode() >= 500 && aboutLetter(said.Reason) {
		return Refused{err}
	}
	// A server that fails to say goodbye has taken the letter all the same.
	if err != nil && m.IsDelivered() {
		return nil
	}
	return err
}

func aboutLetter(r mail.SendErrReason) bool {
	switch r {
	case mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose, mail.ErrWriteContent:
		return true
	}
	return false
}

func (s SMTP) message(l Letter) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8))
	if err := m.FromFormat(s.FromName, s.From); err != nil {
		return nil, err
	}
	if err := m.AddToFormat(oneLine(l.Name), l.To); err != nil {
		return nil, err
	}
	m.Subject(oneLine(l.Subject))
	m.SetDate()
	m.SetMessageIDWithValue(l.ID + "@" + s.Host)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", string(l.Lang))
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	}
	return m, nil
}

func (s SMTP) options(ctx context.Context) []mail.Option {
	o := []mail.Option{mail.WithTimeout(30 * time.Second)}
	if until, ok := ctx.Deadline(); ok {
		o = []mail.Option{mail.WithTimeout(max(time.Until(until), time.Millisecond))}
	}
	switch s.Security {
	case TLS:
		o = append(o, mail.WithSSLPort(false))
	case Plain:
		o = append(o, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		o = append(o, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if s.Port != 0 {
		o = append(o, mail.WithPort(s.Port))
	}
	if s.Trust != nil {
		o = append(o, mail.WithTLSConfig(s.Trust))
	}
	if s.User != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return o
}
