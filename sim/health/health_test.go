package health

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const origin = "https://cloudbm.example"

func open(t *testing.T) (*Sim, *httptest.Server) {
	t.Helper()
	s, err := New("the key", origin)
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewServer(s.Handler())
	t.Cleanup(at.Close)
	return s, at
}

func dial(t *testing.T, at, from string) (*websocket.Conn, error) {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), strings.Replace(at, "http", "ws", 1)+"/echo", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {from}}})
	if err == nil {
		t.Cleanup(func() { _ = c.CloseNow() })
	}
	return c, err
}

func ask(t *testing.T, c *websocket.Conn, command string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := c.Write(ctx, websocket.MessageText, []byte(command)); err != nil {
		t.Fatal(err)
	}
	_, b, err := c.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestComponent: the messages of domain §5.4 over a real WebSocket.
func TestComponent(t *testing.T) {
	s, at := open(t)
	c, err := dial(t, at.URL, origin)
	if err != nil {
		t.Fatal(err)
	}
	for command, want := range map[string]string{
		"GetVersion":                         `^GetVersion:0001$`,
		"GetBasic":                           `^GetBasic:000000000011,測試甲,D123000011,0600305,M$`,
		"GetRandom":                          `^GetRandom:[0-9]{16}$`,
		"EnCrypt?Pwd=12345":                  `^8009$`,
		"EnCrypt?Pwd=123456":                 `^EnCrypt:[0-9A-F]+$`,
		"EnCrypt?Pwd=123456789012":           `^EnCrypt:[0-9A-F]+$`,
		"EnCrypt?Pwd=1234567890123":          `^8009$`,
		"H_Sign?Random=00011234567890123456": `^H_Sign:[0-9A-F]{256}$`,
		"H_Sign?Random=0001123456789012345":  `^9999$`, // 19 characters
		"H_Sign?Random=00021234567890123456": `^9999$`, // another version
		"H_Sign?Random=0001123456789012345x": `^9999$`,
		"SecureGetBasicWithParam?Pwd=AB":     `^SecureGetBasicWithParam:[0-9A-F]+$`,
		"GetVersion?":                        `^9999$`,
		"":                                   `^9999$`,
		"Exit":                               `^9999$`,
	} {
		if got := ask(t, c, command); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: %s, want %s", command, got, want)
		}
	}
	for fault, want := range map[Fault]string{NoReader: "8013", NoCard: "8013", Unreadable: "8011", Broken: "9999"} {
		s.Fail(fault)
		if got := ask(t, c, "SecureGetBasicWithParam?Pwd=AB"); got != want {
			t.Errorf("%s: %s, want %s", fault, got, want)
		}
	}
	for _, from := range []string{"", "https://elsewhere.example", origin + ".elsewhere.example", "http://cloudbm.example", "null"} {
		if _, err := dial(t, at.URL, from); err == nil {
			t.Errorf("a page of %q got a connection", from)
		}
	}
}

// question is what a browser brings for random, as the component answers now.
func question(t *testing.T, s *Sim, random, password string) Question {
	t.Helper()
	answer := func(command, name string) string {
		got, ok := strings.CutPrefix(s.Answer(command), name+":")
		if !ok {
			t.Fatalf("%s: %s", command, got)
		}
		return got
	}
	q := Question{Version: answer("GetVersion", "GetVersion"), Random: random}
	q.Password = answer("EnCrypt?Pwd="+password, "EnCrypt")
	q.Basic = answer("SecureGetBasicWithParam?Pwd="+q.Password, "SecureGetBasicWithParam")
	q.Signature = answer("H_Sign?Random="+q.Version+random, "H_Sign")
	return q
}

const random = "0123456789012345"

