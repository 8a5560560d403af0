//go:build js && wasm

// Command verifywasm is the verifier as the page /verify runs it: in the visitor's browser, over a file that stays there.
// tools/assets builds it with the other static files.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"syscall/js"

	"cloudbm/cms"
	"cloudbm/proof"
)

func main() {
	js.Global().Set("cloudbmVerify", js.FuncOf(verify))
	js.Global().Call("cloudbmVerifies")
	select {}
}

// verify(file, cards, authorities, progress) promises the report as JSON. The authorities are PEM, or empty.
func verify(_ js.Value, args []js.Value) any {
	file, cards, authorities, progress := args[0], args[1].String(), args[2].String(), args[3]
	return js.Global().Get("Promise").New(js.FuncOf(func(_ js.Value, settle []js.Value) any {
		go func() {
			b, err := report(file, cards, authorities, progress)
			if err != nil {
				settle[1].Invoke(js.Global().Get("Error").New(err.Error()))
				return
			}
			settle[0].Invoke(string(b))
		}()
		return nil
	}))
}

func report(file js.Value, cards, authorities string, progress js.Value) (b []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	o := proof.Options{Progress: func(done, all int64) { progress.Invoke(float64(done), float64(all)) }}
	for text, into := range map[*string]*cms.Trust{&cards: &o.Cards, &authorities: &o.Authorities} {
		if *text != "" {
			if err := into.Add([]byte(*text)); err != nil {
				return nil, err
			}
		}
	}
	size := int64(file.Get("size").Float())
	return json.Marshal(proof.Verify(&slices{file: file, size: size}, size, o).Told())
}

// slices reads a File of the browser piece by piece, and keeps the last piece.
type slices struct {
	file js.Value
	size int64
	from int64
	last []byte
}

const piece = 1 << 20

// ReadAt reads like a file: what the browser cannot give any more is an error.
func (s *slices) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) && at < s.size {
		if at < s.from || at >= s.from+int64(len(s.last)) {
			if err := s.fetch(at / piece * piece); err != nil {
				return n, err
			}
		}
		k := copy(p[n:], s.last[at-s.from:])
		n, at = n+k, at+int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *slices) fetch(from int64) error {
	buffer, err := wait(s.file.Call("slice", float64(from), float64(min(from+piece, s.size))).Call("arrayBuffer"))
	if err != nil {
		return err
	}
	bytes := js.Global().Get("Uint8Array").New(buffer)
	s.from, s.last = from, make([]byte, bytes.Get("length").Int())
	js.CopyBytesToGo(s.last, bytes)
	if len(s.last) == 0 {
		return errors.New("the file has become shorter")
	}
	return nil
}

// wait waits for a promise.
func wait(promise js.Value) (js.Value, error) {
	type answer struct {
		value js.Value
		err   error
	}
	said := make(chan answer, 1)
	kept := js.FuncOf(func(_ js.Value, v []js.Value) any { said <- answer{value: v[0]}; return nil })
	broken := js.FuncOf(func(_ js.Value, v []js.Value) any {
		said <- answer{err: errors.New(v[0].Call("toString").String())}
		return nil
	})
	defer kept.Release()
	defer broken.Release()
	promise.Call("then", kept, broken)
	a := <-said
	return a.value, a.err
}
