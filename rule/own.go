package rule

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/bbkeys/bbkeys/glob"
)

// Own is what an organization adds to what is known of Bitbucket: the hosts of its own
// servers, and the names of its own settings that hold credentials of Bitbucket. The zero
// value adds nothing. Once it is filled it may be used by many goroutines at once.
type Own struct {
	hosts []ownHost
	names []ownName
}

// An ownHost is a server of one's own.
type ownHost struct {
	name string // in lower case; what follows the star where below is set
	port string // empty for any
	// below says that the hosts below name are meant, and not that one.
	below bool
}

// An ownName is the name of a setting, in which stars stand for any characters.
type ownName struct {
	pattern string
	literal string // the longest part of it without a star
	as      role
}

const (
	minOwn  = 3 // characters of a host's name
	minPart = 4 // characters of a name that are no star, in a row: fewer are everywhere
	maxPort = 1<<16 - 1
)

// AddHost adds a host, as "git.corp.example", with ":8443" behind it where the server
// listens at that port alone, or "*.corp.example" for all hosts below one. Its error says
// what is wrong, and does not repeat the text.
func (o *Own) AddHost(text string) error {
	name := strings.ToLower(text)
	if strings.Contains(name, "://") || strings.ContainsAny(name, "/@") {
		return errors.New("it is an address; write the host alone, without https://, user or path")
	}
	name, port, hasPort := strings.Cut(name, ":")
	if n, err := strconv.Atoi(port); hasPort && (err != nil || n < 1 || n > maxPort || port[0] == '+') {
		return errors.New("what follows the colon is no port; write host or host:port")
	}
	name, below := strings.CutPrefix(name, "*.")
	if strings.Contains(name, "*") {
		return errors.New("a star stands for the first part of a host alone, as in *.corp.example")
	}
	if below && !strings.Contains(name, ".") {
		return errors.New("the star would take in a whole top-level domain; name the organization's domain behind it")
	}
	if len(name) < minOwn || len(name) > maxAccount || strings.ContainsFunc(name, func(c rune) bool { return c >= 0x80 || !hostChar(byte(c)) }) {
		return errors.New("it is no host; write letters, digits, hyphens and dots, an international name in its xn-- form")
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return errors.New("it is no host: a part of it is empty or has a hyphen at its end")
		}
	}
	o.hosts = append(o.hosts, ownHost{name, port, below})
	return nil
}

// OwnKinds are what a name of one's own can be said to hold.
func OwnKinds() []string { return []string{"token", "password", "client-secret", "webhook-secret"} }

// AddName adds the name of a setting, in which stars stand for any characters, such as
// CORP_GIT_*_PASSWORD, and what it holds: one of OwnKinds, or "" for what the name says
// with its end, and a password where that says nothing. Its error says what is wrong, and
// does not repeat the text.
func (o *Own) AddName(text, kind string) error {
	if len(text) > maxName {
		return errors.New("the name is too long: " + strconv.Itoa(maxName) + " characters are read of one")
	}
	literal := ""
	for part := range strings.SplitSeq(text, "*") {
		if strings.ContainsFunc(part, func(c rune) bool { return c >= 0x80 || !nameChar(byte(c)) }) {
			return errors.New("it is no name of a variable or setting; write letters, digits, _, - and ., and * for any of them")
		}
		if len(part) > len(literal) {
			literal = part
		}
	}
	if len(literal) < minPart {
		return errors.New("it would fit names of anything; write at least " + strconv.Itoa(minPart) + " characters in a row that are no star")
	}
	n := ownName{pattern: text, literal: literal}
	switch kind {
	case "token":
		n.as = bearer
	case "password":
		n.as = password
	case "client-secret":
		n.as = clientSecret
	case "webhook-secret":
		n.as = webhook
	case "":
		if n.as = tailOf(flatten([]byte(text)), len(text)); n.as == noRole {
			n.as = password
		}
	default:
		return errors.New("what it holds is none of " + strings.Join(OwnKinds(), ", "))
	}
	o.names = append(o.names, n)
	return nil
}

