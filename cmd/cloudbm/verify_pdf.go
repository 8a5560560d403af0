package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"cloudbm/cms"
	"cloudbm/pades"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// lookPDF judges the signatures inside a PDF: a receipt, a licence, an approved set.
func (c verifyCmd) lookPDF(out io.Writer, f *os.File, size int64, trust cms.Trust) error {
	var anchors pades.Chain // nobody is asked without roots
	if !trust.Empty() {
		anchors = &trust
	}
	v, err := pades.Look(context.Background(), f, size, anchors)
	if err != nil {
		return err
	}
	if err := c.printPDF(out, v); err != nil {
		return err
	}
	return judged(v)
}

// judged is how the command ends: 0 where everything is good, 1 where something is left to judge, 2 otherwise.
func judged(v pades.Verdict) error {
	switch {
	case v.Altered || v.Kind != pades.ValidUnchanged && v.Kind != pades.LaterChanges:
		return outcome(2)
	case v.Kind == pades.LaterChanges:
		return outcome(1)
	}
	for _, s := range v.Signatures {
		if s.Trusted != pades.Trusted {
			return outcome(1)
		}
	}
	return nil
}

func (c verifyCmd) printPDF(out io.Writer, v pades.Verdict) error {
	if c.JSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(v)
	}
	lines := []say.Text{v.Said}
	for _, s := range v.Signatures {
		lines = append(lines, say.F("簽章：%s（%s）%s，%s", "Signature: %s (%s) %s, %s", say.Same(s.Who), say.Same(s.Issuer), when(s), s.Said), believed(s.Trusted))
	}
	for _, x := range v.Changes {
		lines = append(lines, say.F("簽章後：%s", "Since then: %s", x.Said))
	}
	for _, t := range lines {
		if c.Lang != "en" {
			if _, err := fmt.Fprintln(out, t.Zh); err != nil {
				return err
			}
		}
		if c.Lang != "zh" && (c.Lang == "en" || t.En != t.Zh) {
			if _, err := fmt.Fprintln(out, t.En); err != nil {
				return err
			}
		}
	}
	return nil
}

func when(s pades.Signature) say.Text {
	if s.When.IsZero() {
		return say.T("未記載時間", "without a time")
	}
	return say.Same(taiwan.Stamp(s.When))
}

func believed(t pades.Trust) say.Text {
	switch t {
	case pades.Trusted:
		return say.T("  憑證由您信任的機構簽發", "  The certificate comes from an authority that you trust")
	case pades.Untrusted:
		return say.T("  憑證不是由您信任的機構簽發：任何人都能做出這樣的憑證", "  The certificate does not come from an authority that you trust: anybody can make one like it")
	}
	return say.T("  沒有核對憑證由誰簽發；用 --trust 指定您信任的根憑證", "  Nobody was asked who issued the certificate; name the roots you trust with --trust")
}
