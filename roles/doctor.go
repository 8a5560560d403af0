package roles

import (
	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Health is how a fact of a profile stands.
type Health string

// The states of a fact.
const (
	OK      Health = "ok"
	Missing Health = "missing" // 尚未填寫
	Wrong   Health = "wrong"   // what stands there cannot be right
	Expired Health = "expired" // the licence is over
	Expires Health = "expires" // the licence ends soon
)

// Name is the state in words.
func (h Health) Name() say.Text {
	switch h {
	case OK:
		return say.T("完成", "Complete")
	case Missing:
		return say.T("尚未填寫", "Missing")
	case Wrong:
		return say.T("要修正", "To correct")
	case Expired:
		return say.T("已過期", "Expired")
	}
	return say.T("快到期", "Ends soon")
}

// Finding is what the profile doctor says about one fact.
type Finding struct {
	Role   permit.Role // "" for what all roles share
	Key    string      // field on the profile page
	Label  say.Text
	Health Health
	Say    say.Text // how to mend it
	Blocks say.Text // what cannot be done meanwhile; empty when nothing is blocked
	URL    string   // the field itself
}

// soon is how many days before its end a licence is called to mind.
const soon = 90

const profileURL = "/bls/profile"

// Doctor looks a's profile over (S129): each required fact and each date, whether it is there, right and in force, what
// it blocks and where it is mended.
func Doctor(tx *store.Tx, a permit.Actor) ([]Finding, error) {
	person, err := accounts.Find(tx, a.Person)
	if err != nil {
		return nil, err
	}
	profiles, err := profilesOf(tx, a.Person)
	if err != nil {
		return nil, err
	}
	all := say.T("所有申請", "All applications")
	out := []Finding{
		stands("", permit.Field{Key: "name", Label: say.T("申請者姓名", "Applicant's name"), Kind: permit.Name, Required: true}, person.Name, all),
		stands("", permit.Field{Key: "contact", Label: say.Same("Email"), Kind: permit.Mail, Required: true}, person.Contact, all),
	}
	roles := held(profiles)
	if len(roles) == 0 && !a.Officer() && !a.Admin && !a.Waiting {
		out = append(out, Finding{Key: "role", Label: say.T("使用者所屬角色", "Role"), Health: Missing, Blocks: all, URL: profileURL + "#role",
			Say: say.T("要打勾：選擇「使用者所屬角色」", "Choose your role: without one nothing can be filed")})
	}
	today := taiwan.DateOf(tx.Now)
	for _, r := range roles {
		p := find(profiles, r)
		for _, f := range Fields(r) {
			value := p.Of(f.Key)
			if f.Secret {
				if value, err = tx.Reveal(p.Hidden); err != nil {
					return nil, err
				}
			}
			if f.Kind == permit.Day {
				out = append(out, dated(r, f, value, today)...)
				continue
			}
			if f.Required || value != "" {
				out = append(out, stands(r, f, value, blocks(r)))
			}
		}
	}
	return out, nil
}

// blocks is what the role can no longer do.
func blocks(r permit.Role) say.Text {
	return say.F("以%s角色申請案件或壓章", "Filing or sealing as: %s", r.Name())
}

// stands looks at one fact.
func stands(r permit.Role, f permit.Field, value string, blocks say.Text) Finding {
	key := f.Key
	if r != "" {
		key = Key(r, f.Key)
	}
	out := Finding{Role: r, Key: key, Label: f.Label, Health: OK, URL: profileURL + "#" + key}
	if value == "" {
		out.Health, out.Say, out.Blocks = Missing, missing(f), blocks
		return out
	}
	if _, err := f.Read(value); err != nil {
		out.Health, out.Blocks = Wrong, blocks
		if bad, ok := fault.As(err); ok {
			out.Say = bad.Message
		}
	}
	return out
}

// dated looks at the last day of a licence.
func dated(r permit.Role, f permit.Field, value string, today taiwan.Date) []Finding {
	end, err := taiwan.ParseDate(value)
	if value == "" || err != nil {
		return nil
	}
	key := Key(r, f.Key)
	out := Finding{Role: r, Key: key, Label: f.Label, Health: OK, URL: profileURL + "#" + key, Say: end.Text()}
	switch {
	case end.Before(today):
		out.Health, out.Blocks = Expired, blocks(r)
		out.Say = say.F("%s 已到期：換發後填上新的期限（%s）", "It ended on %s. Enter the new date once it is renewed (%s)", end.Text(), f.Law)
	case today.DaysUntil(end) <= soon:
		out.Health = Expires
		out.Say = say.F("還有 %d 天到期，先辦換發（%s）", "It ends in %d days. Have it renewed (%s)", today.DaysUntil(end), f.Law)
	}
	return []Finding{out}
}

// Ready answers nil if a may open cases of the type (MayOpen) and the profile behind that right is complete; else the
// fault names the fact that is missing and leads to it.
func Ready(tx *store.Tx, a permit.Actor, t *permit.Type) error {
	if err := MayOpen(a, t); err != nil {
		return err
	}
	findings, err := Doctor(tx, a)
	if err != nil {
		return err
	}
	var worst *Finding
	for _, r := range opening(a, t) {
		f := blocking(findings, r)
		if f == nil {
			return nil
		}
		if worst == nil {
			worst = f
		}
	}
	return fault.Say(fault.Forbidden, say.F("先補齊使用者資訊的「%s」：%s", "First complete “%s” in your profile: %s", worst.Label, worst.Say)).
		To("前往填寫", "Go there", worst.URL)
}

// ReadyToSeal is Ready for sealing: the profile of the role that seals is complete.
func ReadyToSeal(tx *store.Tx, a permit.Actor) error {
	if !MaySeal(a) {
		return fault.Of(fault.Forbidden, "依「使用者所屬角色之權限」，壓章由建築師或技師來做", "In the table of rights, sealing is for architects and engineers").
			To("我可以做什麼", "What I may do", "/bls/rights")
	}
	findings, err := Doctor(tx, a)
	if err != nil {
		return err
	}
	for _, r := range []permit.Role{permit.Architect, permit.Engineer} {
		if f := blocking(findings, r); a.Is(r) && f != nil {
			return fault.Say(fault.Forbidden, say.F("先補齊使用者資訊的「%s」：%s", "First complete “%s” in your profile: %s", f.Label, f.Say)).
				To("前往填寫", "Go there", f.URL)
		}
	}
	return nil
}

// blocking is the first finding that blocks the role, nil if none does.
func blocking(fs []Finding, r permit.Role) *Finding {
	for i, f := range fs {
		if !f.Blocks.Empty() && (f.Role == "" || f.Role == r) {
			return &fs[i]
		}
	}
	return nil
}
