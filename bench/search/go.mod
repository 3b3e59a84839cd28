module github.com/bbkeys/bbkeys/bench/search

go 1.26.0

require (
	github.com/BobuSumisu/aho-corasick v1.0.3
	github.com/bbkeys/bbkeys v0.0.0
	github.com/coregx/ahocorasick v0.2.1
	github.com/coregx/coregex v0.12.15
	github.com/petar-dambovaliev/aho-corasick v0.0.0-20250424160509-463d218d4745
	github.com/pgavlin/aho-corasick v0.5.1
	github.com/rrethy/ahocorasick v1.0.0
	github.com/wasilibs/go-aho-corasick v0.6.0
)

require (
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/magefile/mage v1.14.0 // indirect
	github.com/pierrec/lz4/v4 v4.1.33 // indirect
	github.com/tetratelabs/wazero v1.7.1 // indirect
	github.com/ulikunitz/xz v0.5.17 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace github.com/bbkeys/bbkeys => ../..
