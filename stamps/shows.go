package stamps

import (
	"context"
	"strconv"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/store"
	"cloudbm/web/parts"
)

func num(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func pageURL(v drawings.Version) string {
	return "/bls/cases/" + v.Case + "/sheets/" + v.ID + "/page.png"
}

func stampedURL(v drawings.Version) string {
	return "/bls/cases/" + v.Case + "/sheets/" + v.ID + "/stamped.pdf"
}

// Beside is what stands about a version on the page of its sheet (drawings.Room).
func Beside(tx *store.Tx, by permit.Actor, c *cases.Case, v drawings.Version) ([]drawings.Link, error) {
	p, err := Of(tx, by, c, v)
	if _, told := fault.As(err); told || err == nil && len(p.Slots) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []drawings.Link
	if len(p.Sealed()) > 0 {
		out = append(out, drawings.Link{Text: say.T("壓章圖（PDF）", "Copy with stamps (PDF)"), URL: stampedURL(v)})
	}
	if c.Mine(by) {
		out = append(out, drawings.Link{Text: say.T("圖章位置", "Place of stamps"), URL: url(c) + "/" + p.Sheet.ID})
	}
	return out, nil
}

func formURL(v view) string {
	if v.One != "" {
		return url(v.Case) + "/" + v.One
	}
	return url(v.Case)
}

func back(v view) say.Text {
	if v.One != "" {
		return say.T("與同尺寸的圖相同", "As on the other sheets of the size")
	}
	return say.T("回預設位置", "Back to the usual place")
}

func stampLabel(r row) say.Text {
	return say.F("%s（%s）的圖章：離右邊 %s、離下邊 %s、寬 %s 公釐", "Stamp of %s (%s): %s mm from the right, %s mm from below, %s mm wide",
		r.Signer.Name, seals.PartyName(r.Signer.Party), mm(r.Tried.Right), mm(r.Tried.Lower), mm(r.Tried.Width))
}

func slotCells(ctx context.Context, g group) [][]parts.Cell {
	var out [][]parts.Cell
	for _, r := range g.Rows {
		where := say.T("預設", "usual")
		switch {
		case r.Own:
			where = say.T("只用在這張圖", "for this sheet alone")
		case r.Wanted:
			where = say.T("自訂", "set by the signer")
		}
		out = append(out, []parts.Cell{{Text: say.F("%s（%s）", "%s (%s)", r.Signer.Name, seals.PartyName(r.Signer.Party)).Here(ctx)}, {Text: mm(r.At.Right)}, {Text: mm(r.At.Lower)}, {Text: mm(r.At.Width)}, {Text: where.Here(ctx)}})
	}
	return out
}
