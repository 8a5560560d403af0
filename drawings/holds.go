package drawings

import (
	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Holds tells what still keeps the drawings and the papers of a case from being submitted, given its answers: required
// classes without a sheet, files that are being looked at, are doubtful or were refused, required papers that are
// missing. Reminders of the inspection are soft.
func Holds(tx *store.Tx, c *cases.Case, a permit.Answers) (drawings, attachments []permit.Hold, err error) {
	sheets, err := Current(tx, c)
	if err != nil {
		return nil, nil, err
	}
	papers, err := Papers(tx, c)
	if err != nil {
		return nil, nil, err
	}
	came, err := Arrivals(tx, c)
	if err != nil {
		return nil, nil, err
	}
	drawings = append(sheetHolds(c, a, sheets), arrivalHolds(came, "", permit.NeedDrawings, "drawings")...)
	attachments = paperHolds(c, a, papers, came)
	return drawings, attachments, nil
}

func sheetHolds(c *cases.Case, a permit.Answers, sheets []Sheet) []permit.Hold {
	var out []permit.Hold
	have := map[string]int{}
	for _, s := range sheets {
		have[s.Class]++
	}
	for _, d := range c.Type.DrawingsAsked(a) {
		if have[d.Class] == 0 {
			out = append(out, permit.Hold{Need: permit.NeedDrawings, URL: "drawings#class-" + d.Class,
				Text: say.F("上傳%s（類別 %s）", "Upload: %s (class %s)", d.Name, d.Class)})
		}
	}
	for _, s := range sheets {
		for _, p := range s.Current().Report.Reminders() {
			out = append(out, permit.Hold{Need: permit.NeedDrawings, URL: "drawings/" + s.ID, Soft: true,
				Text: say.F("%s：%s", "%s: %s", s.Number, p.Text)})
		}
	}
	return out
}

// arrivalHolds counts what has arrived for the drawings, or for one attachment, and is not filed.
func arrivalHolds(came []Arrival, code string, need permit.Need, at string) []permit.Hold {
	var waiting, unsure, refused int
	for _, a := range came {
		if a.Code != code {
			continue
		}
		switch a.State {
		case Waiting:
			waiting++
		case Unsure:
			unsure++
		case Refused:
			refused++
		}
	}
	var out []permit.Hold
	add := func(n int, zh, en, url string) {
		if n > 0 {
			out = append(out, permit.Hold{Need: need, Text: say.F(zh, en, n), URL: url})
		}
	}
	add(unsure, "填寫 %d 頁的圖號與圖名", "Enter number and title of %d pages", "drawings/map")
	add(waiting, "等候 %d 個檔案檢查完成", "Wait until %d files have been checked", at)
	add(refused, "處理 %d 個沒有收下的檔案：重新上傳，或從清單移除", "See to %d files that were not taken: upload them again, or take them off the list", at)
	return out
}

func paperHolds(c *cases.Case, a permit.Answers, papers []Paper, came []Arrival) []permit.Hold {
	var out []permit.Hold
	have, asked := map[string]bool{}, map[string]bool{}
	for _, p := range papers {
		have[p.Code] = true
	}
	for _, x := range c.Type.AttachmentsAsked(a) {
		asked[x.Code] = true
		at := "attachments#" + x.Code
		pending := arrivalHolds(came, x.Code, permit.NeedAttachments, at)
		for _, h := range pending {
			h.Text = say.F("%s：%s", "%s: %s", x.Name, h.Text)
			out = append(out, h)
		}
		if x.Required && !have[x.Code] && len(pending) == 0 {
			out = append(out, permit.Hold{Need: permit.NeedAttachments, URL: at, Text: say.F("附上%s", "Attach: %s", x.Name)})
		}
	}
	// What was sent for a paper that the answers no longer ask for must not be forgotten.
	for _, a := range came {
		if a.Code != "" && !asked[a.Code] {
			asked[a.Code] = true
			out = append(out, arrivalHolds(came, a.Code, permit.NeedAttachments, "attachments#"+a.Code)...)
		}
	}
	return out
}
