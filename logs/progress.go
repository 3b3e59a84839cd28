package logs

import (
	"fmt"
	"time"

	"github.com/bbkeys/bbkeys/proc"
)

// Work that is done within patience shows no progress line.
const (
	patience = time.Second
	beat     = 100 * time.Millisecond
)

// Watch shows what say returns on one line of the terminal while work that takes over a
// second goes on, and nothing where standard error is no terminal. The function that it
// returns ends that and clears the line.
func Watch(p proc.Process, say func() string) (stop func()) {
	if !p.Stderr.Terminal {
		return func() {}
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		wait, shown := time.NewTimer(patience), false
		defer wait.Stop()
		for {
			select {
			case <-end:
				if shown {
					fmt.Fprint(p.Stderr, "\r\x1b[K") //nolint:errcheck // a lost progress line costs nothing
				}
				return
			case <-wait.C:
				fmt.Fprintf(p.Stderr, "\r\x1b[K%s", say()) //nolint:errcheck // a lost progress line costs nothing
				shown = true
				wait.Reset(beat)
			}
		}
	}()
	return func() { close(end); <-ended }
}
