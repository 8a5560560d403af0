package sso

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// System is a sister system that signs its people in here.
type System struct {
	ID        string // client_id
	Name      say.Text
	Tile      string   // where its tile on the home page leads; "": no tile
	Redirects []string // exact addresses to which people come back
	Logouts   []string // exact addresses after signing out there
	Public    bool     // cannot keep a secret: PKCE alone proves who redeems a code
	Scopes    []string // what it may ask for beside openid
	Sector    string   // not "": its people go by names that no other sector knows
	Consent   bool     // not the ministry's own: people are asked before their data go there
	Everybody bool     // open to all who have an account; else a role is needed

	Made, Changed, Used, Disabled time.Time
	DisabledWhy                   string

	secret string // SHA-256
}

// pairwise is asked for at registration: the sector is then the host that people come back to.
func (y System) pairwise() (string, error) {
	host := ""
	for _, s := range y.Redirects {
		u, err := url.Parse(s)
		if err != nil {
			return "", err
		}
		if host != "" && u.Host != host {
			return "", fault.Bad("redirects", "讓回去的網址都在同一台主機：個別代號按主機計算", "Keep the addresses on one host: separate names go by host")
		}
		host = u.Host
	}
	return host, nil
}

// On reports whether people may go there.
func (y System) On() bool { return y.Disabled.IsZero() }

// Role is one role of a sister system.
type Role struct {
	Key     string
	Name    say.Text
	Retired time.Time
}

// Scopes are what a system may ask for beside openid, in the order in which people are told.
var Scopes = []string{"profile", "email", "organisation", "roles"}

// ScopeName says in words what is handed over.
func ScopeName(scope string) say.Text {
	switch scope {
	case "openid":
		return say.T("您在這個系統的識別代號", "A number by which that system knows you")
	case "profile":
		return say.T("姓名", "Your name")
	case "email":
		return say.T("電子郵件", "Your e-mail address")
	case "organisation":
		return say.T("經確認的組織與職稱", "Your confirmed organisation and title")
	case "roles":
		return say.T("您在這個系統的角色", "Your roles in that system")
	}
	return say.Same(scope)
}

var onlyAdministrators = fault.Of(fault.Forbidden, "由系統管理者來做這件事", "Only an administrator of the system does this").To("回首頁", "Home", "/home")

func administers(by permit.Actor) bool { return by.Admin || by.Person == permit.System.Person }

// Systems lists all sister systems by name.
func Systems(tx *store.Tx) ([]System, error) { return allSystems(tx) }

// Offered lists the roles that a system has today.
func Offered(tx *store.Tx, system string) (out []Role, err error) {
	all, err := rolesOfSystem(tx, system)
	for _, r := range all {
		if r.Retired.IsZero() {
			out = append(out, r)
		}
	}
	return out, err
}

// offers reports, as a refusal, a role that the system does not have.
func offers(tx *store.Tx, system, role string) error {
	y, err := systemByID(tx, system)
	if err != nil {
		return err
	}
	if !y.On() {
		return closedSystem(y)
	}
	all, err := Offered(tx, system)
	if err == nil && !slices.ContainsFunc(all, func(r Role) bool { return r.Key == role }) {
		err = fault.Of(fault.Invalid, "選擇角色", "Choose the role")
	}
	return err
}

