package submission

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/proof"
	"cloudbm/seals"
	"cloudbm/store"
)

// Bundle is what the archive of a round is made of, but for what the authority says about it. Its files are opened when
// it is written, after the transaction.
func (room *Room) Bundle(tx *store.Tx, c *cases.Case, r Round) (b proof.Contents, err error) {
	b.Round, b.Form = r.frozen, seals.FormBytes(r.Answers)
	if digest(b.Form) != r.Manifest.Form {
		return b, fmt.Errorf("submission: bundle of %s round %d: the answers are not those that were frozen", c.Serial, r.N)
	}
	for _, s := range r.Manifest.Sheets {
		b.Files = append(b.Files, room.file(s.Digest, path.Ext(s.FileName)))
	}
	for _, p := range r.Manifest.Papers {
		b.Files = append(b.Files, room.file(p.Digest, path.Ext(p.FileName)))
	}
	if b.Seals, err = sealsOf(tx, c, r); err != nil {
		return b, err
	}
	b.Renderings = room.shown(b.Seals)
	return b, nil
}

// sealsOf are the seals that the round came with, as they were kept.
func sealsOf(tx *store.Tx, c *cases.Case, r Round) (out []proof.SealFile, err error) {
	var ids []string
	for _, s := range r.Manifest.Seals {
		ids = append(ids, s.ID)
	}
	kept, err := seals.ByID(tx, c, ids)
	for _, s := range kept {
		from, by, _ := strings.Cut(s.State.By, " ")
		if !s.State.Known {
			from = "not known"
		}
		out = append(out, proof.SealFile{Text: s.Text, CMS: s.CMS, OCSP: s.State.Evidence, Known: proof.Known{From: from, AsOf: s.State.As, By: by, Why: s.State.Why}})
	}
	return out, err
}

// attest adds the receipt, and the authority's signature over the manifest where there is a key for it.
func (room *Room) attest(ctx context.Context, c *cases.Case, r Round, b *proof.Contents) (err error) {
	if _, b.Receipt, err = room.IssueReceipt(ctx, c, r); err != nil || room.Sign == nil {
		return err
	}
	if b.Signature, err = room.Sign(ctx, c.Authority, b.Round); err != nil {
		return fmt.Errorf("submission: sign the manifest of %s: %w", c.Serial, err)
	}
	return nil
}

func (room *Room) file(d blob.Digest, ext string) proof.File {
	return proof.File{Digest: string(d), Ext: ext, Open: func() (io.ReadCloser, error) { return room.Blobs.Get(d) }}
}

// shown are the pictures that the signers were shown, as far as they are kept.
func (room *Room) shown(seals []proof.SealFile) (out []proof.File) {
	for _, s := range seals {
		text, err := proof.Parse(s.Text)
		if err != nil {
			continue // the verifier says so
		}
		for _, it := range text.Items {
			d, err := blob.ParseDigest(it.Rendering)
			if err != nil {
				continue
			}
			if _, err := room.Blobs.Stat(d); err == nil {
				out = append(out, room.file(d, "png"))
			}
		}
	}
	return out
}

// BundleSize is how large the archive of a round is, roughly, in words.
func (r Round) BundleSize() string {
	var sizes []int64
	seen := map[blob.Digest]bool{}
	add := func(d blob.Digest, n int64) {
		if !seen[d] {
			seen[d] = true
			sizes = append(sizes, n)
		}
	}
	for _, s := range r.Manifest.Sheets {
		add(s.Digest, s.Size)
	}
	for _, p := range r.Manifest.Papers {
		add(p.Digest, p.Size)
	}
	n := proof.Size(sizes, len(r.Manifest.Seals))
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1<<10-1)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
