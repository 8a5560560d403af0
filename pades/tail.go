package pades

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

func init() { api.DisableConfigDir() } // otherwise pdfcpu writes a configuration into the home directory

// update is what will be appended to a file: objects that are new or replaced, and the table that says where they are.
type update struct {
	base    []byte
	file    *model.Context
	prev    int64 // where the last table of base is
	streams bool  // that table is a stream

	objects map[int]string
	next    int // number of the next new object

	signature   int // its object
	ranges, gap int // where in that object the ByteRange and the Contents begin
	room        int // bytes for the signature
}

// rangesWidth is the room for a ByteRange of four numbers of up to ten digits.
const rangesWidth = 50

func newUpdate(ctx context.Context, base []byte) (*update, error) {
	u := &update{base: base, objects: map[int]string{}}
	if err := u.find(); err != nil {
		return nil, err
	}
	conf := model.NewDefaultConfiguration()
	conf.Cmd = model.LISTINFO
	conf.Offline = true
	var err error
	if u.file, err = pdfcpu.ReadWithContext(ctx, bytes.NewReader(base), conf); err != nil {
		return nil, err
	}
	if u.file.Encrypt != nil {
		return nil, errors.New("the file is locked")
	}
	if u.file.Root == nil || u.file.XRefTable.Size == nil {
		return nil, errors.New("the file has no catalog")
	}
	u.next = *u.file.XRefTable.Size
	return u, u.file.EnsurePageCount()
}

// find finds the last table of base.
func (u *update) find() error {
	end := u.base[max(0, len(u.base)-2048):]
	i := bytes.LastIndex(end, []byte("startxref"))
	if i < 0 {
		return errors.New("no PDF: no startxref")
	}
	words := bytes.Fields(end[i+len("startxref"):])
	if len(words) == 0 {
		return errors.New("no PDF: startxref says nothing")
	}
	at, err := strconv.ParseInt(string(words[0]), 10, 64)
	if err != nil || at < 0 || at >= int64(len(u.base)) {
		return errors.New("no PDF: startxref points outside the file")
	}
	u.prev, u.streams = at, !bytes.HasPrefix(bytes.TrimLeft(u.base[at:], "\r\n \t"), []byte("xref"))
	return nil
}

func (u *update) number() int {
	u.next++
	return u.next - 1
}

func ref(n int) types.IndirectRef { return *types.NewIndirectRef(n, 0) }

// sign lays a signature dictionary down, the field it is the value of, and the field's place in the form and on the
// first page. The rectangle of the field is empty: nothing is to be seen.
func (u *update) sign(o Options, room int) error {
	catalog, err := u.file.Catalog()
	if err != nil {
		return err
	}
	catalog = catalog.Clone().(types.Dict)
	u.signature, u.room = u.number(), room
	field := u.number()

	page, pageRef, _, err := u.file.PageDict(1, false)
	if err != nil || pageRef == nil {
		return fmt.Errorf("the file has no first page: %w", err)
	}
	page = page.Clone().(types.Dict)
	if page["Annots"], err = u.with(page["Annots"], field); err != nil {
		return err
	}
	if err := u.replace(*pageRef, page); err != nil {
		return err
	}

	form, at := types.Dict{}, types.IndirectRef{}
	if a, ok := catalog.Find("AcroForm"); ok {
		d, err := u.file.DereferenceDict(a)
		if err != nil {
			return err
		}
		if d != nil {
			form = d.Clone().(types.Dict)
		}
		if r, ok := a.(types.IndirectRef); ok {
			at = r
		}
	}
	name, err := u.name(form["Fields"])
	if err != nil {
		return err
	}
	if form["Fields"], err = u.with(form["Fields"], field); err != nil {
		return err
	}
	form["SigFlags"] = types.Integer(3) // there are signatures, and the file may only be appended to
	if at == (types.IndirectRef{}) {
		at = ref(u.number())
		catalog["AcroForm"] = at
		if err := u.replace(*u.file.Root, catalog); err != nil {
			return err
		}
	}
	if err := u.replace(at, form); err != nil {
		return err
	}

	// F 132: it is printed, and locked.
	u.objects[field] = fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/V %d 0 R/F 132/Rect[0 0 0 0]/P %s>>", name, u.signature, pageRef.PDFString())
	u.objects[u.signature] = u.dictionary(o)
	return nil
}

func (u *update) replace(r types.IndirectRef, d types.Dict) error {
	if r.GenerationNumber != 0 { // nobody writes such files any more
		return fmt.Errorf("the object %s was used twice", r.PDFString())
	}
	u.objects[r.ObjectNumber.Value()] = d.PDFString()
	return nil
}

// with is the array that o is, or refers to, and the object n after it.
func (u *update) with(o types.Object, n int) (types.Array, error) {
	var all types.Array
	if o != nil {
		var err error
		if all, err = u.file.DereferenceArray(o); err != nil {
			return nil, err
		}
	}
	return append(slices.Clone(all), ref(n)), nil
}

