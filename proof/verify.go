package proof

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"crypto/x509"

	"cloudbm/cms"
	"cloudbm/say"
)

// Options are whom the reader believes. Who believes nobody is told in which roots the chains end.
type Options struct {
	Cards       cms.Trust // the authorities of the cards
	Authorities cms.Trust // the authorities of the keys by which the building authorities sign
	Progress    func(done, all int64)
}

// Verify judges a bundle. Everything is judged as of the time at which it was sealed or signed, so certificates that
// have expired since, and roots of an earlier generation, do no harm. It reads piece by piece, and asks nobody.
func Verify(r io.ReaderAt, size int64, o Options) Report {
	v := &verifier{options: o, Report: Report{Kind: "bundle"}}
	var err error
	if v.archive, err = openArchive(r, size); err != nil {
		v.bad("archive", "", say.F("這不是完整、安全的送件壓縮檔（%s）", "This is no whole and safe archive of a submission (%s)", detail(err)), again)
		return v.Report
	}
	if n := v.archive.spare; n > 0 || v.archive.notice != "" {
		v.warn("archive.spare", "", say.F("壓縮檔裡有 %d 位元組不屬於任何檔案，可能夾帶別的內容", "%d bytes of the archive belong to no file; something else may be hidden in it", n+int64(len(v.archive.notice))),
			say.T("只採用本報告列出的檔案", "Use only the files that this report names"))
	}
	if !v.round() {
		return v.Report
	}
	v.bag()
	v.form()
	v.files()
	v.pictures = v.archive.byDigest(picturesFolder)
	v.seals()
	v.spare()
	v.authority()
	v.receipt()
	return v.Report
}

type verifier struct {
	Report
	options  Options
	archive  *archive
	raw      []byte // round.json
	loose    []*x509.Certificate
	pictures map[string]string
	shown    map[string]bool // pictures that a seal names
	done     int64
}

// round reads the manifest, without which there is nothing to compare with.
func (v *verifier) round() bool {
	b, err := v.archive.read(roundName)
	if err == nil {
		v.raw, v.Digest = b, digestOf(b)
		v.Manifest, err = ReadManifest(b)
	}
	switch {
	case errors.Is(err, errNewer) && v.Manifest.check() == nil:
		v.warn("round.newer", roundName, say.T("送件清單有本程式不認得的項目，那些項目沒有驗證", "The manifest has members that this program does not know; they were not verified"),
			say.T("用較新版本的 cloudbm 再驗證一次", "Verify it with a newer version of cloudbm"))
	case err != nil:
		v.bad("round", roundName, say.F("送件清單缺少或無法辨讀（%s），其他檔案因此沒有比對的依據", "The manifest is missing or cannot be read (%s), so there is nothing to compare the other files with", detail(err)), changed)
		return false
	}
	v.good("round", roundName, say.F("送件清單：案件序號 %s，第 %d 次送件，系統收到時間 %s；雜湊值 %s 應與收據相同",
		"The manifest: case %s, round %d, received %s; its digest %s has to be that on the receipt", v.Manifest.Serial, v.Manifest.Round, stamp(v.Manifest.at()), v.Digest))
	return true
}

// bag gathers certificates that may lie between; they are trusted for nothing.
func (v *verifier) bag() {
	for _, name := range v.archive.under(certsFolder) {
		b, err := v.archive.read(name)
		var all []*x509.Certificate
		if err == nil {
			all, err = cms.Certificates(b)
		}
		if err != nil {
			v.warn("certificates", name, say.F("無法辨讀的憑證（%s）；沒有採用", "A certificate that cannot be read (%s); it was left out", detail(err)), again)
			continue
		}
		if len(v.loose) < 64 {
			v.loose = append(v.loose, all...)
		}
	}
}

func (v *verifier) form() {
	got, err := "", error(nil)
	if v.archive.has(formName) {
		got, err = v.archive.digest(formName)
	}
	switch {
	case !v.archive.has(formName):
		v.bad("form", formName, say.T("缺少填答內容", "The answers are missing"), changed)
	case err != nil || got != v.Manifest.Form:
		v.bad("form", formName, say.T("填答內容與送件時不同", "The answers are not those that were submitted"), changed)
	default:
		v.good("form", formName, say.T("填答內容與送件時相同", "The answers are those that were submitted"))
	}
}

