package notices

import (
	"errors"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Tell puts n into the inbox of person and orders its letter, in the transaction of the change it tells about. Without
// legal effect and switched off by the person, it stays in the inbox alone.
func Tell(tx *store.Tx, person string, n Notice) error {
	if person == "" || person == permit.System.Person {
		return errors.New("notices: nobody to tell")
	}
	if err := n.check(); err != nil {
		return err
	}
	id := store.NewID()
	if err := insertNotice(tx, id, person, n); err != nil {
		return err
	}
	if wanted, err := wants(tx, person, n); err != nil || !wanted {
		return err
	}
	return order(tx, person+" "+n.Case, Letter{ID: store.NewID()}, id)
}

// Write orders a letter to an address, for mail that belongs to no inbox: confirming an address, say. Its text is
// forgotten once it has been sent.
func Write(tx *store.Tx, l Letter) error {
	if l.To == "" || l.Subject == "" || l.Text == "" {
		return errors.New("notices: a letter needs an address, a subject and a text")
	}
	l.ID = store.NewID()
	return order(tx, l.To, l, "")
}

// order puts a letter at the end of its lane and has the lane looked after.
func order(tx *store.Tx, lane string, l Letter, notice string) error {
	seq, err := nextInLane(tx, lane)
	if err != nil {
		return err
	}
	if err := insertLetter(tx, lane, seq, l, notice); err != nil {
		return err
	}
	return jobs.Later(tx, carry{Lane: lane})
}

func wants(tx *store.Tx, person string, n Notice) (bool, error) {
	if n.Legal {
		return true, nil
	}
	off, err := mailOff(tx, person)
	return !off[n.Kind], err
}

// Unread counts the notices of person that were not opened yet: the number at the bell.
func Unread(tx *store.Tx, person string) (int, error) { return countUnread(tx, person) }

// Open is the notice id of the actor, marked as read from now on.
func Open(tx *store.Tx, by permit.Actor, id string) (Kept, error) {
	k, err := noticeOf(tx, by.Person, id)
	if err != nil {
		return k, err
	}
	if k.Unread() {
		k.Read = tx.Now
		err = markRead(tx, by.Person, id)
	}
	return k, err
}

// MarkRead marks the actor's notices with these ids as read; no ids means all.
func MarkRead(tx *store.Tx, by permit.Actor, ids ...string) error {
	if len(ids) == 0 {
		return markAllRead(tx, by.Person)
	}
	for _, id := range ids {
		if err := markRead(tx, by.Person, id); err != nil {
			return err
		}
	}
	return nil
}

// Wish keeps which kinds the actor wants by mail. What has legal effect comes by mail all the same.
func Wish(tx *store.Tx, by permit.Actor, byMail []Kind) error {
	on := map[Kind]bool{}
	for _, k := range byMail {
		on[k] = true
	}
	for _, k := range Kinds {
		if err := keepWish(tx, by.Person, k, on[k]); err != nil {
			return err
		}
	}
	return nil
}

// TryAgain orders a failed letter once more.
func TryAgain(tx *store.Tx, by permit.Actor, id string) error {
	if !by.Admin {
		return fault.Of(fault.Forbidden, "系統管理者才能重寄信件", "Only a system administrator can send letters again")
	}
	l, err := letterByID(tx, id)
	if err != nil {
		return err
	}
	if l.State != failed {
		return fault.Say(fault.Conflict, say.T("這封信已經在寄送，重新整理後再看一次", "This letter is on its way already. Refresh the page"))
	}
	if l.notice == "" && l.Text == "" {
		return fault.Of(fault.Conflict, "這封信的內容已清除，回原來的頁面再寄一次", "The text of this letter has been cleared. Send it again from the page it came from")
	}
	seq, err := nextInLane(tx, l.lane)
	if err != nil {
		return err
	}
	if err := waitAgain(tx, id, seq); err != nil {
		return err
	}
	return jobs.Later(tx, carry{Lane: l.lane})
}
