package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// gitIn is the git program in a directory.
type gitIn string

// run returns what git prints. It fetches nothing, and has no settings but those given here.
func (dir gitIn) run(stdin string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-C", string(dir), "-c", "protocol.allow=never"}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(out), nil
}

// lines returns the lines that git prints.
func (dir gitIn) lines(stdin string, args ...string) ([]string, error) {
	out, err := dir.run(stdin, args...)
	if err != nil || out == "" {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n"), nil
}
