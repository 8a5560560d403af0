package openid

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// TicketSettings describe a sign-in in the style that was usual before OpenID Connect: the browser is sent to a page
// with the address to return to, comes back with a token, and the token is exchanged from server to server for a
// credential in XML or JSON. What the fields are called differs from place to place.
type TicketSettings struct {
	Name    string // stands in the rows and in the cookie
	Says    say.Text
	Issuer  string // stands in the Identity
	SignIn  string // page of the other site, such as https://…/portal/Clogin.aspx
	Fixed   map[string]string
	Return  string            // name of the parameter with the address to return to; ReturnUrl if ""
	Back    string            // our page that Finish is called on
	Token   string            // name of the parameter that comes back; token if ""
	At      string            // where the token is exchanged
	Field   string            // name of the field the token is sent in; token if ""
	Secrets map[string]string // sent along with it
	Success map[string]string // fields of the credential that have to have these values
	Names   Names
	Timeout time.Duration
	Log     *slog.Logger
}

// UsualFields are the fields of a credential, unless the settings name others.
var UsualFields = Names{"subject": "Account", "account": "Account", "name": "Name", "email": "Email", "national_id": "ID", "level": "Level", "organisation": "Organisation"}

// Ticket signs people in by the older style.
type Ticket struct {
	TicketSettings
	party PartySettings
	refusals
	db    *store.DB
	wire  *http.Client
	names Names
}

// stateParam goes out inside the address to return to, because the older style has no state of its own.
const stateParam = "begun"

// NewTicket is the door with those settings.
func NewTicket(db *store.DB, s TicketSettings) (*Ticket, error) {
	if s.Name == "" || s.Issuer == "" || !safeAddress(s.SignIn) || !safeAddress(s.At) || !safeAddress(s.Back) {
		return nil, fmt.Errorf("openid: ticket %q needs an issuer and https addresses: %q, %q, %q", s.Name, s.SignIn, s.At, s.Back)
	}
	for name, usual := range map[*string]string{&s.Return: "ReturnUrl", &s.Token: "token", &s.Field: "token"} {
		if *name == "" {
			*name = usual
		}
	}
	return &Ticket{TicketSettings: s, party: PartySettings{Name: s.Name, Log: s.Log}, refusals: refusals{s.Says}, db: db,
		wire: wire(s.Timeout), names: s.Names.over(UsualFields)}, nil
}

// AuthURL begins a sign-in: the address the browser is sent to.
func (t *Ticket) AuthURL(ctx context.Context, browser string, ask Ask) (string, error) {
	if weak(browser) {
		return "", errors.New("openid: the secret of the browser is too short")
	}
	state := store.Secret()
	b := newBegun(t.Name, state, browser)
	b.next = ask.Next
	if err := t.db.Write(ctx, func(tx *store.Tx) error { return insertBegun(tx, b) }); err != nil {
		return "", fmt.Errorf("openid: %s: begin: %w", t.Name, err)
	}
	back, err := address(t.Back, url.Values{stateParam: {state}})
	if err != nil {
		return "", err
	}
	q := url.Values{t.Return: {back}}
	for name, value := range t.Fixed {
		q.Set(name, value)
	}
	return address(t.SignIn, q)
}

// Exchange finishes a sign-in with the parameters the browser came back with.
func (t *Ticket) Exchange(ctx context.Context, browser string, answer url.Values) (Identity, error) {
	b := newBegun(t.Name, answer.Get(stateParam), browser)
	err := t.db.Write(ctx, func(tx *store.Tx) (err error) { b, err = takeBegun(tx, b); return err })
	if errors.Is(err, store.ErrNotFound) {
		return Identity{}, t.again()
	}
	if err != nil {
		return Identity{}, fmt.Errorf("openid: %s: finish: %w", t.Name, err)
	}
	token := answer.Get(t.Token)
	if token == "" {
		return Identity{}, t.party.note(t.stopped(), "answer", errors.New("no token"))
	}
	form := url.Values{t.Field: {token}}
	for name, value := range t.Secrets {
		form.Set(name, value)
	}
	a, err := post(ctx, t.wire, t.At, form, "", "")
	if err == nil && a.status >= 500 {
		err = fmt.Errorf("%d %.300q", a.status, a.body)
	}
	if err != nil {
		return Identity{}, t.party.note(t.away(), "exchange", err)
	}
	if a.status != http.StatusOK {
		return Identity{}, t.party.note(t.again(), "exchange", fmt.Errorf("%d %.300q", a.status, a.body))
	}
	claims, err := credential(a)
	if err != nil {
		return Identity{}, t.party.note(t.away(), "exchange", err)
	}
	for name, value := range t.Success {
		if text(claims, name) != value {
			return Identity{}, t.party.note(t.again(), "credential", fmt.Errorf("%s is %q", name, text(claims, name)))
		}
	}
	id := t.names.identity(t.Issuer, claims)
	if id.Next = b.next; id.Subject == "" {
		return Identity{}, t.party.note(t.untrue(), "credential", fmt.Errorf("no %q", t.names["subject"]))
	}
	return id, nil
}

// credential reads the fields of an answer in JSON or XML.
func credential(a reply) (map[string]any, error) {
	if strings.Contains(a.kind, "json") || bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("{")) {
		return object(a.body)
	}
	return elements(a.body)
}

// elements are the texts of the innermost elements by their names. A name that stands twice would let one who can write
// into one field say another, so such a credential is not read.
func elements(b []byte) (map[string]any, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	out, inside, said, depth := map[string]any{}, "", "", 0
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && len(out) > 0:
			return out, nil
		case errors.Is(err, io.EOF):
			return nil, errors.New("no element in the credential")
		case err != nil:
			return nil, err
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, errors.New("a credential has no document type")
		case xml.StartElement:
			if depth++; depth > 8 {
				return nil, errors.New("the credential is too deep")
			}
			inside, said = t.Name.Local, ""
		case xml.CharData:
			said += string(t)
		case xml.EndElement:
			depth--
			if inside != t.Name.Local {
				continue
			}
			if _, twice := out[inside]; twice {
				return nil, fmt.Errorf("%s stands twice in the credential", inside)
			}
			out[inside], inside = strings.TrimSpace(said), ""
		}
	}
}

// Start sends the browser at r to sign in.
func (t *Ticket) Start(r *web.Request, ask Ask) error {
	to, err := t.AuthURL(r.Context(), browser(r, t.Name, true), ask)
	if err != nil {
		return err
	}
	return Leave(r, to)
}

// Finish is who came back: the page at Back calls it.
func (t *Ticket) Finish(r *web.Request) (Identity, error) {
	return t.Exchange(r.Context(), browser(r, t.Name, false), r.URL.Query())
}
