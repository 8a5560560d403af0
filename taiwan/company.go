package taiwan

import "strings"

// CompanyID is the 統一編號 of a firm or body in s: eight digits whose check holds under the rule in force since
// 2023-04-01 (sum divisible by 5; every older number passes too). Eight equal digits are refused although 00000000
// passes the arithmetic.
func CompanyID(s string) (string, error) {
	id := without(plain(s), " -.:"+brackets)
	switch {
	case id == "":
		return "", refuse("輸入統一編號，共 8 個數字", "Enter the company number, eight digits")
	case len(id) != 8 || !digitsOnly.MatchString(id):
		return "", refuse("輸入 8 個數字的統一編號，例如 90010009", "Enter the eight digits of the company number, for example 90010009")
	case strings.Count(id, id[:1]) == 8:
		return "", refuse("輸入登記的統一編號，8 個數字不會全部相同", "Enter the registered company number: its eight digits are not all the same")
	case !companyCheck(id):
		return "", refuse("核對每一碼：檢查碼不符，可能打錯一碼", "Compare each digit: the check digit differs, one may be mistyped")
	}
	return id, nil
}

// companyCheck adds the digits of each weighted digit. A 7 in the seventh place gives 28, then 10, which may count as 1
// or 0, so the sum may also be one short.
func companyCheck(id string) bool {
	sum := 0
	for i, weight := range []int{1, 2, 1, 2, 1, 2, 4, 1} {
		p := int(id[i]-'0') * weight
		sum += p/10 + p%10
	}
	return sum%5 == 0 || id[6] == '7' && (sum+1)%5 == 0
}
