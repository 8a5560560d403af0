package seals

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudbm/cases"
	"cloudbm/cms"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/proof"
	"cloudbm/say"
	"cloudbm/store"
)

// Seal is one signature of a card over things of a case. It never changes, but for the things that turn out void.
type Seal struct {
	ID, Case    string
	Round       int // the submission it was made for
	Person      string
	Party       permit.Party
	Name        string
	Licence     string
	Permit      string
	Work        string
	Text        string // what was signed, word for word
	CMS         []byte // detached, DER, with the certificates up to the root
	State       pki.State
	Kind        pki.Kind
	Card        string // 憑證序號; "" if the signature does not say it
	Fingerprint string // of the certificate
	At          time.Time
	Items       []Item
}

// Item is one thing that a seal is over.
type Item struct {
	ID string
	proof.Item
	VoidedAt time.Time // when Review saw that it does not hold; zero while it holds
	Why      Why
}

// Why is why a seal on a thing does not hold any more.
type Why string

// The reasons.
const (
	Replaced Why = "replaced" // a later version, or it is gone
	Renamed  Why = "renamed"  // another number or title
	Changed  Why = "changed"  // the form says other things
	NotNamed Why = "unnamed"  // the signer is not named for it any more, or with another licence
)

// Text says it in words.
func (w Why) Text() say.Text {
	switch w {
	case Replaced:
		return say.T("這張圖或文件已更換或移除", "The sheet or paper was replaced or removed")
	case Renamed:
		return say.T("圖號或圖名已更改", "Its number or title was changed")
	case Changed:
		return say.T("申請書內容已修改", "The form was changed")
	case NotNamed:
		return say.T("簽章人已不再列名，或證照、許可文號、簽證項目不同", "The signer is not named any more, or with another licence, permit or work")
	}
	return say.Text{}
}

// Manifest is what the text says.
func (s Seal) Manifest() (proof.Seal, error) { return proof.Parse(s.Text) }

// covers reports whether the seal was made by whom the form names now, in that capacity. That it was them has been looked at
// when it was made; what becomes of their account or profile later changes nothing.
func (s Seal) covers(who Signer, t Thing) bool {
	if s.Party != who.Party || s.Name != who.Name || s.Licence != who.Licence || s.Permit != who.Permit {
		return false
	}
	return who.Party != permit.Certifier || within(who.Work, strings.Split(s.Work, ",")) || t.Kind != proof.Sheet
}

