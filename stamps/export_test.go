package stamps

import "cloudbm/pdf"

// Lay is Size.lay for tests.
func Lay(s Size, wanted []*pdf.Place) []pdf.Place { return s.lay(wanted) }
