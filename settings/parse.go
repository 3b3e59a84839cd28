package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/guess"
)

// Parse reads a settings file that is called name. Its error joins everything that is wrong
// with the file, each as "NAME:LINE:COLUMN: what, and what to do"; lines and columns count
// from 1. It repeats nothing that the file says but names of keys that are known.
func Parse(name string, data []byte) (*Settings, error) {
	p := parser{name: name}
	s := &Settings{inputs: map[string]string{}}
	if root := p.document(data); root != nil {
		p.top(s, root)
	}
	if len(p.faults) == 0 {
		return s, nil
	}
	slices.SortStableFunc(p.faults, func(a, b fault) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	var all []error
	for i, f := range p.faults {
		if i == maxFaults {
			all = append(all, fmt.Errorf("%s: and %d more", name, len(p.faults)-i))
			break
		}
		all = append(all, fmt.Errorf("%s:%d:%d: %s", name, f.line, f.column, f.what))
	}
	return nil, errors.Join(all...)
}

// maxFaults is how many errors of one file are told.
const maxFaults = 50

// A fault is one thing that is wrong, and where.
type fault struct {
	line, column int
	what         string
}

// A parser reads one file.
type parser struct {
	name   string
	faults []fault
}

func (p *parser) fault(line, column int, format string, args ...any) {
	p.faults = append(p.faults, fault{max(1, line), max(1, column), fmt.Sprintf(format, args...)})
}

func (p *parser) at(n *yaml.Node, format string, args ...any) {
	p.fault(n.Line, n.Column, format, args...)
}

// document returns the top of the file's only document, or nil where there is none or the
// file is no YAML.
func (p *parser) document(data []byte) *yaml.Node {
	if !p.readable(data) {
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	doc, err := decode(dec)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		p.syntax(data, err)
		return nil
	}
	if more, err := decode(dec); !errors.Is(err, io.EOF) {
		line := 1
		if err == nil {
			line = more.Line
		}
		p.fault(line, 1, "there is a second document; take out the --- and what follows, or join them")
	}
	return doc.Content[0]
}

// decode reads one document. What panics in there is an error.
func decode(dec *yaml.Decoder) (doc *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("yaml: it cannot be read")
		}
	}()
	doc = new(yaml.Node)
	if err = dec.Decode(doc); err == nil && len(doc.Content) != 1 {
		err = io.EOF
	}
	return doc, err
}

// readable checks what YAML says nothing helpful of.
func (p *parser) readable(data []byte) bool {
	if len(data) > MaxSize {
		p.fault(1, 1, "the file has %d bytes; settings of over %d are not read, so use globs and a baseline in the place of long lists", len(data), MaxSize)
		return false
	}
	line := 1
	for text := range bytes.Lines(data) {
		if i := invalid(text); i >= 0 {
			p.fault(line, utf8.RuneCount(text[:i])+1, "this is no UTF-8; save the file as UTF-8")
			return false
		}
		indent := bytes.TrimLeft(text, " ")
		if len(indent) > 0 && indent[0] == '\t' && len(bytes.TrimSpace(indent)) > 0 && bytes.TrimSpace(indent)[0] != '#' {
			p.fault(line, len(text)-len(indent)+1, "a tab indents the line, which YAML does not take; use spaces")
			return false
		}
		if i := bytes.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }); i >= 0 {
			p.fault(line, utf8.RuneCount(text[:i])+1, "here is a control character; take it out")
			return false
		}
		line++
	}
	return true
}

// invalid returns where a text stops being UTF-8, or -1.
func invalid(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// syntaxError is how the YAML module says where and what is wrong. What it says besides may
// quote the file.
var syntaxError = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?((?:[a-zA-Z ,-]|'[^']')+)`)

// syntax tells an error of the YAML module.
func (p *parser) syntax(data []byte, err error) {
	line, what := 1, "it cannot be read"
	if m := syntaxError.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		what = strings.TrimRight(m[2], " ,")
		if strings.HasPrefix(what, "did not find expected") {
			line++ // the module counts these from 0
		}
	}
	lines := bytes.Split(data, []byte("\n"))
	line = min(max(1, line), len(lines))
	text := lines[line-1]
	p.fault(line, len(text)-len(bytes.TrimLeft(text, " "))+1,
		"this is no YAML, from here on or from the line before: %s; look for a missing colon, quote or bracket, and for wrong indentation", what)
}

// plainTags are what YAML takes texts for by itself.
var plainTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"}

// sound checks that a node is what it looks like: no anchor, alias or tag, which can make a
// short file long and hide what it says.
func (p *parser) sound(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		p.at(n, "anchors and aliases are not read here; write it out")
	case n.Style&yaml.TaggedStyle != 0:
		p.at(n, "tags, which begin with an exclamation mark, are not read here; put the text in quotes if it is one")
	default:
		return true
	}
	return false
}

// pairs calls each with the keys and values of a map. Keys that come twice or are no text
// are faults.
func (p *parser) pairs(n *yaml.Node, each func(key, value *yaml.Node)) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !p.sound(key) {
			continue
		}
		if key.Kind != yaml.ScalarNode {
			p.at(key, "a key must be a word")
			continue
		}
		if line, ok := seen[key.Value]; ok {
			p.at(key, "this key is in line %d already; join both", line)
			continue
		}
		seen[key.Value] = key.Line
		each(key, value)
	}
}

// top reads the file.
func (p *parser) top(s *Settings, root *yaml.Node) {
	if !p.sound(root) || root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		return
	}
	if root.Kind != yaml.MappingNode {
		p.at(root, "the file must be a map of keys; write key: value, such as fail-on: error")
		return
	}
	all := sections()
	known := inputs()
	p.pairs(root, func(key, value *yaml.Node) {
		if i := slices.IndexFunc(all, func(s section) bool { return s.name == key.Value }); i >= 0 {
			p.list(s, &all[i], value)
			return
		}
		if i := slices.IndexFunc(known, func(in config.Input) bool { return in.Name == key.Value }); i >= 0 {
			p.input(s, known[i], value)
			return
		}
		p.unknown(key, all, known)
	})
}

// unknown tells of a key that there is none of.
func (p *parser) unknown(key *yaml.Node, all []section, known []config.Input) {
	if i := slices.IndexFunc(config.Inputs(), func(in config.Input) bool { return in.Name == key.Value }); i >= 0 {
		p.at(key, "%s is for the command line or the CI's inputs alone: it is about one run", config.Inputs()[i].Name)
		return
	}
	var names []string
	for i := range all {
		names = append(names, all[i].name)
	}
	for _, in := range known {
		names = append(names, in.Name)
	}
	p.at(key, "there is no such key%s", meant(key.Value, names))
}

// meant asks whether one of the names was meant by a misspelt one.
func meant(word string, names []string) string {
	if n := guess.Of(word, names); n != "" {
		return "; did you mean " + n + "?"
	}
	return ""
}
