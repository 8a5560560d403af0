package openid_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cloudbm/openid"
	"cloudbm/store/storetest"
)

const modules = "/usr/lib/apache2/modules"

// apache is an Apache of its own, with mod_auth_openidc before one folder.
func apache(t *testing.T, h *house) (base string) {
	t.Helper()
	for _, need := range []string{"/usr/sbin/apache2", modules + "/mod_auth_openidc.so"} {
		if _, err := os.Stat(need); err != nil {
			missing(t, err)
		}
	}
	dir := t.TempDir()
	port := freePort(t)
	base = fmt.Sprintf("http://127.0.0.1:%d", port)
	owner := ""
	if os.Getuid() == 0 { // Apache gives its rights away, and has to reach the folder all the same
		owner = "User www-data\nGroup www-data\n"
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var load strings.Builder
	for _, m := range []string{"mpm_event", "authn_core", "authz_core", "authz_user", "include", "mime", "auth_openidc"} {
		fmt.Fprintf(&load, "LoadModule %s_module %s/mod_%s.so\n", m, modules, m)
	}
	conf := load.String() + owner + fmt.Sprintf(`
ServerRoot %[1]s
ServerName 127.0.0.1
Listen 127.0.0.1:%[2]d
PidFile %[1]s/pid
ErrorLog /dev/stderr
LogLevel warn
TypesConfig /dev/null
DocumentRoot %[1]s/site
AddType "text/html; charset=utf-8" .html
<Directory %[1]s/site>
	Require all granted
	Options +Includes
	SetOutputFilter INCLUDES
</Directory>
OIDCProviderMetadataURL %[3]s/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret %[4]q
OIDCRedirectURI %[5]s/in/back
OIDCCryptoPassphrase "a passphrase of the tests"
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCRemoteUserClaim sub
<Location /in>
	AuthType openid-connect
	Require valid-user
</Location>
`, dir, port, h.issuer, secret, base)
	page := `user=<!--#echo var="REMOTE_USER" --> name=<!--#echo encoding="none" var="OIDC_CLAIM_name" --> email=<!--#echo var="OIDC_CLAIM_email" -->`
	for name, text := range map[string]string{"apache.conf": conf, "site/in/index.html": page, "site/bye.html": "bye"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("/usr/sbin/apache2", "-f", filepath.Join(dir, "apache.conf"), "-D", "FOREGROUND")
	c.Stdout, c.Stderr = t.Output(), t.Output()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() { _ = c.Process.Signal(syscall.SIGTERM); <-ended })
	for {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			conn.Close()
			return base
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatal("Apache does not start: ", err)
		case <-time.After(20 * time.Millisecond): // it is coming up; there is no event to wait for
		}
	}
}

// reader asks for pages, as a browser does: others are told 401 instead of being sent to sign in.
type reader struct{}

func (reader) RoundTrip(q *http.Request) (*http.Response, error) {
	q.Header.Set("Accept", "text/html")
	return http.DefaultTransport.RoundTrip(q)
}

// TestProviderServesApache: the module that most servers of agencies have lets nobody in whom the provider does not send.
func TestProviderServesApache(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	base := apache(t, h)
	h.let(openid.Client{ID: "apache", Name: "測試網站", SecretHash: openid.Mark(secret), Scopes: []string{"profile", "email"},
		Redirects: []string{base + "/in/back"}, LogoutRedirects: []string{base + "/bye.html"}})
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: reader{}}

	a, err := browser.Get(base + "/in/index.html")
	if body := read(t, a, err); body != "200 user=person-1 name=測試甲 email=p1@example.test" {
		t.Fatalf("%v %.1000s", a.Request.URL, body)
	}
	a, err = browser.Get(base + "/in/back?logout=" + url.QueryEscape(base+"/bye.html"))
	if body := read(t, a, err); body != "200 bye" || a.Request.URL.Path != "/bye.html" {
		t.Fatalf("%v %.1000s", a.Request.URL, body)
	}
	if len(h.endings()) != 1 || h.endings()[0] != "person-1 apache session-1" {
		t.Fatalf("the provider was not told: %v", h.endings())
	}
	h.mu.Lock()
	h.refuse = openid.Denied
	h.mu.Unlock()
	a, err = browser.Get(base + "/in/index.html")
	// Debian's version takes the iss of an error (RFC 9207) for a sign-in begun elsewhere; what it shows is an error all the same.
	if body := read(t, a, err); strings.Contains(body, "user=") || !strings.Contains(body, "<p>Error:") || a.Request.URL.Query().Get("error") != "access_denied" {
		t.Fatalf("refused, and let in: %v %.1000s", a.Request.URL, body)
	}
}
