package pki_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// TestCodes: every code of the component, in each of the ways its versions write numbers.
func TestCodes(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	for _, c := range []struct {
		code  uint32
		minor int64
		key   string
	}{
		{0x76000001, 0, "strange"}, {0x76000002, 0, "strange"}, {0x76000003, 0, "strange"}, {0x76000004, 0, "strange"},
		{0x76000005, 0, "driver"}, {0x76000006, 0, "card"}, {0x76000007, 0, "unreadable"}, {0x76000008, 0, "strange"},
		{0x76000009, 0, "strange"}, {0x7600000A, 0, "strange"}, {0x7600000B, 0, "strange"}, {0x7600000C, 0, "strange"},
		{0x7600000D, 0, "busy"}, {1979711501, 0, "busy"}, {0x7600000E, 0, "old"}, {0x7600000F, 0, "site"}, {0x76000031, 0, "site"},
		{0x76000998, 0, "cancelled"}, {0x76000999, 0, "cancelled"}, {0x76100001, 0, "driver"}, {0x76100003, 0, "reader"},
		{0x76100006, 0, "pin"}, {0x76100006, 0xA0, "pin"}, {0x76100006, 0xA2, "pin-length"}, {0x76100006, 0xA4, "locked"},
		{0x76100006, -2147483647, "pin-one"}, {0x76100006, -2147483646, "pin-two"}, {0x76100006, 0x80000002, "pin-two"}, {0x76100006, 0xFF, "pin"},
		{0x76100008, 0, "unreadable"}, {0x76100009, 0, "unreadable"}, {0x76100FFF, 0, "unreadable"}, {0x76500001, 0, "not-yet"}, {0x76500002, 0, "expired"},
		{0x76200001, 0, "strange"}, {0x76300001, 0, "strange"}, {0x76400001, 0, "strange"}, {0x76600001, 0, "strange"}, {1, 0, "strange"},
	} {
		for _, said := range []string{
			fmt.Sprintf(`{"func":"sign","ret_code":%d,"last_error":%d}`, c.code, c.minor),
			fmt.Sprintf(`{"func":"sign","ret_code":"%d","last_error":"%d"}`, c.code, c.minor),
			fmt.Sprintf(`{"func":"sign","ret_code":"0x%X","last_error":%d}`, c.code, c.minor),
		} {
			ch := b.ask(pki.SignIn, "")
			_, err := b.answered(pki.SignIn, "", ch.Text, said)
			b.want(said, err, c.key)
		}
	}
	for said, key := range map[string]string{
		`{"trouble":"popup"}`: "popup", `{"trouble":"component"}`: "component", `{"trouble":"closed"}`: "closed", `{"trouble":"made up"}`: "strange",
		`{"ret_code":"誰"}`: "strange", `{"ret_code":99999999999}`: "strange", `[]`: "strange", strings.Repeat(" ", 200<<10): "strange", `{}`: "tampered",
	} {
		ch := b.ask(pki.SignIn, "")
		_, err := b.answered(pki.SignIn, "", ch.Text, said)
		b.want(fmt.Sprintf("%.40s", said), err, key)
	}
}

// TestLeast: the oldest versions that may answer.
func TestLeast(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.room.Least = pki.Least{Windows: "1.3.4.103327", Mac: "1.3.4.13"}
	x := b.issue(citizen, keys().ec, nil)
	const windows, mac, other = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "Mozilla/5.0 (X11; Linux x86_64)"
	for _, c := range []struct {
		agent, version, key string
	}{
		{windows, "1.3.4.103327", ""}, {windows, "1.3.4.103328", ""}, {windows, "1.4", ""}, {windows, "2", ""}, {windows, "1.3.4.103326", "old"},
		{windows, "1.3.4", "old"}, {windows, "", "old"}, {windows, "new", "old"}, {mac, "1.3.4.13", ""}, {mac, "1.3.4.9", "old"}, {other, "", ""},
	} {
		ch := b.ask(pki.SignIn, "")
		a := b.make(ch, x, keys().ec).answer(t)
		a.ServerVersion = c.version
		j, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.room.Answered(t.Context(), pki.SignIn, "", pki.Answer{Text: ch.Text, Said: string(j), Agent: c.agent})
		b.want(c.agent+" "+c.version, err, c.key)
	}
}

