// Corpus makes what bbkeys is measured on: trees and histories that look like those of
// projects and are the same on every machine, all of it made up; and histories of files that are
// there, which are the same for the same files.
//
//	go run ./internal/corpus tree DIR MEGABYTES    a tree of files of all kinds
//	go run ./internal/corpus files DIR COUNT       a tree of that many small files
//	go run ./internal/corpus history COMMITS       a history, for git fast-import
//	go run ./internal/corpus past ROUND COMMITS DIR...    a history of what is there, likewise
//	go run ./internal/corpus blobs COUNT BYTES     blobs that don't compress, for git fast-import
//	go run ./internal/corpus literals              what is looked for, for grep and its like
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/bbkeys/bbkeys/rule"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: corpus tree DIR MEGABYTES | files DIR COUNT | history COMMITS | past ROUND COMMITS DIR... | blobs COUNT BYTES | literals")

func run(args []string, stdout io.Writer) error {
	if len(args) == 1 && args[0] == "literals" {
		return literals(stdout)
	}
	if len(args) > 3 && args[0] == "past" {
		return past(stdout, args[1:])
	}
	if len(args) < 2 {
		return errUsage
	}
	n, err := strconv.Atoi(args[len(args)-1])
	if err != nil {
		return fmt.Errorf("reading how much to make: %w; %w", err, errUsage)
	}
	m := newMaker()
	out := bufio.NewWriterSize(stdout, 1<<20)
	switch args[0] + fmt.Sprint(len(args)) {
	case "tree3":
		return m.tree(args[1], n<<20)
	case "files3":
		return m.files(args[1], n)
	case "history2":
		m.history(out, n)
		return out.Flush()
	case "blobs3":
		count, err := strconv.Atoi(args[1])
		if err != nil {
			return fmt.Errorf("reading how many blobs to make: %w", err)
		}
		m.blobs(out, count, n)
		return out.Flush()
	}
	return errUsage
}

// newMaker returns a maker that makes the same each time.
func newMaker() *maker { return &maker{Rand: rand.New(rand.NewPCG(1, 2))} }

// tree writes files of all kinds, size bytes of them, below dir.
func (m *maker) tree(dir string, size int) error {
	for n := 0; size > 0; n++ {
		name, text := m.file(n)
		if err := write(filepath.Join(dir, fmt.Sprintf("pkg%d", n/40), fmt.Sprintf("part%d", n/8%5), name), text); err != nil {
			return err
		}
		size -= len(text)
	}
	return nil
}

// files writes count small files below dir, in folders of a hundred, and half of them in
// one folder.
func (m *maker) files(dir string, count int) error {
	for n := range count {
		at := filepath.Join(dir, "all", fmt.Sprintf("f%d.txt", n))
		if n%2 == 1 {
			at = filepath.Join(dir, fmt.Sprintf("d%d", n/20000), fmt.Sprintf("d%d", n/200), fmt.Sprintf("f%d.txt", n))
		}
		if err := write(at, m.source(40+m.IntN(80))); err != nil {
			return err
		}
	}
	return nil
}

func write(name string, text []byte) error {
	err := os.WriteFile(name, text, 0o644)
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(name), 0o755); err == nil {
			err = os.WriteFile(name, text, 0o644)
		}
	}
	if err != nil {
		return fmt.Errorf("writing the tree: %w", err)
	}
	return nil
}

// history writes commits that bring a file each at first, and change some lines of two
// files each later, for git fast-import.
func (m *maker) history(out *bufio.Writer, commits int) {
	const files = 400
	var names []string
	var texts [][]byte
	for c := range commits {
		fmt.Fprintf(out, "commit refs/heads/main\ncommitter A <a@example.com> %d +0000\ndata 7\nchange\n\n", 1600000000+c*60)
		for range 2 {
			i := len(names)
			if i < files {
				name, text := m.file(i)
				names, texts = append(names, fmt.Sprintf("dir%d/%s", i%20, name)), append(texts, text)
			} else {
				i = m.IntN(files)
				texts[i] = m.edit(texts[i])
			}
			fmt.Fprintf(out, "M 100644 inline %s\ndata %d\n%s\n", names[i], len(texts[i]), texts[i])
		}
	}
}

// blobs writes count blobs of size bytes that don't compress, in one commit, for git
// fast-import.
func (m *maker) blobs(out *bufio.Writer, count, size int) {
	for i := range count {
		fmt.Fprintf(out, "blob\nmark :%d\ndata %d\n%s\n", i+1, size, m.noise(size))
	}
	fmt.Fprint(out, "commit refs/heads/main\ncommitter A <a@example.com> 1600000000 +0000\ndata 6\nblobs\n")
	for i := range count {
		fmt.Fprintf(out, "M 100644 :%d d%d/b%d\n", i+1, i/100, i)
	}
}

// literals writes the anchors of all rules as regular expressions, each once.
func literals(out io.Writer) error {
	seen := map[string]bool{}
	for _, r := range rule.All() {
		for _, a := range r.Anchors {
			a = regexp.QuoteMeta(a)
			if r.Context != "" {
				a = "(?i:" + a + ")" // in any case, as settings are spelled
			}
			if seen[a] {
				continue
			}
			seen[a] = true
			if _, err := fmt.Fprintln(out, a); err != nil {
				return fmt.Errorf("writing the literals: %w", err)
			}
		}
	}
	return nil
}
