package taiwan_test

import (
	"testing"

	"cloudbm/taiwan"
)

func TestTheNumberOfALicenceIsFoundHoweverItIsWritten(t *testing.T) {
	const want = "115-南工造-1"
	for _, s := range []string{
		"(115)南工造字第00001號", "（115）南工造字第00001號", "（１１５）南工造字第０００１號", " ( 115 ) 南工造 字第 00001 號 ", "115南工造字第1號", "115 南工造 1",
		"115南工造1号", "〔115〕南工造字第00001號", "【115】南工造字第1", "「115南工造字第00001號」", "民國115年南工造字第00001號", "中華民國115年南工造字00001", "115-南工造-00001", "(115)南工造字\u200b第00001號",
	} {
		if got := taiwan.NumberKey(s); got != want {
			t.Errorf("%q is %q", s, got)
		}
	}
	for _, s := range []string{"(115)南工造字第00010號", "(115)南工使字第00001號", "(114)南工造字第00001號", "南工造字第00001號", "(11)5南工造字第00001號", "(115)南工造字第100001號"} {
		if taiwan.NumberKey(s) == want {
			t.Errorf("%q is taken for another number", s)
		}
	}
	if got := taiwan.NumberKey("(115)台南工造字第00000號"); got != "115-臺南工造-0" {
		t.Error(got)
	}
}
