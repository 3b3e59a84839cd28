package carrier

// operations returns the settings of tools that work on repositories.
func operations() []Carrier {
	consumer := ofClient()[:1]
	return []Carrier{
		{Name: "Terraform provider", Path: "main.tf", Kinds: ofCloud(), text: "provider \"bitbucket\" {\n  username = \"joe\"\n  password = \"§\"\n}\n"},
		{Name: "Terraform provider OAuth", Path: "main.tf", Kinds: consumer, text: "provider \"bitbucket\" {\n  oauth_client_id     = \"k\"\n  oauth_client_secret = \"§\"\n}\n"},
		{Name: "Terraform provider token", Path: "main.tf", Kinds: ofAccess(), text: "provider \"bitbucket\" {\n  oauth_token = \"§\"\n}\n"},
		{Name: "Terraform server provider", Path: "main.tf", Kinds: ofServer(), Host: "bitbucket.corp.io", text: "provider \"bitbucketserver\" {\n  server   = \"https://bitbucket.corp.io\"\n  username = \"joe\"\n  password = \"§\"\n}\n"},
		{Name: "Terraform variable", Path: "terraform.tfvars", Kinds: ofCloud(), text: "region = \"eu-west-1\"\nbitbucket_username = \"joe\"\nbitbucket_password = \"§\"\n"},
		{Name: "Terraform variable default", Path: "variables.tf", Kinds: ofCloud(), text: "variable \"bitbucket_password\" {\n  type      = string\n  sensitive = true\n  default   = \"§\"\n}\n"},
		{Name: "TF_VAR", Path: "env.sh", Kinds: ofCloud(), text: "export TF_VAR_bitbucket_password='§'\n"},
		{Name: "Terraform state", Path: "terraform.tfstate", Kinds: consumer, Host: "api.bitbucket.org", text: "      \"type\": \"tfe_oauth_client\",\n      \"name\": \"vcs\",\n      \"instances\": [\n        {\n          \"attributes\": {\n            \"api_url\": \"https://api.bitbucket.org\",\n            \"http_url\": \"https://bitbucket.org\",\n            \"key\": \"k\",\n            \"secret\": \"§\",\n            \"service_provider\": \"bitbucket_hosted\"\n          }\n        }\n      ]\n"},
		{Name: "Terraform state output", Path: "terraform.tfstate", Kinds: ofCloud(), text: "  \"outputs\": {\n    \"bitbucket_password\": {\n      \"value\": \"§\",\n      \"type\": \"string\",\n      \"sensitive\": true\n    }\n  },\n"},
		{Name: "Terraform state of a CodeBuild credential", Path: "terraform.tfstate", Kinds: ofCloud()[1:2], text: "          \"attributes\": {\n            \"auth_type\": \"BASIC_AUTH\",\n            \"server_type\": \"BITBUCKET\",\n            \"token\": \"§\",\n            \"user_name\": \"joe\"\n          }\n"},
		{Name: "TFE OAuth client", Path: "vcs.tf", Kinds: consumer, text: "resource \"tfe_oauth_client\" \"vcs\" {\n  organization     = \"corp\"\n  service_provider = \"bitbucket_hosted\"\n  key              = \"k\"\n  secret           = \"§\"\n}\n"},
		{Name: "Pulumi config", Path: "Pulumi.dev.yaml", Kinds: ofCloud(), text: "config:\n  bitbucket:username: joe\n  bitbucket:password: §\n"},

		{Name: "Atlantis flags", Path: "run.sh", Kinds: ofToken(), text: "atlantis server --atlantis-url=\"https://atlantis.corp.io\" --bitbucket-user=\"joe\" --bitbucket-token=\"§\" --repo-allowlist=\"bitbucket.org/team/*\"\n"},
		{Name: "Atlantis environment", Path: ".env", Kinds: ofToken(), text: "ATLANTIS_BITBUCKET_USER=joe\nATLANTIS_BITBUCKET_TOKEN=§\n"},
		{Name: "Atlantis webhook secret", Path: ".env", Kinds: []string{"bitbucket-webhook-secret"}, text: "ATLANTIS_BITBUCKET_BASE_URL=https://bitbucket.corp.io\nATLANTIS_BITBUCKET_WEBHOOK_SECRET=§\n"},
		{Name: "Atlantis Helm values", Path: "values.yaml", Kinds: ofToken(), text: "orgAllowlist: bitbucket.org/team/*\nbitbucket:\n  user: joe\n  token: §\n"},

		{Name: "Renovate environment", Path: ".env", Kinds: ofCloud(), text: "RENOVATE_PLATFORM=bitbucket\nRENOVATE_USERNAME=joe\nRENOVATE_PASSWORD=§\n"},
		{Name: "Renovate environment token", Path: "docker-compose.yml", Kinds: ofToken(), text: "    environment:\n      RENOVATE_PLATFORM: bitbucket-server\n      RENOVATE_ENDPOINT: https://bitbucket.corp.io/rest/api/1.0/\n      RENOVATE_TOKEN: §\n"},
		{Name: "Renovate environment list", Path: "pipeline.yml", Kinds: ofCloud(), text: "  env:\n    - name: RENOVATE_USERNAME\n      value: joe\n    - name: RENOVATE_PASSWORD\n      value: \"§\"\n    - name: RENOVATE_PLATFORM\n      value: bitbucket\n"},
		{Name: "Renovate docker run", Path: "run.sh", Kinds: ofCloud(), text: "docker run --rm -e RENOVATE_PLATFORM=bitbucket -e RENOVATE_USERNAME=joe -e RENOVATE_PASSWORD=§ renovate/renovate\n"},
		{Name: "Renovate command", Path: "run.sh", Kinds: ofCloud(), text: "renovate --platform=bitbucket --username=joe --password=§ team/repo\n"},
		{Name: "Renovate config.js", Path: "config.js", Kinds: ofCloud(), text: "module.exports = {\n  platform: 'bitbucket',\n  username: 'joe',\n  password: '§',\n  repositories: ['team/repo'],\n};\n"},
		{Name: "Renovate host rule", Path: "renovate.json", Kinds: ofCloud(), Host: "bitbucket.org", text: "{\n  \"hostRules\": [\n    {\n      \"matchHost\": \"bitbucket.org\",\n      \"username\": \"joe\",\n      \"password\": \"§\"\n    }\n  ]\n}\n"},
		{Name: "Renovate host rule of a server", Path: "config.js", Kinds: ofServer()[1:], Host: "bitbucket.corp.io", text: "hostRules: [{ hostType: 'bitbucket-server', matchHost: 'https://bitbucket.corp.io', token: '§' }],\n"},

		{Name: "Danger cloud", Path: "danger.sh", Kinds: ofCloud(), text: "export DANGER_BITBUCKETCLOUD_USERNAME=joe\nexport DANGER_BITBUCKETCLOUD_PASSWORD='§'\n"},
		{Name: "Danger OAuth", Path: "danger.sh", Kinds: consumer, text: "export DANGER_BITBUCKETCLOUD_OAUTH_KEY=k\nexport DANGER_BITBUCKETCLOUD_OAUTH_SECRET=§\n"},
		{Name: "Danger server", Path: ".env", Kinds: ofServer(), text: "DANGER_BITBUCKETSERVER_HOST=bitbucket.corp.io\nDANGER_BITBUCKETSERVER_USERNAME=joe\nDANGER_BITBUCKETSERVER_PASSWORD=§\n"},
		{Name: "Drone", Path: "docker-compose.yml", Kinds: consumer, text: "      - DRONE_BITBUCKET_CLIENT_ID=k\n      - DRONE_BITBUCKET_CLIENT_SECRET=§\n      - DRONE_RPC_SECRET=${RPC}\n"},
		{Name: "Drone Stash", Path: "docker-compose.yml", Kinds: ofServer(), text: "      - DRONE_STASH=true\n      - DRONE_STASH_GIT_USERNAME=joe\n      - DRONE_STASH_GIT_PASSWORD=§\n"},
		{Name: "Woodpecker", Path: "docker-compose.yml", Kinds: consumer, text: "      - WOODPECKER_BITBUCKET=true\n      - WOODPECKER_BITBUCKET_CLIENT=k\n      - WOODPECKER_BITBUCKET_SECRET=§\n"},
		{Name: "Woodpecker server", Path: ".env", Kinds: ofServer(), text: "WOODPECKER_BITBUCKET_DC_GIT_USERNAME=joe\nWOODPECKER_BITBUCKET_DC_GIT_PASSWORD=§\n"},
		{Name: "Woodpecker server OAuth", Path: ".env", Kinds: ofClient()[1:], text: "WOODPECKER_BITBUCKET_DC_CLIENT_ID=k\nWOODPECKER_BITBUCKET_DC_CLIENT_SECRET=§\n"},
		{Name: "Snyk broker", Path: "run.sh", Kinds: ofServer()[1:], text: "docker run -e BROKER_TOKEN=${T} -e BITBUCKET=bitbucket.corp.io -e BITBUCKET_PAT=§ snyk/broker:bitbucket-server-bearer-auth\n"},
		{Name: "Git Credential Manager", Path: ".gitconfig", Kinds: ofClient()[1:], text: "[credential]\n\tbitbucketDataCenterOAuthClientId = k\n\tbitbucketDataCenterOAuthClientSecret = §\n"},
		{Name: "go-semantic-release", Path: "release.sh", Kinds: ofToken(), text: "export BB_TOKEN=§\nnpx semantic-release\n"},
		{Name: "BKT_TOKEN", Path: ".env", Kinds: ofToken(), text: "BKT_HOST=https://bitbucket.corp.io\nBKT_TOKEN=§\n"},
		{Name: "BB_APP_PASSWORD", Path: ".env", Kinds: ofCloud(), text: "BB_USER=joe\nBB_APP_PASSWORD=§\n"},
		{Name: "STASH_TOKEN", Path: "Jenkinsfile", Kinds: ofServer()[1:], text: "environment {\n  STASH_TOKEN = '§'\n}\n"},
		{Name: "stashPassword", Path: "build.properties", Kinds: ofServer(), text: "stashUrl=https://git.corp.io/scm/prj\nstashUser=joe\nstashPassword=§\n"},
		{Name: "Updatecli Stash", Path: "updatecli.yaml", Kinds: ofServer(), Host: "stash.corp.io", text: "scms:\n  default:\n    kind: stash\n    spec:\n      url: https://stash.corp.io\n      username: joe\n      password: §\n"},
		{Name: "Spinnaker dinghy", Path: "dinghy.yml", Kinds: ofServer()[1:], text: "stashUsername: joe\nstashToken: §\nstashEndpoint: https://git.corp.io\n"},
	}
}
