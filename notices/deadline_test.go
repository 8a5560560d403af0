package notices

import "testing"

func TestStagesOfAWarning(t *testing.T) {
	for _, c := range []struct {
		left int
		at   []int
		want bool
	}{{31, []int{30, 7, 1}, false}, {30, []int{30, 7, 1}, true}, {8, []int{30, 7, 1}, true}, {4, []int{3, 1}, false}, {0, []int{3, 1}, true}, {-1, nil, true}, {0, nil, false}} {
		if got := stage(c.left, c.at...); (got != "") != c.want {
			t.Errorf("%d days left of %v: %q", c.left, c.at, got)
		}
	}
	if stage(30, 30, 7, 1) == stage(7, 30, 7, 1) || stage(7, 30, 7, 1) == stage(1, 30, 7, 1) {
		t.Error("two stages are one, so the later warning would never be given")
	}
}
