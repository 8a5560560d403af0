// Package permit holds the words of the building law that this house speaks: what a case type is made of (Type, Section,
// Field, List, Attachment, Drawing, Check, Move, Deadline, Fee), where a case stands (State), who acts (Actor, Role,
// Who) and what keeps it back (Need, Hold).
//
// Everything here is plain data and pure functions. A case type is declared whole in package catalog; the form, its
// validation, the printed form, the check-answers page and the officer's checklist all come from that one declaration.
// docs/words.md lists the words with their Chinese and their articles.
package permit
