package fault

// wholeClone is how each CI clones all commits (documentation of the products, 2026-11).
func wholeClone() []Fix {
	return []Fix{
		{"github", "yaml", "- uses: actions/checkout@v7\n  with:\n    fetch-depth: 0\n"},
		{"bitbucket", "yaml", "clone:\n  depth: full\n"},
		{"gitlab", "yaml", "variables:\n  GIT_DEPTH: \"0\"\n"},
		{"circleci", "yaml", "- checkout:\n    method: full\n"},
		{"travis", "yaml", "git:\n  depth: false\n"},
		{"azure", "yaml", "steps:\n  - checkout: self\n    fetchDepth: 0\n"},
		{"jenkins", "groovy", "checkout scmGit(branches: scm.branches, userRemoteConfigs: scm.userRemoteConfigs,\n" +
			"  extensions: [cloneOption(shallow: false, noTags: false, reference: '', timeout: 30)])\n"},
		{"buildkite", "yaml", "env:\n  BUILDKITE_GIT_CLONE_FLAGS: \"-v\"   # no --depth\n  BUILDKITE_GIT_FETCH_FLAGS: \"-v --prune\"\n"},
		{"teamcity", "kotlin", "object Repository : GitVcsRoot({ checkoutPolicy = AgentCheckoutPolicy.NO_MIRRORS })   // not SHALLOW_CLONE\n"},
		{"drone", "yaml", "clone:   # no \"depth\"\n  disable: false\n"},
		{"woodpecker", "yaml", "clone:\n  - name: git\n    image: woodpeckerci/plugin-git\n    settings:\n      partial: false\n"},
		{Shell, "sh", "git fetch --unshallow\n"},
	}
}

// reaching is how a container gets to a server past a proxy and by a certificate authority
// of one's own, or how a job does without.
func reaching() []Fix {
	all := wholeClone()
	all[len(all)-1] = Fix{Shell, "sh", "docker run --rm -e HTTPS_PROXY -e NO_PROXY -e SSL_CERT_FILE=/ca.pem \\\n" +
		"  -v /etc/ssl/own.pem:/ca.pem:ro -v \"$PWD:/src\" -w /src ghcr.io/bbkeys/bbkeys:1\n"}
	return all
}

// noFilter is how a clone gets all objects of its commits.
func noFilter() []Fix {
	return []Fix{
		{"github", "yaml", "- uses: actions/checkout@v7\n  with:\n    fetch-depth: 0   # and no \"filter\"\n"},
		{"gitlab", "yaml", "variables:\n  GIT_CLONE_EXTRA_FLAGS: \"\"   # no --filter\n"},
		{"circleci", "yaml", "- checkout:\n    method: full   # the default has been blobless since November 2025\n"},
		{"azure", "yaml", "steps:\n  - checkout: self\n    fetchDepth: 0   # and no \"fetchFilter\"\n"},
		{"woodpecker", "yaml", "clone:\n  - name: git\n    image: woodpeckerci/plugin-git\n    settings:\n      partial: false\n"},
		{Shell, "sh", "git config --unset remote.origin.partialclonefilter; git fetch --refetch origin\n"},
	}
}

// token is how a job is let in where its commits are.
func token() []Fix {
	return []Fix{
		{"github", "yaml", "permissions:\n  contents: read\nsteps:\n  - uses: bbkeys/bbkeys@v1\n    with:\n      token: ${{ github.token }}   # the default\n"},
		{"bitbucket", "yaml", "clone:\n  depth: full   # the proxy of the build lets in without a token; a runner of your own may have none\n"},
		{"gitlab", "yaml", "variables:\n  GIT_DEPTH: \"0\"   # where CI_JOB_TOKEN may not read the project\n"},
		{Shell, "sh", "git fetch --unshallow   # before bbkeys, with the credentials that you cloned with\n"},
	}
}

// asOwner is how a container runs as the one whom the files belong to.
func asOwner() []Fix {
	return []Fix{
		{"jenkins", "groovy", "sh 'docker run --rm --user \"$(id -u):$(id -g)\" --volume \"$WORKSPACE:$WORKSPACE\" --workdir \"$WORKSPACE\" ghcr.io/bbkeys/bbkeys:1'\n"},
		{Shell, "sh", "docker run --rm --user \"$(id -u):$(id -g)\" -v \"$PWD:/src\" -w /src ghcr.io/bbkeys/bbkeys:1\n"},
	}
}
