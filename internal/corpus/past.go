package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// past reads how much to make of which files, and writes it.
func past(stdout io.Writer, args []string) error {
	round, err := strconv.Atoi(args[0])
	commits, err2 := strconv.Atoi(args[1])
	if err := errors.Join(err, err2); err != nil {
		return fmt.Errorf("reading how much to make: %w; %w", err, errUsage)
	}
	out := bufio.NewWriterSize(stdout, 1<<20)
	m := &maker{Rand: rand.New(rand.NewPCG(1, uint64(round)))}
	if err := m.past(out, round, commits, args[2:]); err != nil {
		return err
	}
	return out.Flush()
}

// A pastMaker makes a history of files that are there.
type pastMaker struct {
	*maker
	folder string
	wait   []*origin // in the order in which commits bring them
	here   []*origin // what commits change, with its text
}

// An origin is a file that a history takes over.
type origin struct {
	file string // where it is
	name string // its path in the history
	text []byte
}

// past writes a round of commits, for git fast-import: each brings a file of those below
// the roots as it is, as long as there are any, and puts lines of some into others.
// A few files are changed by most commits, so that chains of deltas get long. Round one
// begins a history; each further one adds a folder of its own to what is there.
func (m *maker) past(out *bufio.Writer, round, commits int, roots []string) error {
	p := &pastMaker{maker: m, folder: fmt.Sprintf("part%d", round)}
	for _, root := range roots {
		if err := p.look(root); err != nil {
			return fmt.Errorf("looking for files below %s: %w", root, err)
		}
	}
	if len(p.wait) == 0 {
		return errors.New("there are no files of source below the roots")
	}
	m.Shuffle(len(p.wait), func(i, j int) { p.wait[i], p.wait[j] = p.wait[j], p.wait[i] })
	for c := range commits {
		fmt.Fprintf(out, "commit refs/heads/main\ncommitter A <a@example.com> %d +0000\ndata 7\nchange\n\n", 1600000000+(round*commits+c)*60)
		if c == 0 && round > 1 {
			fmt.Fprint(out, "from refs/heads/main^0\n")
		}
		if err := p.change(out); err != nil {
			return err
		}
	}
	return nil
}

// look appends the files of source below root that are not large. Versions of a module
// are one after the other at one path, as they are in its own history.
func (p *pastMaker) look(root string) error {
	source := regexp.MustCompile(`\.(go|s|c|h|js|json|md|txt|ya?ml|proto|mod|sum)$`)
	version := regexp.MustCompile(`@v[0-9][^/]*`)
	return fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && path == "cache" {
			return fs.SkipDir // what the modules are unpacked from
		}
		if err != nil || !d.Type().IsRegular() || !source.MatchString(path) || strings.ContainsAny(path, "\"\n") {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if size := info.Size(); size > 0 && size < 200<<10 {
			name := version.ReplaceAllString(filepath.Base(root)+"/"+path, "")
			p.wait = append(p.wait, &origin{file: filepath.Join(root, path), name: p.folder + "/" + name})
		}
		return nil
	})
}

// change writes what one commit changes.
func (p *pastMaker) change(out *bufio.Writer) error {
	const most = 4000 // files whose text is kept to be changed
	if len(p.wait) > 0 {
		o := p.wait[0]
		p.wait = p.wait[1:]
		text, err := os.ReadFile(o.file)
		if err != nil {
			return fmt.Errorf("reading what a commit brings: %w", err)
		}
		fmt.Fprintf(out, "M 100644 inline %s\ndata %d\n%s\n", o.name, len(text), text)
		if len(p.here) < most {
			o.text = text
			p.here = append(p.here, o)
		}
	}
	for range 1 + p.IntN(11) {
		// The cube makes one file in ten take nearly half of the changes.
		at := p.Float64()
		o, from := p.here[int(float64(len(p.here))*at*at*at)], p.here[p.IntN(len(p.here))]
		o.text = p.splice(o.text, from.text)
		fmt.Fprintf(out, "M 100644 inline %s\ndata %d\n%s\n", o.name, len(o.text), o.text)
	}
	return nil
}

// splice returns text with some lines replaced by lines of another.
func (p *pastMaker) splice(text, from []byte) []byte {
	lo, hi := p.some(text)
	fromLo, fromHi := p.some(from)
	return slices.Concat(text[:lo], from[fromLo:fromHi], text[hi:])
}

// some returns where some lines of text are, 40 of them on average and 16 kB at the most.
func (p *pastMaker) some(text []byte) (lo, hi int) {
	lo = bytes.LastIndexByte(text[:p.IntN(len(text)+1)], '\n') + 1
	end := min(len(text), lo+16<<10)
	hi = lo
	for range 1 + int(p.ExpFloat64()*40) {
		n := bytes.IndexByte(text[hi:end], '\n')
		if n < 0 {
			return lo, end
		}
		hi += n + 1
	}
	return lo, hi
}
