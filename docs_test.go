package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report/catalog"
)

// TestDocs holds what is made from the code to what the code says. With -update it
// writes it.
func TestDocs(t *testing.T) {
	for path, render := range map[string]func(t *testing.T, old []byte) []byte{
		"docs/rules.md":  rulesDoc,
		"docs/inputs.md": inputsDoc,
		"docs/errors.md": errorsDoc,
		"action.yml":     actionInputs,
		"pipe.yml":       pipeVariables,

		"docs/config.md":          settingsDoc,
		"docs/config.schema.json": settingsSchema,
	} {
		old, err := os.ReadFile(path)
		if err != nil && !*update {
			t.Fatal(err)
		}
		want := render(t, old)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		} else if !bytes.Equal(old, want) {
			t.Errorf("%s is out of date; run go test . -update", path)
		}
	}
}

func rulesDoc(*testing.T, []byte) []byte {
	return []byte(catalog.Document())
}

func errorsDoc(*testing.T, []byte) []byte { return []byte(fault.Page()) }

func inputsDoc(*testing.T, []byte) []byte {
	var b bytes.Buffer
	b.WriteString("# Inputs\n\nMade from the table of inputs by `go test . -update`. A flag beats an input, an input beats the [settings file](config.md), and that beats the default.\n\n")
	b.WriteString("| flag | GitHub `with:` | Bitbucket pipe variable | elsewhere | default | values | meaning |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, in := range config.Inputs() {
		github, pipe, env, flag := "", "", "", ""
		if in.Flag != "" {
			flag = code("--" + in.Flag)
		}
		if !in.Only {
			github, pipe, env = code(in.Name), code(ci.EnvName(in.Name)), code(ci.EnvPrefix+ci.EnvName(in.Name))
			if notForPipes(in) {
				pipe = ""
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n",
			flag, github, pipe, env, code(in.Default), strings.Join(in.Values, ", "), in.Help)
	}
	b.WriteString("\nA relative file name is relative to the working directory where a flag gives it, and to the checkout where an input does.\n" +
		"In a plain step of a Bitbucket pipeline, too, every input can be given as `BBKEYS_…`, which beats the bare name.\n")
	return b.Bytes()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

// generated is the part of a file that is made from the code.
var generated = regexp.MustCompile(`(?s)(# inputs: generated\n).*?(# /inputs\n)`)

func splice(t *testing.T, old []byte, part string) []byte {
	if !generated.Match(old) {
		t.Fatal("the file has no part between the marks # inputs: generated and # /inputs")
	}
	return generated.ReplaceAllFunc(old, func([]byte) []byte {
		return []byte("# inputs: generated\n" + part + "# /inputs\n")
	})
}

func actionInputs(t *testing.T, old []byte) []byte {
	var b strings.Builder
	b.WriteString("inputs:\n")
	for _, in := range config.Inputs() {
		if in.Only {
			continue
		}
		fmt.Fprintf(&b, "  %s:\n    description: %q\n", in.Name, in.Help)
		switch {
		case in.Default != "":
			fmt.Fprintf(&b, "    default: %q\n", in.Default)
		case in.Name == "token":
			b.WriteString("    default: ${{ github.token }}\n")
		}
	}
	return splice(t, old, b.String())
}

// notForPipes reports whether an input is of no use in a pipe, which gets what it needs
// through the proxy of the build, and whose server is Bitbucket Cloud.
func notForPipes(in config.Input) bool {
	return slices.Contains([]string{"token", "upload", "insights-url"}, in.Name)
}

func pipeVariables(t *testing.T, old []byte) []byte {
	var b strings.Builder
	b.WriteString("variables:\n")
	for _, in := range config.Inputs() {
		if in.Only || notForPipes(in) {
			continue
		}
		fmt.Fprintf(&b, "  - name: %s\n", ci.EnvName(in.Name))
		if in.Default != "" {
			fmt.Fprintf(&b, "    default: %q\n", in.Default)
		}
	}
	return splice(t, old, b.String())
}

// TestReadme holds the README to its length and to what the program takes.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n > 200 {
		t.Errorf("README.md has %d lines, over 200", n)
	}
	for _, want := range []string{"go run . ", "go test ./...", "docker run", "uses: bbkeys/bbkeys@", "pipe: docker://"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("README.md does not show %q", want)
		}
	}
}
