package contract

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strings"
)

// otherProduct is a token of Jira or Confluence Data Center, which has the form of an
// unprefixed one of Bitbucket.
func (c chance) otherProduct() string {
	return base64.StdEncoding.EncodeToString([]byte(c.pick("0123456789", 12) + ":" + string(c.bytes(20))))
}

// services are credentials that open something else, those that are public, and what stands
// where one belongs.
func services() []family {
	return append(others(), stands()...)
}

func others() []family {
	return []family{
		{"tokens of Jira and Confluence Data Center", "ops%d/tools.env", func(c chance) string {
			return c.lines(20, func() string {
				return fmt.Sprintf("%s=%s\ncurl -H 'Authorization: Bearer %s' https://%s.corp.example/rest/api/2/issue", c.of("JIRA_TOKEN", "CONFLUENCE_PAT", "JIRA_API_TOKEN"), c.otherProduct(), c.otherProduct(), c.of("jira", "confluence"))
			})
		}},
		{"passwords of Jira and Confluence", "ops%d/jira.properties", func(c chance) string {
			return c.lines(20, func() string {
				return fmt.Sprintf("%s=%s\n%s: %s\nhttps://bot:%s@jira.corp.example/secure/", c.of("jira.password", "confluence.password", "crowd.server.password"), c.pick(alnum, 16), c.of("jira_password", "confluence_api_key"), c.pick(alnum, 24), c.pick(alnum, 20))
			})
		}},
		{"credentials of other hosts", "ops%d/deploy.sh", func(c chance) string {
			return c.lines(20, func() string {
				return fmt.Sprintf("git clone https://bot:%s@%s/team/repo.git\ncurl -u bot:%s https://%s/api/v4/projects\nexport %s=%s", c.pick(alnum, 20), c.of("gitlab.example.com", "github.com", "git.example.org"), c.pick(alnum, 32), c.of("gitlab.example.com", "dev.azure.com"), c.of("GITLAB_TOKEN", "NPM_TOKEN", "GITEA_PASSWORD"), c.pick(alnum, 36))
			})
		}},
		{"keys of other vendors", "ops%d/other.env", func(c chance) string {
			return c.lines(20, func() string {
				return "GITHUB_TOKEN=gh" + "p_" + c.pick(alnum, 36) + "\nSLACK=xo" + "xb-" + c.pick("0123456789", 12) + "-" + c.pick(alnum, 24) + "\nGOOGLE=AI" + "za" + c.pick(alnum+"-_", 35) + "\nAWS_SECRET_ACCESS_KEY=" + c.base64(30) + "\nHEROKU_API_KEY=" + c.uuid()
			})
		}},
		{"the public client of Git Credential Manager", "gcm%d/BitbucketConstants.cs", func(c chance) string {
			key, secret := "HJdmKXV87"+"DsmC9zSWB", "wwWw47VB9ZHwMsD4"+"Q4rAveHkbxNrMp3n"
			old, oldSecret := "b5AKdPfpg"+"FdEGpKzPE", "7NUP5qUtSR3SxdFK"+"4xAGaU6PMNvNdE59"
			return fmt.Sprintf("const string BitbucketClientId = \"%s\";\nconst string BitbucketClientSecret = \"%s\";\nBITBUCKET_CLIENT_ID=%s\nBITBUCKET_CLIENT_SECRET=%s\nbitbucket:\n  oauth_key: %s\n  oauth_secret: %s\n# %s\n", key, secret, old, oldSecret, key, secret, c.hex(20))
		}},
	}
}

// nothing returns what people and tools write in place of a credential.
func (c chance) nothing() string {
	return c.of(
		"${BITBUCKET_TOKEN}", "$BITBUCKET_TOKEN", "{{ bitbucket_token }}", "${{ secrets.BITBUCKET_TOKEN }}", "%BITBUCKET_TOKEN%", "<your_token>", "{repository_access_token}", "{app_password}",
		"ATATT3x...", "ATATT3xFfGF0...", "ATBBxxxxxxxx", "ATCTT3xFfGN0…", "ATBB"+strings.Repeat("x", 32), "ATATT3xFfGF0"+strings.Repeat("x", 180), "BBDC-"+strings.Repeat("A", 44),
		"********", "••••••••", "xxxxxxxx", "changeme", "your-app-password", "secret://team/bitbucket", "vault:secret/data/bitbucket#token", "{AQAAABAAAAAQ"+c.base64(32)+"}", "REDACTED", "[MASKED]", "example", "password", "",
	)
}

func stands() []family {
	return []family{
		{"placeholders in settings", "app%d/.env.example", func(c chance) string {
			return c.lines(40, func() string {
				return fmt.Sprintf("%s=%s", c.of("BITBUCKET_TOKEN", "BITBUCKET_APP_PASSWORD", "BITBUCKET_PASSWORD", "BITBUCKET_OAUTH_SECRET", "BITBUCKET_CLIENT_SECRET", "ATLASSIAN_API_TOKEN"), c.nothing())
			})
		}},
		{"placeholders in commands", "doc%d/README.md", func(c chance) string {
			return c.lines(40, func() string {
				return fmt.Sprintf(c.of("git clone https://x-token-auth:%s@bitbucket.org/team/repo.git", "curl -u me@example.org:%s https://api.bitbucket.org/2.0/user", "curl -H 'Authorization: Bearer %s' https://api.bitbucket.org/2.0/user", "machine bitbucket.org login me password %s", "git remote set-url origin https://x-bitbucket-api-token-auth:%s@bitbucket.org/team/repo.git"), cmp.Or(strings.ReplaceAll(c.nothing(), " ", ""), "TOKEN"))
			})
		}},
		{"placeholders in YAML", "app%d/app-config.yaml", func(c chance) string {
			return c.lines(30, func() string {
				return fmt.Sprintf("integrations:\n  bitbucketCloud:\n    - username: ${BITBUCKET_USER}\n      appPassword: %q\n      token: %q", c.nothing(), c.nothing())
			})
		}},
		{"addresses without a password", "repo%d/.gitmodules", func(c chance) string {
			return c.lines(40, func() string {
				return fmt.Sprintf("[submodule \"%s\"]\n\turl = https://%s@bitbucket.org/team/%s.git\n\turl = git@bitbucket.org:team/%s.git\n\turl = ssh://git@bitbucket.org:7999/~me/%s.git", c.word(), c.pick(lower, 8), c.word(), c.word(), c.word())
			})
		}},
		{"words about Bitbucket", "doc%d/page.md", func(c chance) string {
			return c.lines(30, func() string {
				return fmt.Sprintf("Set `BITBUCKET_TOKEN` to a token of %s; see https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/?id=%s (X-Atlassian-Token: no-check). Password: see %s.", c.word(), c.uuid(), c.word())
			})
		}},
		{"code that reads settings", "src%d/client.py", func(c chance) string {
			return c.lines(30, func() string {
				return fmt.Sprintf("bitbucket_password = %s\nbitbucket_token: str = get_%s_token()\nself.bitbucket_secret = settings.%s", c.of("os.environ['BITBUCKET_PASSWORD']", "getpass()", "config[\"bitbucket\"][\"password\"]", "None", "read_secret(name)"), c.pick(lower, 6), c.pick(lower, 9))
			})
		}},
	}
}
