// Package fault is what we say to a person when the answer is no.
//
// A fault has a kind (which decides the HTTP status), a sentence that tells what to do, the fields it belongs to and,
// where there is one, the way out: a link to the place that mends it. Any error that is not a fault is ours, not
// theirs: the person sees a number, the log sees the error.
package fault

import (
	"errors"
	"strings"

	"cloudbm/say"
)

// Kind sorts the refusals.
type Kind int

// The kinds, each with the status a page answers it with.
const (
	Invalid     Kind = iota + 1 // what was typed cannot be taken: 422
	NotFound                    // no such thing for this person: 404
	Forbidden                   // this person may not: 403
	Conflict                    // somebody was here first, or the case has moved on: 409
	TooMany                     // too often, wait: 429
	TooLarge                    // more bytes than allowed: 413
	SignIn                      // nobody is signed in: 303 to the doors
	Unavailable                 // something we lean on is down: 503
)

// Place is one thing wrong at one place: a field of a form, by its key.
type Place struct {
	Key     string
	Message say.Text
}

// Way is the way out of a refusal.
type Way struct {
	Text say.Text
	URL  string
}

// Fault is a refusal in words.
type Fault struct {
	Kind    Kind
	Message say.Text
	Places  []Place
	Way     *Way
}

// Error is the Chinese sentence, with the fields it names.
func (f *Fault) Error() string {
	if len(f.Places) == 0 {
		return f.Message.Zh
	}
	var b strings.Builder
	b.WriteString(f.Message.Zh)
	for _, p := range f.Places {
		b.WriteString(" [" + p.Key + "] " + p.Message.Zh)
	}
	return b.String()
}

// Of makes a fault.
func Of(k Kind, zh, en string) *Fault { return &Fault{Kind: k, Message: say.T(zh, en)} }

// Say makes a fault from a text.
func Say(k Kind, t say.Text) *Fault { return &Fault{Kind: k, Message: t} }

// Bad is an Invalid fault at one field.
func Bad(key, zh, en string) *Fault { return BadText(key, say.T(zh, en)) }

// BadText is an Invalid fault at one field, from a text.
func BadText(key string, t say.Text) *Fault {
	return &Fault{Kind: Invalid, Message: t, Places: []Place{{key, t}}}
}

// At adds a place and returns f.
func (f *Fault) At(key string, t say.Text) *Fault {
	f.Places = append(f.Places, Place{key, t})
	return f
}

// About is what f says about the field key; nothing if f is nil or does not name it.
func (f *Fault) About(key string) say.Text {
	if f != nil {
		for _, p := range f.Places {
			if p.Key == key {
				return p.Message
			}
		}
	}
	return say.Text{}
}

// To names the way out and returns f.
func (f *Fault) To(zh, en, url string) *Fault {
	f.Way = &Way{say.T(zh, en), url}
	return f
}

// As is the fault inside err, if err is one.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool {
	f, ok := As(err)
	return ok && f.Kind == k
}

// Form gathers what is wrong with one form.
type Form struct{ places []Place }

// Add keeps err as being about the field key; nil is nothing wrong.
func (g *Form) Add(key string, err error) {
	if err == nil {
		return
	}
	t := say.Same(err.Error())
	if f, ok := As(err); ok {
		t = f.Message
	}
	g.places = append(g.places, Place{key, t})
}

// Join takes over every place of a fault that a part of the form had; nil is nothing wrong.
func (g *Form) Join(err error) {
	if f, ok := As(err); ok {
		g.places = append(g.places, f.Places...)
	}
}

// Bad adds a sentence about the field key.
func (g *Form) Bad(key, zh, en string) { g.places = append(g.places, Place{key, say.T(zh, en)}) }

// OK reports whether nothing was wrong so far.
func (g *Form) OK() bool { return len(g.places) == 0 }

// Err is nil if nothing was wrong, else one Invalid fault with every place.
func (g *Form) Err() error {
	if len(g.places) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Message: say.F("有 %d 個地方要修正", "%d things to correct", len(g.places)), Places: g.places}
}
