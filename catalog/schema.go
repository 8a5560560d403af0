package catalog

import (
	"encoding/json"
	"strings"

	"cloudbm/permit"
)

// object is a JSON object; its keys are written in alphabetical order, so the same declaration gives the same bytes.
type object = map[string]any

// Schema is the JSON Schema (2020-12) of the answers of a case: {"fields": {key: text}, "rows": {list: [row]}}. Every
// answer is text in its stored form. What is needed only under a condition is not in "required": the condition stands
// in words beside it, and the holds of the case have the last word.
func Schema(t *permit.Type) ([]byte, error) {
	fields, rows, required := object{}, object{}, []string{}
	for _, s := range t.Form {
		if s.List != nil {
			rows[s.Key] = listSchema(t, s)
			continue
		}
		for _, f := range s.Fields {
			fields[f.Key] = fieldSchema(t, f)
			if f.Required && f.When.Always() && s.When.Always() {
				required = append(required, f.Key)
			}
		}
	}
	return json.MarshalIndent(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:cloudbm:" + t.ID(), "title": t.Name.Zh, "description": t.Name.En,
		"type": "object", "additionalProperties": false,
		"properties": object{
			"fields": object{"type": "object", "additionalProperties": false, "properties": fields, "required": required},
			"rows":   object{"type": "object", "additionalProperties": false, "properties": rows},
		},
		"required": []string{"fields", "rows"},
	}, "", "  ")
}

func listSchema(t *permit.Type, s permit.Section) object {
	values, required := object{}, []string{}
	for _, f := range s.List.Fields {
		values[f.Key] = fieldSchema(t, f)
		if f.Required && f.When.Always() {
			required = append(required, f.Key)
		}
	}
	out := object{
		"title": s.Name.Zh, "description": s.Name.En, "type": "array",
		"items": object{
			"type": "object", "additionalProperties": false, "required": []string{"values"},
			"properties": object{
				"id": object{"type": "string"}, "lead": object{"type": "boolean"}, "from": object{"type": "string"},
				"values": object{"type": "object", "additionalProperties": false, "properties": values, "required": required},
			},
		},
	}
	if s.List.Min > 0 && s.When.Always() {
		out["minItems"] = s.List.Min
	}
	if s.List.Max > 0 {
		out["maxItems"] = s.List.Max
	}
	if !s.When.Always() {
		out["x-when"] = s.When.Words(t).Zh
	}
	return out
}

// patterns are the stored forms that a pattern can tell; the check digits of numbers are left to the reader of the kind.
var patterns = map[permit.Kind]string{
	permit.Whole: `^[0-9]+$`, permit.Money: `^[0-9]+$`, permit.Decimal: `^[0-9]+(\.[0-9]+)?$`, permit.Day: `^[0-9]{3}-[0-9]{2}-[0-9]{2}$`,
	permit.CompanyID: `^[0-9]{8}$`, permit.Mobile: `^09[0-9]{8}$`, permit.LandNo: `^[0-9]{1,4}(-[0-9]{1,4})?$`, permit.Postcode: `^[0-9]{3}([0-9]{2,3})?$`,
}

func fieldSchema(t *permit.Type, f permit.Field) object {
	out := object{"type": "string", "title": f.Label.Zh, "x-title-en": f.Label.En, "x-kind": string(f.Kind)}
	var values []string
	for _, o := range f.Choices {
		values = append(values, o.Value)
	}
	switch {
	case f.Kind == permit.YesNo:
		out["enum"] = []string{"Y", "N"}
	case f.Kind == permit.Choice:
		out["enum"] = values
	case f.Kind == permit.Several:
		one := "(" + strings.Join(values, "|") + ")"
		out["pattern"] = "^" + one + "(," + one + ")*$"
	case f.Kind == permit.Computed:
		out["readOnly"] = true
	case patterns[f.Kind] != "":
		out["pattern"] = patterns[f.Kind]
	case f.Max > 0:
		out["maxLength"] = f.Max
	}
	if !f.Hint.Empty() {
		out["description"] = f.Hint.Zh
	}
	if f.Unit != "" {
		out["x-unit"] = f.Unit
	}
	if !f.When.Always() {
		out["x-when"] = f.When.Words(t).Zh
	}
	if f.Secret {
		out["x-protected"] = true
	}
	return out
}
