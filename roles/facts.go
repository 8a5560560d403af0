package roles

import (
	"time"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// FactKeys are the facts that a case may take over from a profile (帶入).
var FactKeys = []string{
	"person_id", "name", "email", "phone", "mobile", "fax", "address",
	"arch_licence", "arch_certificate", "office_name", "office_address", "office_phone",
	"eng_licence", "eng_permit", "eng_branch",
	"con_licence", "company_id", "company_name", "company_head", "company_address", "company_phone",
	"dec_licence", "dec_technician",
}

// Facts is what a person's profiles say, by FactKeys, with the national ID readable, and when they last changed. Of two
// roles the first in the order of the check boxes counts; what no role says comes from 個人資料 of the account.
func Facts(tx *store.Tx, person string) (map[string]string, time.Time, error) {
	p, err := accounts.Find(tx, person)
	if err != nil {
		return nil, time.Time{}, err
	}
	all, err := profilesOf(tx, person)
	if err != nil {
		return nil, time.Time{}, err
	}
	facts := map[string]string{}
	for _, k := range FactKeys {
		facts[k] = ""
	}
	first := func(key, value string) {
		if have, ok := facts[key]; ok && have == "" {
			facts[key] = value
		}
	}
	since := p.Changed
	for _, r := range held(all) {
		profile := find(all, r)
		for k, v := range profile.Facts {
			first(k, v)
		}
		first("name", profile.Of("eng_name"))
		id, err := tx.Reveal(profile.Hidden)
		if err != nil {
			return nil, time.Time{}, err
		}
		first("person_id", id)
		if profile.Changed.After(since) {
			since = profile.Changed
		}
	}
	first("name", p.Name)
	first("email", p.Mail())
	first("phone", p.Phone)
	first("address", p.Address)
	if m, err := taiwan.Mobile(facts["phone"]); err == nil {
		first("mobile", m)
	}
	return facts, since, nil
}

// Licence is a licence of the role as it is printed, whatever way it was written in.
func Licence(role permit.Role, line string) (string, error) {
	whole, _, _, err := licenceParts(role, line)
	return whole, err
}

// FindByLicence is the person who holds the role with that licence, written in any way; "" when no account does. The
// number without its word is enough when only one account has it. Of several people of one firm the first is meant.
func FindByLicence(tx *store.Tx, role permit.Role, licence string) (string, error) {
	if licenceKeys[role] == "" {
		return "", nil
	}
	whole, number, worded, err := licenceParts(role, licence)
	if err != nil {
		return "", err
	}
	holders, err := holdersOf(tx, role, whole)
	if err != nil || len(holders) > 0 {
		return first(holders), err
	}
	if worded {
		return "", nil
	}
	holders, err = holdersOfNumber(tx, role, number)
	if len(holders) != 1 {
		return "", err
	}
	return holders[0], err
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// FindByPersonID is whose profiles have the national ID; the ID itself is never read for it.
func FindByPersonID(tx *store.Tx, id string) ([]string, error) {
	id, err := taiwan.PersonID(id)
	if err != nil {
		return nil, err
	}
	blind, err := tx.Blind(id)
	if err != nil {
		return nil, err
	}
	return holdersOfID(tx, blind)
}
