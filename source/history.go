package source

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/scan"
)

// tagPath stands for the message of an annotated tag, as messagePath does for a commit's.
const tagPath = ".git/TAG_EDITMSG"

// history is every blob that the repository holds, each looked at once, and every message
// of a commit or tag. Only what holds a credential is traced to the commits that brought
// it, since few blobs do.
type history struct {
	repo        *git.Repo
	unreachable bool     // look at what no ref reaches too
	log         *git.Log // once the commits are listed
}

// Scanned implements scan.Source.
func (h *history) Scanned() scan.Scanned {
	s := scan.Scanned{Mode: "history"}
	if h.log != nil {
		s.Commits = len(h.log.Commits())
	}
	return s
}

// Each implements scan.Source.
func (h *history) Each(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, g := range h.foreseen() {
		miss(g)
	}
	also := h.lost(miss)
	// The commits are put in order by one goroutine, so that the blobs need not wait for them.
	var messages sync.WaitGroup
	messages.Go(func() { h.messages(ctx, jobs, also, look, miss) })
	hits, err := h.blobs(ctx, jobs, look, miss)
	messages.Wait()
	if err != nil && ctx.Err() == nil {
		miss(&scan.Gap{Why: stored(fmt.Errorf("reading the history: %w", err))})
	}
	h.promised(ctx, jobs, miss)
	// What was found before the end of ctx is told all the same.
	h.trace(context.WithoutCancel(ctx), jobs, hits, also, look, miss)
}

// lost returns the commits that only the reflog may know, where what no ref reaches is asked for.
func (h *history) lost(miss func(*scan.Gap)) []object.Hash {
	if !h.unreachable {
		return nil
	}
	commits, gaps := h.repo.Reflog()
	for _, err := range gaps {
		miss(&scan.Gap{Why: coded(fault.BadRef, fmt.Errorf("finding the commits that no ref reaches: %w", err))})
	}
	return commits
}

// promised tells what of a partial clone is not here.
func (h *history) promised(ctx context.Context, jobs int, miss func(*scan.Gap)) {
	var trees []object.Hash
	if h.log != nil && h.repo.Objects().Partial() {
		trees = h.log.Trees()
	}
	some, all, err := h.repo.Promised(ctx, jobs, trees)
	if err != nil {
		if ctx.Err() == nil {
			miss(&scan.Gap{Why: stored(fmt.Errorf("finding out what this partial clone lacks: %w", err))})
		}
		return
	}
	for _, hash := range some {
		miss(&scan.Gap{Why: fault.New(fault.PartialClone, "object %s is not here, this is a partial clone; clone it without --filter", hash)})
	}
	if n := all - len(some); n > 0 {
		miss(&scan.Gap{Why: fault.New(fault.PartialClone, "%d more objects are not here, this is a partial clone; clone it without --filter", n)})
	}
}

// blobs looks at every blob and returns those that hold a credential.
func (h *history) blobs(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) ([]object.Hash, error) {
	var (
		mu   sync.Mutex
		hits []object.Hash
	)
	err := h.repo.Objects().Blobs(ctx, jobs, nil, func(b odb.Blob) error {
		if b.Err != nil {
			miss(&scan.Gap{Why: stored(fmt.Errorf("reading the history: %w", b.Err))})
			return nil
		}
		content := scan.Blob{Data: b.Data}
		if b.Reader != nil {
			content.Open = func() (io.ReadCloser, error) { return io.NopCloser(b.Reader), nil }
		}
		if look(content) {
			mu.Lock()
			hits = append(hits, b.Hash)
			mu.Unlock()
		}
		return nil
	})
	return hits, err
}

