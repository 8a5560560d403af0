package drawings

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/sync/singleflight"

	"cloudbm/blob"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/say"
	"cloudbm/store"
)

// Pictures of sheets are drawn once per page of a file and kept in a folder that may be emptied at any time. How long
// the longer side is, in pixels:
const (
	thumbPx = 320
	pagePx  = 2000
)

// drawing keeps two requests from drawing the same picture at once.
var drawing singleflight.Group

// picture is the kept picture called name of a page of a file; make draws it if there is none.
func (r *Room) picture(ctx context.Context, d blob.Digest, page int, name string, make func(context.Context) ([]byte, error)) ([]byte, error) {
	at := r.pictureAt(d, page, name)
	if b, err := os.ReadFile(at); err == nil {
		return b, nil
	}
	// The picture is drawn to its end even if who asked first has gone: others may be waiting for it.
	got, err, _ := drawing.Do(at, func() (any, error) {
		b, err := make(context.WithoutCancel(ctx))
		if err != nil {
			return nil, err
		}
		r.keepPicture(d, page, name, b)
		return b, nil
	})
	if err != nil {
		return nil, err
	}
	return got.([]byte), nil
}

// keepPicture writes a picture whole or not at all. A full disk only means that it is drawn again next time.
func (r *Room) keepPicture(d blob.Digest, page int, name string, b []byte) {
	at := r.pictureAt(d, page, name)
	if os.MkdirAll(filepath.Dir(at), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(at), ".new-")
	if err != nil {
		return
	}
	_, werr := f.Write(b)
	if cerr := f.Close(); werr != nil || cerr != nil || os.Rename(f.Name(), at) != nil {
		os.Remove(f.Name())
	}
}

func (r *Room) pictureAt(d blob.Digest, page int, name string) string {
	return filepath.Join(r.Cache, string(d[:2]), string(d), fmt.Sprintf("%d-%s", page, name))
}

