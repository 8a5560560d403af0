package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"cloudbm/accounts"
	"cloudbm/cards"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/deeds"
	"cloudbm/doors"
	"cloudbm/drawings"
	"cloudbm/factors"
	"cloudbm/jobs"
	"cloudbm/notices"
	"cloudbm/openid"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/portal"
	"cloudbm/register"
	"cloudbm/review"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/sso"
	"cloudbm/stamps"
	"cloudbm/store"
	"cloudbm/submission"
	"cloudbm/verdict"
	"cloudbm/web"
)

// house is every room, wired: the one place where they meet.
type house struct {
	cfg    *Config
	log    *slog.Logger
	db     *store.DB
	site   *web.Site
	crew   *jobs.Crew
	engine *pdf.Engine
	room   *drawings.Room
	cards  *pki.Room
	deeds  *deeds.Room
	seals  *seals.Room
	keeper *register.Keeper
	leaving
}

// build opens the stores and mounts the rooms in the order the paper flows.
func build(ctx context.Context, cfg *Config) (*house, error) {
	if err := errors.Join(cfg.check(), catalog.Check()); err != nil {
		return nil, err
	}
	slog.SetDefault(cfg.quiet())
	h := &house{cfg: cfg, log: cfg.log(), crew: jobs.NewCrew()}
	var err error
	if h.db, err = cfg.open(ctx); err != nil {
		return nil, err
	}
	if err := h.furnish(); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	return h, nil
}

func (h *house) furnish() error {
	files, err := h.cfg.blobs()
	if err != nil {
		return err
	}
	fonts, err := pdf.NewFonts(h.cfg.RareFonts)
	if err != nil {
		return err
	}
	if h.engine, err = pdf.NewEngine(h.cfg.path("pdf-cache"), h.cfg.Workers); err != nil {
		return err
	}
	h.site = web.NewSite(h.db, h.log)
	h.site.Production = h.cfg.Production
	if h.site.Proxies, err = h.cfg.proxies(); err != nil {
		return err
	}
	h.site.Who = roles.Who(h.db)
	if h.cfg.OfficerFactor {
		h.site.Who = roles.Guarded(h.db)
	}

	if h.cards, err = h.cfg.Cards.room(h.db, h.cfg); err != nil {
		return err
	}
	if h.deeds, err = h.cfg.Sign.room(h, files); err != nil {
		return err
	}
	front := h.portal()
	front.Files, front.Reader = files, h.cards
	h.site.Chrome = front.Chrome
	h.room = &drawings.Room{Blobs: files, Engine: h.engine, DB: h.db, Cache: h.cfg.path("pictures"), Beside: stamps.Beside}
	if !h.cards.Anchors.Empty() {
		h.room.Anchors = h.cards.Anchors
	}
	inks := &stamps.Room{Blobs: files, Engine: h.engine, Fonts: fonts, Base: h.cfg.base(), Cache: filepath.Join(h.cfg.path("pictures"), "stamped")}

	if h.cfg.standIn() {
		if err := h.standIn(); err != nil {
			return err
		}
	}
	people := accounts.Room{Letter: letter, Base: h.cfg.base()}
	people.Mount(h.site)
	factors.Room{Letter: letter, Base: h.cfg.base(), Required: h.cfg.OfficerFactor}.Mount(h.site)
	national, join, err := h.national()
	if err != nil {
		return err
	}
	ways := doors.Room{Announcements: front.Announcements, Trial: h.cfg.Trial, EGov: national, Join: join, Card: h.cfg.health(), Letter: letter, Base: h.cfg.base()}
	ways.Mount(h.site)
	pki.Doors{Others: []pki.Link{{Text: say.T("備用帳號", "Backup account"), URL: "/signin"}, {Text: say.T("其他登錄方式", "Other ways to sign in"), URL: "/"}}}.Mount(h.site)
	roles.Mount(h.site)
	sisters, err := sso.Open(h.db, h.cfg.base())
	if err != nil && h.cfg.Production {
		return err
	}
	if err != nil {
		h.log.Warn("sister systems cannot sign in here", "why", err)
	}
	sso.Room{Tell: tellAccount, Local: !h.cfg.Production, Provider: sisters, Ways: sso.Ways{Bindings: bindings, Unbind: ways.Unbind, BindAt: ways.BindAt()}}.Mount(h.site)
	registered := &cards.Room{DB: h.db, Cards: h.cards, Numbers: h.cfg.Cards.numbers(), Warn: h.cfg.Cards.Warn, Tell: tellAccount}
	registered.Mount(h.site)
	registered.Teach(h.crew)
	(&cases.Room{Fonts: fonts, Base: h.cfg.base()}).Mount(h.site)
	h.room.Mount(h.site)
	h.seals = &seals.Room{DB: h.db, Cards: h.cards, Drawings: h.room, Blobs: files, Used: registered.Used}
	h.seals.Mount(h.site)
	inks.Mount(h.site)
	desk := &review.Room{Fonts: fonts, Base: h.cfg.base(), Stamps: inks, MaxSet: h.cfg.MaxSet << 20, Deeds: h.deeds}
	desk.Mount(h.site)
	counter := &submission.Room{Fonts: fonts, Base: h.cfg.base(), Blobs: files, Deeds: h.deeds}
	if h.deeds.Signs() {
		counter.Sign = h.deeds.Detached
	}
	counter.Mount(h.site)
	register.Mount(h.site)
	h.keeper = &register.Keeper{DB: h.db, Log: h.log, Origin: h.cfg.origin()}
	if h.deeds.Signs() {
		h.keeper.Sign, h.keeper.Trust = h.signList, h.signers()
	}
	h.keeper.Teach(h.crew)
	verdict.Room{Cards: h.cards.Anchors.Trust, Authorities: *h.signers()}.Mount(h.site)
	notices.Mount(h.site)
	front.Mount(h.site)
	h.watch()

	h.room.Teach(h.crew)
	cases.Follow(h.crew, h.db)
	h.seals.Teach(h.crew)
	desk.Teach(h.crew, h.db)
	counter.Teach(h.crew)
	openid.Work(h.crew, h.db)
	accounts.Room{Letter: letter, Base: h.cfg.base()}.Teach(h.crew, h.db)
	h.cards.Teach(h.crew)
	notices.Follow(h.crew, h.db)
	notices.Watch(h.crew, h.db)
	(&notices.Mailer{DB: h.db, Post: h.cfg.post(h.db), Base: h.cfg.base(), System: web.SystemName, Address: address, Log: h.log}).Teach(h.crew)
	return nil
}

