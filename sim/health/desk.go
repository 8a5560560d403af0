package health

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"html/template"
	"math/big"
	"net"
	"net/http"
	"time"

	"cloudbm/say"
)

// Handler serves the component, the verification service and the desk.
func (s *Sim) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /echo", s.echo)
	mux.HandleFunc("POST /verify", s.verify)
	mux.HandleFunc("GET /{$}", s.show)
	mux.Handle("POST /{$}", http.NewCrossOriginProtection().Handler(http.HandlerFunc(s.set)))
	return mux
}

type wrong struct {
	Fault Fault
	Text  say.Text
}

var faults = []wrong{
	{None, say.T("一切正常", "Nothing")},
	{NoReader, say.T("沒有讀卡機（8013）", "No reader (8013)")},
	{NoCard, say.T("沒有插卡（8013）", "No card (8013)")},
	{Unreadable, say.T("卡片讀不出來（8011）", "The card cannot be read (8011)")},
	{Broken, say.T("元件回答 9999", "The component answers 9999")},
	{Silent, say.T("元件沒有回應", "The component answers nothing")},
	{ServiceOff, say.T("驗證服務停機", "The verification service is down")},
}

var page = template.Must(template.New("desk").Parse(`<!doctype html>
<html lang="zh-Hant-TW"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>健保卡模擬器</title>
<h1>健保卡模擬器 Health card simulator</h1>
<p>卡片與人都是虛構的。每張卡的密碼 Every card's password: <code>{{.Password}}</code></p>
<form method="post">
<fieldset><legend>讀卡機裡的卡片 Card in the reader</legend>
{{range .Cards}}<p><label><input type="radio" name="card" value="{{.Number}}"{{if eq .Number $.Inside}} checked{{end}}> {{.Number}} {{.Name}} {{.State}}</label></p>
{{end}}</fieldset>
<fieldset><legend>出什麼錯 What goes wrong</legend>
{{range .Faults}}<p><label><input type="radio" name="fault" value="{{.Fault}}"{{if eq .Fault $.Fault}} checked{{end}}> {{.Text.Zh}} {{.Text.En}}</label></p>
{{end}}</fieldset>
<p><label><input type="checkbox" name="fresh" value="yes"> 卡片回到原來的狀態（解鎖） Cards as they were (unlocks them)</label></p>
<button>設定 Set</button>
</form>
</html>
`))

func (s *Sim) show(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	_ = page.Execute(w, map[string]any{"Cards": s.cards, "Inside": s.inside.Number, "Faults": faults, "Fault": s.fault, "Password": Password})
}

func (s *Sim) set(w http.ResponseWriter, q *http.Request) {
	q.Body = http.MaxBytesReader(w, q.Body, 4096)
	if err := s.Insert(q.FormValue("card")); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	s.Fail(Fault(q.FormValue("fault")))
	if q.FormValue("fresh") != "" {
		s.Fresh()
	}
	http.Redirect(w, q, "/", http.StatusSeeOther)
}

// Fresh brings every card back to its first state.
func (s *Sim) Fresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, was := range cards() {
		c := find(s.cards, was.Number)
		c.State, c.Wrong = was.State, 0
	}
}

// Certificate is made by itself, for localhost, and nobody's browser trusts it before it is told to.
func Certificate(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "cloudbm health card simulator"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(90 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
