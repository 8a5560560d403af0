package say

import (
	"context"
	"testing"
)

func TestATextSpeaksTheLanguageOfItsPage(t *testing.T) {
	ctx := With(context.Background(), En)
	hello := F("%s 有 %d 件", "%s has %d cases", T("承辦人", "The officer"), 3)
	if got := hello.Here(ctx); got != "The officer has 3 cases" {
		t.Error(got)
	}
	if got := hello.Here(context.Background()); got != "承辦人 有 3 件" {
		t.Error(got)
	}
	if got := T("南市建開證", "").In(En); got != "南市建開證" {
		t.Errorf("a legal name without English reads %q", got)
	}
	if To(ctx, "是", "Yes") != "Yes" || !(Text{}).Empty() || Same("A1").En != "A1" {
		t.Error("the small words")
	}
}
