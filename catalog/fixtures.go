package catalog

import (
	"fmt"

	"cloudbm/permit"
)

// The sample cases of the domain reference §7.5, filled in whole. All people, firms, licences and parcels are fictional.

// rows numbers the rows of a list; the first is the representative where the list has one.
func rows(list string, lead bool, values ...map[string]string) []permit.Row {
	out := make([]permit.Row, 0, len(values))
	for i, v := range values {
		out = append(out, permit.Row{ID: fmt.Sprintf("%s-%d", list, i+1), Lead: lead && i == 0, Values: v})
	}
	return out
}

func ownerP4() map[string]string {
	return map[string]string{
		"name": "測試丁", "any_id": "R223000041", "born": "074-01-01", "mobile": "0900000004", "email": "p4@example.test",
		"address": "臺南市東區測試路4號",
	}
}

func architectP1() map[string]string {
	return map[string]string{
		"arch_licence": "南市建開證字第T000101號", "person_id": "D123000011", "name": "測試甲", "office_name": "測試甲建築師事務所",
		"postcode": "708", "office_address": "臺南市安平區測試路1號", "phone": "06-2000001", "email": "p1@example.test",
	}
}

func architectP2() map[string]string {
	return map[string]string{
		"arch_licence": "南市建開證字第T000102-01號", "person_id": "D223000022", "name": "測試乙", "office_name": "樣本聯合建築師事務所",
		"office_address": "臺南市安平區測試路2號", "phone": "06-2000002", "email": "p2@example.test",
	}
}

func engineerP5() map[string]string {
	return map[string]string{
		"cert_item": "1", "branch": "02", "name": "測試戊", "eng_licence": "技執字第00123號", "eng_permit": "內授營建管字第1110000001號",
		"person_id": "A123000054", "office_name": "測試戊結構技師事務所", "email": "p5@example.test", "certified": "結構系統、構材斷面及配筋",
	}
}

func engineerP6() map[string]string {
	return map[string]string{
		"cert_item": "2", "branch": "04", "name": "測試己", "eng_licence": "技執字第004567號", "eng_permit": "內授營建管字第1110000002號",
		"person_id": "B223000066", "office_name": "測試己大地技師事務所", "email": "p6@example.test", "certified": "鑽探及地基承載力",
	}
}

func builderU1() map[string]string {
	return map[string]string{
		"con_licence": "綜甲字第T00001-000號", "company_name": "測試營造有限公司", "company_id": "90010009", "company_head": "測試丙",
		"head_mobile": "0900000003", "company_address": "臺南市永康區測試路3號", "fulltime_name": "測試子", "fulltime_kind": "1",
		"manager_name": "測試丑", "manager_no": "TEST000001", "phone": "06-2000003", "email": "p3@example.test",
	}
}

func fitterU3() map[string]string {
	return map[string]string{
		"dec_licence": "測室業字第000001號", "company_name": "範例室內裝修有限公司", "company_id": "90010079", "company_head": "測試庚",
		"company_address": "臺南市北區測試路7號", "tech_name": "測試庚", "tech_kind": "design", "tech_no": "測室技字第000001號",
		"phone": "06-2000007", "email": "p7@example.test",
	}
}

func parcel(district, section, code, no, registered, used, zone string) map[string]string {
	return map[string]string{"district": district, "section": section, "section_code": code, "parcel": no,
		"registered": registered, "used": used, "parcel_zone": zone}
}

func floor(level, no, area, use string) map[string]string {
	return map[string]string{"level": level, "level_no": no, "floor_area": area, "floor_height": "3.50", "floor_uses": use}
}

// buildingC1 are the pages that C1 and the use licence of the same building (C6) have in common.
func buildingC1() permit.Answers {
	return permit.Answers{
		Fields: map[string]string{
			"building_name": "測試大樓新建工程", "work": "01", "public_use": "N", "agent": "N",
			"site_address": "臺南市東區虎尾寮段9001地號", "own_land": "N", "site_other": "365.75", "zone1": "0100",
			"legal_coverage": "60.00", "legal_ratio": "180.00", "building_area": "200.00", "counted_area": "610.00", "total_area": "610.00",
			"main_use": "01", "use_groups": "H2", "structures": "10", "foundation": "筏式基礎", "blocks": "1", "buildings": "1",
			"floors_above": "3", "floors_below": "0", "units": "3", "height": "10.50",
		},
		Rows: map[string][]permit.Row{
			land: rows(land, true,
				parcel("東區", "虎尾寮段", "0002", "9001", "320.50", "320.50", "0100"),
				parcel("東區", "虎尾寮段", "0002", "9001-1", "45.25", "45.25", "0100")),
			"floors": rows("floors", false, floor("U", "1", "200.00", "H2"), floor("U", "2", "205.00", "H2"), floor("U", "3", "205.00", "H2")),
			"parking": rows("parking", false, map[string]string{"parking_way": "1", "vehicle": "1", "provision": "1",
				"parking_place": "in-above", "spaces": "3", "parking_area": "37.50"}),
			owners:      rows(owners, true, ownerP4()),
			designers:   rows(designers, true, architectP1()),
			supervisors: rows(supervisors, true, architectP1()),
		},
	}
}

// C1 is a building licence for three floors and three units: 測試大樓新建工程. No engineer is compulsory; the fee is 6,100.
func C1() permit.Answers {
	a := buildingC1()
	for k, v := range map[string]string{"line_free": "N", "line_word": "測試建線字", "line_no": "1110000001", "line_date": "111-01-10",
		"cost": "6100000", "code_version": "110年10月7日修正"} {
		a.Fields[k] = v
	}
	a.Rows[landowners] = rows(landowners, false,
		map[string]string{"parcel_of": "虎尾寮段 9001", "name": "測試癸", "any_id": "U223000106", "born": "071-04-04", "held_area": "320.50", "let_area": "320.50"},
		map[string]string{"parcel_of": "虎尾寮段 9001-1", "name": "測試癸", "any_id": "U223000106", "born": "071-04-04", "held_area": "45.25", "let_area": "45.25"})
	return a
}

