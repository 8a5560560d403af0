package pki

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudbm/cms"
	"cloudbm/say"
	"cloudbm/store"
)

// Purpose is what a signature is for. It stands in what is signed, so a signature for one purpose is none for another.
type Purpose string

// The purposes there are.
const (
	SignIn     Purpose = "sign-in"
	EGovSignIn Purpose = "egov-signin"
	BindCard   Purpose = "bind-card"
	Seal       Purpose = "seal"
)

var purposes = map[Purpose]say.Text{
	SignIn:     say.T("登錄", "signing in"),
	EGovSignIn: say.T("我的E政府憑證登入", "signing in at 我的E政府"),
	BindCard:   say.T("憑證註冊", "registering a certificate"),
	Seal:       say.T("壓章", "sealing documents"),
}

// Challenge is what a card is asked to sign, once and soon.
type Challenge struct {
	Purpose Purpose
	About   string // whom or what it is about, in the words of the room that asks; may be empty
	Nonce   string
	Text    string // what is signed, word for word
	Until   time.Time
}

// domain begins whatever we have signed as a challenge: no text that begins so is a document.
const domain = "cloudbm challenge 1"

// text is what is signed: lines that a person can read and that say one thing only.
func (c Challenge) text(site string, now time.Time) string {
	return strings.Join([]string{
		domain,
		"用途 purpose: " + string(c.Purpose) + "（" + purposes[c.Purpose].Zh + "，" + purposes[c.Purpose].En + "）",
		"網站 site: " + site,
		"關於 about: " + c.About,
		NonceLine(c.Nonce),
		"時間 time: " + now.UTC().Format(time.RFC3339),
		"這段文字只作上述用途，不是任何文件的簽章。This text serves the above purpose only. It signs no document.",
		"",
	}, "\n")
}

// Ask makes a challenge that lives for life. Who answers it has to name the same purpose and the same about.
func (r *Room) Ask(tx *store.Tx, purpose Purpose, about string, life time.Duration) (Challenge, error) {
	if _, ok := purposes[purpose]; !ok || strings.ContainsAny(about, "\r\n") {
		return Challenge{}, fmt.Errorf("pki: nothing can be asked for purpose %q about %q", purpose, about)
	}
	c := Challenge{Purpose: purpose, About: about, Nonce: store.Secret(), Until: tx.Now.Add(life)}
	c.Text = c.text(r.Site, tx.Now)
	return c, insertChallenge(tx, mark(c.Text), c)
}

// AskOver makes a challenge of what write writes for a nonce: a document, which the card then signs word for word. It
// begins with cms.Words and says its purpose in words of its own, so that it is no challenge of Ask, and it has a line
// with the nonce (NonceLine).
func (r *Room) AskOver(tx *store.Tx, purpose Purpose, about string, life time.Duration, write func(nonce string) string) (Challenge, error) {
	c := Challenge{Purpose: purpose, About: about, Nonce: store.Secret(), Until: tx.Now.Add(life)}
	c.Text = write(c.Nonce)
	if !strings.HasPrefix(c.Text, cms.Words) || strings.HasPrefix(c.Text, domain) || nonceOf(c.Text) != c.Nonce {
		return Challenge{}, fmt.Errorf("pki: no text for purpose %q about %q can be signed that begins %.30q", purpose, about, c.Text)
	}
	return c, insertChallenge(tx, mark(c.Text), c)
}

// NonceLine is the line of a text that holds the nonce.
func NonceLine(nonce string) string { return "隨機碼 nonce: " + nonce }

