package git

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// A format is what a repository's config says of how it is stored.
type format struct {
	objects  object.Format
	reftable bool
}

// readFormat reads the repository's format (gitrepository-layout(5) and the extensions of git 2.51,
// 2025-08): an extension that isn't known may change the meaning of anything, so it's an error.
func (r *Repo) readFormat() (format, error) {
	values, err := readConfig(r.common, "config")
	if err != nil {
		return format{}, err
	}
	version := values["core.repositoryformatversion"]
	if version != "" && version != "0" && version != "1" {
		return format{}, fmt.Errorf("core.repositoryFormatVersion is %q, and only 0 and 1 are known: %w", version, errors.ErrUnsupported)
	}
	var f format
	for key, value := range values {
		name, ok := strings.CutPrefix(key, "extensions.")
		if !ok {
			continue
		}
		newer := false // not to be used in version 0
		switch name {
		case "noop", "preciousobjects", "partialclone", "worktreeconfig":
		case "noop-v1", "relativeworktrees", "compatobjectformat":
			newer = true
		case "objectformat":
			newer = true
			if f.objects, err = objectFormat(value); err != nil {
				return f, err
			}
		case "refstorage":
			newer = true
			if f.reftable, err = refStorage(value); err != nil {
				return f, err
			}
		default:
			if version == "1" {
				return f, fmt.Errorf("extensions.%s is not known: %w", name, errors.ErrUnsupported)
			}
		}
		if newer && version != "1" {
			return f, fmt.Errorf("extensions.%s is set, but core.repositoryFormatVersion is not 1", name)
		}
	}
	return f, nil
}

func objectFormat(value string) (object.Format, error) {
	for _, f := range []object.Format{object.SHA1, object.SHA256} {
		if value == f.String() {
			return f, nil
		}
	}
	return object.SHA1, fmt.Errorf("extensions.objectFormat is %q, and only sha1 and sha256 are known: %w", value, errors.ErrUnsupported)
}

func refStorage(value string) (reftable bool, err error) {
	switch value {
	case "files":
		return false, nil
	case "reftable":
		return true, nil
	}
	return false, fmt.Errorf("extensions.refStorage is %q, and only files and reftable are known: %w", value, errors.ErrUnsupported)
}

// readConfig returns the last value of each key of a config file, "section.key" or
// "section.subsection.key", section and key in lower case; none if there is no file.
func readConfig(root *os.Root, name string) (map[string]string, error) {
	data, err := readFile(root, name, maxSmall)
	if isNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	values, line := parseConfig(string(data))
	if line > 0 {
		return nil, fmt.Errorf("line %d of its %s is not as git writes it", line, name)
	}
	return values, nil
}

// parseConfig parses a config file, as in git-config(1). If it can't, it returns the line where it stopped.
func parseConfig(text string) (values map[string]string, line int) {
	p := &configParser{text: strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), values: map[string]string{}}
	for {
		p.skip(" \t\n")
		switch {
		case p.text == "":
			return p.values, 0
		case p.text[0] == '#' || p.text[0] == ';':
			p.comment()
		case p.text[0] == '[':
			if !p.header() {
				return nil, p.lines + 1
			}
		default:
			if !p.variable() {
				return nil, p.lines + 1
			}
		}
	}
}

type configParser struct {
	text    string // what is left
	section string // with its final dot
	lines   int    // newlines passed
	values  map[string]string
}

func (p *configParser) skip(set string) {
	rest := strings.TrimLeft(p.text, set)
	p.lines += strings.Count(p.text[:len(p.text)-len(rest)], "\n")
	p.text = rest
}

// comment takes the rest of the line, but for its newline.
func (p *configParser) comment() {
	if end := strings.IndexByte(p.text, '\n'); end >= 0 {
		p.text = p.text[end:]
	} else {
		p.text = ""
	}
}

// word takes the run of letters, digits, dashes and, in a section, dots at the text's start.
func (p *configParser) word(dots bool) string {
	rest := strings.TrimLeftFunc(p.text, func(r rune) bool {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' || r == '-' || dots && r == '.'
	})
	w := p.text[:len(p.text)-len(rest)]
	p.text = rest
	return strings.ToLower(w)
}

// header reads "[section]" or `[section "sub"]`.
func (p *configParser) header() bool {
	p.text = p.text[1:]
	p.section = p.word(true) + "."
	if p.section == "." {
		return false
	}
	if rest := strings.TrimLeft(p.text, " \t"); rest != p.text && strings.HasPrefix(rest, `"`) {
		p.text = rest[1:]
		var sub strings.Builder
		for {
			if p.text == "" || p.text[0] == '\n' {
				return false
			}
			c := p.text[0]
			p.text = p.text[1:]
			if c == '"' {
				break
			}
			if c == '\\' && p.text != "" && p.text[0] != '\n' {
				c = p.text[0]
				p.text = p.text[1:]
			}
			sub.WriteByte(c)
		}
		p.section += sub.String() + "."
	}
	var ok bool
	p.text, ok = strings.CutPrefix(p.text, "]")
	return ok
}

// variable reads "key = value", or "key" alone, which stands for true.
func (p *configParser) variable() bool {
	key := p.word(false)
	if key == "" || key[0] < 'a' {
		return false
	}
	p.text = strings.TrimLeft(p.text, " \t")
	if p.text == "" || p.text[0] == '\n' {
		p.values[p.section+key] = "true"
		return true
	}
	if p.text[0] != '=' {
		return false
	}
	p.text = strings.TrimLeft(p.text[1:], " \t")
	value, ok := p.value()
	p.values[p.section+key] = value
	return ok
}

// value reads a value up to the end of its line, quotes, escapes and continuations undone.
func (p *configParser) value() (string, bool) {
	var v strings.Builder
	end := 0 // the value's length without unquoted white space at its end
	quoted := false
	for p.text != "" {
		c := p.text[0]
		switch {
		case c == '\n':
			return v.String()[:end], !quoted
		case !quoted && (c == '#' || c == ';'):
			p.comment()
			return v.String()[:end], true
		case c == '"':
			quoted = !quoted
			end = v.Len()
		case c == '\\':
			if len(p.text) < 2 {
				p.text = ""
				return v.String()[:end], !quoted
			}
			p.text = p.text[1:]
			if p.text[0] == '\n' {
				p.lines++
				break
			}
			plain := strings.IndexByte(`nt"b\`, p.text[0])
			if plain < 0 {
				return "", false
			}
			v.WriteByte("\n\t\"\b\\"[plain])
			end = v.Len()
		default:
			v.WriteByte(c)
			if quoted || c != ' ' && c != '\t' {
				end = v.Len()
			}
		}
		p.text = p.text[1:]
	}
	return v.String()[:end], !quoted
}
