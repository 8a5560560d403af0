package taiwan_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cloudbm/taiwan"
)

func TestPeriodVectors(t *testing.T) {
	cal := taiwan.National()
	for _, v := range []struct {
		from         string
		period       taiwan.Period
		last, rolled string
	}{
		{"2026-03-02", taiwan.Period{N: 10, Unit: taiwan.Days}, "2026-03-12", "2026-03-12"},
		{"2026-03-04", taiwan.Period{N: 10, Unit: taiwan.Days}, "2026-03-14", "2026-03-16"},
		{"2026-03-05", taiwan.Period{N: 10, Unit: taiwan.Days}, "2026-03-15", "2026-03-16"},
		{"2026-03-10", taiwan.Period{N: 6, Unit: taiwan.Months}, "2026-09-10", "2026-09-10"},
		{"2026-02-28", taiwan.Period{N: 6, Unit: taiwan.Months}, "2026-08-31", "2026-08-31"},
		{"2026-01-31", taiwan.Period{N: 6, Unit: taiwan.Months}, "2026-07-31", "2026-07-31"},
		{"2025-08-30", taiwan.Period{N: 6, Unit: taiwan.Months}, "2026-02-28", "2026-03-02"},
		{"2026-04-15", taiwan.Period{N: 6, Unit: taiwan.Months}, "2026-10-15", "2026-10-15"},
		{"2026-11-30", taiwan.Period{N: 3, Unit: taiwan.Months}, "2027-02-28", "2027-03-02"}, // 03-01 is a substitute holiday
		{"2024-02-29", taiwan.Period{N: 1, Unit: taiwan.Years}, "2025-02-28", "2025-03-03"},
		{"2026-03-05", taiwan.Period{N: 2, Unit: taiwan.Weeks}, "2026-03-19", "2026-03-19"},
		{"2026-02-13", taiwan.Period{N: 1, Unit: taiwan.WorkingDays}, "2026-02-23", "2026-02-23"}, // over the new year holidays
		{"2025-02-07", taiwan.Period{N: 1, Unit: taiwan.WorkingDays}, "2025-02-08", "2025-02-08"}, // a Saturday made up for
		{"2025-02-01", taiwan.Period{N: 7, Unit: taiwan.Days}, "2025-02-08", "2025-02-08"},
		{"2026-03-02", taiwan.Period{N: 0, Unit: taiwan.Days}, "2026-03-02", "2026-03-02"},
	} {
		from, err := taiwan.ParseDate(v.from)
		if err != nil {
			t.Fatal(err)
		}
		last, rolled := v.period.LastDay(from, cal)
		if last.ISO() != v.last || rolled.ISO() != v.rolled {
			t.Errorf("%s + %s: %s, %s; want %s, %s", v.from, v.period.Text(), last.ISO(), rolled.ISO(), v.last, v.rolled)
		}
	}
}

func TestPeriodsInWords(t *testing.T) {
	for p, want := range map[taiwan.Period]string{
		{N: 6, Unit: taiwan.Months}: "6 個月 / 6 months", {N: 1, Unit: taiwan.Years}: "1 年 / 1 year", {N: 10, Unit: taiwan.Days}: "10 日 / 10 days",
		{N: 1, Unit: taiwan.WorkingDays}: "1 個工作日 / 1 working day", {N: 2, Unit: taiwan.Weeks}: "2 週 / 2 weeks",
	} {
		if got := p.Text().Zh + " / " + p.Text().En; got != want {
			t.Errorf("%v: %s, want %s", p, got, want)
		}
	}
}

func TestSaturdayByTheLetter(t *testing.T) {
	ten := taiwan.Period{N: 10, Unit: taiwan.Days}
	from := taiwan.NewDate(2026, 3, 4)
	if end := ten.Deadline(from, taiwan.National()).End(); end.Format(time.RFC3339) != "2026-03-17T00:00:00+08:00" {
		t.Errorf("practice: %v", end)
	}
	literal := taiwan.National()
	literal.MondayForenoon = true
	if end := ten.Deadline(from, literal).End(); end.Format(time.RFC3339) != "2026-03-16T12:00:00+08:00" {
		t.Errorf("letter of the law: %v", end)
	}
	if end := ten.Deadline(from.AddDays(1), literal).End(); end.Format(time.RFC3339) != "2026-03-17T00:00:00+08:00" {
		t.Errorf("a Sunday has no forenoon rule: %v", end)
	}
}

// civil is a day counted without package time, for the oracle.
type civil struct{ y, m, d, wd int } // wd 0 = Sunday

func (c civil) last() int {
	switch {
	case c.m == 2 && (c.y%4 == 0 && c.y%100 != 0 || c.y%400 == 0):
		return 29
	case c.m == 2:
		return 28
	case c.m == 4 || c.m == 6 || c.m == 9 || c.m == 11:
		return 30
	}
	return 31
}

func (c civil) next() civil {
	c.wd = (c.wd + 1) % 7
	if c.d++; c.d > c.last() {
		c.d = 1
		if c.m++; c.m > 12 {
			c.m, c.y = 1, c.y+1
		}
	}
	return c
}

func (c civil) String() string { return fmt.Sprintf("%04d-%02d-%02d", c.y, c.m, c.d) }

