package notices

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// office is a mail server in this process that can be told to be difficult.
type office struct {
	mu    sync.Mutex
	got   []received
	rcpt  func(to string) error
	data  func(n int) error // n counts the letters offered
	n     int
	users map[string]string

	Host string
	Port int
	Pool *x509.CertPool
}

type received struct {
	To, Subject, ID, Raw string
}

func (o *office) letters() []received {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]received(nil), o.got...)
}

func (o *office) subjects() string {
	var s []string
	for _, r := range o.letters() {
		s = append(s, r.Subject)
	}
	return strings.Join(s, " | ")
}

// open starts the office; secret gives it a certificate and STARTTLS.
func (o *office) open(t *testing.T, secret bool) *office {
	t.Helper()
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{o: o}, nil }))
	s.Domain, s.AllowInsecureAuth, s.ReadTimeout, s.WriteTimeout = "localhost", true, 5*time.Second, 5*time.Second
	if secret {
		s.TLSConfig, o.Pool = certificate(t)
		s.AllowInsecureAuth = false
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	o.Host, o.Port = "127.0.0.1", l.Addr().(*net.TCPAddr).Port
	return o
}

func (o *office) post() SMTP {
	p := SMTP{Host: o.Host, Port: o.Port, Security: Plain, From: "bls@example.test", FromName: "線上申請系統"}
	if o.Pool != nil {
		p.Security, p.Trust = StartTLS, &tls.Config{RootCAs: o.Pool, ServerName: "127.0.0.1"}
	}
	return p
}

func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "測試郵件伺服器"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	made, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(made)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// counter is one session at the office.
type counter struct {
	o      *office
	to     string
	signed bool
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error {
	if c.o.users != nil && !c.signed {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	if c.o.rcpt != nil {
		return c.o.rcpt(to)
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.o.mu.Lock()
	c.o.n++
	n := c.o.n
	c.o.mu.Unlock()
	if c.o.data != nil {
		if err := c.o.data(n); err != nil {
			return err
		}
	}
	m, err := netmail.ReadMessage(strings.NewReader(string(b)))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	c.o.mu.Lock()
	defer c.o.mu.Unlock()
	c.o.got = append(c.o.got, received{c.to, subject, m.Header.Get("Message-ID"), string(b)})
	return nil
}

// AuthMechanisms and Auth let users sign in.
func (c *counter) AuthMechanisms() []string {
	if c.o.users == nil {
		return nil
	}
	return []string{sasl.Plain}
}

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if c.o.users[user] != password || password == "" {
			return smtp.ErrAuthFailed
		}
		c.signed = true
		return nil
	}), nil
}

func TestSMTPOverStartTLSWithSignIn(t *testing.T) {
	o := (&office{users: map[string]string{"bls": "correct horse"}}).open(t, true)
	p := o.post()
	l := Letter{ID: "l1", To: "p1@example.test", Name: "測試甲", Subject: "111A10134 通知改正\r\nBcc: x@example.test", Text: "您好", HTML: "<p>您好</p>"}
	if err := p.Send(t.Context(), l); err == nil {
		t.Fatal("a server that wants a sign-in took a letter without one")
	}
	p.User, p.Password = "bls", "wrong"
	err := p.Send(t.Context(), l)
	if refused := (Refused{}); err == nil || errors.As(err, &refused) {
		t.Fatalf("a wrong password of ours is no fault of the letter: %v", err)
	}
	p.Password = "correct horse"
	if err := p.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got := o.letters()
	if len(got) != 1 || got[0].To != "p1@example.test" || got[0].Subject != "111A10134 通知改正 Bcc: x@example.test" {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"multipart/alternative", "text/plain", "text/html", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(got[0].Raw, want) {
			t.Errorf("no %s in\n%s", want, got[0].Raw)
		}
	}
	p.Trust = nil
	if err := p.Send(t.Context(), l); err == nil || len(o.letters()) != 1 {
		t.Fatal("a certificate nobody vouches for was trusted")
	}
}

func TestStartTLSIsNotGivenUp(t *testing.T) {
	o := (&office{}).open(t, false)
	p := o.post()
	p.Security = StartTLS
	if err := p.Send(t.Context(), Letter{ID: "l1", To: "p1@example.test", Subject: "a", Text: "b"}); err == nil || len(o.letters()) != 0 {
		t.Fatalf("a letter went unencrypted: %v", err)
	}
}
