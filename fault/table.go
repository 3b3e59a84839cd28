package fault

// An Entry is all that is known of a fault.
type Entry struct {
	Code   Code
	Title  string // what is wrong, in a few words without a full stop
	Why    string // how it comes to that, in Markdown
	Remedy string // what to do about it, in Markdown
	Fixes  []Fix  // the lines that do it, where it has such; a reader needs one of them
}

// A Fix is what mends a fault in one place.
type Fix struct {
	CI   string // the CI's name as its ci.Provider has it, or Shell for a command line
	Lang string // of Text, as Markdown names it: "yaml", "sh"
	Text string // one or more lines, each ending with a line feed
}

// Shell is the place of a Fix that is a command line and works everywhere.
const Shell = "shell"

// A group is the faults of one subject.
type group struct {
	from   Code   // the group has the codes from this to the next group's
	title  string // the subject
	status string // how a run ends that meets one of them
}

// groups returns the subjects in the order of their codes.
func groups() []group {
	const gap = "status 3, or with `on-gap: warn` the status that the findings give"
	return []group{
		{1, "Usage", "status 4, nothing was scanned"},
		{100, "The clone", gap},
		{200, "Files", gap},
		{300, "Archives", gap},
		{400, "Fetching what a clone lacks", gap},
		{500, "Delivery of reports", "status 5 where the scan itself is clean; findings and gaps have their own status"},
		{900, "The run itself", "status 3"},
	}
}

// Table returns every fault in the order of the codes.
func Table() []Entry {
	var all []Entry
	for _, part := range [][]Entry{usage(), revisions(), settled(), settingUp(), clone(), repository(), files(), fetching(), delivery(), run()} {
		all = append(all, part...)
	}
	return all
}

// ByCode returns the entry of a code, and whether there is one.
func ByCode(c Code) (Entry, bool) {
	for _, e := range Table() {
		if e.Code == c {
			return e, true
		}
	}
	return Entry{}, false
}

// Fix returns the lines that mend e in a CI, or else on a command line, and whether there
// are such.
func (e Entry) Fix(ci string) (Fix, bool) {
	for _, where := range []string{ci, Shell} {
		for _, f := range e.Fixes {
			if f.CI == where {
				return f, true
			}
		}
	}
	return Fix{}, false
}
