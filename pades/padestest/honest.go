package padestest

import (
	"bytes"
	"fmt"
	"strings"
)

// Honest are signed files as they should be, by name. Those that begin with "one" have a signature and nothing after it.
func (s *Signer) Honest() map[string][]byte {
	one := s.sign(newPaper(false, nil), how{name: "architect"})
	streams := s.sign(newPaper(true, nil), how{name: "architect"})
	two := s.sign(one, how{name: "engineer"})
	filled := one.clone()
	filled.update(map[int]string{field: strings.Replace(filled.objects[field], "/F 4", "/V(123.45)/AP<</N 30 0 R>>/F 4", 1), 30: stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]", "0 0 m S")}, "")
	return map[string][]byte{
		"one":              one.b,
		"one-streams":      streams.b,
		"one-visible":      s.sign(newPaper(false, nil), how{rect: "[50 50 150 100]"}).b,
		"one-no-line-end":  cut(s.sign(newPaper(false, nil), how{ranges: withoutLineEnd}).b, 1),
		"one-certified":    s.sign(newPaper(false, nil), certified(2)).b,
		"one-cades":        s.sign(newPaper(false, nil), how{filter: "ETSI.CAdES.detached", cms: func(s *Signer, b []byte) []byte { return s.cms(b, named(s.x509)) }}).b,
		"one-range-after":  s.sign(newPaper(false, nil), how{after: true}).b,
		"two":              two.b,
		"two-streams":      s.sign(streams, how{name: "engineer"}).b,
		"later-dss":        dss(one).b,
		"later-dss-two":    dss(two).b,
		"later-filled":     filled.b,
		"later-metadata":   updated(one, map[int]string{info: "<</Title(A1-01)/ModDate(D:20260303)>>"}).b,
		"later-annotation": updated(s.sign(newPaper(false, nil), certified(3)), map[int]string{31: note}, page1, 31).b,
	}
}

func withoutLineEnd(from, to, end int) []int { return []int{0, from, to, end - to - 1} }

func cut(b []byte, n int) []byte { return b[:len(b)-n] }

const note = "<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(seen)/P 3 0 R>>"

// updated changes objects in one update; page and annotation, if given, lay an annotation on the page.
func updated(p *paper, changed map[int]string, onto ...int) *paper {
	q := p.clone()
	if len(onto) == 2 {
		old := "/Annots[" + between(q.objects[onto[0]], "/Annots[", "]")
		changed[onto[0]] = strings.Replace(q.objects[onto[0]], old, fmt.Sprintf("%s %d 0 R", old, onto[1]), 1)
	}
	q.update(changed, "")
	return q
}

func dss(p *paper) *paper {
	return updated(p, map[int]string{
		catalog: strings.Replace(p.objects[catalog], "/Type", "/DSS 40 0 R/Type", 1),
		40:      "<</Type/DSS/Certs[41 0 R]>>", 41: stream("", "a certificate"),
	})
}

// certified is a certification with those rights (DocMDP).
func certified(rights int) how {
	return how{name: "certified",
		more: fmt.Sprintf("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P %d>>>>]", rights),
		change: func(changed map[int]string) {
			for n, o := range changed {
				if strings.Contains(o, "/Type/Sig/") {
					changed[catalog] = fmt.Sprintf("<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/Perms<</DocMDP %d 0 R>>>>", n)
				}
			}
		}}
}

// Plain are files without a signature.
func Plain() map[string][]byte {
	field := newPaper(false, func(o map[int]string) {
		o[form] = "<</Fields[8 0 R 20 0 R]>>"
		o[20] = "<</FT/Sig/T(to be signed)>>"
	})
	return map[string][]byte{"plain": newPaper(false, nil).b, "plain-streams": newPaper(true, nil).b, "to-be-signed": field.b}
}

// Signed is what a file with one signature signs: all around its Contents.
func Signed(b []byte) []byte {
	from := bytes.LastIndex(b, []byte("/Contents<"))
	to := bytes.IndexByte(b[max(from, 0):], '>')
	if from < 0 || to < 0 {
		return b
	}
	return append(bytes.Clone(b[:from]), b[from+to:]...)
}

// Drawings are signed files of one page that come in as drawings, by the kind of verdict they deserve.
func (s *Signer) Drawings() map[string][]byte {
	sheet := func(change func(map[int]string)) *paper {
		return newPaper(false, func(o map[int]string) {
			o[pages] = "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 1191 842]>>"
			o[page1], o[form] = "<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 4 0 R/Annots[]>>", "<</Fields[]>>"
			delete(o, page2)
			delete(o, content2)
			delete(o, field)
			if change != nil {
				change(o)
			}
		})
	}
	one := s.sign(sheet(nil), how{name: "architect"})
	layers := sheet(func(o map[int]string) {
		o[catalog] = "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/OCProperties<</OCGs[20 0 R]/D<</OFF[20 0 R]>>>>>>"
		o[20] = "<</Type/OCG/Name(a)>>"
	})
	return map[string][]byte{
		"unchanged":   one.b,
		"later":       s.sign(one, how{name: "engineer"}).b,
		"altered":     updated(one, map[int]string{content1: other()}).b,
		"broken":      bytes.Replace(one.b, []byte("500 700 l"), []byte("500 701 l"), 1),
		"unsupported": s.sign(layers, how{}).b,
	}
}
