package factors

import (
	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/web"
)

// ConfirmURL is the page on which somebody signed in proves again who they are.
const ConfirmURL = "/me/confirm"

var proveFirst = fault.Of(fault.SignIn, "先確認是您本人，再繼續：開啟或關閉登錄的方式前，要再驗證一次", "Confirm first that it is you: what opens or closes a way in asks for it").
	To("確認是您本人", "Confirm it is you", ConfirmURL)

// Proved refuses whoever has not proved within ten minutes who they are, and leads to the page where they do; for the
// verbs that open or close a way in.
func Proved(tx *store.Tx, by permit.Actor) error {
	if by.Person == permit.System.Person {
		return nil
	}
	fresh, err := accounts.Fresh(tx, by)
	if err == nil && !fresh {
		err = proveFirst
	}
	return err
}

var setUpFirst = fault.Of(fault.Forbidden, "先設定第二道驗證，才能辦理機關的工作", "Set up a second factor first; then you can do the authority's work").
	To("設定第二道驗證", "Set up a second factor", FactorsURL)

// AtWork lets in whoever has signed in, and leads an officer whose duties wait for a second factor to where it is set up:
// the first question of every door that then asks for a duty or for administration.
func AtWork(a permit.Actor) error {
	if err := web.SignedIn(a); err != nil {
		return err
	}
	if a.Waiting {
		return setUpFirst
	}
	return nil
}
