package taiwan

import (
	_ "embed"
	"maps"
	"strconv"
	"strings"
	"time"
)

// Calendar tells the working days of an office. Saturdays and Sundays are rest days unless a table says otherwise. The
// zero Calendar knows weekends only. A Calendar is a value: With and Merge leave the one they start from as it was.
type Calendar struct {
	days  map[Date]dayNote
	years map[int]bool // ROC year → announced

	// MondayForenoon takes 行政程序法 §48 by the letter: a period that ends on a Saturday ends on the following Monday at
	// noon. Without it such a period has the whole next working day, which is the practice since Saturday is a rest day.
	MondayForenoon bool
}

type dayNote struct {
	work   bool
	reason string
}

//go:embed calendar.csv
var nationalTable string

var national = must(ReadCalendar(nationalTable))

func must(c Calendar, err error) Calendar {
	if err != nil {
		panic("taiwan: calendar.csv: " + err.Error())
	}
	return c
}

// National is the office calendar of the central government for the years this package carries (see Covers), a copy the
// caller may change.
func National() Calendar { return national.Merge(Calendar{}) }

// ReadCalendar reads a table of days. Two kinds of line are taken, and may be mixed:
//
//	114-02-08,上班,補行上班        date in any spelling, 放假 or 上班, reason; year lines 年,114,公告|推算; # begins a comment
//	20250208,六,0,補行上班日        the open data of 行政院人事行政總處: 2 rest, 0 work, one line for every day of a year
func ReadCalendar(table string) (Calendar, error) {
	c := Calendar{days: map[Date]dayNote{}, years: map[int]bool{}}
	for i, line := range strings.Split(strings.TrimPrefix(table, "\uFEFF"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "西元日期") {
			continue
		}
		if !c.read(strings.Split(line, ",")) {
			return Calendar{}, refuse("改第 %d 行，例如 114-02-08,上班,補行上班", "Change line %d, for example 114-02-08,上班,補行上班", i+1)
		}
	}
	return c, nil
}

// read takes one line of a table and reports whether it was understood.
func (c Calendar) read(f []string) bool {
	for i := range f {
		f[i] = strings.Trim(f[i], "\" \t")
	}
	if len(f) < 2 {
		return false
	}
	if f[0] == "年" {
		year, err := strconv.Atoi(f[1])
		c.years[year] = len(f) > 2 && f[2] == "公告"
		return err == nil && len(f) > 2 && (f[2] == "公告" || f[2] == "推算")
	}
	d, err := ParseDate(f[0])
	if err != nil {
		return false
	}
	flag, reason := f[1], strings.Join(f[2:], ",")
	if len(f) >= 3 && (f[2] == "0" || f[2] == "2") {
		flag, reason = map[string]string{"0": "上班", "2": "放假"}[f[2]], strings.Join(f[3:], ",")
		c.years[d.ROCYear()] = true
	}
	if flag != "上班" && flag != "放假" {
		return false
	}
	c.days[d] = dayNote{work: flag == "上班", reason: reason}
	return true
}

// Merge is c with the days of other on top: an authority's own days (a typhoon) over the national table.
func (c Calendar) Merge(other Calendar) Calendar {
	merged := Calendar{days: maps.Clone(c.days), years: maps.Clone(c.years), MondayForenoon: c.MondayForenoon || other.MondayForenoon}
	if merged.days == nil {
		merged.days, merged.years = map[Date]dayNote{}, map[int]bool{}
	}
	maps.Copy(merged.days, other.days)
	maps.Copy(merged.years, other.years)
	return merged
}

// With is c with one day set: a working day or a day of rest, and why.
func (c Calendar) With(d Date, work bool, reason string) Calendar {
	return c.Merge(Calendar{days: map[Date]dayNote{d: {work, reason}}})
}

// Covers reports whether a table for the ROC year is loaded, and whether it is the announced one. A deadline that ends in
// a year that is not covered is right only as far as weekends go.
func (c Calendar) Covers(rocYear int) (loaded, announced bool) {
	announced, loaded = c.years[rocYear]
	return loaded, announced
}

// IsWorkday reports whether offices work on d.
func (c Calendar) IsWorkday(d Date) bool {
	if note, listed := c.days[d]; listed {
		return note.work
	}
	return !weekend(d)
}

// Reason is why d is not an ordinary day: 和平紀念日, 補行上班; "" for an ordinary one.
func (c Calendar) Reason(d Date) string { return c.days[d].reason }

// NextWorkday is d if offices work on it, else the first working day after it.
func (c Calendar) NextWorkday(d Date) Date {
	for !c.IsWorkday(d) {
		d = d.AddDays(1)
	}
	return d
}

func weekend(d Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}
