package portal

import (
	"slices"

	"cloudbm/say"
)

// ask is one question of 「需要建築執照嗎？」: plain words, with the meaning of every term beside it.
type ask struct {
	Key     string
	Text    say.Text
	Help    say.Text
	Options []option
}

type option struct {
	Value      string
	Text, Help say.Text
}

// answersTo are what was answered so far, by the key of the question.
type answersTo map[string]string

// Law is an article, with the address of its text.
type Law struct {
	Name string // 建築法第 25 條
	En   string
	URL  string
}

func buildingAct(article, en string) Law {
	return Law{"建築法第 " + article + " 條", "Building Act, article " + article + " (" + en + ")", "https://law.moj.gov.tw/LawClass/LawSingle.aspx?pcode=D0070109&flno=" + article}
}

func interiorRules(article, en string) Law {
	return Law{"建築物室內裝修管理辦法第 " + article + " 條", "Interior Fit-out Rules, article " + article + " (" + en + ")", "https://law.moj.gov.tw/LawClass/LawSingle.aspx?pcode=D0070148&flno=" + article}
}

// Advice is what comes of the answers: is a permit needed, which, who helps, under which law.
type Advice struct {
	Needed bool
	Title  say.Text
	Points []say.Text
	Laws   []Law
}

var yesNo = []option{{"yes", say.T("是", "Yes"), say.Text{}}, {"no", say.T("不是", "No"), say.Text{}}}

var askWhat = ask{Key: "what", Text: say.T("您想做什麼？", "What do you want to do?"), Options: []option{
	{"new", say.T("蓋一棟新的房子", "Put up a new building"), say.T("全部拆掉重蓋也算", "Also after pulling down an old one")},
	{"extend", say.T("把房子加高或加大", "Make a building higher or larger"), say.T("法律上叫「增建」，例如加一層樓、陽台外推", "The law calls it an extension, such as one more floor")},
	{"rebuild", say.T("拆掉一部分，在原來的範圍內改造", "Take part of it down and rebuild within the same outline"), say.T("法律上叫「改建」，不加高也不加大", "The law calls it rebuilding: not higher, not larger")},
	{"repair", say.T("修理或更換房子的主要結構", "Repair or replace the main structure"), say.T("基礎、梁柱、承重牆、樓地板、屋架或屋頂", "Foundation, beams and columns, load-bearing walls, floors, roof frame or roof")},
	{"works", say.T("做圍牆、招牌、水塔、擋土牆這一類的東西", "A wall, a sign, a water tower, a retaining wall or the like"), say.T("法律上叫「雜項工作物」", "The law calls these miscellaneous works")},
	{"fitout", say.T("做室內裝修", "Fit out the inside"), say.T("天花板、牆面、隔間", "Ceilings, wall finishes, partitions")},
	{"use", say.T("改變房子的用途", "Use a building for something else"), say.T("例如住家改成餐廳", "For example a home becomes a restaurant")},
	{"demolish", say.T("拆掉房子", "Pull a building down"), say.Text{}},
	{"finished", say.T("房子蓋好了，想開始使用", "The building is finished and I want to use it"), say.Text{}},
}}

