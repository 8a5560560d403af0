package stamps

import (
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Function numbers of the room's screens.
const funcSizes, funcSheet = "BLS22100", "BLS22110"

// picturePx is the longer side of the picture of a rendition.
const picturePx = 2000

// Mount opens the doors of the room.
func (r *Room) Mount(s *web.Site) {
	s.Handle("GET /bls/cases/{id}/stamps", web.SignedIn, sizes)
	s.Handle("POST /bls/cases/{id}/stamps", web.SignedIn, place)
	s.Handle("GET /bls/cases/{id}/stamps/{sheet}", web.SignedIn, sizes)
	s.Handle("POST /bls/cases/{id}/stamps/{sheet}", web.SignedIn, place)
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/stamped.pdf", web.SignedIn, sends(r.rendition))
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/stamped.png", web.SignedIn, sends(r.picture))
}

// sends answers with a file; a refusal is a page.
func sends(f func(q *web.Request) error) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, raw *http.Request) {
		q := web.FromContext(raw.Context())
		if err := f(q); err != nil {
			q.Refuse(err)
		}
	})
}

type view struct {
	Case   *cases.Case
	Groups []group
	One    string // the sheet that the page is about; "" is all sizes
	Fault  *fault.Fault
}

// group is one size of the case, or one sheet, with a plan that stands for it.
type group struct {
	Plan
	Sheets []Plan
	Rows   []row
}

// row is the place of one signer.
type row struct {
	Slot
	Mine               bool
	ID                 string // of its fields
	Right, Lower, Wide string // as typed
	Tried              pdf.Place
}

func sizes(q *web.Request) error { return draw(q, nil, nil) }

// typed are the numbers of a form that came back.
type typed struct {
	id                 string
	right, lower, wide string
}

func draw(q *web.Request, back *typed, f *fault.Fault) error {
	var v view
	if err := q.Look(func(tx *store.Tx) (err error) { v, err = read(q, tx); return err }); err != nil {
		return err
	}
	for i := range v.Groups {
		for j := range v.Groups[i].Rows {
			if row := &v.Groups[i].Rows[j]; back != nil && row.ID == back.id {
				row.Right, row.Lower, row.Wide = back.right, back.lower, back.wide
				if at, err := back.place(); err == nil && f == nil {
					row.Tried = at.On(v.Groups[i].Size.W, v.Groups[i].Size.H)
				}
			}
		}
	}
	if f != nil && back != nil { // each refusal stands at the field of its form
		g := fault.Say(f.Kind, f.Message)
		for _, p := range f.Places {
			g.At(p.Key+"-"+back.id, p.Message)
		}
		f = g
	}
	v.Fault = f
	title, no := say.T("圖章位置", "Places of stamps"), funcSizes
	if v.One != "" {
		title, no = say.F("圖章位置：%s", "Place of stamps: %s", v.Groups[0].Sheet.Name()), funcSheet
	}
	page := cases.Page(v.Case, title, no)
	page.Fault, page.Wide, page.Scripts = f, true, []string{"stamps"}
	return q.Draw(page, stampsBody(v))
}

func read(q *web.Request, tx *store.Tx) (v view, err error) {
	if v.Case, err = cases.Open(q, tx); err != nil {
		return v, err
	}
	mine, err := seals.Of(tx, q.Actor, v.Case)
	if err != nil {
		return v, err
	}
	if len(mine) == 0 && !v.Case.Mine(q.Actor) {
		return v, fault.Of(fault.Forbidden, "看有圖章的圖請開啟各張圖說：圖章位置由簽章人設定", "To see sheets with stamps open the drawings: places are set by those who seal").
			To("看圖說", "See the drawings", "/bls/cases/"+v.Case.ID+"/drawings")
	}
	plans, err := Plans(tx, q.Actor, v.Case)
	if err != nil {
		return v, err
	}
	v.One = q.PathValue("sheet")
	for _, p := range plans {
		if len(p.Slots) == 0 || v.One != "" && p.Sheet.ID != v.One {
			continue
		}
		at := slices.IndexFunc(v.Groups, func(g group) bool { return g.Size.Key() == p.Size.Key() })
		if at < 0 {
			v.Groups, at = append(v.Groups, group{Plan: p}), len(v.Groups)
		}
		g := &v.Groups[at]
		if g.Sheets = append(g.Sheets, p); stands(p, g.Plan) {
			g.Plan = p
		}
	}
	if v.One != "" && len(v.Groups) == 0 {
		return v, fault.Of(fault.NotFound, "選擇另一張圖：這張圖沒有圖章，或不能顯示成頁面", "Choose another sheet: this one has no stamps, or cannot be shown as a page").To("看圖章位置", "See the places of stamps", url(v.Case))
	}
	for i := range v.Groups {
		g := &v.Groups[i]
		for _, s := range g.Slots {
			at := s.At
			g.Rows = append(g.Rows, row{Slot: s, Mine: s.Signer.Person == q.Actor.Person, ID: fieldID(g.Size, s.Signer.Party, s.Signer.Person), Right: mm(at.Right), Lower: mm(at.Lower), Wide: mm(at.Width), Tried: at})
		}
	}
	return v, nil
}

