package story

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"cloudbm/sim/bundle"
)

// TestWalkVerify downloads a round of the demonstration and verifies it, with the program and with openssl; then bundles in
// Chromium, with the network switched off once the page has loaded: that one, a good one, one with a byte changed, one
// without a seal, something else.
func TestWalkVerify(t *testing.T) {
	simulated(t)
	s := serve(t, t.TempDir(), "", "demo")
	dir, anchors := t.TempDir(), filepath.Join(s.data, "cards", "anchors.pem")
	// The authorities of the demonstration seal here too.
	d, err := bundle.Open(filepath.Join(s.data, "cards", "authorities"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	keep := func(name string, b []byte) {
		files[name] = filepath.Join(dir, name+".zip")
		if err := os.WriteFile(files[name], b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	written := func(r bundle.Round) []byte {
		b, err := r.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	// The files are larger than the pieces in which the page reads.
	r, err := d.Sealed(bundle.Plan{Sheets: 4, Size: 3 << 20})
	if err != nil {
		t.Fatal(err)
	}
	good := written(r)
	keep("good", good)
	flipped := append([]byte{}, good...)
	flipped[len(good)/2] ^= 1
	keep("flipped", flipped)
	r.Contents.Seals = r.Contents.Seals[:1]
	keep("unsealed", written(r))
	keep("other", []byte("%PDF-1.7"))

	w := open(t, s.url)
	w.scene("a round of the demonstration", func() {
		p := w.enter("p1")
		p.signIn("p1@example.test")
		p.visit("/bls/cases")
		p.visit("/bls/cases?q=" + url.QueryEscape("範例集合住宅"))
		p.visit(p.first(`^/bls/cases/[0-9a-z]{26}$`))
		p.follow("第 1 次送件內容")
		p.sees("下載送件內容與證明（ZIP，約", "下載會留下紀錄")
		p.shot("verify-round")
		p.noBarrier()
		keep("demo", p.fetched("下載送件內容與證明"))
		path, err := binary()
		p.must(err)
		said, err := exec.Command(path, "verify", files["demo"], "--trust", anchors, "--lang", "en").CombinedOutput()
		if ended := new(exec.ExitError); !errors.As(err, &ended) || ended.ExitCode() != 1 {
			w.t.Errorf("cloudbm verify: %v\n%s", err, said)
		}
		for _, want := range []string{"No change was found", "✓ files", "✓ form", "✓ seal (seals/01.txt)", "! unsealed", "✓ authority"} {
			if !strings.Contains(string(said), want) {
				w.t.Errorf("cloudbm verify does not say %q:\n%s", want, said)
			}
		}
		p.quiet()
	})
	w.scene("off line", func() {
		p := w.enter("anybody")
		p.visit("/verify")
		p.sees("驗證送件檔", "檔案不會離開您的電腦", "cloudbm verify bundle.zip")
		p.until("the verifier is ready", func() bool { return p.verifying() == "ready" })
		_, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}}})
		p.must(err)
		if !js[bool](p, `fetch("/help").then(() => false, () => true)`) {
			p.lost("the network is still there")
		}
		judge := func(name string, says ...string) {
			js[bool](p, `(document.querySelector("[data-verify]").dataset.state = "", true)`)
			p.files("#bundle", files[name])
			p.until("the report on "+name, func() bool { return p.verifying() == "done" })
			p.sees(says...)
			p.shot("verify-" + name)
			p.noBarrier()
		}
		judge("demo", "請判斷 沒有發現更動", "測試甲", "南市建開證字第T000101號")
		judge("good", "通過 驗證通過：內容與送件時相同", "測試甲", "測試乙", "測試市政府")
		judge("flipped", "不符 不可信賴", "的內容已被更動或毀損", "請勿採用這份資料")
		judge("unsealed", "不符 不可信賴", "沒有壓章提到這個畫面", "有 1 項沒有有效的壓章")
		judge("other", "這不是完整、安全的送件壓縮檔")
		p.quiet("net::ERR_INTERNET_DISCONNECTED")
	})
	w.scene("without script", func() {
		p := w.enterWith("plain", false)
		p.visit("/verify")
		p.sees("用命令列驗證", "openssl cms -verify")
		p.misses("選擇壓縮檔")
	})
}

// verifying is how far the page has come.
func (p *person) verifying() string {
	return js[string](p, `document.querySelector("[data-verify]").dataset.state ?? ""`)
}
