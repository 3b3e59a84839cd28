package fault

// Usage: the command line, the inputs, and what they name. Nothing was scanned.
const (
	BadFlag          Code = 1
	TooManyArguments Code = 2
	BadValue         Code = 3
	UnknownInput     Code = 4
	SameFile         Code = 5
	NoCheckout       Code = 6
	NoWorkspace      Code = 7
	NotRepository    Code = 8
	NoRange          Code = 9
	NoBase           Code = 10
	UnknownRevision  Code = 11
	BadEvent         Code = 12
	UnknownRule      Code = 13
	UnknownCode      Code = 14
	BadSettings      Code = 15
	NoSettings       Code = 16
	Nowhere          Code = 17
	BadBaseline      Code = 18
	PartialBaseline  Code = 19
	Contradiction    Code = 20
	NothingToSetUp   Code = 40
)

// Git: what a clone does not have, and what of it can't be read.
const (
	NoHistory      Code = 101
	ShallowChange  Code = 102
	ShallowHistory Code = 103
	PartialClone   Code = 104
	MissingObject  Code = 105
	DamagedObject  Code = 106
	BadRef         Code = 107
	BadIndex       Code = 108
	OutsideMount   Code = 109
	Unsupported    Code = 110
	OtherCommit    Code = 111
	NoBeginning    Code = 112
	LargeObject    Code = 113
)

// Files of the checkout.
const (
	Unreadable  Code = 201
	Unlistable  Code = 202
	Changed     Code = 203
	LargeConfig Code = 204
	TooMany     Code = 205
)

// Archives.
const (
	ArchiveLimit Code = 301
)

// Fetching what a clone lacks.
const (
	FetchDenied      Code = 401
	FetchUnreachable Code = 402
	FetchUnknown     Code = 403
	FetchLimit       Code = 404
	FetchFailed      Code = 405
	NoTempFolder     Code = 406
	LeftBehind       Code = 407
)

// Delivery of the reports. The scan itself is done.
const (
	FileUnwritable    Code = 501
	OutputUnwritable  Code = 502
	OutputsUnwritable Code = 503
	SummaryUnwritable Code = 504
	ReportRefused     Code = 505
	InsightsFailed    Code = 506
	UploadFailed      Code = 507
)

// The run itself.
const (
	Interrupted Code = 901
	Crashed     Code = 902
	Unnamed     Code = 999
)
