package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Purpose is what a manifest says that it is for.
const Purpose = "cloudbm submission"

// Manifest names everything a round is made of by its SHA-256, as the counter wrote it (round.json).
type Manifest struct {
	Purpose   string          `json:"purpose"`
	Authority string          `json:"authority"`
	Case      string          `json:"case"`
	Serial    string          `json:"serial"`
	Type      string          `json:"type"`
	Round     int             `json:"round"`
	At        string          `json:"at"`
	By        string          `json:"by"`
	Form      string          `json:"form_sha256"`
	Sheets    []ManifestSheet `json:"sheets"`
	Papers    []ManifestPaper `json:"papers"`
	Seals     []ManifestSeal  `json:"seals,omitzero"` // those that the round came with; nil in rounds from before there were seals
}

// ManifestSheet is a drawing in a manifest.
type ManifestSheet struct {
	Sheet    string `json:"sheet"`
	Version  string `json:"version"`
	Number   string `json:"number"`
	Class    string `json:"class"`
	Title    string `json:"title"`
	N        int64  `json:"n"`
	Digest   string `json:"digest"`
	Page     int    `json:"page"`
	FileName string `json:"fileName"`
	Size     int64  `json:"size"`
	MIME     string `json:"mime"`
	WidthMM  int    `json:"widthMM"`
	HeightMM int    `json:"heightMM"`
}

// Name is number and title.
func (s ManifestSheet) Name() string { return strings.TrimSpace(s.Number + " " + s.Title) }

// ManifestPaper is an attached paper in a manifest.
type ManifestPaper struct {
	Paper    string `json:"paper"`
	Code     string `json:"code"`
	Digest   string `json:"digest"`
	FileName string `json:"fileName"`
	Size     int64  `json:"size"`
	MIME     string `json:"mime"`
}

// ManifestSeal is a seal in a manifest.
type ManifestSeal struct {
	ID        string `json:"id"`
	Text      string `json:"text_sha256"`
	Signature string `json:"signature_sha256"`
}

// errNewer is a manifest with members that this verifier does not know.
var errNewer = errors.New("proof: a manifest with members that are not known here")

// ReadManifest reads a manifest that has one reading: nothing stands twice in it, and it is written as the counter
// writes. One with unknown members is read, and answered with errNewer.
func ReadManifest(b []byte) (m Manifest, err error) {
	if err := once(b); err != nil {
		return m, fmt.Errorf("proof: manifest: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	strict := d.Decode(&m)
	if strict != nil {
		m = Manifest{}
		if err := json.Unmarshal(b, &m); err != nil {
			return m, fmt.Errorf("proof: manifest: %w", err)
		}
		err = errNewer
	}
	if again, _ := json.Marshal(m); strict == nil && !bytes.Equal(again, b) {
		return m, errors.New("proof: manifest: it is written otherwise than manifests are")
	}
	return m, errors.Join(m.check(), err)
}

func (m Manifest) check() error {
	switch {
	case m.Purpose != Purpose:
		return fmt.Errorf("proof: manifest: its purpose is %.40q", m.Purpose)
	case m.Case == "" || m.Serial == "" || m.Authority == "" || m.Type == "" || m.Round < 1:
		return errors.New("proof: manifest: it does not say which case and round")
	case m.at().IsZero():
		return fmt.Errorf("proof: manifest: %.40q is no time", m.At)
	case !isDigest(m.Form):
		return errors.New("proof: manifest: no SHA-256 of the form")
	}
	versions := map[string]bool{}
	for _, s := range m.Sheets {
		if !isDigest(s.Digest) || s.Version == "" || versions[s.Version] {
			return fmt.Errorf("proof: manifest: the sheet %.40q", s.Name())
		}
		versions[s.Version] = true
	}
	papers := map[string]bool{}
	for _, p := range m.Papers {
		if !isDigest(p.Digest) || p.Paper == "" || papers[p.Paper] {
			return fmt.Errorf("proof: manifest: the paper %.40q", p.FileName)
		}
		papers[p.Paper] = true
	}
	for _, s := range m.Seals {
		if !isDigest(s.Text) || !isDigest(s.Signature) {
			return errors.New("proof: manifest: a seal without SHA-256")
		}
	}
	return nil
}

// at is when the round was received; zero if the manifest does not say it.
func (m Manifest) at() time.Time {
	t, err := time.Parse(time.RFC3339Nano, m.At)
	if err != nil {
		return time.Time{}
	}
	return t
}

// once reports a member that stands twice in an object of b; readers of JSON differ in which of the two they take.
func once(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := onceIn(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("bytes are left over")
	}
	return nil
}

func onceIn(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	if depth > 32 {
		return errors.New("nested too deeply")
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			// Go takes members whatever the case of their letters.
			key := strings.ToLower(fmt.Sprint(name))
			if seen[key] {
				return fmt.Errorf("%.40q stands twice", key)
			}
			seen[key] = true
		}
		if err := onceIn(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
