// Package logs sets up the log: its format, its level, its last line.
package logs

import (
	"io"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/rs/zerolog"
)

// New returns the log of p on standard error. level is one of debug, info, warn and
// error; format is console, json, or auto for console on a terminal and JSON lines else.
func New(p proc.Process, level, format string) zerolog.Logger {
	var w io.Writer = p.Stderr
	if format == "console" || format == "auto" && p.Stderr.Terminal {
		w = zerolog.ConsoleWriter{
			Out: p.Stderr, NoColor: !p.Stderr.Terminal || p.Getenv("NO_COLOR") != "", TimeFormat: time.TimeOnly,
		}
	}
	l, err := zerolog.ParseLevel(level)
	if err != nil || l == zerolog.NoLevel {
		l = zerolog.InfoLevel // the inputs could not be read, which is to be told
	}
	return zerolog.New(w).Level(l).With().Timestamp().Logger()
}

// End writes how the run ended and why, and what to do next. clean makes safe what the
// error quotes from the scanned repository. A verdict is told by the report, so that it
// is no news but for a debug log.
func End(log zerolog.Logger, err error, clean func(string) string) {
	st := exit.Of(err)
	ev := log.Error()
	if verdict, ok := err.(*exit.Error); err == nil || ok && (verdict.Status == exit.Found || verdict.Status == exit.Incomplete) {
		ev = log.Debug()
	}
	if hint := exit.Hint(err); hint != "" {
		ev = ev.Str("hint", hint)
	}
	if err != nil {
		ev = ev.Str(zerolog.ErrorFieldName, clean(strings.ReplaceAll(err.Error(), "\n", "; ")))
	}
	ev.Int("status", int(st)).Msg(words(st))
}

func words(s exit.Status) string {
	switch s {
	case exit.Clean:
		return "clean"
	case exit.Found:
		return "keys found"
	case exit.Incomplete:
		return "incomplete"
	case exit.Usage:
		return "wrong usage"
	}
	return "a report could not be delivered"
}
