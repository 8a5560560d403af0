// Package ledger is the list of licences (執照清單): what happened to which licence, one entry after another, as a tree in
// which nothing can be changed without its root changing (RFC 6962). A second tree anchors the logs of cases and the
// audit record. Who looks the list over, has its checkpoints signed and shows them is room register.
//
// Words: an Entry is one line of the list; an Anchor says how far a log had come; a Tree is how many leaves there are and
// what they come to; a Checkpoint is the state that was signed (room proof has their texts, docs/ledger.md the format).
//
// Promises:
//   - An entry commits or vanishes with what it is about.
//   - Nothing is changed or taken out; the schema refuses it.
//   - No name of a person stands in an entry.
package ledger
