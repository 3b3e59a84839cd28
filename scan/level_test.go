package scan

import (
	"archive/tar"
	"bytes"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// A key whose worth depends on its file is worth what path, the text before it and all of
// the file say, from memory, from a stream and in archives.
func TestLevelInFile(t *testing.T) {
	r := rule.ByID("bitbucket-ssh-key")
	key := r.Mint(rand.New(rand.NewPCG(8, 9)))
	coded := base64.StdEncoding.EncodeToString([]byte(key + "\n"))
	far := strings.Repeat("lorem ipsum\n", 3*windowSize/12)
	tarred := func(name, data string) string {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, f := range [][2]string{{"other", "git@bitbucket.org"}, {name, data}} {
			if err := w.WriteHeader(&tar.Header{Name: f[0], Mode: 0o600, Size: int64(len(f[1]))}); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, f[1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	f := NewFinder([]*rule.Rule{r})
	for name, c := range map[string]struct {
		path, text string
		want       rule.Level
	}{
		"no tie":                   {"key", key, rule.Note},
		"its name":                 {"id_rsa_bitbucket", key, rule.Error},
		"a variable":               {"env", "BITBUCKET_KEY='" + key + "'\n", rule.Error},
		"a variable, encoded":      {"env", "BITBUCKET_KEY=" + coded + "\n", rule.Error},
		"another variable":         {"env", "DEPLOY_KEY=" + coded + "\n", rule.Note},
		"far behind it":            {"a.txt", key + "\n" + far + "Host bitbucket.org\n", rule.Error},
		"far before it":            {"a.txt", "Host bitbucket.org\n" + far + key, rule.Error},
		"at a window's seam":       {"a.txt", key + strings.Repeat("\n", windowSize+2*rule.Reach-len(key)-20) + " git@bitbucket.org ", rule.Error},
		"far, and nothing":         {"a.txt", far + key, rule.Note},
		"in an archive":            {"a.tar", tarred("key", key), rule.Note},
		"in an archive, its name":  {"a.tar", tarred("bitbucket_rsa", key), rule.Error},
		"in an archive, same file": {"a.tar", tarred("a.txt", far+key+" git@bitbucket.org:a/b"), rule.Error},
	} {
		for _, stream := range []bool{false, true} {
			b := Blob{Places: at(c.path, "1"), Data: []byte(c.text)}
			if stream {
				b.Data, b.Open = nil, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(c.text)), nil }
			}
			l, err := f.look(t.Context(), &b, false)
			if err != nil || len(l.found) != 1 || l.found[0].Level != c.want {
				t.Errorf("%s (stream %v): %d found, %v", name, stream, len(l.found), err)
				for _, got := range l.found {
					t.Logf("  %s at %v", got.Level, got.From)
				}
			}
		}
	}
}
