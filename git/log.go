package git

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// A Log is the commits of the history of all refs.
type Log struct {
	repo    *Repo
	commits *painter
	loose   []Ref // refs that lead to what is no commit, which is their Hash
	gaps    []error
}

// Log lists the commits of all refs and of the commits also, such as those of Reflog. All commits that the
// repository has are read for that in the order of its packs, jobs at a time, which takes a fraction
// of the time that walking from one to the next does; each is called with every one of them as Commit
// returns it, whether the Log has it or not, from several goroutines at once. What each is given is valid until it returns.
//
// The error is the context's. What can't be read, a commit or a ref, is told by Gaps.
func (r *Repo) Log(ctx context.Context, jobs int, also []object.Hash, each func(*object.Commit)) (*Log, error) {
	l := &Log{repo: r}
	known, err := r.known(ctx, jobs, each)
	if err != nil {
		return nil, err
	}
	l.commits = newPainter(r, nil, known)
	tips := slices.DeleteFunc(append(l.tips(ctx), also...), func(h object.Hash) bool {
		err := l.commits.node(h).err
		if err != nil {
			l.gap(err)
		}
		return err != nil
	})
	if err := l.commits.walk(ctx, tips, nil); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		l.gap(err)
		l.commits = newPainter(r, nil, nil)
	}
	for _, cut := range l.commits.cuts {
		if !r.IsShallow(cut.Commit) || !errors.Is(cut.Err, ErrMissing) {
			l.gap(cut.Err)
		}
	}
	return l, ctx.Err()
}

// Commits returns the commits, each before its parents, otherwise the newest first.
func (l *Log) Commits() []object.Hash { return l.commits.hashes() }

// Trees returns the trees of the commits, in the same order.
func (l *Log) Trees() []object.Hash {
	trees := make([]object.Hash, len(l.commits.kept))
	for i, n := range l.commits.kept {
		trees[i] = n.tree
	}
	return trees
}

// Gaps returns why some refs or commits could not be listed; a merely shallow clone is no gap. An error about a
// ref that is bad itself is ErrBadRef; the others are about objects that are missing or damaged.
func (l *Log) Gaps() []error { return l.gaps }

// maxGaps bounds what a repository full of broken objects can make us keep.
const maxGaps = 1000

func (l *Log) gap(err error) { l.gaps = noted(l.gaps, err) }

// noted adds err to gaps unless there are too many.
func noted(gaps []error, err error) []error {
	if len(gaps) == maxGaps {
		return gaps
	}
	return append(gaps, err)
}

// known reads all commits, and returns what is known of each. Those that can't be read are
// left out: they matter only where they are come by.
func (r *Repo) known(ctx context.Context, jobs int, each func(*object.Commit)) (map[object.Hash]*node, error) {
	known := map[object.Hash]*node{}
	var mu sync.Mutex
	add := func(c *object.Commit) {
		each(c)
		n := &node{hash: c.Hash, rank: unranked}
		n.learn(c)
		mu.Lock()
		defer mu.Unlock()
		known[c.Hash] = n
	}
	err := r.objects.Objects(ctx, jobs, object.KindCommit, func(o odb.Object) error {
		if o.Err != nil {
			return nil
		}
		if c, err := object.ParseCommit(o.Hash, o.Data); err == nil {
			add(c)
		}
		return nil
	})
	return known, err
}

// tips returns the commits that all refs lead to.
func (l *Log) tips(ctx context.Context) []object.Hash {
	var tips []object.Hash
	for ref, err := range l.repo.Refs() {
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			l.gap(err)
			continue
		}
		h, err := l.repo.peel(ref.Hash)
		switch {
		case errors.Is(err, ErrNotCommit):
			ref.Hash = h
			l.loose = append(l.loose, ref)
		case err != nil:
			l.gap(led(ref.Name, err))
		default:
			tips = append(tips, h)
		}
	}
	return tips
}
