package submission

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/parts"
)

func link(c *cases.Case, path string) templ.SafeURL {
	if path == "" {
		return templ.SafeURL("/bls/cases/" + c.ID)
	}
	return templ.SafeURL("/bls/cases/" + c.ID + "/" + path)
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// rocDay shows an ISO day as documents do: 115年3月12日.
func rocDay(iso string) string {
	d, err := taiwan.ParseDate(iso)
	if err != nil {
		return iso
	}
	return d.Long()
}

func lastSaid(all []cases.Entry, to permit.State) (said string) {
	for _, e := range all {
		if e.To == to && e.From != to {
			said = e.Said
		}
	}
	return said
}

func typedOr(in web.Form, key, kept string) string {
	if in.Has(key) {
		return in.Get(key)
	}
	return kept
}

func answerOptions(p Point, in web.Form) []parts.Option {
	chosen := typedOr(in, "answer-"+p.ID, string(p.Answer))
	var out []parts.Option
	for _, a := range []Answer{Fixed, Explained, Disputed} {
		out = append(out, parts.Option{Value: string(a), Text: a.Name(), Checked: string(a) == chosen})
	}
	return out
}

// placeURL is where on the case's pages a point is mended.
func placeURL(p Point) string {
	kind, rest, ok := strings.Cut(p.Place, "/")
	if ok && kind != "form" {
		return kind + "#" + rest
	}
	if section, field, ok := strings.Cut(rest, "/"); ok {
		return "form/" + section + "#" + field
	}
	return p.Place
}

func sheetCells(c *cases.Case, r Round) [][]parts.Cell {
	var out [][]parts.Cell
	for _, s := range r.Manifest.Sheets {
		out = append(out, []parts.Cell{{Text: s.Number, URL: "/bls/cases/" + c.ID + "/sheets/" + s.Version}, {Text: s.Title},
			{Text: strconv.FormatInt(s.N, 10)}, {Text: s.FileName}, {Rich: code(short(string(s.Digest)))}})
	}
	return out
}

func paperCells(ctx context.Context, c *cases.Case, r Round) [][]parts.Cell {
	var out [][]parts.Cell
	for _, p := range r.Manifest.Papers {
		name := p.Code
		if a := c.Type.Attachment(p.Code); a != nil {
			name = a.Name.Here(ctx)
		}
		out = append(out, []parts.Cell{{Text: name}, {Text: p.FileName, URL: "/bls/cases/" + c.ID + "/papers/" + p.Paper}, {Rich: code(short(string(p.Digest)))}})
	}
	return out
}

func short(digest string) string { return digest[:min(16, len(digest))] + "…" }
