// Package logs sets up the log: its format, its level, its last line.
package logs

import (
	"io"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
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
	ev, codes := log.Error(), fault.Codes(err)
	if verdict, ok := err.(*exit.Error); err == nil || ok && (verdict.Status == exit.Found || verdict.Status == exit.Incomplete) {
		ev, codes = log.Debug(), nil
	}
	if hint := exit.Hint(err); hint != "" {
		ev = ev.Str("hint", hint)
	}
	if err != nil {
		ev = ev.Str(zerolog.ErrorFieldName, text(err, codes, clean))
	}
	ev.Int("status", int(st)).Msg(words(st))
}

// Reason returns in a title and a text what End tells of a run that has no report to tell
// it, or could not deliver one, and "" for any other.
func Reason(err error, clean func(string) string) (title, what string) {
	st := exit.Of(err)
	if st != exit.Usage && st != exit.Undelivered {
		return "", ""
	}
	what = text(err, fault.Codes(err), clean)
	if hint := exit.Hint(err); hint != "" {
		what += "\n" + strings.ToUpper(hint[:1]) + hint[1:] + "."
	}
	return words(st), what
}

// Warn tells of an error that changes nothing about how the run ends.
func Warn(log zerolog.Logger, err error, clean func(string) string) {
	log.Warn().Str(zerolog.ErrorFieldName, text(err, fault.Codes(err), clean)).Msg("a warning")
}

// text is err in one line, with the codes of what went wrong and where they are explained.
func text(err error, codes []fault.Code, clean func(string) string) string {
	s := clean(strings.ReplaceAll(err.Error(), "\n", "; "))
	for _, c := range codes {
		s += "; " + c.String() + " " + c.Link()
	}
	return s
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
