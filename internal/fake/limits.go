package fake

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits that the schemas lack: those that the descriptions tell in words (2026-08 of
// Cloud, 9.4 of Data Center), and those of Cloud's error messages ("The summary field
// cannot contain more than 450 characters.", "The details field cannot contain more than
// 2000 characters.").

// object is a JSON object that is looked at.
type object struct {
	fields map[string]any
	wrong  []string
}

func (o *object) fault(format string, args ...any) {
	o.wrong = append(o.wrong, fmt.Sprintf(format, args...))
}

// text wants a text with at most some characters, as Java counts them.
func (o *object) text(field string, limit int, needed bool) string {
	v, there := o.fields[field]
	s, isText := v.(string)
	switch {
	case !there && !needed:
	case !isText || strings.TrimSpace(s) == "":
		o.fault("%s is no text: %v", field, v)
	case len(utf16.Encode([]rune(s))) > limit:
		o.fault("the %s field cannot contain more than %d characters", field, limit)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == utf8.RuneError }):
		o.fault("%s has a control character or is no UTF-8: %q", field, s)
	}
	return s
}

func (o *object) oneOf(field string, values ...string) {
	if s, _ := o.fields[field].(string); !slices.Contains(values, s) {
		o.fault("%s is %v", field, o.fields[field])
	}
}

func (o *object) link(field string) {
	v, there := o.fields[field]
	if s, _ := v.(string); there && !isLink(s) {
		o.fault("%s is no absolute http or https URL: %v", field, v)
	}
}

func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// data wants facts, at most some, each of the type that it says.
func (o *object) data(limit int, linkText string) {
	list, ok := o.fields["data"].([]any)
	if !ok || len(list) > limit {
		o.fault("data is no list of at most %d", limit)
	}
	for _, e := range list {
		f, _ := e.(map[string]any)
		in := &object{fields: f}
		in.text("title", 450, true)
		v := f["value"]
		number, isNumber := v.(float64)
		ok := false
		switch f["type"] {
		case "NUMBER", "DATE", "DURATION":
			ok = isNumber && number >= 0 && number == float64(int64(number))
		case "PERCENTAGE":
			ok = isNumber && number >= 0 && number <= 100
		case "BOOLEAN":
			_, ok = v.(bool)
		case "TEXT":
			in.text("value", 2000, true)
			ok = true
		case "LINK":
			at, _ := v.(map[string]any)
			to := &object{fields: at}
			to.text(linkText, 450, true)
			to.link("href")
			in.wrong = append(in.wrong, to.wrong...)
			ok = len(at) == 2
		}
		if !ok {
			in.fault("%v is no %v", v, f["type"])
		}
		o.wrong = append(o.wrong, in.wrong...)
	}
}

func (o *object) path() {
	s := o.text("path", 50_000, false)
	if strings.HasPrefix(s, "/") || strings.Contains(s, "//") || slices.Contains(strings.Split(s, "/"), "..") {
		o.fault("path is none below the repository: %q", s)
	}
	if line, _ := o.fields["line"].(float64); s == "" && line != 0 {
		o.fault("there is a line of no file")
	}
}

func cloudReport(body map[string]any) []string {
	o := &object{fields: body}
	o.text("title", 450, true)
	o.text("details", 2000, true)
	o.text("reporter", 450, false)
	o.oneOf("type", "report")
	o.oneOf("report_type", "SECURITY", "COVERAGE", "TEST", "BUG")
	o.oneOf("result", "PASSED", "FAILED", "PENDING")
	o.link("link")
	o.link("logo_url")
	o.data(10, "text")
	return o.wrong
}

func cloudAnnotation(a map[string]any) []string {
	o := &object{fields: a}
	o.oneOf("type", "report_annotation")
	o.oneOf("annotation_type", "VULNERABILITY", "CODE_SMELL", "BUG")
	o.oneOf("severity", "CRITICAL", "HIGH", "MEDIUM", "LOW")
	o.oneOf("result", "PASSED", "FAILED", "SKIPPED", "IGNORED")
	o.text("summary", 450, true)
	o.text("details", 2000, false)
	o.link("link")
	o.path()
	return o.wrong
}

func serverReport(body map[string]any) []string {
	o := &object{fields: body}
	o.text("title", 450, true)
	o.text("details", 2000, false)
	o.text("reporter", 450, false)
	o.oneOf("result", "PASS", "FAIL")
	o.link("link")
	o.link("logoUrl")
	o.data(6, "linktext")
	return o.wrong
}

func serverAnnotation(a map[string]any) []string {
	o := &object{fields: a}
	o.text("message", 2000, true)
	o.oneOf("severity", "LOW", "MEDIUM", "HIGH")
	o.oneOf("type", "VULNERABILITY", "CODE_SMELL", "BUG")
	o.link("link")
	o.path()
	return o.wrong
}
