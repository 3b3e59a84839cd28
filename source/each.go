package source

import (
	"context"
	"sync"
)

// each calls do for every item from jobs goroutines, until ctx ends.
func each[T any](ctx context.Context, jobs int, items []T, do func(T)) {
	work := make(chan T)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			for item := range work {
				do(item)
			}
		})
	}
	defer workers.Wait()
	defer close(work)
	for _, item := range items {
		select {
		case work <- item:
		case <-ctx.Done():
			return
		}
	}
}
