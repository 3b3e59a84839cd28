package report_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A renderer with a fault that tells a credential gets nothing written, however it spells it.
func TestGuard(t *testing.T) {
	rnd := random()
	for _, r := range rule.All() {
		if r.Weak {
			continue // what people choose may stand in a report by chance
		}
		key := r.Mint(rnd)
		rep := &scan.Report{Findings: []scan.Finding{finding(r, key, rule.Checksum, "x", 1, 1)}}
		quoted, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{
			"plain":          key,
			"in a text":      "the key is " + key + ", you see",
			"JSON":           string(quoted),
			"JSON escapes":   strings.NewReplacer("=", `\u003d`, "+", `\u002b`, "/", `\/`).Replace(key),
			"percent":        url.QueryEscape(key),
			"base64":         base64.StdEncoding.EncodeToString([]byte(key)),
			"URL base64":     base64.RawURLEncoding.EncodeToString([]byte("user:" + key)),
			"base64 after 2": "xy" + base64.StdEncoding.EncodeToString([]byte(key)),
			"base64 within":  `"` + base64.StdEncoding.EncodeToString([]byte("ab"+key+"cd")) + `"`,
		} {
			if r.Context != "" && name != "plain" && name != "in a text" {
				continue // it has no look of its own, and may be short
			}
			var out bytes.Buffer
			f := report.File{Name: "test report", Path: "-", Stdout: &out, Render: func(w io.Writer, _ *scan.Report) error {
				_, err := fmt.Fprint(w, text)
				return err
			}}
			err := f.Publish(t.Context(), rep)
			if err == nil || out.Len() > 0 {
				t.Errorf("%s, %s: written", r.ID, name)
			} else if strings.Contains(err.Error(), key) || !strings.Contains(err.Error(), "fault") || fault.Of(err) != fault.ReportRefused {
				t.Errorf("%s, %s: the error is wrong", r.ID, name)
			}
		}
	}
}

// A credential of a kind that is known by its place alone is found because the report has it.
func TestGuardOfWhatHasNoLook(t *testing.T) {
	const password = "correct horse battery staple"
	rep := &scan.Report{Findings: []scan.Finding{finding(doorKey, password, rule.Structure, "x", 1, 1)}}
	for _, text := range []string{"<p>" + password + "</p>", "<" + base64.StdEncoding.EncodeToString([]byte("u:"+password)) + ">"} {
		var out bytes.Buffer
		f := report.File{Name: "test report", Path: "-", Stdout: &out, Render: func(w io.Writer, _ *scan.Report) error {
			_, err := io.WriteString(w, text)
			return err
		}}
		if err := f.Publish(t.Context(), rep); err == nil || out.Len() > 0 || strings.Contains(err.Error(), password) {
			t.Errorf("%q: written, or told in the error", text)
		}
	}
}

// A file that is named after a credential, in whatever spelling guard knows, cannot keep
// the report from being written.
func TestGuardLetsNoNameStopAReport(t *testing.T) {
	key := rule.All()[0].Mint(random())
	std, raw := base64.StdEncoding.EncodeToString([]byte(key)), base64.RawURLEncoding.EncodeToString([]byte("user:"+key))
	names := []string{key, "keys/" + key + ".txt", url.QueryEscape(key), std, "keys/" + std, "a/b/c/" + raw + "/" + std + ".env", "x" + raw, "https://" + key + "@bitbucket.org/" + raw}
	rep := sample(t, names...)
	rep.Scanned.Note, rep.Scanned.Base = "of "+std, raw
	rep.Findings[0].Inside = []string{std, key}
	for name, render := range map[string]report.Render{
		"JSON": report.JSON{}.Render,
		"Markdown": func(w io.Writer, rep *scan.Report) error {
			_, err := io.WriteString(w, report.Markdown(rep, mebibyte))
			return err
		},
		"text": func(w io.Writer, rep *scan.Report) error { return report.Text{Writer: w}.Publish(t.Context(), rep) },
	} {
		var out bytes.Buffer
		f := report.File{Name: name, Path: "-", Stdout: &out, Render: render}
		if err := f.Publish(t.Context(), rep); err != nil || out.Len() == 0 {
			t.Errorf("%s: %v", name, err)
		}
		for _, secret := range []string{key, std, raw} {
			if bytes.Contains(out.Bytes(), []byte(secret)) {
				t.Errorf("%s: told", name)
			}
		}
	}
}
