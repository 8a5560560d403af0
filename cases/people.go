package cases

import (
	"context"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
)

// A row is the list's own verb: adding, filling from the profile, removing and bringing back (S166–S168).

// AddRow adds an empty row, or one filled from the profile of by where the list allows it (帶入).
func AddRow(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, fromProfile bool) (string, error) {
	row := permit.Row{ID: store.NewID(), Values: map[string]string{}}
	if fromProfile {
		if err := fromFacts(tx, by, s, &row); err != nil {
			return "", err
		}
	}
	return row.ID, changeRows(tx, by, c, s, func(rows []permit.Row) ([]permit.Row, error) {
		if s.List.Max > 0 && len(rows) >= s.List.Max {
			return nil, fault.Say(fault.Invalid, say.F("%s最多 %d 筆", "%s: at most %d rows", s.List.Row, s.List.Max))
		}
		row.Lead = s.List.Lead && len(rows) == 0
		return append(rows, row), nil
	})
}

// fromFacts fills a row from a person's profile; the profile must be of the role the list is for.
func fromFacts(tx *store.Tx, by permit.Actor, s *permit.Section, row *permit.Row) error {
	l := s.List
	if l.From == "" || !by.Is(l.From) {
		return fault.Say(fault.Invalid, say.F("您的使用者資訊不是%s，不能帶入；改用「新增」填寫", "Your profile is not that of: %s; use “Add” and type the details", l.From.Name())).
			To("檢視使用者資訊", "See my profile", "/bls/profile")
	}
	facts, _, err := roles.Facts(tx, by.Person)
	if err != nil {
		return err
	}
	row.From = by.Person
	for field, fact := range l.Fill {
		row.Values[field] = facts[fact]
	}
	return nil
}

// Stale lists the rows that were filled from the profile of by and no longer say what it says now. A case keeps what it
// took; whoever owns the profile decides whether to take it anew.
func Stale(tx *store.Tx, by permit.Actor, s *permit.Section, rows []permit.Row) ([]string, error) {
	var out []string
	if s.List == nil || s.List.From == "" || !by.Is(s.List.From) {
		return nil, nil
	}
	facts, _, err := roles.Facts(tx, by.Person)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.From == by.Person && differsFrom(s.List, r, facts) {
			out = append(out, r.ID)
		}
	}
	return out, nil
}

func differsFrom(l *permit.List, r permit.Row, facts map[string]string) bool {
	for field, fact := range l.Fill {
		if facts[fact] != "" && r.Values[field] != facts[fact] {
			return true
		}
	}
	return false
}

// Refresh takes the facts of the profile of by anew into the rows that were filled from it.
func Refresh(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section) error {
	facts, _, err := roles.Facts(tx, by.Person)
	if err != nil {
		return err
	}
	return changeRows(tx, by, c, s, func(rows []permit.Row) ([]permit.Row, error) {
		for _, r := range rows {
			if r.From != by.Person {
				continue
			}
			for field, fact := range s.List.Fill {
				if facts[fact] != "" {
					r.Values[field] = facts[fact]
				}
			}
		}
		return rows, nil
	})
}

// SaveRow saves one row as typed; as in Fill nothing typed is refused, wrong answers show as problems.
func SaveRow(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, id string, typed map[string]string, lead bool) error {
	return changeRows(tx, by, c, s, func(rows []permit.Row) ([]permit.Row, error) {
		i := indexOf(rows, id)
		if i < 0 {
			return nil, fault.Of(fault.Conflict, "這一筆剛被刪除；可以在名冊頁復原", "This row was just removed; it can be restored on the list's page").
				To("回到名冊", "Back to the list", "/bls/cases/"+c.ID+"/form/"+s.Key)
		}
		rows[i].Values = readValues(s.List.Fields, typed, rows[i].Values)
		if lead {
			for j := range rows {
				rows[j].Lead = j == i
			}
		}
		return rows, nil
	})
}

// SetLead makes one row the 代表人.
func SetLead(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, id string) error {
	return changeRows(tx, by, c, s, func(rows []permit.Row) ([]permit.Row, error) {
		for j := range rows {
			rows[j].Lead = rows[j].ID == id
		}
		return rows, nil
	})
}

// RemoveRows removes the rows with the ids; the next RestoreRows brings them back.
func RemoveRows(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, ids []string) (n int, err error) {
	if len(ids) == 0 {
		return 0, fault.Bad("row", "勾選要刪除的資料", "Tick the rows to remove")
	}
	return n, change(tx, by, c, s, func(k kept) (kept, error) {
		var left, gone []permit.Row
		for _, r := range k.Rows {
			if contains(ids, r.ID) {
				gone = append(gone, r)
			} else {
				left = append(left, r)
			}
		}
		n = len(gone)
		return kept{Rows: left, Gone: gone}, nil
	})
}

// RestoreRows brings the rows that were removed last back to the end of the list.
func RestoreRows(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section) error {
	return change(tx, by, c, s, func(k kept) (kept, error) {
		if len(k.Gone) == 0 {
			return k, fault.Of(fault.Invalid, "沒有可以復原的資料", "There is nothing to restore")
		}
		return kept{Rows: append(k.Rows, k.Gone...)}, nil
	})
}

func contains(ids []string, id string) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

func changeRows(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, f func([]permit.Row) ([]permit.Row, error)) error {
	return change(tx, by, c, s, func(k kept) (kept, error) {
		rows, err := f(k.Rows)
		return kept{Rows: rows, Gone: k.Gone}, err
	})
}

