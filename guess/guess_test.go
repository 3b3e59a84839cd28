package guess_test

import (
	"testing"

	"github.com/bbkeys/bbkeys/guess"
)

func TestOf(t *testing.T) {
	words := []string{"scan", "rules", "version", "doctor", "fail-on", "sarif-file", "gitlab", "gitlab-quality", "insights-url", "insights-commit"}
	for word, want := range map[string]string{
		"scn": "scan", "rule": "rules", "versoin": "version", "DOCTR": "doctor", "fail_on": "fail-on", "failon": "fail-on",
		"sarif": "sarif-file", "gitlab-qualty": "gitlab-quality", "gitlab": "gitlab", "gitlab-x": "gitlab", "insights": "insights-commit", "gitlab-quality-x": "gitlab-quality", "s": "",
		"": "", "a": "", "src": "", "everything": "", "sarification": "", "scan-and-much-more-than-that": "scan",
	} {
		if got := guess.Of(word, words); got != want {
			t.Errorf("%q: %q was meant, not %q", word, want, got)
		}
	}
	if got := guess.Of("rule", nil); got != "" {
		t.Errorf("out of none: %q", got)
	}
}

func TestQuestion(t *testing.T) {
	if guess.Question("") != "" || guess.Question("scan") != "did you mean scan? " {
		t.Error("the question is another one")
	}
}
