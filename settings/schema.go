package settings

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/bbkeys/bbkeys/config"
)

// Schema writes a JSON schema (draft 7, which editors know best) of the file.
func Schema(w io.Writer) error {
	keys := map[string]any{}
	for _, in := range inputs() {
		keys[in.Name] = in2schema(in)
	}
	all := sections()
	for i := range all {
		s := &all[i]
		keys[s.name] = map[string]any{"description": plain(s.help), "type": []string{"array", "null"}, "items": s.schema()}
	}
	out, err := json.MarshalIndent(map[string]any{
		"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://github.com/bbkeys/bbkeys/docs/config.schema.json",
		"title": "The settings of bbkeys, " + Name, "type": []string{"object", "null"}, "additionalProperties": false, "properties": keys,
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the schema: %w", err)
	}
	_, err = w.Write(append(out, '\n'))
	return err
}

// in2schema returns what an input takes.
func in2schema(in config.Input) map[string]any {
	s := map[string]any{"description": plain(in.Help)}
	switch {
	case in.IsSwitch():
		s["type"] = "boolean"
	case len(in.Values) > 0:
		s["enum"] = in.Values
	case in.Max > 0:
		s["type"], s["minimum"], s["maximum"] = "integer", in.Min, in.Max
	case isFile(in):
		s["type"], s["pattern"] = "string", `^[^./\\:-][^/\\:]*(/[^./\\:-][^/\\:]*)*$`
	default:
		s["type"], s["minLength"] = "string", 1
	}
	return s
}

// schema returns what an entry of the section is.
func (s *section) schema() map[string]any {
	if len(s.fields) == 1 {
		return s.fields[0].schema()
	}
	fields, must := map[string]any{}, []string{}
	for i := range s.fields {
		f := &s.fields[i]
		fields[f.name] = f.schema()
		if f.must {
			must = append(must, f.name)
		}
	}
	entry := map[string]any{"type": "object", "additionalProperties": false, "properties": fields, "required": must}
	if len(s.either) > 0 {
		var either []any
		for _, name := range s.either {
			either = append(either, map[string]any{"required": []string{name}})
		}
		entry["anyOf"] = either
	}
	if s.plain == "" {
		return entry
	}
	return map[string]any{"anyOf": []any{s.field(s.plain).schema(), entry}}
}

func (f *field) schema() map[string]any {
	s := map[string]any{"type": "string", "minLength": 1}
	if f.help != "" {
		s["description"] = plain(f.help)
	}
	if f.values != nil {
		s["enum"] = f.values
	}
	if f.pattern != "" {
		s["pattern"] = f.pattern
	}
	return s
}

// plain returns a help text without the marks of Markdown.
func plain(help string) string { return strings.ReplaceAll(help, "`", "") }

// Keys writes the tables of the documentation.
func Keys(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| key | what it is |\n| --- | --- |\n")
	all := sections()
	for i := range all {
		fmt.Fprintf(&b, "| `%s` | a list: %s |\n", all[i].name, all[i].help)
	}
	for i := range all {
		s := &all[i]
		if len(s.fields) == 1 {
			continue
		}
		fmt.Fprintf(&b, "\nAn entry of `%s`", s.name)
		if s.plain != "" {
			fmt.Fprintf(&b, " is its `%s`, or a map", s.plain)
		}
		b.WriteString(":\n\n| key | | what it is |\n| --- | --- | --- |\n")
		for _, f := range s.fields {
			must := ""
			if f.must {
				must = "needed"
			}
			help := f.help
			if f.values != nil && f.check == nil {
				help += ": `" + strings.Join(f.values, "`, `") + "`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.name, must, help)
		}
		if len(s.either) > 0 {
			fmt.Fprintf(&b, "\nOne of `%s` is needed.\n", strings.Join(s.either, "`, `"))
		}
	}
	b.WriteString("\nEvery input can be a key, under the name that the GitHub Action has for it, but for those that are about one run:\n\n| key | default | values | meaning |\n| --- | --- | --- | --- |\n")
	for _, in := range inputs() {
		values := strings.Join(in.Values, ", ")
		switch {
		case in.Max > 0:
			values = fmt.Sprintf("%d to %d", in.Min, in.Max)
		case isFile(in):
			values = "a file below the checkout"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", in.Name, in.Default, values, in.Help)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
