package pades

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"cloudbm/say"
)

// patience is how long a file may take to be judged.
var patience = 8 * time.Second

// maxSignatures are judged in one file.
const maxSignatures = 32

// Look judges the signatures in a PDF. anchors says whom of the signers to believe; nil: nobody is asked. An error is
// about the end of ctx, the reading of r, or a fault of ours (for the log, beside a verdict that is safe to show);
// whatever the file is, the verdict says so.
//
//	found                                                                         verdict
//	no signature, and no data of one                                              None
//	data of a signature that the document does not use                            Broken
//	the structure cannot be read, with data of a signature in the file            Broken
//	encrypted; more or deeper than is judged; not done in time                    Unsupported
//	ByteRange is not two ranges from 0 around exactly the Contents of its field   Broken
//	the signed part does not end with a revision (%%EOF), or lacks the signature  Broken
//	one signature stands in two fields                                            Broken
//	Contents empty, missing, no CMS, of another content, by another key           Broken
//	adbe.x509.rsa_sha1, adbe.pkcs7.sha1, SHA-1, MD5, RSA-PSS, two signers         Unsupported
//	CAdES without the signed certificate's digest                                 Unsupported
//	the signed part can show different things: hidden layers, scripts, actions,
//	content from elsewhere, a file of a second kind                               Unsupported
//	it fits and covers the file to its last byte                                  ValidUnchanged
//	after it only another signature, DSS, a form filled in, metadata, as DocMDP
//	and FieldMDP allow                                                            LaterChanges, each listed as allowed
//	after it annotations, where DocMDP 3 allows them and they cover little        LaterChanges, each listed as allowed
//	after it anything else: content, resources, size, number of pages, catalog,
//	form, annotations, an update that is not one, bytes that belong to nothing    LaterChanges, Altered
//
// A file has the worst verdict of its signatures: Broken, then altered, Unsupported, LaterChanges, ValidUnchanged. Two
// signatures are therefore LaterChanges: the second was added after the first.
func Look(ctx context.Context, r io.ReaderAt, size int64, anchors Chain) (v Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			v = Verdict{Kind: Unsupported, Said: saidFailed}
			err = fmt.Errorf("pades: look: %v\n%s", p, debug.Stack())
		}
	}()
	own, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	disk := &noticing{ReaderAt: r}
	f := &file{ctx: own, r: disk, size: size}
	v, err = f.look(anchors)
	var m *malformed
	switch {
	case ctx.Err() != nil:
		return Verdict{Kind: Unsupported, Said: saidTooMuch}, ctx.Err()
	case disk.err != nil:
		return Verdict{Kind: Unsupported, Said: saidFailed}, fmt.Errorf("pades: look: %w", disk.err)
	case err == nil:
		return v, nil
	case errors.Is(err, errLocked):
		return Verdict{Kind: Unsupported, Said: saidLocked}, nil
	case errors.Is(err, errTooMuch), errors.Is(err, context.DeadlineExceeded):
		return Verdict{Kind: Unsupported, Said: saidTooMuch}, nil
	case errors.As(err, &m):
		n, err := f.mentions("/ByteRange")
		switch {
		case ctx.Err() != nil:
			return Verdict{Kind: Unsupported, Said: saidTooMuch}, ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			return Verdict{Kind: Unsupported, Said: saidTooMuch}, nil
		case err != nil:
			return Verdict{Kind: Unsupported, Said: saidFailed}, fmt.Errorf("pades: look: %w", err)
		case n > 0:
			return Verdict{Kind: Broken, Said: saidDamaged}, nil
		}
		return Verdict{Kind: None, Said: saidNone}, nil
	}
	return Verdict{Kind: Unsupported, Said: saidFailed}, fmt.Errorf("pades: look: %w", err)
}

// noticing keeps the first error of a disk, which must not be taken for a fault of the file.
type noticing struct {
	io.ReaderAt
	err error
}

func (n *noticing) ReadAt(b []byte, at int64) (int, error) {
	k, err := n.ReaderAt.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) && n.err == nil {
		n.err = err
	}
	return k, err
}

// look finds the signatures and judges each; what cannot be read is a malformed.
func (f *file) look(anchors Chain) (Verdict, error) {
	end, clean, err := f.end()
	if err != nil {
		return Verdict{}, err
	}
	at, err := f.startOf(end)
	if err != nil {
		return Verdict{}, err
	}
	now, err := f.chain(at)
	if err != nil {
		return Verdict{}, err
	}
	fields, err := now.signed()
	if err != nil {
		return Verdict{}, err
	}
	if len(fields) == 0 {
		n, err := f.mentions("/ByteRange")
		if err == nil && n > 0 {
			return Verdict{Kind: Broken, Said: saidRemains}, nil
		}
		return conclude(nil), err
	}
	if len(fields) > maxSignatures {
		return Verdict{Kind: Unsupported, Said: because(saidUnknown, whyManySigned)}, nil
	}
	var all []Signature
	for i, s := range fields {
		for j, t := range fields {
			s.twice = s.twice || i != j && s.from == t.from
		}
		got, err := s.judge(now, end, clean, anchors)
		if err != nil {
			return Verdict{}, err
		}
		all = append(all, got)
	}
	v := conclude(all)
	if v.Kind == ValidUnchanged || v.Kind == LaterChanges && !v.Altered {
		if n, err := f.mentions("/ByteRange"); err != nil {
			return Verdict{}, err
		} else if n != len(fields) { // the data of another signature: what it signed may be what is shown no more
			v.Kind, v.Said = Broken, saidRemains
		}
	}
	return v, nil
}

// end is where the last revision ends: clean if the file does too.
func (f *file) end() (end int64, clean bool, err error) {
	var m *malformed
	if _, err := f.startOf(f.size); !errors.As(err, &m) {
		return f.size, true, err
	}
	const most = 4 << 20 // more after the last %%EOF is no PDF any more
	b := make([]byte, 64<<10)
	for to := f.size; to > 0 && f.size-to < most; {
		from := max(0, to-int64(len(b)))
		n, err := f.r.ReadAt(b[:to-from], from)
		if err != nil && !(errors.Is(err, io.EOF) && int64(n) == to-from) {
			return 0, false, fmt.Errorf("pades: reading: %w", err)
		}
		if i := bytes.LastIndex(b[:n], []byte("%%EOF")); i >= 0 {
			return from + int64(i) + 5, false, nil
		}
		if from == 0 {
			break
		}
		to = from + 4 // the word may lie across
	}
	return 0, false, &malformed{f.size, "no end of a file"}
}

// mentions counts how often a word stands in the bytes of the file.
func (f *file) mentions(word string) (n int, err error) {
	b := make([]byte, 1<<20)
	for at := int64(0); at < f.size; at += int64(len(b) - len(word) + 1) { // no word is counted twice
		if err := f.ctx.Err(); err != nil {
			return 0, err
		}
		k, err := f.r.ReadAt(b, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("pades: reading: %w", err)
		}
		n += bytes.Count(b[:k], []byte(word))
		if k < len(b) {
			break
		}
	}
	return n, nil
}

// unsure is a reason not to judge, with its words.
func unsure(s Signature, why say.Text) Signature {
	s.Kind, s.Said = Unsupported, because(saidUnknown, why)
	return s
}

func broken(s Signature, why say.Text) Signature {
	s.Kind, s.Said = Broken, because(saidBroken, why)
	return s
}