// files holds every file to its name and to the manifest.
func (v *verifier) files() {
	m := v.Manifest
	named := map[string]string{} // digest → what it is
	var order []string
	add := func(digest, what string) {
		if named[digest] == "" {
			order = append(order, digest)
			named[digest] = what
		}
	}
	for _, s := range m.Sheets {
		add(s.Digest, s.Name())
	}
	for _, p := range m.Papers {
		add(p.Digest, p.FileName)
	}
	have := v.archive.byDigest(filesFolder)
	right := 0
	for _, digest := range order {
		name := have[digest]
		if name == "" {
			v.bad("file.missing", named[digest], say.F("缺少「%s」的檔案 files/%s", "The file of %s is missing: files/%s", named[digest], digest), changed)
			continue
		}
		if v.same("file", name, digest, named[digest]) {
			right++
		}
	}
	for _, name := range v.archive.under(filesFolder) {
		digest, _, _ := strings.Cut(strings.TrimPrefix(name, filesFolder), ".")
		if named[digest] == "" || have[digest] != name {
			v.bad("file.extra", name, say.T("送件清單沒有這個檔案，它不屬於這次送件", "The manifest does not name this file; it was not submitted in this round"), changed)
		}
	}
	if right == len(order) {
		v.good("files", "", say.F("%d 張圖說、%d 份文件（%d 個檔案）都在，內容與送件時相同", "%d sheets and %d papers (%d files) are there, as they were submitted", len(m.Sheets), len(m.Papers), right))
	}
}

// same holds a file to the digest in its name.
func (v *verifier) same(key, name, digest, what string) bool {
	got, err := v.archive.digest(name)
	v.done += int64(v.archive.files[name].UncompressedSize64)
	if v.options.Progress != nil {
		v.options.Progress(v.done, v.all())
	}
	if err != nil || got != digest {
		v.bad(key, name, say.F("「%s」的內容已被更動或毀損：SHA-256 應為 %s", "The content of %s was changed or damaged: its SHA-256 should be %s", what, digest), changed)
		return false
	}
	return true
}

func (v *verifier) all() (n int64) {
	for _, f := range v.archive.files {
		n += int64(f.UncompressedSize64)
	}
	return n
}

// seals judges the seals in their order, and says which sheets they are over.
func (v *verifier) seals() {
	v.shown = map[string]bool{}
	v.Sheets = append(v.Sheets, Covered{Kind: Form, Name: "form.json"})
	at := map[string]int{string(Form) + v.Manifest.Case: 0}
	for _, s := range v.Manifest.Sheets {
		at[string(Sheet)+s.Version] = len(v.Sheets)
		v.Sheets = append(v.Sheets, Covered{Kind: Sheet, Name: calm(s.Name())})
	}
	for _, p := range v.Manifest.Papers {
		at[string(Paper)+p.Paper] = len(v.Sheets)
		v.Sheets = append(v.Sheets, Covered{Kind: Paper, Name: calm(p.FileName)})
	}
	texts, nonces, last := map[string]bool{}, map[string]bool{}, 0
	for _, number := range v.numbers() {
		n, _ := strconv.Atoi(number)
		for last++; last < n; last++ {
			v.missing(fmt.Sprintf("%02d", last))
		}
		if len(texts) >= maxSeals {
			v.bad("seals.many", "", say.F("超過 %d 個壓章，其餘沒有驗證", "More than %d seals; the others were not verified", maxSeals), changed)
			return
		}
		s, by, ok := v.seal(number, texts)
		if s.Nonce != "" && nonces[s.Nonce] {
			v.bad("seal.twice", sealsFolder+number+".txt", say.T("兩個壓章用同一個隨機碼", "Two seals with the same nonce"), changed)
			ok = false
		}
		nonces[s.Nonce] = true
		for _, it := range s.Items {
			if v.covers(number, s, it) && ok {
				i := at[string(it.Kind)+it.ID]
				v.Sheets[i].Seals = append(v.Sheets[i].Seals, by)
			}
		}
	}
	for _, s := range v.Manifest.Seals {
		if !texts[s.Text] {
			v.bad("seal.missing", s.Text, say.F("送件清單所列的壓章（文字的 SHA-256 為 %s）不在壓縮檔裡", "A seal that the manifest names (SHA-256 of its text %s) is not in the archive", s.Text), changed)
		}
	}
	v.uncovered()
}

