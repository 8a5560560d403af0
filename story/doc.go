// Package story holds what no single room can say: the rules of the house, and whole-program stories.
//
// For what: house_test.go walks through the source and holds it to the rules of ARCHITECTURE.md; the stories in
// testdata are told to the program as people use it, page by page.
//
// It stands last in the order of the rooms and nobody imports it.
package story
