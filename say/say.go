// Package say holds what the program says to people, in both of its languages.
//
// Every sentence is written once, as a pair, at the place where it is needed: Traditional Chinese first, English
// beside it. A sentence without its other half does not compile, so the two languages can never drift apart.
package say

import (
	"context"
	"fmt"
)

// Lang is a language of the pages, as it stands in the lang attribute of HTML.
type Lang string

// The two languages.
const (
	Zh Lang = "zh-Hant-TW"
	En Lang = "en"
)

// Text is one sentence in both languages.
type Text struct{ Zh, En string }

// T pairs a Chinese sentence with its English one.
func T(zh, en string) Text { return Text{Zh: zh, En: en} }

// Same is a text that reads alike in both languages: a number, a code, a name.
func Same(s string) Text { return Text{Zh: s, En: s} }

// F fills both halves with the same arguments; both must use the verbs in the same order.
func F(zh, en string, args ...any) Text {
	return Text{Zh: fmt.Sprintf(zh, each(args, Zh)...), En: fmt.Sprintf(en, each(args, En)...)}
}

// each turns the texts among args into their half for l.
func each(args []any, l Lang) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if t, ok := a.(Text); ok {
			out[i] = t.In(l)
			continue
		}
		out[i] = a
	}
	return out
}

// In is the sentence in l; a missing English half falls back to the Chinese one (legal names stay Chinese).
func (t Text) In(l Lang) string {
	if l == En && t.En != "" {
		return t.En
	}
	return t.Zh
}

// Empty reports whether nothing is said.
func (t Text) Empty() bool { return t.Zh == "" && t.En == "" }

// String is the Chinese half: what a log and the record show.
func (t Text) String() string { return t.Zh }

type key struct{}

// With returns a context whose pages speak l.
func With(ctx context.Context, l Lang) context.Context { return context.WithValue(ctx, key{}, l) }

// From is the language of ctx: Chinese unless another was chosen.
func From(ctx context.Context) Lang {
	if l, ok := ctx.Value(key{}).(Lang); ok {
		return l
	}
	return Zh
}

// Here is t in the language of ctx.
func (t Text) Here(ctx context.Context) string { return t.In(From(ctx)) }

// To picks one half of a pair by the language of ctx, for sentences that stand in a page.
func To(ctx context.Context, zh, en string) string { return T(zh, en).Here(ctx) }
