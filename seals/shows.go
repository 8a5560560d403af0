package seals

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cloudbm/cms"
	"cloudbm/pki"
	"cloudbm/proof"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

// certificate is that of the signer.
func (s Seal) certificate() (pki.Certificate, error) {
	sig, err := cms.ReadText(s.CMS, s.Text)
	if err != nil {
		return pki.Certificate{}, fmt.Errorf("seals: %s: %w", s.ID, err)
	}
	return pki.Parse(sig.Signer.Raw)
}

// picked reports whether a thing is ticked: as it was sent, or whatever is not sealed yet.
func (v listView) picked(s Standing, t Thing) bool {
	if v.Picked != nil {
		return slices.Contains(v.Picked, t.Key())
	}
	_, done := s.Sealed[t.Key()]
	return !done
}

// may reports whether the reader can seal now.
func (v listView) may() bool { return v.Why == nil && v.Open }

func progress(s Standing) say.Text {
	return say.F("%d／%d", "%d of %d", len(s.Things)-len(s.Left()), len(s.Things))
}

func kindName(k proof.Kind) say.Text {
	switch k {
	case proof.Form:
		return say.T("申請書", "Form")
	case proof.Paper:
		return say.T("文件", "Paper")
	}
	return say.T("圖說", "Sheet")
}

func version(t proof.Item) string {
	if t.Kind != proof.Sheet {
		return ""
	}
	return strconv.FormatInt(t.N, 10)
}

func short(digest string) string { return digest[:min(12, len(digest))] + "…" }

func pictureURL(c, version string) string { return "/bls/cases/" + c + "/pictures/" + version }

// revocation says what was known about the certificate when the seal was made.
func revocation(s Seal) say.Text {
	switch {
	case !s.State.Known:
		return say.T("壓章時無法向憑證管理中心查詢廢止情形，依規定先行受理並註記", "The authority could not be asked about revocation; the seal was taken with this note")
	case strings.HasPrefix(s.State.By, "ocsp"):
		return say.F("壓章時有效（憑證管理中心線上查詢，%s）", "Good when it was sealed (asked of the authority on line, %s)", parts.Minute(s.State.As))
	}
	return say.F("壓章時有效（憑證廢止清冊，%s）", "Good when it was sealed (list of revoked certificates, %s)", parts.Minute(s.State.As))
}

