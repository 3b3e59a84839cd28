// Package object holds the words of a Git object store: names of objects,
// their kinds, and what commits, trees and tags say.
//
// It does no input or output. All of it is meant for hostile data: a parser
// here returns an error or an odd value, it never panics, and it never
// allocates more than a small multiple of what it was given.
//
// The formats are those that Git documents in Documentation/gitformat-*.adoc
// (read for Git 2.50, 2025-06).
package object
