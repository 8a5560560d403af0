package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Entry is one line of the audit record.
type Entry struct {
	Chain, N    int64
	ID          string
	At          time.Time // UTC
	Actor, Name string    // who did it: id and name at that time
	Session, IP string
	What        string // which act: "sign-in", "seat.approve"
	About       string // what it was done to: a person, a seat, an authority, a case
	Detail      string
	Prev, Hash  string
}

// Chains is how many hash chains the record has: an act goes to the chain of its actor, so two people seldom wait for
// each other.
const chains = 16

// Note writes one act into the audit record: who (by), what, about which thing, and what else is worth knowing. What
// must stay secret (passwords, tokens, national IDs) never goes in.
func Note(tx *store.Tx, by permit.Actor, what, about, detail string) error {
	e := Entry{
		Chain: chainOf(by), ID: store.NewID(), At: tx.Now, Actor: by.Person, Name: by.Name, Session: by.Session, IP: by.IP,
		What: what, About: about, Detail: detail,
	}
	var err error
	if e.N, e.Prev, err = head(tx, e.Chain); err != nil {
		return err
	}
	e.N++
	e.Hash = e.sum()
	return appendEntry(tx, e)
}

func chainOf(by permit.Actor) int64 {
	h := fnv.New32a()
	h.Write([]byte(by.Person))
	if by.Person == "" {
		h.Write([]byte(by.IP))
	}
	return int64(h.Sum32() % chains)
}

// sum is the hash of the entry and, through Prev, of all before it in its chain.
func (e Entry) sum() string {
	b, _ := json.Marshal([]string{
		e.Prev, strconv.FormatInt(e.Chain, 10), strconv.FormatInt(e.N, 10), e.ID, e.At.UTC().Format(time.RFC3339Nano),
		e.Actor, e.Name, e.Session, e.IP, e.What, e.About, e.Detail,
	})
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Broken says where the audit record is not what was written.
type Broken struct {
	Chain, N int64
	Why      string
}

// Error names the place.
func (b *Broken) Error() string {
	return fmt.Sprintf("accounts: audit record, chain %d, entry %d: %s", b.Chain, b.N, b.Why)
}

// VerifyAudit reads the whole audit record and answers how many entries it has; the first entry that was changed, taken
// out or put in is answered as *Broken.
func VerifyAudit(tx *store.Tx) (int, error) {
	count := 0
	for chain := int64(0); chain < chains; chain++ {
		n, err := verifyChain(tx, chain)
		if err != nil {
			return 0, err
		}
		count += n
	}
	return count, nil
}

func verifyChain(tx *store.Tx, chain int64) (int, error) {
	var at int64
	prev := ""
	for {
		part, err := chainFrom(tx, chain, at, 1000)
		if err != nil {
			return 0, err
		}
		for _, e := range part {
			switch {
			case e.N != at+1:
				return 0, &Broken{chain, at + 1, "is missing"}
			case e.Prev != prev:
				return 0, &Broken{chain, e.N, "does not follow the entry before it"}
			case e.Hash != e.sum():
				return 0, &Broken{chain, e.N, "was changed"}
			}
			at, prev = e.N, e.Hash
		}
		if len(part) == 0 {
			break
		}
	}
	n, hash, err := head(tx, chain)
	if err == nil && (n != at || hash != prev) {
		err = &Broken{chain, at + 1, "is missing at the end"}
	}
	return int(at), err
}

// Search says which entries of the audit record to show, newest first.
type Search struct {
	Person string    // as actor or as what it is about
	What   string    // an act, or the beginning of its name: "seat"
	IP     string    //
	From   time.Time // inclusive; zero is the beginning
	Until  time.Time // exclusive; zero is now
	Before string    // id of the last entry of the page before
	Limit  int
}

// Entries finds entries of the audit record.
func Entries(tx *store.Tx, s Search) ([]Entry, error) {
	if s.Limit <= 0 || s.Limit > 500 {
		s.Limit = 100
	}
	if s.Until.IsZero() {
		s.Until = tx.Now.Add(time.Hour)
	}
	return findEntries(tx, s)
}

var acts = map[string]say.Text{
	"sign-in":         say.T("登錄", "Signed in"),
	"sign-in.refused": say.T("登錄失敗", "Sign-in refused"),
	"sign-out":        say.T("登出", "Signed out"),
	"sign-out.others": say.T("登出其他裝置", "Signed out elsewhere"),
	"password.set":    say.T("設定密碼", "Password set"),
	"password.link":   say.T("產生設定密碼的連結", "Link for a password made"),
	"person.change":   say.T("修改個人資料", "Personal data changed"),
	"person.invite":   say.T("建立帳號", "Account made"),
	"person.disable":  say.T("停用帳號", "Account disabled"),
	"person.enable":   say.T("恢復帳號", "Account enabled"),
	"person-id.look":  say.T("顯示完整身分證字號", "Whole national ID shown"),
	"profile.save":    say.T("儲存角色資料", "Profile saved"),
	"role.end":        say.T("取消角色", "Role ended"),
	"seat.ask":        say.T("提出職務", "Duty asked for"),
	"seat.approve":    say.T("核准職務", "Duty approved"),
	"seat.end":        say.T("結束職務", "Duty ended"),
	"setting":         say.T("修改機關設定", "Setting changed"),
	"audit.look":      say.T("查詢稽核紀錄", "Audit record searched"),

	"request.ask":        say.T("提出申請", "Request made"),
	"request.withdraw":   say.T("撤回申請", "Request withdrawn"),
	"request.approve":    say.T("核准申請", "Request approved"),
	"request.return":     say.T("退回申請", "Request returned"),
	"grant.end":          say.T("終止角色或組織", "Role or organisation ended"),
	"system.register":    say.T("登記應用系統", "System registered"),
	"system.change":      say.T("修改應用系統", "System changed"),
	"system.secret":      say.T("更換系統密鑰", "Secret of a system renewed"),
	"system.off":         say.T("停用應用系統", "System switched off"),
	"system.on":          say.T("恢復應用系統", "System switched on"),
	"system.enter":       say.T("登入應用系統", "Signed in to a system"),
	"system.keys":        say.T("更換簽章金鑰", "Signing key renewed"),
	"card.add":           say.T("註冊憑證", "Card registered"),
	"card.verify":        say.T("驗證憑證", "Card verified"),
	"card.renew":         say.T("換發憑證", "Card renewed"),
	"card.type":          say.T("填寫憑證序號", "Card number typed"),
	"card.remove":        say.T("移除憑證", "Card removed"),
	"ledger.broken":      say.T("執照清單不符", "The list of licences does not fit"),
	"ledger.whole":       say.T("執照清單恢復相符", "The list of licences fits again"),
	"consent.give":       say.T("同意提供資料", "Consent given"),
	"consent.revoke":     say.T("撤回同意", "Consent taken back"),
	"system.role":        say.T("登記系統角色", "Role of a system kept"),
	"system.role.retire": say.T("取消系統角色", "Role of a system retired"),
}

// ActName is an act of the audit record in words; acts of other rooms that have none stay as they are.
func ActName(what string) say.Text {
	if t, ok := acts[what]; ok {
		return t
	}
	return say.T("其他", "Other")
}
