package main

import (
	"testing"

	"github.com/bbkeys/bbkeys/archive"
	"github.com/bbkeys/bbkeys/config"
)

// The defaults of the inputs are the limits that the archive room gives reasons for.
func TestArchiveLimits(t *testing.T) {
	c, err := config.Read(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := (command{Config: c}).limits(), archive.DefaultLimits(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
