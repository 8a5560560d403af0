package cases

import (
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Start opens a case of the type for an authority, gives it its 案件序號 and writes the first line of its log. follows is
// the id of the earlier case it continues, or empty; what the type takes over from there is filled in.
func Start(tx *store.Tx, by permit.Actor, t *permit.Type, authority, follows string) (*Case, error) {
	if err := roles.Ready(tx, by, t); err != nil {
		return nil, err
	}
	if _, ok := taiwan.AuthorityByCode(authority); !ok {
		return nil, fault.Bad("authority", "選擇案件主管機關", "Choose the authority that decides the case")
	}
	before, err := followed(tx, by, t, follows)
	if err != nil {
		return nil, err
	}
	serial, err := nextSerial(tx, authority, t)
	if err != nil {
		return nil, err
	}
	c := &Case{ID: store.NewID(), Authority: authority, Serial: serial, Type: t, State: permit.Draft,
		Opener: by.Person, OpenerName: by.Name, Follows: follows, Revision: 1, CreatedAt: tx.Now, ChangedAt: tx.Now}
	if err := insertCase(tx, c); err != nil {
		return nil, err
	}
	if err := c.join(tx, Member{Person: by.Person, Name: by.Name, Standing: "opener", May: "all"}); err != nil {
		return nil, err
	}
	if err := Log(tx, by, c, Entry{Act: "start"}); err != nil {
		return nil, err
	}
	if before != nil {
		if err := carry(tx, by, c, before); err != nil {
			return nil, err
		}
	}
	return c, lift(tx, c)
}

// join puts a person on the applicant's side.
func (c *Case) join(tx *store.Tx, m Member) error {
	if err := addMember(tx, c.ID, m); err != nil {
		return err
	}
	var err error
	c.members, err = members(tx, c.ID)
	return err
}

func followed(tx *store.Tx, by permit.Actor, t *permit.Type, id string) (*Case, error) {
	if id == "" {
		return nil, nil
	}
	before, err := Find(tx, by, id)
	if err != nil {
		return nil, err
	}
	for _, f := range t.Follows {
		if f.Kind == before.Type.Kind {
			return before, nil
		}
	}
	return nil, fault.Say(fault.Invalid, say.F("%s不能接續%s", "%s does not follow on from %s", t.Name, before.Type.Name))
}

// carry takes over the sections and fields that the type declares, from an earlier case.
func carry(tx *store.Tx, by permit.Actor, c, before *Case) error {
	old, err := Answers(tx, before)
	if err != nil {
		return err
	}
	for _, f := range c.Type.Follows {
		if f.Kind != before.Type.Kind {
			continue
		}
		now := permit.Answers{Fields: map[string]string{}, Rows: map[string][]permit.Row{}}
		for _, key := range f.Sections {
			from, to := before.Type.Section(key), c.Type.Section(key)
			if from == nil || to == nil {
				continue
			}
			now.Rows[key] = old.Rows[key]
			for _, field := range from.Fields {
				now.Fields[field.Key] = old.Fields[field.Key]
			}
		}
		for here, there := range f.Fields {
			switch there {
			case "licence":
				now.Fields[here] = before.Licence
			case "issued":
				if !before.DecidedAt.IsZero() {
					now.Fields[here] = taiwan.DateOf(before.DecidedAt).ROC()
				}
			default:
				now.Fields[here] = old.Fields[there]
			}
		}
		return fillAll(tx, by, c, now)
	}
	return nil
}

// fillAll writes every section that a names, as one act.
func fillAll(tx *store.Tx, by permit.Actor, c *Case, a permit.Answers) error {
	for i := range c.Type.Form {
		s := &c.Type.Form[i]
		k := kept{Rows: a.Rows[s.Key], Values: map[string]string{}}
		for _, f := range s.Fields {
			if v := a.Fields[f.Key]; v != "" {
				k.Values[f.Key] = v
			}
		}
		if len(k.Rows) == 0 && len(k.Values) == 0 {
			continue
		}
		if err := keep(tx, by, c, s, k); err != nil {
			return err
		}
	}
	return lift(tx, c)
}

// FillAll writes answers whole, for lived-in examples and imports; who may and what is open holds as for Fill.
func FillAll(tx *store.Tx, by permit.Actor, c *Case, a permit.Answers) error {
	if err := MayChange(tx, by, c, "form"); err != nil {
		return err
	}
	return fillAll(tx, by, c, a)
}

// Discard throws a draft away that was never submitted. The log stays.
func Discard(tx *store.Tx, by permit.Actor, c *Case) error {
	switch {
	case !c.Submits(by):
		return fault.Of(fault.Forbidden, "只有案件的申請人可以刪除草稿", "Only the applicant of the case can delete the draft").
			To("看案件", "See the case", "/bls/cases/"+c.ID)
	case c.Filed():
		return fault.Of(fault.Conflict, "已送過件的案件不能刪除，可以撤案", "A case that was submitted cannot be deleted; it can be withdrawn").
			To("看案件", "See the case", "/bls/cases/"+c.ID)
	}
	if err := Log(tx, by, c, Entry{Act: "discard"}); err != nil {
		return err
	}
	return deleteCase(tx, c.ID)
}
