package settings

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/glob"
	"github.com/bbkeys/bbkeys/mute"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A section is a key of the file that holds a list. From the table of sections come the
// reading, the documentation and the schema.
type section struct {
	name, help string
	// fields are what an entry says. Where there is one alone, the entry is its text.
	fields []field
	// plain is the field that an entry which is a text stands for; "" where it must be a map.
	plain string
	// either are fields one of which must be there.
	either []string
	// take adds an entry whose fields are all right. Its error is about the whole entry.
	take func(*Settings, entry) error
}

// A field is one thing that an entry says.
type field struct {
	name, help string
	must       bool
	pattern    string   // of the schema: what the text must be like; "" for anything
	values     []string // what is taken; nil for anything
	// check says what is wrong with a text, and does not repeat it; nil for nothing.
	check func(string) error
}

// An entry is what one entry of a section says, by field, and its place.
type entry struct {
	texts map[string]string
	where string
}

// How much a person may write of a thing, in bytes.
const (
	maxReason = 500
	maxOwner  = 200
	minValue  = 4
)

// sections returns all of them, in the order of the documentation.
func sections() []section {
	path := field{name: "path", help: "a glob over paths as reports tell them: `*` and `?` stay within a folder, `**` is any number of folders", check: checkGlob, pattern: `^[^/!].*[^/]$|^[^/!]$`}
	kind := field{name: "rule", help: "the ID of a kind of key, as `bbkeys rules` lists it", check: checkRule, values: ruleIDs()}
	return []section{
		{
			name: "hosts", help: "hosts of your own Bitbucket Data Center: `git.corp.example`, with a port if it listens at that one alone, or `*.corp.example` for all below one",
			fields: []field{{name: "host", must: true, pattern: `^(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?$`, check: new(rule.Own).AddHost}},
			take:   func(s *Settings, e entry) error { return s.Own.AddHost(e.texts["host"]) },
		}, {
			name: "names", help: "names of your own variables and settings that hold credentials of Bitbucket, `*` standing for any characters", plain: "name",
			fields: []field{
				{name: "name", must: true, help: "the name, as it is written: case counts", pattern: `^[A-Za-z0-9_.*-]+$`, check: func(s string) error { return new(rule.Own).AddName(s, "") }},
				{name: "kind", help: "what it holds (default: what the name says with its end, else a password)", values: rule.OwnKinds()},
			},
			take: func(s *Settings, e entry) error { return s.Own.AddName(e.texts["name"], e.texts["kind"]) },
		}, {
			name: "accept", help: "values that are no findings wherever they stand: a known dummy as it is, anything else as `sha256:` and the SHA-256 of it in hexadecimal",
			fields: []field{{name: "value", must: true, check: checkAccept}},
			take: func(s *Settings, e entry) error {
				s.Accept = append(s.Accept, digest(e.texts["value"]))
				return nil
			},
		}, {
			name: "mute", help: "findings that are accepted, with the reason", either: []string{"fingerprint", "path"},
			fields: []field{
				{name: "fingerprint", help: "the finding's fingerprint, as the JSON report has it", pattern: `^[0-9a-f]{32}$`, check: checkFingerprint},
				path, kind,
				{name: "reason", must: true, help: "why, for whoever reads it in two years", check: checkText(maxReason)},
				{name: "owner", help: "whom to ask", check: checkText(maxOwner)},
				{name: "expires", help: "the last day on which it counts, in UTC", pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, check: checkDate},
			},
			take: takeMute,
		}, {
			name: "levels", help: "what proven keys count as at some paths; the last entry that fits counts",
			fields: []field{
				{name: "path", must: true, help: path.help, check: path.check, pattern: path.pattern},
				kind,
				{name: "level", must: true, help: "the level", values: []string{rule.Error.String(), rule.Warning.String(), rule.Note.String()}},
			},
			take: takeLevel,
		},
	}
}

