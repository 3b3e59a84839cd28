package fault

func usage() []Entry {
	return []Entry{
		{
			Code: BadFlag, Title: "The command line can't be read",
			Why:    "There is no flag of that name, or the flag takes a value and has none. Nothing is guessed: a misspelt flag that went unnoticed would be a scan that nobody asked for.",
			Remedy: "`bbkeys --help` lists the flags. What begins with a dash and is a path goes behind `--`.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys --help\n"}},
		}, {
			Code: TooManyArguments, Title: "More than one argument",
			Why:    "A command takes one argument: the folder to scan, the id of a rule, the code of an error. A shell that expands `*`, or a path with a space and no quotes, makes many of one.",
			Remedy: "Name one folder, in quotes. To scan several, run bbkeys for each, or scan the folder that holds them.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys scan \"my folder\"\n"}},
		}, {
			Code: BadValue, Title: "An input has a value that it does not take",
			Why:    "The value of a flag or a CI input is none of those that it takes, no number, or a number out of bounds. The value itself is not repeated, since a key that was pasted into the wrong field would stand in the log.",
			Remedy: "The message says what is taken; [inputs.md](inputs.md) lists every input with its values. In a workflow, a quoted number is right, and an empty text counts as not given.",
			Fixes: []Fix{
				{"github", "yaml", "- uses: bbkeys/bbkeys@v1\n  with:\n    fail-on: error\n"},
				{"bitbucket", "yaml", "- pipe: docker://ghcr.io/bbkeys/bbkeys:1\n  variables:\n    FAIL_ON: \"error\"\n"},
				{"gitlab", "yaml", "variables:\n  BBKEYS_FAIL_ON: error\n"},
				{Shell, "sh", "bbkeys --fail-on error\n"},
			},
		}, {
			Code: UnknownInput, Title: "An input that does not exist",
			Why:    "A variable is spelled like an input of bbkeys (`INPUT_…` in a GitHub Action, `BBKEYS_…` everywhere) and there is no such input. Most often it is misspelt, and what it was to set would silently be the default.",
			Remedy: "Correct the name as [inputs.md](inputs.md) has it, or take the variable away. Variables of your own must not begin with `BBKEYS_`.",
			Fixes: []Fix{
				{"github", "yaml", "with:\n  sarif-file: keys.sarif   # not sarif_file\n"},
				{"bitbucket", "yaml", "variables:\n  SARIF_FILE: \"keys.sarif\"\n"},
				{Shell, "sh", "env | grep ^BBKEYS_\n"},
			},
		}, {
			Code: SameFile, Title: "Two reports are to go to the same file",
			Why:    "Each report replaces the file that it is written to, so one of the two would be lost. Standard output (`-`) takes one report too.",
			Remedy: "Give each report a file of its own. In a CI the SARIF report goes to `bbkeys.sarif` unless something else is said.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys --sarif keys.sarif --json keys.json\n"}},
		}, {
			Code: NoCheckout, Title: "What is to be scanned can't be opened",
			Why:    "The folder that was named, or that the CI names (`GITHUB_WORKSPACE`, `BITBUCKET_CLONE_DIR`, `WORKSPACE` and the like), is not there, may not be entered, or is neither a folder nor a file. In a container the path of the host is another one inside.",
			Remedy: "Check out before bbkeys runs, and mount the checkout at the path that the CI names.",
			Fixes: []Fix{
				{"github", "yaml", "steps:\n  - uses: actions/checkout@v7\n  - uses: bbkeys/bbkeys@v1\n"},
				{"jenkins", "groovy", "sh 'docker run --rm --volume \"$WORKSPACE:$WORKSPACE\" --workdir \"$WORKSPACE\" ghcr.io/bbkeys/bbkeys:1'\n"},
				{"circleci", "yaml", "- checkout\n- run: docker run --rm --volume \"$PWD:$PWD\" --workdir \"$PWD\" ghcr.io/bbkeys/bbkeys:1\n"},
				{Shell, "sh", "docker run --rm -v \"$PWD:/src\" -w /src ghcr.io/bbkeys/bbkeys:1\n"},
			},
		}, {
			Code: NoWorkspace, Title: "The container has no checkout",
			Why:    "Nothing was named, and the working directory is the root of the file system: the image was started with nothing mounted into it. An empty container is clean, which says nothing about your repository.",
			Remedy: "Mount the checkout and start there.",
			Fixes:  []Fix{{Shell, "sh", "docker run --rm -v \"$PWD:/src\" -w /src ghcr.io/bbkeys/bbkeys:1\n"}},
		},
	}
}

