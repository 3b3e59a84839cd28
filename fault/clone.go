package fault

func clone() []Entry {
	return []Entry{
		{
			Code: NoHistory, Title: "The change is in a repository that can't be opened",
			Why: "The CI names a change, and the checkout has no `.git`, or one that leads nowhere: it was unpacked from an archive, or the repository of a worktree or a submodule is outside of what the container sees. " +
				"The files that are there were scanned instead; what the change held in between was not.",
			Remedy: "Clone with git, and mount the whole clone at the path that it was made at.",
			Fixes: []Fix{
				{"github", "yaml", "- run: apt-get update && apt-get install -y git   # in a job with \"container:\", before the checkout\n- uses: actions/checkout@v7\n"},
				{Shell, "sh", "docker run --rm -v \"$PWD:$PWD\" -w \"$PWD\" ghcr.io/bbkeys/bbkeys:1   # from the root of the clone\n"},
			},
		}, {
			Code: ShallowChange, Title: "The clone is too shallow for the change",
			Why: "The clone has the last commits only and ends within the change, or does not have the commit that the change begins at, and it could not be fetched. " +
				"The checkout was scanned instead, or what is there of the change with all its files as new: a key that was added and removed again in the commits that are missing was not seen.",
			Remedy: "Clone all commits. On GitHub, Bitbucket and GitLab it is enough that bbkeys may fetch: it then gets the commits of the change and no more.",
			Fixes:  wholeClone(),
		}, {
			Code: ShallowHistory, Title: "The history was asked for and the clone is shallow",
			Why:    "`mode: history` looks at every file as it ever was, and a shallow clone has no more than its last commits.",
			Remedy: "Clone all commits; bbkeys does not fetch a whole history by itself.",
			Fixes:  wholeClone(),
		}, {
			Code: PartialClone, Title: "The clone left files with the server",
			Why:    "A partial clone (`--filter=blob:none` or `tree:0`) gets files when git first needs them. bbkeys runs no git and asks for nothing that you did not ask for, so these files were not looked at.",
			Remedy: "Clone without a filter, or turn the clone into a whole one.",
			Fixes:  noFilter(),
		}, {
			Code: MissingObject, Title: "The repository lacks something that it names",
			Why: "A commit, folder or file that another one names is not in the repository, which is neither shallow nor partial as far as it says. The repository borrows it from another one that is not here (`git clone --shared` or `--reference`, and mirrors of a build agent), " +
				"a forced push and `git gc` removed it, or the repository is damaged.",
			Remedy: "See what `git fsck` says. A clone that borrows gets objects of its own with `--dissociate`; in a container mount what it borrows from at the same path.",
			Fixes: []Fix{
				{"teamcity", "kotlin", "object Repository : GitVcsRoot({ checkoutPolicy = AgentCheckoutPolicy.NO_MIRRORS })\n"},
				{"buildkite", "yaml", "env:\n  BUILDKITE_GIT_MIRRORS_PATH: \"\"   # or mount that folder into the container\n"},
				{Shell, "sh", "git fsck --connectivity-only; git repack -a -d && rm -f .git/objects/info/alternates\n"},
			},
		}, {
			Code: DamagedObject, Title: "Something in the repository is damaged",
			Why:    "An object or a pack can't be read: it was cut off when a disk was full or a job was killed, a cache was restored in half, or somebody made it to fail. The rest was looked at.",
			Remedy: "See what `git fsck --full` says, and clone anew. On an agent that keeps its workspace, wipe it; a cache of `.git` is to be made anew.",
			Fixes: []Fix{
				{"jenkins", "groovy", "options { skipDefaultCheckout() }\nsteps { deleteDir(); checkout scm }\n"},
				{"gitlab", "yaml", "variables:\n  GIT_STRATEGY: clone\n"},
				{"azure", "yaml", "steps:\n  - checkout: self\n    clean: true\n"},
				{Shell, "sh", "git fsck --full\n"},
			},
		},
	}
}