// within reports whether something of a is in b.
func within(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// alike reports whether what was sealed is the thing as it is now; the picture does not matter, it follows from the file.
func alike(sealed, now proof.Item) bool {
	sealed.Rendering, now.Rendering = "", ""
	return sealed == now
}

// life is the time between the page that asks for the card and the answer.
const life = 20 * time.Minute

// about is what a challenge is about.
func about(c *cases.Case, by permit.Actor) string { return "seals " + c.ID + " " + by.Person }

// Of is the signer that by is in the case, with everything that is theirs; a case may name somebody in two capacities.
func Of(tx *store.Tx, by permit.Actor, c *cases.Case) (out []Signer, err error) {
	all, err := Signers(tx, c)
	return slices.DeleteFunc(all, func(s Signer) bool { return s.Person != by.Person || by.Person == "" }), err
}

// maySeal refuses, in words, whoever is not named, and everybody while the case is frozen.
func maySeal(c *cases.Case, mine []Signer) error {
	way := "/bls/cases/" + c.ID + "/seals"
	switch {
	case !c.State.Open():
		return fault.Say(fault.Conflict, say.F("等改正通知再壓章：案件目前是「%s」，內容已經凍結", "Wait for a correction notice: the case stands at “%s” and is frozen", c.StateName())).
			To("看壓章情形", "See the seals", way)
	case len(mine) == 0:
		return fault.Of(fault.Forbidden, "聯絡申請人把您列入名冊：案件上要有您的證照，您才能壓章", "Ask the applicant to name you: only who is named in the case, with their licence, may seal").
			To("看壓章情形", "See the seals", way)
	}
	return nil
}

// Ask makes the text of a seal over the picked things and has pki ask for a signature over it. pictures are the digests of
// the pictures by version; a sheet that can be drawn is not sealed without one.
func Ask(tx *store.Tx, cards *pki.Room, by permit.Actor, c *cases.Case, party permit.Party, picked []string, pictures map[string]string) (pki.Challenge, proof.Seal, error) {
	mine, err := Of(tx, by, c)
	if err != nil {
		return pki.Challenge{}, proof.Seal{}, err
	}
	if err := maySeal(c, mine); err != nil {
		return pki.Challenge{}, proof.Seal{}, err
	}
	who, err := as(mine, party)
	if err != nil {
		return pki.Challenge{}, proof.Seal{}, err
	}
	s := proof.Seal{Site: cards.Site, Authority: c.Authority, Case: c.ID, Serial: c.Serial, Type: c.Type.ID(), Round: c.Round + 1, As: string(who.Party),
		Signer: who.Name, Licence: who.Licence, Permit: who.Permit, Work: who.work(), At: tx.Now.UTC().Truncate(time.Second)}
	for _, t := range who.Things {
		if !slices.Contains(picked, t.Key()) {
			continue
		}
		if t.Kind == proof.Sheet && t.Version.Drawn() {
			if t.Rendering = pictures[t.ID]; t.Rendering == "" {
				return pki.Challenge{}, s, fault.Say(fault.Conflict, say.F("再按一次壓章：%s 剛剛更換，影像還沒有準備好", "Press the button again: %s was replaced just now, and its picture is not ready", t.Name()))
			}
		}
		s.Items = append(s.Items, t.Item)
	}
	switch {
	case len(s.Items) == 0:
		return pki.Challenge{}, s, fault.Bad("pick", "勾選要壓章的項目", "Tick what you seal")
	case len(s.Items) > proof.MaxItems:
		return pki.Challenge{}, s, fault.BadText("pick", say.F("一次最多壓 %d 項，分次勾選", "Seal at most %d things at a time", proof.MaxItems))
	}
	challenge, err := cards.AskOver(tx, pki.Seal, about(c, by), life, func(nonce string) string { s.Nonce = nonce; return s.Text() })
	if err == nil {
		err = s.Check()
	}
	return challenge, s, err
}

func as(mine []Signer, party permit.Party) (Signer, error) {
	for _, s := range mine {
		if s.Party == party {
			return s, nil
		}
	}
	return Signer{}, fault.Bad("party", "選擇您以什麼身分壓章", "Choose in which capacity you seal")
}

// Put keeps what a card has signed, if everything in it is still what it was when it was asked for. Used is told which card
// it was (room cards), and refuses a card that is not the signer's.
func Put(tx *store.Tx, by permit.Actor, c *cases.Case, signed pki.Signed, used func(*store.Tx, permit.Actor, pki.Signed) error) (Seal, error) {
	said, err := proof.Parse(signed.Text)
	if err != nil {
		return Seal{}, fmt.Errorf("seals: %w", err) // pki has said that the text is one of ours
	}
	mine, err := Of(tx, by, c)
	if err != nil {
		return Seal{}, err
	}
	if err := maySeal(c, mine); err != nil {
		return Seal{}, err
	}
	who, err := as(mine, permit.Party(said.As))
	if err != nil {
		return Seal{}, err
	}
	if err := stillTrue(c, who, said); err != nil {
		return Seal{}, err
	}
	if err := theirs(who, signed); err != nil {
		return Seal{}, err
	}
	if err := used(tx, by, signed); err != nil {
		return Seal{}, err
	}
	s := Seal{ID: store.NewID(), Case: c.ID, Round: said.Round, Person: by.Person, Party: who.Party, Name: who.Name, Licence: who.Licence, Permit: who.Permit,
		Work: said.Work, Text: signed.Text, State: signed.State, Kind: signed.Kind, Card: signed.CardNumber, Fingerprint: signed.Fingerprint, At: tx.Now}
	if s.CMS, err = detached(signed); err != nil {
		return s, err
	}
	for _, it := range said.Items {
		s.Items = append(s.Items, Item{ID: store.NewID(), Item: it})
	}
	if err := keep(tx, s); err != nil {
		return s, err
	}
	if err := dropRefusal(tx, c.ID, by.Person); err != nil {
		return s, err
	}
	return s, cases.Log(tx, by, c, cases.Entry{Act: ActSeal, Place: "seals/" + s.ID, Tell: true,
		Said: say.F("%s（%s）壓章 %d 項", "%s (%s) sealed %d things", who.Name, PartyName(who.Party), len(s.Items)).Zh})
}

// The acts of this room in the log of a case.
const (
	ActAsk     = "ask-seal"
	ActSeal    = "seal"
	ActUnseal  = "unseal"
	ActDecline = "decline-seal"
)

// detached is the signature as it is kept: a CMS without the content, with the chain.
func detached(s pki.Signed) ([]byte, error) {
	if cms.Is(s.Signature) {
		return cms.Detach(s.Signature, s.Chain...)
	}
	return cms.Plain(s.X509, []byte(s.Text), s.Signature, chainAbove(s.Chain)...)
}

func chainAbove(chain []*x509.Certificate) []*x509.Certificate {
	if len(chain) == 0 {
		return nil
	}
	return chain[1:]
}

// stillTrue refuses a seal over what has changed since it was asked for, by name.
func stillTrue(c *cases.Case, who Signer, said proof.Seal) error {
	again := func(text say.Text) error {
		return fault.Say(fault.Conflict, text).To("重新查看並壓章", "Look again and seal", "/bls/cases/"+c.ID+"/seals")
	}
	if said.Case != c.ID || said.Round != c.Round+1 || said.Signer != who.Name || said.Licence != who.Licence || said.Permit != who.Permit || said.Work != who.work() {
		return again(say.T("重新查看再壓章：案件或您的列名資料剛剛變動，所以沒有壓上", "Look again before you seal: the case, or how it names you, has just changed. Nothing was sealed"))
	}
	var changed []string
	for _, it := range said.Items {
		if !slices.ContainsFunc(who.Things, func(t Thing) bool { return alike(it, t.Item) }) {
			changed = append(changed, Thing{Item: it}.Name().Zh)
		}
	}
	if len(changed) > 0 {
		return again(say.F("重新查看再壓章：%s 剛剛變動，所以整批都沒有壓上", "Look again before you seal: %s has just changed, so none of them was sealed", strings.Join(changed, "、")))
	}
	return nil
}

// theirs refuses a certificate that is not of who is named. That the card is registered to the account is for room cards.
func theirs(who Signer, signed pki.Signed) error {
	if oneLine(signed.Name) != who.Name {
		return fault.Say(fault.Forbidden, say.F("用您本人的自然人憑證：這張是%s的，案件列名的是%s", "Use your own citizen certificate: this one is of %s, and the case names %s", say.Same(signed.Name), say.Same(who.Name)))
	}
	return nil
}

// kinds are the certificates that seal: architects and engineers seal as the natural persons that they are (技師法 §16);
// nobody else seals (domain §7.6).
var kinds = []pki.Kind{pki.Citizen}

// PartyName is what a capacity is called.
func PartyName(p permit.Party) say.Text {
	switch p {
	case permit.Owner:
		return say.T("起造人（申請人）", "owner or applicant")
	case permit.Designer:
		return say.T("設計人", "designer")
	case permit.Supervisor:
		return say.T("監造人", "supervisor")
	case permit.Builder:
		return say.T("承造人", "contractor")
	case permit.Certifier:
		return say.T("簽證技師", "certifying engineer")
	case permit.LandOwner:
		return say.T("土地所有權人", "land owner")
	case permit.Fitter:
		return say.T("室內裝修業", "interior decorator")
	case permit.Agent:
		return say.T("受託人", "agent")
	}
	return say.Same(string(p))
}

// Find is one seal of a case.
func Find(tx *store.Tx, c *cases.Case, id string) (Seal, error) {
	s, err := sealByID(tx, c.ID, id)
	if errors.Is(err, store.ErrNotFound) {
		return s, fault.Of(fault.NotFound, "這個案件沒有這個壓章", "This case has no such seal").To("看壓章情形", "See the seals", "/bls/cases/"+c.ID+"/seals")
	}
	return s, err
}
