package drawings

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/traditionalchinese"

	"cloudbm/say"
)

// Layer is one layer of a DXF with what lies on it.
type Layer struct {
	Name     string `json:"name"`
	Entities int    `json:"entities"`
}

// Survey is what a DXF holds.
type Survey struct {
	Version  string  `json:"version"` // AC1015 …
	Unit     string  `json:"unit"`    // 公尺, 公釐 … empty if the file does not say
	Layers   []Layer `json:"layers"`
	Entities int     `json:"entities"`
	MinX     float64 `json:"minX"`
	MinY     float64 `json:"minY"`
	MaxX     float64 `json:"maxX"`
	MaxY     float64 `json:"maxY"`
}

// Wide and High are the extents in the file's unit; 0 when nothing was drawn.
func (s Survey) Wide() float64 { return max(s.MaxX-s.MinX, 0) }

// High is the extent upwards.
func (s Survey) High() float64 { return max(s.MaxY-s.MinY, 0) }

var dxfUnits = map[string]string{"1": "inch", "2": "foot", "4": "mm", "5": "cm", "6": "m", "7": "km"}

// looksDXF reports whether the bytes begin like a DXF: a group code alone on its line, then its value.
func looksDXF(head []byte) bool {
	if bytes.HasPrefix(head, []byte("AutoCAD Binary DXF")) {
		return true
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	lines := strings.SplitN(strings.ReplaceAll(string(head), "\r", "\n"), "\n", 400)
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
	for i := 0; i+3 < len(lines); i += 2 {
		code := strings.TrimSpace(lines[i])
		if code == "999" { // a comment
			continue
		}
		return code == "0" && strings.TrimSpace(lines[i+1]) == "SECTION" && strings.TrimSpace(lines[i+2]) == "2"
	}
	return false
}

const maxDXFLayers = 2000

// surveyDXF reads a DXF group by group and tells its layers and extents. It keeps no entity, so the size of the file
// does not matter; what is wrong becomes problems.
func surveyDXF(r io.Reader) (Survey, []Problem, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, _ := in.Peek(32)
	if bytes.HasPrefix(head, []byte("AutoCAD Binary DXF")) {
		return Survey{}, []Problem{{"binary-dxf", true, say.T("另存成 ASCII 格式的 DXF 再上傳：這個檔案是二進位 DXF", "Save it as an ASCII DXF and upload again: this one is a binary DXF")}}, nil
	}
	d := &dxfReader{in: in, layers: map[string]*Layer{}, s: Survey{MinX: math.Inf(1), MinY: math.Inf(1), MaxX: math.Inf(-1), MaxY: math.Inf(-1)}}
	err := d.read()
	if err != nil && d.bad == "" {
		return Survey{}, nil, err
	}
	for _, l := range d.layers {
		d.s.Layers = append(d.s.Layers, *l)
	}
	sort.Slice(d.s.Layers, func(i, j int) bool { return d.s.Layers[i].Name < d.s.Layers[j].Name })
	if d.s.MinX > d.s.MaxX || d.s.MinY > d.s.MaxY {
		d.s.MinX, d.s.MinY, d.s.MaxX, d.s.MaxY = 0, 0, 0, 0
	}
	return d.s, d.problems(), nil
}

type dxfReader struct {
	in      *bufio.Reader
	s       Survey
	layers  map[string]*Layer
	line    int
	section string
	bad     string // what the file does wrong
	ended   bool
	page    string // $DWGCODEPAGE
}

func (d *dxfReader) problems() []Problem {
	var out []Problem
	switch {
	case d.bad != "":
		out = append(out, Problem{"damaged-dxf", true, say.F("重新輸出 DXF：第 %d 行讀不下去", "Export the DXF again: it cannot be read beyond line %d", d.line)})
	case !d.ended:
		out = append(out, Problem{"truncated-dxf", true, say.T("重新輸出並上傳：這個 DXF 沒有結尾（EOF），傳送時可能中斷", "Export and upload again: this DXF has no end (EOF); it was probably cut off")})
	case d.s.Entities == 0:
		out = append(out, Problem{"empty-dxf", true, say.T("重新輸出 DXF：這個檔案裡沒有圖形", "Export the DXF again: nothing is drawn in this one")})
	}
	if d.s.Unit == "" {
		out = append(out, Problem{"no-unit", false, say.T("輸出時設定長度單位為公尺：這個 DXF 沒有記載單位", "Set the unit to metres when exporting: this DXF names no unit")})
	}
	return out
}

// pair reads one group: its code and its value.
func (d *dxfReader) pair() (code int, value string, err error) {
	c, err := d.text()
	if err != nil {
		return 0, "", err
	}
	code, cerr := strconv.Atoi(strings.TrimSpace(c))
	if cerr != nil || code < -5 || code > 1071 {
		if strings.TrimSpace(c) == "" {
			return 0, "", io.EOF // trailing blank lines
		}
		d.bad = c
		return 0, "", fmt.Errorf("line %d: %q is not a group code", d.line, c)
	}
	value, err = d.text()
	return code, value, err
}

const maxDXFLine = 64 << 10

func (d *dxfReader) text() (string, error) {
	d.line++
	b, err := d.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		d.bad = "long"
		return "", fmt.Errorf("line %d is longer than %d bytes", d.line, maxDXFLine)
	}
	if len(b) == 0 && err != nil {
		return "", err
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

func (d *dxfReader) read() error {
	var entity string // what the present group 0 began
	var variable string
	for {
		code, value, err := d.pair()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		v := strings.TrimSpace(value)
		if code == 0 {
			entity = v
			switch v {
			case "EOF":
				d.ended = true
				return nil
			case "ENDSEC":
				d.section = ""
			case "SECTION", "ENDBLK", "BLOCK", "SEQEND", "VERTEX", "ATTRIB":
			default:
				if d.section == "ENTITIES" {
					d.s.Entities++
				}
			}
			continue
		}
		switch {
		case entity == "SECTION" && code == 2:
			d.section = v
		case d.section == "HEADER":
			variable = d.header(variable, code, v)
		case d.section == "TABLES" && entity == "LAYER" && code == 2:
			d.layer(value)
		case d.section == "ENTITIES":
			d.entity(entity, code, value)
		}
	}
}

func (d *dxfReader) header(variable string, code int, v string) string {
	if code == 9 {
		return v
	}
	switch variable {
	case "$ACADVER":
		d.s.Version = v
	case "$DWGCODEPAGE":
		d.page = strings.ToUpper(v)
	case "$INSUNITS":
		d.s.Unit = dxfUnits[v]
	}
	return variable
}

func (d *dxfReader) entity(kind string, code int, value string) {
	switch {
	case code == 8 && kind != "SEQEND" && kind != "VERTEX" && kind != "ATTRIB":
		if l := d.layer(value); l != nil {
			l.Entities++
		}
	case code == 10 || code == 11 && kind == "LINE":
		d.reach(value, &d.s.MinX, &d.s.MaxX)
	case code == 20 || code == 21 && kind == "LINE":
		d.reach(value, &d.s.MinY, &d.s.MaxY)
	}
}

func (d *dxfReader) reach(value string, low, high *float64) {
	if f, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
		*low, *high = min(*low, f), max(*high, f)
	}
}

// layer finds or begins a layer; a file with too many keeps the first ones.
func (d *dxfReader) layer(raw string) *Layer {
	name := d.decode(strings.TrimSpace(raw))
	l := d.layers[name]
	if l == nil && len(d.layers) < maxDXFLayers {
		l = &Layer{Name: name}
		d.layers[name] = l
	}
	return l
}

// decode reads text: UTF-8 from AutoCAD 2007 on, Big5 before where the file says ANSI_950, and \U+XXXX anywhere.
func (d *dxfReader) decode(s string) string {
	if !utf8.ValidString(s) || d.page == "ANSI_950" && d.s.Version < "AC1021" {
		if t, err := traditionalchinese.Big5.NewDecoder().String(s); err == nil {
			s = t
		}
	}
	for {
		i := strings.Index(s, `\U+`)
		if i < 0 || len(s) < i+7 {
			break
		}
		n, err := strconv.ParseUint(s[i+3:i+7], 16, 32)
		if err != nil {
			break
		}
		s = s[:i] + string(rune(n)) + s[i+7:]
	}
	return visible(strings.ToValidUTF8(s, "?"))
}
