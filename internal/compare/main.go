// Compare reads repositories with the git and git/odb packages and with git itself, and
// counts where the two differ. It prints a Markdown table, which docs/COMPARED.md keeps,
// and the first differences of each kind on standard error.
//
//	go run ./internal/compare [-ranges N] [-changes N] [-seed N] REPOSITORY…
//
// A REPOSITORY is a directory, or NAME=DIRECTORY. Nothing is written to it, nothing
// fetched. The exit status is 1 if anything differs, 4 if a repository can't be read.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
)

func main() {
	ranges := flag.Int("ranges", 100, "how many random ranges are compared")
	changes := flag.Int("changes", 1000, "of how many of HEAD's newest commits the changes are compared")
	seed := flag.Uint64("seed", 1, "for the random ranges")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "compare: name a repository, or several")
		os.Exit(4)
	}
	version, err := exec.Command("git", "version").Output()
	if err != nil {
		fmt.Fprintf(os.Stderr, "compare: run git: %v\n", err)
		os.Exit(4)
	}
	fmt.Printf("%s, %s, seed %d\n\n", time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(version)), *seed)
	fmt.Println("| repository at commit | commits | blobs, bytes | random ranges, commits in them | changes, of commits | differences |")
	fmt.Println("| --- | --- | --- | --- | --- | --- |")
	status := 0
	for _, arg := range flag.Args() {
		name, dir, named := strings.Cut(arg, "=")
		if !named {
			name, dir = filepath.Base(arg), arg
		}
		c := &comparison{git: gitIn(dir), rng: rand.New(rand.NewPCG(*seed, 1))}
		if err := c.run(context.Background(), dir, *ranges, *changes); err != nil {
			fmt.Fprintf(os.Stderr, "compare: %s: %v\n", name, err)
			os.Exit(4)
		}
		fmt.Printf("| %s at `%.12s` | %d | %d, %d | %d, %d | %d, %d | %d |\n",
			name, c.head, len(c.all), c.blobs, c.bytes, *ranges, c.ranged, c.changes, c.changed, c.differences)
		if c.differences > 0 {
			status = 1
		}
	}
	os.Exit(status)
}

// comparison is what was looked at in one repository.
type comparison struct {
	git  gitIn
	repo *git.Repo
	rng  *rand.Rand

	head             object.Hash
	all              []string // commits
	blobs            int
	bytes            int64
	ranged           int // commits in the random ranges
	changes, changed int // changes, and the commits that they are of
	differences      int
}

func (c *comparison) run(ctx context.Context, dir string, ranges, changes int) (err error) {
	if c.repo, err = git.Open(dir, git.Options{Within: "/"}); err != nil {
		return err
	}
	defer func() { _ = c.repo.Close() }() // only read
	if c.head, err = c.repo.Resolve("HEAD"); err != nil {
		return err
	}
	if err := c.compareCommits(ctx); err != nil {
		return err
	}
	if err := c.compareBlobs(ctx); err != nil {
		return err
	}
	for range ranges {
		if err := c.compareRange(ctx); err != nil {
			return err
		}
	}
	return c.compareChanges(ctx, changes)
}

// compareCommits compares all commits of all refs.
func (c *comparison) compareCommits(ctx context.Context) error {
	var tips []object.Hash
	for ref, err := range c.repo.Refs() {
		if err != nil {
			return err
		}
		// A tag may name a tree or a blob, in which git rev-list sees no commit either.
		if tip, err := c.repo.Resolve(ref.Hash.String()); err == nil {
			tips = append(tips, tip)
		}
	}
	want, err := c.git.lines("", "rev-list", "--all")
	if err != nil {
		return err
	}
	span, err := c.repo.Range(ctx, tips, nil)
	if err != nil {
		return err
	}
	slices.Sort(want)
	c.all = want
	c.differ("git rev-list --all", names(span.Commits), want)
	return nil
}

// compareRange compares the range between two random commits.
func (c *comparison) compareRange(ctx context.Context) error {
	base, head := c.all[c.rng.IntN(len(c.all))], c.all[c.rng.IntN(len(c.all))]
	want, err := c.git.lines("", "rev-list", base+".."+head)
	if err != nil {
		return err
	}
	from, err := object.ParseHash(base)
	if err != nil {
		return err
	}
	to, err := object.ParseHash(head)
	if err != nil {
		return err
	}
	span, err := c.repo.Range(ctx, []object.Hash{to}, []object.Hash{from})
	if err != nil {
		return err
	}
	slices.Sort(want)
	c.ranged += len(want)
	c.differ("git rev-list "+base+".."+head, names(span.Commits), want)
	return nil
}

// names returns the hashes sorted.
func names(hashes []object.Hash) []string {
	all := make([]string, len(hashes))
	for i, h := range hashes {
		all[i] = h.String()
	}
	slices.Sort(all)
	return all
}

// differ counts what only one of two sorted lists has.
func (c *comparison) differ(what string, got, want []string) {
	shown := 0
	tell := func(who, line string) {
		if c.differences++; shown < 5 {
			shown++
			fmt.Fprintf(os.Stderr, "%s: only %s: %q\n", what, who, line)
		}
	}
	for len(got)+len(want) > 0 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0] < got[0]:
			tell("git has", want[0])
			want = want[1:]
		case len(want) == 0 || got[0] < want[0]:
			tell("we have", got[0])
			got = got[1:]
		default:
			got, want = got[1:], want[1:]
		}
	}
}
