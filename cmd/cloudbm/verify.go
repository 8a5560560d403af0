package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cloudbm/cms"
	"cloudbm/proof"
	"cloudbm/say"
)

// verifyCmd verifies what was downloaded. It needs no configuration, no database and no network.
type verifyCmd struct {
	File  string `arg:"" help:"The archive of a round (bundle.zip), or a signed PDF: a receipt, a licence, an approved set."`
	Trust string `help:"The roots you trust, in PEM or DER: a file, or a folder with *.pem, *.crt, *.cer, *.der; those in its folders cards and authorities count only for seals, and only for signatures of authorities." type:"path"`
	JSON  bool   `help:"Print the report as JSON."`
	Lang  string `default:"both" enum:"both,zh,en" help:"Language of the report: both, zh or en."`
}

// outcome is how a command ended that has more to say than yes and no.
type outcome int

func (o outcome) Error() string { return fmt.Sprintf("exit %d", int(o)) }

// Help is what cloudbm verify --help says besides the flags.
func (verifyCmd) Help() string {
	return "It ends with 0 if everything is good, with 1 if nothing was changed and something is left for you to judge, with 2 if something is wrong or could not be read."
}

// Run verifies, prints and ends with 0, 1 or 2.
func (c verifyCmd) Run(*Config) error { return c.run(os.Stdout, os.Stderr) }

func (c verifyCmd) run(out, complaints io.Writer) error {
	err := c.look(out)
	var ended outcome
	if err != nil && !errors.As(err, &ended) {
		fmt.Fprintln(complaints, "cloudbm:", err)
		return outcome(2)
	}
	return err
}

// look judges the file by what it is: an archive, or a PDF.
func (c verifyCmd) look(out io.Writer) error {
	var o proof.Options
	if c.Trust != "" {
		var err error
		if o, err = trusting(c.Trust); err != nil {
			return err
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	begins := make([]byte, 5)
	if _, err := f.ReadAt(begins, 0); err == nil && string(begins) == "%PDF-" {
		return c.lookPDF(out, f, info.Size(), o.Authorities)
	}
	report := proof.Verify(f, info.Size(), o)
	if err := c.print(out, report); err != nil {
		return err
	}
	switch report.Level() {
	case proof.Bad:
		return outcome(2)
	case proof.Warning:
		return outcome(1)
	}
	return nil
}

// trusting reads the roots in a file, or those in a folder and in its folders cards and authorities.
func trusting(at string) (o proof.Options, err error) {
	both := []*cms.Trust{&o.Cards, &o.Authorities}
	info, err := os.Stat(at)
	if err != nil {
		return o, err
	}
	if !info.IsDir() {
		return o, believe(at, both)
	}
	for sub, into := range map[string][]*cms.Trust{"": both, "cards": both[:1], "authorities": both[1:]} {
		found, err := os.ReadDir(filepath.Join(at, sub))
		if os.IsNotExist(err) && sub != "" {
			continue
		}
		if err != nil {
			return o, err
		}
		for _, f := range found {
			if !slices.Contains([]string{".pem", ".crt", ".cer", ".der"}, strings.ToLower(filepath.Ext(f.Name()))) {
				continue
			}
			if err := believe(filepath.Join(at, sub, f.Name()), into); err != nil {
				return o, err
			}
		}
	}
	if o.Cards.Empty() && o.Authorities.Empty() {
		return o, fmt.Errorf("%s holds no root certificate (*.pem, *.crt, *.cer, *.der)", at)
	}
	return o, nil
}

func believe(path string, into []*cms.Trust) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, t := range into {
		if err := t.Add(b); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func (c verifyCmd) print(out io.Writer, r proof.Report) error {
	if c.JSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(r.Told())
	}
	var b strings.Builder
	say := func(indent string, t say.Text) {
		if c.Lang != "en" {
			b.WriteString(indent + t.Zh + "\n")
		}
		if c.Lang != "zh" && (c.Lang == "en" || t.En != t.Zh) {
			b.WriteString(indent + t.En + "\n")
		}
	}
	say("", r.Verdict())
	for _, level := range []proof.Level{proof.Bad, proof.Warning, proof.Note, proof.Good} {
		for _, f := range r.Findings {
			if f.Level != level {
				continue
			}
			fmt.Fprintf(&b, "\n%s %s", marks[level], f.Key)
			if f.About != "" {
				fmt.Fprintf(&b, " (%s)", f.About)
			}
			b.WriteString("\n")
			say("    ", f.Text)
			if !f.Do.Empty() {
				say("  → ", f.Do)
			}
		}
	}
	if len(r.Sheets) > 0 {
		b.WriteString("\n")
		say("", sealedBy)
		for _, s := range r.Sheets {
			fmt.Fprintf(&b, "  %s: %s\n", s.Name, s.Names())
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

var (
	sealedBy = say.T("由誰壓章", "Sealed by")
	marks    = map[proof.Level]string{proof.Bad: "✗", proof.Warning: "!", proof.Note: "i", proof.Good: "✓"}
)
