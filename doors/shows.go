package doors

import (
	"context"

	"cloudbm/say"
	"cloudbm/web/parts"
)

// threeRight is the hint of the manual (S87), in its own punctuation.
const threeRight = "信箱.姓名.電話 三者無誤，送出申請 然後點確認，備用帳戶已完成申請"

// checkRows are the values of an application (S82–S86), each with the way to change it.
func checkRows(ctx context.Context, a Application) []parts.Row {
	row := func(name say.Text, value, field string) parts.Row {
		if value == "" {
			value = say.To(ctx, "未填", "Not given")
		}
		return parts.Row{Key: name, Value: value, ChangeURL: BackupURL + "#" + field}
	}
	return []parts.Row{
		row(say.T("電子郵件地址", "E-mail address"), a.Email, "email"), row(say.T("姓名", "Name"), a.Name, "name"), row(say.T("電話", "Telephone"), a.Phone, "phone"),
		row(say.T("組織", "Organisation"), a.Organisation, "organisation"), row(say.T("職稱/身分", "Title"), a.Title, "title"), row(say.T("用途說明", "What it is for"), a.Purpose, "purpose"),
	}
}
