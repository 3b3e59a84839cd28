package carrier

// requests returns the carriers that are requests: commands, headers and programs.
func requests() []Carrier {
	api := func(kinds []string, name, path, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: kinds, Host: "api.bitbucket.org", text: text}
	}
	server := func(kinds []string, name, path, host, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: kinds, Host: host, text: text}
	}
	basic := func(kinds []string, name, path, host, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: kinds, Host: host, text: text, base64: true, before: "joe:"}
	}
	return []Carrier{
		api(ofCloud(), "curl -u", "get.sh", "curl -s -u joe:§ https://api.bitbucket.org/2.0/repositories/team\n"),
		api(ofCloud(), "curl -u glued", "get.sh", "curl -ujoe:§ https://api.bitbucket.org/2.0/repositories/team\n"),
		api(ofCloud(), "curl --user over lines", "get.sh", "curl --request POST \\\n  --user 'joe:§' \\\n  --url 'https://api.bitbucket.org/2.0/repositories/team/repo/pipelines/' \\\n  --header 'Content-Type: application/json'\n"),
		api(ofCloud(), "curl -u behind", "get.sh", "curl https://api.bitbucket.org/2.0/user --user \"joe:§\"\n"),
		api(ofCloud(), "curl in a Jenkinsfile", "Jenkinsfile", "    sh \"curl -u joe:§ https://api.bitbucket.org/2.0/repositories/team/repo\"\n"),
		api(ofAccess(), "curl Bearer", "get.sh", "curl -H 'Authorization: Bearer §' https://api.bitbucket.org/2.0/user\n"),
		api(ofAccess(), "curl Bearer over lines", "get.sh", "curl -X GET \\\n  https://api.bitbucket.org/2.0/user \\\n  -H \"Authorization: Bearer §\"\n"),
		{Name: "curl OAuth client", Path: "token.sh", Kinds: ofClient()[:1], Host: "bitbucket.org", text: "curl -X POST -u \"kEy2bcDef3hjKm4PqR:§\" https://bitbucket.org/site/oauth2/access_token -d grant_type=client_credentials\n"},
		{Name: "Passport strategy", Path: "auth.js", Kinds: ofClient()[:1], text: "this.strategy = new BitbucketStrategy.Strategy({\n    clientID: \"kEy2bcDef3hjKm4PqR\",\n    clientSecret: \"§\",\n    callbackURL: \"http://127.0.0.1:9090/\" + where\n}, this.verify.bind(this));\n"},
		{Name: "Passport strategy in a call", Path: "auth.js", Kinds: ofClient()[:1], text: "passport.use(new BitbucketStrategy({ clientID: 'kEy2bcDef3hjKm4PqR', clientSecret: '§', callbackURL: '/back' }, done));\n"},
		api(ofCloud(), "wget --user", "get.sh", "wget --user=joe --password=§ https://api.bitbucket.org/2.0/repositories/team/repo/downloads/a.zip\n"),
		api(ofCloud(), "wget --http-user", "get.sh", "wget --auth-no-challenge --http-user='joe' --http-password='§' -O a.zip \\\n  https://api.bitbucket.org/2.0/repositories/team/repo/downloads/a.zip\n"),
		api(ofCloud(), "HTTPie", "get.sh", "http -a joe:§ https://api.bitbucket.org/2.0/user\n"),
		api(ofCloud(), "requests auth", "get.py", "import requests\nr = requests.get(\"https://api.bitbucket.org/2.0/user\", auth=(\"joe\", \"§\"))\n"),
		api(ofCloud(), "requests HTTPBasicAuth", "get.py", "url = 'https://api.bitbucket.org/2.0/user'\nr = requests.get(url, auth=HTTPBasicAuth('joe', '§'))\n"),
		api(ofAccess(), "requests Bearer", "get.py", "headers = {\"Authorization\": \"Bearer §\"}\nr = requests.get(\"https://api.bitbucket.org/2.0/user\", headers=headers)\n"),
		api(ofCloud(), "axios auth", "get.js", "axios.get('https://api.bitbucket.org/2.0/user', { auth: { username: 'joe', password: '§' } })\n"),
		api(ofCloud(), "Go SetBasicAuth", "get.go", "req, err := http.NewRequest(\"GET\", \"https://api.bitbucket.org/2.0/user\", nil)\nreq.SetBasicAuth(\"joe\", \"§\")\n"),
		api(ofAccess(), "fetch Bearer", "get.js", "fetch('https://api.bitbucket.org/2.0/user', {\n  headers: { Authorization: 'Bearer §' },\n});\n"),
		api(ofAccess(), "HTTP file", "api.http", "GET https://api.bitbucket.org/2.0/user\nAuthorization: Bearer §\nAccept: application/json\n"),
		api(ofCloud(), "HTTP file Basic", "api.http", "GET https://api.bitbucket.org/2.0/user\nAuthorization: Basic joe:§\n"),
		api(ofAccess(), "raw request", "request.txt", "GET /2.0/user HTTP/1.1\r\nHost: api.bitbucket.org\r\nAuthorization: Bearer §\r\n\r\n"),
		server(ofServer()[1:], "curl Bearer to a server", "get.sh", "bitbucket.corp.io", "curl -H \"Authorization: Bearer §\" https://bitbucket.corp.io/rest/api/latest/projects\n"),
		server(ofServer(), "curl -u to a server", "get.sh", "bitbucket.corp.io", "curl -k -u joe:§ https://bitbucket.corp.io/rest/api/1.0/projects/PRJ/repos\n"),
		server(ofServer(), "curl -u to stash", "get.sh", "stash.corp.io", "curl -u joe:§ https://stash.corp.io/rest/api/1.0/projects/PRJ/repos\n"),
		server(ofServer(), "curl -u to a server without the name", "get.sh", "git.corp.io", "curl -u joe:§ https://git.corp.io/rest/api/1.0/projects/PRJ/repos\n"),
		server(ofServer()[1:], "curl Bearer to a server without the name", "get.sh", "git.corp.io", "curl -H 'Authorization: Bearer §' https://git.corp.io/rest/api/1.0/projects/PRJ/repos\n"),
		server(ofServer(), "stashy", "get.py", "stash.corp.io", "stash = stashy.connect(\"https://stash.corp.io\", \"joe\", \"§\")\n"),
		server(ofServer(), "atlassian-python-api", "get.py", "bitbucket.corp.io", "bitbucket = Bitbucket(\n    url='https://bitbucket.corp.io',\n    username='joe',\n    password='§')\n"),

		basic(ofCloud(), "Basic header", "get.sh", "api.bitbucket.org", "curl -H 'Authorization: Basic §' https://api.bitbucket.org/2.0/user\n"),
		basic(ofCloud(), "Basic header in code", "Api.java", "api.bitbucket.org", "conn = new URL(\"https://api.bitbucket.org/2.0/user\").openConnection();\nconn.setRequestProperty(\"Authorization\", \"Basic §\");\n"),
		basic(ofCloud(), "git extraHeader", ".git/config", "bitbucket.org", "[http \"https://bitbucket.org/\"]\n\textraheader = AUTHORIZATION: basic §\n"),
		basic(ofCloud(), "git -c extraHeader", "build.sh", "bitbucket.org", "git -c http.extraHeader=\"Authorization: Basic §\" clone https://bitbucket.org/team/repo.git\n"),
		basic(ofCloud(), "GIT_CONFIG_VALUE", "env.sh", "bitbucket.org", "export GIT_CONFIG_COUNT=1\nexport GIT_CONFIG_KEY_0=http.https://bitbucket.org/.extraheader\nexport GIT_CONFIG_VALUE_0=\"AUTHORIZATION: basic §\"\n"),
		basic(ofServer(), "Basic header to a server", "get.sh", "bitbucket.corp.io", "curl -H \"Authorization: Basic §\" https://bitbucket.corp.io/rest/api/1.0/users\n"),
		{
			Name: "git extraHeader Bearer", Path: "build.sh", Kinds: ofServer()[1:], Host: "bitbucket.corp.io",
			text: "git -c http.extraHeader='Authorization: Bearer §' clone https://bitbucket.corp.io/scm/prj/repo.git\n",
		},
		api(ofCloud(), "PowerShell pair", "get.ps1", "$pair = \"joe:§\"\n$auth = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes($pair))\nInvoke-RestMethod -Uri https://api.bitbucket.org/2.0/user -Headers @{Authorization = \"Basic $auth\"}\n"),
		api(ofAccess(), "PowerShell Bearer", "get.ps1", "Invoke-RestMethod -Uri 'https://api.bitbucket.org/2.0/user' -Headers @{ Authorization = 'Bearer §' }\n"),
		{Name: "PowerShell variable", Path: "env.ps1", Kinds: ofCloud(), text: "$Env:BITBUCKET_USERNAME = 'joe'\n$Env:BITBUCKET_APP_PASSWORD = '§'\n"},
		{Name: "PowerShell SecureString", Path: "login.ps1", Kinds: ofCloud(), text: "$bitbucketPassword = ConvertTo-SecureString '§' -AsPlainText -Force\n"},
	}
}
