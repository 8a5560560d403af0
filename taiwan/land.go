package taiwan

import (
	"fmt"
	"regexp"
	"strconv"
)

// LandNumber is the number of a parcel within its section (地號): 123-4, main number 123 (母號), sub-number 4 (子號).
type LandNumber struct{ Main, Sub int }

var (
	landLabel   = regexp.MustCompile(`^地號:?|(?:地號|號)$`)
	landParts   = regexp.MustCompile(`^([0-9]{1,4})(?:[\-之]([0-9]{1,4}))?$`)
	buildLabel  = regexp.MustCompile(`^建號:?|(?:建號|號)$`)
	buildParts  = regexp.MustCompile(`^([0-9]{1,5})(?:[\-之]([0-9]{1,3}))?$`)
	eightDigits = regexp.MustCompile(`^[0-9]{8}$`)
)

// ParseLandNumber reads 「875-1」, 「875之1地號」 or the eight digits 08750001 of the land register.
func ParseLandNumber(s string) (LandNumber, error) {
	main, sub, ok := twoParts(s, landLabel, landParts, 4)
	if !ok {
		return LandNumber{}, refuse("輸入地號，例如 875 或 875-1", "Enter the land number, for example 875 or 875-1")
	}
	return LandNumber{main, sub}, nil
}

// twoParts reads a main number and a sub-number, apart or as eight digits of which the first n are the main one. The main
// number is at least 1.
func twoParts(s string, label, parts *regexp.Regexp, n int) (main, sub int, ok bool) {
	t := without(plain(s), " "+brackets)
	t = label.ReplaceAllString(t, "")
	m := parts.FindStringSubmatch(t)
	if eightDigits.MatchString(t) {
		m = []string{t, t[:n], t[n:]}
	}
	if m == nil {
		return 0, 0, false
	}
	main, _ = strconv.Atoi(m[1])
	sub, _ = strconv.Atoi(m[2])
	return main, sub, main >= 1
}

// String is 875-1, or 875 for a parcel that was never divided.
func (l LandNumber) String() string { return joinParts(l.Main, l.Sub) }

// Label is 875-1地號, as documents write it.
func (l LandNumber) Label() string { return l.String() + "地號" }

// Code is the eight digits of the land register: 08750001.
func (l LandNumber) Code() string { return fmt.Sprintf("%04d%04d", l.Main, l.Sub) }

func joinParts(main, sub int) string {
	if sub == 0 {
		return strconv.Itoa(main)
	}
	return fmt.Sprintf("%d-%d", main, sub)
}

// BuildingNumber is the number of a building within its section (建號), main number of five digits, sub-number of three.
type BuildingNumber struct{ Main, Sub int }

// ParseBuildingNumber reads 「123」, 「123-4建號」 or the eight digits 00123004.
func ParseBuildingNumber(s string) (BuildingNumber, error) {
	main, sub, ok := twoParts(s, buildLabel, buildParts, 5)
	if !ok {
		return BuildingNumber{}, refuse("輸入建號，例如 123 或 123-4", "Enter the building number, for example 123 or 123-4")
	}
	return BuildingNumber{main, sub}, nil
}

// String is 123-4, Label 123-4建號, Code the eight digits of the register: 00123004.
func (b BuildingNumber) String() string { return joinParts(b.Main, b.Sub) }

// Label is the number with 建號 behind it.
func (b BuildingNumber) Label() string { return b.String() + "建號" }

// Code is the eight digits of the register.
func (b BuildingNumber) Code() string { return fmt.Sprintf("%05d%03d", b.Main, b.Sub) }

// Parcel is one piece of land in the whole country. The section's name does not identify it: 建業段 0003 lies in two
// districts of 臺南市, so the district belongs to the key.
type Parcel struct {
	District string // code of the Ministry of the Interior: 67000320
	Section  string // four digits
	Number   LandNumber
}

// Key identifies the parcel: 67000320-0002-90010000.
func (p Parcel) Key() string { return p.District + "-" + p.Section + "-" + p.Number.Code() }

// SectionCode is the code of a section (段代碼) in s, four digits, shorter ones filled with zeros.
func SectionCode(s string) (string, error) {
	t := without(plain(s), " ")
	n, err := strconv.Atoi(t)
	if err != nil || !digitsOnly.MatchString(t) || len(t) > 4 || n == 0 {
		return "", refuse("輸入段代碼，4 個數字，例如 0002", "Enter the section code, four digits, for example 0002")
	}
	return fmt.Sprintf("%04d", n), nil
}
