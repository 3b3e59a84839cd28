package carrier

import "strings"

// unread names the carriers that the rules don't read yet, one a line.
const unread = `
`

// pending returns the carriers that the rules don't read yet.
func pending() []string { return strings.Split(strings.TrimSpace(unread), "\n") }
