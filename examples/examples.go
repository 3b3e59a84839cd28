// Package examples holds the workflows, pipelines and hooks that users copy, as bbkeys
// init writes them.
package examples

import "embed"

//go:embed workflows hooks
var files embed.FS

// Read returns the text of an example, by its path such as "workflows/github.yml".
func Read(name string) (string, error) {
	text, err := files.ReadFile(name)
	return string(text), err
}
