package taiwan

import (
	"time"

	"cloudbm/say"
)

// Unit is what a period is counted in.
type Unit string

// The units. A period in days counts every day; one in working days only those on which offices work.
const (
	Days        Unit = "days"
	WorkingDays Unit = "working days"
	Weeks       Unit = "weeks"
	Months      Unit = "months"
	Years       Unit = "years"
)

// Period is a length of time set by law, such as the six months of 建築法 §36.
type Period struct {
	N    int // 1 or more; 0 and less end on the day they begin
	Unit Unit
}

// Deadline is the end of a period.
type Deadline struct {
	Last     Date // the last day as counted
	Due      Date // the day it ends on after rest days are passed over
	Forenoon bool // it ends at noon of Due (Calendar.MondayForenoon)
}

// End is the first instant after the period.
func (d Deadline) End() time.Time {
	if d.Forenoon {
		return d.Due.Time().Add(12 * time.Hour)
	}
	return d.Due.AddDays(1).Time()
}

// LastDay counts the period from the day of the event after 行政程序法 §48 and gives the last day as counted and the day
// it rolls over to when offices rest on the last day. It is not for periods of penalties (§48 V), which do not roll over.
func (p Period) LastDay(from Date, cal Calendar) (last, rolled Date) {
	d := p.Deadline(from, cal)
	return d.Last, d.Due
}

// Deadline is LastDay with the time of day at which it ends.
func (p Period) Deadline(from Date, cal Calendar) Deadline {
	last := p.count(from, cal)
	due := cal.NextWorkday(last)
	saturday := last.Weekday() == time.Saturday && due != last
	return Deadline{Last: last, Due: due, Forenoon: cal.MondayForenoon && saturday && due.Weekday() == time.Monday && last.DaysUntil(due) == 2}
}

// count is the last day of the period. The first day does not count (§48 II). A period in months or years that begins on
// the first of a month ends with its last month; any other ends on the day before the corresponding day, and where that
// day does not exist, on the last of the month (§48 III).
func (p Period) count(from Date, cal Calendar) Date {
	if p.N <= 0 {
		return from
	}
	switch p.Unit {
	case WorkingDays:
		d := from
		for n := p.N; n > 0; {
			if d = d.AddDays(1); cal.IsWorkday(d) {
				n--
			}
		}
		return d
	case Weeks:
		return from.AddDays(7 * p.N)
	case Months, Years:
		months := p.N
		if p.Unit == Years {
			months *= 12
		}
		begin := from.AddDays(1)
		end := NewDate(begin.year, begin.month+time.Month(months), 1)
		if begin.day > daysIn(end.year, end.month) {
			return NewDate(end.year, end.month+1, 0)
		}
		return NewDate(end.year, end.month, begin.day-1)
	}
	return from.AddDays(p.N)
}

// Text names the period: 6 個月, 6 months.
func (p Period) Text() say.Text {
	zh := map[Unit]string{Days: "日", WorkingDays: "個工作日", Weeks: "週", Months: "個月", Years: "年"}[p.Unit]
	en := string(p.Unit)
	if p.N == 1 {
		en = en[:len(en)-1]
	}
	return say.F("%d %s", "%d %s", p.N, say.T(zh, en))
}

// weekdayIn is the weekday of d as a sentence needs it: 五 behind 星期, Friday.
func weekdayIn(d Date) say.Text { return say.T(weekdayNames[d.Weekday()], d.Weekday().String()) }
