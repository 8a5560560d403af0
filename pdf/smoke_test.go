package pdf

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSmoke(t *testing.T) {
	e, _ := NewEngine("/tmp/pdfcache", 2)
	defer e.Close()
	fs, _ := filepath.Glob("/work/shared/data/drawings/*.pdf")
	for _, f := range fs {
		t0 := time.Now()
		fh, _ := os.Open(f)
		st, _ := fh.Stat()
		r, err := Inspect(context.Background(), fh, st.Size())
		t.Log(filepath.Base(f), time.Since(t0), err, r)
		t0 = time.Now()
		b, err := e.PagePNG(context.Background(), f, 1, 1200)
		t.Log("png", time.Since(t0), len(b), err)
		os.WriteFile("/tmp/o_"+filepath.Base(f)+".png", b, 0644)
		for i := 0; i < 3; i++ {
			t0 = time.Now()
			b, err = e.Tile(context.Background(), f, 1, 3, 2+i, 2)
			t.Log("tile", time.Since(t0), len(b), err)
		}
		t0 = time.Now()
		w, err := e.Text(context.Background(), f, 1)
		t.Log("text", time.Since(t0), len(w), err)
		if len(w) > 12 {
			t.Log(w[:12])
		}
		n, s := ReadTitleBlock(w, SheetNumber)
		t.Log(n, s)
	}
}
