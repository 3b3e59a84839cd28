package rule

import (
	"bytes"
	"strings"
)

const maxUserinfo = 2 << 10 // bytes of an address before its host: room for a signed token

func hostChar(c byte) bool { return isAlnum(c) || c == '-' || c == '.' }

// userinfo claims the password in an address of Bitbucket whose userinfo the anchor ends,
// as in https://user:password@bitbucket.org/.
func (r *carrierReader) userinfo() {
	host := span{r.at + 1, r.at + 1}
	for host.hi < len(r.text) && host.hi-host.lo < maxAccount && hostChar(r.text[host.hi]) {
		host.hi++
	}
	name := strings.ToLower(strings.TrimRight(string(r.text[host.lo:host.hi]), "."))
	name = strings.TrimSuffix(name, ".insteadof") // git's setting, whose name has the address
	of, ok := r.serverAt(name, host.hi)
	if !ok {
		return
	}
	lo := authority(r.text, r.at)
	if lo < 0 {
		return
	}
	colon := bytes.IndexByte(r.text[lo:r.at], ':')
	if colon < 0 {
		return
	}
	user, _ := undo(r.text, span{lo, lo + colon})
	c := claim{as: password, of: of, strong: true, account: user, host: name}
	if slash := bytes.IndexByte(r.text[lo:r.at], '/'); slash >= 0 {
		// An address has none in a password; people write some all the same. What is no
		// token then may be a path.
		if c.as = bearer; slash < colon {
			return
		}
	}
	if user == "x-token-auth" || user == "x-bitbucket-api-token-auth" {
		c.as, c.account = oauthAccess, ""
	}
	if r.take(span{lo + colon + 1, r.at}, &c) {
		r.claimValue(c)
	}
}

// authority returns where the part of a URL begins that the @ at text[at] is in, which is
// behind two slashes, or -1.
func authority(text []byte, at int) int {
	const others = 3 // of the same character in a password
	n := 0
	for lo := at; lo > 0 && at-lo <= maxUserinfo && n <= others; lo-- {
		c := text[lo-1]
		if c == '@' {
			n++
		}
		if c == '/' && behindScheme(text, lo) {
			return lo
		}
		if c <= ' ' || c == '"' || c == '<' || c == '>' || c == '`' {
			return -1
		}
	}
	return -1
}

// behindScheme reports whether the colon and the slashes that end a scheme, with or without
// JSON's backslashes, are before text[i].
func behindScheme(text []byte, i int) bool {
	for _, want := range []byte("//:") {
		if i--; i < 0 || text[i] != want {
			return false
		}
		if i > 0 && text[i-1] == '\\' {
			i--
		}
	}
	return true
}

// serverAt reports whether an address's host, which ends at i, is one of Bitbucket's: by its
// name, by the port that Bitbucket listens at unless it is told another, or by the path
// that it gives its repositories.
func (r *carrierReader) serverAt(name string, i int) (product, bool) {
	if name == "bitbucket.org" || strings.HasSuffix(name, ".bitbucket.org") {
		return cloud, true
	}
	if len(name) < 3 || name[0] == '.' {
		return anyProduct, false
	}
	if r.own.serves(name, r.text[i:]) {
		return server, true
	}
	for label := range strings.SplitSeq(name, ".") {
		if strings.HasPrefix(label, "bitbucket") || strings.HasSuffix(label, "bitbucket") || label == "stash" {
			return server, true
		}
	}
	rest := r.text[i:min(len(r.text), i+300)]
	if end := bytes.IndexAny(rest, " \t\r\n\"'<>`)"); end >= 0 {
		rest = rest[:end]
	}
	if bytes.HasPrefix(rest, []byte(":7990")) && (len(rest) == 5 || !isDigit(rest[5])) {
		return server, true
	}
	if _, path, ok := bytes.Cut(rest, []byte(restPath)); ok && ownResource(path) {
		return server, true
	}
	_, path, ok := bytes.Cut(rest, []byte("/scm/"))
	slash := bytes.IndexByte(path, '/')
	if !ok || slash <= 0 || !bytes.Contains(path[slash:], []byte(".git")) || bytes.HasPrefix(path, []byte("repo/")) || bytes.HasPrefix(path, []byte("git/")) {
		return anyProduct, false
	}
	return server, true
}