func closedSystem(y System) *fault.Fault {
	return fault.Say(fault.Forbidden, say.F("改用其他系統，或洽系統管理者：「%s」已停用", "Use another system or ask the administrators: “%s” is switched off", y.Name)).
		To("回首頁", "Home", "/home")
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{2,39}$`)

// read brings what was typed about a system to its canonical form, or says what to mend at id, name_zh, name_en, tile,
// redirects, logouts, scopes. Addresses of this machine are allowed where local is set: in demonstrations.
func (y System) read(local bool) (System, error) {
	var f fault.Form
	if !idPattern.MatchString(y.ID) || y.ID == BLS || y.ID == "new" {
		f.Bad("id", "輸入 3 到 40 個小寫英文字母、數字或連字號，字母開頭，例如 tainan-docs", "Enter 3 to 40 small letters, digits or hyphens, a letter first, for example tainan-docs")
	}
	for _, n := range []struct {
		key  string
		name *string
		most int
	}{{"name_zh", &y.Name.Zh, 60}, {"name_en", &y.Name.En, 120}} {
		if *n.name = strings.Join(strings.Fields(*n.name), " "); *n.name == "" {
			f.Bad(n.key, "輸入系統的名稱，中文和英文都要", "Enter the name of the system, in Chinese and in English")
			continue
		}
		f.Add(n.key, short(*n.name, n.most))
	}
	if len(y.Redirects) == 0 {
		f.Bad("redirects", "輸入登錄後回去的網址，一行一個", "Enter the addresses to come back to, one per line")
	}
	f.Add("redirects", checkAddresses(y.Redirects, local))
	f.Add("logouts", checkAddresses(y.Logouts, local))
	if y.Tile != "" {
		f.Add("tile", checkAddress(y.Tile, local))
	}
	for _, s := range y.Scopes {
		if !slices.Contains(Scopes, s) {
			f.Bad("scopes", "從清單裡選擇提供的資料", "Choose from the list what is handed over")
		}
	}
	return y, f.Err()
}

func checkAddresses(all []string, local bool) error {
	if len(all) > 10 {
		return fault.Of(fault.Invalid, "縮減到 10 個網址以內", "Give at most 10 addresses")
	}
	for i, s := range all {
		err := checkAddress(s, local)
		if f, ok := fault.As(err); ok && len(all) > 1 {
			return fault.Say(fault.Invalid, say.F("第 %d 行：%s", "Line %d: %s", i+1, f.Message))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkAddress takes an address that codes may be sent to: people come back to exactly this one, so nothing in it may
// stand for something else.
func checkAddress(s string, local bool) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || len(s) > 500 || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' }):
		return fault.Of(fault.Invalid, "輸入完整的網址，例如 https://docs.example/callback", "Enter a whole address, for example https://docs.example/callback")
	case u.Fragment != "" || strings.HasSuffix(s, "#"):
		return fault.Of(fault.Invalid, "刪掉 # 和後面的字：回去的網址不能有片段", "Remove # and what follows: the address cannot have a fragment")
	case u.User != nil:
		return fault.Of(fault.Invalid, "刪掉網址裡的帳號和密碼", "Remove the user name and password from the address")
	case strings.Contains(s, "*"):
		return fault.Of(fault.Invalid, "寫出完整的網址：* 不能代替任何字", "Write the address out: * stands for nothing")
	case u.Scheme == "https", local && u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	case local:
		return fault.Of(fault.Invalid, "輸入 https:// 開頭的網址；展示環境也可以用 http://127.0.0.1", "Enter an address that begins with https://; a demonstration takes http://127.0.0.1 too")
	}
	return fault.Of(fault.Invalid, "輸入 https:// 開頭的網址", "Enter an address that begins with https://")
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Register takes a new system in. A confidential one gets a secret, which is answered here and never again. With
// pairwise, its people go by names that only its host knows.
func Register(tx *store.Tx, by permit.Actor, y System, pairwise, local bool, why string) (secret string, err error) {
	if !administers(by) {
		return "", onlyAdministrators
	}
	if y, err = y.read(local); err != nil {
		return "", err
	}
	if err := reason(why); err != nil {
		return "", err
	}
	if pairwise {
		if y.Sector, err = y.pairwise(); err != nil {
			return "", err
		}
	}
	if !y.Public {
		secret = store.Secret()
		y.secret = openid.Mark(secret)
	}
	err = insertSystem(tx, y)
	if errors.Is(err, store.ErrUnique) {
		return "", fault.Bad("id", "換一個代號：這個代號已經有系統使用", "Choose another id: a system has this one")
	}
	if err != nil {
		return "", err
	}
	return secret, accounts.Note(tx, by, "system.register", y.ID, why)
}

func reason(why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Bad("why", "寫下原因，會留在稽核紀錄", "Write down why; it stays in the audit record")
	}
	if err := short(why, 500); err != nil {
		f, _ := fault.As(err)
		return fault.BadText("why", f.Message)
	}
	return nil
}

// changing is the system to be changed by an administrator, who says why.
func changing(tx *store.Tx, by permit.Actor, id, why string) (System, error) {
	if !administers(by) {
		return System{}, onlyAdministrators
	}
	if err := reason(why); err != nil {
		return System{}, err
	}
	return systemByID(tx, id)
}

// Change keeps what was changed about a system; its id, its kind and how it knows people stay, for people and tokens
// out there depend on them.
func Change(tx *store.Tx, by permit.Actor, y System, local bool, why string) error {
	old, err := changing(tx, by, y.ID, why)
	if err != nil {
		return err
	}
	y.Public, y.Sector = old.Public, old.Sector
	if y, err = y.read(local); err != nil {
		return err
	}
	if y.Sector != "" {
		if host, err := y.pairwise(); err != nil || host != y.Sector {
			return fault.Bad("redirects", "維持原來的主機：換了主機，對方就認不出原來的使用者", "Keep the host: under another one the system would not know its people again")
		}
	}
	if err := updateSystem(tx, y); err != nil {
		return err
	}
	return accounts.Note(tx, by, "system.change", y.ID, why)
}

// NewSecret gives a confidential system a new secret; the old one ends at once.
func NewSecret(tx *store.Tx, by permit.Actor, id, why string) (secret string, err error) {
	y, err := changing(tx, by, id, why)
	if err != nil {
		return "", err
	}
	if y.Public {
		return "", fault.Of(fault.Conflict, "不用更換：公開的系統沒有密鑰", "There is nothing to renew: a public system has no secret")
	}
	secret = store.Secret()
	if err := setSecret(tx, id, openid.Mark(secret)); err != nil {
		return "", err
	}
	return secret, accounts.Note(tx, by, "system.secret", id, why)
}

// SwitchOff closes a system: nobody signs in there any more, and what it holds ends. SwitchOn opens it again.
func SwitchOff(tx *store.Tx, by permit.Actor, id, why string) error {
	if _, err := changing(tx, by, id, why); err != nil {
		return err
	}
	if err := setSystemDisabled(tx, id, store.At(tx.Now), why); err != nil {
		return err
	}
	return accounts.Note(tx, by, "system.off", id, why)
}

// SwitchOn opens a system again.
func SwitchOn(tx *store.Tx, by permit.Actor, id, why string) error {
	if _, err := changing(tx, by, id, why); err != nil {
		return err
	}
	if err := setSystemDisabled(tx, id, store.Time{}, ""); err != nil {
		return err
	}
	return accounts.Note(tx, by, "system.on", id, why)
}

// PutRole adds a role to a system or renames it.
func PutRole(tx *store.Tx, by permit.Actor, system string, r Role, why string) error {
	if _, err := changing(tx, by, system, why); err != nil {
		return err
	}
	var f fault.Form
	if !idPattern.MatchString(r.Key) {
		f.Bad("role", "輸入 3 到 40 個小寫英文字母、數字或連字號，例如 clerk", "Enter 3 to 40 small letters, digits or hyphens, for example clerk")
	}
	if r.Name.Zh = strings.TrimSpace(r.Name.Zh); r.Name.Zh == "" || short(r.Name.Zh, 40) != nil {
		f.Bad("role_zh", "輸入角色的中文名稱，40 個字以內", "Enter the Chinese name of the role, 40 characters at most")
	}
	if r.Name.En = strings.TrimSpace(r.Name.En); r.Name.En == "" || short(r.Name.En, 80) != nil {
		f.Bad("role_en", "輸入角色的英文名稱，80 個字以內", "Enter the English name of the role, 80 characters at most")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := putRole(tx, system, r); err != nil {
		return err
	}
	return accounts.Note(tx, by, "system.role", system, r.Key+" "+why)
}

// RetireRole takes a role out of a system; who held it loses it at once. It answers how many did.
func RetireRole(tx *store.Tx, by permit.Actor, system, role, why string) (int64, error) {
	if _, err := changing(tx, by, system, why); err != nil {
		return 0, err
	}
	err := retireRole(tx, system, role)
	if errors.Is(err, store.ErrNotFound) {
		err = fault.Bad("retire", "選擇要取消的角色", "Choose the role to retire")
	}
	if err != nil {
		return 0, err
	}
	n, err := endGrants(tx, system, role, by.Person, why)
	if err != nil {
		return 0, err
	}
	return n, accounts.Note(tx, by, "system.role.retire", system, role+" "+why)
}

// Open reports whether the person may use the system: it is open to everybody, or they hold a role in it.
func (y System) open(tx *store.Tx, person string) (bool, error) {
	if y.Everybody {
		return true, nil
	}
	held, err := Granted(tx, person, y.ID)
	return len(held) > 0, err
}
