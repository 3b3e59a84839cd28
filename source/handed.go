package source

import "bytes"

// blankHanded returns a git configuration with spaces in the place of what a CI writes
// there to clone with: addresses, and headers with credentials. What a job was handed for
// its own clone is no leak, and ends with the job. Everything keeps its place.
func blankHanded(config []byte) []byte {
	out := bytes.Clone(config)
	section, continued := "", false
	for start := 0; start < len(out); {
		end := len(out)
		if i := bytes.IndexByte(out[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := out[start:end]
		trimmed := bytes.TrimSpace(line)
		goesOn := bytes.HasSuffix(trimmed, []byte(`\`))
		switch {
		case continued:
			continued = goesOn
			blank(line)
		case bytes.HasPrefix(trimmed, []byte("[")):
			section = sectionName(trimmed)
			if section == "http" || section == "url" {
				blank(line) // its name holds an address
			}
		case isHanded(section, trimmed):
			continued = goesOn
			blank(line)
		}
		start = end + 1
	}
	return out
}

func sectionName(header []byte) string {
	header = header[1:]
	if i := bytes.IndexAny(header, ` ."]`); i >= 0 {
		header = header[:i]
	}
	return string(bytes.ToLower(header))
}

// isHanded reports whether a line of a section is an address or a header of a remote.
func isHanded(section string, line []byte) bool {
	key, _, _ := bytes.Cut(line, []byte("="))
	switch string(bytes.ToLower(bytes.TrimSpace(key))) {
	case "url", "pushurl":
		return section == "remote" || section == "submodule"
	case "extraheader":
		return section == "http"
	case "insteadof", "pushinsteadof":
		return section == "url"
	}
	return false
}

func blank(line []byte) {
	for i := range line {
		if line[i] != '\r' {
			line[i] = ' '
		}
	}
}