// stands reports whether p shows a size better than q: more stamps, and none that is only its own.
func stands(p, q Plan) bool {
	own := func(p Plan) bool { return slices.ContainsFunc(p.Slots, func(s Slot) bool { return s.Own }) }
	if own(p) != own(q) {
		return own(q)
	}
	return len(p.Slots) > len(q.Slots)
}

func fieldID(s Size, p permit.Party, person string) string {
	return s.Key() + "-" + string(p) + "-" + person
}

// mm is a measure as it is typed.
func mm(f float64) string { return strconv.FormatFloat(float64(int64(f*10+0.5))/10, 'f', -1, 64) }

// place reads the numbers.
func (t typed) place() (at pdf.Place, err error) {
	var f fault.Form
	for _, x := range []struct {
		key, value string
		to         *float64
	}{{"right", t.right, &at.Right}, {"lower", t.lower, &at.Lower}, {"width", t.wide, &at.Width}} {
		n, err := strconv.ParseFloat(strings.TrimSpace(taiwan.Fold(x.value)), 64)
		if err != nil || n != n || n > 1e5 || n < -1e5 {
			f.Bad(x.key, "輸入公釐數，例如 12 或 12.5", "Enter millimetres, such as 12 or 12.5")
			continue
		}
		*x.to = n
	}
	return at, f.Err()
}

func place(q *web.Request) error {
	in := q.Form()
	t := typed{right: in.Get("right"), lower: in.Get("lower"), wide: in.Get("width")}
	party, sheet := permit.Party(in.Get("party")), q.PathValue("sheet")
	at, bad := t.place()
	to := "/bls/cases/" + q.PathValue("id") + "/stamps"
	if sheet != "" {
		to += "/" + sheet
	}
	var size Size
	err := q.Do(func(tx *store.Tx) error {
		v, err := read(q, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(v.Groups, func(g group) bool { return g.Size.Key() == in.Get("size") })
		if i < 0 {
			return fault.Of(fault.Conflict, "重新開啟這一頁：這個案件已經沒有這種尺寸的圖", "Open this page again: the case has no sheets of this size any more").To("看圖章位置", "See the places of stamps", url(v.Case))
		}
		size = v.Groups[i].Size
		t.id = fieldID(size, party, q.Actor.Person)
		if in.Get("do") == "usual" {
			return Forget(tx, q.Actor, v.Case, party, size, sheet)
		}
		if bad != nil {
			return bad
		}
		if in.Get("do") == "look" {
			return size.check(at)
		}
		return PlaceAt(tx, q.Actor, v.Case, party, size, sheet, at)
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return draw(q, &t, f)
	}
	if err != nil {
		return err
	}
	switch in.Get("do") {
	case "look":
		return draw(q, &t, nil)
	case "usual":
		q.Flash(say.F("%s的圖章已回到預設位置", "The stamp on %s is back at the usual place", size.Name()))
	default:
		if sheet != "" {
			q.Flash(say.T("已儲存這張圖的圖章位置", "The place on this sheet is saved"))
			break
		}
		q.Flash(say.F("已儲存 %s 的圖章位置；您其他案件同樣尺寸的圖也用這個位置", "The place for %s is saved; it holds for sheets of this size in your other cases too", size.Name()))
	}
	return q.Redirect(to)
}

// planned is the plan of the version in the address.
func planned(q *web.Request) (p Plan, err error) {
	err = q.Look(func(tx *store.Tx) error {
		c, err := cases.Open(q, tx)
		if err != nil {
			return err
		}
		v, err := drawings.FindInSight(tx, q.Actor, c, q.PathValue("version"))
		if err != nil {
			return err
		}
		p, err = Of(tx, q.Actor, c, v)
		return err
	})
	return p, err
}

func (r *Room) rendition(q *web.Request) error {
	p, err := planned(q)
	if err != nil {
		return err
	}
	path, err := r.Rendition(q.Context(), p)
	if err != nil {
		return err
	}
	return send(q, path, p.Sheet.Name()+"（壓章圖）.pdf", "application/pdf")
}

func (r *Room) picture(q *web.Request) error {
	p, err := planned(q)
	if err != nil {
		return err
	}
	path, err := r.Picture(q.Context(), p, picturePx)
	if err != nil {
		return err
	}
	return send(q, path, "", "image/png")
}

func send(q *web.Request, path, name, kind string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return q.Send(name, kind, q.Site.DB.Now(), f, true)
}
