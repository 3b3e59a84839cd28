package fault_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/fault"
)

func TestOf(t *testing.T) {
	denied := fault.New(fault.FetchDenied, "denied: %w", io.EOF)
	wrapped := fmt.Errorf("fetching: %w", denied)
	for _, c := range []struct {
		err   error
		code  fault.Code
		codes []fault.Code
	}{
		{nil, 0, nil},
		{io.EOF, fault.Unnamed, []fault.Code{fault.Unnamed}},
		{wrapped, fault.FetchDenied, []fault.Code{fault.FetchDenied}},
		{fault.Or(fault.Crashed, wrapped), fault.FetchDenied, []fault.Code{fault.FetchDenied}},
		{fault.Or(fault.Crashed, io.EOF), fault.Crashed, []fault.Code{fault.Crashed}},
		{fault.As(fault.Crashed, wrapped), fault.Crashed, []fault.Code{fault.Crashed}},
		{errors.Join(io.EOF, wrapped, fault.New(fault.Crashed, "x"), denied), fault.FetchDenied, []fault.Code{fault.FetchDenied, fault.Crashed}},
		{fmt.Errorf("%w; %w", fault.New(fault.Changed, "x"), wrapped), fault.Changed, []fault.Code{fault.Changed, fault.FetchDenied}},
	} {
		if got := fault.Of(c.err); got != c.code {
			t.Errorf("%v has the code %v, not %v", c.err, got, c.code)
		}
		if got := fault.Codes(c.err); !slices.Equal(got, c.codes) {
			t.Errorf("%v has the codes %v, not %v", c.err, got, c.codes)
		}
	}
	if !errors.Is(fault.As(fault.Crashed, wrapped), io.EOF) || wrapped.Error() != "fetching: denied: EOF" {
		t.Errorf("a code changes what an error is or says: %v", wrapped)
	}
	if fault.Or(fault.Crashed, nil) != nil || fault.As(fault.Crashed, nil) != nil {
		t.Error("no error became one")
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]fault.Code{
		"BBK012": 12, "bbk012": 12, "12": 12, "BBK999": 999,
		"": 0, "BBK": 0, "BBK000": 0, "BBK888": 0, "BBK12x": 0, "-1": 0, "1e2": 0, "99999999999999999999": 0,
	} {
		if got, ok := fault.Parse(s); ok != (want != 0) || ok && got != want {
			t.Errorf("%q is %v, %v", s, got, ok)
		}
	}
}

// TestTable: an entry tells all that its reader needs, and its codes are in order.
func TestTable(t *testing.T) {
	last := fault.Code(0)
	for _, e := range fault.Table() {
		if e.Code <= last || e.Code > 999 {
			t.Errorf("%v comes after %v", e.Code, last)
		}
		last = e.Code
		if e.Title == "" || strings.HasSuffix(e.Title, ".") || len(e.Title) > 70 {
			t.Errorf("%v: the title %q is none", e.Code, e.Title)
		}
		for _, s := range []string{e.Why, e.Remedy} {
			if len(s) < 30 || !strings.HasSuffix(s, ".") {
				t.Errorf("%v: %q is no explanation", e.Code, s)
			}
		}
		if len(e.Fixes) == 0 {
			t.Errorf("%v has no line that mends it", e.Code)
		}
		seen := map[string]bool{}
		for _, f := range e.Fixes {
			if f.Where() == f.CI || seen[f.CI] {
				t.Errorf("%v: %q is no CI that is known, or is there twice", e.Code, f.CI)
			}
			seen[f.CI] = true
			if !strings.HasSuffix(f.Text, "\n") || strings.Contains(f.Text, "```") || f.Lang == "" {
				t.Errorf("%v: the fix for %s is no block of code", e.Code, f.CI)
			}
			if got, _ := e.Fix(f.CI); got != f {
				t.Errorf("%v: the fix for %s is not found", e.Code, f.CI)
			}
		}
		if f, ok := e.Fix("no such CI"); ok != seen[fault.Shell] || ok && f.CI != fault.Shell {
			t.Errorf("%v: a CI that is not known gets %v", e.Code, f)
		}
		if by, ok := fault.ByCode(e.Code); !ok || by.Title != e.Title {
			t.Errorf("%v is not found by its code", e.Code)
		}
	}
}

// TestLinks: each code leads to its section, and no section leads nowhere.
func TestLinks(t *testing.T) {
	page := fault.Page()
	for _, e := range fault.Table() {
		_, anchor, _ := strings.Cut(e.Code.Link(), "errors.md#")
		if n := strings.Count(page, "\n## "+strings.ToUpper(anchor)+"\n"); n != 1 {
			t.Errorf("%v has %d sections", e.Code, n)
		}
		if n := strings.Count(page, "\n| ["+e.Code.String()+"](#"+anchor+") |"); n != 1 {
			t.Errorf("%v is in %d groups", e.Code, n)
		}
	}
	for _, m := range regexp.MustCompile(`\(#bbk(\d+)\)`).FindAllStringSubmatch(page, -1) {
		if _, ok := fault.Parse(m[1]); !ok {
			t.Errorf("the page leads to %s, which is not there", m[0])
		}
	}
}
