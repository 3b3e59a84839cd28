package rule

import (
	"path"
	"slices"
	"strings"
)

// Neighbours returns the paths of the files that may say what a private key at p is for,
// nearest first: configurations of SSH, and that of Bitbucket's Pipelines. They are
// slash-separated from the root that p is.
func Neighbours(p string) []string {
	dir := path.Dir(p)
	var all []string
	for _, name := range []string{
		path.Join(dir, "config"), path.Join(dir, "ssh_config"), path.Join(dir, ".ssh/config"), path.Join(path.Dir(dir), "config"), path.Join(path.Dir(dir), "ssh_config"),
		".ssh/config", "ssh_config", pipelinesFile,
	} {
		if name != p && !strings.HasPrefix(name, "..") && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// pipelinesFile is where Bitbucket's Pipelines are configured.
const pipelinesFile = "bitbucket-pipelines.yml"

// Points returns the tie that a neighbour of a private key gives it: that the text of the
// file at from names the file at key as what goes to Bitbucket. A nil Own knows of no
// servers besides those that tell it themselves.
func (o *Own) Points(from string, text []byte, key string) Ties {
	dir := path.Dir(from)
	words := o.identities
	if path.Base(from) == pipelinesFile {
		words = usedKeys
	}
	for _, word := range words(string(text)) {
		if samePlace(dir, word, key) {
			return pointed
		}
	}
	return 0
}

// identities returns the files that a configuration of SSH gives as the keys for a host of
// Bitbucket's (ssh_config(5), OpenSSH 10, 2026-11).
func (o *Own) identities(config string) (files []string) {
	ours := false
	var block []string // of the hosts at hand
	flush := func() {
		if ours {
			files = append(files, block...)
		}
		ours, block = false, nil
	}
	for line := range strings.Lines(config) {
		line = strings.TrimSpace(line)
		i := strings.IndexAny(line, " \t=")
		if i < 0 || line[0] == '#' {
			continue
		}
		value := strings.Trim(line[i:], " \t=")
		switch strings.ToLower(line[:i]) {
		case "match":
			flush()
			ours = o.goesThere(value)
		case "host":
			flush()
			ours = o.goesThere(value)
		case "hostname":
			ours = ours || o.goesThere(value)
		case "identityfile":
			block = append(block, strings.Trim(value, `"`))
		}
	}
	flush()
	return files
}

// goesThere reports whether a line of SSH's configuration names a host of Bitbucket's.
func (o *Own) goesThere(value string) bool {
	for _, host := range strings.FieldsFunc(strings.ToLower(value), func(c rune) bool { return c == ' ' || c == '\t' || c == ',' || c == '"' }) {
		if of, ok := (&carrierReader{own: o}).serverAt(host, 0); ok && of != anyProduct || strings.Contains(host, "bitbucket") {
			return true
		}
	}
	return false
}

// usedKeys returns the files that a configuration of Pipelines has its steps use as keys.
func usedKeys(config string) (files []string) {
	words := strings.FieldsFunc(config, func(c rune) bool { return strings.ContainsRune(" \t\r\n\"'`;|&()", c) })
	for i, word := range words {
		switch {
		case i+1 == len(words):
		case word == "-i", word == "ssh-add", word == "IdentityFile", (word == "chmod") && i+2 < len(words):
			if next := words[i+1]; word != "chmod" {
				files = append(files, next)
			} else if next == "600" || next == "0600" || next == "400" || next == "0400" || next == "go-rwx" {
				files = append(files, words[i+2])
			}
		}
		if _, file, ok := strings.Cut(word, "IdentityFile="); ok {
			files = append(files, file)
		}
	}
	return files
}

// samePlace reports whether a file's name, as a configuration in dir has it, is that of the
// file at key. Where it is relative to a home, which may be kept at any place, as much of
// it must fit as tells a file from others of its name.
func samePlace(dir, name, key string) bool {
	for _, home := range []string{"~/", "%d/", "$HOME/", "${HOME}/", "/root/", "$BITBUCKET_CLONE_DIR/", "${BITBUCKET_CLONE_DIR}/", "/opt/atlassian/pipelines/agent/build/"} {
		if rest, ok := strings.CutPrefix(name, home); ok {
			return key == rest || strings.HasSuffix(key, "/"+rest) && strings.Contains(rest, "/") || path.Join(dir, path.Base(rest)) == key
		}
	}
	if strings.HasPrefix(name, "/") {
		return path.Join(dir, path.Base(name)) == key || strings.Count(key, "/") > 0 && strings.HasSuffix(name, "/"+key)
	}
	return path.Join(dir, name) == key || path.Clean(name) == key
}
