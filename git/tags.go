package git

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// Tags yields the annotated tags of the refs that begin with prefix, such as "refs/tags/" or "" for all
// refs, and the tags that they are tags of, each once, whose commit
// (or other object) at the end is one that in says yes to; in may be nil for all of them. One that can't be
// read is an error, and the others go on. Tags whose commit packed-refs tells aren't read to find that out.
func (r *Repo) Tags(ctx context.Context, prefix string, in func(object.Hash) bool) iter.Seq2[*object.Tag, error] {
	return func(yield func(*object.Tag, error) bool) {
		seen := map[object.Hash]bool{}
		for ref, err := range r.Refs() {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				if !yield(nil, err) || ctx.Err() != nil {
					return
				}
				continue
			}
			if !strings.HasPrefix(ref.Name, prefix) || seen[ref.Hash] || !ref.Peeled.IsZero() && in != nil && !in(ref.Peeled) {
				continue
			}
			seen[ref.Hash] = true
			chain, end, err := r.tagChain(ref.Hash)
			if err != nil && !yield(nil, led(ref.Name, err)) {
				return
			}
			if in != nil && !in(end) {
				continue
			}
			for _, tag := range chain {
				again := tag.Hash != ref.Hash && seen[tag.Hash]
				seen[tag.Hash] = true
				if !again && !yield(tag, nil) {
					return
				}
			}
		}
	}
}

// tagChain returns the annotated tag h, the tag that it's a tag of, and so on, and the object at
// the end; no tag if h is none. Beside an error are the tags up to where it's broken.
func (r *Repo) tagChain(h object.Hash) (chain []*object.Tag, end object.Hash, err error) {
	for range maxTags {
		kind, _, err := r.objects.Stat(h)
		if err != nil || kind != object.KindTag {
			return chain, h, err
		}
		tag, err := r.readTag(h)
		if err != nil {
			return chain, h, err
		}
		chain = append(chain, tag)
		h = tag.Object
	}
	return chain, h, &refError{fmt.Errorf("tag %s is one of a tag, more than %d deep", chain[0].Hash, maxTags)}
}
