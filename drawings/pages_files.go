package drawings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// uploads is the door for resumable uploads of one case.
func (r *Room) uploads(s *web.Site) *blob.Uploads {
	return blob.NewUploads(r.Blobs, blob.Options{
		MaxSize: MaxFile,
		Owner: func(q *http.Request) string {
			if v := web.FromContext(q.Context()); v != nil && v.Actor.SignedIn() {
				return v.Actor.Person + " " + v.PathValue("id")
			}
			return ""
		},
		MayCreate: func(ctx context.Context, meta map[string]string) error {
			v := web.FromContext(ctx)
			for k := range meta {
				if k != "filename" && k != "path" && k != "sheet" && k != "code" || len(meta[k]) > 4096 {
					delete(meta, k)
				}
			}
			return v.Look(func(tx *store.Tx) error {
				c, err := cases.Open(v, tx)
				if err != nil {
					return err
				}
				return MayBring(tx, v.Actor, c, meta["sheet"], meta["code"])
			})
		},
		Finished: func(ctx context.Context, up blob.Upload) error {
			v := web.FromContext(ctx)
			// The sender may have gone; what has arrived is written down all the same.
			return r.DB.Write(ctx, func(tx *store.Tx) error {
				c, err := cases.Open(v, tx)
				if err != nil {
					return err
				}
				return Receive(tx, v.Actor, c, File{Upload: up.ID, Name: up.Meta["filename"], Path: up.Meta["path"],
					Digest: up.Digest, Size: up.Size, Sheet: up.Meta["sheet"], Code: up.Meta["code"]})
			})
		},
		Log: func(err error) { s.Log.Error("upload", "error", err) },
	})
}

// The plain forms, for browsers without script: the files come in one request, their bytes are kept, and then all of
// them are written down at once.

func (r *Room) takeDrawings(_ http.ResponseWriter, q *http.Request) {
	r.take(web.FromContext(q.Context()), "", "", "/drawings", r.drawList)
}

func (r *Room) takeReplacement(_ http.ResponseWriter, q *http.Request) {
	v := web.FromContext(q.Context())
	sheet := v.PathValue("sheet")
	r.take(v, sheet, "", "/drawings/"+sheet, func(v *web.Request, f *fault.Fault) error { return r.drawSheet(v, sheet, "", f) })
}

func (r *Room) takePaper(_ http.ResponseWriter, q *http.Request) {
	v := web.FromContext(q.Context())
	code := v.PathValue("code")
	r.take(v, "", code, "/attachments#"+code, r.drawPapers)
}

// take receives the files of a plain form and goes on to the page at to; a refusal is drawn by draw.
func (r *Room) take(v *web.Request, sheet, code, to string, draw func(*web.Request, *fault.Fault) error) {
	err := r.receiveForm(v, sheet, code)
	if err == nil {
		err = v.Redirect("/bls/cases/" + v.PathValue("id") + to)
	} else if f, ok := fault.As(err); ok && (f.Kind == fault.Invalid || f.Kind == fault.TooLarge || f.Kind == fault.Unavailable) {
		err = draw(v, f)
	}
	answer(v, err)
}

func (r *Room) receiveForm(v *web.Request, sheet, code string) error {
	may := func(tx *store.Tx) (*cases.Case, error) {
		c, err := cases.Open(v, tx)
		if err != nil {
			return c, err
		}
		return c, MayBring(tx, v.Actor, c, sheet, code)
	}
	// Who may not bring anything does not fill the disk first.
	if err := v.Look(func(tx *store.Tx) error { _, err := may(tx); return err }); err != nil {
		return err
	}
	files, err := r.keepForm(v)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return noFile(code)
	}
	err = v.Do(func(tx *store.Tx) error {
		c, err := may(tx)
		if err != nil {
			return err
		}
		for _, f := range files {
			f.Sheet, f.Code = sheet, code
			if err := Receive(tx, v.Actor, c, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		v.Flash(say.F("已收到 %d 個檔案，正在檢查；重新整理可以看到結果", "%d files have arrived and are being checked; reload the page to see the result", len(files)))
	}
	return err
}

// keepForm keeps the bytes of every file of a form.
func (r *Room) keepForm(v *web.Request) ([]File, error) {
	in, err := v.MultipartReader()
	if err != nil {
		return nil, nil
	}
	var out []File
	for {
		part, err := in.NextPart()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, brokenOff
		}
		name := fileName(part)
		if name == "" {
			continue // another field, or a file input left empty
		}
		d, size, err := r.Blobs.Put(v.Context(), part, MaxFile)
		if err != nil {
			return nil, broken(err)
		}
		out = append(out, File{Upload: store.NewID(), Name: name, Path: name, Digest: d, Size: size})
	}
}

// fileName is the name a file was sent under, with its folder if the browser tells it.
func fileName(p *multipart.Part) string {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil {
		return p.FileName()
	}
	return params["filename"]
}

// broken says that the sending broke off, unless err says something better.
func broken(err error) error {
	if _, ok := fault.As(err); ok {
		return err
	}
	var net interface{ Timeout() bool }
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.Canceled) || errors.As(err, &net) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return brokenOff
	}
	return err
}

