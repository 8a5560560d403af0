package deeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"cloudbm/blob"
	"cloudbm/cms"
	"cloudbm/fault"
	"cloudbm/pades"
	"cloudbm/store"
)

// Room is what issuing needs. A nil Room issues everything unsigned.
type Room struct {
	DB    *store.DB
	Blobs *blob.Store
	Ring  *Ring // nil: nothing is signed

	TSA      pades.TSA // nil: no time stamps
	TSANeeds bool      // without a time stamp nothing is issued; otherwise it is issued without one
	Log      *slog.Logger
}

// Kind is what a document is.
type Kind string

// The kinds.
const (
	Receipt Kind = "receipt" // 送件收據
	Licence Kind = "licence" // 執照
	Set     Kind = "set"     // 核准圖說
)

// Deed is a document that an authority issues.
type Deed struct {
	Authority string // its code
	Kind      Kind
	About     string // what it is about: of one kind there is one about each
	Title     string
	Name      string // of the authority, as the signature names it
	At        time.Time
}

// Issued is a document that was issued. The zero value is one that nobody signed, and that is not kept.
type Issued struct {
	Deed

	ID          string
	Digest      blob.Digest
	Size        int64
	By          Holder // Until is not kept
	Certificate string // SHA-256 of the signer's, in hex
	Signed      time.Time
	Stamped     time.Time // as its time stamp says; zero: there is none in it
}

// IsSigned reports whether somebody has signed it.
func (i Issued) IsSigned() bool { return i.ID != "" }

// largest is the most bytes a document may have.
const largest = 1 << 30

// Signs reports whether documents are signed here.
func (r *Room) Signs() bool { return r != nil && r.Ring != nil }

// Issue answers the document d with its bytes: those that were issued before, or else what draw draws, signed with the
// authority's key and kept. Whoever asks, as often and as many at once as they like, gets the same bytes. The bytes are
// on the disk before the row that names them is written, and whoever is second to write it takes the first one's.
//
// Where there is no key it answers what draw draws, and keeps nothing: with a key it will be signed.
func (r *Room) Issue(ctx context.Context, d Deed, draw func() ([]byte, error)) (Issued, []byte, error) {
	if r == nil {
		b, err := draw()
		return Issued{}, b, err
	}
	i, b, err := r.issue(ctx, d, draw)
	if err != nil {
		if fault.Is(err, fault.Unavailable) && r.Log != nil { // a page tells the visitor, and nobody else
			r.Log.Error("not issued", "kind", d.Kind, "about", d.About, "error", err)
		}
		return Issued{}, nil, fmt.Errorf("deeds: issue %s %s: %w", d.Kind, d.About, err)
	}
	return i, b, nil
}

func (r *Room) issue(ctx context.Context, d Deed, draw func() ([]byte, error)) (Issued, []byte, error) {
	i, err := r.found(ctx, d)
	if err == nil {
		b, err := r.read(ctx, i)
		return i, b, err
	}
	if !errors.Is(err, store.ErrNotFound) {
		return i, nil, err
	}
	plain, err := draw()
	if err != nil || r.Ring == nil {
		return Issued{}, plain, err
	}
	i, signed, err := r.sign(ctx, d, plain)
	if err != nil {
		return i, nil, err
	}
	if i.Digest, i.Size, err = r.Blobs.Put(ctx, bytes.NewReader(signed), largest); err != nil {
		return i, nil, err
	}
	mine := i
	err = r.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if err := insert(tx, mine); err != nil {
			return err
		}
		i, err = Find(tx, d.Kind, d.About)
		return err
	})
	if err != nil || i.ID == mine.ID {
		return i, signed, err
	}
	b, err := r.read(ctx, i)
	return i, b, err
}

func (r *Room) found(ctx context.Context, d Deed) (i Issued, err error) {
	err = r.DB.Read(ctx, func(tx *store.Tx) (err error) {
		i, err = Find(tx, d.Kind, d.About)
		return err
	})
	return i, err
}

// read reads what was issued, and whether it still is that.
func (r *Room) read(ctx context.Context, i Issued) ([]byte, error) {
	f, err := r.Blobs.Get(i.Digest)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err == nil && blob.Of(b) != i.Digest {
		err = fmt.Errorf("%w: %s", blob.ErrDamaged, i.Digest)
	}
	if err == nil {
		err = ctx.Err()
	}
	return b, err
}

// later is what somebody is told who waits for a document while the token or the time stamps are out of reach.
var later = fault.Of(fault.Unavailable, "過幾分鐘再下載：機關的簽章設備暫時沒有回應，文件還沒有簽發。內容已經保存，不必重新送件",
	"Download it again in a few minutes: the authority's signing device does not answer, and the document is not signed yet. What was submitted is kept; there is nothing to submit again")

func (r *Room) sign(ctx context.Context, d Deed, plain []byte) (Issued, []byte, error) {
	now := r.DB.Now()
	g, err := r.Ring.by(d.Authority, now)
	if err != nil {
		return Issued{}, nil, fmt.Errorf("%w: %w", later, err)
	}
	x := g.chain[0]
	i := Issued{Deed: d, ID: store.NewID(), By: holder(x), Certificate: cms.Fingerprint(x), Signed: now}
	name := d.Name
	if name == "" {
		name = i.By.Name
	}
	o := pades.Options{Key: signer{ctx, r.Ring, g}, Chain: g.chain, Name: name, Reason: d.Title, At: now}
	var b []byte
	i.Stamped, err = r.stamped(ctx, d.Authority, func(t pades.TSA) (err error) {
		o.TSA = t
		b, err = pades.Sign(ctx, plain, o)
		return err
	})
	if err != nil {
		return i, nil, fmt.Errorf("%w: %w", later, err)
	}
	return i, b, nil
}

// Detached is a CMS beside content that the authority's key has signed, with a time stamp as documents have one. It is
// the caller's to keep. Where there is no key it is ErrNobody.
func (r *Room) Detached(ctx context.Context, authority string, content []byte) (der []byte, err error) {
	if !r.Signs() {
		return nil, ErrNobody
	}
	g, err := r.Ring.by(authority, r.DB.Now())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	_, err = r.stamped(ctx, authority, func(t pades.TSA) (err error) {
		var stamp func([]byte) ([]byte, error)
		if t != nil {
			stamp = func(digest []byte) ([]byte, error) { return t.Stamp(ctx, digest) }
		}
		der, err = cms.Sign(sum[:], signer{ctx, r.Ring, g}, g.chain, stamp)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("deeds: sign for %s: %w", authority, err)
	}
	return der, nil
}

// stamped has sign sign with a time stamp, where there are any, and answers its time. Where the stamp is what fails and
// need not be there, sign is asked once more without, and the log says so.
func (r *Room) stamped(ctx context.Context, authority string, sign func(pades.TSA) error) (time.Time, error) {
	if r.TSA == nil {
		return time.Time{}, sign(nil)
	}
	w := &watched{TSA: r.TSA}
	err := sign(w)
	if err == nil || w.failed == nil || r.TSANeeds || ctx.Err() != nil {
		return w.at, err
	}
	if r.Log != nil {
		r.Log.Warn("signed without a time stamp", "authority", authority, "error", w.failed)
	}
	return time.Time{}, sign(nil)
}