func takeMute(s *Settings, e entry) error {
	m := mute.Entry{
		Fingerprint: e.texts["fingerprint"], Path: e.texts["path"], Rule: e.texts["rule"],
		Reason: e.texts["reason"], Owner: e.texts["owner"], Where: e.where,
	}
	if day := e.texts["expires"]; day != "" {
		last, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return errors.New("the date is none")
		}
		m.Expires = last.AddDate(0, 0, 1)
	}
	s.Mute = append(s.Mute, m)
	return nil
}

func takeLevel(s *Settings, e entry) error {
	path, err := glob.Compile(e.texts["path"])
	if err != nil {
		return err
	}
	l := level{path: path, rule: e.texts["rule"], where: e.where}
	for _, as := range []rule.Level{rule.Note, rule.Warning, rule.Error} {
		if as.String() == e.texts["level"] {
			l.as = as
		}
	}
	s.levels = append(s.levels, l)
	return nil
}

func checkGlob(s string) error {
	_, err := glob.Compile(s)
	return err
}

func checkRule(id string) error {
	if rule.ByID(id) == nil {
		return fmt.Errorf("there is no kind of that ID%s; bbkeys rules lists them", meant(id, rule.IDs()))
	}
	return nil
}

func ruleIDs() []string {
	var ids []string
	for _, r := range rule.All() {
		ids = append(ids, r.ID)
	}
	return ids
}

func checkFingerprint(s string) error {
	if len(s) != 32 || strings.Trim(s, "0123456789abcdef") != "" {
		return errors.New("it is no fingerprint; copy the 32 hexadecimal digits from the JSON report")
	}
	return nil
}

func checkText(most int) func(string) error {
	return func(s string) error {
		switch {
		case strings.TrimSpace(s) == "":
			return errors.New("it says nothing")
		case len(s) > most:
			return errors.New("it is too long; say it in fewer words")
		case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == utf8.RuneError || r == 0x7f }):
			return errors.New("it has more than one line, or characters that cannot be seen")
		}
		return nil
	}
}

func checkDate(s string) error {
	if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 2000 {
		return errors.New("it is no date; write year-month-day, as 2027-01-31")
	}
	return nil
}

// hashed begins an accepted value that is told by its SHA-256.
const hashed = "sha256:"

// finder knows every kind of credential.
var finder = sync.OnceValue(func() *scan.Finder { return scan.NewFinder(rule.All()) })

// checkAccept wants no credential in the file: one that proves itself is one, dummy or not.
func checkAccept(s string) error {
	if sum, ok := strings.CutPrefix(s, hashed); ok {
		if len(sum) != 2*sha256.Size || strings.Trim(sum, "0123456789abcdef") != "" {
			return errors.New("what follows sha256: are not 64 hexadecimal digits in lower case; make them with: printf %s VALUE | sha256sum")
		}
		return nil
	}
	if len(s) < minValue {
		return errors.New("it is too short to be a credential")
	}
	proven := func(h scan.Hit) bool { return h.Proof >= rule.Structure }
	if slices.ContainsFunc(finder().Find([]byte(s)), proven) {
		return errors.New("it is a key, and everybody who reads the file has it; revoke it if it is real, and write sha256: and its SHA-256 if it is made up")
	}
	return nil
}

func digest(value string) [32]byte {
	if sum, ok := strings.CutPrefix(value, hashed); ok {
		var d [32]byte
		_, _ = hex.Decode(d[:], []byte(sum)) // it was checked before
		return d
	}
	return sha256.Sum256([]byte(value))
}

// inputs returns the inputs that the file may say.
func inputs() []config.Input {
	return slices.DeleteFunc(config.Inputs(), func(in config.Input) bool { return in.Only || in.Once })
}

// isFile reports whether an input names a file.
func isFile(in config.Input) bool { return in.Param == "FILE" }

// checkFile wants a file below the checkout, and none that has a meaning to git, to a shell
// or to a CI: the repository chooses its name.
func checkFile(s string) error {
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || part[0] == '.' || part[0] == '-' || strings.ContainsAny(part, `\:`) {
			return errors.New("the settings file can name a file below the checkout alone, and none whose name or folder begins with a dot or a hyphen; use the flag or the CI's input for any other")
		}
	}
	return nil
}