// restPath is how the paths of Bitbucket Data Center's REST API begin; Jira's and
// Confluence's go on in another way (the products' REST documentation, 2026-11-23).
const restPath = "/rest/api/1.0/"

// ownResource reports whether a path of the REST API is one that Bitbucket alone has.
func ownResource(path []byte) bool {
	for _, name := range []string{"projects", "repos", "users", "admin", "profile", "inbox", "dashboard", "application-properties", "hooks", "tasks", "groups"} {
		if hasPrefix(path, name) {
			return true
		}
	}
	return false
}

// host claims what goes with the host in whose name, or before whose path, the anchor is: a
// token in the address, and what signs a request to it. It returns what is known of whatever
// else the anchor brings.
func (r *carrierReader) host() (c claim) {
	h := span{r.at, r.at}
	for h.lo > 0 && r.at-h.lo < maxAccount && hostChar(r.text[h.lo-1]) {
		h.lo--
	}
	for h.hi < len(r.text) && h.hi-r.at < maxAccount && hostChar(r.text[h.hi]) {
		h.hi++
	}
	name := strings.ToLower(string(r.text[h.lo:h.hi]))
	of, ok := r.serverAt(name, h.hi)
	if !ok || !looksLikeHost(name) || r.byteAt(h.lo-1) == '_' || r.byteAt(h.lo-1) == '@' {
		return claim{}
	}
	c = claim{of: of, host: name}
	if !bytes.HasSuffix(r.text[:h.lo], []byte("://")) && !stands(r.text, h.lo-len("Host: "), "Host: ") {
		return c
	}
	strong := c
	strong.strong = true
	if of == cloud {
		r.query(h.hi, "/rss/feed?token=", feed, strong)
		r.query(h.hi, "access_token=", oauthAccess, strong)
	}
	r.curl(strong)
	r.request(h, strong)
	if of == cloud && stands(r.text, h.hi, tokenPath) {
		r.granted(strong)
	}
	return c
}

// path claims what goes with the address in whose path the anchor is.
func (r *carrierReader) path() {
	lo := r.at
	for lo > 0 && r.at-lo < maxAccount && !stands(r.text, lo-2, "//") && (hostChar(r.text[lo-1]) || r.text[lo-1] == ':' || r.text[lo-1] == '/') {
		lo--
	}
	if stands(r.text, lo-2, "//") {
		at := r.at
		r.at = lo
		c := r.host()
		if r.at = at; c.host != "" {
			r.tokensNear()
		}
	}
}

// query claims what follows a mark in the address that goes on at i.
func (r *carrierReader) query(i int, mark string, as role, c claim) {
	const far = 500
	end := i
	for end < len(r.text) && end-i < far && !space(r.text[end]) && bytes.IndexByte([]byte("\"'<>`()"), r.text[end]) < 0 {
		end++
	}
	n := bytes.Index(r.text[i:end], []byte(mark))
	if n < 0 {
		return
	}
	v := span{i + n + len(mark), end}
	if amp := bytes.IndexAny(r.text[v.lo:v.hi], "&#"); amp >= 0 {
		v.hi = v.lo + amp
	}
	c.as, c.key = as, strings.Trim(mark, "/?=")
	if r.take(v, &c) {
		r.claimValue(c)
	}
}

// curl claims the user and password of a command of curl's or HTTPie's whose address the
// anchor is in.
func (r *carrierReader) curl(c claim) {
	if near := r.near(maxRequest, maxRequest); !bytes.Contains(near, []byte("curl")) && !bytes.Contains(near, []byte("http ")) && !bytes.Contains(near, []byte("https ")) {
		return
	}
	in := r.command()
	command := r.text[in.lo:in.hi]
	flags := []string{" -u", " --user"}
	switch {
	case bytes.Contains(command, []byte("curl")):
	case bytes.Contains(command, []byte("http ")), bytes.Contains(command, []byte("https ")):
		flags = []string{" -a ", " --auth "}
	default:
		return
	}
	for _, flag := range flags {
		for i := 0; ; {
			n := bytes.Index(command[i:], []byte(flag))
			if n < 0 {
				break
			}
			i += n + len(flag)
			r.curlUser(in.lo+i, in.hi, c)
		}
	}
}

