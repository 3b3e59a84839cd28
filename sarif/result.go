package sarif

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

func result(f *scan.Finding) *sarif.Result {
	at := physical(f.Place.Path).WithRegion(region(f))
	r := sarif.NewRuleResult(ruleID(f)).
		WithLevel(f.Level.String()).
		WithMessage(sarif.NewTextMessage(text(f))).
		WithLocations([]*sarif.Location{sarif.NewLocationWithPhysicalLocation(at)})
	r.PartialFingerprints = map[string]any{
		"primaryLocationLineHash": lineHash(f),
		"bbkeysCredential/v1":     f.Fingerprint(),
	}
	r.Properties = sarif.Properties{
		"proof":    f.Match.Proof.String(),
		"redacted": f.Match.Secret.String(),
		"encoding": plainAll(f.Match.Encoding),
		"inside":   plainAll(f.Inside),
	}
	if id := f.Match.ID; id != "" {
		r.Properties["id"] = plain(id)
	}
	if a := f.Match.Account; a != "" {
		r.Properties["account"] = plain(a)
	}
	if h := f.Match.Host; h != "" {
		r.Properties["host"] = plain(h)
	}
	if c := f.Place.Commit; c != "" {
		r.Properties["commit"] = plain(c)
	}
	return r
}

// suppression says who accepted f. The type of the module writes every field, so that each
// has a value: the guid is made of what is suppressed and by what.
func suppression(f *scan.Finding) *sarif.Suppression {
	m := f.Mute
	kind := "external"
	if m.By == "mark" {
		kind = "inSource"
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Fingerprint(), f.Place.Path, m.By, m.Where}, "\x00")))
	s := sarif.NewSuppression(kind).WithStatus("accepted").WithJustifcation(report.Muted(f)).WithGuid(guid(sum))
	file, line := m.Where, 1
	for range 2 { // the column, where there is one, and the line
		i := strings.LastIndexByte(file, ':')
		if n, err := strconv.Atoi(file[i+1:]); i > 0 && err == nil && n > 0 {
			file, line = file[:i], n
		}
	}
	return s.WithLocation(sarif.NewLocationWithPhysicalLocation(physical(file).WithRegion(sarif.NewRegion().WithStartLine(line))))
}

// guid spells a hash as a UUID of version 5, which SARIF's pattern takes and whose bits a
// hash makes too (RFC 9562, 5.5, 2024-05).
func guid(sum [sha256.Size]byte) string {
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// text is the result's message. Its first sentence does not change from run to run:
// DefectDojo tells findings by it.
func text(f *scan.Finding) string {
	s := message(report.Message(f))
	if f.Match.ID != "" {
		s += " Its id is " + message(f.Match.ID) + "."
	}
	if len(f.Inside) > 0 {
		s += " The way to it is " + message(strings.Join(plainAll(f.Inside), " > ")) + "."
	}
	return s
}

// lineHash is what GitHub knows an alert by. Where there is no line, it is a value that
// stays the same as long as the same key is in the same file.
func lineHash(f *scan.Finding) string {
	if f.LineHash != "" {
		return f.LineHash
	}
	parts := append([]string{f.Fingerprint(), f.Place.Path}, f.Inside...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("%x:1", sum[:8])
}

// region is one line always: GitHub shows an alert in a pull request only if every line
// of it is part of the change. What has no lines is shown at the file's first character.
func region(f *scan.Finding) *sarif.Region {
	from, to := f.From, f.To
	if from.Line < 1 || from.Column < 1 {
		from, to = scan.Position{Line: 1, Column: 1}, scan.Position{Line: 1, Column: 2}
	}
	if to.Line != from.Line || to.Column <= from.Column {
		to = scan.Position{Line: from.Line, Column: from.Column + 1}
	}
	return sarif.NewRegion().
		WithStartLine(from.Line).WithStartColumn(from.Column).
		WithEndLine(to.Line).WithEndColumn(to.Column)
}

func physical(path string) *sarif.PhysicalLocation {
	return sarif.NewPhysicalLocation().WithArtifactLocation(
		sarif.NewArtifactLocation().WithUri(uri(path)).WithUriBaseId("%SRCROOT%"))
}

// uri returns a path as a relative reference (RFC 3986, 4.2): every byte that is no part
// of one is escaped, so that any path comes back byte for byte, and nothing in it is
// taken for a scheme, a host, a query, a fragment, or the way out of the repository.
func uri(path string) string {
	path = report.Redact(path)
	if path == "" {
		return "unknown" // GitHub refuses an empty one
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = escape(s)
	}
	if segments[0] == "" && len(segments) > 1 {
		segments[1] = "%2F" + segments[1]
		segments = segments[1:]
	}
	return strings.Join(segments, "/")
}

func escape(segment string) string {
	if segment == "." || segment == ".." {
		return strings.ReplaceAll(segment, ".", "%2E")
	}
	// RFC 3986's pchar without the colon, which would make a scheme of a first segment,
	// and without what some readers take as more than itself.
	const others = "-._~!$()*+,;=@"
	var b strings.Builder
	for i := range len(segment) {
		c := segment[i]
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte(others, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// plain returns foreign text without control characters and credentials, or "".
func plain(s string) string {
	if s == "" {
		return ""
	}
	return report.Clean(s)
}

func plainAll(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = plain(s)
	}
	return out
}

// message returns a text in the form of SARIF's messages.
func message(s string) string { return literal(plain(s)) }

// literal escapes what means something in SARIF's messages, where brackets make links and
// braces stand for arguments (SARIF 2.1.0, 3.11.5 and 3.11.6).
func literal(s string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `{{`, `}`, `}}`).Replace(s)
}