// address is where a person gets letters.
func address(tx *store.Tx, person string) (notices.Address, error) {
	p, err := accounts.Find(tx, person)
	return notices.Address{Name: p.Name, Email: p.Mail()}, err
}

// letter sends what the accounts have to tell a person, a link for a password for one.
func letter(tx *store.Tx, to accounts.Person, subject, body say.Text) error {
	return notices.Write(tx, notices.Letter{ID: store.NewID(), To: to.Mail(), Name: to.Name, Subject: subject.Zh, Text: body.Zh})
}

// bindings are the ways in that a person has bound, for 使用者資訊.
func bindings(tx *store.Tx, person string) (out []sso.Binding, err error) {
	all, err := doors.Bindings(tx, person)
	for _, b := range all {
		out = append(out, sso.Binding{ID: b.ID, Door: b.Door, Label: b.Label, Since: b.Bound, Used: b.Used})
	}
	return out, err
}

// tellAccount puts what became of a request about somebody's account into their inbox.
func tellAccount(tx *store.Tx, person string, title, body say.Text, url string) error {
	return notices.Tell(tx, person, notices.Notice{Kind: notices.Account, Title: title, Body: body, URL: url})
}

// portal is the front of the house with what the rooms behind it give to it.
func (h *house) portal() *portal.Portal {
	return &portal.Portal{DB: h.db, Authority: roles.Tainan, Trial: h.cfg.Trial,
		Cases: myCases, Todo: todo, Favourites: favourites,
		AuthorityOf: func(tx *store.Tx, by permit.Actor) (string, error) {
			last, err := cases.List(tx, cases.Wanted{Person: by.Person, Limit: 1})
			if err != nil || len(last) == 0 {
				return "", err
			}
			return last[0].Authority, nil
		},
	}
}