var (
	askGovernment = ask{Key: "ordered", Text: say.T("是不是政府通知您要拆的，或是有立即倒塌的危險？", "Were you told by the government to pull it down, or may it collapse at any moment?"),
		Help: say.T("例如為了開路通知限期拆除、違章建築通知拆除，或房子快要倒了。", "For example for a road, because it was built without a permit, or because it is about to fall."), Options: yesNo}
	askHeritage = ask{Key: "heritage", Text: say.T("房子是不是古蹟或歷史建築？", "Is the building a monument or a historic building?"),
		Help: say.T("門口通常有文化局的牌子；不確定時可以向當地文化局查詢。", "There is usually a plate at the door; ask the local cultural office if you are not sure."), Options: yesNo}
	askFarm = ask{Key: "farm", Text: say.T("土地是不是農地？", "Is the land farmland?"),
		Help: say.T("土地登記謄本上的使用分區是農業區、農牧用地這一類。", "The land register gives its zone as agricultural."), Options: yesNo}
	askPublic = ask{Key: "public", Text: say.T("房子是不是很多人進出的地方？", "Is it a place many people go in and out of?"),
		Help: say.T("法律上叫「供公眾使用建築物」，例如商場、餐廳、學校、旅館、補習班，或六層以上的公寓大廈。", "The law calls it a building for public use: shops, restaurants, schools, hotels, cram schools, or blocks of flats of six floors or more."), Options: yesNo}
	askHigh = ask{Key: "high", Text: say.T("房子蓋好後，地面上會超過五層樓嗎？", "Will it have more than five floors above ground?"),
		Help: say.T("地下室不算。", "Basements do not count."), Options: yesNo}
	askSmall = ask{Key: "small", Text: say.T("工程很小，主管機關公告可以不找建築師嗎？", "Is it so small that the authority has said no architect is needed?"),
		Help: say.T("各縣市有自己的金額或面積標準；不知道就選「不是」。", "Each authority has its own limit in money or size. If you do not know, choose No."), Options: yesNo}
	askLand = ask{Key: "land", Text: say.T("土地是您自己的嗎？", "Is the land your own?"),
		Help: say.T("和別人共有，就選「不是」。", "If you share it with others, choose No."), Options: yesNo}
	askHalf = ask{Key: "half", Text: say.T("其中有任何一種，要修理或更換超過一半嗎？", "Will more than half of any one of them be repaired or replaced?"),
		Help: say.T("例如屋頂要換掉一半以上。基礎、梁柱、承重牆、樓地板、屋架、屋頂分開算。", "For example more than half of the roof. Each of them is counted by itself."), Options: yesNo}
	askSign = ask{Key: "sign", Text: say.T("是哪一種？", "Which of these is it?"), Options: []option{
		{"small-sign", say.T("小招牌", "A small sign"), say.T("貼牆的高度在 2 公尺以內，突出牆面的 6 公尺以內，立在地上的 6 公尺以內，立在屋頂的 3 公尺以內", "On a wall up to 2 m high, standing out from it up to 6 m, on the ground up to 6 m, on a roof up to 3 m")},
		{"large-sign", say.T("比較大的招牌或廣告塔", "A larger sign or an advertising tower"), say.Text{}},
		{"other", say.T("圍牆、擋土牆、水塔、游泳池、增設電梯或機械停車", "A wall, a retaining wall, a water tower, a pool, a lift or mechanical parking added later"), say.Text{}},
	}}
	askPaint = ask{Key: "paint", Text: say.T("只是油漆、貼壁紙、換窗簾、擺家具嗎？", "Is it only paint, wallpaper, curtains or furniture?"),
		Help: say.T("有動到天花板、固定的牆面、隔間或高過 1.2 公尺的固定隔屏，就選「不是」。", "If ceilings, fixed wall finishes, partitions or fixed screens higher than 1.2 m are touched, choose No."), Options: yesNo}
	askSimple = ask{Key: "simple", Text: say.T("是住家，或是裝修的面積不大嗎？", "Is it a home, or is the area small?"),
		Help: say.T("十樓以下在 300 平方公尺以內、十一樓以上在 100 平方公尺以內算小；防火的隔間和逃生的路線都不動。", "Small is up to 300 m² on floors up to the tenth and up to 100 m² above. Fire compartments and escape routes stay as they are."), Options: yesNo}
	askOther = ask{Key: "otheruse", Text: say.T("新的用途和使用執照上寫的不一樣，或會動到逃生、消防、停車的部分嗎？", "Does the new use differ from the occupancy permit, or will escape routes, fire equipment or parking change?"),
		Help: say.T("使用執照是房子蓋好時政府發的證明，上面寫著每一層的用途。", "The occupancy permit was issued when the building was finished and names the use of each floor."), Options: yesNo}
	askTiny = ask{Key: "tiny", Text: say.T("面積很小，主管機關公告可以免辦嗎？", "Is the area so small that the authority has exempted it?"),
		Help: say.T("各縣市公告的面積不同；不知道就選「不是」。", "Each authority has its own limit. If you do not know, choose No."), Options: yesNo}
	askPermit = ask{Key: "had", Text: say.T("當初有申請建造執照或雜項執照嗎？", "Was there a building permit or a miscellaneous works permit?"), Options: yesNo}
	askWhole  = ask{Key: "whole", Text: say.T("全部都蓋好了嗎？", "Is all of it finished?"),
		Help: say.T("只有其中一棟或一部分蓋好、可以分開使用，就選「不是」。", "If only one building or a part that can be used by itself is finished, choose No."), Options: yesNo}
)