// oracle walks day by day from the day of the event to the end of the period.
func oracle(from civil, n int, unit taiwan.Unit, works func(civil) bool) (last, rolled civil) {
	day := from.next() // the first day does not count
	switch unit {
	case taiwan.Days, taiwan.Weeks:
		if unit == taiwan.Weeks {
			n *= 7
		}
		for range n - 1 {
			day = day.next()
		}
	case taiwan.WorkingDays:
		for left := n; ; day = day.next() {
			if works(day) {
				if left--; left == 0 {
					break
				}
			}
		}
	case taiwan.Months, taiwan.Years:
		if unit == taiwan.Years {
			n *= 12
		}
		begin := day
		for gone := 0; ; day = day.next() {
			if day.d == 1 && day != begin {
				gone++
			}
			tomorrow := day.next()
			if begin.d == 1 && gone == n-1 && tomorrow.d == 1 {
				break // whole months end with the month
			}
			if begin.d != 1 && gone == n && (tomorrow.d == begin.d || tomorrow.d == 1) {
				break // the day before the corresponding one, or the end of a month without it
			}
		}
	}
	for rolled = day; !works(rolled); rolled = rolled.next() {
	}
	return day, rolled
}

func TestPeriodsEqualTheOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	start := civil{2023, 1, 1, 0} // a Sunday
	for round := range 20 {
		// A country of its own: days of rest and made-up working days anywhere in nine years.
		special := map[civil]bool{}
		var table strings.Builder
		all := []civil{start}
		for range 9 * 365 {
			day := all[len(all)-1].next()
			all = append(all, day)
			if random.IntN(12) == 0 {
				works := random.IntN(3) == 0
				special[day] = works
				fmt.Fprintf(&table, "%s,%s,試\n", day, map[bool]string{true: "上班", false: "放假"}[works])
			}
		}
		cal, err := taiwan.ReadCalendar(table.String())
		if err != nil {
			t.Fatal(err)
		}
		works := func(c civil) bool {
			if w, ok := special[c]; ok {
				return w
			}
			return c.wd != 0 && c.wd != 6
		}
		for range 5000 {
			from := all[random.IntN(3*365)]
			unit := []taiwan.Unit{taiwan.Days, taiwan.WorkingDays, taiwan.Weeks, taiwan.Months, taiwan.Years}[random.IntN(5)]
			n := 1 + random.IntN(map[taiwan.Unit]int{taiwan.Days: 90, taiwan.WorkingDays: 60, taiwan.Weeks: 12, taiwan.Months: 18, taiwan.Years: 3}[unit])
			wantLast, wantRolled := oracle(from, n, unit, works)
			last, rolled := taiwan.Period{N: n, Unit: unit}.LastDay(taiwan.NewDate(from.y, time.Month(from.m), from.d), cal)
			if last.ISO() != wantLast.String() || rolled.ISO() != wantRolled.String() {
				t.Fatalf("round %d: %v + %d %s = %s, %s; the oracle says %v, %v", round, from, n, unit, last.ISO(), rolled.ISO(), wantLast, wantRolled)
			}
		}
	}
}

func TestNationalCalendar(t *testing.T) {
	cal := taiwan.National()
	// The announced number of days of rest in the year, weekends included (113: 115, 114 as amended: 118, 115: 120).
	for year, want := range map[int]int{113: 115, 114: 118, 115: 120} {
		rest := 0
		for d := taiwan.NewDate(year+1911, 1, 1); d.ROCYear() == year; d = d.AddDays(1) {
			if !cal.IsWorkday(d) {
				rest++
			}
		}
		if loaded, announced := cal.Covers(year); rest != want || !loaded || !announced {
			t.Errorf("%d: %d days of rest, want %d; loaded %v, announced %v", year, rest, want, loaded, announced)
		}
	}
	if loaded, announced := cal.Covers(116); !loaded || announced {
		t.Error("116 is worked out, not announced")
	}
	if loaded, _ := cal.Covers(130); loaded {
		t.Error("130 is not loaded")
	}
	if got := cal.Reason(taiwan.NewDate(2025, 2, 8)); got != "補行上班（1月27日）" {
		t.Error(got)
	}
}

func TestCalendarsAreValues(t *testing.T) {
	national := taiwan.National()
	typhoon := taiwan.NewDate(2026, 7, 6)
	tainan := national.With(typhoon, false, "颱風停止上班")
	if !national.IsWorkday(typhoon) || tainan.IsWorkday(typhoon) || tainan.Reason(typhoon) != "颱風停止上班" {
		t.Error("a typhoon in one city changed the country")
	}
	if taiwan.National().With(typhoon, false, "").IsWorkday(typhoon) || !taiwan.National().IsWorkday(typhoon) {
		t.Error("National is shared")
	}
	var weekends taiwan.Calendar
	if weekends.IsWorkday(taiwan.NewDate(2026, 7, 5)) || !weekends.With(taiwan.NewDate(2026, 7, 5), true, "").IsWorkday(taiwan.NewDate(2026, 7, 5)) {
		t.Error("the zero calendar does not know weekends")
	}
}

func TestReadCalendar(t *testing.T) {
	open, err := taiwan.ReadCalendar("\uFEFF西元日期,星期,是否放假,備註\r\n20250207,五,0,\r\n20250208,六,0,補行上班\r\n20250228,五,2,和平紀念日\r\n")
	if err != nil || !open.IsWorkday(taiwan.NewDate(2025, 2, 8)) || open.IsWorkday(taiwan.NewDate(2025, 2, 28)) || open.Reason(taiwan.NewDate(2025, 2, 28)) != "和平紀念日" {
		t.Errorf("the open data were not read: %v", err)
	}
	if loaded, announced := open.Covers(114); !loaded || !announced {
		t.Error("the open data do not cover their year")
	}
	for _, bad := range []string{"x", "114-02-30,放假,x", "114-02-08,休息,x", "年,甲,公告", "年,114,大概", "114-02-08"} {
		_, err := taiwan.ReadCalendar("# ok\n" + bad)
		if err == nil {
			t.Errorf("%q passed", bad)
			continue
		}
		refusal(t, bad, err)
		if !strings.Contains(err.Error(), "第 2 行") {
			t.Errorf("%q: the line is not named: %v", bad, err)
		}
	}
}
