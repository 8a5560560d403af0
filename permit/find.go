package permit

import "slices"

// Section is the section with that key, nil if there is none.
func (t *Type) Section(key string) *Section {
	i := slices.IndexFunc(t.Form, func(s Section) bool { return s.Key == key })
	if i < 0 {
		return nil
	}
	return &t.Form[i]
}

// Attachment is the attachment with that code, nil if there is none.
func (t *Type) Attachment(code string) *Attachment {
	i := slices.IndexFunc(t.Attachments, func(x Attachment) bool { return x.Code == code })
	if i < 0 {
		return nil
	}
	return &t.Attachments[i]
}

// Drawing is the class of sheets with that code, nil if there is none.
func (t *Type) Drawing(class string) *Drawing {
	i := slices.IndexFunc(t.Drawings, func(x Drawing) bool { return x.Class == class })
	if i < 0 {
		return nil
	}
	return &t.Drawings[i]
}

// Move is the move that act makes from state, nil if the act cannot happen there.
func (t *Type) Move(act Act, from State) *Move {
	i := slices.IndexFunc(t.Moves, func(m Move) bool { return m.Act == act && slices.Contains(m.From, from) })
	if i < 0 {
		return nil
	}
	return &t.Moves[i]
}

// Asked lists the sections that are asked, given the answers so far.
func (t *Type) Asked(a Answers) []Section {
	var out []Section
	for _, s := range t.Form {
		if s.When.Holds(a) {
			out = append(out, s)
		}
	}
	return out
}

// Lists are the sections that hold rows of a party.
func (t *Type) Lists(p Party) []Section {
	var out []Section
	for _, s := range t.Form {
		if s.List != nil && s.List.Party == p {
			out = append(out, s)
		}
	}
	return out
}

// Fields of the section, whether asked once or per row.
func (s *Section) All() []Field {
	if s.List != nil {
		return s.List.Fields
	}
	return s.Fields
}
