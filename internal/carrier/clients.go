package carrier

// clients returns the carriers that are programs of client libraries, and scripts that keep
// a credential in a variable of their own.
func clients() []Carrier {
	cloud := func(name, path, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: ofCloud(), text: text}
	}
	at := func(c Carrier, host string) Carrier {
		c.Host = host
		return c
	}
	server := func(name, path, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: ofServer(), Host: "git.corp.io", text: text}
	}
	consumer, api := ofClient()[:1], "api.bitbucket.org"
	return []Carrier{
		at(cloud("shell variable in an address", "deploy.sh", "GIT_USER=joe\nGIT_PASS='§'\ngit clone https://${GIT_USER}:${GIT_PASS}@bitbucket.org/team/app.git\n"), "bitbucket.org"),
		at(cloud("shell variable of curl", "get.sh", "U=joe\nP=§\ncurl -s -u \"$U:$P\" https://api.bitbucket.org/2.0/user\n"), api),
		at(cloud("Make variable", "Makefile", "PW := §\nclone:\n\tgit clone https://joe:$(PW)@bitbucket.org/team/app.git\n"), "bitbucket.org"),
		at(cloud("batch variable", "clone.cmd", "set GITPW=§\r\ngit clone https://joe:%GITPW%@bitbucket.org/team/app.git\r\n"), "bitbucket.org"),
		at(cloud("Jenkinsfile variable", "Jenkinsfile", "environment {\n  GIT_PW = '§'\n}\nsteps { sh \"git clone https://joe:${GIT_PW}@bitbucket.org/team/app.git\" }\n"), "bitbucket.org"),
		at(cloud("GitLab CI variable in an address", ".gitlab-ci.yml", "variables:\n  PW: \"§\"\nscript:\n  - git clone https://joe:${PW}@bitbucket.org/team/app.git\n"), "bitbucket.org"),
		at(cloud("Python variable in a string", "clone.py", "pw = \"§\"\nurl = f\"https://joe:{pw}@bitbucket.org/team/app.git\"\n"), "bitbucket.org"),
		at(cloud("JavaScript variable in a string", "clone.js", "const secret = '§';\nconst url = `https://joe:${secret}@bitbucket.org/team/app.git`;\n"), "bitbucket.org"),
		at(cloud("Python variables of a call", "get.py", "USERNAME = \"joe\"\nPASSWORD = \"§\"\nr = requests.get(\"https://api.bitbucket.org/2.0/user\", auth=(USERNAME, PASSWORD))\n"), api),
		at(cloud("btoa", "get.js", "fetch(\"https://api.bitbucket.org/2.0/user\", { headers: { Authorization: \"Basic \" + btoa(\"joe:§\") } })\n"), api),
		at(cloud("Buffer.from", "get.js", "const auth = Buffer.from('joe:§').toString('base64');\nfetch('https://api.bitbucket.org/2.0/user', { headers: { Authorization: `Basic ${auth}` } });\n"), api),
		at(cloud("PHP curl option", "get.php", "curl_setopt($ch, CURLOPT_URL, 'https://api.bitbucket.org/2.0/user');\ncurl_setopt($ch, CURLOPT_USERPWD, 'joe:§');\n"), api),
		at(cloud("Guzzle", "get.php", "$client = new GuzzleHttp\\Client(['base_uri' => 'https://api.bitbucket.org/', 'auth' => ['joe', '§']]);\n"), api),
		at(cloud("JGit", "Clone.java", "Git.cloneRepository().setURI(\"https://bitbucket.org/team/app.git\").setCredentialsProvider(new UsernamePasswordCredentialsProvider(\"joe\", \"§\")).call();\n"), "bitbucket.org"),
		at(cloud("PowerShell credential", "get.ps1", "$cred = New-Object System.Management.Automation.PSCredential(\"joe\", (ConvertTo-SecureString \"§\" -AsPlainText -Force))\nInvoke-RestMethod -Uri \"https://api.bitbucket.org/2.0/user\" -Credential $cred\n"), api),
		cloud("SharpBucket", "Program.cs", "var bitbucket = new SharpBucketV2();\nbitbucket.BasicAuthentication(\"joe\", \"§\");\n"),
		cloud("go-bitbucket", "main.go", "c, err := bitbucket.NewBasicAuth(\"joe\", \"§\")\n"),
		cloud("bitbucket for Node.js", "index.js", "const options = { auth: { username: 'joe', password: '§' } };\nconst bitbucket = new Bitbucket(options);\n"),
		cloud("bitbucket for Node.js, authenticate", "index.js", "bitbucket.authenticate({ type: 'basic', username: 'joe', password: '§' })\n"),
		cloud("bitbucket for Ruby", "get.rb", "client = BitBucket.new login: 'joe', password: '§'\n"),
		cloud("bitbucket for PHP", "get.php", "$user->setCredentials(new Bitbucket\\API\\Authentication\\Basic('joe', '§'));\n"),
		{Name: "go-bitbucket OAuth", Path: "main.go", Kinds: consumer, text: "c, err := bitbucket.NewOAuthClientCredentials(\"kEy2bcDef3hjKm4PqR\", \"§\")\n"},
		{Name: "go-bitbucket token", Path: "main.go", Kinds: ofAccess(), text: "c, err := bitbucket.NewOAuthbearerToken(\"§\")\n"},
		{Name: "OAuth token request", Path: "token.http", Kinds: consumer, Host: "bitbucket.org", text: "POST https://bitbucket.org/site/oauth2/access_token\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=client_credentials&client_id=kEy2bcDef3hjKm4PqR&client_secret=§\n"},
		{Name: "OAuth token request of curl", Path: "token.sh", Kinds: consumer, Host: "bitbucket.org", text: "curl https://bitbucket.org/site/oauth2/access_token -d grant_type=client_credentials -d client_id=kEy2bcDef3hjKm4PqR -d client_secret=§\n"},
		{Name: "OAuth token refresh", Path: "token.py", Kinds: []string{"bitbucket-oauth-refresh-token"}, Host: "bitbucket.org", text: "requests.post(\"https://bitbucket.org/site/oauth2/access_token\", data={\"grant_type\": \"refresh_token\", \"refresh_token\": \"§\"})\n"},
		server("atlassian-python-api by variables", "get.py", "PASS = \"§\"\nbb = Bitbucket(url=\"https://git.corp.io\", username=\"joe\", password=PASS)\n"),
		server("atlassian-python-api without the name", "get.py", "bitbucket = Bitbucket(\n    url='https://git.corp.io',\n    username='joe',\n    password='§')\n"),
		server("stashy without the name", "get.py", "client = stashy.connect(\"https://git.corp.io\", \"joe\", \"§\")\n"),
		server("Bitbucket.Net", "Program.cs", "var client = new BitbucketClient(\"https://git.corp.io\", \"joe\", \"§\");\n"),
		{Name: "go-bitbucket-v1", Path: "main.go", Kinds: ofServer(), text: "basicAuth := bitbucketv1.BasicAuth{UserName: \"joe\", Password: \"§\"}\n"},
		at(server("reqwest", "main.rs", "client.get(\"https://bitbucket.corp.io/rest/api/1.0/projects\").basic_auth(\"joe\", Some(\"§\"))\n"), "bitbucket.corp.io"),
		at(server("composer http-basic of a server", "auth.json", "{\"http-basic\": {\"bitbucket.corp.io\": {\"username\": \"joe\", \"password\": \"§\"}}}\n"), "bitbucket.corp.io"),
		at(server("YAML with what signs in below", "sources.yaml", "git:\n  url: https://bitbucket.corp.io/scm/p/r.git\n  auth:\n    username: joe\n    password: §\n"), "bitbucket.corp.io"),
		at(server("Ansible uri", "play.yml", "- uri:\n    url: https://bitbucket.corp.io/rest/api/1.0/projects\n    url_username: joe\n    url_password: §\n"), "bitbucket.corp.io"),
	}
}
