package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/bbkeys/bbkeys"

// A room is what a package may import, of ours and of others'. The table is the picture
// in docs/ARCHITECTURE.md, checked. The standard library is free except for its doors.
var rooms = map[string][]string{
	"": {
		"doctor", "guess", "setup",
		"archive", "ci", "ci/azure", "ci/bitbucket", "ci/buildkite", "ci/circleci", "ci/drone", "ci/github", "ci/gitlab", "ci/jenkins", "ci/local",
		"ci/teamcity", "ci/travis", "ci/woodpecker", "config", "exit", "fault", "logs", "memory", "mute", "proc", "report", "report/catalog", "report/gitlab", "report/html", "report/junit", "rule", "sarif", "scan",
		"settings",
		"source",
		"web",
		"github.com/rs/zerolog",
	},
	"examples":  {},
	"setup":     {"examples"},
	"doctor":    {"fault"},
	"fault":     {},
	"exit":      {"fault"},
	"guess":     {},
	"secret":    {},
	"proc":      {"github.com/mattn/go-isatty"},
	"rule":      {"glob", "secret", "golang.org/x/crypto/ssh"},
	"prefilter": {"golang.org/x/sys/cpu"},
	"decode":    {"prefilter"},
	"scan":      {"archive", "decode", "fault", "prefilter", "rule"},
	"memory":    {},
	"glob":      {},
	"words":     {},
	"archive": {
		"github.com/klauspost/compress/flate", "github.com/klauspost/compress/gzip", "github.com/klauspost/compress/zlib", "github.com/klauspost/compress/zstd",
		"github.com/pierrec/lz4/v4", "github.com/ulikunitz/xz/lzma",
	},
	"git/object":    {},
	"git/odb":       {"git/object"},
	"git/ignore":    {},
	"git/index":     {"git/object"},
	"git/remote":    {"git/object", "git/odb", "secret", "web"},
	"git":           {"git/index", "git/object", "git/odb"},
	"source":        {"ci", "exit", "fault", "git", "git/ignore", "git/index", "git/object", "git/odb", "git/remote", "rule", "scan", "web"},
	"report":        {"exit", "fault", "rule", "scan", "words"},
	"report/gitlab": {"report", "rule", "scan"},
	"report/html":   {"fault", "report", "rule", "scan", "words"},
	"report/junit":  {"fault", "report", "scan"},
	"sarif":         {"report", "rule", "scan", "github.com/owenrumney/go-sarif/v2/sarif"},
	"ci":            {"proc", "report", "secret"},
	"ci/azure":      {"ci", "proc"},
	"ci/buildkite":  {"ci", "proc"},
	"ci/circleci":   {"ci", "proc"},
	"ci/drone":      {"ci", "proc"},
	"ci/gitlab":     {"ci", "proc"},
	"ci/jenkins":    {"ci", "proc"},
	"ci/local":      {"ci", "proc"},
	"ci/teamcity":   {"ci", "proc"},
	"ci/travis":     {"ci", "proc"},
	"ci/woodpecker": {"ci", "proc"},
	"web":           {"proc", "golang.org/x/net/http/httpproxy"},
	"api":           {"report", "secret", "web"},
	"ci/bitbucket":  {"api", "secret", "web", "ci", "fault", "proc", "report", "rule", "scan", "words"},
	"ci/github":     {"api", "secret", "web", "ci", "exit", "fault", "proc", "report", "rule", "scan", "github.com/sethvargo/go-githubactions"},
	"config":        {"exit", "fault", "guess"},
	"settings":      {"config", "glob", "guess", "mute", "rule", "scan", "go.yaml.in/yaml/v3"},
	"logs":          {"exit", "fault", "proc", "github.com/rs/zerolog"},
	"mute":          {"glob", "rule", "scan", "words"},

	"internal/carrier": {},
	"report/catalog":   {"exit", "fault", "guess", "report", "rule"},
	"internal/compare": {"git", "git/object", "git/odb"},
	"internal/corpus":  {"rule"},
	"internal/encode":  {},
	"internal/fake":    {"internal/spec", "github.com/santhosh-tekuri/jsonschema/v6", "github.com/getkin/kin-openapi/openapi2", "github.com/getkin/kin-openapi/openapi2conv", "github.com/getkin/kin-openapi/openapi3", "github.com/getkin/kin-openapi/openapi3filter", "github.com/getkin/kin-openapi/routers", "github.com/getkin/kin-openapi/routers/legacy"},
	"internal/mint":    {"rule"},
	"internal/pack":    {"github.com/klauspost/compress/zstd", "github.com/pierrec/lz4/v4", "github.com/ulikunitz/xz"},
	"internal/sample":  {"report", "rule", "scan", "secret"},
	"internal/spec":    {},

	"internal/contract": {},
	"internal/hunt":     {},
	"internal/realgit":  {},
	"internal/section":  {"internal/spec"},
}

// doors are the packages that lead out of the process, and who may open them.
var doors = map[string][]string{
	"net":           {"api", "web"},
	"net/http":      {"api", "git/remote", "internal/fake", "internal/realgit", "web"},
	"os":            {"", "ci/github", "ci/teamcity", "git", "git/odb", "internal/compare", "internal/corpus", "internal/fake", "internal/mint", "internal/realgit", "internal/section", "internal/spec", "proc", "report", "setup", "source", "web"},
	"os/exec":       {"internal/compare", "internal/pack", "internal/realgit"},
	"os/signal":     {""},
	"log":           {},
	"unsafe":        {},
	"math/rand":     {},
	"path/filepath": {"", "git", "git/odb", "internal/compare", "internal/corpus", "internal/realgit", "internal/section", "internal/spec", "report", "source"},
}

func TestRooms(t *testing.T) {
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64") // the same files on every machine
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{} // of each room, ours without the module's name
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		room := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		imports[room] = []string{}
		may, ok := rooms[room]
		if !ok {
			t.Errorf("%s has no room in the table", room)
		}
		for _, im := range p.Imports {
			ours, isOurs := strings.CutPrefix(im, module+"/")
			imports[room] = append(imports[room], ours)
			foreign := strings.Contains(strings.Split(im, "/")[0], ".")
			if (isOurs || foreign) && !slices.Contains(may, ours) {
				t.Errorf("room %q may not import %s", room, im)
			}
			if who, ok := doors[im]; ok && !slices.Contains(who, room) {
				t.Errorf("room %q may not open the door %s", room, im)
			}
		}
	}
	for room, may := range rooms {
		if imports[room] == nil {
			t.Errorf("the table has a room %q and the tree has not", room)
		}
		for _, im := range may {
			if !slices.Contains(imports[room], im) {
				t.Errorf("room %q may import %s and does not", room, im)
			}
		}
	}
	for door, who := range doors {
		for _, room := range who {
			if !slices.Contains(imports[room], door) {
				t.Errorf("room %q may open the door %s and does not", room, door)
			}
		}
	}
}
