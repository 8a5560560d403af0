package fault

import (
	"errors"
	"fmt"
	"testing"

	"cloudbm/say"
)

func TestAFaultIsFoundInsideOtherErrors(t *testing.T) {
	err := fmt.Errorf("cases: open: %w", Of(Forbidden, "不能開立", "Cannot be opened").To("看原因", "See why", "/bls/rights"))
	f, ok := As(err)
	if !ok || f.Way.URL != "/bls/rights" || !Is(err, Forbidden) || Is(err, Conflict) {
		t.Fatalf("%v", err)
	}
	if _, ok := As(errors.New("disk")); ok {
		t.Error("an error of ours became a sentence for a person")
	}
}

func TestAFormGathersWhatIsWrong(t *testing.T) {
	var g Form
	if g.Err() != nil || !g.OK() {
		t.Fatal("a form with nothing wrong refuses")
	}
	g.Add("a", nil)
	g.Add("b", Bad("elsewhere", "填寫姓名", "Enter the name"))
	g.Bad("c", "選擇類別", "Choose the kind")
	f, ok := As(g.Err())
	if !ok || f.Kind != Invalid || len(f.Places) != 2 || f.Places[0] != (Place{"b", say.T("填寫姓名", "Enter the name")}) {
		t.Fatalf("%+v", f)
	}
}
