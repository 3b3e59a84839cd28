package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/bbkeys/bbkeys/settings"
)

// keysPart is the part of docs/config.md that is made from the table of keys.
var keysPart = regexp.MustCompile(`(?s)(<!-- keys: generated -->\n).*?(<!-- /keys -->\n)`)

func settingsDoc(t *testing.T, old []byte) []byte {
	var b bytes.Buffer
	if err := settings.Keys(&b); err != nil {
		t.Fatal(err)
	}
	if !keysPart.Match(old) {
		t.Fatal("docs/config.md has no part for the keys")
	}
	return keysPart.ReplaceAllFunc(old, func([]byte) []byte {
		return []byte("<!-- keys: generated -->\n" + b.String() + "<!-- /keys -->\n")
	})
}

func settingsSchema(t *testing.T, _ []byte) []byte {
	var b bytes.Buffer
	if err := settings.Schema(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDocsOfSettings reads the example of docs/config.md as the program does.
func TestDocsOfSettings(t *testing.T) {
	text, err := os.ReadFile("docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(text)
	if example == nil {
		t.Fatal("there is no example")
	}
	s, err := settings.Parse(settings.Name, example[1])
	if err != nil {
		t.Fatal(err)
	}
	if s.Input("fail-on") != "error" || len(s.Own.Anchors()) != 4 || len(s.Accept) != 2 || len(s.Mute) != 2 {
		t.Error("the example says something else")
	}
}