// questions are the questions for these answers, in their order; no path has more than seven.
func questions(a answersTo) []ask {
	q := []ask{askWhat}
	switch a["what"] {
	case "new", "extend", "rebuild":
		return append(q, askFarm, askPublic, askHigh, askSmall, askLand)
	case "repair":
		q = append(q, askHalf)
		if a["half"] == "yes" {
			q = append(q, askPublic, askHigh, askSmall)
		}
	case "works":
		q = append(q, askSign)
		if s := a["sign"]; s == "large-sign" || s == "other" {
			q = append(q, askSmall, askLand)
		}
	case "fitout":
		q = append(q, askPaint)
		if a["paint"] == "no" {
			q = append(q, askPublic)
			if a["public"] == "yes" {
				q = append(q, askSimple)
			}
		}
	case "use":
		q = append(q, askOther)
		if a["otheruse"] == "yes" {
			q = append(q, askTiny, askPublic)
		}
	case "demolish":
		q = append(q, askHeritage)
		if a["heritage"] == "no" {
			q = append(q, askGovernment, askSmall)
		}
	case "finished":
		q = append(q, askPermit)
		if a["had"] == "yes" {
			q = append(q, askWhole)
		}
	}
	return q
}

// next is the first question that has no answer among its options yet; nil when there is enough to advise.
func (a answersTo) next() *ask {
	for _, q := range questions(a) {
		if !slices.ContainsFunc(q.Options, func(o option) bool { return o.Value == a[q.Key] }) {
			return &q
		}
	}
	return nil
}

var (
	architect = say.T("設計和監造要找開業建築師。", "A practising architect designs it and supervises the work.")
	noArch    = say.T("小工程可以不找建築師，但執照還是要申請。", "A small job may do without an architect, but the permit is needed all the same.")
	engineer  = say.T("結構和設備的部分要由專業技師負責簽證。", "Professional engineers certify the structure and the equipment.")
	owners    = say.T("要附其他所有權人的土地使用同意書。", "Attach the consent of the other owners of the land.")
	farmhouse = say.T("農地上蓋農舍另有限制，先問當地農業單位。", "Houses on farmland have rules of their own. Ask the local agriculture office first.")
	askThem   = say.T("不確定時，帶著地址或地號問當地主管建築機關。", "If you are not sure, ask the local building authority with the address or the land number at hand.")
)