// messages looks at the messages of all annotated tags and commits, those that also reaches included,
// and at the people whom they name.
func (h *history) messages(ctx context.Context, jobs int, also []object.Hash, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	refs := names{look: look}
	for ref, err := range h.repo.Refs() {
		if err == nil { // which is told with the tags
			refs.add(scan.Place{Path: ref.Name})
		}
	}
	refs.flush()
	taggers := newPeople(look)
	told := map[string]bool{} // what is wrong with a ref keeps both tags and commits from being read
	for tag, err := range h.repo.Tags(ctx, "", nil) {
		if err != nil {
			told[err.Error()] = true
			miss(&scan.Gap{Why: stored(fmt.Errorf("reading the tags: %w", err))})
			continue
		}
		taggers.tag(tag)
	}
	var mu sync.Mutex
	named := newPeople(look)
	hits := map[object.Hash]bool{}
	log, err := h.repo.Log(ctx, jobs, also, func(c *object.Commit) {
		named.meet(c)
		if look(scan.Blob{Data: c.Said}) {
			mu.Lock()
			defer mu.Unlock()
			hits[c.Hash] = true
		}
	})
	if err != nil {
		return // it is told to stop
	}
	h.log = log
	for _, err := range log.Gaps() {
		if told[err.Error()] {
			continue
		}
		miss(&scan.Gap{Why: stored(fmt.Errorf("listing the commits of the history: %w", err))})
	}
	guilty := named.guilty()
	for _, hash := range log.Commits() {
		if !hits[hash] && !guilty {
			continue
		}
		c, err := h.repo.Commit(hash)
		if err != nil {
			miss(&scan.Gap{Place: scan.Place{Commit: hash.String()}, Why: stored(fmt.Errorf("reading a commit: %w", err))})
			continue
		}
		place := scan.Place{Path: messagePath, Commit: hash.String(), AuthorDate: c.AuthorDate}
		if hits[hash] {
			look(scan.Blob{Again: true, Places: []scan.Place{place}, Data: c.Message})
			named.headers(c.Headers(), place, commitHeaders)
		}
		named.tell(c, place)
	}
}

// trace finds out where the blobs came from and has them looked at again, at all their
// places.
func (h *history) trace(ctx context.Context, jobs int, hits, also []object.Hash, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	if len(hits) == 0 {
		return
	}
	if h.log == nil {
		log, err := h.repo.Log(ctx, jobs, also, func(*object.Commit) {})
		if err != nil {
			miss(&scan.Gap{Why: stored(fmt.Errorf("listing the commits of the history: %w", err))})
			return
		}
		h.log = log
	}
	origins, gaps, err := h.log.Trace(ctx, jobs, hits)
	if err != nil {
		gaps = append(gaps, err)
	}
	for _, g := range gaps {
		miss(&scan.Gap{Why: stored(fmt.Errorf("finding out which commits brought a key: %w", g))})
	}
	_, unborn := h.repo.Resolve("HEAD")
	for _, hash := range hits {
		blob := scan.Blob{Again: true, Places: h.places(hash, origins[hash], unborn == nil), Open: func() (io.ReadCloser, error) {
			_, _, r, err := h.repo.Objects().Stream(hash)
			return opened(r, err)
		}, Beside: func(p scan.Place, path string) []byte { return besideIn(h.repo, p, path) }}
		if len(blob.Places) > 0 {
			look(blob)
		}
	}
}

// places returns where a blob was, each path once, at the commit that brought it first, or at
// none where a ref or tag leads to it past all commits. What nothing reaches has the place of an
// object, or none where it was not asked for. head tells whether there is a HEAD that may
// have the blob or not.
func (h *history) places(blob object.Hash, from *git.Origin, head bool) []scan.Place {
	if from == nil {
		if !h.unreachable {
			return nil
		}
		name := blob.String()
		return []scan.Place{{Path: ".git/objects/" + name[:2] + "/" + name[2:]}}
	}
	var place scan.Place
	if len(from.Commits) > 0 {
		place.Commit = from.Commits[0].String()
		if c, err := h.repo.Commit(from.Commits[0]); err == nil {
			place.AuthorDate = c.AuthorDate
		}
	}
	var places []scan.Place
	for _, path := range from.Paths {
		place.Path, place.Gone = path, head && !slices.Contains(from.AtHead, path)
		places = append(places, place)
	}
	return places
}
