package deeds

import (
	"context"

	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

// rows are what stands in the certificate, and when it signed.
func (s Shown) rows(ctx context.Context) []parts.Row {
	rows := []parts.Row{
		{Key: say.T("憑證持有者", "Holder of the certificate"), Value: s.By.Name}, {Key: say.T("憑證序號", "Serial number"), Value: s.By.Serial},
		{Key: say.T("簽發憑證的機關", "Issued by"), Value: s.By.Issuer},
	}
	if !s.IsSigned() {
		return rows
	}
	rows = append(rows, parts.Row{Key: say.T("簽章時間", "Signed"), Value: taiwan.Stamp(s.Signed)})
	stamp := say.T("沒有（簽章時間是系統的時間）", "None; the time is the system's")
	if !s.Stamped.IsZero() {
		stamp = say.F("%s（RFC 3161）", "%s (RFC 3161)", taiwan.Stamp(s.Stamped))
	}
	return append(rows, parts.Row{Key: say.T("時戳", "Time stamp"), Value: stamp.Here(ctx)})
}