func change(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, f func(kept) (kept, error)) error {
	if err := MayChange(tx, by, c, "form/"+s.Key); err != nil {
		return err
	}
	data, _, err := sections(tx, c.ID)
	if err != nil {
		return err
	}
	k := data[s.Key]
	if err := secrets(s, k, tx.Reveal); err != nil {
		return err
	}
	if k, err = f(k); err != nil {
		return err
	}
	if err := keep(tx, by, c, s, k); err != nil {
		return err
	}
	return lift(tx, c)
}

// seatParties gives the parties who have an account their place on the applicant's side: who was filled in from a
// profile, and who is named by a licence that a profile carries. A designer may edit, the others read.
func (c *Case) seatParties(tx *store.Tx, a permit.Answers) error {
	if err := dropNamed(tx, c.ID); err != nil {
		return err
	}
	for _, s := range c.Type.Form {
		if s.List == nil || s.List.Party == "" || s.List.From == "" {
			continue
		}
		if err := dropMembers(tx, c.ID, "party", s.List.Party); err != nil {
			return err
		}
		for _, r := range a.Rows[s.Key] {
			person, err := PartyPerson(tx, s.List, r)
			if err != nil {
				return err
			}
			if person == "" {
				if err := awaits(tx, c.ID, s.List, r); err != nil {
					return err
				}
				continue
			}
			m := Member{Person: person, Name: r.Values["name"], Standing: "party", Party: s.List.Party, May: "read"}
			if s.List.Party == permit.Designer {
				m.May = "edit"
			}
			if err := addMember(tx, c.ID, m); err != nil {
				return err
			}
		}
	}
	var err error
	c.members, err = members(tx, c.ID)
	return err
}

// awaits keeps the licence of a row that no account has, until somebody registers it.
func awaits(tx *store.Tx, id string, l *permit.List, r permit.Row) error {
	for field, fact := range l.Fill {
		if !contains(licenceFacts, fact) || r.Values[field] == "" {
			continue
		}
		if licence, err := roles.Licence(l.From, r.Values[field]); err == nil && licence != "" {
			return putNamed(tx, id, l.From, licence)
		}
	}
	return nil
}

// Follow teaches the crew to seat whoever registers a licence in the cases that have named it before.
func Follow(crew *jobs.Crew, db *store.DB) {
	jobs.Do(crew, func(ctx context.Context, w roles.Held) error {
		return db.Write(ctx, func(tx *store.Tx) error { return Seat(tx, w.Role, w.Licence) })
	})
}

// Seat gives whoever holds the licence now their place in the cases that have named it.
func Seat(tx *store.Tx, role permit.Role, licence string) error {
	ids, err := named(tx, role, licence)
	for _, id := range ids {
		c, err := load(tx, id)
		if err != nil {
			return err
		}
		a, err := Answers(tx, c)
		if err != nil {
			return err
		}
		if err := c.seatParties(tx, a); err != nil {
			return err
		}
		if err := jobs.Later(tx, Changed{Case: id}); err != nil {
			return err
		}
	}
	return err
}

var licenceFacts = []string{"arch_licence", "eng_licence", "con_licence", "dec_licence"}

// PartyPerson is the account of who is named in a row, by the number of the licence; "" if no account has it.
func PartyPerson(tx *store.Tx, l *permit.List, r permit.Row) (string, error) {
	for field, fact := range l.Fill {
		if !contains(licenceFacts, fact) || r.Values[field] == "" {
			continue
		}
		person, err := roles.FindByLicence(tx, l.From, r.Values[field])
		if fault.Is(err, fault.Invalid) {
			continue // mistyped: it names nobody yet, and the page says what is wrong with it
		}
		if err != nil || person != "" {
			return person, err
		}
	}
	return "", nil
}

// Invite lets a colleague with an account edit or read the case. Only who submits may invite.
func Invite(tx *store.Tx, by permit.Actor, c *Case, email, may string) error {
	if !c.Submits(by) {
		return fault.Of(fault.Forbidden, "只有案件的申請人可以邀請共同編輯", "Only the applicant of the case can invite others").
			To("看案件", "See the case", "/bls/cases/"+c.ID)
	}
	if may != "edit" && may != "read" {
		return fault.Bad("may", "選擇他可以做什麼", "Choose what they may do")
	}
	p, err := accounts.ByEmail(tx, email)
	if err == store.ErrNotFound || fault.Is(err, fault.NotFound) {
		return fault.Bad("email", "找不到用這個電子郵件登入的帳號；請對方先申請備用帳號", "Nobody signs in with this e-mail; ask them to apply for an account first")
	}
	if err != nil {
		return err
	}
	if err := c.join(tx, Member{Person: p.ID, Name: p.Name, Standing: "team", May: may}); err != nil {
		return err
	}
	return Log(tx, by, c, Entry{Act: "invite", Said: p.Name + " (" + may + ")"})
}

// Dismiss takes a colleague out of the team at once.
func Dismiss(tx *store.Tx, by permit.Actor, c *Case, person string) error {
	if !c.Submits(by) && by.Person != person {
		return fault.Of(fault.Forbidden, "只有案件的申請人可以移除共同編輯", "Only the applicant of the case can remove others").
			To("看案件", "See the case", "/bls/cases/"+c.ID)
	}
	if err := dropMember(tx, c.ID, person, "team"); err != nil {
		return err
	}
	var err error
	if c.members, err = members(tx, c.ID); err != nil {
		return err
	}
	return Log(tx, by, c, Entry{Act: "dismiss", Said: person})
}
