package proof

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"

	"cloudbm/cms"
	"cloudbm/say"
)

// seal judges one seal. texts gathers the digests of the texts that were there.
func (v *verifier) seal(number string, texts map[string]bool) (s Seal, by By, ok bool) {
	about := sealsFolder + number + ".txt"
	before := v.Count(Bad)
	text, err := v.archive.read(about)
	if err != nil || !v.archive.has(sealsFolder+number+".p7s") {
		v.missing(number)
		return s, by, false
	}
	if texts[digestOf(text)] {
		v.bad("seal.twice", about, say.T("同一個壓章放了兩次", "The same seal stands twice"), changed)
		return s, by, false
	}
	texts[digestOf(text)] = true
	if s, err = Parse(string(text)); err != nil {
		v.bad("seal.text", about, say.F("第 %s 個壓章的文字不是壓章，或已被更動（%s）", "The text of seal %s is no seal, or was changed (%s)", number, detail(err)), changed)
		return Seal{}, by, false
	}
	v.belongs(number, s)
	der, err := v.archive.read(sealsFolder + number + ".p7s")
	if err != nil {
		v.bad("seal.signature", about, detail(err), again)
		return s, by, false
	}
	v.named(number, digestOf(text), digestOf(der))
	sig, err := cms.ReadText(der, string(text))
	if err != nil {
		v.bad("seal.signature", about, say.F("第 %s 個壓章的簽章與文字不符（%s）", "The signature of seal %s does not fit its text (%s)", number, detail(err)), changed)
		return s, by, false
	}
	if sig.Nonce != "" && sig.Nonce != s.Nonce {
		v.bad("seal.nonce", about, say.F("第 %s 個壓章的簽章是為另一個隨機碼所做", "The signature of seal %s was made for another nonce", number), changed)
	}
	card, err := cms.Parse(sig.Signer.Raw)
	switch {
	case err != nil:
		v.bad("seal.certificate", about, say.F("第 %s 個壓章的憑證無法辨讀（%s）", "The certificate of seal %s cannot be read (%s)", number, detail(err)), changed)
		return s, by, false
	case oneLine(card.Name) != oneLine(s.Signer) && card.Kind != cms.Citizen:
		// A firm may seal with its own certificate or with that of its head.
		v.note("seal.name", about, say.F("第 %s 個壓章寫的是「%s」，以「%s」的%s簽章", "Seal %s says %s, and was made with the certificate of %s (%s)", number, s.Signer, card.Name, card.Kind.Name()))
	case oneLine(card.Name) != oneLine(s.Signer):
		v.bad("seal.name", about, say.F("第 %s 個壓章寫的是「%s」，憑證卻是「%s」的", "Seal %s says %s, and the certificate is that of %s", number, s.Signer, card.Name), changed)
	}
	chain, ok := v.chain("seal", about, card, sig.Bag, s.At, &v.options.Cards)
	if !ok {
		return s, by, false
	}
	v.revocation(number, chain, s.At)
	if v.Count(Bad) > before {
		return s, by, false
	}
	root := chain[len(chain)-1]
	by = By{Seal: number, Name: s.Signer, Licence: s.Licence, As: s.As, At: s.At, Issuer: authorityName(chain[min(1, len(chain)-1)]), Root: authorityName(root),
		RootFingerprint: cms.Fingerprint(root), Expires: card.Until}
	v.good("seal", about, say.F("第 %s 個壓章：%s（%s）於 %s 以%s蓋在 %d 項上，簽章與當時的憑證有效", "Seal %s: %s (%s), at %s, by %s, over %d things; the signature is good, and the certificate was at that time",
		number, s.Signer, s.Licence, stamp(s.At), card.Kind.Name(), len(s.Items)))
	if cms.IsTest(sig.Signer) {
		v.note("seal.test", about, say.F("第 %s 個壓章用的是測試用憑證，沒有法律效力", "Seal %s was made with a test certificate; it has no force in law", number))
	}
	return s, by, true
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// named holds a seal to what the manifest says that the round came with.
func (v *verifier) named(number, text, signature string) {
	about := sealsFolder + number + ".txt"
	i := slices.IndexFunc(v.Manifest.Seals, func(s ManifestSeal) bool { return s.Text == text })
	switch {
	case v.Manifest.Seals == nil:
	case i < 0:
		v.bad("seal.extra", about, say.F("送件清單沒有第 %s 個壓章", "The manifest does not name seal %s", number), changed)
	case v.Manifest.Seals[i].Signature != signature:
		v.bad("seal.signature", about, say.F("第 %s 個壓章的簽章不是送件時的那一個", "The signature of seal %s is not the one that was submitted", number), changed)
	}
}

// belongs holds what a seal says of the case to the manifest.
func (v *verifier) belongs(number string, s Seal) {
	about, m := sealsFolder+number+".txt", v.Manifest
	switch {
	case s.Case != m.Case || s.Serial != m.Serial || s.Authority != m.Authority || s.Type != m.Type:
		v.bad("seal.case", about, say.F("第 %s 個壓章屬於另一個案件（%s）", "Seal %s belongs to another case (%s)", number, s.Serial), changed)
	case s.Round > m.Round:
		v.bad("seal.round", about, say.F("第 %s 個壓章是為之後的第 %d 次送件所蓋", "Seal %s was made for a later submission, the %dth", number, s.Round), changed)
	case s.At.After(m.at().Add(cms.Skew)):
		v.bad("seal.time", about, say.F("第 %s 個壓章的時間（%s）在送件之後", "Seal %s is dated %s, after the submission", number, stamp(s.At)), changed)
	}
}

// chain judges who a signer is, as of that time. Without anybody who is believed it says in which root the chain ends.
func (v *verifier) chain(key, about string, c cms.Certificate, bag []*x509.Certificate, at time.Time, trust *cms.Trust) ([]*x509.Certificate, bool) {
	bag = append(slices.Clone(bag), v.loose...)
	believed := !trust.Empty()
	use := trust
	if !believed {
		use = tops(bag)
	}
	var chain []*x509.Certificate
	var err error
	if key == "seal" {
		chain, err = use.Verify(c, bag, at)
	} else {
		chain, err = use.Chain(c.X509, bag, at)
	}
	var doubt *cms.Doubt
	if err != nil {
		why, do := detail(err), changed
		if errors.As(err, &doubt) {
			why, do = whys(doubt, at)
		}
		if doubt != nil && !believed && (doubt.Why == cms.Nobody || doubt.Why == cms.Untrusted) {
			v.warn(key+".chain", about, say.F("「%s」的憑證缺少上層憑證，無法驗證來源：%s", "The certificate of %s comes without those above it, so it is not known where it comes from: %s", c.Name, why), trustDo)
			return []*x509.Certificate{c.X509}, true
		}
		v.bad(key+".chain", about, say.F("「%s」的憑證在當時不能採用：%s", "The certificate of %s did not count at that time: %s", c.Name, why), do)
		return nil, false
	}
	if !believed {
		root := chain[len(chain)-1]
		v.warn(key+".root", about, say.F("「%s」的憑證串鏈終於「%s」，SHA-256 指紋 %s；您沒有指定信任的根憑證，是否可信要由您比對",
			"The chain of %s ends in %s, SHA-256 %s; you named no root that you trust, so it is for you to compare", c.Name, authorityName(root), cms.Fingerprint(root)), trustDo)
	}
	return chain, true
}

var trustDo = say.T("向憑證機構的公開網站取得根憑證，比對指紋，再以 --trust 資料夾 驗證一次", "Get the root from its owner's public site, compare the fingerprint, and verify again with --trust FOLDER")

// tops are the authorities in a bag, with those believed that none of the others issued: only to see where a chain ends.
func tops(bag []*x509.Certificate) *cms.Trust {
	t := &cms.Trust{}
	for _, x := range bag {
		switch {
		case !x.IsCA:
		case slices.ContainsFunc(bag, func(y *x509.Certificate) bool { return y.IsCA && !y.Equal(x) && bytes.Equal(y.RawSubject, x.RawIssuer) }):
			t.Below = append(t.Below, x)
		default:
			t.Roots = append(t.Roots, x)
		}
	}
	return t
}

// whys says what a doubt means, and what to do about it.
func whys(d *cms.Doubt, at time.Time) (why, do say.Text) {
	switch d.Why {
	case cms.Untrusted, cms.Nobody:
		return say.T("它不是您信任的憑證機構所發", "it does not come from an authority that you trust"),
			say.T("確認信任的根憑證是否包含簽章當時那一代；若已包含，請勿採用", "See whether the roots you trust include the generation of that time; if they do, do not use it")
	case cms.NotYet:
		return say.F("在 %s 還沒生效", "it was not valid yet at %s", stamp(at)), changed
	case cms.Expired:
		return say.F("在 %s 已經過期", "it had expired by %s", stamp(at)), changed
	case cms.Weak:
		return say.T("金鑰或演算法太弱", "its key or a signature on it is too weak"), changed
	case cms.Testing:
		return say.T("它是測試用憑證", "it is a test certificate"), changed
	case cms.WrongKind, cms.NotForThis:
		return say.T("這種憑證不能用來壓章", "a certificate of this kind cannot seal"), changed
	}
	return detail(d), changed
}

// revocation judges what was known about revocation when it was sealed. Only the authority's own answer proves it.
func (v *verifier) revocation(number string, chain []*x509.Certificate, at time.Time) {
	about := sealsFolder + number + ".ocsp"
	if !v.archive.has(about) {
		v.unproven(number)
		return
	}
	b, err := v.archive.read(about)
	if err == nil && len(chain) < 2 {
		v.warn("seal.revocation", about, say.F("第 %s 個壓章的憑證缺少上層憑證，無法驗證當時是否廢止", "Seal %s: without the certificate above it cannot be verified whether it was revoked", number), trustDo)
		return
	}
	var a cms.Answer
	if err == nil {
		a, err = answerAbout(b, chain[0], chain[1], at)
	}
	switch {
	case err != nil:
		v.bad("seal.revocation", about, say.F("第 %s 個壓章所附的廢止查詢結果不能採用（%s）", "What seal %s brings along about revocation does not count (%s)", number, detail(err)), changed)
	case !a.Revoked.IsZero() && !a.Revoked.After(at):
		v.bad("seal.revoked", about, say.F("第 %s 個壓章的憑證在壓章前已廢止（%s）", "The certificate of seal %s was revoked before it sealed (%s)", number, stamp(a.Revoked)), changed)
	case !a.Revoked.IsZero():
		v.note("seal.revoked", about, say.F("第 %s 個壓章的憑證在壓章之後廢止（%s），不影響這個壓章", "The certificate of seal %s was revoked after it sealed (%s); that does not touch this seal", number, stamp(a.Revoked)))
	}
}

// MaxLate is how long after a seal was asked for the authority's answer may have been made.
const MaxLate = 24 * time.Hour

// answerAbout reads an answer as of the time of sealing, or as of when it was made, shortly after: that a certificate is
// good later says that it was good before, while it has not expired.
func answerAbout(b []byte, x, issuer *x509.Certificate, at time.Time) (cms.Answer, error) {
	said, err := ocsp.ParseResponseForCert(b, x, issuer)
	if err != nil {
		return cms.Answer{}, err
	}
	if made := said.ThisUpdate; made.After(at) && !made.After(at.Add(MaxLate)) && !made.After(x.NotAfter) {
		at = made
	}
	return cms.ReadAnswer(b, x, issuer, at)
}

// unproven says what our own word is where the authority's is not there.
func (v *verifier) unproven(number string) {
	about := sealsFolder + number + ".json"
	var k Known
	b, err := v.archive.read(about)
	if err == nil {
		err = json.Unmarshal(b, &k)
	}
	do := say.T("需要時請向憑證機構查詢這張憑證在壓章時是否有效", "If you need it, ask the certification authority whether the certificate was good when it sealed")
	switch {
	case err == nil && k.From == "crl":
		v.warn("seal.revocation", about, say.F("第 %s 個壓章沒有附憑證機構的回答；系統當時依 %s 的廢止清冊認定有效，這是系統的說法", "Seal %s brings along no answer of the authority; the system found the certificate good by the list of %s, which is the system's word", number, stamp(k.AsOf)), do)
	default:
		v.warn("seal.revocation", about, say.F("第 %s 個壓章當時查不到憑證是否廢止（%.200s）", "Seal %s: whether the certificate was revoked was not known at the time (%.200s)", number, k.Why), do)
	}
}

// authority judges the signature by which the building authority says that this is what it received.
func (v *verifier) authority() {
	if !v.archive.has(roundSigned) {
		v.warn("authority", roundSigned, say.T("主管機關沒有對送件清單簽章：收件時間只是系統的說法", "The authority has not signed the manifest: when it was received is only what the system says"),
			say.T("以送件收據比對雜湊值與時間", "Compare digest and time with the receipt"))
		return
	}
	der, err := v.archive.read(roundSigned)
	var sig cms.Signature
	if err == nil {
		sig, err = cms.Read(der, v.raw)
	}
	if err != nil {
		v.bad("authority.signature", roundSigned, say.F("主管機關的簽章與送件清單不符（%s）", "The authority's signature does not fit the manifest (%s)", detail(err)), changed)
		return
	}
	c, err := cms.Parse(sig.Signer.Raw)
	at := v.Manifest.at()
	if !sig.Claimed.IsZero() {
		at = sig.Claimed
	}
	switch {
	case err != nil:
		v.bad("authority.certificate", roundSigned, detail(err), changed)
		return
	case c.Kind != cms.Government && c.Kind != "":
		v.bad("authority.kind", roundSigned, say.F("送件清單由「%s」的%s簽章，不是主管機關", "The manifest is signed by the %[2]s of %[1]s, which is no authority", c.Name, c.Kind.Name()), changed)
		return
	case at.Before(v.Manifest.at().Add(-cms.Skew)):
		v.bad("authority.time", roundSigned, say.T("主管機關簽章的時間早於送件時間", "The authority's signature is dated before the submission"), changed)
		return
	}
	if _, ok := v.chain("authority", roundSigned, c, sig.Bag, at, &v.options.Authorities); !ok {
		return
	}
	v.good("authority", roundSigned, say.F("「%s」於 %s 對送件清單簽章，簽章有效", "%s signed the manifest at %s; the signature is good", authorityName(c.X509), stamp(at)))
	if cms.IsTest(c.X509) {
		v.note("authority.test", roundSigned, say.T("主管機關的簽章用的是測試用憑證，沒有法律效力", "The authority's signature was made with a test certificate; it has no force in law"))
	}
}

// authorityName is what a certificate calls its holder, as far as people know it.
func authorityName(x *x509.Certificate) string {
	for _, s := range [][]string{{x.Subject.CommonName}, x.Subject.OrganizationalUnit, x.Subject.Organization} {
		if len(s) > 0 && s[len(s)-1] != "" {
			return s[len(s)-1]
		}
	}
	return x.Subject.String()
}