// C2 is a building licence for an office of nine floors and two basements, open to public use: engineers are compulsory
// and the review may take thirty days. The fee is 98,765.
func C2() permit.Answers {
	floors := []map[string]string{floor("D", "2", "600.00", "G2"), floor("D", "1", "600.00", "G2")}
	for _, no := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		floors = append(floors, floor("U", no, "500.00", "G2"))
	}
	p2 := architectP2()
	return permit.Answers{
		Fields: map[string]string{
			"building_name": "樣本辦公大樓新建工程", "work": "01", "public_use": "Y", "agent": "N",
			"line_free": "N", "line_word": "測試建線字", "line_no": "1150000002", "line_date": "115-01-12",
			"site_address": "臺南市安南區安順段9200地號", "own_land": "N", "site_other": "1200.00", "zone1": "0101",
			"legal_coverage": "60.00", "legal_ratio": "400.00", "building_area": "600.00", "counted_area": "4500.00", "total_area": "5700.00",
			"main_use": "03", "use_groups": "G2", "structures": "20", "foundation": "筏式基礎", "blocks": "1", "buildings": "1",
			"floors_above": "9", "floors_below": "2", "units": "1", "height": "35.50", "cost": "98765432",
			"shelter_legal": "500.00", "shelter_below": "600.00", "specials": "accessible",
		},
		Rows: map[string][]permit.Row{
			land:     rows(land, true, parcel("安南區", "安順段", "0204", "9200", "2500.75", "1200.00", "0101")),
			"floors": rows("floors", false, floors...),
			owners: rows(owners, true, map[string]string{"name": "試驗建設股份有限公司", "any_id": "90010078", "head": "測試丁",
				"phone": "06-2000004", "address": "臺南市中西區測試路5號"}),
			designers: rows(designers, true, p2),
			engineers: rows(engineers, false, engineerP5(), engineerP6()),
			landowners: rows(landowners, false,
				map[string]string{"parcel_of": "安順段 9200", "name": "測試丁", "any_id": "R223000041", "born": "074-01-01"},
				map[string]string{"parcel_of": "安順段 9200", "name": "測試癸", "any_id": "U223000106", "born": "071-04-04"}),
		},
	}
}

// C3 is the start of work under a licence obtained on 2026-04-15: the last day is 2026-10-15.
func C3() permit.Answers {
	return permit.Answers{
		Fields: map[string]string{
			"building_name": "測試大樓新建工程", "site_address": "臺南市東區虎尾寮段9001地號", "licence_no": "(115)南工造字第00001號",
			"licence_date": "115-04-15", "extended": "N", "start_date": "115-10-15", "agent": "N",
		},
		Rows: map[string][]permit.Row{
			"roads": rows("roads", false, map[string]string{"road": "測試路一段", "road_number": "1", "road_length": "12.00", "road_width": "1.50"}),
			owners:  rows(owners, true, ownerP4()), builders: rows(builders, true, builderU1()), supervisors: rows(supervisors, true, architectP1()),
		},
	}
}

// C6 is the use licence of the building of C1, filed by the contractor.
func C6() permit.Answers {
	a := buildingC1()
	delete(a.Fields, "work")
	delete(a.Fields, "own_land")
	for k, v := range map[string]string{"licence_no": "(115)南工造字第00001號", "licence_date": "115-04-15", "changes": "0", "started": "115-05-04",
		"finished": "115-11-20", "door_plate": "臺南市東區測試路11號", "specials": "spoil"} {
		a.Fields[k] = v
	}
	a.Rows[builders] = rows(builders, true, builderU1())
	return a
}

// C9 is the review of interior works: 250 ㎡ of office on the fifth floor. The simplified way would be open too.
func C9() permit.Answers {
	return permit.Answers{
		Fields: map[string]string{
			"way": "general", "building_name": "測試商業大樓", "premises": "臺南市北區測試路8號5樓", "before_licences": "N",
			"use_licence": "(99)南工使字第00070號", "public_use": "Y", "floors_above": "12", "own_building": "Y", "change_of_use": "N",
			"review_body": "社團法人臺南市建築師公會", "agent": "N",
			"works": "辦公室隔間、天花板及地坪更新", "dwelling": "N", "walled_off": "Y", "changes_escape": "N", "changes_fire": "N",
			"changes_compartment": "N", "changes_structure": "N", "unlawful": "N",
		},
		Rows: map[string][]permit.Row{
			"scope": rows("scope", false, map[string]string{"level": "U", "level_no": "5", "storey_area": "480.00", "fit_area": "250.00",
				"use_before": "G2", "use_after": "G2"}),
			"materials": rows("materials", false, map[string]string{"material_part": "ceiling", "material": "矽酸鈣板", "fire_grade": "1", "material_area": "250.00"}),
			owners:      rows(owners, true, ownerP4()),
			fitters:     rows(fitters, true, fitterU3()),
		},
	}
}

// C10 asks for the simplified way on the twelfth floor with 150 ㎡: it is refused.
func C10() permit.Answers {
	a := C9()
	a.Fields["way"], a.Fields["premises"] = "simple", "臺南市北區測試路8號12樓"
	a.Rows["scope"] = rows("scope", false, map[string]string{"level": "U", "level_no": "12", "storey_area": "480.00", "fit_area": "150.00",
		"use_before": "G2", "use_after": "G2"})
	return a
}
