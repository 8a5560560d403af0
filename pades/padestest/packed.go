package padestest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func deflated(s string) string {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

// packed is a file whose objects lie in streams, so that large ones cost few bytes.
func packed(objects map[int]string) []byte {
	const first, each = 1000, 12 // the number of the first stream, and how many objects lie in one
	b := []byte("%PDF-1.7\n")
	rows := map[int][]byte{}
	row := func(kind byte, at, i int) []byte {
		return []byte{kind, byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at), byte(i)}
	}
	number := first
	for some := range slices.Chunk(slices.Sorted(maps.Keys(objects)), each) {
		var head, body strings.Builder
		for i, n := range some {
			fmt.Fprintf(&head, "%d %d ", n, body.Len())
			body.WriteString(objects[n] + " ")
			rows[n] = row(2, number, i)
		}
		rows[number] = row(1, len(b), 0)
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", number, stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", len(some), head.Len()), deflated(head.String()+body.String())))
		number++
	}
	rows[number] = row(1, len(b), 0)
	var table strings.Builder
	for n := range number + 1 {
		table.Write(append(rows[n], make([]byte, 6-len(rows[n]))...))
	}
	return fmt.Appendf(b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", number, stream(fmt.Sprintf("/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R/Filter/FlateDecode", number+1), deflated(table.String())), len(b))
}

// heavy are bombs of which each part is small enough: tables that are merged, and signatures that are all held at once.
func (s *Signer) heavy() map[string][]byte {
	const n = 500_000
	b := []byte("%PDF-1.7\n")
	references := len(b)
	b = fmt.Appendf(b, "5 0 obj\n%s\nendobj\n", stream(fmt.Sprintf("/Type/XRef/Size %d/W[1 0 0]/Root 1 0 R/Filter/FlateDecode", n), deflated(strings.Repeat("\x00", n))))
	table := len(b)
	b = fmt.Appendf(b, "xref\n%d %d\n%s", n, n, strings.Repeat("0 0 f\n", n))
	b = fmt.Appendf(b, "trailer\n<</Root 1 0 R/Size %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n/ByteRange", 2*n, references, table)

	objects := map[int]string{1: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>", 2: "<</Type/Pages/Count 0/Kids[]>>"}
	var fields strings.Builder
	for i := 10; i < 74; i += 2 {
		objects[i] = fmt.Sprintf("<</FT/Sig/T(%d)/V %d 0 R>>", i, i+1)
		objects[i+1] = "<</Type/Sig/ByteRange[0 1 2 3]/X[" + strings.Repeat("<</A 0>>", 240_000) + "]>>"
		fmt.Fprintf(&fields, "%d 0 R ", i)
	}
	objects[3] = "<</Fields[" + fields.String() + "]>>"
	return map[string][]byte{"bomb-merge": b, "bomb-signatures": packed(objects)}
}