// mark is how a challenge is known in the database.
func mark(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// nonceOf is the nonce in a text that we made.
func nonceOf(text string) string {
	_, rest, _ := strings.Cut(text, "\n"+NonceLine(""))
	nonce, _, _ := strings.Cut(rest, "\n")
	return nonce
}

// Signed is what has been proved: the holder of this certificate signed this challenge now.
type Signed struct {
	Certificate
	CardNumber string // 憑證序號 of the card, as the signature says it; "" if it says none
	Version    string // of the component
	At         time.Time
	State      State               // of the certificate, with its evidence
	Text       string              // what was signed
	Signature  []byte              // as the card made it
	Chain      []*x509.Certificate // from the certificate to the root that is trusted
}

// Answered verifies the answer to a challenge that was asked for the purpose and about the same. It runs outside any
// transaction: the challenge is used up in one of its own before anything else, whatever comes of the answer, and the
// certificate's authority may have to be asked. What a person can do something about is a Refusal.
func (r *Room) Answered(ctx context.Context, purpose Purpose, about string, a Answer, kinds ...Kind) (Signed, error) {
	now, err := r.spend(ctx, purpose, about, a.Text)
	if err != nil {
		return Signed{}, err
	}
	if a.Said == "" {
		return Signed{}, refuse(trNoScript, "nothing was said")
	}
	said, err := read(a.Said)
	if err != nil {
		return Signed{}, refuse(trStrange, err.Error())
	}
	if t := said.trouble(); t != nil {
		return Signed{}, refuse(t, fmt.Sprintf("ret_code %#x last_error %#x", uint32(said.Code), uint32(said.Minor)))
	}
	if r.Least.tooOld(a.Agent, said.Version) {
		return Signed{}, refuse(trOld, "version "+said.Version)
	}
	out, bag, err := verifySignature(a.Text, said)
	if err != nil {
		return Signed{}, err
	}
	out.At, out.Version = now, said.Version
	if out.Chain, err = r.Anchors.Verify(out.Certificate, bag, now, kinds...); err != nil {
		return Signed{}, err
	}
	out.State, err = r.state(ctx, out.Certificate, out.Chain[1], now)
	return out, err
}

// spend uses the challenge up.
func (r *Room) spend(ctx context.Context, purpose Purpose, about, text string) (now time.Time, err error) {
	var was Challenge
	err = r.DB.Write(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		was, err = useChallenge(tx, mark(text))
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return now, refuse(trLate, "no such challenge, or used before")
	case err != nil:
		return now, fmt.Errorf("pki: use a challenge: %w", err)
	case !now.Before(was.Until):
		return now, refuse(trLate, "ended "+was.Until.String())
	case was.Purpose != purpose || was.About != about:
		return now, refuse(trOther, fmt.Sprintf("asked for %s, answered for %s", was.Purpose, purpose))
	}
	return now, nil
}

// verifySignature reads the signature of the component's answer, CMS or plain, over text. That the certificate counts is
// not known yet.
func verifySignature(text string, s said) (out Signed, bag []*x509.Certificate, err error) {
	tampered := func(err error) (Signed, []*x509.Certificate, error) {
		return Signed{}, nil, refuse(trTampered, err.Error())
	}
	out.Text = text
	if out.Signature, err = unbase64(s.Signature); err != nil || len(out.Signature) == 0 {
		return tampered(errors.New("no signature"))
	}
	beside, err := unbase64(s.Cert)
	if err != nil {
		return tampered(fmt.Errorf("certb64: %w", err))
	}
	if !cms.Is(out.Signature) {
		if out.Certificate, err = Parse(beside); err == nil {
			err = cms.CheckRaw(out.X509, []byte(text), out.Signature)
		}
		if err != nil {
			return tampered(err)
		}
		return out, nil, nil
	}
	said, err := cms.Read(out.Signature, []byte(text))
	switch {
	case err != nil:
		return tampered(err)
	case said.Nonce != nonceOf(text):
		return tampered(errors.New("the signed nonce is another"))
	case s.CardSN != "" && said.CardNumber != s.CardSN:
		return tampered(errors.New("the number of the card is not the one that was signed"))
	case len(beside) > 0 && !bytes.Equal(beside, said.Signer.Raw):
		return tampered(errors.New("the certificate beside the signature is not the signer's"))
	}
	out.CardNumber = said.CardNumber
	if out.Certificate, err = Parse(said.Signer.Raw); err != nil {
		return tampered(err)
	}
	return out, said.Bag, nil
}

// encoded is the text as it travels: on a page, and to the component, which is told that it is base64.
func (c Challenge) encoded() string { return base64.StdEncoding.EncodeToString([]byte(c.Text)) }
