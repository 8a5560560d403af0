package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Bounds of one PDFium instance. Its memory never shrinks, so it is replaced after a while.
const (
	memoryPages  = 16384            // of 64 KiB: 1 GiB
	callTimeout  = time.Minute      // for one picture, when the caller set no deadline
	openDocs     = 4                // documents kept open per instance
	maxOpens     = 400              // documents opened before an instance is replaced
	maxOpenBytes = int64(256) << 20 // bytes of documents opened before an instance is replaced
	maxPixels    = 64 << 20         // of one picture: 256 MiB
)

var (
	// ErrUnreadable is the answer for a file that PDFium cannot open or draw.
	ErrUnreadable = errors.New("pdf: file cannot be drawn")
	// ErrNoSuchPage is the answer for a page or tile that does not exist.
	ErrNoSuchPage = errors.New("pdf: no such page")
	errClosed     = errors.New("pdf: engine is closed")
)

// Engine turns pages into pictures and words. It starts on first use (0.2 s with a warm cache, some seconds without).
type Engine struct {
	cacheDir string
	start    sync.Once
	startErr error
	pool     pdfium.Pool
	cache    wazero.CompilationCache

	turns chan struct{} // one token per worker
	mu    sync.Mutex
	idle  []*worker // most recently used last
	done  bool
}

// worker is one PDFium instance with the documents it has open. One goroutine uses it at a time.
type worker struct {
	inst  pdfium.Pdfium
	docs  []*document // most recently used last
	opens int
	bytes int64
}

// document is an open file with its last page.
type document struct {
	key       fileKey
	file      *os.File
	ref       references.FPDF_DOCUMENT
	pages     int
	page      references.FPDF_PAGE // empty: none loaded
	pageNo    int
	formKnown bool
	hasForm   bool
}

// fileKey tells two states of a path apart.
type fileKey struct {
	path string
	size int64
	mod  time.Time
}

// NewEngine makes an engine of so many workers, each of which draws one page at a time and may take up to 1 GiB.
// cacheDir keeps the compiled code between starts; empty means compile at every start.
func NewEngine(cacheDir string, workers int) (*Engine, error) {
	if workers < 1 {
		return nil, errors.New("pdf: an engine needs at least one worker")
	}
	if cacheDir != "" {
		if err := os.MkdirAll(cacheDir, 0o755); err != nil {
			return nil, fmt.Errorf("pdf: compilation cache: %w", err)
		}
	}
	e := &Engine{cacheDir: cacheDir, turns: make(chan struct{}, workers)}
	for range workers {
		e.turns <- struct{}{}
	}
	return e, nil
}

func (e *Engine) boot() error {
	e.start.Do(func() {
		rc := wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(memoryPages).
			WithCloseOnContextDone(true)
		if e.cacheDir != "" {
			if e.cache, e.startErr = wazero.NewCompilationCacheWithDir(e.cacheDir); e.startErr != nil {
				return
			}
			rc = rc.WithCompilationCache(e.cache)
		}
		e.pool, e.startErr = webassembly.Init(webassembly.Config{
			MaxTotal:      cap(e.turns) + 1, // one more, so that a spoilt instance never blocks its successor
			MaxIdle:       0,
			RuntimeConfig: rc,
			FSConfig:      wazero.NewFSConfig(), // sees no file but those we hand in
			Stdout:        io.Discard,
			Stderr:        io.Discard,
		})
	})
	return e.startErr
}

// Close ends all workers. Calls that run are waited for.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.done {
		e.mu.Unlock()
		return nil
	}
	e.done = true
	e.mu.Unlock()
	for range cap(e.turns) {
		<-e.turns
	}
	for _, w := range e.idle {
		w.end()
	}
	e.idle = nil
	var err error
	if e.pool != nil {
		err = e.pool.Close()
	}
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(context.Background()))
	}
	for range cap(e.turns) {
		e.turns <- struct{}{} // let late callers find out
	}
	return err
}

