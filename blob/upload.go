package blob

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/tus/tusd/v2/pkg/handler"

	"cloudbm/store"
)

// checkpoint is how many bytes of an upload may be lost when the power goes.
const checkpoint = 8 << 20

// state is what is known of an upload: the one truth about how far it is. It is written whole after the bytes it
// speaks of were synced; bytes beyond Offset are not believed and are written again.
type state struct {
	ID     string            `json:"id"`
	Owner  string            `json:"owner"`
	Meta   map[string]string `json:"meta"`
	Size   int64             `json:"size"`
	Offset int64             `json:"offset"`
	Hash   []byte            `json:"hash,omitempty"` // of the bytes before Offset, half-way
	Done   Digest            `json:"done,omitempty"` // Finished has run
}

// parts is the data store behind the protocol.
type parts struct{ u *Uploads }

// part is one upload. The protocol's lock is held while it is used.
type part struct {
	u *Uploads
	state
}

var uploadID = regexp.MustCompile(`^[0-9a-z]{26}$`)

// NewUpload begins an upload.
func (p parts) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	s := p.u.store
	if err := s.able(); err != nil {
		return nil, p.u.inWords(ctx, err)
	}
	up := &part{p.u, state{ID: store.NewID(), Owner: owner(ctx), Meta: info.MetaData, Size: info.Size}}
	if err := up.hashed(sha256.New()); err != nil {
		return nil, p.u.inWords(ctx, err)
	}
	if err := up.save(); err != nil {
		return nil, p.u.inWords(ctx, err)
	}
	return up, nil
}

// GetUpload finds an upload of the one who asks. One whose bytes are all here but whose end was cut off is ended first,
// so that nobody learns of an end that did not happen.
func (p parts) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	if !uploadID.MatchString(id) {
		return nil, handler.ErrNotFound
	}
	up := &part{u: p.u}
	b, err := os.ReadFile(up.file(id, ".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, handler.ErrNotFound
	}
	if err == nil {
		err = json.Unmarshal(b, &up.state)
	}
	if err != nil {
		return nil, p.u.inWords(ctx, fmt.Errorf("blob: upload %s: %w", id, err))
	}
	if up.Owner != owner(ctx) {
		return nil, handler.ErrNotFound
	}
	if up.Offset == up.Size && up.Done == "" {
		return up, up.FinishUpload(ctx)
	}
	return up, nil
}

// AsTerminatableUpload lets an upload be given up.
func (p parts) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload { return u.(*part) }

func (p *part) file(id, suffix string) string { return filepath.Join(p.u.store.uploads(), id+suffix) }

// GetInfo is how far the upload is.
func (p *part) GetInfo(context.Context) (handler.FileInfo, error) {
	return handler.FileInfo{ID: p.ID, Size: p.Size, Offset: p.Offset, MetaData: p.Meta}, nil
}

// GetReader is not offered: an unfinished file is nobody's to read.
func (p *part) GetReader(context.Context) (io.ReadCloser, error) { return nil, handler.ErrNotFound }

// WriteChunk writes src from offset on and tells how many bytes are kept for good.
func (p *part) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := p.write(offset, src)
	return n, p.u.inWords(ctx, err)
}

func (p *part) write(offset int64, src io.Reader) (kept int64, err error) {
	s := p.u.store
	if err := s.able(); err != nil {
		return 0, err
	}
	h := sha256.New()
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.Hash); err != nil {
		return 0, fmt.Errorf("blob: upload %s: %w", p.ID, err)
	}
	f, err := os.OpenFile(p.file(p.ID, ".part"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, s.failed("open", err)
	}
	defer f.Close()
	if err := f.Truncate(offset); err != nil {
		return 0, s.failed("truncate", err)
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	in := &source{r: src}
	for {
		n, err := io.CopyN(io.MultiWriter(f, h), in, checkpoint)
		if err != nil && err != io.EOF && in.err == nil { // the disk: what of it arrived is not known
			return kept, s.failed("write", err)
		}
		if n > 0 {
			if err := p.reached(f, h, p.Offset+n); err != nil {
				return kept, err
			}
			kept += n
		}
		if err == io.EOF || in.err != nil {
			return kept, nil // a broken connection is known to the protocol already
		}
	}
}

// reached makes the bytes before offset durable, and then the knowledge of them.
func (p *part) reached(f *os.File, h hash.Hash, offset int64) error {
	s := p.u.store
	s.at("piece written")
	if err := s.syncFile(f); err != nil {
		return err
	}
	s.at("piece synced")
	p.Offset = offset
	if err := p.hashed(h); err != nil {
		return err
	}
	return p.save()
}

func (p *part) hashed(h hash.Hash) (err error) {
	p.Hash, err = h.(encoding.BinaryMarshaler).MarshalBinary()
	return err
}

// save writes the state beside the pieces: whole, or not at all.
func (p *part) save() error {
	s := p.u.store
	b, err := json.Marshal(p.state)
	if err != nil {
		return err
	}
	fresh := p.file(p.ID, ".new")
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return s.failed("open", err)
	}
	defer f.Close()
	if _, err := f.Write(b); err != nil {
		return s.failed("write", err)
	}
	if err := s.syncFile(f); err != nil {
		return err
	}
	s.at("state synced")
	if err := os.Rename(fresh, p.file(p.ID, ".json")); err != nil {
		return s.failed("rename", err)
	}
	s.at("state renamed")
	return s.syncDirs(s.uploads())
}

// FinishUpload keeps the bytes, tells the room, and only then marks the upload as done.
func (p *part) FinishUpload(ctx context.Context) error { return p.u.inWords(ctx, p.finish(ctx)) }

func (p *part) finish(ctx context.Context) error {
	h := sha256.New()
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.Hash); err != nil {
		return fmt.Errorf("blob: upload %s: %w", p.ID, err)
	}
	d := Digest(hex.EncodeToString(h.Sum(nil)))
	path := p.file(p.ID, ".part")
	if p.Size == 0 { // no piece ever came
		f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return p.u.store.failed("open", err)
		}
		f.Close()
	}
	if err := p.u.store.Adopt(ctx, path, d); err != nil {
		return err
	}
	p.u.store.at("adopted")
	if err := p.u.finished(ctx, Upload{ID: p.ID, Owner: p.Owner, Meta: p.Meta, Digest: d, Size: p.Size}); err != nil {
		return err
	}
	p.u.store.at("told")
	p.Done = d
	return p.save()
}

// Terminate gives the upload up.
func (p *part) Terminate(context.Context) error {
	for _, suffix := range []string{".json", ".part", ".new"} {
		if err := os.Remove(p.file(p.ID, suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return p.u.store.failed("remove", err)
		}
	}
	return nil
}