func sealRows(ctx context.Context, v sealView) []parts.Row {
	s := v.Seal
	out := []parts.Row{
		{Key: say.T("簽章人", "Signer"), Value: s.Name}, {Key: say.T("身分", "Capacity"), Value: PartyName(s.Party).Here(ctx)},
		{Key: say.T("證照字號", "Licence"), Value: s.Licence},
	}
	if s.Permit != "" {
		out = append(out, parts.Row{Key: say.T("內政部許可文號", "Permit of the Ministry"), Value: s.Permit})
	}
	return append(out,
		parts.Row{Key: say.T("壓章時間", "Sealed"), Value: taiwan.Stamp(s.At) + "（Asia/Taipei）"},
		parts.Row{Key: say.T("憑證", "Certificate"), Value: s.Kind.Name().Here(ctx) + "，" + say.F("有效到 %s", "good until %s", parts.Minute(v.Cert.Until)).Here(ctx)},
		parts.Row{Key: say.T("憑證序號（卡號）", "Card number"), Value: orNone(ctx, s.Card)},
		parts.Row{Key: say.T("憑證發行者", "Issuer"), Value: v.Cert.Issuer},
		parts.Row{Key: say.T("憑證廢止查詢", "Revocation"), Value: revocation(s).Here(ctx)},
		parts.Row{Key: say.T("憑證指紋（SHA-256）", "Fingerprint (SHA-256)"), Rich: code(s.Fingerprint)},
	)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func orNone(ctx context.Context, s string) string {
	if s == "" {
		return say.To(ctx, "（簽章沒有記載）", "(the signature does not say)")
	}
	return s
}

func itemCells(ctx context.Context, v sealView) (out [][]parts.Cell) {
	for _, it := range v.Seal.Items {
		name := parts.Cell{Text: Thing{Item: it.Item}.Name().Here(ctx)}
		if it.Kind == proof.Sheet {
			name.URL = "/bls/cases/" + v.Case.ID + "/sheets/" + it.Item.ID
		}
		out = append(out, []parts.Cell{{Text: kindName(it.Kind).Here(ctx)}, name, {Text: version(it.Item)}, {Rich: itemState(v.Now[it.ID])}, {Rich: code(short(it.File))}})
	}
	return out
}

func waitingCells(ctx context.Context, v mineView) (out [][]parts.Cell) {
	for _, w := range v.Waiting {
		out = append(out, []parts.Cell{{Text: w.Case.Serial, URL: at(w.Case)}, {Text: w.Case.Type.Name.Here(ctx)}, {Text: w.Case.Title}, {Text: w.Case.AuthorityName()}, {Text: strconv.Itoa(w.Left)}})
	}
	return out
}

func sealedCells(ctx context.Context, v mineView) (out [][]parts.Cell) {
	for _, s := range v.Sealed {
		out = append(out, []parts.Cell{{Text: parts.Minute(s.At).Here(ctx)}, {Text: v.Serials[s.Case], URL: "/bls/cases/" + s.Case + "/seals/" + s.ID}, {Text: PartyName(s.Party).Here(ctx)},
			{Text: strconv.Itoa(len(s.Items))}, {Rich: code(short(digest([]byte(s.Text))))}})
	}
	return out
}

func handedCells(ctx context.Context, v listView) (out [][]parts.Cell) {
	for _, s := range v.Handed {
		out = append(out, []parts.Cell{{Text: parts.Minute(s.At).Here(ctx), URL: at(v.Case) + "/" + s.ID}, {Text: s.Name}, {Text: PartyName(s.Party).Here(ctx)}, {Text: s.Licence}, {Text: strconv.Itoa(len(s.Items))}})
	}
	return out
}

func signerCells(ctx context.Context, v listView) (out [][]parts.Cell) {
	for _, s := range v.All {
		out = append(out, []parts.Cell{{Text: s.Name}, {Rich: signerState(s)}, {Text: PartyName(s.Party).Here(ctx)}, {Text: progress(s).Here(ctx)}, {Text: s.Licence}})
	}
	return out
}

// things are all things that somebody seals, in the order of the set, each once.
func (v listView) things() (out []Thing) {
	seen := map[string]bool{}
	for _, s := range v.All {
		for _, t := range s.Things {
			if !seen[t.Key()] {
				seen[t.Key()] = true
				out = append(out, t)
			}
		}
	}
	return out
}

func matrixColumns(v listView) []parts.Column {
	out := []parts.Column{{Head: say.T("項目", "What")}}
	for _, s := range v.All {
		out = append(out, parts.Column{Head: PartyName(s.Party)})
	}
	return out
}

// matrixCells are the names of the signers, then what each seals.
func matrixCells(ctx context.Context, v listView) (out [][]parts.Cell) {
	who := []parts.Cell{{Text: say.To(ctx, "姓名", "Name")}}
	for _, s := range v.All {
		who = append(who, parts.Cell{Text: s.Name})
	}
	out = append(out, who)
	for _, t := range v.things() {
		row := []parts.Cell{{Text: t.Name().Here(ctx), URL: t.URL}}
		for _, s := range v.All {
			row = append(row, parts.Cell{Rich: mark(v.Case, s, t)})
		}
		out = append(out, row)
	}
	return out
}

// theirs reports whether the thing is the signer's to seal.
func (s Standing) theirs(t Thing) bool { return containsThing(s.Things, t) }

func summaryRows(ctx context.Context, rows [][2]say.Text) (out []parts.Row) {
	for _, r := range rows {
		out = append(out, parts.Row{Key: r[0], Value: r[1].Here(ctx)})
	}
	return out
}

// voidText says why the last seal on a thing does not hold.
func voidText(was Item, now Thing) say.Text {
	switch {
	case was.Kind == proof.Form:
		return Changed.Text()
	case was.File != now.File || was.Page != now.Page || was.N != now.N:
		return Replaced.Text()
	case !alike(was.Item, now.Item):
		return Renamed.Text()
	}
	return NotNamed.Text()
}
