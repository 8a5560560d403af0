package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cloudbm/fault"
)

// Form is what was typed, clean: valid UTF-8, NFC, no control characters, CRLF as LF, trimmed.
type Form url.Values

// Get is the first value of key, or "".
func (f Form) Get(key string) string { return url.Values(f).Get(key) }

// All is every value of key.
func (f Form) All(key string) []string { return f[key] }

// Has reports whether key came with the form, even empty.
func (f Form) Has(key string) bool { return url.Values(f).Has(key) }

// maxForm is the largest ordinary form; files go through doors of their own.
const maxForm = 1 << 20

// Form is what came with the request: the fields posted, and those of the address that were not posted.
func (r *Request) Form() Form {
	if r.form == nil {
		r.form = Form{}
		r.take(r.URL.Query())
	}
	return r.form
}

func (r *Request) take(from url.Values) {
	for k, vs := range from {
		if _, ok := r.form[clean(k)]; ok {
			continue
		}
		out := make([]string, len(vs))
		for i, v := range vs {
			out[i] = clean(v)
		}
		r.form[clean(k)] = out
	}
}

// readForm reads the body of a form, of one megabyte at most.
func (r *Request) readForm() error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	r.Body = http.MaxBytesReader(r.W, r.Body, maxForm)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case "multipart/form-data":
		err = r.ParseMultipartForm(maxForm)
	default:
		return nil // the handler reads the body itself, within the limit
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		r.W.Header().Set("Connection", "close")
		return tooLarge
	}
	if err != nil {
		return fault.Of(fault.Invalid, "表單傳送不完整，回上一頁再送出一次", "The form did not arrive whole. Go back and send it again")
	}
	r.form = Form{}
	r.take(r.PostForm)
	r.typed = len(r.form) > 0
	r.take(r.URL.Query())
	return nil
}

var tooLarge = fault.Of(fault.TooLarge, "內容要小於 1 MB；檔案從上傳的頁面傳送", "Keep the form under 1 MB; send files from the upload page")

// clean makes s fit to keep and to show.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r':
			return '\n'
		case unicode.IsControl(c), misleading(c):
			return -1
		}
		return c
	}, s)
	return strings.TrimFunc(norm.NFC.String(s), func(c rune) bool { return unicode.IsSpace(c) || c == 0xFEFF })
}

// misleading reports a character that cannot be seen but changes how the others are read: it serves to imitate
// another's name or number. Joiners and variation selectors stay, some writings need them.
func misleading(c rune) bool {
	switch {
	case c == 0x200B, c == 0x2060, c == 0xFEFF, c == 0x200E, c == 0x200F, c == 0x061C:
		return true
	}
	return c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069
}

// held is what was typed, to be sent again by another button of a page; passwords and codes are not held.
func (r *Request) held() []field {
	var out []field
	size := 0
	for k, vs := range r.form {
		if secret(k) {
			continue
		}
		for _, v := range vs {
			out = append(out, field{k, v})
			size += len(k) + len(v)
		}
	}
	if size > 64<<10 {
		return nil
	}
	return out
}

type field struct{ Name, Value string }

func secret(key string) bool {
	key = strings.ToLower(key)
	for _, w := range []string{"pass", "pin", "otp", "secret", "code", "answer"} {
		if strings.Contains(key, w) {
			return true
		}
	}
	return false
}