func TestVerify(t *testing.T) {
	s, _ := open(t)
	v := s.Verify(question(t, s, random, Password))
	if v.Result != "ok" || v.Card != "000000000011" || v.Name != "測試甲" || v.Random != random || len(v.Person) != 64 {
		t.Errorf("%+v", v)
	}
	want := func(what string, q Question, result string) {
		t.Helper()
		if v := s.Verify(q); v.Result != result || v.Card != "" || v.Name != "" || v.Person != "" {
			t.Errorf("%s: %+v, want %s", what, v, result)
		}
	}
	mine := question(t, s, random, Password)
	replay := mine
	replay.Random = "9999999999999999"
	want("a signature over another number", replay, "signature")
	if err := s.Insert("000000000022"); err != nil {
		t.Fatal(err)
	}
	theirs := question(t, s, random, Password)
	mixed := theirs
	mixed.Signature = mine.Signature
	want("another card's signature", mixed, "signature")
	mixed = mine
	mixed.Basic = theirs.Basic
	want("another card's data", mixed, "signature")
	mixed = mine
	mixed.Password = theirs.Password
	want("another card's password", mixed, "password")
	for number, result := range map[string]string{"000000000911": "unregistered", "000000000912": "expired", "000000000913": "cancelled", "000000000914": "locked"} {
		if err := s.Insert(number); err != nil {
			t.Fatal(err)
		}
		want(number, question(t, s, random, Password), result)
	}
	if err := s.Insert("000000000030"); err != nil {
		t.Fatal(err)
	}
	for i, result := range []string{"password", "password", "locked"} {
		v := s.Verify(question(t, s, random, "wrong-one"))
		if v.Result != result || v.Left != 2-i {
			t.Errorf("wrong password %d: %+v", i+1, v)
		}
	}
	want("the right password of a locked card", question(t, s, random, Password), "locked")
	s.Fresh()
	if v := s.Verify(question(t, s, random, Password)); v.Result != "ok" {
		t.Errorf("after unlocking: %+v", v)
	}
}

// TestServed: the verification service wants the key, and the desk sets card and fault.
func TestServed(t *testing.T) {
	s, at := open(t)
	post := func(key string, body []byte) int {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at.URL+"/verify", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+key)
		a, err := at.Client().Do(q)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a.StatusCode
	}
	body, err := json.Marshal(question(t, s, random, Password))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		key  string
		body []byte
		want int
	}{{"the key", body, 200}, {"another", body, 401}, {"", body, 401}, {"the key", []byte("{"), 400}, {"the key", bytes.Repeat([]byte(" "), 1<<20), 400}} {
		if got := post(x.key, x.body); got != x.want {
			t.Errorf("key %q: %d, want %d", x.key, got, x.want)
		}
	}
	a, err := at.Client().PostForm(at.URL+"/", url.Values{"card": {"000000000022"}, "fault": {"service-off"}})
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if got := post("the key", body); a.StatusCode != 200 || got != 503 {
		t.Errorf("the desk answers %d, the service then %d", a.StatusCode, got)
	}
	if got := s.Answer("GetBasic"); !strings.Contains(got, "測試乙") {
		t.Error("the card was not changed:", got)
	}
}

// TestCertificate: the simulator speaks TLS as localhost.
func TestCertificate(t *testing.T) {
	s, _ := open(t)
	cert, err := Certificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewUnstartedServer(s.Handler())
	at.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	at.StartTLS()
	defer at.Close()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: at.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "localhost", MinVersion: tls.VersionTLS12}}}
	a, err := client.Get(at.URL)
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"GetVersion", "GetBasic", "GetRandom", "EnCrypt?Pwd=123456", "H_Sign?Random=00011234567890123456", "SecureGetBasicWithParam?Pwd=AB", "H_Sign?Random=", "?", "EnCrypt?Pwd"} {
		f.Add(s)
	}
	s, err := New("the key", origin)
	if err != nil {
		f.Fatal(err)
	}
	answers := regexp.MustCompile(`^(8009|8011|8013|9999|(GetVersion|GetBasic|GetRandom|EnCrypt|H_Sign|SecureGetBasicWithParam):[^\n]+)$`)
	f.Fuzz(func(t *testing.T, command string) {
		name, argument := Parse(command)
		if name == "" && argument != "" || name != "" && !strings.HasPrefix(command, name) || !strings.HasSuffix(command, argument) {
			t.Errorf("%q: %q, %q", command, name, argument)
		}
		if got := s.Answer(command); !answers.MatchString(got) || name == "" && got != "9999" {
			t.Errorf("%q is answered %q", command, got)
		}
	})
}