// numbers are the numbers of the seals, in their order.
func (v *verifier) numbers() (out []string) {
	for _, name := range v.archive.under(sealsFolder) {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, sealsFolder), ".")
		if !slices.Contains(out, number) {
			out = append(out, number)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int {
		if d := len(a) - len(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return out
}

func (v *verifier) missing(number string) {
	v.bad("seal.missing", sealsFolder+number, say.F("缺少第 %s 個壓章", "Seal %s is missing", number), changed)
}

// covers reports whether an item of a seal is the very thing that the round has.
func (v *verifier) covers(number string, s Seal, it Item) bool {
	about := sealsFolder + number + ".txt"
	name := strings.TrimSpace(it.Number + " " + it.Title)
	// A sheet that was replaced after it was sealed is sealed again; uncovered says so where it was not.
	old := func() bool {
		v.note("seal.item", about, say.F("第 %s 個壓章所蓋的「%s」（版次 %d）不是這次送件的內容；對這次送件不算數", "Seal %s is over %s (version %d), which is not what this round has; it does not count for it", number, name, it.N))
		return false
	}
	lies := func() bool {
		v.bad("seal.item", about, say.F("第 %s 個壓章所蓋的「%s」與送件清單的同一版本內容不同", "Seal %s is over another content of %s than the manifest has under the same version", number, name), changed)
		return false
	}
	m := v.Manifest
	switch it.Kind {
	case Form:
		if it.ID != m.Case {
			return lies()
		}
		if it.File != m.Form {
			return old()
		}
	case Sheet:
		i := slices.IndexFunc(m.Sheets, func(x ManifestSheet) bool { return x.Version == it.ID })
		if i < 0 {
			return old()
		}
		if x := m.Sheets[i]; it.File != x.Digest || it.Page != x.Page || it.N != x.N || it.Number != x.Number {
			return lies()
		}
	case Paper:
		i := slices.IndexFunc(m.Papers, func(x ManifestPaper) bool { return x.Paper == it.ID })
		if i < 0 {
			return old()
		}
		if it.File != m.Papers[i].Digest {
			return lies()
		}
	}
	return v.picture(about, name, it)
}

// picture holds the picture that a signer was shown to the digest in the seal.
func (v *verifier) picture(about, name string, it Item) bool {
	if it.Rendering == "" || v.shown[it.Rendering] {
		return true
	}
	v.shown[it.Rendering] = true
	file := v.pictures[it.Rendering]
	if file == "" {
		v.warn("rendering.missing", about, say.F("簽章人簽章時看到的「%s」畫面不在壓縮檔裡，無法比對他看到的是什麼", "The picture of %s that the signer was shown is not in the archive; what they saw cannot be compared", name),
			say.T("需要時請向案件主管機關索取", "Ask the authority for it if you need it"))
		return true
	}
	return v.same("rendering", file, it.Rendering, name)
}

// uncovered says what nobody has sealed.
func (v *verifier) uncovered() {
	var none []string
	sealed := 0
	for _, s := range v.Sheets {
		switch {
		case len(s.Seals) > 0:
			sealed++
		case s.Kind != Paper:
			none = append(none, s.Name)
		}
	}
	do := say.T("哪些要壓章依案件類別而定；有疑問請洽案件主管機關", "What has to be sealed follows from the type of the case; ask the authority in doubt")
	switch {
	case sealed == 0:
		v.warn("unsealed", "", say.T("沒有任何有效的壓章：這份資料只能證明送了什麼，不能證明由誰簽證", "There is no seal that counts: this shows what was submitted, not who vouches for it"), do)
	case len(none) > 0:
		v.warn("unsealed", strings.Join(none[:min(len(none), 20)], "、"), say.F("有 %d 項沒有有效的壓章", "%d things have no seal that counts", len(none)), do)
	default:
		v.good("sealed", "", say.F("填答內容與 %d 張圖說都有有效的壓章", "The answers and %d sheets all have a seal that counts", len(v.Manifest.Sheets)))
	}
}

// spare are pictures that no seal names.
func (v *verifier) spare() {
	for _, name := range v.archive.under(picturesFolder) {
		digest, _, _ := strings.Cut(strings.TrimPrefix(name, picturesFolder), ".")
		if !v.shown[digest] || v.pictures[digest] != name {
			v.bad("rendering.extra", name, say.T("沒有壓章提到這個畫面", "No seal names this picture"), changed)
		}
	}
}

func (v *verifier) receipt() {
	if v.archive.has(receiptName) {
		v.note("receipt", receiptName, say.F("收據的簽章另外驗證（cloudbm verify receipt.pdf，或用 PDF 閱讀器）；收據上的雜湊值必須是 %s", "The signature in the receipt is verified by itself (cloudbm verify receipt.pdf, or a PDF reader); the digest on it has to be %s", v.Digest))
	}
}
