package source

import (
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
)

// An agenda is what is left to do of a walk through directories, for several workers.
//
// Files go before directories, and what was found last goes first: so it never holds more
// than the directories on the way to where the workers are, and few of them are open,
// whatever the size of the tree.
type agenda struct {
	mu      sync.Mutex
	changed sync.Cond
	files   []batch
	dirs    []visit
	jobs    int // how many workers there are
	working int // how many of them may still add to it
}

// A visit is a directory to go into: name of in, or in itself where it was opened before
// and not all of it was listed.
type visit struct {
	in   *folder
	name string
	rest *listing
}

// A batch is some files of one directory.
type batch struct {
	of    *listing
	files []fs.DirEntry
}

// A listing is a directory that is open for as long as a file of it is to be opened, or
// more of it to be listed.
type listing struct {
	*folder
	dir   *os.File
	users atomic.Int64
}

// release ends n uses of the directory.
func (l *listing) release(n int) {
	if l.users.Add(int64(-n)) == 0 {
		_ = l.dir.Close() // nothing was written
	}
}

// maxBatch is how many files a worker takes at once: so many that taking them costs
// nothing beside opening them.
const maxBatch = 16

func newAgenda(jobs int) *agenda {
	a := &agenda{jobs: max(1, jobs)}
	a.changed.L = &a.mu
	return a
}

// addFiles adds files of l.
func (a *agenda) addFiles(l *listing, files []fs.DirEntry) {
	if len(files) == 0 {
		return
	}
	l.users.Add(int64(len(files)))
	a.mu.Lock()
	a.files = append(a.files, batch{l, files})
	a.mu.Unlock()
	a.changed.Broadcast()
}

// addDirs adds directories.
func (a *agenda) addDirs(dirs ...visit) {
	if len(dirs) == 0 {
		return
	}
	a.mu.Lock()
	a.dirs = append(a.dirs, dirs...)
	a.mu.Unlock()
	a.changed.Broadcast()
}

// work calls look and enter for all on the agenda, and what they add to it, from as many
// goroutines as there are jobs, and returns when nothing is left.
func (a *agenda) work(look func(batch), enter func(visit)) {
	var workers sync.WaitGroup
	for range a.jobs {
		workers.Go(func() {
			for {
				b, v, ok := a.take()
				if !ok {
					return
				}
				if b.of != nil {
					look(b)
					b.of.release(len(b.files))
				} else {
					enter(v)
				}
				a.done()
			}
		})
	}
	workers.Wait()
}

// take waits for something to do: a batch of files, or a directory where its batch is of
// nothing. The worker is to call done after it. It returns false when all is done.
func (a *agenda) take() (b batch, v visit, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.files)+len(a.dirs) == 0 {
		if a.working == 0 {
			return b, v, false
		}
		a.changed.Wait()
	}
	a.working++
	if last := len(a.files) - 1; last >= 0 {
		top := &a.files[last]
		// The last files of a directory are handed out one by one: they may be large.
		n := min(maxBatch, 1+len(top.files)/(2*a.jobs))
		b = batch{top.of, top.files[:n]}
		if top.files = top.files[n:]; len(top.files) == 0 {
			a.files[last] = batch{}
			a.files = a.files[:last]
		}
		return b, v, true
	}
	last := len(a.dirs) - 1
	v, a.dirs[last] = a.dirs[last], visit{}
	a.dirs = a.dirs[:last]
	return b, v, true
}

// done ends what take gave.
func (a *agenda) done() {
	a.mu.Lock()
	a.working--
	ended := a.working == 0
	a.mu.Unlock()
	if ended {
		a.changed.Broadcast()
	}
}
