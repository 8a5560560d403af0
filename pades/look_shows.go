package pades

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"cloudbm/say"
)

// shows is why what a view shows may not be what its signer saw: it can show different things to different people. Such
// a file may be signed and untouched, and yet nobody can say to what.
func (v view) shows() (say.Text, error) {
	if two, err := v.f.twoKinds(); err != nil || two {
		return whyTwoKinds, err
	}
	root, err := v.root()
	if err != nil {
		return say.Text{}, err
	}
	if hidden, err := v.hidden(root); err != nil || hidden {
		return whyHidden, err
	}
	names, err := v.dict(root["Names"])
	if err != nil {
		return say.Text{}, err
	}
	form, err := v.dict(root["AcroForm"])
	if err != nil {
		return say.Text{}, err
	}
	if _, err := v.get(v.sections[0].trailer["Info"]); err != nil {
		return say.Text{}, err
	}
	err = v.eachField(func(_ any, d pdfDict, _ any, _ string) error {
		_, err := v.fieldOf(d)
		return err
	})
	if err != nil {
		return say.Text{}, err
	}
	if names["JavaScript"] != nil || form["XFA"] != nil || root["AA"] != nil {
		return whyActive, nil
	}
	if acts, err := v.acts(root["OpenAction"], "GoTo"); err != nil || acts {
		return whyActive, err
	}
	pages, err := v.pagesOf(root["Pages"])
	if err != nil {
		return say.Text{}, err
	}
	for _, p := range pages {
		if p.dict["AA"] != nil {
			return whyActive, nil
		}
		if why, err := v.pageShows(p.dict); err != nil || !why.Empty() {
			return why, err
		}
	}
	return v.anywhere(v.sections[0].trailer["Root"])
}

// anywhere is what can change what is shown, wherever in the document it stands: the parts of a page have parts.
func (v view) anywhere(root any) (say.Text, error) {
	seen := map[pdfRef]bool{}
	var todo []pdfRef // of an object that was seen only these are kept
	var within func(x any) say.Text
	within = func(x any) say.Text {
		var d pdfDict
		switch x := x.(type) {
		case pdfRef:
			if !seen[x] {
				seen[x], todo = true, append(todo, x)
			}
		case pdfArray:
			for _, y := range x {
				if why := within(y); !why.Empty() {
					return why
				}
			}
		case pdfDict:
			d = x
		case pdfStream:
			if d = x.dict; d["F"] != nil || d["Ref"] != nil || d["OPI"] != nil || d["Alternates"] != nil {
				return whyOutside
			}
		}
		s, _ := d["S"].(pdfName)
		t, _ := d["Subtype"].(pdfName)
		if d["AA"] != nil || slices.Contains(acting, s) || d["Rect"] != nil && slices.Contains(playing, t) {
			return whyActive
		}
		if flags, ok := d["F"].(int64); ok && d["Rect"] != nil && flags&noView != 0 {
			return whyHidden
		}
		for _, y := range d {
			if why := within(y); !why.Empty() {
				return why
			}
		}
		return say.Text{}
	}
	why := within(root)
	for len(todo) > 0 && why.Empty() {
		x, err := v.load(todo[len(todo)-1])
		if err != nil {
			return why, err
		}
		todo = todo[:len(todo)-1]
		why = within(x)
	}
	return why, nil
}

// noView is the flag of an annotation that is printed and not shown (ISO 32000-2, table 167).
const noView = 1 << 5

var (
	acting  = []pdfName{"JavaScript", "Launch", "GoToR", "GoToE", "ImportData", "SubmitForm", "ResetForm", "Rendition", "RichMediaExecute", "SetOCGState", "Hide", "Movie", "Sound"}
	playing = []pdfName{"RichMedia", "3D", "Movie", "Screen", "Sound"}
)

func (v view) pageShows(d pdfDict) (say.Text, error) {
	parts := []any{d["Contents"]}
	if a, err := v.array(d["Contents"]); err != nil {
		return say.Text{}, err
	} else if a != nil {
		parts = a
	}
	resources, err := v.dict(d["Resources"])
	if err != nil {
		return say.Text{}, err
	}
	pictures, err := v.dict(resources["XObject"])
	if err != nil {
		return say.Text{}, err
	}
	for _, x := range pictures {
		parts = append(parts, x)
	}
	for _, x := range parts {
		s, err := v.get(x)
		if err != nil {
			return say.Text{}, err
		}
		st, ok := s.(pdfStream)
		if !ok {
			continue
		}
		if st.dict["F"] != nil || st.dict["Ref"] != nil || st.dict["OPI"] != nil {
			return whyOutside, nil
		}
		if _, err := v.length(st); err != nil {
			return say.Text{}, err
		}
	}
	annots, err := v.array(d["Annots"])
	if err != nil {
		return say.Text{}, err
	}
	for _, x := range annots {
		a, err := v.dict(x)
		if err != nil {
			return say.Text{}, err
		}
		if a["AA"] != nil {
			return whyActive, nil
		}
		if acts, err := v.acts(a["A"], "GoTo", "URI"); err != nil || acts { // an address is opened when asked
			return whyActive, err
		}
	}
	return say.Text{}, nil
}

// acts reports whether x is an action of another kind than those that change nothing of what is shown.
func (v view) acts(x any, harmless ...pdfName) (bool, error) {
	x, err := v.get(x)
	d, ok := x.(pdfDict)
	if err != nil || !ok {
		return false, err // a destination
	}
	kind, err := v.get(d["S"])
	name, _ := kind.(pdfName)
	return d["Next"] != nil || !slices.Contains(harmless, name), err
}

// hidden reports whether layers are off at the beginning, or go on and off by themselves.
func (v view) hidden(root pdfDict) (bool, error) {
	oc, err := v.dict(root["OCProperties"])
	if err != nil || oc == nil {
		return false, err
	}
	d, err := v.dict(oc["D"])
	if err != nil {
		return false, err
	}
	off, err := v.array(d["OFF"])
	if err != nil {
		return false, err
	}
	auto, err := v.array(d["AS"])
	if err != nil {
		return false, err
	}
	configs, err := v.array(oc["Configs"])
	if err != nil {
		return false, err
	}
	base, err := v.get(d["BaseState"])
	return len(off) > 0 || len(auto) > 0 || len(configs) > 0 || base != nil && base != pdfName("ON"), err
}

// twoKinds reports whether other programs take the file for something else: its first bytes are no PDF's, or speak HTML,
// or its last are those of an archive.
func (f *file) twoKinds() (bool, error) {
	head := make([]byte, min(f.size, 1024))
	tail := make([]byte, min(f.size, 22+65535))
	for _, part := range []struct {
		b  []byte
		at int64
	}{{head, 0}, {tail, f.size - int64(len(tail))}} {
		if _, err := f.r.ReadAt(part.b, part.at); err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("pades: reading: %w", err)
		}
	}
	if !bytes.HasPrefix(head, []byte("%PDF-")) {
		return true, nil
	}
	head = bytes.ToLower(head)
	for _, mark := range []string{"<html", "<!doctype", "<script", "<svg", "<?php", "<body", "<head", "<iframe"} {
		if bytes.Contains(head, []byte(mark)) {
			return true, nil
		}
	}
	for i := len(tail) - 22; i >= 0; i-- {
		if bytes.HasPrefix(tail[i:], []byte("PK\x05\x06")) && i+22+int(binary.LittleEndian.Uint16(tail[i+20:])) == len(tail) {
			return true, nil
		}
	}
	return false, nil
}
