package roles

import (
	"errors"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Prepare writes the authorities that the country is known to have into an installation's own list. It may run at every
// start; names that were changed here stay.
func Prepare(tx *store.Tx) error {
	for _, a := range taiwan.Authorities {
		if err := putAuthority(tx, a); err != nil {
			return err
		}
	}
	return nil
}

// Authorities lists the authorities of this installation.
func Authorities(tx *store.Tx) ([]taiwan.Authority, error) { return authorities(tx) }

// AuthorityName is what the authority with the code is called; store.ErrNotFound if there is none.
func AuthorityName(tx *store.Tx, code string) (say.Text, error) {
	a, err := authority(tx, code)
	if errors.Is(err, store.ErrNotFound) {
		if known, ok := taiwan.AuthorityByCode(code); ok {
			return known.Text(), nil
		}
	}
	return a.Text(), err
}

// Value is one value of a setting.
type Value struct {
	Value   string
	From    string // the day from which it holds, 2026-11-23
	By      string
	ByName  string
	Changed time.Time
}

// Setting is what the authority has set by that name for the day of on: the value that began last on or before it. ok
// tells whether the authority set it; if not, the value is the declared default.
func Setting(tx *store.Tx, authority, name string, on time.Time) (value string, ok bool, err error) {
	known, err := known(name)
	if err != nil {
		return "", false, err
	}
	v, err := settingOn(tx, authority, name, taiwan.DateOf(on).ISO())
	if errors.Is(err, store.ErrNotFound) {
		return known.Default, false, nil
	}
	return v.Value, err == nil, err
}

// MaySet reports whether by keeps the settings of the authority: its 機關管理者 or a system administrator.
func MaySet(by permit.Actor, authority string) bool {
	return administers(by) || by.Sits(authority, permit.Manager)
}

// SetSetting lets a value hold from a day on (today or later; "" is today). The old values stay on record.
func SetSetting(tx *store.Tx, by permit.Actor, authority, name, typed, from string) error {
	if !MaySet(by, authority) {
		return fault.Of(fault.Forbidden, "由機關管理者或系統管理者修改設定", "Only the authority's manager or an administrator changes settings").To("回首頁", "Home", "/home")
	}
	k, err := known(name)
	if err != nil {
		return err
	}
	if _, err := AuthorityName(tx, authority); err != nil {
		return fault.Bad("authority", "選擇主管機關", "Choose the authority")
	}
	value, err := k.read(typed)
	if err != nil {
		if f, ok := fault.As(err); ok {
			return fault.BadText(name, f.Message)
		}
		return err
	}
	day := taiwan.DateOf(tx.Now)
	if from != "" {
		d, err := taiwan.ParseDate(from)
		if err != nil || d.Before(day) {
			return fault.Bad("from", "輸入今天或以後的日期，例如 115-01-01", "Enter today or a later day, for example 115-01-01")
		}
		day = d
	}
	if old, set, err := Setting(tx, authority, name, day.Time()); err != nil || old == value && (set || value == k.Default) {
		return err
	}
	if name == "officer_idle_minutes" && day.After(taiwan.DateOf(tx.Now)) {
		return fault.Bad(name, "從今天起生效：閒置登出時間不能預先設定", "Let it hold from today: the idle time cannot be set ahead")
	}
	if err := insertSetting(tx, authority, name, Value{Value: value, From: day.ISO(), By: by.Person, ByName: by.Name}); err != nil {
		return err
	}
	if name == "officer_idle_minutes" {
		if err := markOfficers(tx, authority); err != nil {
			return err
		}
	}
	return accounts.Note(tx, by, "setting", authority, name+" "+day.ISO()+" "+value)
}

// History is every value of a setting, the latest first.
func History(tx *store.Tx, authority, name string) ([]Value, error) {
	return settingHistory(tx, authority, name)
}