// Anchors are literals, one of which is in each text that Each finds something in.
func (o *Own) Anchors() []string {
	var all []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	for _, h := range o.hosts {
		add(h.name)
	}
	for _, n := range o.names {
		add(n.literal)
	}
	return all
}

// read claims what the anchor of one's own brings that a reader is at.
func (o *Own) read(r *carrierReader) {
	if host, ok := o.hostAround(r.text, r.at); ok {
		if r.byteAt(host.lo-1) == '@' {
			at := r.at
			r.at = host.lo - 1
			r.userinfo()
			r.at = at
		}
		r.product()
	}
	o.setting(r)
}

// judge is judge, for a claim of one's own: what has no form of its own is a password.
func (o *Own) judge(c *claim) (kind, Proof) {
	k, p := judge(c)
	if k == noKind && c.named && !selfProving(c.value) && c.as == bearer {
		c.as = password
		k, p = judge(c)
	}
	return k, p
}

// setting claims the value of the setting in whose name the anchor is.
func (o *Own) setting(r *carrierReader) {
	key := r.keyAround(r.at)
	name := string(r.text[key.lo:key.hi])
	name = strings.TrimLeft(name[strings.LastIndexByte(name, '.')+1:], "-")
	for _, n := range o.names {
		whole := strings.TrimLeft(string(r.text[key.lo:key.hi]), "-")
		if !glob.Name(n.pattern, name) && !glob.Name(n.pattern, whole) {
			continue
		}
		c := claim{as: n.as, named: true}
		if len(o.hosts) > 0 {
			c.of = server // who names servers of their own has their credentials
		}
		if r.fieldOf(key, &c) {
			c.account = r.partner(key, "username", "user", "useremail", "email", "login")
			if n.as == clientSecret {
				c.id = r.partner(key, "clientid", "key", "id")
			}
			r.claimValue(c)
		}
		return
	}
}

// hostAround returns the host's name that text[at] is in, and whether it is one of ours.
func (o *Own) hostAround(text []byte, at int) (span, bool) {
	if o == nil {
		return span{}, false
	}
	h := span{at, at}
	for h.lo > 0 && at-h.lo < maxAccount && hostChar(text[h.lo-1]) {
		h.lo--
	}
	for h.hi < len(text) && h.hi-at < maxAccount && hostChar(text[h.hi]) {
		h.hi++
	}
	name := strings.ToLower(strings.TrimRight(string(text[h.lo:h.hi]), "."))
	return h, o.serves(name, text[h.hi:])
}

// serves reports whether a host, behind which a text goes on as rest, is one of ours. A nil
// Own has none.
func (o *Own) serves(name string, rest []byte) bool {
	if o == nil {
		return false
	}
	for _, h := range o.hosts {
		same := name == h.name
		if h.below {
			same = strings.HasSuffix(name, "."+h.name)
		}
		if same && h.listens(rest) {
			return true
		}
	}
	return false
}

// listens reports whether the port at the beginning of rest, if there is one, is the
// host's.
func (h ownHost) listens(rest []byte) bool {
	if h.port == "" || len(rest) < 2 || rest[0] != ':' || !isDigit(rest[1]) {
		return true
	}
	rest = rest[1:]
	return bytes.HasPrefix(rest, []byte(h.port)) && (len(rest) == len(h.port) || !isDigit(rest[len(h.port)]))
}

// Ties is TiesIn for the servers of one's own.
func (o *Own) Ties(text []byte) Ties {
	for _, h := range o.hosts {
		for at := 0; ; at++ {
			i := bytes.Index(text[at:], []byte(h.name))
			if i < 0 {
				break
			}
			at += i
			if s, ok := o.hostAround(text, at); ok && overSSH(text[max(0, s.lo-300):s.lo], text[s.hi:]) {
				return mentioned | reached
			}
		}
	}
	return 0
}
