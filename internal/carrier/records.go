package carrier

// records returns what is written down of work: logs, histories, notebooks, archives of
// requests, changes.
func records() []Carrier {
	api := "api.bitbucket.org"
	return []Carrier{
		{Name: "bash history", Path: ".bash_history", Kinds: ofCloud(), Host: "bitbucket.org", text: "cd src\ngit clone https://joe:§@bitbucket.org/team/repo.git\nls\n"},
		{Name: "zsh history", Path: ".zsh_history", Kinds: ofCloud(), text: ": 1700000000:0;export BITBUCKET_PASSWORD=§\n: 1700000001:0;make\n"},
		{Name: "fish history", Path: "fish_history", Kinds: ofCloud(), Host: api, text: "- cmd: curl -u joe:§ https://api.bitbucket.org/2.0/user\n  when: 1700000000\n"},
		{Name: "PowerShell history", Path: "ConsoleHost_history.txt", Kinds: ofCloud(), text: "cd src\r\n$env:BITBUCKET_PASSWORD=\"§\"\r\n"},
		{Name: "notebook", Path: "get.ipynb", Kinds: ofCloud(), text: "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"bitbucket_user = \\\"joe\\\"\\n\", \"bitbucket_password = \\\"§\\\"\\n\"]}]}\n"},
		{Name: "notebook request", Path: "get.ipynb", Kinds: ofCloud(), Host: api, text: "   \"source\": [\n    \"r = requests.get('https://api.bitbucket.org/2.0/user',\\n\",\n    \"                 auth=('joe', '§'))\\n\"\n   ]\n"},
		{Name: "HAR header", Path: "a.har", Kinds: ofAccess(), Host: api, text: "\"request\": {\"method\": \"GET\", \"url\": \"https://api.bitbucket.org/2.0/user\", \"headers\": [{\"name\": \"Authorization\", \"value\": \"Bearer §\"}]}\n"},
		{Name: "HAR Basic header", Path: "a.har", Kinds: ofCloud(), Host: api, base64: true, before: "joe:", text: "\"request\": {\"method\": \"GET\", \"url\": \"https://api.bitbucket.org/2.0/user\", \"headers\": [{\"name\": \"Authorization\", \"value\": \"Basic §\"}]}\n"},
		{Name: "coloured log", Path: "build.log", Kinds: ofCloud(), text: "\x1b[32m+ export BITBUCKET_USERNAME=joe\x1b[0m\n\x1b[32m+ export BITBUCKET_PASSWORD=§\x1b[0m\n"},
		{Name: "coloured log of a clone", Path: "build.log", Kinds: ofCloud(), Host: "bitbucket.org", text: "\x1b[1mCloning into 'repo'...\x1b[0m\n\x1b[31mfatal: unable to access 'https://joe:§@bitbucket.org/team/repo.git/': 403\x1b[0m\n"},
		{Name: "log of a value in colour", Path: "build.log", Kinds: ofCloud(), text: "bitbucket_password: \x1b[33m§\x1b[0m\n"},
		{Name: "log with times", Path: "build.log", Kinds: ofCloud(), text: "2026-11-23T10:00:00.000Z + BITBUCKET_PASSWORD=§\n2026-11-23T10:00:01.000Z + make\n"},
		{Name: "shell trace", Path: "build.log", Kinds: ofCloud(), Host: api, text: "++ curl -s -u joe:§ https://api.bitbucket.org/2.0/repositories/team/repo\n"},
		{Name: "diff added", Path: "a.diff", Kinds: ofCloud(), text: "@@ -1,2 +1,3 @@\n DEBUG=1\n+BITBUCKET_PASSWORD=§\n"},
		{Name: "diff removed", Path: "a.patch", Kinds: ofCloud(), text: "@@ -1,3 +1,2 @@\n DEBUG=1\n-BITBUCKET_PASSWORD=§\n"},
		{Name: "diff of YAML", Path: "a.diff", Kinds: ofCloud(), text: "@@ -1,2 +1,5 @@\n integrations:\n+  bitbucketCloud:\n+    - username: joe\n+      appPassword: §\n"},
		{Name: "diff of a netrc", Path: "a.diff", Kinds: ofCloud(), Host: "bitbucket.org", text: "+machine bitbucket.org\n+  login joe\n+  password §\n"},
		{Name: "Markdown", Path: "README.md", Kinds: ofCloud(), text: "Set `BITBUCKET_PASSWORD=§` and run.\n"},
		{Name: "Markdown fence", Path: "README.md", Kinds: ofCloud(), Host: "bitbucket.org", text: "```sh\ngit clone https://joe:§@bitbucket.org/team/repo.git\n```\n"},
		{Name: "HTML", Path: "page.html", Kinds: ofCloud(), Host: "bitbucket.org", text: "<pre>git clone https://joe:§@bitbucket.org/team/repo.git</pre>\n"},
		{Name: "JSON log line", Path: "app.log", Kinds: ofCloud(), text: `{"level":"debug","env":{"BITBUCKET_USERNAME":"joe","BITBUCKET_PASSWORD":"§"}}` + "\n"},
		{Name: "environment dump", Path: "env.txt", Kinds: ofCloud(), text: "declare -x BITBUCKET_PASSWORD=\"§\"\ndeclare -x HOME=\"/root\"\n"},
		{Name: "docker inspect", Path: "inspect.json", Kinds: ofCloud(), text: "            \"Env\": [\n                \"BITBUCKET_PASSWORD=§\",\n                \"PATH=/usr/bin\"\n            ],\n"},
	}
}
