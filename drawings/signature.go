package drawings

import (
	"cloudbm/pades"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// What is said of a signature that a file brought along. It is information: nothing is decided by it, and it is never
// shown in the green of what the house itself has checked.

// verdictColour is the colour of the tag with the verdict.
func verdictColour(v pades.Verdict) string {
	switch {
	case v.Kind == pades.Broken, v.Altered:
		return "red"
	case v.Kind == pades.ValidUnchanged:
		return "grey"
	}
	return "yellow"
}

// verdictWord is the verdict in a word or two.
func verdictWord(v pades.Verdict) say.Text {
	switch {
	case v.Kind == pades.Broken:
		return say.T("無效", "Not valid")
	case v.Altered:
		return say.T("簽章後被更改", "Altered after signing")
	case v.Kind == pades.LaterChanges:
		return say.T("簽章後有增加", "Added to since")
	case v.Kind == pades.ValidUnchanged:
		return say.T("未更改", "Unchanged")
	}
	return say.T("無法驗證", "Not checked")
}

// signerFacts say who signed, as the certificate says, and whether it can be believed.
func signerFacts(s pades.Signature) (out []say.Text) {
	if s.Who == "" {
		return nil
	}
	out = append(out, say.F("憑證姓名：%s（%s 簽發）", "Name in the certificate: %s (issued by %s)", s.Who, s.Issuer))
	switch s.Trusted {
	case pades.Trusted:
		out = append(out, say.T("憑證由信任的憑證機構簽發；有沒有停用或廢止沒有查", "The certificate is of a trusted authority; whether it was revoked has not been looked up"))
	case pades.Untrusted:
		out = append(out, say.T("憑證不是信任的憑證機構簽發，姓名不能相信", "The certificate is not of a trusted authority; do not rely on the name"))
	default:
		out = append(out, say.T("憑證的來源沒有查，姓名不能相信", "Where the certificate comes from has not been checked; do not rely on the name"))
	}
	if !s.When.IsZero() {
		out = append(out, say.F("自稱的簽署時間：%s", "Time of signing, as claimed: %s", taiwan.Stamp(s.When)))
	}
	return out
}

var onlyInformation = say.T("這是檔案自己帶來的簽章，只供參考，不是本系統的壓章", "This signature came with the file. It is for information only and is no seal of this system")
