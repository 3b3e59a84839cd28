package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// compareBlobs compares names and sizes of all blobs that are stored.
func (c *comparison) compareBlobs(ctx context.Context) error {
	lines, err := c.git.lines("", "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname) %(objectsize)")
	if err != nil {
		return err
	}
	var want []string
	for _, line := range lines {
		blob, found := strings.CutPrefix(line, "blob ")
		if !found {
			continue
		}
		_, digits, _ := strings.Cut(blob, " ")
		size, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return fmt.Errorf("git cat-file says %q: %w", line, err)
		}
		c.bytes += size
		want = append(want, blob)
	}
	var (
		mu  sync.Mutex
		got []string
	)
	err = c.repo.Objects().Blobs(ctx, 2, nil, func(b odb.Blob) error {
		mu.Lock()
		defer mu.Unlock()
		if b.Err != nil {
			got = append(got, b.Err.Error())
			return nil
		}
		got = append(got, fmt.Sprintf("%s %d", b.Hash, b.Size))
		return nil
	})
	if err != nil {
		return err
	}
	c.blobs = len(want)
	slices.Sort(want)
	slices.Sort(got)
	c.differ("git cat-file --batch-all-objects", got, want)
	return nil
}

// compareChanges compares what the newest commits bring, and of merges what resolving them brought.
func (c *comparison) compareChanges(ctx context.Context, newest int) error {
	commits, err := c.git.lines("", "rev-list", fmt.Sprintf("--max-count=%d", newest), "HEAD")
	if err != nil {
		return err
	}
	out, err := c.git.run(strings.Join(commits, "\n")+"\n", "diff-tree", "--stdin", "--root", "-r", "-c", "--no-renames", "--no-abbrev", "-z")
	if err != nil {
		return err
	}
	want, err := rawChanges(out)
	if err != nil {
		return err
	}
	var got []string
	for _, digits := range commits {
		h, err := object.ParseHash(digits)
		if err != nil {
			return err
		}
		commit, err := c.repo.Commit(h)
		if err != nil {
			return err
		}
		for change, err := range c.repo.Changes(ctx, commit) {
			switch {
			case err != nil:
				got = append(got, err.Error())
			case len(commit.Parents) < 2 || !change.Hash.IsZero(): // git doesn't tell what a merge leaves out of one parent
				old := change.Old
				if len(old) == 0 {
					old = make([]object.Hash, 1) // git compares a commit without parents with nothing
				}
				got = append(got, line(digits, change.Path, change.Hash, old))
			}
		}
	}
	c.changes, c.changed = len(want), len(commits)
	slices.Sort(want)
	slices.Sort(got)
	c.differ("git diff-tree -c", got, want)
	return nil
}

// line tells of a change in one line, with the blob that the path holds and those that it held.
func line(commit, path string, now object.Hash, was []object.Hash) string {
	text := commit + " " + path
	for _, h := range append([]object.Hash{now}, was...) {
		if h.IsZero() {
			text += " -"
		} else {
			text += " " + h.String()
		}
	}
	return text
}

// rawChanges reads git diff-tree -z: commits, and ":mode mode name name status" or, of a merge, "::" with
// as many modes and names as it has parents and one more, each with a path. What Changes doesn't
// count is left out: a change of the mode alone, submodules, what a merge removes.
func rawChanges(out string) ([]string, error) {
	var all []string
	commit := ""
	fields := strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	for i := 0; i < len(fields); i++ {
		raw := strings.TrimLeft(fields[i], ":")
		n := len(fields[i]) - len(raw)
		if n == 0 {
			commit = fields[i]
			continue
		}
		columns := strings.Fields(raw)
		if i++; len(columns) != 2*(n+1)+1 || i == len(fields) {
			return nil, fmt.Errorf("git diff-tree says %q", raw)
		}
		modes, hashes := columns[:n+1], columns[n+1:2*(n+1)]
		sides := make([]object.Hash, n+1) // the parents', then the commit's
		for k := range sides {
			if modes[k] == "000000" || modes[k] == "160000" {
				continue
			}
			h, err := object.ParseHash(hashes[k])
			if err != nil {
				return nil, fmt.Errorf("git diff-tree says %q: %w", raw, err)
			}
			sides[k] = h
		}
		if was, now := sides[:n], sides[n]; !slices.Contains(was, now) && (n == 1 || !now.IsZero()) {
			all = append(all, line(commit, fields[i], now, was))
		}
	}
	return all, nil
}
