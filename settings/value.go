package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bbkeys/bbkeys/config"
)

// input reads the value of an input.
func (p *parser) input(s *Settings, in config.Input, n *yaml.Node) {
	if !p.sound(n) {
		return
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		p.at(n, "%s wants one value; %s", in.Name, wanted(in))
		return
	}
	text, tag, want := n.Value, n.ShortTag(), "!!str"
	switch {
	case in.IsSwitch():
		want = "!!bool"
	case in.Max > 0:
		want = "!!int"
		var number int
		if tag == want && n.Decode(&number) == nil {
			text = strconv.Itoa(number)
		}
	}
	err := in.Check(text)
	if err == nil && isFile(in) {
		err = checkFile(text)
	}
	switch {
	case tag != want || text == "":
		p.at(n, "%s is of the wrong type; %s", in.Name, wanted(in))
	case err != nil:
		p.at(n, "%s: %v", in.Name, err)
	default:
		s.inputs[in.Name] = text
	}
}

// wanted says what an input takes.
func wanted(in config.Input) string {
	switch {
	case in.IsSwitch():
		return "write true or false"
	case len(in.Values) > 0:
		return "write one of " + strings.Join(in.Values, ", ")
	case in.Max > 0:
		return fmt.Sprintf("write a number from %d to %d, without quotes", in.Min, in.Max)
	}
	return "write a text, in quotes if it looks like something else"
}

// list reads the entries of a section.
func (p *parser) list(s *Settings, sec *section, n *yaml.Node) {
	switch {
	case !p.sound(n) || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null": // all entries are comments
	case n.Kind != yaml.SequenceNode:
		p.at(n, "%s wants a list; begin each entry with a hyphen", sec.name)
	default:
		for _, item := range n.Content {
			p.entry(s, sec, item)
		}
	}
}

// entry reads one entry of a section.
func (p *parser) entry(s *Settings, sec *section, n *yaml.Node) {
	if !p.sound(n) {
		return
	}
	e := entry{texts: map[string]string{}, where: fmt.Sprintf("%s:%d:%d", p.name, n.Line, n.Column)}
	before := len(p.faults)
	single := len(sec.fields) == 1
	switch {
	case n.Kind == yaml.ScalarNode && single:
		p.field(e, &sec.fields[0], n)
	case n.Kind == yaml.ScalarNode && sec.plain != "" && n.ShortTag() != "!!null":
		p.field(e, sec.field(sec.plain), n)
	case n.Kind == yaml.MappingNode && !single:
		p.pairs(n, func(key, value *yaml.Node) {
			if f := sec.field(key.Value); f != nil {
				p.field(e, f, value)
				return
			}
			p.at(key, "an entry of %s has no such key%s; it takes %s", sec.name, meant(key.Value, sec.names()), strings.Join(sec.names(), ", "))
		})
		if len(p.faults) == before {
			p.whole(e, sec, n)
		}
	case single:
		p.at(n, "an entry of %s must be a text", sec.name)
	default:
		p.at(n, "an entry of %s must be a map; it takes %s", sec.name, strings.Join(sec.names(), ", "))
	}
	if len(p.faults) > before {
		return
	}
	if err := sec.take(s, e); err != nil {
		p.at(n, "%v", err)
	}
}

// whole checks that nothing is missing in an entry.
func (p *parser) whole(e entry, sec *section, n *yaml.Node) {
	for _, f := range sec.fields {
		if f.must && e.texts[f.name] == "" {
			p.at(n, "this entry of %s has no %s, and needs one: %s", sec.name, f.name, f.help)
		}
	}
	if len(sec.either) > 0 && !slices.ContainsFunc(sec.either, func(name string) bool { return e.texts[name] != "" }) {
		p.at(n, "this entry of %s says neither %s, and needs one", sec.name, strings.Join(sec.either, " nor "))
	}
}

// field reads the value of a field.
func (p *parser) field(e entry, f *field, n *yaml.Node) {
	if !p.sound(n) {
		return
	}
	// What YAML takes for a number or a date is a text here: nobody has to know.
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || !slices.Contains(plainTags, n.ShortTag()) {
		p.at(n, "%s must be a text", f.name)
		return
	}
	switch {
	case n.Value == "":
		p.at(n, "%s is empty; write it, or take the line out", f.name)
	case f.check != nil && f.check(n.Value) != nil:
		p.at(n, "%s: %v", f.name, f.check(n.Value))
	case f.check == nil && f.values != nil && !slices.Contains(f.values, n.Value):
		p.at(n, "%s is none of %s", f.name, strings.Join(f.values, ", "))
	default:
		e.texts[f.name] = n.Value
	}
}

// field returns the field of a name, or nil.
func (s *section) field(name string) *field {
	if i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == name }); i >= 0 {
		return &s.fields[i]
	}
	return nil
}

// names returns the names of the fields.
func (s *section) names() []string {
	var names []string
	for _, f := range s.fields {
		names = append(names, f.name)
	}
	return names
}
