package doors

import (
	"errors"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/permit"
	"cloudbm/store"
)

func cardSubject(tx *store.Tx, c HealthCard) (string, error) {
	return tx.Blind("health card " + c.Number)
}

// cardOwner is the person who bound the card; store.ErrNotFound if nobody did.
func cardOwner(tx *store.Tx, c HealthCard) (string, error) {
	subject, err := cardSubject(tx, c)
	if err != nil {
		return "", err
	}
	return ownerOf(tx, subject)
}

// BindCard makes the card a way in for by, instead of the one that was. Whoever binds has just proved who they are, and
// the card is in their name and nobody else's.
func BindCard(tx *store.Tx, by permit.Actor, c HealthCard) error {
	if err := factors.Proved(tx, by); err != nil {
		return err
	}
	p, err := accounts.Find(tx, by.Person)
	if err != nil {
		return err
	}
	if !sameName(c.Name, p.Name) {
		return &Trouble{Why: others}
	}
	subject, err := cardSubject(tx, c)
	if err != nil {
		return err
	}
	switch owner, err := ownerOf(tx, subject); {
	case err == nil && owner != by.Person:
		return &Trouble{Why: others}
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	if err := replaceCard(tx, subject, by.Person, c.Label()); err != nil {
		return err
	}
	return accounts.Note(tx, by, "door.bind", by.Person, string(accounts.Health)+" "+c.Label())
}

func boundCard(tx *store.Tx, person string) (string, error) {
	label, err := labelOf(tx, person)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return label, err
}