func repository() []Entry {
	return []Entry{
		{
			Code: BadRef, Title: "A branch, a tag or a list of them can't be read",
			Why:    "What names a commit (a ref, a tag, the reflog) is damaged, or names what is not there. What is reachable from it alone was not looked at.",
			Remedy: "`git for-each-ref` and `git fsck` name it. Delete it, or fetch it again.",
			Fixes:  []Fix{{Shell, "sh", "git fsck --connectivity-only; git for-each-ref\n"}},
		}, {
			Code: BadIndex, Title: "What is staged can't be read",
			Why:    "`mode: staged` reads git's index, and it is damaged or of a form that is not known (a split index whose other half is gone). The checkout was scanned instead.",
			Remedy: "Let git write the index anew; nothing is lost but what was staged.",
			Fixes:  []Fix{{Shell, "sh", "rm .git/index && git reset\n"}},
		}, {
			Code: OutsideMount, Title: "A part of the repository is outside of the checkout",
			Why: "A worktree, a submodule or a clone with alternates keeps a part of its repository elsewhere, and bbkeys does not leave the checkout on a CI: a hostile repository could name any folder of the machine. " +
				"In a container that folder often is not there either.",
			Remedy: "Scan from the folder that holds both, or clone without a worktree and without alternates.",
			Fixes: []Fix{
				{"teamcity", "kotlin", "object Repository : GitVcsRoot({ checkoutPolicy = AgentCheckoutPolicy.NO_MIRRORS })\n"},
				{"buildkite", "yaml", "env:\n  BUILDKITE_GIT_MIRRORS_PATH: \"\"\n"},
				{Shell, "sh", "git clone --no-local SOURCE scan && bbkeys scan scan\n"},
			},
		}, {
			Code: Unsupported, Title: "The repository has a form that bbkeys does not know",
			Why:    "A newer git wrote it with an extension, or a version of a file, that this release can't read. Reading on could overlook commits, so it is not tried.",
			Remedy: "Take a newer release of bbkeys. Until then let git write the plain form: clone anew without the option that made it (`--ref-format`, `feature.experimental`, `index.version`).",
			Fixes:  []Fix{{Shell, "sh", "git config --get-regexp '^(core.repositoryformatversion|extensions\\.)'\n"}},
		}, {
			Code: OtherCommit, Title: "The checkout does not hold the change",
			Why: "The job runs on other commits than the change that started it: `pull_request_target` and `workflow_run` check out the base branch, and a step may have checked out something else. " +
				"Scanning that would be a green tick for commits that nobody looked at.",
			Remedy: "Run bbkeys on `pull_request`, which needs no secrets. Do not check out a stranger's commit in a job that has the rights of the repository.",
			Fixes: []Fix{
				{"github", "yaml", "on:\n  pull_request:   # not pull_request_target\n"},
				{"azure", "yaml", "steps:\n  - checkout: self\n    persistCredentials: false\n"},
				{Shell, "sh", "bbkeys --base origin/main --head HEAD   # of what is checked out\n"},
			},
		}, {
			Code: NoBeginning, Title: "Nothing says where the change begins",
			Why:    "The CI names the end of the change and no beginning that the clone has, such as the default branch of a clone of one branch. The checkout was scanned instead.",
			Remedy: "Fetch the branch that the change goes to, or name the base.",
			Fixes: []Fix{
				{"github", "yaml", "- uses: actions/checkout@v7\n  with:\n    fetch-depth: 0\n"},
				{"bitbucket", "yaml", "clone:\n  depth: full\n"},
				{"gitlab", "yaml", "variables:\n  GIT_DEPTH: \"0\"\n"},
				{"jenkins", "groovy", "sh 'git fetch --no-tags origin \"+refs/heads/main:refs/remotes/origin/main\"'\n"},
				{Shell, "sh", "git fetch origin main && bbkeys --base origin/main\n"},
			},
		}, {
			Code: LargeObject, Title: "Something in the repository is larger than what is read",
			Why:    "A commit, a tag or a list of files has more bytes than bbkeys holds in memory (64 MiB). Files have no such limit. No tool of the trade writes such a thing; somebody may have made it.",
			Remedy: "Find it and see who pushed it.",
			Fixes:  []Fix{{Shell, "sh", "git cat-file --batch-all-objects --batch-check | grep -v blob | sort -k3 -n | tail\n"}},
		},
	}
}
