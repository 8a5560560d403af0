package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/cards"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/egov"
	"cloudbm/factors"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/portal"
	"cloudbm/proof"
	"cloudbm/review"
	"cloudbm/roles"
	"cloudbm/seals"
	"cloudbm/sim/card"
	"cloudbm/sim/health"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/submission"
)

type demoCmd struct{}

// Run serves with fictional people and lived-in cases; what is there from an earlier run stays.
func (demoCmd) Run(cfg *Config) error {
	if cfg.Production {
		return errors.New("the demo has people whose password is public; it does not run in production")
	}
	ctx, cancel := untilSignal()
	defer cancel()
	cfg.demoHealth(ctx)
	cards, signs := "憑證卡與機關簽章：沒有啟動模擬器", ""
	if cfg.Simulators {
		cards, signs = cfg.demoCards(ctx), cfg.demoSign(ctx)
	}
	h, err := build(ctx, cfg)
	if err != nil {
		return err
	}
	if err := h.seed(ctx); err != nil {
		return errors.Join(err, h.close())
	}
	fmt.Printf("\n  cloudbm  %s\n\n  登入方式（備用帳號）密碼都是 %s：\n", cfg.base(), accounts.DemoPassword)
	for _, p := range accounts.DemoPeople {
		fmt.Printf("    %-22s %s %s\n", p.Email, p.Name, p.Title)
	}
	if cfg.standIn() {
		fmt.Printf("\n  我的E政府的模擬網站：%s/egov/  帳號 %s … 密碼都是 %s\n", cfg.base(), egov.DemoMembers[0].Account, egov.DemoPassword)
	}
	fmt.Printf("\n  機關人員登入第二步的驗證碼：%s%s\n  寄出的信：%s/demo/mail\n", cfg.base(), factors.DemoURL, cfg.base())
	if at, ok := strings.CutSuffix(cfg.HealthCheck, "verify"); ok {
		fmt.Printf("  健保卡模擬器：%s（卡片密碼 %s）\n", at, health.Password)
	}
	fmt.Printf("  %s\n  %s\n\n", cards, signs)
	return h.run(ctx)
}

// seed makes the people, the announcements and, the first time, the cases.
func (h *house) seed(ctx context.Context) error {
	err := h.db.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(h.seedStandIn(tx), roles.Seed(tx), factors.Seed(tx), sso.Seed(tx), portal.Seed(tx))
	})
	if err != nil {
		return err
	}
	var there int
	err = h.db.Read(ctx, func(tx *store.Tx) error {
		ids, err := cases.Logged(tx)
		there = len(ids)
		return err
	})
	if err != nil || there > 0 {
		return err
	}
	fonts, err := pdf.NewFonts(h.cfg.RareFonts)
	if err != nil {
		return err
	}
	s := seeder{h: h, ctx: ctx, fonts: fonts}
	s.live()
	return s.err
}

// seedStandIn makes the members of the stand-in for 我的E政府, where there is one.
func (h *house) seedStandIn(tx *store.Tx) error {
	if !h.cfg.standIn() {
		return nil
	}
	return egov.Seed(tx)
}

// seeder lives cases through the verbs of the rooms, as people would; the first error ends it.
type seeder struct {
	h     *house
	ctx   context.Context
	fonts *pdf.Fonts
	err   error
}

