package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// filter is what is left out of what a fetch brings.
type filter uint8

const (
	// noTrees: commits come without their trees, trees without what is in them. Deeper
	// filters of that kind would save requests, and many servers refuse them.
	noTrees filter = iota
	// noBlobs: trees come with all trees in them.
	noBlobs
	// nothing: what a commit or tree needs comes with it.
	nothing
)

// String is how Git spells f.
func (f filter) String() string { return [...]string{"tree:0", "blob:none", ""}[f] }

// request is one fetch.
type request struct {
	without filter // if the server can
	wants   []object.Hash
	haves   []object.Hash
	shallow []object.Hash // of the haves, those of which we have no parents
	done    bool          // send a pack, whatever of haves the server knows
	depth   int           // how many commits deep from each want; 0 is all
	// base reads what the server may send deltas of; nil for none.
	base func(object.Hash) (object.Kind, []byte, error)
}

// command begins a request.
func (r *Remote) command(m *message, name string) {
	m.line("command=", name)
	if r.can.says {
		m.line("object-format=", r.can.format.String())
	}
	m.mark(delim)
}

// encode is the request in Git's words.
func (r *Remote) encode(q request) []byte {
	var m message
	r.command(&m, "fetch")
	if q.base != nil {
		m.line("thin-pack")
	}
	m.line("ofs-delta")
	for _, h := range q.shallow {
		m.line("shallow ", h.String())
	}
	if q.depth > 0 {
		m.line("deepen ", strconv.Itoa(q.depth))
	}
	if f := max(q.without, r.filters); f != nothing {
		m.line("filter ", f.String())
	}
	for _, h := range q.wants {
		m.line("want ", h.String())
	}
	for _, h := range q.haves {
		m.line("have ", h.String())
	}
	if q.done {
		m.line("done")
	}
	m.mark(flush)
	return m.Bytes()
}

// reply is what a fetch brought.
type reply struct {
	known   []object.Hash // of the haves, those that the server has
	cut     bool          // the server's own history is cut off somewhere
	packed  bool          // there was a pack
	fetched []object.Hash // what the pack held, in order
}

// has tells whether the pack held h.
func (p *reply) has(h object.Hash) bool {
	_, ok := find(p.fetched, h)
	return ok
}

// fetch makes a request and takes in the pack. A server that refuses the filter is
// asked again for more.
func (r *Remote) fetch(ctx context.Context, q request) (*reply, error) {
	for {
		p, err := r.fetchOnce(ctx, q)
		if refusal := new(said); errors.As(err, &refusal) && max(q.without, r.filters) < nothing && strings.Contains(refusal.text, "filter") {
			r.filters = max(q.without, r.filters) + 1
			continue
		}
		return p, err
	}
}

func (r *Remote) fetchOnce(ctx context.Context, q request) (*reply, error) {
	p := &reply{}
	err := r.again(ctx, func() error {
		*p = reply{}
		body, _, err := r.do(ctx, http.MethodPost, "/"+service, r.encode(q))
		if err != nil {
			return err
		}
		defer body.close()
		return r.receive(ctx, newPackets(body), q, p)
	})
	if err != nil {
		return nil, err
	}
	if len(p.fetched) > 0 {
		r.stats.Objects += len(p.fetched)
		return p, r.reopen()
	}
	return p, nil
}

// reopen opens the database anew, to see what has come.
func (r *Remote) reopen() error {
	db, err := odb.Open(r.dir, odb.Options{Format: r.can.format, MaxObject: r.server.Limits.Object})
	if err != nil {
		return err
	}
	if r.db != nil {
		_ = r.db.Close() // only read
	}
	r.db = db
	return nil
}

// receive reads the sections of an answer.
func (r *Remote) receive(ctx context.Context, in *packets, q request, p *reply) error {
	for {
		m, section, err := in.line()
		if err != nil {
			return cutOff(err)
		}
		if m != data { // without a pack, an answer ends here
			return nil
		}
		switch section {
		case "acknowledgments":
			m, err = in.lines(func(line string) error {
				if name, ok := strings.CutPrefix(line, "ACK "); ok {
					h, err := object.ParseHash(name)
					if err != nil {
						return errors.New("the server acknowledges what is no object name")
					}
					p.known = append(p.known, h)
				}
				return nil
			})
		case "shallow-info":
			m, err = in.lines(func(line string) error {
				p.cut = p.cut || q.depth == 0 && strings.HasPrefix(line, "shallow ")
				return nil
			})
		case "wanted-refs":
			m, err = in.lines(func(string) error { return nil })
		case "packfile":
			return r.take(ctx, in, q, p)
		default:
			return fmt.Errorf("the answer has a section %q, which is not known", quote([]byte(section)))
		}
		if err != nil {
			return err
		}
		if m != delim {
			return nil
		}
	}
}

// take takes in the pack.
func (r *Remote) take(ctx context.Context, in *packets, q request, p *reply) error {
	names, err := odb.IndexPack(ctx, &band{in: in}, r.dir, odb.PackOptions{
		Format: r.can.format, MaxBytes: r.server.Limits.Bytes, MaxObjects: r.server.Limits.Objects,
		MaxObject: r.server.Limits.Object, Base: q.base,
	})
	if errors.Is(err, odb.ErrPackLimit) {
		return fmt.Errorf("%w: %w", ErrLimit, err)
	}
	p.packed, p.fetched = err == nil, names
	return err
}

// refs lists the refs whose names begin with one of the prefixes.
func (r *Remote) refs(ctx context.Context, prefixes ...string) (refs []ref, err error) {
	if !r.can.refs {
		return nil, errors.New("the server does not list its refs")
	}
	var m message
	r.command(&m, "ls-refs")
	m.line("peel")
	m.line("symrefs")
	for _, prefix := range prefixes {
		m.line("ref-prefix ", prefix)
	}
	m.mark(flush)
	err = r.again(ctx, func() error {
		body, _, err := r.do(ctx, http.MethodPost, "/"+service, m.Bytes())
		if err != nil {
			return err
		}
		defer body.close()
		refs, err = readRefs(newPackets(body), r.can.format)
		return err
	})
	return refs, err
}