// TestTroubles: each names cause and next step in both languages, has a number and a page of its own with another door.
func TestTroubles(t *testing.T) {
	site := web.NewSite(storetest.SQLite(t), nil)
	pki.Doors{Others: []pki.Link{{Text: say.T("備用帳號", "Backup account"), URL: "/signin"}}}.Mount(site)
	v := webtest.New(t, site)
	var keys, numbers, titles []string
	for _, tr := range pki.Troubles {
		for _, s := range append([]say.Text{tr.Title, tr.Cause}, tr.Steps...) {
			if s.Zh == "" || s.En == "" {
				t.Errorf("%s: half a sentence: %+v", tr.Key, s)
			}
		}
		keys, numbers = append(keys, tr.Key), append(numbers, tr.Func)
		titles = append(titles, tr.Title.Zh+tr.Cause.Zh)
		p := v.Get(tr.TroubleURL()).WantStatus(200).Want(tr.Title.Zh, tr.Cause.Zh, tr.Func, "備用帳號")
		for _, l := range tr.Links {
			p.Want(l.Text.Zh)
		}
		if f := tr.Fault(); f.Way == nil || f.Way.URL != tr.TroubleURL() || f.Kind != fault.Invalid && f.Kind != fault.Unavailable {
			t.Errorf("%s: %+v leads nowhere", tr.Key, f)
		}
		v.Get("/card/trouble").WantStatus(200).Want(tr.Title.Zh)
	}
	for _, all := range [][]string{keys, numbers, titles} {
		if s := slices.Sorted(slices.Values(all)); len(slices.Compact(s)) != len(pki.Troubles) {
			t.Errorf("two of a kind: %v", all)
		}
	}
	v.Get("/card/trouble/nothing").WantStatus(404).Want("從清單選擇")
	v.Get("/card/trouble/pin-one?lang=en").Want("one try is left", "Backup account")
}

// TestInspect: what the component says of readers and cards, in words, and without the holder's name or number.
func TestInspect(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.room.Least = pki.Least{Windows: "1.3.4.103327"}
	good := b.issue(citizen, keys().ec, nil)
	stranger := newBench(t, storetest.SQLite(t)).issue(citizen, keys().ec, nil)
	slots := func(x []byte) string {
		return fmt.Sprintf(`{"func":"pkcs11info","ret_code":0,"serverVersion":"1.3.4.103327","slots":[{"slotDescription":"Reader","token":{"serialNumber":"TP01","certs":[{"label":"cert1","usage":"digitalSignature","certb64":%q}]}}]}`, base64.StdEncoding.EncodeToString(x))
	}
	for _, c := range []struct{ said, want string }{
		{slots(good.Raw), "popup+ component+ reader+ card+"},
		{slots(stranger.Raw), "popup+ component+ reader+ card-untrusted"},
		{slots([]byte("no certificate")), "popup+ component+ reader+ card-unreadable"},
		{`{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[{"slotDescription":"R","token":null}]}`, "popup+ component+ reader+ card-card"},
		{`{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[{"slotDescription":"R"}]}`, "popup+ component+ reader+ card-card"},
		{`{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[{"slotDescription":"R","token":"unknown token"}]}`, "popup+ component+ reader+ card-unreadable"},
		{`{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[]}`, "popup+ component+ reader-reader card-card"},
		{`{"func":"pkcs11info","serverVersion":"1.0","slots":[]}`, "popup+ component-old reader-reader card-card"},
		{`{"func":"pkcs11info","ret_code":1980760067,"serverVersion":"1.3.4.103327"}`, "component+ reader-reader"},
		{`{"func":"pkcs11info","ret_code":1980760065,"serverVersion":"1.3.4.103327"}`, "component-driver"},
		{`{"func":"pkcs11info","ret_code":1979711537}`, "component-site"},
		{`{"trouble":"popup"}`, "popup-popup"}, {`{"trouble":"component"}`, "component-component"}, {`{"func":"sign"}`, "component-strange"}, {`nothing`, "component-strange"},
	} {
		var got []string
		for _, f := range b.room.Inspect(pki.Answer{Said: c.said, Agent: "Windows"}, noon) {
			s := f.Key + "+"
			if !f.Good {
				s = f.Key + "-" + strings.TrimPrefix(f.URL, "/card/trouble/")
			}
			got = append(got, s)
			if strings.Contains(f.Text.Zh, "測試甲") || strings.Contains(f.Text.Zh, "TP01") || f.Text.Zh == "" || f.Text.En == "" {
				t.Errorf("%s says %q", f.Key, f.Text.Zh)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%.80s…: %v, want %s", c.said, got, c.want)
		}
	}
	var none *pki.Room
	if f := none.Inspect(pki.Answer{Said: slots(good.Raw)}, noon); !f[3].Good || none.Origin() != pki.DefaultComponent || none.Open() {
		t.Errorf("without a configuration: %+v", f)
	}
}
