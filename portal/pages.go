package portal

import (
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// Mount opens the doors of the room.
func (p *Portal) Mount(s *web.Site) {
	for _, at := range []string{"GET /CPTL", "GET /CPTL/{$}"} {
		s.Handle(at, web.Anyone, p.showPortal)
	}
	s.Handle("GET /CPTL/search", web.Anyone, p.showSearch)
	s.Handle("GET /CPTL/{entry}", web.Anyone, p.showEntry)
	for _, old := range []string{"GET /BLS", "GET /BLS/{$}", "GET /BLS/bccslogin.do"} {
		s.Handle(old, web.Anyone, toSignIn)
	}
	s.Handle("GET /bls", web.SignedIn, p.showHome)
	s.Handle("GET /bls/{$}", web.SignedIn, func(r *web.Request) error { return r.Redirect("/bls") })
	p.newsDoors(s)
	p.downloadDoors(s)
	p.helpDoors(s)
	p.questionDoors(s)
	p.selftestDoors(s)
	s.Handle("GET /permit-check", web.Anyone, showAdvice)
	p.aboutDoors(s)
}

// toSignIn leads the addresses of the manual to the sign-in page, with what came along (S3).
func toSignIn(r *web.Request) error {
	to := "/"
	if next := r.Form().Get("next"); next != "" {
		to += "?next=" + query(web.Local(next))
	}
	return r.Redirect(to)
}

func (p *Portal) showPortal(r *web.Request) error {
	var news []Announcement
	if err := r.Look(func(tx *store.Tx) (err error) { news, err = Current(tx, 5); return err }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: PortalName, Func: "CPT10000"}, portalBody(p.hot(), news))
}

// PortalName is the title of the portal (S10).
var PortalName = say.T("內政部營建署 全國建築管理資訊系統入口網", "Construction and Planning Agency – National Building Administration Information Portal")

func (p *Portal) showEntry(r *web.Request) error {
	e, ok := entry(r.PathValue("entry"))
	if !ok {
		return fault.Of(fault.NotFound, "入口網沒有這個項目；從選單重新選擇", "The portal has no such entry. Choose from its menus").To("回入口網", "Back to the portal", "/CPTL/")
	}
	return r.Draw(web.Page{Title: e.Title, Func: "CPT10200", Crumbs: crumbs(e.Title, portalCrumb)}, entryBody(e))
}

func (p *Portal) showSearch(r *web.Request) error {
	q := cut(r.Form().Get("q"), 100)
	var found []Found
	if err := r.Look(func(tx *store.Tx) (err error) { found, err = p.Search(tx, q); return err }); err != nil {
		return err
	}
	t := say.T("搜尋", "Search")
	return r.Draw(web.Page{Title: t, Func: "CPT10100", Crumbs: crumbs(t, portalCrumb)}, searchBody(q, found, p.hot()))
}

// home is what a person sees after signing in.
type home struct {
	Name                          string
	Last                          string // 上次登入時間, "" at the first sign-in
	NoRole                        bool
	ProfileURL                    string
	Services, Doctor, Cases, Todo []Card
	Favourites                    []Card
	Downloads                     []Download
	Office                        string
}

func (p *Portal) showHome(r *web.Request) error {
	h := home{Name: r.Actor.Name, ProfileURL: profileURL, NoRole: len(r.Actor.Roles) == 0 && !r.Actor.Officer() && !r.Actor.Admin && !r.Actor.Waiting}
	h.Services = services(r.Actor)
	err := r.Look(func(tx *store.Tx) (err error) {
		if h.Doctor, err = doctor(tx, r.Actor); err != nil {
			return err
		}
		for _, part := range []struct {
			from Cards
			to   *[]Card
		}{{p.Cases, &h.Cases}, {p.Todo, &h.Todo}, {p.Favourites, &h.Favourites}} {
			if *part.to, err = part.from.of(tx, r.Actor); err != nil {
				return err
			}
		}
		if h.Downloads, err = downloads(tx, false); err != nil {
			return err
		}
		a, err := p.authority(tx, r.Actor)
		if err != nil {
			return err
		}
		h.Office = a.Name
		h.Last, err = lastSignIn(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("線上申請首頁", "Application home"), Func: "BLS10000", Crumbs: crumbs(blsCrumb.Text)}, homeBody(h))
}

// keepers lets in who may keep announcements.
func keepers(by permit.Actor) error {
	if err := factors.AtWork(by); err != nil {
		return err
	}
	if !keeps(by) {
		return fault.Of(fault.Forbidden, "公告由系統管理者與機關管理者維護", "Announcements are kept by the system administrator and the managers of the authorities").To("看公告", "Read the announcements", "/news")
	}
	return nil
}

func admins(by permit.Actor) error {
	if err := factors.AtWork(by); err != nil {
		return err
	}
	return onlyAdmin(by)
}

// atDesk lets in who answers questions.
func atDesk(by permit.Actor) error {
	if err := factors.AtWork(by); err != nil {
		return err
	}
	if !by.Admin && len(by.Authorities(permit.Manager)) == 0 {
		return fault.Of(fault.Forbidden, "民眾提問由機關管理者與系統管理者回覆", "Questions are answered by the managers of the authorities and the system administrator").To("回首頁", "Go to the home page", "/bls")
	}
	return nil
}
