// Package proc is the outside world as a value, so that tests can make one up.
package proc

import (
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
)

// A Process is what the program was started with.
type Process struct {
	Args           []string // without the program's own name
	Env            []string // KEY=value
	Stdout, Stderr Stream
}

// A Stream is an output of the process.
type Stream struct {
	io.Writer
	Terminal bool // a person watches: colour and progress make sense
}

// OS returns the process that the program runs in.
func OS() Process {
	return Process{os.Args[1:], os.Environ(), stream(os.Stdout), stream(os.Stderr)}
}

func stream(f *os.File) Stream { return Stream{f, isatty.IsTerminal(f.Fd())} }

// Getenv returns the value of an environment variable, or "". Where the environment
// names it twice the last one counts, as in os/exec.
func (p Process) Getenv(key string) string {
	for i := len(p.Env) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(p.Env[i], "="); ok && k == key {
			return v
		}
	}
	return ""
}
