package ci

import (
	"slices"
	"strings"
)

// How long a commit's name is in hexadecimal digits: at least what git shortens it to by
// default, at most a SHA-256 name.
const (
	minCommit = 7
	maxCommit = 64
)

// Commit returns s in lower case if it can be the name of a commit as CIs give it, in full
// or shortened hexadecimal, and "" if not. What a CI has no commit for it often calls by
// zeros alone.
func Commit(s string) string {
	if len(s) < minCommit || len(s) > maxCommit || strings.Trim(s, "0") == "" {
		return ""
	}
	for _, c := range []byte(s) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return ""
		}
	}
	return strings.ToLower(s)
}

// Or returns the first of some names that is not empty.
func Or(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

// remotes is where a clone keeps the branches of the repository that it was made from.
const remotes = "refs/remotes/origin/"

// Remote returns the ref under which a clone keeps a branch, given as "main" or as
// "refs/heads/main", or "" if no branch can have that name. Names of branches come from
// whoever pushes: what is no plain name, such as "main~3" or "HEAD^{/x}", is none.
func Remote(branch string) string {
	branch = short(branch)
	if !isBranch(branch) {
		return ""
	}
	return remotes + branch
}

// short returns the name of a branch, given as "main" or as "refs/heads/main".
func short(branch string) string { return strings.TrimPrefix(branch, "refs/heads/") }

// maxBranch is longer than any ref that a file system can hold.
const maxBranch = 1024

// isBranch reports whether git lets a branch have a name (git-check-ref-format(1), git
// 2.51).
func isBranch(name string) bool {
	if len(name) > maxBranch || name == "@" || name == "HEAD" || strings.HasPrefix(name, "-") ||
		strings.HasSuffix(name, ".") || strings.Contains(name, "..") || strings.Contains(name, "@{") ||
		strings.ContainsAny(name, " ~^:?*[\\\x7f") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '.' || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' })
}

// trunks are the names that a default branch has where nobody chose another one.
func trunks() []string { return []string{"main", "master"} }

// Upstream returns the refs of what everybody builds upon, the best first: of the default
// branch where the CI names it, and else of what it is likely to be called.
func Upstream(trunk string) []string {
	refs := []string{remotes + "HEAD"}
	if ref := Remote(trunk); ref != "" {
		return append([]string{ref}, refs...)
	}
	for _, t := range trunks() {
		refs = append(refs, remotes+t)
	}
	return refs
}

// Push returns the change of a push to a branch that was at before, which is empty or
// zeros for a branch that is new. Where trunk, the default branch, is known, it stands in
// for a commit that was pushed over and is gone, and is what a new branch is measured by.
// A new default branch has nothing to be measured by: all of its history is the change.
func Push(event, branch, trunk, before, head string) Change {
	branch, trunk, head = short(branch), short(trunk), Or(Commit(head), "HEAD")
	var upstream Ends
	if branch != trunk {
		upstream = Ends{Base: Remote(trunk), Head: head}
	}
	switch before = Commit(before); {
	case before != "":
		return Change{Event: event, Ends: pairs(Ends{Base: before, Head: head}, upstream)}
	case trunk == "":
		return Branch(event, branch, trunk, head)
	case branch == trunk:
		return Change{Event: event, Head: head}
	}
	return Change{Event: event, Head: head, Upstream: Upstream(trunk)}
}

// Branch returns the change of a push to a branch where the CI does not tell what the
// branch was before: what the branch has over the default branch, which may be unknown.
// Of a push to the default branch itself nothing can be told, so it names no change.
func Branch(event, branch, trunk, head string) Change {
	branch, trunk = short(branch), short(trunk)
	if branch == "" || branch == trunk || trunk == "" && slices.Contains(trunks(), branch) {
		return Change{Event: event}
	}
	return guess(event, trunk, head)
}

// Tag returns the change of a tag: what it has over the default branch, which may be
// unknown, and most often nothing, when the checkout stands for it.
func Tag(event, trunk, head string) Change { return guess(event, trunk, head) }

// guess returns the change that is measured by the default branch.
func guess(event, trunk, head string) Change {
	return Change{
		Event: event, Head: Or(Commit(head), "HEAD"),
		// The branch may be the default branch under another name than expected, or
		// merged already. That nothing is new in it is then no news.
		Upstream: Upstream(trunk), Guess: true, OrCheckout: true,
	}
}

// maxEvent is longer than what any CI calls an event.
const maxEvent = 64

// Unchanged returns what a job was started for where that brings no commit: the event
// alone, such as "schedule", if it is a plain word.
func Unchanged(event string) Change {
	for _, c := range []byte(event) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_') || len(event) > maxEvent {
			return Change{}
		}
	}
	return Change{Event: event}
}

// Merged returns the ends of a change that a CI tests as a merge that it made itself, of
// the target of the change as first parent and its source as second. They are empty if
// either is unknown, and hold only where the merge is of that kind.
func Merged(merge, source string) Ends {
	if merge, source = Commit(merge), Commit(source); merge == "" || source == "" {
		return Ends{}
	}
	return Ends{Base: merge + "^1", Head: merge, Merges: source}
}

// Request returns the change of a pull or merge request whose ends are the best of some
// pairs. Pairs that lack an end do not count; where all do, the change is what head has
// over the default branch, which may be unknown.
func Request(event, trunk, head string, ends ...Ends) Change {
	c := guess(event, trunk, head)
	if whole := pairs(ends...); len(whole) > 0 {
		c = Change{Event: event, Ends: whole}
	}
	c.Proposed = true
	return c
}

// pairs returns the pairs that have both ends, each once, in order.
func pairs(ends ...Ends) []Ends {
	var whole []Ends
	for _, e := range ends {
		if e.Base != "" && e.Head != "" && !slices.Contains(whole, e) {
			whole = append(whole, e)
		}
	}
	return whole
}
