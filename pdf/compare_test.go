package pdf

import (
	"context"
	"slices"
	"testing"
)

func TestCompareDrawings(t *testing.T) {
	e, ctx, d := engine(t), context.Background(), drawings(t)
	was, is := PageRef{d["first-floor-existing.pdf"], 1}, PageRef{d["first-floor-proposed.pdf"], 1}
	same, err := e.Compare(ctx, was, was)
	if err != nil || !same.Same || len(same.Regions) != 0 {
		t.Fatalf("with itself: %v %v", same.Regions, err)
	}
	if got := same.Say().En; got != "Both versions of the sheet look the same" {
		t.Error(got)
	}
	diff, err := e.Compare(ctx, was, is)
	if err != nil || diff.Same || len(diff.Regions) == 0 {
		t.Fatalf("existing and proposed: %v %v", diff.Regions, err)
	}
	for _, r := range diff.Regions {
		if r.X < 0 || r.Y < 0 || r.X+r.W > 1+1e-9 || r.Y+r.H > 1+1e-9 || r.Grid == "" {
			t.Errorf("%+v", r)
		}
	}
	red, blue := 0, 0
	img := picture(t, diff.PNG)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			switch r, _, b, _ := img.At(x, y).RGBA(); {
			case r > b+0x3000:
				red++
			case b > r+0x3000:
				blue++
			}
		}
	}
	if red < 500 || blue < 500 {
		t.Errorf("%d pixels of what was, %d of what is", red, blue)
	}
}

// One wall more is found where it was drawn, and nowhere else.
func TestCompareRevisions(t *testing.T) {
	e, ctx := engine(t), context.Background()
	spec := SheetSpec{Number: "A1-01", Title: "一層平面圖", Case: "111A10134", Seed: 7, Paper: "A3", Segments: 300}
	first := sheet(t, spec)
	spec.Revision = 1
	second := sheet(t, spec)
	d, err := e.Compare(ctx, PageRef{first, 1}, PageRef{second, 1})
	if err != nil {
		t.Fatal(err)
	}
	if d.Same || len(d.Regions) < 2 || len(d.Regions) > 6 {
		t.Fatalf("regions %+v", d.Regions)
	}
	if !slices.ContainsFunc(d.Regions, func(r Region) bool { return r.X > 0.7 && r.Y > 0.8 }) {
		t.Errorf("the revision in the title block is not among %+v", d.Regions)
	}
	back, err := e.Compare(ctx, PageRef{second, 1}, PageRef{first, 1})
	if err != nil || len(back.Regions) != len(d.Regions) {
		t.Errorf("the other way round: %+v %v", back.Regions, err)
	}
}

func TestDiffInWords(t *testing.T) {
	d := Diff{Regions: []Region{{Grid: "B4"}, {Grid: "C4"}, {Grid: "F7"}}}
	if got := d.Say(); got.En != "3 regions changed: B4, C4, F7" || got.Zh != "3 處不同：B4、C4、F7" {
		t.Errorf("%+v", got)
	}
	d.Regions = d.Regions[:1]
	if got := d.Say(); got.En != "1 region changed: B4" {
		t.Errorf("%+v", got)
	}
}

func TestZones(t *testing.T) {
	for _, c := range []struct {
		r     Region
		lying bool
		want  string
	}{
		{Region{X: 0.4, Y: 0.2, W: 0.05, H: 0.05}, true, "B4"},
		{Region{X: 0, Y: 0, W: 1, H: 1}, true, "A1–F8"},
		{Region{X: 0, Y: 0, W: 1, H: 1}, false, "A1–H6"},
		{Region{X: 0.99, Y: 0.99, W: 0.01, H: 0.01}, true, "F8"},
	} {
		if got := zone(c.r, c.lying); got != c.want {
			t.Errorf("%+v: %s, want %s", c.r, got, c.want)
		}
	}
}