func myCases(tx *store.Tx, by permit.Actor) ([]portal.Card, error) {
	all, err := cases.List(tx, cases.Wanted{Person: by.Person, Limit: 5})
	var out []portal.Card
	for _, c := range all {
		out = append(out, portal.Card{Title: say.F("%s %s", "%s %s", c.Type.Name, c.Label()), Tag: c.StateName(), URL: "/bls/cases/" + c.ID,
			Text: say.F("%s，輪到%s", "%s, waiting for %s", say.Same(c.AuthorityName()), c.State.Ball())})
	}
	return out, err
}

// favourites are the kinds of case that by keeps at hand.
func favourites(tx *store.Tx, by permit.Actor) (out []portal.Card, err error) {
	all, err := cases.Favourites(tx, by)
	for _, t := range all {
		out = append(out, portal.Card{Title: t.Name, URL: "/bls/cases?menu=" + string(t.Menu), Text: say.F("%s的案件", "Cases: %s", t.Menu.Name())})
	}
	return out, err
}

func todo(tx *store.Tx, by permit.Actor) ([]portal.Card, error) {
	var out []portal.Card
	back, err := cases.List(tx, cases.Wanted{Person: by.Person, States: []permit.State{permit.Correction, permit.Returned}, Limit: 10})
	if err != nil {
		return nil, err
	}
	for _, c := range back {
		out = append(out, portal.Card{Title: say.F("%s %s", "%s %s", c.StateName(), c.Label()), URL: "/bls/cases/" + c.ID, Tag: c.StateName(),
			Text: say.T("請修改後再送件", "Mend it and submit again")})
	}
	alarms, err := register.Todo(tx, by)
	if err != nil {
		return nil, err
	}
	if len(alarms) > 0 {
		out = append(out, portal.Card{Title: say.T("執照清單不符", "The list of licences does not fit"), URL: "/register/ledger", Tag: say.T("停止簽署", "Signing stopped"),
			Text: say.F("%d 處和當初寫入的不同，請查明", "%d places differ from what was written; find out why", len(alarms))})
	}
	waiting, err := sso.Inbox(tx, by)
	if err != nil {
		return nil, err
	}
	if len(waiting) > 0 {
		out = append(out, portal.Card{Title: say.T("審核申請", "Requests to decide"), URL: "/desk/requests", Text: say.F("%d 件等您審核", "%d wait for you", len(waiting))})
	}
	unsealed, err := seals.WaitingFor(tx, by, 10)
	if err != nil {
		return nil, err
	}
	for _, w := range unsealed {
		out = append(out, portal.Card{Title: say.F("等您壓章 %s", "Waiting for your seal: %s", w.Case.Label()), URL: "/bls/cases/" + w.Case.ID + "/seals", Text: say.F("%d 項", "%d things", w.Left)})
	}
	if at := by.Authorities(permit.Counter, permit.Reviewer, permit.Chief); len(at) > 0 {
		n, err := cases.Count(tx, cases.Wanted{Authorities: at, States: []permit.State{permit.Submitted, permit.Received, permit.Reviewing, permit.Resubmitted, permit.Proposed}})
		if err != nil {
			return nil, err
		}
		out = append(out, portal.Card{Title: say.T("審查收件匣", "Review inbox"), URL: "/desk", Text: say.F("%d 件在機關手上", "%d cases with the authority", n)})
	}
	return out, nil
}

// run serves until ctx ends, then stops in order: requests, jobs, drawings, database.
func (h *house) run(ctx context.Context) error {
	if err := review.ListOld(ctx, h.db); err != nil {
		return fmt.Errorf("list the licences from before the list: %w", err)
	}
	if err := h.crew.Start(context.WithoutCancel(ctx), h.db, h.cfg.Workers, slog.New(slog.DiscardHandler)); err != nil {
		return fmt.Errorf("start the jobs: %w", err)
	}
	server := h.site.Server(h.cfg.Listen)
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	h.log.Info("listening", "address", h.cfg.base())
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	h.Store(true)
	stop, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(stop), h.crew.Stop(stop), h.close())
}

func (h *house) close() error { return errors.Join(h.engine.Close(), h.db.Close()) }
