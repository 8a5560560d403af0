package verdict

import (
	"crypto/x509"

	"cloudbm/cms"
	"cloudbm/say"
	"cloudbm/web"
)

const funcVerify = "BLS40200"

// Room is whom the installation believes.
type Room struct {
	Cards       cms.Trust // the authorities of the cards
	Authorities cms.Trust // the authorities of the keys by which authorities sign
}

// Mount opens the door of the room.
func (room Room) Mount(s *web.Site) { s.Handle("GET /verify", web.Anyone, room.page) }

func (room Room) page(r *web.Request) error {
	r.RunsWasm()
	title := say.T("驗證送件檔", "Verify a submission")
	return r.Draw(web.Page{Title: title, Func: funcVerify, Crumbs: []web.Crumb{{Text: title}}, Scripts: []string{"verify"}}, body(room))
}

// anchors are the authorities of t as the script reads them.
func anchors(t cms.Trust) string {
	return string(cms.PEM(append(append([]*x509.Certificate{}, t.Roots...), t.Below...)...))
}

// prints are the roots of t as people compare them.
func prints(t cms.Trust) (out []string) {
	for _, x := range t.Roots {
		out = append(out, cms.Fingerprint(x)+" "+x.Subject.String())
	}
	return out
}
