package scan

import "github.com/bbkeys/bbkeys/rule"

// Relevel makes the finding count as a level that a person said for its path, and notes who
// said so: the place of a line in the settings.
func (f *Finding) Relevel(to rule.Level, where string) {
	f.Own, f.Said = f.OwnLevel(), where
	f.Level = to
}

// OwnLevel returns the level that the finding has by itself, whatever a person said.
func (f *Finding) OwnLevel() rule.Level {
	if f.Said == "" {
		return f.Level
	}
	return f.Own
}
