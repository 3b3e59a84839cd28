package git

import (
	"errors"
	"fmt"
	"os"

	"github.com/bbkeys/bbkeys/git/object"
)

func openTables(git, common *os.Root, f object.Format) (refStore, error) {
	return nil, fmt.Errorf("reftable: %w", errors.ErrUnsupported)
}
