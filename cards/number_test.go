package cards_test

import (
	"regexp"
	"testing"

	"cloudbm/cards"
)

// TestNumber: S146, numbers as people type them.
func TestNumber(t *testing.T) {
	for _, row := range []struct{ typed, want string }{
		{"TP01000000000011", "TP01000000000011"}, {"", ""}, {"　 ", ""},
		{" tp0100 0000 0000 11 ", "TP01000000000011"}, {"tp-01000000-000011", "TP01000000000011"}, {"TP01\u200b000000000011", "TP01000000000011"},
		{"ＴＰ０１００００００００００１１", "TP01000000000011"}, {"ｔｐ０１　００００　００００　００１１", "TP01000000000011"},
		{"TPO1OOOOOOOOOOII", "TP01000000000011"}, {"tpo1oooooooooo1l", "TP01000000000011"}, {"M001000090010009", "MO01000090010009"},
		{"MO01000090010009", "MO01000090010009"}, {"TP0100000000001122", "TP0100000000001122"}, {"TP01ABCDEF000011", "TP01ABCDEF000011"},
	} {
		if got, err := (cards.Numbers{}).Read(row.typed); err != nil || got != row.want {
			t.Errorf("%q: %q %v", row.typed, got, err)
		}
	}
	for _, row := range []struct{ typed, says string }{
		{"01020304", "兩個英文字母"}, {"TP", "兩個英文字母"}, {"憑證序號", "兩個英文字母"}, {"TP010000000000011", "14 或 16 個"},
		{"TP01000000000011000000", "兩個英文字母"}, {"TP0100000000001；", "兩個英文字母"}, {"A123000014", "兩個英文字母"}, {"<script>", "兩個英文字母"},
		{"3A5F00C19B2D4E6F8A7B6C5D4E3F2A1B", "這看起來是憑證本身的序號"}, {"3a:5f:00:c1:9b:2d:4e:6f:8a:7b", "這看起來是憑證本身的序號"},
		{"3a 5f 00 c1 9b 2d 4e 6f 8a 7b", "這看起來是憑證本身的序號"}, {"0x3A5F00C19B2D4E6F8A7B", "這看起來是憑證本身的序號"},
		{"ＡＢ：５Ｆ：００：Ｃ１：９Ｂ：２Ｄ：４Ｅ：６Ｆ", "這看起來是憑證本身的序號"}, {"77590135284690371234567890123456789", "這看起來是憑證本身的序號"},
	} {
		_, err := (cards.Numbers{}).Read(row.typed)
		said(t, err, row.says)
	}
}

// TestNumberByConfiguration: how numbers look is not ours to know.
func TestNumberByConfiguration(t *testing.T) {
	n := cards.Numbers{Pattern: regexp.MustCompile(`^(?:[A-Z]{3}[0-9]{6})$`)}
	if got, err := n.Read("abc 123 456"); err != nil || got != "ABC123456" {
		t.Errorf("%q %v", got, err)
	}
	_, err := n.Read("TP01000000000011")
	said(t, err, "英文字母和數字都要，一個也不能少")
}
