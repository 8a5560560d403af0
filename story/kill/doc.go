// Package kill ends the program with SIGKILL at random moments while people open cases, fill them in, upload and submit,
// and then counts.
//
// For what: to hold the program to its answers. Whatever it acknowledged (a page saved, a file received, a receipt given)
// is written into a ledger that the program cannot reach, and afterwards looked for through the verbs of the rooms:
// nothing acknowledged may be lost or changed, nothing may be there twice, whatever was being done when the blow fell.
//
// Words: a promise (諾) is one answer with which the program vouched for something; the ledger keeps them; a blow is one
// SIGKILL; a round goes from one start to the next blow.
//
// CLOUDBM_KILLS says how many blows fall (30 if unset), CLOUDBM_SEED repeats a run's choices; every run prints its own.
package kill
