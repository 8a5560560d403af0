package factors

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
)

// Passkey is a key pair whose private half somebody's telephone, computer or stick keeps (WebAuthn).
type Passkey struct {
	ID, Person string
	Name       string // as its owner calls it
	Made, Used time.Time
	credential string // base64url of the credential's id
	record     string // webauthn.Credential as JSON
}

// site is the side of passkeys that we are: one host name and one origin. What another host was given is no use here.
func site(base, name string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	host, origin := u.Hostname(), u.Scheme+"://"+u.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() { // an address is no name that a passkey can be for
		host = "localhost"
		origin = strings.Replace(origin, u.Host, strings.TrimSuffix("localhost:"+u.Port(), ":"), 1)
	}
	return webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: name, RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
}

// holder is a person as the library knows them.
type holder struct {
	accounts.Person
	keys []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.ID) }
func (h holder) WebAuthnDisplayName() string                { return h.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (h holder) WebAuthnName() string {
	if mail := h.Mail(); mail != "" {
		return mail
	}
	return h.Name
}

func (h holder) descriptors() (out []protocol.CredentialDescriptor) {
	for _, k := range h.keys {
		out = append(out, k.Descriptor())
	}
	return out
}

func holderOf(tx *store.Tx, person string) (h holder, err error) {
	if h.Person, err = accounts.Find(tx, person); err != nil {
		return h, err
	}
	all, err := passkeysOf(tx, person)
	if err != nil {
		return h, err
	}
	for _, k := range all {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.record), &c); err != nil {
			return h, fmt.Errorf("factors: passkey %s: %w", k.ID, err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// A purpose is what a challenge was given for; it answers nothing else.
type purpose string

const (
	toAdd     purpose = "add"
	toSignIn  purpose = "sign-in"
	toFinish  purpose = "second"
	toConfirm purpose = "confirm"
)

// challenge is a question put to a browser. It is known by a secret in the browser's cookie, and belongs to the session
// it was put in, if there was one.
type challenge struct {
	purpose purpose
	session string
	asked   string // webauthn.SessionData as JSON
	ends    time.Time
}

const challengeLife = 5 * time.Minute

// ask writes a challenge for a browser and answers what its script needs, and the secret for its cookie.
func ask(tx *store.Tx, w *webauthn.WebAuthn, p purpose, person, session string) (options any, secret string, err error) {
	var data *webauthn.SessionData
	switch p {
	case toSignIn:
		options, data, err = w.BeginDiscoverableLogin()
	default:
		h, found := holderOf(tx, person)
		if found != nil {
			return nil, "", found
		}
		if p == toAdd {
			options, data, err = w.BeginRegistration(h, webauthn.WithExclusions(h.descriptors()))
			break
		}
		if len(h.keys) == 0 {
			return nil, "", noPasskey
		}
		options, data, err = w.BeginLogin(h)
	}
	if err != nil {
		return nil, "", err
	}
	asked, err := json.Marshal(data)
	if err != nil {
		return nil, "", err
	}
	secret = store.Secret()
	return options, secret, insertChallenge(tx, challenge{p, session, string(asked), tx.Now.Add(challengeLife)}, marked(secret))
}

var (
	noPasskey = fault.Bad("passkey", "改用驗證碼：這個帳號還沒有通行金鑰", "Use a code: this account has no passkey yet")
	notTaken  = fault.Bad("passkey", "再用一次通行金鑰，或改用其他方式：剛才的回應對不上", "Use the passkey again, or another way: its answer did not match")
	copied    = fault.Bad("passkey", "改用其他方式登入，並移除這把通行金鑰：它的計數倒退，可能被複製了", "Use another way, and remove this passkey: its counter ran backwards, so it may have been copied")
	tooLate   = fault.Bad("passkey", "再按一次通行金鑰的按鈕：這次的驗證已經用過或過期", "Press the passkey button again: this attempt was used or has expired")
)

// asked takes the challenge away that the browser with that secret was given for p in the session.
func asked(tx *store.Tx, secret string, p purpose, session string) (data webauthn.SessionData, err error) {
	c, err := takeChallenge(tx, marked(secret))
	if errors.Is(err, store.ErrNotFound) {
		return data, tooLate
	}
	if err != nil {
		return data, err
	}
	if c.purpose != p || c.session != session || tx.Now.After(c.ends) {
		return data, tooLate
	}
	return data, json.Unmarshal([]byte(c.asked), &data)
}

// AddPasskey keeps a new passkey of by, answered to a challenge of the site w.
func AddPasskey(tx *store.Tx, by permit.Actor, w *webauthn.WebAuthn, data webauthn.SessionData, name, answer string) error {
	if err := Proved(tx, by); err != nil {
		return err
	}
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "":
		return fault.Bad("name", "替這把通行金鑰取個名字，例如「我的手機」", "Give the passkey a name, for example “My telephone”")
	case utf8.RuneCountInString(name) > 50:
		return fault.Bad("name", "縮短名字到 50 個字以內", "Shorten the name to at most 50 characters")
	}
	h, err := holderOf(tx, by.Person)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return notTaken
	}
	c, err := w.CreateCredential(h, data, parsed)
	if err != nil {
		return notTaken
	}
	record, err := json.Marshal(c)
	if err != nil {
		return err
	}
	k := Passkey{ID: store.NewID(), Person: by.Person, Name: name, Made: tx.Now, credential: keyOf(c.ID), record: string(record)}
	if _, err := passkeyBy(tx, k.credential); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = fault.Bad("passkey", "用另一個裝置：這把通行金鑰已經登記過", "Use another device: this passkey is registered already")
		}
		return err
	}
	if err := insertPasskey(tx, k); err != nil {
		return err
	}
	if err := accounts.Note(tx, by, "factor.add", by.Person, "passkey "+name); err != nil {
		return err
	}
	return gained(tx, by)
}

// known is whose passkey answered the challenge; the counter of its signatures moves on. A counter that ran backwards is
// noted and refused: somebody has a copy.
func known(tx *store.Tx, w *webauthn.WebAuthn, data webauthn.SessionData, answer string) (person string, refused *fault.Fault, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return "", notTaken, nil
	}
	k, err := passkeyBy(tx, keyOf(parsed.RawID))
	if errors.Is(err, store.ErrNotFound) {
		return "", notTaken, nil
	}
	if err != nil {
		return "", nil, err
	}
	h, err := holderOf(tx, k.Person)
	if err != nil {
		return "", nil, err
	}
	var c *webauthn.Credential
	if len(data.UserID) == 0 {
		c, err = w.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) { return h, nil }, data, parsed)
	} else {
		c, err = w.ValidateLogin(h, data, parsed)
	}
	if err != nil {
		return "", notTaken, nil
	}
	if c.Authenticator.CloneWarning {
		return "", copied, accounts.Note(tx, permit.Actor{Person: k.Person}, "factor.copied", k.Person, "passkey "+k.Name)
	}
	record, err := json.Marshal(c)
	if err != nil {
		return "", nil, err
	}
	return k.Person, nil, touchPasskey(tx, k.ID, string(record))
}

// marked is how the secret of a challenge is known in the database.
func marked(secret string) string {
	s := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(s[:])
}

func keyOf(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }
