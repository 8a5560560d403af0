package portal

import (
	"net/url"
	"strings"

	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Contact is who helps at one authority (S231, S232): its own data, none of it in the program.
type Contact struct {
	Authority taiwan.Authority
	Name      string // 承辦人員
	Phone     string // with extension
	Email     string
	Hours     string
	FormURL   string // a question form of its own, beside ours
	LineURL   string // LINE 社群
}

// contactOf reads what the authority says about itself today.
func contactOf(tx *store.Tx, a taiwan.Authority) (Contact, error) {
	c := Contact{Authority: a}
	for name, to := range map[string]*string{"contact_name": &c.Name, "contact_phone": &c.Phone, "contact_mail": &c.Email,
		"contact_hours": &c.Hours, "question_form_url": &c.FormURL, "line_url": &c.LineURL} {
		s, _, err := roles.Setting(tx, a.Code, name, tx.Now)
		if err != nil {
			return c, err
		}
		*to = strings.TrimSpace(s)
	}
	c.FormURL, c.LineURL = outside(c.FormURL), outside(c.LineURL)
	return c, nil
}

// outside is u if it is an address a browser may safely be sent to.
func outside(u string) string {
	if p, err := url.Parse(u); err == nil && p.Scheme == "https" && p.Host != "" {
		return u
	}
	return ""
}

// Told reports whether the authority has said anything.
func (c Contact) Told() bool { return c.Name+c.Phone+c.Email+c.FormURL+c.LineURL != "" }

func (c Contact) label() say.Text {
	if c.Name == "" {
		return c.Authority.Text()
	}
	return say.F("%s %s", "%s, %s", c.Authority.Text(), c.Name)
}

// tel is the number as a tel: link dials it, the extension after a pause.
func (c Contact) tel() string {
	n, ext, _ := strings.Cut(c.Phone, "#")
	dial := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == '+' {
				return r
			}
			return -1
		}, s)
	}
	n = dial(n)
	if ext = dial(ext); ext != "" {
		n += "," + ext
	}
	return "tel:" + n
}