func revisions() []Entry {
	return []Entry{
		{
			Code: NotRepository, Title: "A git repository is needed and there is none",
			Why: "A range, the history and what is staged are in a repository, and the folder has no `.git`: it was unpacked from an archive, copied by a Dockerfile that leaves `.git` out, or is a folder below the checkout. " +
				"actions/checkout falls back to an archive where the runner has no git 2.18 or later.",
			Remedy: "Scan the root of a clone, or scan the files alone with `--mode checkout`.",
			Fixes: []Fix{
				{"github", "yaml", "- run: apt-get update && apt-get install -y git   # in a job with \"container:\", before the checkout\n- uses: actions/checkout@v7\n"},
				{Shell, "sh", "bbkeys scan --mode checkout .\n"},
			},
		}, {
			Code: NoRange, Title: "A range was asked for and nothing names one",
			Why:    "`mode: range` needs the two ends of the change. This event has none (a schedule, a start by hand), or the CI does not tell ([ranges.md](ranges.md) lists what each one tells).",
			Remedy: "Name the base, or leave the mode to `auto`, which scans the checkout where there is no change.",
			Fixes: []Fix{
				{"github", "yaml", "with:\n  base: ${{ github.event.repository.default_branch }}\n"},
				{"circleci", "yaml", "environment:\n  BBKEYS_BASE: << pipeline.git.base_revision >>\n"},
				{"teamcity", "kotlin", "params { param(\"env.BBKEYS_BASE\", \"origin/%teamcity.pullRequest.target.branch%\") }\n"},
				{Shell, "sh", "bbkeys --base origin/main\n"},
			},
		}, {
			Code: NoBase, Title: "A range has an end and no beginning",
			Why:    "`head` is given and `base` is empty or zeros, as templates leave it on the first push of a branch.",
			Remedy: "Give both ends, or leave out both and let the CI say.",
			Fixes: []Fix{
				{"gitlab", "yaml", "variables:\n  BBKEYS_BASE: origin/$CI_DEFAULT_BRANCH\n"},
				{Shell, "sh", "bbkeys --base origin/main --head HEAD\n"},
			},
		}, {
			Code: UnknownRevision, Title: "The base or the head is no commit",
			Why:    "Nothing in the clone goes by the name that `base` or `head` gives, it names a file or a folder, or it is the beginning of more than one commit's name. A CI's clone often has no local branches, so that `main` is there as `origin/main` only.",
			Remedy: "Give what `git rev-parse --verify NAME^{commit}` knows in the same checkout; for a branch that was not cloned, fetch it first.",
			Fixes: []Fix{
				{"github", "yaml", "with:\n  base: origin/${{ github.base_ref }}\n"},
				{"jenkins", "groovy", "sh 'git fetch --no-tags origin \"+refs/heads/$CHANGE_TARGET:refs/remotes/origin/$CHANGE_TARGET\"'\n"},
				{Shell, "sh", "git fetch origin main && bbkeys --base origin/main\n"},
			},
		}, {
			Code: BadEvent, Title: "The event of the workflow can't be read",
			Why:    "GitHub says what happened in the file that `GITHUB_EVENT_PATH` names, and it is missing, no JSON, or lacks the commits of the event. It happens where a step starts the image by hand and hands on `GITHUB_EVENT_NAME` without the file.",
			Remedy: "Use bbkeys as an action, mount the file, or do not hand on `GITHUB_EVENT_NAME`: then the checkout is scanned.",
			Fixes: []Fix{
				{"github", "yaml", "- uses: bbkeys/bbkeys@v1\n"},
				{Shell, "sh", "docker run --rm -v \"$PWD:$PWD\" -w \"$PWD\" -v \"$GITHUB_EVENT_PATH:$GITHUB_EVENT_PATH:ro\" \\\n  -e GITHUB_ACTIONS -e GITHUB_WORKSPACE -e GITHUB_EVENT_NAME -e GITHUB_EVENT_PATH -e GITHUB_SHA -e GITHUB_REF ghcr.io/bbkeys/bbkeys:1\n"},
			},
		}, {
			Code: UnknownRule, Title: "There is no rule of that id",
			Why:    "`bbkeys rules ID` tells of one kind of key, and no kind has that id.",
			Remedy: "List the ids, or see [rules.md](rules.md).",
			Fixes:  []Fix{{Shell, "sh", "bbkeys rules\n"}},
		}, {
			Code: UnknownCode, Title: "There is no error of that code",
			Why:    "`bbkeys errors CODE` tells of one error, and no error has that code. A release that is older than the one that printed it may not know it yet.",
			Remedy: "List the codes, or see this page for the newest release.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys errors\n"}},
		},
	}
}

