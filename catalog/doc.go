// Package catalog declares the case types: one file each, whole.
//
// # For what
//
// From one declaration come the form, its validation, the printed statutory form, the list of papers, the classes of
// drawings and who seals them, the officer's checklist, the road of the case, its time limits and its fee. Nothing about
// one case type is said anywhere else; a change in law is a change here.
//
// # Words
//
//	案件類別 permit.Type · 版次 edition · 名冊 permit.List · 應附文件 permit.Attachment · 圖說類別 permit.Drawing ·
//	審查項目 permit.Check · 期限 permit.Deadline · 規費 permit.Fee · 黃金單 golden sheet: the declaration as an officer reads it
//
// # Who comes in
//
// Every room that shows or moves a case: Find for a new case (the newest edition), Edition for one that was opened under
// an earlier edition. C1, C2, C3, C6 and C9 are complete answers of fictional people, for seeds and tests.
//
// # What it promises
//
//   - Check looks every declaration over and is run at start and in the tests.
//   - A released edition never changes: testdata/<kind>@<edition>.txt is its golden sheet, and the test holds the
//     declaration to it. A change in law is a new edition, added before the old one in All.
//   - Computed answers and rules are pure functions of the answers; they need neither clock nor store, and they work
//     whether or not permit.Type.Complete was called before.
//
// # Furniture
//
//	building.go, use.go, start.go, interior.go   the case types
//	*_papers.go                                  their attachments, drawings and checklists
//	ask.go, people.go, land.go, bulk.go          questions and lists that several types share
//	choices.go                                   tables of the Ministry and of 臺南市, as data
//	moves.go                                     the usual road of a case
//	catalog.go, check.go                         the list of types and what they are held to
//	golden.go, schema.go, picture.go, words.go   the declaration as a sheet, as JSON Schema, as a picture of its states
//	fixtures.go                                  the sample cases of the domain reference §7.5
//
// It has no routes.
package catalog
