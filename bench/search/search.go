// Package search holds the prefilter to other ways of finding literals in a text, which all
// answer the same question: where does each of the product's literals stand? It is a module
// of its own, so that none of the libraries in it is one of the product's.
//
//	bench/run search       from the top of the repository: the table
//	go test ./...          that all of them find the same
package search

import (
	"reflect"
	"slices"

	"github.com/bbkeys/bbkeys/prefilter"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A find calls yield once for every place in text at which a literal stands, with the
// literal's number and its beginning, in any order. It is for one goroutine at a time.
type find func(text []byte, yield func(literal, at int))

// A way is a way to make a find of literals.
type way struct {
	name string
	make func([]prefilter.Literal) (find, error)
}

// ways returns all there are, the product's own first.
func ways() []way {
	all := []way{
		{"the prefilter", filter(func(f *prefilter.Filter) *prefilter.Filter { return f })},
		{"the prefilter without vector instructions", filter((*prefilter.Filter).Portable)},
	}
	return slices.Concat(all, vectors(), plain(), libraries())
}

// literals returns what the product looks for, each once.
func literals() (all []prefilter.Literal) {
	for _, l := range scan.NewFinder(rule.All()).Literals() {
		same := func(other prefilter.Literal) bool { return reflect.DeepEqual(l, other) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, l)
		}
	}
	return all
}

// filter makes a find of one of the prefilter's forms.
func filter(form func(*prefilter.Filter) *prefilter.Filter) func([]prefilter.Literal) (find, error) {
	return func(literals []prefilter.Literal) (find, error) {
		f := form(prefilter.New(literals))
		var marks []prefilter.Mark
		return func(text []byte, yield func(literal, at int)) {
			marks = f.Marks(text, marks[:0])
			f.Each(text, marks, yield)
		}, nil
	}
}