// Advise turns answers into advice. The texts follow 建築法 and 建築物室內裝修管理辦法; local limits are for the authority
// to say, so a doubtful answer always errs towards asking.
func Advise(a answersTo) Advice {
	yes := func(key string) bool { return a[key] == "yes" }
	var r Advice
	say1 := func(ok bool, t say.Text) {
		if ok {
			r.Points = append(r.Points, t)
		}
	}
	build := func(title say.Text, laws ...Law) {
		r.Needed, r.Title, r.Laws = true, title, append(laws, buildingAct("25", "no building without a permit"))
		say1(!yes("small"), architect)
		say1(yes("small"), noArch)
		if yes("public") || yes("high") {
			r.Points, r.Laws = append(r.Points, engineer), append(r.Laws, buildingAct("13", "architects and engineers"))
		}
		say1(yes("public"), say.T("供公眾使用的建築物，審查期限可以延長到 30 日。", "For a building for public use the review may take up to 30 days."))
		say1(!yes("public"), say.T("審查期限是 10 日，需要改正時會一次告訴您。", "The review takes 10 days. What needs correcting is told to you all at once."))
		say1(a["land"] == "no", owners)
		say1(yes("farm"), farmhouse)
		if yes("small") {
			r.Laws = append(r.Laws, buildingAct("16", "small works"))
		}
	}
	switch a["what"] {
	case "new", "extend", "rebuild":
		kind := map[string]say.Text{"new": say.T("新建", "new building"), "extend": say.T("增建", "extension"), "rebuild": say.T("改建", "rebuilding")}[a["what"]]
		build(say.F("需要申請建造執照（%s）", "You need a building permit (%s)", kind), buildingAct("9", "kinds of building"), buildingAct("28", "the four permits"))
	case "repair":
		if yes("half") {
			build(say.T("需要申請建造執照（修建）", "You need a building permit (structural repair)"), buildingAct("9", "kinds of building"))
			break
		}
		r.Title, r.Laws = say.T("不需要建造執照", "You do not need a building permit"), []Law{buildingAct("9", "kinds of building")}
		r.Points = []say.Text{say.T("每一種主要結構的修理都沒有超過一半，不算修建。", "No part of the main structure is repaired by more than half, so it is not structural repair under the Act."),
			say.T("如果同時做天花板、牆面或隔間，再查一次「室內裝修」。", "If ceilings, walls or partitions are done as well, check “fit out the inside” too."), askThem}
	case "works":
		if a["sign"] == "small-sign" {
			r.Title = say.T("不需要雜項執照，但設招牌要先申請審查許可", "You do not need a miscellaneous works permit, but the sign itself needs approval")
			r.Laws = []Law{buildingAct("97-3", "signs")}
			r.Points = []say.Text{say.T("招牌設置前，要向主管建築機關或它委託的專業團體申請審查許可。", "Before it is put up, apply to the building authority or the body it has entrusted."), askThem}
			break
		}
		r.Needed, r.Title = true, say.T("需要申請雜項執照", "You need a miscellaneous works permit")
		r.Laws = []Law{buildingAct("7", "miscellaneous works"), buildingAct("28", "the four permits")}
		say1(!yes("small"), architect)
		say1(yes("small"), noArch)
		say1(a["land"] == "no", owners)
		if a["sign"] == "large-sign" {
			r.Laws = append(r.Laws, buildingAct("97-3", "signs"))
		}
		if yes("small") {
			r.Laws = append(r.Laws, buildingAct("16", "small works"))
		}
	case "fitout":
		r = adviseFitout(a)
	case "use":
		if yes("otheruse") && !yes("tiny") {
			r.Needed, r.Title = true, say.T("需要申請變更使用執照", "You need a change-of-use permit")
			r.Laws = []Law{buildingAct("73", "use as permitted"), buildingAct("74", "what to hand in")}
			r.Points = []say.Text{say.T("由開業建築師設計，先書面審查，完工後竣工查驗。", "A practising architect designs it. The papers are reviewed first, the finished work is inspected afterwards.")}
			say1(yes("public"), say.T("消防設備要一起送消防機關審查。", "The fire authority reviews the fire equipment as well."))
			break
		}
		r.Title, r.Laws = say.T("應該不需要變更使用執照", "You probably do not need a change-of-use permit"), []Law{buildingAct("73", "use as permitted")}
		r.Points = []say.Text{say.T("用途符合使用執照，或面積在主管機關公告的規模以下。開店前仍要符合商業、消防的規定。", "The use is the permitted one, or the area is under the limit the authority has set. Rules on business and fire still apply."), askThem}
	case "demolish":
		r = adviseDemolition(a)
	case "finished":
		r = adviseFinished(a)
	}
	return r
}

