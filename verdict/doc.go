// Package verdict is the page on which anybody verifies what was downloaded (驗證送件檔): the archive of a round is judged
// in the visitor's own browser, by the code of the room proof compiled to WebAssembly. The file goes nowhere.
//
// For what: whoever gets a bundle from somebody else and has nothing but a browser. Without script the page says how the
// command line and openssl do the same (docs/bundle.md).
//
// Promises:
//   - The page sends nothing about a file, not even its name; with the network switched off it works on.
//   - It believes whom this installation believes, and says so; who believes others uses cloudbm verify --trust.
//
// Routes:
//
//	GET /verify   anyone   choose a bundle, see the report
package verdict
