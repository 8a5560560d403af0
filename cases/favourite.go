package cases

import (
	"slices"

	"cloudbm/catalog"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/web"
)

// Favourites lists the case types that by keeps at hand, in the order of the catalogue (S202).
func Favourites(tx *store.Tx, by permit.Actor) (out []*permit.Type, err error) {
	kept, err := favouritesOf(tx, by.Person)
	for _, t := range catalog.All {
		if slices.Contains(kept, t.Kind) {
			out = append(out, t)
		}
	}
	return out, err
}

// Favour keeps a case type at hand, or not any more.
func Favour(tx *store.Tx, by permit.Actor, kind string, keep bool) error {
	if !slices.ContainsFunc(catalog.All, func(t *permit.Type) bool { return t.Kind == kind }) {
		return fault.Of(fault.NotFound, "從清單選擇案件類別", "Choose a type of case from the list").To("看案件類別", "See the types", "/bls/cases/new")
	}
	if !keep {
		return dropFavourite(tx, by.Person, kind)
	}
	return keepFavourite(tx, by.Person, kind)
}

// Star is the ★ behind the way to a page of the case.
func Star(tx *store.Tx, by permit.Actor, c *Case) (*web.Star, error) {
	kept, err := favouritesOf(tx, by.Person)
	return &web.Star{On: slices.Contains(kept, c.Type.Kind), Action: "/bls/favourites", Of: c.Type.Kind, Name: c.Type.Name}, err
}
