package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"text/template"

	"github.com/rs/zerolog"

	"github.com/bbkeys/bbkeys/secret"
)

type outer struct {
	Public  secret.Text
	private secret.Text
	List    []secret.Text
	Map     map[string]secret.Text
	Pointer *secret.Text
}

// TestNoWayOut prints a credential in every way that the program or a library may.
func TestNoWayOut(t *testing.T) {
	raw := "ATBB" + strings.Repeat("x1Y2", 8)
	s := secret.New(raw)
	o := outer{s, s, []secret.Text{s}, map[string]secret.Text{"a": s}, &s}
	var out bytes.Buffer
	for _, v := range []any{s, &s, o, &o, []any{s, o}, fmt.Errorf("x %v %w", s, errors.New("y"))} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%T %v"} {
			fmt.Fprintf(&out, verb+"\n", v, v)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
		l := zerolog.New(&out)
		l.Info().Interface("v", v).Any("w", v).Msgf("%v", v)
		if st, ok := v.(fmt.Stringer); ok {
			l.Info().Stringer("s", st).Send()
		}
	}
	if err := template.Must(template.New("").Parse("{{.}} {{.Public}} {{printf `%q` .Public}}")).Execute(&out, o); err != nil {
		t.Fatal(err)
	}
	_ = o.private
	for _, spelled := range []string{raw, raw[4:], fmt.Sprintf("%x", raw), fmt.Sprintf("%X", raw)} {
		if strings.Contains(out.String(), spelled) {
			t.Fatal("the credential got out")
		}
	}
	if out.Len() < 1000 || !strings.Contains(out.String(), "ATBB…(36)") {
		t.Fatalf("nothing was printed: %d bytes", out.Len())
	}
}

func TestRedacted(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "…(0)"},
		{"hunter2", "…(7)"},
		{"ATBB" + strings.Repeat("a", 32), "ATBB…(36)"},
		{"ATCTT3" + strings.Repeat("a", 186), "ATCTT3…(192)"},
	} {
		if got := secret.New(c.in).String(); got != c.want {
			t.Errorf("%d characters: %s, want %s", len(c.in), got, c.want)
		}
	}
}

func TestDigest(t *testing.T) {
	a, b := secret.New("one"), secret.New("two")
	if a.Digest("k") != secret.New("one").Digest("k") || a.Digest("k") == b.Digest("k") || a.Digest("k") == a.Digest("l") {
		t.Error("a digest must tell credentials and kinds apart, and nothing else")
	}
	if !a.In("x one y") || a.In("x two y") || secret.New("").In("x") {
		t.Error("In must tell whether the text holds the credential")
	}
}
