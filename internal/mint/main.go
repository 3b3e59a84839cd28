// Mint prints new, well-formed, worthless credentials, for trying the scanner on. None is
// ever stored in the repository.
//
//	go run ./internal/mint            lists the kinds
//	go run ./internal/mint KIND       prints one credential of a kind
package main

import (
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/bbkeys/bbkeys/rule"
)

func main() {
	if len(os.Args) < 2 {
		for _, r := range rule.All() {
			fmt.Println(r.ID)
		}
		return
	}
	r := rule.ByID(os.Args[1])
	if r == nil {
		fmt.Fprintf(os.Stderr, "mint: there is no kind %q; without arguments the kinds are listed\n", os.Args[1])
		os.Exit(4)
	}
	fmt.Println(r.Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))))
}
