package drawings

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/pades"
	"cloudbm/pades/padestest"
	"cloudbm/pki"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestSignatureOfAFile: a file that was signed before it came here says so, in words, on its page; it comes in whatever
// became of the signature, which is never taken for ours.
func TestSignatureOfAFile(t *testing.T) {
	s := padestest.NewSigner(t)
	anchors := &pki.Anchors{}
	if err := anchors.Add(s.CA.Anchors()); err != nil {
		t.Fatal(err)
	}
	files := s.Drawings()
	wants := map[string][]string{
		"unchanged":   {"未更改", "簽章後沒有更改", "測試甲", "由信任的憑證機構簽發"},
		"later":       {"簽章後有增加", "之後又加了簽章「engineer」", "測試甲"},
		"altered":     {"簽章後被更改", "換了第 1 頁的內容"},
		"broken":      {"無效", "簽署的內容被改過"},
		"unsupported": {"無法驗證", "隱藏的圖層"},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		k.r.Anchors = anchors
		page := hall(t, k)(k.architect)
		for kind, words := range wants {
			k.bring("A1-01_一層平面圖.pdf", files[kind])
			v := k.sheet("A1-01").Current()
			if !v.Report.Signed || v.Report.Verdict == nil {
				t.Fatalf("%s: %+v", kind, v.Report)
			}
			p := page.Get("/bls/cases/" + k.id + "/sheets/" + v.ID)
			p.WantStatus(200)
			p.Want(append(words, "檔案內的簽章", "不是本系統的壓章")...)
			if kind != "unchanged" && (p.Has("簽章後沒有更改") || p.Has(">未更改<")) {
				t.Errorf("%s is shown as unchanged", kind)
			}
		}
		k.bring("A1-02_二層平面圖.pdf", plainPDF("2"))
		v := k.sheet("A1-02").Current()
		if v.Report.Signed || page.Get("/bls/cases/"+k.id+"/sheets/"+v.ID).Has("檔案內的簽章") {
			t.Errorf("a file without a signature: %+v", v.Report)
		}
	})
}

// TestNoHostileFileIsShownAsUnchanged: what is written on the page of a file that wants to deceive never reads as if it
// were signed and untouched.
func TestNoHostileFileIsShownAsUnchanged(t *testing.T) {
	s := padestest.NewSigner(t)
	shown := func(b []byte) string {
		v, err := pades.Look(context.Background(), bytes.NewReader(b), int64(len(b)), nil)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := FileSignature(Version{Report: Report{Signed: v.Kind != pades.None, Verdict: &v}}).Render(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		row := paperRow{Papers: []Paper{{ID: "p", FileName: "報告.pdf"}}, Locked: fault.Of(fault.Conflict, "凍結", "frozen")}
		if v.Kind != pades.None {
			row.Papers[0].Report.Verdict = &v
		}
		if err := paperSection(&cases.Case{ID: "c"}, row).Render(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "報告.pdf") || v.Kind != pades.None && !strings.Contains(out.String(), "檔案內的簽章："+v.Said.Zh) {
			t.Errorf("a paper that does not say what became of its signature: %s", out.String())
		}
		return out.String()
	}
	good := []string{"未更改", "沒有更改", "Unchanged"}
	for name, b := range s.Hostile() {
		if strings.HasPrefix(name, "flip") || strings.HasPrefix(name, "bomb") { // their verdicts are looked at in room pades
			continue
		}
		page := shown(b)
		for _, w := range good {
			if strings.Contains(page, w) {
				t.Errorf("%s is shown as %q", name, w)
			}
		}
		if !strings.HasPrefix(name, "cut") && !strings.Contains(page, "govuk-tag") {
			t.Errorf("%s: nothing is said: %s", name, page)
		}
	}
	if page := shown(s.Honest()["one"]); !strings.Contains(page, good[0]) || strings.Count(page, "green") > 2 { // the paper is 已附 and 完成
		t.Errorf("an honest file: %s", page)
	}
}