// forget removes kept pictures that were drawn before.
func (r *Room) forget(before time.Time) error {
	err := filepath.WalkDir(r.Cache, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil
		}
		if st, err := e.Info(); err == nil && st.ModTime().Before(before) {
			os.Remove(path)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

var notDrawn = fault.Of(fault.NotFound, "這個檔案不能顯示成圖；下載後用製圖軟體開啟", "This file cannot be shown as a picture. Download it and open it in a drawing program")

// Picture draws a whole page with so many pixels along its longer side, as PNG.
func (r *Room) Picture(ctx context.Context, v Version, px int) ([]byte, error) {
	path, ok := r.Blobs.Path(v.Digest)
	if !ok || !v.Drawn() {
		return nil, notDrawn
	}
	return r.picture(ctx, v.Digest, v.Page, fmt.Sprintf("%d.png", px), func(ctx context.Context) ([]byte, error) {
		if v.photo() {
			return scaled(path, px)
		}
		return unreadable(r.Engine.PagePNG(ctx, path, v.Page, px))
	})
}

// Tile draws one tile of the zoom pyramid of a page (pdf.Engine.Tile).
func (r *Room) Tile(ctx context.Context, v Version, z, x, y int) ([]byte, error) {
	path, ok := r.Blobs.Path(v.Digest)
	if !ok || !v.Drawn() || z < 0 || z > pdf.MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, notDrawn
	}
	return r.picture(ctx, v.Digest, v.Page, fmt.Sprintf("z%d-%d-%d.png", z, x, y), func(ctx context.Context) ([]byte, error) {
		if v.photo() {
			return photoTile(path, z, x, y)
		}
		return unreadable(r.Engine.Tile(ctx, path, v.Page, z, x, y))
	})
}

// warm draws what a list and the first sight of a sheet need. A version that cannot be drawn is none of its business.
func (r *Room) warm(ctx context.Context, w Warm) error {
	var v Version
	err := r.DB.Read(ctx, func(tx *store.Tx) (err error) { v, err = versionByID(tx, w.Case, w.Version); return err })
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && v.Drawn() {
		_, err = r.Picture(ctx, v, thumbPx)
	}
	for z := 0; z <= 1 && err == nil && v.Drawn(); z++ {
		for i := 0; i < 1<<(2*z) && err == nil; i++ {
			_, err = r.Tile(ctx, v, z, i>>z, i&(1<<z-1))
			if fault.Is(err, fault.NotFound) { // beside the sheet
				err = nil
			}
		}
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// unreadable makes a page that cannot be drawn a refusal in words.
func unreadable(b []byte, err error) ([]byte, error) {
	if errors.Is(err, pdf.ErrNoSuchPage) || errors.Is(err, pdf.ErrUnreadable) {
		return nil, notDrawn
	}
	return b, err
}

// scaled draws a photograph smaller.
func scaled(path string, px int) ([]byte, error) {
	img, err := photograph(path)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	if long := max(b.Dx(), b.Dy()); long > px {
		to := image.NewRGBA(image.Rect(0, 0, max(b.Dx()*px/long, 1), max(b.Dy()*px/long, 1)))
		xdraw.ApproxBiLinear.Scale(to, to.Rect, img, b, xdraw.Src, nil)
		img = to
	}
	return encoded(img)
}

// photoTile draws a tile of a photograph as pdf.Engine does of a page.
func photoTile(path string, z, x, y int) ([]byte, error) {
	img, err := photograph(path)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	long, whole := max(b.Dx(), b.Dy()), pdf.TileSize<<z
	full := image.Rect(0, 0, max(b.Dx()*whole/long, 1), max(b.Dy()*whole/long, 1))
	at := image.Rect(x*pdf.TileSize, y*pdf.TileSize, (x+1)*pdf.TileSize, (y+1)*pdf.TileSize).Intersect(full)
	if at.Empty() {
		return nil, notDrawn
	}
	back := func(n int) int { return n * long / whole }
	from := image.Rect(back(at.Min.X), back(at.Min.Y), max(back(at.Max.X), back(at.Min.X)+1), max(back(at.Max.Y), back(at.Min.Y)+1)).Add(b.Min).Intersect(b)
	to := image.NewRGBA(image.Rect(0, 0, at.Dx(), at.Dy()))
	xdraw.ApproxBiLinear.Scale(to, to.Rect, img, from, xdraw.Src, nil)
	return encoded(to)
}

func photograph(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, notDrawn
	}
	return img, nil
}

func encoded(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// Comparison is what changed from one version of a sheet to another.
type Comparison struct {
	Same    bool
	Said    say.Text
	Regions []pdf.Region
}

// Compare lays version b over version a, which is older, and tells in words what changed and where.
func (r *Room) Compare(ctx context.Context, a, b Version) (c Comparison, err error) {
	said, err := r.picture(ctx, b.Digest, b.Page, compared(a)+".json", func(ctx context.Context) ([]byte, error) {
		d, err := r.compare(ctx, a, b)
		if err != nil {
			return nil, err
		}
		r.keepPicture(b.Digest, b.Page, compared(a)+".png", d.PNG)
		return json.Marshal(Comparison{d.Same, d.Say(), d.Regions})
	})
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(said, &c)
}

// Overlay is the picture of both versions over each other: red was, blue is new, grey is in both.
func (r *Room) Overlay(ctx context.Context, a, b Version) ([]byte, error) {
	return r.picture(ctx, b.Digest, b.Page, compared(a)+".png", func(ctx context.Context) ([]byte, error) {
		d, err := r.compare(ctx, a, b)
		return d.PNG, err
	})
}

func compared(a Version) string { return fmt.Sprintf("over-%s-%d", a.Digest, a.Page) }

func (r *Room) compare(ctx context.Context, a, b Version) (pdf.Diff, error) {
	was, ok1 := r.Blobs.Path(a.Digest)
	is, ok2 := r.Blobs.Path(b.Digest)
	if !ok1 || !ok2 || a.MIME != PDF || b.MIME != PDF {
		return pdf.Diff{}, notDrawn
	}
	d, err := r.Engine.Compare(ctx, pdf.PageRef{Path: was, Page: a.Page}, pdf.PageRef{Path: is, Page: b.Page})
	if errors.Is(err, pdf.ErrNoSuchPage) || errors.Is(err, pdf.ErrUnreadable) {
		return d, notDrawn
	}
	return d, err
}
