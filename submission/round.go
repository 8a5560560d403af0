package submission

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/seals"
	"cloudbm/store"
)

// Round is what was handed in the n-th time, frozen.
type Round struct {
	Case     string
	N        int
	At       time.Time // when the system received it (電子簽章法 §9)
	By, Name string
	Answers  permit.Answers
	Manifest Manifest
	Digest   string // SHA-256 of the manifest's bytes
	Receipt  string // number of the receipt

	frozen []byte // the manifest as it was written
}

// Manifest names everything a round is made of, by digest. Its canonical JSON is what seals and receipts are over.
type Manifest struct {
	Purpose   string                 `json:"purpose"`
	Authority string                 `json:"authority"`
	Case      string                 `json:"case"`
	Serial    string                 `json:"serial"`
	Type      string                 `json:"type"`
	Round     int                    `json:"round"`
	At        string                 `json:"at"` // RFC 3339, UTC
	By        string                 `json:"by"`
	Form      string                 `json:"form_sha256"`
	Sheets    []drawings.FrozenSheet `json:"sheets"`
	Papers    []drawings.FrozenPaper `json:"papers"`
	Seals     []seals.Frozen         `json:"seals"`
}

// bytes is the canonical form: Go's JSON of the struct, keys in the order of its fields, nothing optional.
func (m Manifest) bytes() []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // plain strings and numbers only
	}
	return b
}

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// freeze reads the case as it stands and makes round n of it.
func freeze(tx *store.Tx, by permit.Actor, c *cases.Case, a permit.Answers, n int) (Round, error) {
	r := Round{Case: c.ID, N: n, At: tx.Now, By: by.Person, Name: by.Name, Answers: a}
	sheets, err := drawings.Snapshot(tx, c)
	if err != nil {
		return r, err
	}
	papers, err := drawings.SnapshotPapers(tx, c)
	if err != nil {
		return r, err
	}
	sealed, err := seals.Snapshot(tx, c)
	if err != nil {
		return r, err
	}
	r.Manifest = Manifest{Purpose: "cloudbm submission", Authority: c.Authority, Case: c.ID, Serial: c.Serial, Type: c.Type.ID(),
		Round: n, At: tx.Now.Format(time.RFC3339Nano), By: by.Name, Form: digest(seals.FormBytes(a)), Sheets: sheets, Papers: papers, Seals: sealed}
	r.frozen = r.Manifest.bytes()
	r.Digest = digest(r.frozen)
	r.Receipt, err = receiptNumber(tx, c)
	return r, err
}
