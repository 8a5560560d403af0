package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
)

// Object streams are unpacked by the parser and kept. swells looks at them first, so that a few kilobytes of them
// cannot become gigabytes of memory: together they may grow to sixteen times the file and 64 MiB, at most maxDecoded.
func swells(ctx context.Context, r io.ReadSeeker, size int64) (bool, error) {
	budget := min(maxDecoded, 16*size+64<<20)
	const step, overlap = 1 << 20, 64
	buf := make([]byte, overlap+step)
	for at := int64(0); at < size; at += step {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if _, err := r.Seek(at, io.SeekStart); err != nil {
			return false, err
		}
		n, err := io.ReadFull(r, buf[:min(int64(len(buf)), size-at)])
		if err != nil {
			return false, err
		}
		for _, i := range objectStreams(buf[:n], step) {
			grown, err := unpacked(r, at+int64(i), size, budget)
			if err != nil {
				return false, err
			}
			if budget -= grown; budget <= 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

// objectStreams are the places before end where the name ObjStm stands, also when it is written as /Obj#53tm.
func objectStreams(b []byte, end int) []int {
	var at []int
	name := []byte("/ObjStm")
	for i := 0; i < len(b) && i < end; {
		j := bytes.Index(b[i:], name)
		if j < 0 || i+j >= end {
			break
		}
		at = append(at, i+j)
		i += j + len(name)
	}
	for i := 0; i < len(b); {
		j := bytes.IndexByte(b[i:], '#')
		if j < 0 {
			break
		}
		i += j
		s := bytes.LastIndexByte(b[max(0, i-6):i], '/')
		if s >= 0 {
			if s += max(0, i-6); s < end && plainName(b[s:]) == "/ObjStm" {
				at = append(at, s)
			}
		}
		i++
	}
	return at
}

// plainName is the first seven characters of a name with its #-escapes resolved.
func plainName(b []byte) string {
	var out []byte
	for i := 0; i < len(b) && len(out) < 7; i++ {
		if b[i] == '#' && i+2 < len(b) {
			if v, ok := hexByte(b[i+1], b[i+2]); ok {
				out = append(out, v)
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return string(out)
}

func hexByte(a, c byte) (byte, bool) {
	d := func(x byte) int { return bytes.IndexByte([]byte("0123456789abcdef"), x|0x20) }
	lo, hi := d(c), d(a)
	return byte(hi<<4 | lo&15), lo >= 0 && hi >= 0
}

// unpacked is how large the stream grows whose dictionary is around at, counted up to budget. A stream that is packed
// twice counts as the budget: nobody writes object streams so.
func unpacked(r io.ReadSeeker, at, size, budget int64) (int64, error) {
	from := max(0, at-1024)
	if _, err := r.Seek(from, io.SeekStart); err != nil {
		return 0, err
	}
	head := make([]byte, min(size-from, 4096))
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, err
	}
	i := bytes.Index(head[at-from:], []byte("stream"))
	if i < 0 {
		return 0, nil
	}
	i += int(at - from)
	dict := head[max(0, bytes.LastIndex(head[:i], []byte(" obj"))):i]
	if bytes.Count(dict, []byte("Flate")) > 1 || bytes.Count(dict, []byte("#")) > 8 {
		return budget, nil
	}
	i += len("stream")
	for i < len(head) && (head[i] == '\r' || head[i] == '\n') {
		i++
	}
	if _, err := r.Seek(from+int64(i), io.SeekStart); err != nil {
		return 0, err
	}
	z, err := zlib.NewReader(io.LimitReader(r, size-from-int64(i)))
	if err != nil {
		return 0, nil // not packed, or damaged: the parser will say
	}
	n, _ := io.Copy(io.Discard, io.LimitReader(z, budget))
	return n, nil
}
