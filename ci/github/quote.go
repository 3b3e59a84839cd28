package github

import (
	"context"
	"crypto/rand"
	"io"

	"github.com/sethvargo/go-githubactions"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

// Quote implements ci.Quoter. The runner looks for commands in every line of a step's
// output, and what the scanner shows comes from strangers.
func (Provider) Quote(p proc.Process, text report.Publisher) report.Publisher {
	return quoted{p.Stdout, text}
}

// quoted stops the runner's reading of commands while text is shown.
type quoted struct {
	out  io.Writer
	text report.Publisher
}

// Publish implements report.Publisher.
func (q quoted) Publish(ctx context.Context, rep *scan.Report) error {
	// Whoever knows the word could end the quote, so it is new for each.
	word := rand.Text()
	if err := say(q.out, githubactions.Command{Name: "stop-commands", Message: word}); err != nil {
		return err
	}
	err := q.text.Publish(ctx, rep)
	// Whatever became of the text, the runner must listen again.
	if e := say(q.out, githubactions.Command{Name: word}); err == nil {
		err = e
	}
	return err
}

// say writes commands to the runner, each on a line of its own, escaped.
func say(out io.Writer, commands ...githubactions.Command) error {
	var lines []byte
	for _, c := range commands {
		lines = append(append(lines, c.String()...), '\n')
	}
	if _, err := out.Write(lines); err != nil {
		return fault.New(fault.OutputUnwritable, "writing commands to the runner: %w", err)
	}
	return nil
}
