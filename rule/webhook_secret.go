package rule

// The secret of a webhook.
var webhookSecret = &Rule{
	ID:       "bitbucket-webhook-secret",
	Name:     "Bitbucket webhook secret",
	Since:    "1.0",
	Level:    Warning,
	Severity: 4.5,
	Anchors:  carrierWords,
	Match:    inContext(kindWebhook),
	Mint:     mintChosen,
	Context:  "BITBUCKET_WEBHOOK_SECRET=%s\n",
	Weak:     true,
	kind:     kindWebhook,
	Doc: Doc{
		What:   "What Bitbucket signs a webhook's messages with.",
		Opens:  "Forging messages that the receiver takes for Bitbucket's, and so triggering what it does, such as builds and deployments; it opens nothing on Bitbucket.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
		Steps: []string{
			"Give the webhook a new secret in the settings of the repository or workspace, and the receiver the same.",
			"Look through what the receiver did since the leak for messages that Bitbucket did not send.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file.",
		},
		Format: "Free text. It counts only in a setting that names Bitbucket and a webhook's secret, as Atlantis and Argo CD have; placeholders, references and words such as changeme are nothing. The names are those of their documentation, 2026-11-23. The report tells nothing of it, and its fingerprint is over where it is used.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
			"https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html",
		},
	},
}

func isWebhook(c *claim) bool { return c.as == webhook && chosen(c) }
