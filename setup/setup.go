// Package setup makes bbkeys part of what a repository's CI and hooks run: it finds them,
// and offers the file or the lines that do it.
package setup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/bbkeys/bbkeys/examples"
)

// An Offer is what makes bbkeys part of one CI or hook.
type Offer struct {
	Kind
	Path string // of the file, from the root of the repository
	New  bool   // there is no such file, so that it can be written
	// Parts are what goes into the file: all of it where it is New.
	Parts []Part
	After string // what is left to do, one sentence; may be empty
}

// A Part is a text that goes into a file.
type Part struct {
	Where string // in the file; "" for all of it
	Text  string
}

// A Pin is the release that what is offered names. The zero Pin names the newest one of
// the major version.
type Pin struct {
	Version string // such as 1.2.3
	SHA256  string // of the binary for Linux on amd64, in hexadecimal; "" where it is not known
}

// Find returns the kinds that the repository in dir uses. Where it uses none, they are
// those that the address of its origin speaks for, and sure is false.
func Find(dir string) (found []Kind, sure bool, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, false, err
	}
	defer root.Close() //nolint:errcheck // nothing was written
	for _, k := range Kinds() {
		if slices.ContainsFunc(k.signs, func(sign string) bool { return there(root, sign) }) {
			found = append(found, k)
		}
	}
	if len(found) > 0 {
		return found, true, nil
	}
	address := settings(root, "url")
	for _, k := range Kinds() {
		if slices.ContainsFunc(k.hosts, func(host string) bool { return strings.Contains(address, host) }) {
			found = append(found, k)
		}
	}
	return found, false, nil
}

// there reports whether a path is in the repository, even as a link that leads nowhere.
func there(root *os.Root, name string) bool {
	_, err := root.Lstat(name)
	return err == nil
}

// settings returns the values that a repository's git configuration has for a key, in any
// section, as lines.
func settings(root *os.Root, key string) string {
	var values strings.Builder
	for line := range strings.Lines(read(root, ".git/config")) {
		if k, value, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(k), key) {
			values.WriteString(value)
		}
	}
	return values.String()
}

// maxText is far more than a pipeline or a git configuration takes.
const maxText = 1 << 20

// read returns the beginning of a file, or "" where it is none that can be read. It waits
// for no pipe.
func read(root *os.Root, name string) string {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // nothing was written
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return ""
	}
	return string(text)
}

// For returns what makes bbkeys part of k in the repository in dir.
func (k Kind) For(dir string, pin Pin) (Offer, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Offer{}, err
	}
	defer root.Close() //nolint:errcheck // nothing was written
	text, err := examples.Read(k.example)
	if err != nil {
		return Offer{}, fmt.Errorf("reading the example %s: %w", k.example, err)
	}
	text = pin.put(text)
	o := Offer{Kind: k, Path: k.files[0], New: true, Parts: []Part{{Text: text}}, After: k.after}
	if k.Name == "gitlab" && pin.SHA256 != "" {
		o.After = ""
	}
	if k.Name == "hook" && settings(root, "hooksPath") != "" {
		o.After = "git looks for hooks in the folder that core.hooksPath names: put the file there."
	}
	for _, name := range k.files {
		if there(root, name) {
			o.Path, o.New, o.Parts = name, false, nil
			break
		}
	}
	if o.New {
		return o, nil
	}
	for _, s := range k.steps {
		part, ok := block(text, s.begin)
		if !ok {
			return Offer{}, fmt.Errorf("the example %s has no line that begins with %q", k.example, s.begin)
		}
		o.Parts = append(o.Parts, Part{s.where, part})
	}
	return o, nil
}

// Has reports whether the file is there and names bbkeys already.
func (o Offer) Has(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close() //nolint:errcheck // nothing was written
	return strings.Contains(read(root, o.Path), "bbkeys")
}

// ErrThere is why a file was not written that came to be since it was looked for.
var ErrThere = errors.New("it is there already, and is not overwritten")

// Write writes the file of a New offer, and the folders that it is in. It overwrites
// nothing and follows no link out of the repository.
func (o Offer) Write(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // all was written and closed
	if at := path.Dir(o.Path); at != "." {
		if err := root.MkdirAll(at, 0o755); err != nil {
			return err
		}
	}
	mode := fs.FileMode(0o644)
	if o.mode != 0 {
		mode = fs.FileMode(o.mode)
	}
	f, err := root.OpenFile(o.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return ErrThere
	}
	if err != nil {
		return err
	}
	for _, p := range o.Parts {
		_, e := f.WriteString(p.Text)
		err = errors.Join(err, e)
	}
	return errors.Join(err, f.Close())
}

// release is the form of a version that can be pinned: a release and no state between two.
var release = regexp.MustCompile(`^v?(\d+\.\d+\.\d+)$`)

// Release returns the pin for a version of the program, which is the zero Pin unless the
// version is that of a release.
func Release(version, sha256 string) Pin {
	if m := release.FindStringSubmatch(version); m != nil {
		return Pin{m[1], sha256}
	}
	return Pin{}
}

// What in an example names a release.
var (
	action   = regexp.MustCompile(`(uses: bbkeys/bbkeys@)v\d+\b`)
	image    = regexp.MustCompile(`(ghcr\.io/bbkeys/bbkeys:)\d+\b`)
	download = regexp.MustCompile(`(bbkeys/bbkeys/releases/download/)v\d+\.\d+\.\d+`)
	revision = regexp.MustCompile(`(rev: )v\d+\.\d+\.\d+`)
	checksum = `KEYS_SHA256: ""`
)

// put makes an example name the pinned release.
func (p Pin) put(text string) string {
	if p.Version == "" {
		return text
	}
	text = action.ReplaceAllString(text, "${1}v"+p.Version)
	text = image.ReplaceAllString(text, "${1}"+p.Version)
	text = download.ReplaceAllString(text, "${1}v"+p.Version)
	text = revision.ReplaceAllString(text, "${1}v"+p.Version)
	if p.SHA256 != "" {
		text = strings.ReplaceAll(text, checksum, `KEYS_SHA256: "`+p.SHA256+`"`)
	}
	return text
}

// block returns the line of a text that begins with begin, and all lines that are
// indented deeper than it, with the line that closes it if that is a brace. Its own
// indentation is taken away. With an empty begin it is the text without the comment that it
// begins with.
func block(text, begin string) (string, bool) {
	lines := strings.SplitAfter(text, "\n")
	if begin == "" {
		for len(lines) > 0 && strings.HasPrefix(lines[0], "#") {
			lines = lines[1:]
		}
		return strings.Join(lines, ""), len(lines) > 1
	}
	from := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimLeft(l, " "), begin) })
	if from < 0 {
		return "", false
	}
	indent := indentation(lines[from])
	to := from + 1
	for to < len(lines) && (strings.TrimSpace(lines[to]) == "" || indentation(lines[to]) > indent) {
		to++
	}
	for to < len(lines) && indentation(lines[to]) == indent && closes(lines[to]) {
		to++
	}
	var b strings.Builder
	for _, l := range lines[from:to] {
		b.WriteString(strings.TrimPrefix(l, strings.Repeat(" ", indent)))
	}
	return strings.TrimRight(b.String(), "\n ") + "\n", true
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// closes reports whether a line ends the block above it.
func closes(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "}") }
