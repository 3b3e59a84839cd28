package git

// A chunked is a list that may become long: what is in it stays where it is, and room for
// more is made a chunk at a time.
type chunked[T any] struct {
	chunks []*[chunk]T
	len    int
}

// chunk is how many there are in a chunk.
const chunk = 1 << 12

func (c *chunked[T]) at(i int) *T { return &c.chunks[i/chunk][i%chunk] }

func (c *chunked[T]) add(v T) {
	if c.len == len(c.chunks)*chunk {
		c.chunks = append(c.chunks, new([chunk]T))
	}
	c.len++
	*c.at(c.len - 1) = v
}