func (s *seeder) live() {
	architect, second := s.actor("p1@example.test"), s.actor("p2@example.test")
	s.open(architect, catalog.Building, catalog.C1(), "測試大樓新建工程")
	handed := s.open(architect, catalog.Building, catalog.C1(), "樣本住宅新建工程")
	s.complete(architect, handed)
	s.submit(architect, handed)

	issued := s.open(architect, catalog.Building, catalog.C1(), "範例集合住宅新建工程")
	s.complete(architect, issued)
	s.seal(architect, issued, permit.Designer, "TP01000000000011", "A1-01")
	s.submit(architect, issued)
	s.take(issued)
	s.grant(issued)

	corrected := s.open(second, catalog.Building, catalog.C2(), "試驗辦公大樓新建工程")
	s.complete(second, corrected)
	s.submit(second, corrected)
	s.take(corrected)
	s.ask(corrected)
	s.seal(second, corrected, permit.Designer, "TP01000000000022", "A1-01", "S1-01")
	s.seal(s.actor("p5@example.test"), corrected, permit.Certifier, "TP01000000000054", "S1-01")

	s.open(s.actor("p3@example.test"), catalog.Start, catalog.C3(), "測試大樓新建工程")
	s.open(s.actor("p3@example.test"), catalog.Use, catalog.C6(), "測試大樓新建工程")
	fitter := s.actor("p7@example.test")
	interior := s.open(fitter, catalog.Interior, catalog.C9(), "示範商場五樓室內裝修")
	s.complete(fitter, interior)
	s.submit(fitter, interior)
	s.take(interior)
}

func (s *seeder) actor(email string) (a permit.Actor) {
	s.read(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		a, err = roles.Actor(tx, p.ID)
		return err
	})
	return a
}

func (s *seeder) read(f func(*store.Tx) error) {
	if s.err == nil {
		s.err = s.h.db.Read(s.ctx, f)
	}
}

func (s *seeder) write(f func(*store.Tx) error) {
	if s.err == nil {
		s.err = s.h.db.Write(s.ctx, f)
	}
}

// on loads the case for an act of by.
func (s *seeder) on(by permit.Actor, id string, f func(*store.Tx, *cases.Case) error) {
	s.write(func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, id)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
}

func (s *seeder) open(by permit.Actor, t *permit.Type, a permit.Answers, name string) (id string) {
	a.Fields[t.TitleField] = name
	s.write(func(tx *store.Tx) error {
		c, err := cases.Start(tx, by, t, roles.Tainan, "")
		if err != nil {
			return err
		}
		id = c.ID
		return cases.FillAll(tx, by, c, a)
	})
	return id
}

// complete brings every sheet and paper that the case still lacks.
func (s *seeder) complete(by permit.Actor, id string) {
	var c *cases.Case
	var a permit.Answers
	s.read(func(tx *store.Tx) (err error) {
		if c, err = cases.Find(tx, by, id); err != nil {
			return err
		}
		a, err = cases.Answers(tx, c)
		return err
	})
	if s.err != nil {
		return
	}
	for i, d := range c.Type.DrawingsAsked(a) {
		var b bytes.Buffer
		number := d.Class + "-01"
		spec := pdf.SheetSpec{Number: number, Title: d.Name.Zh, Case: c.Serial, Seed: uint64(i + 1), Paper: "A1", Created: c.CreatedAt}
		if s.err = pdf.GenerateSheet(&b, s.fonts, spec); s.err != nil {
			return
		}
		if s.err = s.h.room.Bring(s.ctx, by, id, "", number+"_"+d.Name.Zh+".pdf", &b); s.err != nil {
			return
		}
	}
	for _, x := range c.Type.AttachmentsAsked(a) {
		if x.Required {
			s.paper(by, c, x)
		}
	}
}

func (s *seeder) paper(by permit.Actor, c *cases.Case, x permit.Attachment) {
	if s.err != nil {
		return
	}
	f := pdf.NewForm(s.fonts, pdf.FormMeta{Title: x.Name.Zh, Subject: c.Serial, Created: c.CreatedAt})
	f.Heading(1, x.Name.Zh)
	f.Paragraph("本文件為展示用的虛構內容。案件 " + c.Serial + "。")
	b, err := f.Bytes()
	if s.err = err; err == nil {
		s.err = s.h.room.Bring(s.ctx, by, c.ID, x.Code, x.Name.Zh+".pdf", bytes.NewReader(b))
	}
}

func (s *seeder) submit(by permit.Actor, id string) {
	s.on(by, id, func(tx *store.Tx, c *cases.Case) error {
		_, err := submission.Submit(tx, by, c, c.Round+1)
		return err
	})
}

