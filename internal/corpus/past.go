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
	wait   [][]*origin // folders, in the order in which commits bring them
	here   [][]*origin // folders that commits change, with the texts of their files
}

// An origin is a file that a history takes over.
type origin struct {
	file string // where it is
	name string // its path in the history
	text []byte
}

// past writes a round of commits, for git fast-import. One in three brings a folder of
// those below the roots as it is, as long as there are any. The others put lines of some files into files
// of one folder. A few folders have most of the changes, so that chains of deltas get long.
// Round one begins a history; each further one adds a folder of its own to what is there.
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
		if c%3 == 0 && len(p.wait) > 0 {
			if err := p.bring(out); err != nil {
				return err
			}
		} else {
			p.change(out)
		}
	}
	return nil
}

// look appends the folders below root, with their files of source that are not large. The versions
// of a module have one path, as they have in its own history.
func (p *pastMaker) look(root string) error {
	source := regexp.MustCompile(`\.(go|s|c|h|js|md|ya?ml|proto|mod|sum)$`)
	version := regexp.MustCompile(`@v[0-9][^/]*`)
	folders := map[string]int{} // where in wait they are
	return fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && path == "cache" {
			return fs.SkipDir // what the modules are unpacked from
		}
		if err != nil || !d.Type().IsRegular() || !source.MatchString(path) || strings.ContainsAny(path, "\"\n") {
			return err
		}
		info, err := d.Info()
		if size := info.Size(); err != nil || size == 0 || size > 200<<10 {
			return err
		}
		dir := filepath.Dir(path)
		if _, ok := folders[dir]; !ok {
			folders[dir] = len(p.wait)
			p.wait = append(p.wait, nil)
		}
		name := p.folder + "/" + version.ReplaceAllString(filepath.Base(root)+"/"+path, "")
		p.wait[folders[dir]] = append(p.wait[folders[dir]], &origin{file: filepath.Join(root, path), name: name})
		return nil
	})
}

// bring writes a commit's files of a folder that waits.
func (p *pastMaker) bring(out *bufio.Writer) error {
	const most = 800 // folders whose texts are kept to be changed
	folder := p.wait[0]
	p.wait = p.wait[1:]
	for _, o := range folder {
		var err error
		if o.text, err = os.ReadFile(o.file); err != nil {
			return fmt.Errorf("reading what a commit brings: %w", err)
		}
		o.write(out)
	}
	if len(p.here) < most {
		p.here = append(p.here, folder)
	}
	return nil
}

// change writes a commit's changes in some files of a folder.
func (p *pastMaker) change(out *bufio.Writer) {
	// The cube makes one folder in ten have nearly half of the changes.
	at := p.Float64()
	folder := p.here[int(float64(len(p.here))*at*at*at)]
	first := p.IntN(len(folder))
	for i := range min(len(folder), 1+p.IntN(6)) {
		o := folder[(first+i)%len(folder)]
		if o.text = p.splice(o.text, p.donor()); len(o.text) > 96<<10 {
			o.text = o.text[:48<<10]
		}
		o.write(out)
	}
}

// donor returns the longer of two texts, so that there are lines enough in it, and not the
// longest of many: those are tables, which nobody's history is made of.
func (p *pastMaker) donor() (text []byte) {
	for range 2 {
		folder := p.here[p.IntN(len(p.here))]
		if other := folder[p.IntN(len(folder))].text; len(other) > len(text) {
			text = other
		}
	}
	return text
}

// write writes the file as a commit has it.
func (o *origin) write(out *bufio.Writer) {
	fmt.Fprintf(out, "M 100644 inline %s\ndata %d\n%s\n", o.name, len(o.text), o.text)
}

// splice returns text with some lines replaced by lines of another.
func (p *pastMaker) splice(text, from []byte) []byte {
	lo, hi := p.some(text)
	fromLo, fromHi := p.some(from)
	return slices.Concat(text[:lo], from[fromLo:fromHi], text[hi:])
}

// some returns where some lines of text are, 120 of them on average and 16 kB at the most.
func (p *pastMaker) some(text []byte) (lo, hi int) {
	lo = bytes.LastIndexByte(text[:p.IntN(len(text)+1)], '\n') + 1
	end := min(len(text), lo+16<<10)
	hi = lo
	for range 1 + int(p.ExpFloat64()*120) {
		n := bytes.IndexByte(text[hi:end], '\n')
		if n < 0 {
			return lo, end
		}
		hi += n + 1
	}
	return lo, hi
}