// continued reports whether the line that ends at i goes on in the next.
func (r *carrierReader) continued(i int) bool {
	if r.byteAt(i-1) == '\r' {
		i--
	}
	return r.byteAt(i-1) == '\\'
}

// curlUser claims what follows curl's -u.
func (r *carrierReader) curlUser(i, limit int, c claim) {
	for i < limit && (blank(r.text[i]) || r.text[i] == '=') {
		i++
	}
	var q byte
	for i < limit && (r.text[i] == '\\' || quote(r.text[i])) {
		q = r.text[i]
		i++
	}
	end := i
	for end < limit && r.text[end] != q && !(q == 0 && space(r.text[end])) && r.text[end] != '\n' && r.text[end] != '\\' && r.text[end] != '"' {
		end++
	}
	c.as, c.key = userPass, ""
	if c.lo = i; i < end && r.try(&c) && r.take(span{i, end}, &c) {
		r.claimValue(c)
	}
}

// netrc claims the password of an entry for the host that the anchor is in.
func (r *carrierReader) netrc() {
	h := span{r.at, r.at}
	for h.lo > 0 && r.at-h.lo < maxAccount && hostChar(r.text[h.lo-1]) {
		h.lo--
	}
	for h.hi < len(r.text) && h.hi-r.at < maxAccount && hostChar(r.text[h.hi]) {
		h.hi++
	}
	before := bytes.TrimRight(r.text[max(0, h.lo-12):h.lo], " \t")
	if len(before) == h.lo-max(0, h.lo-12) || !bytes.HasSuffix(before, []byte("machine")) {
		return
	}
	name := strings.ToLower(string(r.text[h.lo:h.hi]))
	of, ok := r.serverAt(name, h.hi)
	if !ok {
		return
	}
	c := claim{as: password, of: of, strong: true, host: name, key: "password"}
	for i, word := h.hi, ""; i-h.hi < 500; {
		var v span
		if v, i = r.word(i); v.hi == v.lo {
			break
		}
		text := string(r.text[v.lo:v.hi])
		switch word {
		case "login":
			c.account, text = text, ""
		case "password":
			c.lo, c.hi, c.value, text = v.lo, v.hi, text, ""
		default:
			if text == "machine" || text == "default" || text == "macdef" {
				i = len(r.text)
			}
		}
		word = text
	}
	r.claimValue(c)
}

// word returns the next word from i on and where it ends.
func (r *carrierReader) word(i int) (v span, end int) {
	for i < len(r.text) && (space(r.text[i]) || r.text[i] == '\\' && r.byteAt(i+1) == 'n') {
		if r.text[i] == '\\' {
			i++
		}
		i++
	}
	v = span{i, i}
	for v.hi < len(r.text) && v.hi-i < maxUserinfo && !space(r.text[v.hi]) && !quote(r.text[v.hi]) && (r.text[v.hi] != '\\' || r.byteAt(v.hi+1) != 'n') {
		v.hi++
	}
	return v, v.hi
}

// hostOf returns the host in an address, or "".
func hostOf(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		if looksLikeHost(address) {
			return strings.ToLower(address)
		}
		return ""
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if !looksLikeHost(rest) {
		return ""
	}
	return strings.ToLower(rest)
}

// looksLikeHost reports whether s is a host's name, with or without a port.
func looksLikeHost(s string) bool {
	name, _, _ := strings.Cut(s, ":")
	if len(name) < 4 || len(name) > maxAccount || !strings.Contains(name, ".") {
		return false
	}
	for _, c := range []byte(name) {
		if !hostChar(c) {
			return false
		}
	}
	return true
}

// productOfValue returns which product a value names.
func productOfValue(v string) product {
	name := flatten([]byte(v))
	switch host := hostOf(v); {
	case host == "bitbucket.org" || strings.HasSuffix(host, ".bitbucket.org"):
		return cloud
	case host != "":
		return server
	case strings.Contains(name, "bitbucketserver"), strings.Contains(name, "bitbucketdatacenter"), strings.Contains(name, "bitbucketdc"):
		return server
	case strings.Contains(name, "bitbucketcloud"), strings.Contains(name, "bitbuckethosted"), strings.Contains(name, "bitbucketorg"):
		return cloud
	}
	return anyProduct
}