// take receives the case at the counter and lays it on the reviewing officer's desk.
func (s *seeder) take(id string) {
	counter, officer := s.actor("p8@example.test"), s.actor("p9@example.test")
	s.on(counter, id, func(tx *store.Tx, c *cases.Case) error {
		if err := review.Take(tx, counter, c); err != nil {
			return err
		}
		return review.Assign(tx, counter, c, officer.Person, "")
	})
}

func (s *seeder) grant(id string) {
	officer, chief := s.actor("p9@example.test"), s.actor("chief@example.test")
	s.on(officer, id, func(tx *store.Tx, c *cases.Case) error {
		all := map[string]review.Judgement{}
		for _, k := range c.Type.Checks {
			all[k.Key] = review.Judgement{Verdict: review.OK}
		}
		if err := review.Judge(tx, officer, c, all); err != nil {
			return err
		}
		return review.Propose(tx, officer, c, "擬准予核發")
	})
	s.on(chief, id, func(tx *store.Tx, c *cases.Case) error {
		_, err := review.Approve(tx, chief, c, "施工期間應維持鄰地排水暢通。")
		return err
	})
}

func (s *seeder) ask(id string) {
	officer := s.actor("p9@example.test")
	s.on(officer, id, func(tx *store.Tx, c *cases.Case) error {
		for _, m := range []review.Remark{
			{Place: "form/site", Text: "基地面積與地號表使用面積合計不符，請更正。", Law: "建築法 §30"},
			{Place: "drawings/A1-01", Mark: submission.Mark{X: 0.2, Y: 0.3, W: 0.15, H: 0.1}, Text: "一層平面圖未標示無障礙通路寬度，請補標。", Law: "建築技術規則建築設計施工編 §167"},
		} {
			if _, err := review.AddRemark(tx, officer, c, m); err != nil {
				return err
			}
		}
		return review.AskCorrection(tx, officer, c, "經審查有下列事項應予改正，請依建築法第35條、第36條規定改正後送請復審。")
	})
}

// seal registers a simulated card, if there are any, and seals with it: the form, where it is theirs, and sheets.
func (s *seeder) seal(by permit.Actor, id string, party permit.Party, number string, sheets ...string) {
	sim := s.h.cfg.cards
	if s.err != nil || sim == nil {
		return
	}
	if s.err = sim.Insert(number); s.err != nil {
		return
	}
	s.register(by)
	if s.err != nil {
		return
	}
	_, s.err = s.h.seals.Live(s.ctx, by, id, party, func(t seals.Thing) bool { return t.Kind == proof.Form || slices.Contains(sheets, t.Number) }, s.signs)
}

// register registers the card in the simulator's reader.
func (s *seeder) register(by permit.Actor) {
	var asked pki.Challenge
	about := "card " + by.Person
	s.write(func(tx *store.Tx) (err error) {
		asked, err = s.h.cards.Ask(tx, pki.BindCard, about, time.Minute)
		return err
	})
	if s.err != nil {
		return
	}
	var a pki.Answer
	if a, s.err = s.signs(asked); s.err != nil {
		return
	}
	var signed pki.Signed
	if signed, s.err = s.h.cards.Answered(s.ctx, pki.BindCard, about, a); s.err == nil {
		s.write(func(tx *store.Tx) error { _, err := cards.Register(tx, by, signed); return err })
	}
}

// signs is what the simulated card in the reader answers.
func (s *seeder) signs(c pki.Challenge) (pki.Answer, error) {
	ask, err := json.Marshal(map[string]string{"func": "MakeSignature", "tbs": base64.StdEncoding.EncodeToString([]byte(c.Text)), "tbsEncoding": "base64",
		"hashAlgorithm": "SHA256", "signatureType": "PKCS7", "withCardSN": "true", "pin": card.PIN, "nonce": c.Nonce})
	if err != nil {
		return pki.Answer{}, err
	}
	said, err := json.Marshal(s.h.cfg.cards.Do(s.h.cfg.base(), string(ask)))
	return pki.Answer{Text: c.Text, Said: string(said)}, err
}