func settled() []Entry {
	return []Entry{
		{
			Code: BadSettings, Title: "The settings file is wrong",
			Why: "`.bbkeys.yml`, or the file that `config` names, has a key that there is none of, a value that the key does not take, or is no YAML. Every place is told, as file, line and column; what stands there is not repeated, since it may be a key in the wrong place. " +
				"On a change the file is that of the commit that the change goes to, which the message names: what the change does to the file counts once it is merged.",
			Remedy: "Mend each place; [config.md](config.md) says what the file takes, and [config.schema.json](config.schema.json) lets an editor say it while you write.",
			Fixes: []Fix{
				{Shell, "sh", "bbkeys --mode checkout .          # on your own machine the file on disk is read\nbbkeys --config none .            # without settings\n"},
			},
		}, {
			Code: NoSettings, Title: "A file that a run was told to go by can't be read",
			Why:    "The file that `config` or `baseline` names is not there, is a link or a folder, or is too large. A relative name is relative to the working directory where a flag gives it, and to the checkout where a CI's input does.",
			Remedy: "Name the file as it is called in the repository, or leave the input out: `.bbkeys.yml` at the top of the checkout is found by itself.",
			Fixes: []Fix{
				{"github", "yaml", "- uses: bbkeys/bbkeys@v1\n  with:\n    config: ci/bbkeys.yml\n"},
				{"bitbucket", "yaml", "- pipe: docker://ghcr.io/bbkeys/bbkeys:1\n  variables:\n    CONFIG: \"ci/bbkeys.yml\"\n"},
				{Shell, "sh", "bbkeys --config ci/bbkeys.yml\n"},
			},
		}, {
			Code: Nowhere, Title: "A report is to go where this job has no place for it",
			Why:    "`upload` is for GitHub code scanning, and for jobs of GitHub Actions alone. `insights` needs the proxy of Bitbucket Pipelines, or, for a Data Center, the repository that `insights-url` names.",
			Remedy: "Leave the input out, or name the repository.",
			Fixes: []Fix{
				{"jenkins", "groovy", "environment { BBKEYS_INSIGHTS_URL = 'https://bitbucket.example.com/projects/KEY/repos/NAME' }\n"},
				{Shell, "sh", "bbkeys --sarif keys.sarif   # and hand the file to what takes it\n"},
			},
		}, {
			Code: BadBaseline, Title: "The baseline can't be read",
			Why: "The baseline is no list of accepted keys, has a line that is none, or still has the marks of a merge that git could not end. On a change it is that of the commit that the change goes to. " +
				"Going on without it would fail on keys that somebody accepted, and with a part of it would hide that the rest is lost.",
			Remedy: "After a merge keep the lines of both sides, each begins with a comma, and delete the marks. Else write the file anew, which accepts all that is there now.",
			Fixes:  []Fix{{Shell, "sh", "git checkout --theirs .bbkeys-baseline.json   # or edit it\nrm .bbkeys-baseline.json && bbkeys baseline\n"}},
		}, {
			Code: PartialBaseline, Title: "A baseline was asked for of a part",
			Why:    "A baseline says what was there on a day, so that what is not in it is new. Of a range, or of what is staged, it would leave out the rest.",
			Remedy: "Make it of the checkout, or of the whole history.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys baseline\nbbkeys baseline --mode history\n"}},
		}, {
			Code: Contradiction, Title: "A flag means nothing in the mode that is asked for",
			Why: "`--base` and `--head` name a range, which the modes `checkout`, `history` and `staged` do not look at, and `--unreachable` is for the whole history. " +
				"Going on would look at something else than one of the two flags asks for. The mode may also come from a CI's input or from `.bbkeys.yml`, which a flag beats.",
			Remedy: "Leave out the one or the other. Only flags are held to this: a CI's inputs may name a base for the runs that have use for it.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys --mode range --base origin/main\nbbkeys --mode history --unreachable\n"}},
		},
	}
}

func settingUp() []Entry {
	return []Entry{
		{
			Code: NothingToSetUp, Title: "No CI was found that could be set up",
			Why:    "`bbkeys init` looks for the files of a CI or a hook tool, and at the address that the repository was cloned from. There are none, and the address is of no host that it knows.",
			Remedy: "Name what you use. [examples](../examples) holds all files that it knows.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys init --for bitbucket\n"}},
		},
	}
}
