package roles

import (
	"maps"
	"slices"
	"strings"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Save keeps 使用者基本資料 and the sections of the roles want for person by (S131–S141). typed holds what was typed:
// "name", "contact", and the fields of each role by Key. Nothing is kept unless everything required is there and right
// (要填寫齊全, S138); the fault says what to mend at each field. A national ID that was not typed again stays as it was; one
// that 我的e政府 has verified need not be typed, and no other is taken.
func Save(tx *store.Tx, by permit.Actor, want []permit.Role, typed map[string]string) error {
	person, err := accounts.Find(tx, by.Person)
	if err != nil {
		return err
	}
	old, err := profilesOf(tx, by.Person)
	if err != nil {
		return err
	}
	sure, err := doors.Verified(tx, by.Person)
	if err != nil {
		return err
	}
	var form fault.Form
	add(&form, Combine(held(old), want))
	person.Name, person.Contact = typed["name"], typed["contact"]
	if err := required(typed, &form, "name", "contact"); err == nil {
		if _, err := accounts.Change(tx, by, person); err != nil {
			if !add(&form, err) {
				return err
			}
		}
	}
	var ready []Profile
	for _, r := range want {
		p, err := read(tx, r, find(old, r), sure, typed, &form)
		if err != nil {
			return err
		}
		p.Person = by.Person
		ready = append(ready, p)
	}
	if err := form.Err(); err != nil {
		return err
	}
	return keep(tx, by, old, ready)
}

// Held is the work of looking who waited for somebody with that licence; room cases does it.
type Held struct {
	Role    permit.Role `json:"role"`
	Licence string      `json:"licence"`
}

// Kind names the work.
func (Held) Kind() string { return "role-held" }

// add takes the places of a fault into the form; it answers false if err is not a fault.
func add(form *fault.Form, err error) bool {
	f, ok := fault.As(err)
	if !ok {
		return err == nil
	}
	for _, p := range f.Places {
		form.Bad(p.Key, p.Message.Zh, p.Message.En)
	}
	return true
}

func required(typed map[string]string, form *fault.Form, keys ...string) error {
	var missing error
	for _, k := range keys {
		if strings.TrimSpace(typed[k]) != "" {
			continue
		}
		switch k {
		case "name":
			missing = fault.Bad(k, "輸入申請者姓名", "Enter the applicant's name")
		default:
			missing = fault.Bad(k, "輸入 Email，通知會寄到這裡", "Enter an e-mail address; notices are sent there")
		}
		add(form, missing)
	}
	return missing
}

// read reads the section of one role; what is wrong goes into the form. sure is the person's national ID if it is verified.
func read(tx *store.Tx, r permit.Role, old Profile, sure string, typed map[string]string, form *fault.Form) (Profile, error) {
	p := Profile{Role: r, Facts: map[string]string{}, Hidden: old.Hidden}
	for _, f := range Fields(r) {
		key, said := Key(r, f.Key), strings.TrimSpace(typed[Key(r, f.Key)])
		if f.Secret && said == "" && old.Hidden == "" {
			said = sure
		}
		switch {
		case f.Secret && said == "" && old.Hidden != "":
			continue
		case said == "" && f.Required:
			bad := missing(f)
			form.Bad(key, bad.Zh, bad.En)
			continue
		case said == "":
			continue
		}
		value, err := readField(r, f, said, typed)
		if err != nil {
			form.Add(key, err)
			continue
		}
		if !f.Secret {
			p.Facts[f.Key] = value
			continue
		}
		if sure != "" && value != sure {
			form.Bad(key, "輸入您本人的身分證字號：和我的e政府驗證過的不同", "Enter your own national ID: it differs from the one MyEGov has verified")
			continue
		}
		if p.Hidden, err = tx.Hide(value); err != nil {
			return p, err
		}
	}
	return p, nil
}

// missing is the sentence for a required field that was left empty.
func missing(f permit.Field) say.Text {
	if f.Kind == permit.Choice {
		return say.F("選擇%s", "Choose: %s", f.Label)
	}
	return say.F("輸入%s", "Enter: %s", f.Label)
}

// readField reads one field. A practice licence without its word takes the word chosen beside it, and is asked for one
// otherwise: the word is part of the certificate (S148).
func readField(r permit.Role, f permit.Field, said string, typed map[string]string) (string, error) {
	switch f.Kind {
	case permit.PersonID:
		return taiwan.PersonIDStrict(said)
	case permit.Architects:
		l, err := taiwan.ParseArchitectLicence(said)
		if err != nil {
			return "", err
		}
		if word := strings.TrimSpace(typed[Key(r, "arch_word")]); l.Word == "" && word != "" {
			l.Word = word
		}
		if l.Word == "" {
			return "", fault.Say(fault.Invalid, say.F("補上證書上的字，例如 南市建開證字第%s號，或從下面的清單選擇",
				"Add the word on the certificate, for example 南市建開證字第%s號, or choose it from the list below", l.NumberText()))
		}
		return l.String(), nil
	}
	return f.Read(said)
}

// keep writes the profiles, ends the roles no longer held, and notes what changed by name, never by value.
func keep(tx *store.Tx, by permit.Actor, old, now []Profile) error {
	for _, p := range now {
		before := find(old, p.Role)
		blind := ""
		if p.Hidden != "" {
			id, err := tx.Reveal(p.Hidden)
			if err == nil {
				blind, err = tx.Blind(id)
			}
			if err != nil {
				return err
			}
		}
		if before.Person != "" && before.Ended.IsZero() && maps.Equal(before.Facts, p.Facts) && before.Hidden == p.Hidden {
			continue
		}
		licence, number, _, err := licenceParts(p.Role, p.Facts[licenceKeys[p.Role]])
		if err != nil && licenceKeys[p.Role] != "" {
			return err
		}
		if err := ownLicence(tx, by, p.Role, licence); err != nil {
			return err
		}
		if err := putProfile(tx, p, licence, number, blind); err != nil {
			return err
		}
		if licence != "" {
			if err := jobs.Later(tx, Held{Role: p.Role, Licence: licence}); err != nil {
				return err
			}
		}
		if err := accounts.Note(tx, by, "profile.save", by.Person, string(p.Role)+": "+changed(before, p)); err != nil {
			return err
		}
	}
	for _, p := range old {
		if p.Ended.IsZero() && find(now, p.Role).Role == "" {
			if err := endProfile(tx, p.Person, p.Role); err != nil {
				return err
			}
			if err := accounts.Note(tx, by, "role.end", by.Person, string(p.Role)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownLicence refuses an architect's or engineer's licence that another account holds.
func ownLicence(tx *store.Tx, by permit.Actor, r permit.Role, licence string) error {
	if r != permit.Architect && r != permit.Engineer {
		return nil
	}
	holders, err := holdersOf(tx, r, licence)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h != by.Person {
			return fault.Bad(Key(r, licenceKeys[r]), "核對證號：這個證號已登錄在另一個帳號；是您的證號時，請洽主管機關承辦人",
				"Compare the number: another account holds it. If it is yours, contact the authority").To("聯絡窗口", "Contact", "/contact")
		}
	}
	return nil
}

func changed(before, now Profile) string {
	var keys []string
	for _, f := range Fields(now.Role) {
		if before.Facts[f.Key] != now.Facts[f.Key] || f.Secret && before.Hidden != now.Hidden {
			keys = append(keys, f.Key)
		}
	}
	return strings.Join(keys, " ")
}

// held are the roles that have not ended, in the order of the check boxes.
func held(ps []Profile) (out []permit.Role) {
	for _, r := range permit.Roles {
		if slices.ContainsFunc(ps, func(p Profile) bool { return p.Role == r && p.Ended.IsZero() }) {
			out = append(out, r)
		}
	}
	return out
}

func find(ps []Profile, r permit.Role) Profile {
	for _, p := range ps {
		if p.Role == r {
			return p
		}
	}
	return Profile{}
}

// PersonID is the national ID of one of by's own profiles, whole; the look is noted.
func PersonID(tx *store.Tx, by permit.Actor, r permit.Role) (string, error) {
	ps, err := profilesOf(tx, by.Person)
	if err != nil {
		return "", err
	}
	p := find(ps, r)
	if p.Hidden == "" {
		return "", store.ErrNotFound
	}
	if err := accounts.Note(tx, by, "person-id.look", by.Person, string(r)); err != nil {
		return "", err
	}
	return tx.Reveal(p.Hidden)
}

// personFacts are the facts of the account that stand on the profile page.
func personFacts(tx *store.Tx, person string) (map[string]string, error) {
	p, err := accounts.Find(tx, person)
	return map[string]string{"account": p.Email, "name": p.Name, "contact": p.Contact}, err
}
