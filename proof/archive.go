package proof

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"cloudbm/cms"
)

// What a bundle may at most be. A round has some hundred sheets of at most 100 MB.
const (
	maxEntries = 20_000
	maxSeals   = 2_000
	maxFile    = 4 << 30
	maxAll     = 64 << 30
	maxRatio   = 200 // times the size of the archive that everything in it may have, beyond 64 MiB

	maxManifest = 16 << 20
	maxText     = 1 << 20
	maxSmall    = 256 << 10
)

// places are the names that stand in a bundle, each with the most it may hold.
var places = []struct {
	is  *regexp.Regexp
	max uint64
}{
	{regexp.MustCompile(`^README\.txt$`), maxSmall},
	{regexp.MustCompile(`^round\.json$`), maxManifest},
	{regexp.MustCompile(`^round\.p7s$`), cms.MaxSize},
	{regexp.MustCompile(`^form\.json$`), maxManifest},
	{regexp.MustCompile(`^receipt\.pdf$`), 64 << 20},
	{regexp.MustCompile(`^files/[0-9a-f]{64}(\.[a-z0-9]{1,8})?$`), maxFile},
	{regexp.MustCompile(`^renderings/[0-9a-f]{64}(\.[a-z0-9]{1,8})?$`), maxFile},
	{regexp.MustCompile(`^seals/[0-9]{2,4}\.txt$`), maxText},
	{regexp.MustCompile(`^seals/[0-9]{2,4}\.p7s$`), cms.MaxSize},
	{regexp.MustCompile(`^seals/[0-9]{2,4}\.(ocsp|json)$`), maxSmall},
	{regexp.MustCompile(`^certificates/[A-Za-z0-9_-]{1,80}\.pem$`), maxText},
}

// folders may stand in a bundle that somebody has packed again.
var folders = []string{filesFolder, picturesFolder, sealsFolder, certsFolder}

// archive is a bundle whose outside is safe: every name is one that is known and stands once, nothing overlaps, nothing
// is larger than it says.
type archive struct {
	files  map[string]*zip.File
	spare  int64 // bytes that belong to no file
	notice string
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("%d entries", len(z.File))
	}
	a := &archive{files: map[string]*zip.File{}, notice: z.Comment}
	var all uint64
	var spans []span
	for _, f := range z.File {
		s, err := a.admit(r, f)
		if err != nil {
			return nil, fmt.Errorf("%.100q: %w", f.Name, err)
		}
		spans = append(spans, s)
		if all += f.UncompressedSize64; all > maxAll || all > 64<<20+maxRatio*uint64(size) {
			return nil, fmt.Errorf("unpacked it would be larger than %d bytes", all)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return int(min(max(a.from-b.from, -1), 1)) })
	at := int64(0)
	for _, s := range spans {
		if s.from < at {
			return nil, fmt.Errorf("%.100q lies over another file", s.name)
		}
		if gap := s.from - at; gap > 0 && !(at > 0 && gap <= descriptor && s.follows) {
			a.spare += gap
		}
		at = s.to
	}
	return a, nil
}

// span is where an entry lies. What follows an entry whose size stands after it is its descriptor.
type span struct {
	name     string
	from, to int64
	follows  bool
}

// descriptor is the most bytes that stand after an entry to say its size.
const descriptor = 24

func (a *archive) admit(r io.ReaderAt, f *zip.File) (s span, err error) {
	folder := slices.Contains(folders, f.Name)
	i := slices.IndexFunc(places, func(n struct {
		is  *regexp.Regexp
		max uint64
	}) bool {
		return n.is.MatchString(f.Name)
	})
	switch {
	case i < 0 && !folder:
		return s, fmt.Errorf("a name that has no place in a bundle")
	case a.files[f.Name] != nil:
		return s, fmt.Errorf("it stands twice")
	case f.Flags&1 != 0:
		return s, fmt.Errorf("it is encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return s, fmt.Errorf("packed by method %d", f.Method)
	case folder && f.UncompressedSize64 > 0, !folder && f.UncompressedSize64 > places[i].max:
		return s, fmt.Errorf("%d bytes", f.UncompressedSize64)
	case f.Method == zip.Store && f.CompressedSize64 != f.UncompressedSize64:
		return s, fmt.Errorf("two sizes")
	case !f.Mode().IsRegular() && !folder:
		return s, fmt.Errorf("it is no file")
	}
	data, err := f.DataOffset()
	if err != nil {
		return s, err
	}
	from, err := localHeader(r, f, data)
	if err != nil {
		return s, err
	}
	a.files[f.Name] = f
	return span{f.Name, from, data + int64(f.CompressedSize64), true}, nil
}

// localHeader finds the header before the data of an entry and holds it to what the directory says: tools differ in
// which of the two they read.
func localHeader(r io.ReaderAt, f *zip.File, data int64) (from int64, err error) {
	const fixed, most = 30, 1 << 10
	n := int64(fixed + len(f.Name))
	b := make([]byte, min(data, n+most))
	if _, err := r.ReadAt(b, data-int64(len(b))); err != nil {
		return 0, err
	}
	for extra := int64(0); n+extra <= int64(len(b)); extra++ {
		h := b[int64(len(b))-n-extra:]
		if string(h[:4]) == "PK\x03\x04" && int(binary.LittleEndian.Uint16(h[26:])) == len(f.Name) &&
			int64(binary.LittleEndian.Uint16(h[28:])) == extra && string(h[fixed:n]) == f.Name {
			if m := binary.LittleEndian.Uint16(h[8:]); m != f.Method {
				return 0, fmt.Errorf("packed in two ways")
			}
			return data - n - extra, nil
		}
	}
	return 0, fmt.Errorf("it has another name inside")
}

func (a *archive) has(name string) bool { return a.files[name] != nil }

// read is a small file, whole.
func (a *archive) read(name string) ([]byte, error) {
	f := a.files[name]
	if f == nil {
		return nil, fmt.Errorf("%s is not there", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err == nil && uint64(len(b)) != f.UncompressedSize64 {
		err = fmt.Errorf("%s has not the size it says", name)
	}
	return b, err
}

// digest is the SHA-256 of a file, read piece by piece.
func (a *archive) digest(name string) (string, error) {
	f := a.files[name]
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.CopyBuffer(struct{ io.Writer }{h}, io.LimitReader(r, int64(f.UncompressedSize64)+1), make([]byte, 256<<10))
	if err == nil && uint64(n) != f.UncompressedSize64 {
		err = fmt.Errorf("%s has not the size it says", name)
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// under are the names in a folder, in order.
func (a *archive) under(folder string) (out []string) {
	for name := range a.files {
		if strings.HasPrefix(name, folder) && name != folder {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// byDigest is the name of the file in a folder with that digest in its name; "" if there is none.
func (a *archive) byDigest(folder string) map[string]string {
	out := map[string]string{}
	for _, name := range a.under(folder) {
		digest, _, _ := strings.Cut(strings.TrimPrefix(name, folder), ".")
		if _, twice := out[digest]; !twice {
			out[digest] = name
		}
	}
	return out
}
