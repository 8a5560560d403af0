package taiwan_test

import (
	"fmt"
	"time"

	"cloudbm/fault"
	"cloudbm/taiwan"
)

func ExampleParseArchitectLicence() {
	for _, line := range []string{"開業證字號 南市建開證 字第 Ｔ 123456 之 01 號", "t12345601"} {
		l, err := taiwan.ParseArchitectLicence(line)
		fmt.Printf("%s|%s|%s|%s %s %v\n", l.Word, l.Letter, l.Number, l.Branch, l, err)
	}
	// Output:
	// 南市建開證|T|123456|01 南市建開證字第T123456-01號 <nil>
	// |T|123456|01 T123456-01 <nil>
}

func ExampleArchitectLicence_Warnings() {
	l, _ := taiwan.ParseArchitectLicence("南市建開證字第M123456號")
	fmt.Println(l.Warnings()[0].Zh)
	fmt.Println(l.Warnings()[0].En)
	// Output:
	// 核對證號：「南市建開證」是臺南市的字，M 是臺中市的代號
	// Compare the number: 「南市建開證」 belongs to Tainan City, the letter M to Taichung City
}

func ExamplePersonID() {
	id, _ := taiwan.PersonID("ｄ123-000-011")
	fmt.Println(id, taiwan.MaskID(id))
	_, err := taiwan.PersonID("D123000012")
	f, _ := fault.As(err)
	fmt.Println(f.Message.Zh)
	fmt.Println(f.Message.En)
	// Output:
	// D123000011 D12*****11
	// 核對每一碼：檢查碼不符，可能打錯一碼
	// Compare each character: the check digit differs, one may be mistyped
}

func ExamplePhone() {
	land, _ := taiwan.Phone("（06）632-2231 轉 6390")
	mobile, _ := taiwan.Phone("+886 911 123 456")
	fmt.Println(land, mobile)
	// Output: 06-6322231#6390 0911123456
}

func ExampleParseDate() {
	for _, s := range []string{"111-02-18", "1110218", "民國111年2月18日", "2022/2/18"} {
		d, _ := taiwan.ParseDate(s)
		fmt.Println(d.ISO(), d.ROC(), d.Long(), d.Compact())
	}
	// Output:
	// 2022-02-18 111-02-18 111年2月18日 1110218
	// 2022-02-18 111-02-18 111年2月18日 1110218
	// 2022-02-18 111-02-18 111年2月18日 1110218
	// 2022-02-18 111-02-18 111年2月18日 1110218
}

func ExamplePeriod_LastDay() {
	received, _ := taiwan.ParseDate("114-08-30")
	last, rolled := taiwan.Period{N: 6, Unit: taiwan.Months}.LastDay(received, taiwan.National())
	fmt.Println(last.ROC(), rolled.ROC(), rolled.Weekday())
	// Output: 115-02-28 115-03-02 Monday
}

func ExampleCalendar_With() {
	typhoon, _ := taiwan.ParseDate("115-07-06")
	tainan := taiwan.National().With(typhoon, false, "颱風停止上班")
	_, due := taiwan.Period{N: 5, Unit: taiwan.Days}.LastDay(typhoon.AddDays(-5), tainan)
	fmt.Println(due.ROC(), tainan.Reason(typhoon))
	// Output: 115-07-07 颱風停止上班
}

func ExampleStamp() {
	t := time.Date(2022, 4, 4, 12, 34, 9, 0, time.UTC)
	fmt.Println(taiwan.Stamp(t))
	fmt.Println(taiwan.ROCStamp(t))
	// Output:
	// 2022/04/04 20:34:09
	// 111年4月4日 20時34分09秒
}

func ExampleParseLandNumber() {
	l, _ := taiwan.ParseLandNumber("８７５之１地號")
	fmt.Println(l, l.Label(), l.Code())
	// Output: 875-1 875-1地號 08750001
}

func ExampleNormalizeAddress() {
	fmt.Println(taiwan.NormalizeAddress("台南市東區 測試路１段１２號之３"))
	// Output: 臺南市東區測試路一段12之3號
}

func ExampleToTWD97() {
	e, n := taiwan.ToTWD97(22.9917, 120.1851, taiwan.Zone121)
	fmt.Printf("%.3f %.3f %v\n", e, n, taiwan.NearTainan(e, n))
	// Output: 166455.663 2543596.112 true
}

func ExampleDistrictBy() {
	d, _ := taiwan.DistrictBy("708")
	fmt.Println(d.Name, d.Text().En, d.Code, d.LandOffice().Name)
	// Output: 安平區 Anping District 67000360 臺南地政事務所
}
