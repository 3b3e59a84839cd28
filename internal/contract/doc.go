// Package contract holds the whole of detection to what it promises: every kind of
// credential, in everything that carries it and however it is written, is found once and
// at its place; what has a character changed is at most a note; and what only looks like a
// credential is nothing. Its tests write docs/DETECTION.md.
package contract
