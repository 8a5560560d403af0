package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
)

// book is a document written object by object as it comes, so that a set of a hundred drawings does not have to be in
// memory at once. Objects 1 and 2 are the catalog and the list of pages; they are written last.
type book struct {
	w           io.Writer
	title       string
	sum         hash.Hash
	n           int64
	at          []int64 // where object i+1 begins; 0: not written
	pages       []int
	names       []string
	layers, off []string
	last        *source
	err         error
}

func newBook(w io.Writer, title string) *book {
	b := &book{w: w, title: title, sum: sha256.New(), at: make([]int64, 2)}
	b.write([]byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"))
	return b
}

func (b *book) write(p []byte) {
	if b.err != nil {
		return
	}
	b.sum.Write(p)
	n, err := b.w.Write(p)
	b.n += int64(n)
	b.err = err
}

// take is the number of an object that will be put.
func (b *book) take() int {
	b.at = append(b.at, 0)
	return len(b.at)
}

func (b *book) put(n int, body []byte) error {
	b.at[n-1] = b.n
	b.write(fmt.Appendf(nil, "%d 0 obj\n", n))
	b.write(body)
	b.write([]byte("\nendobj\n"))
	return b.err
}

// page writes a page that draws content with the named forms.
func (b *book) page(name string, p carriedPage, forms string, content []byte) error {
	c := b.take()
	if err := b.put(c, packed("", content)); err != nil {
		return err
	}
	n := b.take()
	b.pages, b.names = append(b.pages, n), append(b.names, name)
	group := ""
	if p.group != "" {
		group = "/Group" + p.group
	}
	return b.put(n, fmt.Appendf(nil, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]%s/Resources<</XObject<<%s>>>>/Contents %d 0 R>>", operands(p.w, p.h), group, forms, c))
}

// outline lists the pages by name, as bookmarks.
func (b *book) outline() (string, error) {
	if len(b.pages) < 2 {
		return "", nil
	}
	root := b.take()
	items := make([]int, len(b.pages))
	for i := range items {
		items[i] = b.take()
	}
	for i, n := range items {
		near := ""
		if i > 0 {
			near += fmt.Sprintf("/Prev %d 0 R", items[i-1])
		}
		if i < len(items)-1 {
			near += fmt.Sprintf("/Next %d 0 R", items[i+1])
		}
		if err := b.put(n, fmt.Appendf(nil, "<</Title%s/Parent %d 0 R/Dest[%d 0 R/Fit]%s>>", textString(b.names[i]), root, b.pages[i], near)); err != nil {
			return "", err
		}
	}
	err := b.put(root, fmt.Appendf(nil, "<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", items[0], items[len(items)-1], len(items)))
	return fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", root), err
}

func (b *book) close() error {
	marks, err := b.outline()
	if err != nil {
		return err
	}
	var kids strings.Builder
	for _, n := range b.pages {
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	if err := b.put(2, fmt.Appendf(nil, "<</Type/Pages/Count %d/Kids[%s]>>", len(b.pages), kids.String())); err != nil {
		return err
	}
	layers := ""
	if len(b.layers) > 0 {
		layers = fmt.Sprintf("/OCProperties<</OCGs[%s]/D<</OFF[%s]>>>>", strings.Join(b.layers, " "), strings.Join(b.off, " "))
	}
	if err := b.put(1, fmt.Appendf(nil, "<</Type/Catalog/Pages 2 0 R/Lang(zh-TW)/ViewerPreferences<</DisplayDocTitle true>>%s%s>>", marks, layers)); err != nil {
		return err
	}
	info := b.take()
	if err := b.put(info, fmt.Appendf(nil, "<</Title%s/Creator(cloudbm)/Producer(cloudbm)>>", textString(b.title))); err != nil {
		return err
	}
	id := strings.ToUpper(hex.EncodeToString(b.sum.Sum(nil)[:16]))
	start := b.n
	var t bytes.Buffer
	fmt.Fprintf(&t, "xref\n0 %d\n0000000000 65535 f \n", len(b.at)+1)
	for _, at := range b.at {
		if at == 0 {
			t.WriteString("0000000000 00000 f \n")
			continue
		}
		fmt.Fprintf(&t, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&t, "trailer\n<</Size %d/Root 1 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(b.at)+1, info, id, id, start)
	b.write(t.Bytes())
	return b.err
}
