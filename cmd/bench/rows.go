package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/store"
)

// mine is every how many cases belong to the applicant who is measured; the others belong to 500 people.
const mine = 100

// fill writes n cases beside the one with this id, each with the first line of its log and its serial and title to be
// found by; every tenth has the whole form. Of twenty cases one is a draft, four are with the authority and fifteen were
// decided. They are written past the verbs, which would take an hour; the chain of their logs does not fit, and nobody
// reads it here.
func (h *house) fill(ctx context.Context, id string, applicant, officer permit.Actor, n int) error {
	const atOnce, inOne = 2000, 500 // cases in a transaction, in a statement
	var like *cases.Case
	err := h.act(ctx, applicant, id, func(_ *store.Tx, c *cases.Case) error { like = c; return nil })
	for from := 0; err == nil && from < n; from += atOnce {
		err = h.db.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+atOnce, n); i += inOne {
				if err := fillSome(tx, like, applicant, officer, i, min(i+inOne, from+atOnce, n)); err != nil {
					return err
				}
			}
			return furnish(tx, id)
		})
	}
	return err
}

// furnish copies to the fresh cases what the one with this id has.
func furnish(tx *store.Tx, id string) error {
	for _, q := range []string{
		`INSERT INTO case_members (case_id, person, name, standing, party, may, added_at)
			SELECT c.id, c.opener, c.opener_name, 'opener', '', 'all', c.created_at FROM cases c, cases o WHERE c.follows = 'bench' AND o.id = $1`,
		`INSERT INTO case_sections (case_id, section, revision, data, changed_by, changed_name, changed_at)
			SELECT c.id, s.section, 1, s.data, c.opener, c.opener_name, c.created_at FROM cases c, case_sections s
			WHERE s.case_id = $1 AND c.follows = 'bench' AND c.serial LIKE '%0'`,
		`INSERT INTO case_log (case_id, seq, at, by_person, by_name, ip, act, from_state, to_state, place, said, prev, hash)
			SELECT c.id, l.seq, c.created_at, c.opener, c.opener_name, '', l.act, l.from_state, l.to_state, l.place, l.said, '', l.hash
			FROM cases c, case_log l WHERE l.case_id = $1 AND l.seq = 1 AND c.follows = 'bench'`,
	} {
		if _, err := tx.Exec(q, id); err != nil {
			return fmt.Errorf("%.24s: %w", q, err)
		}
	}
	_, err := tx.Exec(`UPDATE cases SET follows = '' WHERE follows = 'bench'`)
	return err
}

// standing is where the i-th case stands.
func standing(i int) (s permit.State, round int, desk bool) {
	switch i % 20 {
	case 0:
		return permit.Draft, 0, false
	case 1:
		return permit.Submitted, 1, false
	case 2:
		return permit.Received, 1, false
	case 3:
		return permit.Reviewing, 1, i%200 == 3
	case 4:
		return permit.Correction, 1, i%200 == 4
	}
	return permit.Issued, 1, true
}

func fillSome(tx *store.Tx, like *cases.Case, applicant, officer permit.Actor, from, to int) error {
	var marks []string
	var args []any
	words := map[string]string{} // of each case
	for i := from; i < to; i++ {
		state, round, desk := standing(i)
		opener, name := fmt.Sprintf("bench-%03d", i%500), "測試人"
		if i%mine == 0 {
			opener, name = applicant.Person, applicant.Name
		}
		var handler permit.Actor
		if desk {
			handler = officer
		}
		at, filed, due := store.At(tx.Now.Add(-time.Duration(i)*15*time.Minute)), store.Time{}, ""
		if round > 0 {
			filed = at
		}
		if state == permit.Reviewing {
			due = tx.Now.AddDate(0, 0, i%30).Format("2006-01-02")
		}
		id, serial, title := store.NewID(), fmt.Sprintf("B%08d", i), fmt.Sprintf("測試大樓第%d號新建工程", i)
		words[id] = strings.ToLower(serial) + " " + title
		line := []any{id, like.Authority, serial, like.Type.Kind, like.Type.Edition, string(like.Type.Menu), string(state),
			title, like.Applicant, like.Place, opener, name, "bench", round, handler.Person, handler.Name, at, at, filed, due}
		places := make([]string, len(line))
		for k := range line {
			places[k] = fmt.Sprintf("$%d", len(args)+k+1)
		}
		args, marks = append(args, line...), append(marks, "("+strings.Join(places, ",")+")")
	}
	_, err := tx.Exec(`INSERT INTO cases (id, authority, serial, kind, edition, menu, state, title, applicant, place, opener, opener_name, follows,
		round, desk, desk_name, created_at, changed_at, submitted_at, due_on) VALUES `+strings.Join(marks, ", "), args...)
	if err != nil {
		return err
	}
	return findable(tx, words)
}

// findable writes the pairs of characters of each case's words.
func findable(tx *store.Tx, words map[string]string) error {
	var marks []string
	var args []any
	write := func() error {
		_, err := tx.Exec(`INSERT INTO case_grams (gram, case_id) VALUES `+strings.Join(marks, ", ")+` ON CONFLICT (gram, case_id) DO NOTHING`, args...)
		marks, args = marks[:0], args[:0]
		return err
	}
	for id, text := range words {
		args = append(args, id)
		of := len(args)
		for w := range strings.FieldsSeq(text) {
			r := []rune(w)
			for i := range len(r) - 1 {
				args = append(args, string(r[i:i+2]))
				marks = append(marks, fmt.Sprintf("($%d, $%d)", len(args), of))
			}
		}
		if len(args) > 4000 {
			if err := write(); err != nil {
				return err
			}
		}
	}
	if len(marks) == 0 {
		return nil
	}
	return write()
}
