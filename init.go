package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/setup"
)

// setUp shows what makes bbkeys part of the CI and the hooks of a repository, and writes
// it where that was asked for.
func (c command) setUp() error {
	dir := c.Arg
	if dir == "" {
		dir = "."
	}
	kinds, sure, err := setup.Find(dir)
	if err != nil {
		return exit.Usagef(fault.NoCheckout, "name the root of a repository", "opening the repository %q: %w", report.Clean(dir), err)
	}
	switch i := slices.Index(setup.Names(), c.For); {
	case i >= 0:
		kinds, sure = setup.Kinds()[i:i+1], true
	case c.For != "":
		return exit.Usagef(fault.BadValue, "write --for "+setup.Names()[0]+", for example", "reading --for: the value is none of %s", strings.Join(setup.Names(), ", "))
	case len(kinds) == 0:
		return exit.Usagef(fault.NothingToSetUp, "write --for and one of "+strings.Join(setup.Names(), ", "), "setting up bbkeys: there is no file of any CI that is known")
	}
	pin := setup.Release(buildVersion(), ownSum())
	var b strings.Builder
	if !sure {
		b.WriteString("There is no file of a CI yet. This goes by the address that the repository was cloned from.\n\n")
	}
	if pin.Version == "" {
		b.WriteString("This program is no release, so what follows names the newest release of its major version.\n\n")
	}
	var failed error
	for _, k := range kinds {
		o, err := k.For(dir, pin)
		if err == nil && failed == nil {
			failed = c.offer(&b, o, dir)
		} else if failed == nil {
			failed = fault.New(fault.Crashed, "setting up %s: %w", k.Title, err)
		}
	}
	return c.print(b.String(), failed)
}

// offer shows one offer, and writes its file where that is new and was asked for.
func (c command) offer(b *strings.Builder, o setup.Offer, dir string) error {
	switch {
	case o.New:
		fmt.Fprintf(b, "%s: %s, a new file:\n\n", o.Title, o.Path)
	case len(o.Parts) == 0 || o.Has(dir):
		fmt.Fprintf(b, "%s: %s is there and names bbkeys already.\n\n", o.Title, o.Path)
		return nil
	default:
		fmt.Fprintf(b, "%s: %s is there and stays as it is. Add these lines to it:\n\n", o.Title, o.Path)
	}
	for _, p := range o.Parts {
		if p.Where != "" {
			fmt.Fprintf(b, "  %s:\n\n", p.Where)
		}
		for line := range strings.Lines(p.Text) {
			b.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
		}
		b.WriteString("\n")
	}
	if o.New && c.Write {
		if err := o.Write(dir); err != nil {
			return fault.New(fault.FileUnwritable, "writing %s: %w", o.Path, err)
		}
		fmt.Fprintf(b, "%s was written.\n", o.Path)
	} else if o.New {
		b.WriteString("Nothing was written; bbkeys init --write does it.\n")
	}
	if o.After != "" {
		b.WriteString(o.After + "\n")
	}
	b.WriteString("\n")
	return nil
}

// ownSum returns the SHA-256 of the program, where that is the binary that a release has
// for Linux on amd64, and "" else: what go install makes of the same version is another one.
func ownSum() string {
	if version == "" || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return ""
	}
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // nothing was written
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
