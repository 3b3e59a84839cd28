package carrier

// addresses returns the carriers that are addresses with the credential in them, and the
// files of git, Mercurial and ftp that hold credentials.
func addresses() []Carrier {
	cloud := func(name, path, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: ofCloud(), Host: "bitbucket.org", text: text}
	}
	server := func(name, path, host, text string) Carrier {
		return Carrier{Name: name, Path: path, Kinds: ofServer(), Host: host, text: text}
	}
	return []Carrier{
		cloud("git clone", "setup.sh", "set -e\ngit clone https://joe:§@bitbucket.org/team/repo.git /src\n"),
		cloud("git remote", ".git/config", "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://joe:§@bitbucket.org/team/repo.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n"),
		cloud("git insteadOf", ".gitconfig", "[url \"https://joe:§@bitbucket.org/\"]\n\tinsteadOf = https://bitbucket.org/\n"),
		cloud("git config insteadOf", "Dockerfile", "RUN git config --global url.\"https://joe:§@bitbucket.org/\".insteadOf \"https://bitbucket.org/\"\n"),
		cloud("git submodule", ".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = https://joe:§@bitbucket.org/team/lib.git\n"),
		cloud("git credential store", ".git-credentials", "https://joe%40corp.io:§@bitbucket.org\n"),
		cloud("git credential fill", "login.sh", "printf 'protocol=https\\nhost=bitbucket.org\\nusername=joe\\npassword=§\\n' | git credential approve\n"),
		cloud("package.json git dependency", "package.json", "{\"dependencies\": {\"lib\": \"git+https://joe:§@bitbucket.org/team/lib.git#v1\"}}\n"),
		cloud("lock file", "yarn.lock", "\"lib@git+https://bitbucket.org/team/lib.git\":\n  resolved \"https://joe:§@bitbucket.org/team/lib.git#0123\"\n"),
		cloud("pip requirement", "requirements.txt", "requests==2.31.0\ngit+https://joe:§@bitbucket.org/team/lib.git@v1#egg=lib\n"),
		cloud("Terraform module", "main.tf", "module \"vpc\" {\n  source = \"git::https://joe:§@bitbucket.org/team/vpc.git?ref=v1\"\n}\n"),
		cloud("Dockerfile pull", "Dockerfile", "FROM alpine:3\nRUN apk add git && git pull https://joe:§@bitbucket.org/team/repo.git\n"),
		cloud("go private module", "Makefile", "deps:\n\tgit config --global url.https://joe:§@bitbucket.org.insteadOf https://bitbucket.org\n\tGOPRIVATE=bitbucket.org/team go mod download\n"),
		cloud("CocoaPods source", "Podfile", "source 'https://joe:§@bitbucket.org/team/specs.git'\n"),
		cloud("address in JSON with escapes", "config.json", `{"origin":"https:\/\/joe:§@bitbucket.org\/team\/repo.git"}`+"\n"),
		cloud("Mercurial path", ".hg/hgrc", "[paths]\ndefault = https://joe:§@bitbucket.org/team/repo\n"),
		cloud("Mercurial auth", ".hgrc", "[auth]\nbb.prefix = https://bitbucket.org\nbb.username = joe\nbb.password = §\n"),
		{Name: "x-token-auth", Path: "bitbucket-pipelines.yml", Kinds: ofAccess(), Host: "bitbucket.org", text: "        - git push https://x-token-auth:§@bitbucket.org/team/repo.git main\n"},
		{Name: "x-token-auth origin", Path: ".git/config", Kinds: ofAccess(), Host: "bitbucket.org", text: "[remote \"origin\"]\n\turl = https://x-token-auth:§@bitbucket.org/team/repo.git\n"},
		{Name: "access_token query", Path: "client.py", Kinds: ofAccess(), Host: "api.bitbucket.org", text: "r = requests.get('https://api.bitbucket.org/2.0/user?access_token=§')\n"},
		{Name: "feed", Path: "saved.html", Kinds: []string{"bitbucket-feed-token"}, Host: "bitbucket.org", text: "<link rel=\"alternate\" href=\"https://bitbucket.org/team/rss/feed?token=§\">\n"},

		server("server clone", "setup.sh", "git.corp.io", "git clone https://joe:§@git.corp.io/scm/prj/repo.git\n"),
		server("server remote", ".git/config", "stash.corp.io", "[remote \"origin\"]\n\turl = https://joe:§@stash.corp.io/scm/~joe/repo.git\n"),
		server("server port", "setup.sh", "scm.corp.io", "git ls-remote http://joe:§@scm.corp.io:7990/scm/prj/repo.git\n"),
		server("server credential store", ".git-credentials", "bitbucket.corp.io", "https://joe:§@bitbucket.corp.io\n"),
		server("server API address", "get.sh", "bitbucket.corp.io", "wget -q https://joe:§@bitbucket.corp.io/rest/api/1.0/projects\n"),

		cloud("netrc line", ".netrc", "machine bitbucket.org login joe password §\n"),
		cloud("netrc lines", "_netrc", "machine github.com\n  login x\nmachine bitbucket.org\n  login joe\n  password §\n"),
		cloud("netrc echo", "Dockerfile", "RUN echo \"machine bitbucket.org login joe password §\" > ~/.netrc\n"),
		{Name: "netrc API", Path: ".netrc", Kinds: ofCloud(), Host: "api.bitbucket.org", text: "machine api.bitbucket.org login joe password §\n"},
		server("netrc of a server", ".netrc", "stash.corp.io", "machine stash.corp.io login joe password §\n"),
		server("netrc of a server with the product's name", ".netrc", "bitbucket.corp.io", "machine bitbucket.corp.io\nlogin joe\npassword §\n"),
	}
}
