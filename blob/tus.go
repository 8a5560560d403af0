package blob

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path"
	"strings"

	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	xslog "golang.org/x/exp/slog"

	"cloudbm/fault"
)

// Upload is a file that has arrived.
type Upload struct {
	ID     string // the same however often the end is reached
	Owner  string
	Meta   map[string]string // as MayCreate left it
	Digest Digest
	Size   int64
}

// Options are what a room says about the uploads it takes.
type Options struct {
	MaxSize int64 // bytes of one file; 0 is 1 GB
	// Owner names who is asking and where to: only who asks under the same name may go on with an upload. The empty
	// name is nobody's, and is refused.
	Owner func(*http.Request) string
	// MayCreate refuses an upload before its first byte, or lets it in; what it writes into meta stays with the upload.
	MayCreate func(ctx context.Context, meta map[string]string) error
	// Finished runs when the bytes are kept and before the sender is answered. It may run again for the same ID.
	Finished func(ctx context.Context, u Upload) error
	// Log is told of errors that are ours.
	Log func(error)
}

// Uploads takes files in pieces over HTTP: protocol tus 1.0 with creation, creation-with-upload and termination. It is
// mounted under any folder: a new upload lies beside where it was begun.
type Uploads struct {
	store *Store
	o     Options
	tus   *handler.UnroutedHandler
	serve http.Handler
}

// NewUploads makes the door for uploads into s.
func NewUploads(s *Store, o Options) *Uploads {
	if o.MaxSize == 0 {
		o.MaxSize = 1 << 30
	}
	if o.Log == nil {
		o.Log = func(error) {}
	}
	u := &Uploads{store: s, o: o}
	c := handler.NewStoreComposer()
	c.UseCore(parts{u})
	c.UseTerminater(parts{u})
	memorylocker.New().UseIn(c)
	var err error
	u.tus, err = handler.NewUnroutedHandler(handler.Config{
		StoreComposer: c, MaxSize: o.MaxSize, BasePath: "/", DisableDownload: true, DisableConcatenation: true,
		Cors:                    &handler.CorsConfig{Disable: true},
		Logger:                  xslog.New(xslog.NewTextHandler(io.Discard, nil)),
		PreUploadCreateCallback: u.mayCreate,
	})
	if err != nil {
		panic(err) // the configuration above is wrong
	}
	u.serve = u.tus.Middleware(http.HandlerFunc(u.route))
	return u
}

type ownerKey struct{}

func owner(ctx context.Context) string {
	s, _ := ctx.Value(ownerKey{}).(string)
	return s
}

// ServeHTTP speaks tus.
func (u *Uploads) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	who := u.o.Owner(q)
	ctx := context.WithValue(q.Context(), ownerKey{}, who)
	if who == "" {
		u.refuse(w, ctx, fault.Of(fault.SignIn, "登入後才能上傳", "Sign in to upload"))
		return
	}
	folder, id := path.Split(q.URL.Path)
	q = q.Clone(ctx)
	q.URL.Path = id
	u.serve.ServeHTTP(&placed{w, folder}, q)
}

func (u *Uploads) route(w http.ResponseWriter, q *http.Request) {
	switch q.Method {
	case http.MethodPost:
		u.tus.PostFile(w, q)
	case http.MethodHead:
		u.tus.HeadFile(w, q)
	case http.MethodPatch:
		u.tus.PatchFile(w, q)
	case http.MethodDelete:
		u.tus.DelFile(w, q)
	default:
		w.Header().Set("Allow", "POST, HEAD, PATCH, DELETE, OPTIONS")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (u *Uploads) mayCreate(e handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	meta := maps.Clone(map[string]string(e.Upload.MetaData))
	if meta == nil {
		meta = map[string]string{}
	}
	if u.o.MayCreate != nil {
		if err := u.o.MayCreate(e.Context, meta); err != nil {
			return handler.HTTPResponse{}, handler.FileInfoChanges{}, u.inWords(e.Context, err)
		}
	}
	return handler.HTTPResponse{}, handler.FileInfoChanges{MetaData: meta}, nil
}

func (u *Uploads) finished(ctx context.Context, up Upload) error {
	if u.o.Finished == nil {
		return nil
	}
	return u.o.Finished(ctx, up)
}

// inWords turns an error into the protocol's: a fault says its sentence, any other error says that it is ours.
func (u *Uploads) inWords(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if already, ok := err.(handler.Error); ok {
		return already
	}
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.Unavailable {
		u.o.Log(err)
	}
	if !ok {
		f = fault.Of(0, "系統發生問題，這個檔案還沒有收下；稍後會從中斷的地方繼續", "Something went wrong on our side; the file is not kept yet. It will go on later from where it stopped")
	}
	e := handler.NewError("ERR_REFUSED", f.Message.Zh, status(f.Kind))
	e.HTTPResponse.Body = body(ctx, f)
	e.HTTPResponse.Header["Content-Type"] = "application/json; charset=utf-8"
	e.HTTPResponse.Header["Cache-Control"] = "no-store"
	return e
}

func (u *Uploads) refuse(w http.ResponseWriter, ctx context.Context, f *fault.Fault) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status(f.Kind))
	_, _ = io.WriteString(w, body(ctx, f))
}

func body(ctx context.Context, f *fault.Fault) string {
	b, _ := json.Marshal(map[string]string{"message": f.Message.Here(ctx)})
	return string(b)
}

func status(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusUnprocessableEntity // 409 means "wrong offset" to a tus client, which would try again
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.SignIn:
		return http.StatusUnauthorized
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// placed tells the sender that a new upload lies in the folder where it was begun.
type placed struct {
	http.ResponseWriter
	folder string
}

// WriteHeader writes the address as a path, which is right behind any proxy.
func (p *placed) WriteHeader(code int) {
	h := p.Header()
	if at := h.Get("Location"); at != "" {
		h.Set("Location", p.folder+at[strings.LastIndexByte(at, '/')+1:])
	}
	p.ResponseWriter.WriteHeader(code)
}

// Unwrap lets the protocol set its time limits.
func (p *placed) Unwrap() http.ResponseWriter { return p.ResponseWriter }