// name is a name that no field has yet.
func (u *update) name(fields types.Object) (string, error) {
	taken := map[string]bool{}
	if fields != nil {
		all, err := u.file.DereferenceArray(fields)
		if err != nil {
			return "", err
		}
		for _, f := range all {
			d, err := u.file.DereferenceDict(f)
			if err != nil {
				return "", err
			}
			if t, err := u.file.DereferenceText(d["T"]); err == nil {
				taken[t] = true
			}
		}
	}
	for i := 1; ; i++ {
		if name := "Signature" + strconv.Itoa(i); !taken[name] {
			return name, nil
		}
	}
}

// dictionary is the signature, with its ByteRange and Contents still empty.
func (u *update) dictionary(o Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M%s", date(o.At))
	for _, s := range []struct{ key, text string }{{"Name", o.Name}, {"Reason", o.Reason}, {"Location", o.Location}} {
		if s.text != "" {
			b.WriteString("/" + s.key + textString(s.text))
		}
	}
	b.WriteString("/ByteRange")
	u.ranges = b.Len()
	b.WriteString(strings.Repeat(" ", rangesWidth) + "/Contents")
	u.gap = b.Len()
	b.WriteString("<" + strings.Repeat("0", 2*u.room) + ">>>")
	return b.String()
}

func date(t time.Time) string { return t.UTC().Format("(D:20060102150405Z)") }

// textString writes s as text of a PDF, in UTF-16.
func textString(s string) string {
	b := []byte{0xfe, 0xff}
	for _, c := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, c)
	}
	return "<" + hex.EncodeToString(b) + ">"
}

// written is base with the update after it. from and to are the borders of the Contents, angle brackets included: what
// the signature does not sign.
func (u *update) written() (file []byte, from, to int, err error) {
	out := bytes.NewBuffer(make([]byte, 0, len(u.base)+2*u.room+1<<16))
	out.Write(u.base)
	if !bytes.HasSuffix(u.base, []byte("\n")) {
		out.WriteByte('\n')
	}
	places := map[int]int{}
	ranges := 0
	for _, n := range slices.Sorted(maps.Keys(u.objects)) {
		places[n] = out.Len()
		fmt.Fprintf(out, "%d 0 obj\n", n)
		if n == u.signature {
			ranges, from = out.Len()+u.ranges, out.Len()+u.gap
			to = from + 2*u.room + 2
		}
		out.WriteString(u.objects[n] + "\nendobj\n")
	}
	at := out.Len()
	if u.streams {
		u.tableStream(out, places)
	} else {
		u.table(out, places)
	}
	fmt.Fprintf(out, "startxref\n%d\n%%%%EOF\n", at)
	file = out.Bytes()
	said := fmt.Sprintf("[0 %d %d %d]", from, to, len(file)-to)
	if len(said) > rangesWidth {
		return nil, 0, 0, errors.New("the file is too large")
	}
	copy(file[ranges:], said)
	return file, from, to, nil
}

// table writes where the objects are as text (ISO 32000-2 §7.5.4).
func (u *update) table(out *bytes.Buffer, places map[int]int) {
	trailer := u.trailer(out.Bytes())
	out.WriteString("xref\n")
	for _, r := range runs(places) {
		fmt.Fprintf(out, "%d %d\n", r[0], len(r))
		for _, n := range r {
			fmt.Fprintf(out, "%010d 00000 n \n", places[n])
		}
	}
	fmt.Fprintf(out, "trailer\n<<%s>>\n", trailer)
}

// tableStream writes the same as a stream, which base has (§7.5.8): a file has one kind or the other.
func (u *update) tableStream(out *bytes.Buffer, places map[int]int) {
	n := u.number()
	places[n] = out.Len()
	trailer := u.trailer(out.Bytes())
	var index strings.Builder
	var rows []byte
	for _, r := range runs(places) {
		fmt.Fprintf(&index, "%d %d ", r[0], len(r))
		for _, n := range r {
			rows = binary.BigEndian.AppendUint64(append(rows, 1), uint64(places[n]))
			rows = append(rows, 0)
		}
	}
	fmt.Fprintf(out, "%d 0 obj\n<</Type/XRef%s/W[1 8 1]/Index[%s]/Length %d>>\nstream\n%s\nendstream\nendobj\n",
		n, trailer, strings.TrimSpace(index.String()), len(rows), rows)
}

// trailer is what the table says of the whole file. The second half of the ID tells revisions apart.
func (u *update) trailer(written []byte) string {
	s := fmt.Sprintf("/Size %d/Root %s", u.next, u.file.Root.PDFString())
	if u.file.Info != nil {
		s += "/Info " + u.file.Info.PDFString()
	}
	if len(u.file.ID) == 2 {
		sum := sha256.Sum256(written)
		s += fmt.Sprintf("/ID[%s<%x>]", u.file.ID[0].PDFString(), sum[:16])
	}
	return s + fmt.Sprintf("/Prev %d", u.prev)
}

// runs are the numbers of the objects, those that follow each other together.
func runs(places map[int]int) (all [][]int) {
	for _, n := range slices.Sorted(maps.Keys(places)) {
		if last := len(all) - 1; last >= 0 && all[last][len(all[last])-1]+1 == n {
			all[last] = append(all[last], n)
		} else {
			all = append(all, []int{n})
		}
	}
	return all
}
