package roles

import (
	"slices"
	"strings"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
)

// Right is one cell of 使用者所屬角色之權限: what a role may do in a menu.
type Right string

// The four rights, in the words of the printed matrix.
const (
	None     Right = "none" // 無
	SealOnly Right = "seal" // 僅壓章: seal what names them, open nothing
	OnlyUse  Right = "use"  // 僅使用執照申請: only the types of UseCodes
	All      Right = "all"  // 全
)

// Name is the right as the matrix prints it.
func (r Right) Name() say.Text {
	switch r {
	case All:
		return say.T("全", "All")
	case OnlyUse:
		return say.T("僅使用執照申請", "Occupancy permits only")
	case SealOnly:
		return say.T("僅壓章", "Sealing only")
	}
	return say.T("無", "None")
}

// Columns are the roles in the order in which the matrix prints them (which is not that of the check boxes).
var Columns = []permit.Role{permit.Architect, permit.Contractor, permit.Citizen, permit.Engineer, permit.Decorator}

// Matrix is 使用者所屬角色之權限 (S210–S224): the one table from which the pages show and the server decides.
var Matrix = map[permit.Menu]map[permit.Role]Right{
	permit.Licences: {
		permit.Architect: All, permit.Contractor: OnlyUse, permit.Citizen: All, permit.Engineer: SealOnly, permit.Decorator: None,
	},
	permit.Construction: {
		permit.Architect: All, permit.Contractor: All, permit.Citizen: All, permit.Engineer: None, permit.Decorator: None,
	},
	permit.Interior: {
		permit.Architect: All, permit.Contractor: All, permit.Citizen: All, permit.Engineer: None, permit.Decorator: All,
	},
}

// Second is its last row, 是否可以申請其他角色權限 (S225–S229): the role that the holder of a role may add.
var Second = map[permit.Role]permit.Role{permit.Contractor: permit.Citizen}

// SecondName is a cell of that row as printed.
func SecondName(r permit.Role) say.Text {
	if add, ok := Second[r]; ok {
		return say.F("可申請%s", "May add %s", add.Name())
	}
	return say.T("否", "No")
}

// UseCodes are the 案件類別代號 that 僅使用執照申請 covers (domain A7). Set it before serving.
var UseCodes = []string{"C1-1"}

// RightOf is the best right that any of a's roles has in the menu.
func RightOf(a permit.Actor, menu permit.Menu) Right {
	best := None
	for _, r := range a.Roles {
		if right := Matrix[menu][r]; weight(right) > weight(best) {
			best = right
		}
	}
	return best
}

func weight(r Right) int { return slices.Index([]Right{None, SealOnly, OnlyUse, All}, r) }

// opens reports whether a right in the type's menu covers the type.
func opens(right Right, t *permit.Type) bool {
	return right == All || right == OnlyUse && slices.Contains(UseCodes, t.Code)
}

// opening are the roles of a by which a may open cases of the type.
func opening(a permit.Actor, t *permit.Type) (by []permit.Role) {
	for _, r := range a.Roles {
		if opens(Matrix[t.Menu][r], t) {
			by = append(by, r)
		}
	}
	return by
}

// MaySeal reports whether a may seal at all: a 技師 (僅壓章) what names them, an architect in their own part.
func MaySeal(a permit.Actor) bool { return a.Is(permit.Architect) || a.Is(permit.Engineer) }

// MayOpen answers nil if one of a's roles may open cases of the type; else a fault that quotes the matrix and leads to
// where the reason can be mended or is explained. Ready asks the profile as well.
func MayOpen(a permit.Actor, t *permit.Type) error {
	switch {
	case !a.SignedIn():
		return fault.Of(fault.SignIn, "登入後才能申請案件", "Sign in to open a case")
	case len(opening(a, t)) > 0:
		return nil
	case len(a.Roles) > 0:
		return matrixSays(a, t)
	case a.Officer() || a.Admin || a.Waiting:
		return fault.Of(fault.Forbidden, "機關人員的帳號只辦理審查；送件改用自己的申請人帳號", "An officer's account is for reviewing only. Use your own applicant's account to file").
			To("我可以做什麼", "What I may do", "/bls/rights")
	}
	return fault.Of(fault.Forbidden, "要打勾：先選擇「使用者所屬角色」，才能申請案件", "Choose your role first: without one nothing can be filed").
		To("選擇角色", "Choose a role", "/bls/profile")
}

// matrixSays tells what the matrix says about a and the type, and what would change it.
func matrixSays(a permit.Actor, t *permit.Type) error {
	role := a.Roles[0]
	may := say.F("這件由%s的帳號申請", "It can be filed by: %s", names(allowed(t)))
	f := fault.Say(fault.Forbidden, say.F("「%s」屬於「%s」。依「使用者所屬角色之權限」，%s在「%s」的權限是「%s」；%s",
		"“%s” belongs to “%s”. In the table of rights, a %s has in “%s”: %s. %s",
		t.Name, t.Menu.Name(), role.Name(), t.Menu.Name(), RightOf(a, t.Menu).Name(), may))
	if add, ok := Second[role]; ok && opens(Matrix[t.Menu][add], t) {
		return f.To("加選"+add.Name().Zh+"角色", "Add the role "+add.Name().En, "/bls/profile")
	}
	return f.To("我可以做什麼", "What I may do", "/bls/rights")
}

// allowed are the roles that may open cases of the type, in the order of the matrix.
func allowed(t *permit.Type) (out []permit.Role) {
	for _, r := range Columns {
		if opens(Matrix[t.Menu][r], t) {
			out = append(out, r)
		}
	}
	return out
}

func names(rs []permit.Role) say.Text {
	var zh, en []string
	for _, r := range rs {
		zh, en = append(zh, r.Name().Zh), append(en, r.Name().En)
	}
	return say.T(strings.Join(zh, "、"), strings.Join(en, ", "))
}

// Combine answers whether somebody who holds the roles have may hold the roles want (S225–S229, domain A6). One role may
// be exchanged for another; a second one may only be added where the matrix says so, and never the other way round.
func Combine(have, want []permit.Role) error {
	for _, r := range want {
		if !slices.Contains(permit.Roles, r) {
			return fault.Bad("role", "從五個角色中選擇", "Choose one of the five roles")
		}
	}
	switch len(want) {
	case 0:
		return fault.Bad("role", "要打勾：選擇「使用者所屬角色」", "Choose your role: without one nothing can be filed")
	case 1:
		return nil
	case 2:
		first, add := want[0], want[1]
		if Second[add] == first {
			first, add = add, first
		}
		if Second[first] != add {
			break
		}
		if slices.Contains(have, add) && !slices.Contains(have, first) {
			return refuseSecond(add, first)
		}
		return nil
	}
	return refuseSecond(want[0], want[1])
}

// refuseSecond quotes the last row of the matrix.
func refuseSecond(have, add permit.Role) error {
	return fault.BadText("role", say.F("選擇一個角色：依「是否可以申請其他角色權限」，%s是「%s」，不能再加%s",
		"Choose one role: a %s has “%s” under “May a second role be added”, so %s cannot be added", have.Name(), SecondName(have), add.Name()))
}
