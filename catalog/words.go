package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
)

// What the words of a declaration are called where people read it whole: the golden sheet, the picture, the schema.
var (
	kindWords = map[permit.Kind]say.Text{
		permit.Line: say.T("文字", "text"), permit.Lines: say.T("多行文字", "several lines"), permit.Name: say.T("姓名或名稱", "a name"),
		permit.Whole: say.T("整數", "a whole number"), permit.Decimal: say.T("數字", "a number"), permit.Money: say.T("金額", "an amount"),
		permit.Choice: say.T("單選", "one of a list"), permit.Several: say.T("複選", "any of a list"), permit.YesNo: say.T("是或否", "yes or no"),
		permit.Day: say.T("民國日期", "an ROC date, 111-02-18"), permit.PersonID: say.T("身分證字號或統一證號", "a national ID or resident number"),
		permit.CompanyID: say.T("統一編號", "a company number"), permit.AnyID: say.T("身分證字號或統一編號", "a national ID or company number"),
		permit.Phone: say.T("電話", "a telephone number"), permit.Mobile: say.T("行動電話", "a mobile number"), permit.Mail: say.T("電子郵件", "an e-mail address"),
		permit.Address: say.T("地址", "an address"), permit.Postcode: say.T("郵遞區號", "a postcode"),
		permit.Architects: say.T("開業證書字號", "an architect's practice licence"), permit.Certificate: say.T("建築師證號", "an architect's certificate"),
		permit.Engineers: say.T("執業執照字號", "an engineer's practice licence"), permit.PermitNo: say.T("內政部許可文號", "a permit number of the Ministry"),
		permit.Contractors: say.T("營造業登記證書字號", "a contractor's registration"), permit.Decorators: say.T("室內裝修登記證字號", "a decorator's registration"),
		permit.LicenceNo: say.T("執照字號", "a licence number"), permit.LandNo: say.T("地號", "a parcel number"), permit.Computed: say.T("系統計算", "worked out"),
	}
	partyWords = map[permit.Party]say.Text{
		permit.Owner: say.T("起造人（申請人）", "the owner or applicant"), permit.Designer: say.T("設計人", "the designer"), permit.Supervisor: say.T("監造人", "the supervisor"),
		permit.Builder: say.T("承造人", "the contractor"), permit.Certifier: say.T("簽證技師", "the certifying engineer"), permit.LandOwner: say.T("土地所有權人", "the land owner"),
		permit.Fitter: say.T("室內裝修業", "the decorator"), permit.Agent: say.T("受託人", "the agent"),
	}
	whoWords = map[permit.Who]say.Text{
		permit.Applicant: say.T("申請人", "the applicant"), permit.AtCounter: say.T("收件人員", "the counter"),
		permit.AtDesk: say.T("承辦人", "the officer"), permit.AtChiefsDesk: say.T("主管", "the chief"),
	}
	needWords = map[permit.Need]say.Text{
		permit.NeedForm: say.T("表單填妥", "the form complete"), permit.NeedAttachments: say.T("文件附齊", "the papers attached"),
		permit.NeedDrawings: say.T("圖說備齊", "the drawings there"), permit.NeedSeals: say.T("壓章完成", "everybody sealed"),
		permit.NeedAnswers: say.T("逐點答覆", "every point answered"), permit.NeedPoints: say.T("列出改正事項", "points listed"),
		permit.NeedChecklist: say.T("審查項目都已判定", "every check judged"),
	}
	baseWords = map[permit.Base]say.Text{
		permit.OnReceipt: say.T("收件日", "receipt"), permit.OnCorrection: say.T("第一次改正通知送達日", "the first correction notice"),
		permit.OnResubmit: say.T("補正送件日", "the resubmission"), permit.OnIssue: say.T("發照日", "the licence"),
	}
	effectWords = map[permit.Effect]say.Text{
		permit.Warn: say.T("逾期提醒承辦人", "the officer is warned"), permit.Flag: say.T("逾期標示，由人決定", "a human decides"),
	}
)
