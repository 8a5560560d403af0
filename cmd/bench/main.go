// Command bench measures the program beside its anchors, in one run on one machine: uploads beside a bare tusd, intake
// beside pdfcpu, signing in beside argon2id, verifying a bundle and sealing a set of sheets beside openssl, pages beside a
// door that does nothing but recognise who is there. What counts are the ratios; the figures alone say more about the
// machine. Run it with make bench.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// plan is how much is measured.
type plan struct {
	upload   int // MiB
	cases    int
	sheets   int
	rounds   int
	database string
	dir      string
}

func main() {
	var p plan
	flag.IntVar(&p.upload, "upload", 256, "MiB of the file that is uploaded")
	flag.IntVar(&p.cases, "cases", 100_000, "cases in the database")
	flag.IntVar(&p.sheets, "sheets", 100, "A1 sheets in the set that is taken in")
	flag.IntVar(&p.rounds, "rounds", 5, "times each thing is measured, in turns with its anchor")
	flag.StringVar(&p.database, "database", "", "postgres://… of an empty database; none measures on SQLite")
	flag.StringVar(&p.dir, "dir", "", "folder to work in, left as it is afterwards; none works in a temporary one")
	out := flag.String("o", "", "file to write the table to as well")
	flag.Parse()
	if err := run(p, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(p plan, out string) (err error) {
	if p.dir == "" {
		if p.dir, err = os.MkdirTemp("", "cloudbm-bench"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(p.dir)) }()
	}
	ctx := context.Background()
	h, err := build(ctx, p.dir, p.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	var t table
	for _, measure := range []func(context.Context, *house, plan, *table) error{uploads, intake, forms, tiles, signIns, pages, proofs, sealing} {
		if err := measure(ctx, h, p, &t); err != nil {
			return err
		}
	}
	text := t.markdown(p)
	fmt.Println(text)
	if out == "" {
		return nil
	}
	return os.WriteFile(out, []byte(text+"\n"), 0o644)
}

// table is what was measured, line by line.
type table struct{ rows []row }

type row struct{ what, ours, anchor, ratio string }

func (t *table) add(what, ours, anchor, ratio string) {
	t.rows = append(t.rows, row{what, ours, anchor, ratio})
	fmt.Fprintf(os.Stderr, "%s: %s | %s | %s\n", what, ours, anchor, ratio)
}

func (t *table) markdown(p plan) string {
	database := "SQLite"
	if p.database != "" {
		database = "PostgreSQL"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s/%s, %d cores, %s, %s\n\n", time.Now().Format("2006-01-02"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), database)
	b.WriteString("| What | cloudbm | Anchor | Ratio |\n|---|---|---|---|\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.what, r.ours, r.anchor, r.ratio)
	}
	return strings.TrimRight(b.String(), "\n")
}

// times are durations of the same thing.
type times []time.Duration

func (t times) at(share float64) time.Duration {
	s := slices.Sorted(slices.Values(t))
	if len(s) == 0 {
		return 0
	}
	return s[min(len(s)-1, int(share*float64(len(s))))]
}

func (t times) median() time.Duration { return t.at(0.5) }

// spent is how long f takes.
func spent(f func() error) (time.Duration, error) {
	begun := time.Now()
	err := f()
	return time.Since(begun), err
}

// inTurns measures each f so many times, one after the other, so that what disturbs one disturbs all.
func inTurns(rounds int, f ...func() error) ([]times, error) {
	out := make([]times, len(f))
	for range rounds {
		for i := range f {
			d, err := spent(f[i])
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], d)
		}
	}
	return out, nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }

func per(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }

// endless is so many bytes of the same pattern, without keeping them.
type endless struct{ left int64 }

// Read fills p.
func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for done := 0; done < n; {
		done += copy(p[done:n], pattern)
	}
	e.left -= int64(n)
	return n, nil
}

var pattern = func() []byte {
	b := make([]byte, 64<<10)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}()
