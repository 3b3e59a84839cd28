// Package realgit runs the git of the machine, for the tests that compare with it and for
// the repositories that others make: with nobody's settings, and over no network but the
// loopback.
package realgit

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Env returns what git's environment has besides that of the process: no settings, no
// language, and who writes commits.
func Env() []string {
	return []string{
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull, "HOME=/nonexistent", "LC_ALL=C", "GIT_ALLOW_PROTOCOL=file:http",
		"GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_COMMITTER_NAME=Cid", "GIT_COMMITTER_EMAIL=cid@example.com",
	}
}

// Try runs git in dir, with env besides Env, and returns its standard output. The error
// says what git said.
func Try(dir, stdin string, env []string, args ...string) (string, error) {
	// Nothing here is to outlive the machine, nor to be tidied up beside the test.
	cmd := exec.Command("git", append([]string{"-c", "core.fsync=none", "-c", "gc.auto=0", "-c", "maintenance.auto=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(append(cmd.Environ(), Env()...), env...)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("git %q: %w: %s", args, err, stderr.Bytes())
	}
	return string(out), nil
}

// Run is Try of what must succeed.
func Run(t testing.TB, dir, stdin string, args ...string) string {
	t.Helper()
	out, err := Try(dir, stdin, nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Server returns git's own server of the directory root and the bare repositories in it,
// at a path: "" for that of the server itself.
func Server(t testing.TB, root, at string) http.Handler {
	t.Helper()
	core := strings.TrimSpace(Run(t, root, "", "--exec-path"))
	return &cgi.Handler{
		Path: filepath.Join(core, "git-http-backend"), Dir: root, Root: at, Stderr: io.Discard,
		Env:        append(Env(), "GIT_PROJECT_ROOT="+root, "GIT_HTTP_EXPORT_ALL=1"),
		InheritEnv: []string{"PATH"},
	}
}
