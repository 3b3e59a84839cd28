// Package memory tells how much memory the process may use: its container's limit.
package memory

import (
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// share is the part of a container's limit that the garbage collector is to keep below,
// in percent. The rest is for what it doesn't count, such as the program itself and the
// page cache that the kernel counts for the container, and for its being late.
const share = 60

// Goal returns how many bytes of memory the garbage collector is to keep the process
// below: share percent of the container's limit, and most where that is less or there is
// no limit to be seen. The file system is that of the machine, from its root on.
func Goal(machine fs.FS, most int64) int64 {
	if n, ok := limit(machine); ok {
		return min(most, n/100*share)
	}
	return most
}

// limit returns the lowest limit in bytes that the control groups of the process put to
// its memory, of either version (the kernel's Documentation/admin-guide/cgroup-v1/memory.rst
// and cgroup-v2.rst of 6.12, 2024-11). It reads /proc/self and what that names.
//
// A limit above the container, which the process is not shown, can't be told.
func limit(machine fs.FS) (bytes int64, ok bool) {
	groups, err := fs.ReadFile(machine, "proc/self/cgroup")
	if err != nil {
		return 0, false
	}
	mounts, err := fs.ReadFile(machine, "proc/self/mountinfo")
	if err != nil {
		return 0, false
	}
	lowest := int64(math.MaxInt64)
	for line := range strings.Lines(string(mounts)) {
		m, ok := parseMount(line)
		if !ok {
			continue
		}
		if group, ok := groupOf(string(groups), m.file == fileV2); ok {
			lowest = min(lowest, m.lowest(machine, group))
		}
	}
	return lowest, lowest < unlimited
}

// The files that hold a limit. What version 1 says where there is none is the highest
// multiple of the page size, so that all from unlimited on is none.
const (
	fileV1    = "memory.limit_in_bytes"
	fileV2    = "memory.max"
	unlimited = math.MaxInt64 >> 1
)

// A mount is where a hierarchy of control groups that may limit memory is to be seen.
type mount struct {
	root  string // the group that is seen at point
	point string
	file  string // what holds the limit in each group
}

// parseMount reads a line of /proc/self/mountinfo (proc_pid_mountinfo(5) of man-pages
// 6.9, 2024-06), and reports whether it is of such a hierarchy.
func parseMount(line string) (m mount, ok bool) {
	before, after, ok := strings.Cut(line, " - ")
	where, what := strings.Fields(before), strings.Fields(after)
	if !ok || len(where) < 5 || len(what) < 3 {
		return m, false
	}
	m = mount{root: unescape(where[3]), point: unescape(where[4])}
	switch {
	case what[0] == "cgroup2":
		m.file = fileV2
	case what[0] == "cgroup" && lists(what[len(what)-1], "memory"):
		m.file = fileV1
	default:
		return m, false
	}
	return m, true
}

// unescape undoes the octal escapes that mountinfo has for blanks and backslashes.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}

// groupOf returns the control group of the process from what /proc/self/cgroup says, in
// the hierarchy of version 2 or in that of version 1 which limits memory.
func groupOf(groups string, v2 bool) (group string, ok bool) {
	for line := range strings.Lines(groups) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(f) == 3 && (v2 && f[0] == "0" && f[1] == "" || !v2 && lists(f[1], "memory")) {
			return f[2], true
		}
	}
	return "", false
}

// lists reports whether name is one of those in list, which commas separate.
func lists(list, name string) bool { return strings.Contains(","+list+",", ","+name+",") }

// lowest returns the lowest limit of group and of those above it, as far as they are to
// be seen. In a container the group may be told by its name outside, which is not to be
// seen there: then the top of what is seen is the container's own.
func (m mount) lowest(machine fs.FS, group string) int64 {
	if m.root != "/" && (group == m.root || strings.HasPrefix(group, m.root+"/")) {
		group = group[len(m.root):]
	}
	lowest := int64(math.MaxInt64)
	for dir := path.Clean("/" + group); ; dir = path.Dir(dir) {
		text, err := fs.ReadFile(machine, strings.TrimPrefix(path.Join(m.point, dir, m.file), "/"))
		if err == nil {
			// "max" is no number and no limit.
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 {
				lowest = min(lowest, n)
			}
		}
		if dir == "/" {
			return lowest
		}
	}
}
