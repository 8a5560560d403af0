package cases

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// DefaultSerial reads 111A10134 as ROC year, form family and a serial of four digits (domain §2.6, reading 1).
const DefaultSerial = "{roc:3}{family:2}{serial:4}"

// nextSerial allots the 案件序號 inside tx: unique within authority, ROC year and family, never given twice. The year
// turns at midnight in Taipei; past 9999 the number grows a digit.
func nextSerial(tx *store.Tx, authority string, t *permit.Type) (string, error) {
	year := taiwan.DateOf(tx.Now).ROCYear()
	n, err := countSerial(tx, authority, year, t.Family)
	if err != nil {
		return "", err
	}
	template, ok, err := roles.Setting(tx, authority, "case_serial_template", tx.Now)
	if err != nil {
		return "", err
	}
	if !ok || template == "" {
		template = DefaultSerial
	}
	return Number(template, year, t.Family, n), nil
}

var slot = regexp.MustCompile(`\{(\w+)(?::(\d+))?\}`)

// Number fills a template such as {roc:3}{family:2}{serial:4}: the ROC year, the form family and a running number, each
// padded with zeros to its width.
func Number(template string, year int, family string, n int64) string {
	return slot.ReplaceAllStringFunc(template, func(s string) string {
		m := slot.FindStringSubmatch(s)
		width, _ := strconv.Atoi(m[2])
		switch m[1] {
		case "roc":
			return fmt.Sprintf("%0*d", width, year)
		case "family":
			return strings.ToUpper(family)
		case "serial":
			return fmt.Sprintf("%0*d", width, n)
		}
		return s
	})
}
