package seals

import (
	"encoding/base64"
	"time"

	"cloudbm/blob"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/proof"
	"cloudbm/store"
)

const sealColumns = `id, case_id, round, person, party, name, licence, permit, work, text, cms, evidence, known, known_by, known_as, known_why, kind, card, fingerprint, sealed_at`

func keep(tx *store.Tx, s Seal) error {
	known := 0
	if s.State.Known {
		known = 1
	}
	_, err := tx.Exec(`INSERT INTO seals (`+sealColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)`,
		s.ID, s.Case, s.Round, s.Person, string(s.Party), s.Name, s.Licence, s.Permit, s.Work, s.Text, base64.StdEncoding.EncodeToString(s.CMS),
		base64.StdEncoding.EncodeToString(s.State.Evidence), known, s.State.By, store.At(s.State.As), s.State.Why, string(s.Kind), s.Card, s.Fingerprint, store.At(s.At))
	if err != nil {
		return err
	}
	for _, it := range s.Items {
		if _, err := tx.Exec(`INSERT INTO seal_items (id, seal_id, case_id, kind, ref, number, n, page, file, rendering, title, why)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'')`, it.ID, s.ID, s.Case, string(it.Kind), it.Item.ID, it.Number, it.N, it.Page, it.File, it.Rendering, it.Title); err != nil {
			return err
		}
	}
	return nil
}

func scanSeal(scan store.Scan) (s Seal, err error) {
	var party, kind, signature, evidence string
	var known int
	var as, at store.Time
	err = scan(&s.ID, &s.Case, &s.Round, &s.Person, &party, &s.Name, &s.Licence, &s.Permit, &s.Work, &s.Text, &signature, &evidence, &known,
		&s.State.By, &as, &s.State.Why, &kind, &s.Card, &s.Fingerprint, &at)
	if err != nil {
		return s, err
	}
	s.Party, s.Kind, s.State.Known, s.State.As, s.At = permit.Party(party), pki.Kind(kind), known == 1, as.Time, at.Time
	if s.CMS, err = base64.StdEncoding.DecodeString(signature); err == nil {
		s.State.Evidence, err = base64.StdEncoding.DecodeString(evidence)
	}
	return s, err
}

type itemOf struct {
	seal string
	Item
}

func scanItem(scan store.Scan) (it itemOf, err error) {
	var kind, why string
	var voided store.Time
	err = scan(&it.ID, &it.seal, &kind, &it.Item.Item.ID, &it.Number, &it.N, &it.Page, &it.File, &it.Rendering, &it.Title, &voided, &why)
	it.Kind, it.VoidedAt, it.Why = proof.Kind(kind), voided.Time, Why(why)
	return it, err
}

const itemColumns = `id, seal_id, kind, ref, number, n, page, file, rendering, title, voided_at, why`

// sealsOf reads the seals of a case with what they are over, oldest first.
func sealsOf(tx *store.Tx, caseID string) ([]Seal, error) {
	all, err := store.All(tx, scanSeal, `SELECT `+sealColumns+` FROM seals WHERE case_id = $1 ORDER BY sealed_at, id`, caseID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	items, err := store.All(tx, scanItem, `SELECT `+itemColumns+` FROM seal_items WHERE case_id = $1 ORDER BY id`, caseID)
	return withItems(all, items), err
}

func withItems(all []Seal, items []itemOf) []Seal {
	at := map[string]int{}
	for i, s := range all {
		at[s.ID] = i
	}
	for _, it := range items {
		if i, ok := at[it.seal]; ok {
			all[i].Items = append(all[i].Items, it.Item)
		}
	}
	return all
}

func sealByID(tx *store.Tx, caseID, id string) (Seal, error) {
	all, err := store.All(tx, scanSeal, `SELECT `+sealColumns+` FROM seals WHERE case_id = $1 AND id = $2`, caseID, id)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Seal{}, err
	}
	items, err := store.All(tx, scanItem, `SELECT `+itemColumns+` FROM seal_items WHERE seal_id = $1 ORDER BY id`, id)
	return withItems(all, items)[0], err
}

// sealsBy reads what a person has sealed, newest first.
func sealsBy(tx *store.Tx, person string, limit int) ([]Seal, error) {
	all, err := store.All(tx, scanSeal, `SELECT `+sealColumns+` FROM seals WHERE person = $1 ORDER BY sealed_at DESC, id DESC LIMIT $2`, person, limit)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	items, err := store.All(tx, scanItem, `SELECT `+itemColumns+` FROM seal_items WHERE seal_id IN (SELECT id FROM seals WHERE person = $1) ORDER BY id`, person)
	return withItems(all, items), err
}

// asked notes that a person was asked to seal a case, and reports whether that is new.
func asked(tx *store.Tx, caseID, person string) (bool, error) {
	n, err := tx.Exec(`INSERT INTO seal_asked (case_id, person, asked_at) VALUES ($1,$2,$3) ON CONFLICT (case_id, person) DO NOTHING`, caseID, person, store.At(tx.Now))
	return n > 0, err
}

// voidItem says that a seal does not hold on what it was over; without a why, that it holds again.
func voidItem(tx *store.Tx, id string, why Why) error {
	at := tx.Now
	if why == "" {
		at = time.Time{}
	}
	return tx.Must(`UPDATE seal_items SET voided_at = $2, why = $3 WHERE id = $1`, id, store.At(at), string(why))
}

func keepRefusal(tx *store.Tx, caseID string, r Refusal) error {
	_, err := tx.Exec(`INSERT INTO seal_refusals (case_id, person, name, why, refused_at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (case_id, person) DO UPDATE SET name = $3, why = $4, refused_at = $5`, caseID, r.Person, r.Name, r.Why, store.At(r.At))
	return err
}

func dropRefusal(tx *store.Tx, caseID, person string) error {
	_, err := tx.Exec(`DELETE FROM seal_refusals WHERE case_id = $1 AND person = $2`, caseID, person)
	return err
}

func refusalsOf(tx *store.Tx, caseID string) ([]Refusal, error) {
	return store.All(tx, func(scan store.Scan) (r Refusal, err error) {
		var at store.Time
		err = scan(&r.Person, &r.Name, &r.Why, &at)
		r.At = at.Time
		return r, err
	}, `SELECT person, name, why, refused_at FROM seal_refusals WHERE case_id = $1 ORDER BY refused_at`, caseID)
}

func pictureOf(tx *store.Tx, file string, page int) (d blob.Digest, err error) {
	var s string
	err = tx.Row(store.Into(&s), `SELECT picture FROM seal_pictures WHERE file = $1 AND page = $2`, file, page)
	return blob.Digest(s), err
}

func keepPicture(tx *store.Tx, file string, page int, d blob.Digest, size int64) error {
	_, err := tx.Exec(`INSERT INTO seal_pictures (file, page, picture, size) VALUES ($1,$2,$3,$4) ON CONFLICT (file, page) DO NOTHING`, file, page, string(d), size)
	return err
}

// Kept lists the pictures that signers were shown: bytes that have to be there for ever.
func Kept(tx *store.Tx) ([]blob.Digest, error) {
	return store.All(tx, func(scan store.Scan) (blob.Digest, error) {
		var s string
		err := scan(&s)
		return blob.Digest(s), err
	}, `SELECT DISTINCT picture FROM seal_pictures ORDER BY picture`)
}
