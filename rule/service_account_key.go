package rule

// An API key of a service account of an Atlassian organization.
var serviceAccountKey = &Rule{
	ID:       "atlassian-service-account-key",
	Name:     "Atlassian service account API key",
	Since:    "1.0",
	Level:    Warning,
	Severity: 7.5,
	Anchors:  []string{"ATSTT3"},
	Match:    serviceAccountForm.match,
	Mint:     serviceAccountForm.mint,
	Doc: Doc{
		What:   "An API key of a service account, a user of an Atlassian organization that is no person.",
		Opens:  "Whatever its scopes allow of the organization's Jira and Confluence; whether Bitbucket can be among its products is not documented.",
		Revoke: "https://admin.atlassian.com/",
		Steps: []string{
			"Open the organization in Atlassian Administration, then Directory, Service accounts, and revoke the key of that account.",
			"Create a new key with the fewest scopes and the shortest life that do the job.",
			"Keep the new key in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Look through the organization's audit log for use since the leak.",
			"Remove the key from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "192 characters: ATST, then the base64url form of O|E|at and 128 bytes (ATSTT3xFfGF0, 171 letters, digits, - or _, one =), then the CRC-32 of all before it as 8 upper-case hexadecimal digits. " +
			"No whole one is public: the first 12 characters are from public documentation, the rest is as in the vendor's other tokens, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/user-management/docs/understand-service-accounts/",
			"https://support.atlassian.com/organization-administration/docs/manage-an-organization-with-the-admin-apis/",
		},
	},
}

var serviceAccountForm = envelope{head: "ATSTT3xFfGF0"}