// with opens path and calls do on it, in a worker that has it open already if there is one. If do fails, or ctx ends,
// the worker is thrown away.
func (e *Engine) with(ctx context.Context, path string, do func(w *worker, d *document) error) (err error) {
	st, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	key := fileKey{path, st.Size(), st.ModTime()}
	select {
	case <-e.turns:
		defer func() { e.turns <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	w, err := e.take(ctx, key)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { kill(w.inst) })
	healthy := false
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrUnreadable, p)
		}
		if !stop() { // the deadline struck: the instance is dead or dying
			if c := ctx.Err(); c != nil {
				err = c
			}
			w.abandon()
			return
		}
		if !healthy || w.opens > maxOpens || w.bytes > maxOpenBytes {
			w.end()
			return
		}
		e.mu.Lock()
		e.idle = append(e.idle, w)
		e.mu.Unlock()
	}()
	d, err := w.open(key)
	if err == nil {
		err = do(w, d)
	}
	healthy = err == nil || errors.Is(err, ErrNoSuchPage)
	if err != nil && !healthy {
		first, _, _ := strings.Cut(err.Error(), "\n") // a trap brings its whole call stack
		err = fmt.Errorf("%w: %s", ErrUnreadable, first)
	}
	return err
}

// take picks the idle worker that has the file open, else the least recently used, else a new one.
func (e *Engine) take(ctx context.Context, key fileKey) (*worker, error) {
	e.mu.Lock()
	if e.done {
		e.mu.Unlock()
		return nil, errClosed
	}
	if len(e.idle) > 0 {
		at := 0
		for i, w := range e.idle {
			if w.find(key) != nil {
				at = i
			}
		}
		w := e.idle[at]
		e.idle = append(e.idle[:at], e.idle[at+1:]...)
		e.mu.Unlock()
		return w, nil
	}
	e.mu.Unlock()
	if err := e.boot(); err != nil {
		return nil, fmt.Errorf("pdf: start PDFium: %w", err)
	}
	inst, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("pdf: start an instance: %w", err)
	}
	return &worker{inst: inst}, nil
}

func (w *worker) find(k fileKey) *document {
	for _, d := range w.docs {
		if d.key.path == k.path && d.key.size == k.size && d.key.mod.Equal(k.mod) {
			return d
		}
	}
	return nil
}

func (w *worker) open(k fileKey) (*document, error) {
	if d := w.find(k); d != nil {
		for i := range w.docs {
			if w.docs[i] == d {
				w.docs = append(append(w.docs[:i:i], w.docs[i+1:]...), d)
				break
			}
		}
		return d, nil
	}
	if k.size == 0 {
		return nil, errors.New("empty file")
	}
	for len(w.docs) >= openDocs {
		w.shut(w.docs[0])
		w.docs = w.docs[1:]
	}
	f, err := os.Open(k.path)
	if err != nil {
		return nil, err
	}
	res, err := w.inst.OpenDocument(&requests.OpenDocument{FileReader: f, FileReaderSize: k.size})
	if err != nil {
		f.Close()
		return nil, err
	}
	d := &document{key: k, file: f, ref: res.Document}
	w.docs = append(w.docs, d)
	w.opens++
	w.bytes += k.size
	n, err := w.inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		return nil, err
	}
	d.pages = n.PageCount
	return d, nil
}

// load makes page n (from 1) the loaded page of d.
func (w *worker) load(d *document, n int) (requests.Page, error) {
	if n < 1 || n > d.pages {
		return requests.Page{}, ErrNoSuchPage
	}
	if d.page == "" || d.pageNo != n {
		if d.page != "" {
			if _, err := w.inst.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: d.page}); err != nil {
				return requests.Page{}, err
			}
			d.page = ""
		}
		p, err := w.inst.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: n - 1})
		if err != nil {
			return requests.Page{}, err
		}
		d.page, d.pageNo = p.Page, n
	}
	return requests.Page{ByReference: &d.page}, nil
}

func (w *worker) shut(d *document) {
	_, _ = w.inst.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.ref})
	d.file.Close()
}

// end closes the instance and its files.
func (w *worker) end() {
	defer w.abandon()
	defer func() { _ = recover() }() // an instance that trapped may not even close
	_ = w.inst.Close()
}

// abandon closes the files only: the instance is gone.
func (w *worker) abandon() {
	for _, d := range w.docs {
		d.file.Close()
	}
	w.docs = nil
}

func kill(i pdfium.Pdfium) {
	defer func() { _ = recover() }()
	_ = i.Kill()
}

// PageCount is the number of pages of the file at path.
func (e *Engine) PageCount(ctx context.Context, path string) (n int, err error) {
	err = e.with(ctx, path, func(_ *worker, d *document) error { n = d.pages; return nil })
	return n, err
}