func adviseFitout(a answersTo) (r Advice) {
	laws := []Law{buildingAct("77-2", "interior fit-out"), interiorRules("3", "what fit-out is")}
	switch {
	case a["paint"] == "yes":
		return Advice{Title: say.T("不需要申請室內裝修許可", "You do not need a fit-out permit"), Laws: laws,
			Points: []say.Text{say.T("油漆、壁紙、窗簾、家具、活動隔屏和地毯，不算室內裝修。", "Paint, wallpaper, curtains, furniture, movable screens and carpets are not interior fit-out.")}}
	case a["public"] != "yes":
		return Advice{Title: say.T("應該不需要申請室內裝修許可", "You probably do not need a fit-out permit"), Laws: laws,
			Points: []say.Text{say.T("不是供公眾使用的建築物，除非內政部另外公告，不用申請；材料和隔間仍不可以妨礙逃生。", "A building not for public use needs none unless the Ministry has said otherwise. Nothing may stand in the way of escape all the same."), askThem}}
	}
	r = Advice{Needed: true, Title: say.T("需要申請室內裝修許可", "You need a fit-out permit"), Laws: laws,
		Points: []say.Text{say.T("設計和施工要找開業建築師或登記的室內裝修業者。", "A practising architect or a registered interior decorator designs it; a registered firm does the work.")}}
	if a["simple"] == "yes" {
		r.Points = append(r.Points, say.T("符合條件時可以用簡易室內裝修，由專業人員簽證後辦理。", "The simplified procedure is open to you: a professional certifies the drawings."))
		r.Laws = append(r.Laws, interiorRules("33", "simplified procedure"))
		return r
	}
	r.Points = append(r.Points, say.T("先送圖說審查，拿到施工許可證才可以開工；完工後再申請竣工查驗。", "The drawings are reviewed first. Begin only with the work permit in hand, then have the finished work inspected."))
	r.Laws = append(r.Laws, interiorRules("22", "review of drawings"))
	return r
}

func adviseDemolition(a answersTo) Advice {
	law := buildingAct("78", "demolition permit")
	switch {
	case a["heritage"] == "yes":
		return Advice{Needed: true, Title: say.T("先問文化主管機關，不可以直接拆", "Ask the cultural authority first; do not pull it down"), Laws: []Law{buildingAct("83", "monuments"), law},
			Points: []say.Text{say.T("古蹟和歷史建築要先經文化主管機關同意，並依拆除執照的規定辦理。", "Monuments and historic buildings need the consent of the cultural authority, and the rules on demolition permits apply.")}}
	case a["ordered"] == "yes":
		return Advice{Title: say.T("不需要拆除執照", "You do not need a demolition permit"), Laws: []Law{law},
			Points: []say.Text{say.T("依主管機關的通知拆除，或有立即危險時，可以免辦；施工仍要注意安全。", "What the authority has ordered down, or what is in immediate danger, needs none. Keep the site safe."), askThem}}
	case a["small"] == "yes":
		return Advice{Title: say.T("應該不需要拆除執照", "You probably do not need a demolition permit"), Laws: []Law{law, buildingAct("16", "small works")},
			Points: []say.Text{say.T("主管機關公告的小型建築物可以免辦。", "The small buildings the authority has named need none."), askThem}}
	}
	return Advice{Needed: true, Title: say.T("需要申請拆除執照", "You need a demolition permit"), Laws: []Law{law, buildingAct("79", "what to hand in"), buildingAct("80", "decided in five days")},
		Points: []say.Text{say.T("要附建築物的權利證明；主管機關在 5 日內決定。", "Attach the proof of your right to the building. The authority decides within 5 days.")}}
}

func adviseFinished(a answersTo) Advice {
	switch {
	case a["had"] != "yes":
		return Advice{Needed: true, Title: say.T("要先補辦建造執照", "A building permit has to be applied for first"), Laws: []Law{buildingAct("25", "no building without a permit"), buildingAct("86", "what follows")},
			Points: []say.Text{say.T("沒有執照就蓋好的房子，先請建築師檢查能不能補辦。", "Have an architect see whether a permit can still be given."), askThem}}
	case a["whole"] == "yes":
		return Advice{Needed: true, Title: say.T("需要申請使用執照", "You need an occupancy permit"), Laws: []Law{buildingAct("70", "occupancy permit"), buildingAct("71", "what to hand in")},
			Points: []say.Text{say.T("由起造人會同承造人和監造人申請；主管機關在 10 日內派員查驗，供公眾使用的是 20 日。", "The owner applies together with the contractor and the supervisor. The authority inspects within 10 days, 20 for a building for public use."),
				say.T("拿到使用執照，才可以申請接水接電和使用。", "Only then may water and power be connected and the building be used.")}}
	}
	return Advice{Needed: true, Title: say.T("可以申請部分使用執照", "You can apply for a partial occupancy permit"), Laws: []Law{buildingAct("70-1", "partial occupancy")},
		Points: []say.Text{say.T("已完工、可以分開使用的部分，可以先申請。", "The part that is finished and can be used by itself can go first.")}}
}