var brokenOff = fault.Bad("files", "重新上傳：檔案沒有完整傳到", "Upload again: the file did not arrive whole")

// draws answers with a file or a picture.
func draws(f func(v *web.Request) error) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		v := web.FromContext(q.Context())
		answer(v, f(v))
	})
}

// answer draws the refusal of a door that is no page; an error of ours becomes the hall's page with its number.
func answer(v *web.Request, err error) {
	if err == nil {
		return
	}
	v.W.Header().Del("Content-Disposition")
	v.Refuse(err)
}

// picture sends a PNG, which a browser may keep for itself for a while: it belongs to bytes that never change.
func picture(v *web.Request, b []byte, err error) error {
	if err != nil {
		return err
	}
	v.W.Header().Set("Cache-Control", "private, max-age=3600")
	return v.Send("", PNG, v.Site.DB.Now(), bytes.NewReader(b), true)
}

func (r *Room) thumb(v *web.Request) error     { return r.whole(v, thumbPx) }
func (r *Room) wholePage(v *web.Request) error { return r.whole(v, pagePx) }

func (r *Room) whole(v *web.Request, px int) error {
	x, err := seen(v)
	if err != nil {
		return err
	}
	b, err := r.Picture(v.Context(), x, px)
	return picture(v, b, err)
}

func seen(v *web.Request) (x Version, err error) {
	err = v.Look(func(tx *store.Tx) (err error) { x, _, err = versionFor(v, tx); return err })
	return x, err
}

func (r *Room) tile(v *web.Request) error {
	x, err := seen(v)
	if err != nil {
		return err
	}
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.Atoi(strings.TrimSuffix(v.PathValue(name), ".png"))
		if err != nil || n < 0 {
			return notDrawn
		}
		at[i] = n
	}
	b, err := r.Tile(v.Context(), x, at[0], at[1], at[2])
	return picture(v, b, err)
}

func (r *Room) overlay(v *web.Request) error {
	var old, now Version
	err := v.Look(func(tx *store.Tx) (err error) {
		if now, _, err = versionFor(v, tx); err == nil {
			old, _, err = versionNamed(v, tx, v.Form().Get("with"))
		}
		return err
	})
	if err != nil {
		return err
	}
	if old.At.After(now.At) {
		old, now = now, old
	}
	b, err := r.Overlay(v.Context(), old, now)
	return picture(v, b, err)
}

// arrivalPicture shows a page that is not filed yet, to the applicant's side.
func (r *Room) arrivalPicture(v *web.Request) error {
	var a Arrival
	err := v.Look(func(tx *store.Tx) error {
		c, err := cases.Open(v, tx)
		if err != nil {
			return err
		}
		a, err = arrivalByID(tx, v.PathValue("arrival"))
		if err == nil && (a.Case != c.ID || !c.Mine(v.Actor) && v.Actor.Person != permit.System.Person) {
			err = store.ErrNotFound
		}
		if errors.Is(err, store.ErrNotFound) {
			err = notDrawn
		}
		return err
	})
	if err != nil {
		return err
	}
	b, err := r.Picture(v.Context(), Version{Digest: a.Digest, Page: max(a.Page, 1), MIME: a.MIME}, thumbPx)
	return picture(v, b, err)
}

// file sends the file of a version as it was uploaded.
func (r *Room) file(v *web.Request) error {
	x, err := seen(v)
	if err != nil {
		return err
	}
	return r.send(v, x.Digest, x.FileName, x.MIME)
}

// paperFile sends an attached paper as it was uploaded; also one that was removed, to the applicant's side.
func (r *Room) paperFile(v *web.Request) error {
	var p Paper
	err := v.Look(func(tx *store.Tx) error {
		c, err := cases.Open(v, tx)
		if err != nil {
			return err
		}
		if p, err = findPaper(tx, c, v.PathValue("paper")); err == nil && !c.Mine(v.Actor) && p.At.After(c.SubmittedAt) {
			_, err = findPaper(tx, c, "")
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.send(v, p.Digest, p.FileName, p.MIME)
}

func (r *Room) send(v *web.Request, d blob.Digest, name, kind string) error {
	f, err := r.Blobs.Get(d)
	if err != nil {
		return fmt.Errorf("drawings: %s: %w", name, err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	v.W.Header().Set("ETag", `"`+d.String()+`"`)
	return v.Send(name, kind, st.ModTime(), f, v.URL.Query().Has("show"))
}

func noFile(code string) *fault.Fault {
	key := "files"
	if code != "" {
		key = inputID("code", code)
	}
	return fault.Bad(key, "選擇要上傳的檔案", "Choose the files to upload")
}
