package fault

func delivery() []Entry {
	return []Entry{
		{
			Code: FileUnwritable, Title: "A report can't be written to its file",
			Why:    "The folder of the file is not there or not to be written to, the name is that of a folder, the disk is full, or the name leads out of the checkout through a link that the repository holds. Nothing of the old file was changed.",
			Remedy: "Make the folder first, or name a file in one that can be written to. A mount with `:ro` takes no reports.",
			Fixes: []Fix{
				{"github", "yaml", "- run: mkdir -p reports\n- uses: bbkeys/bbkeys@v1\n  with:\n    sarif-file: reports/bbkeys.sarif\n"},
				{"bitbucket", "yaml", "script:\n  - mkdir -p reports\n  - pipe: docker://ghcr.io/bbkeys/bbkeys:1\n    variables:\n      SARIF_FILE: \"reports/bbkeys.sarif\"\n"},
				{"jenkins", "groovy", "sh 'mkdir -p reports && docker run --rm --user \"$(id -u):$(id -g)\" --volume \"$WORKSPACE:$WORKSPACE\" --workdir \"$WORKSPACE\" \\\n  --env BBKEYS_SARIF_FILE=reports/bbkeys.sarif ghcr.io/bbkeys/bbkeys:1'\n"},
				{Shell, "sh", "mkdir -p reports && bbkeys --sarif reports/bbkeys.sarif\n"},
			},
		}, {
			Code: OutputUnwritable, Title: "Standard output can't be written to",
			Why:    "Who reads the output went away (`| head`), the disk behind a redirection is full, or the CI closed the log.",
			Remedy: "Write the report to a file and cut that.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys --json keys.json; head keys.json\n"}},
		}, {
			Code: OutputsUnwritable, Title: "The outputs of the step can't be set",
			Why:    "GitHub takes outputs from the file that `GITHUB_OUTPUT` names, and it can't be written, or the name of the SARIF file has more than one line. A later step would see no output, which is not `found: false`.",
			Remedy: "Use bbkeys as an action. A step that starts the image by hand must mount the file, or not hand on `GITHUB_OUTPUT`.",
			Fixes: []Fix{
				{"github", "yaml", "- uses: bbkeys/bbkeys@v1\n  id: bbkeys\n- if: steps.bbkeys.outputs.found == 'true'\n  run: echo keys\n"},
				{Shell, "sh", "docker run --rm -v \"$PWD:$PWD\" -w \"$PWD\" -v \"$GITHUB_OUTPUT:$GITHUB_OUTPUT\" -e GITHUB_ACTIONS -e GITHUB_OUTPUT ghcr.io/bbkeys/bbkeys:1\n"},
			},
		}, {
			Code: SummaryUnwritable, Title: "The summary of the step can't be written",
			Why:    "GitHub takes the summary from the file that `GITHUB_STEP_SUMMARY` names, 1 MiB for a step, and it can't be written or is full already. The report is in the log, the annotations and the files all the same.",
			Remedy: "Use bbkeys as a step of its own, as an action.",
			Fixes:  []Fix{{"github", "yaml", "- uses: bbkeys/bbkeys@v1\n"}},
		}, {
			Code: ReportRefused, Title: "A report would have told a key",
			Why:    "Before a report leaves the process it is searched for the very keys that it tells of, and one was in it in full. The report was not written. That is a fault of bbkeys, or a file name that somebody made to look like one.",
			Remedy: "Revoke the key that the message names in short, since it stands in the repository. Then report the fault as [SECURITY.md](../SECURITY.md) says, without the key. The other reports hold the finding.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys --json - | jq '.findings[] | {rule, redacted, path}'\n"}},
		}, {
			Code: InsightsFailed, Title: "The report can't be put on the commit in Bitbucket",
			Why: "Code Insights did not take the report: the proxy of the pipeline or the server does not answer, the token may not write it, or the commit is not in the repository, as a merge that a build made for itself is not. " +
				"The scan itself is done, and its other reports are there.",
			Remedy: "Go by the words of the server in the message. A Data Center wants an HTTP access token that may read the repository, and the tip of the branch as the commit. Where no report is wanted, say so.",
			Fixes: []Fix{
				{"bitbucket", "yaml", "- pipe: docker://ghcr.io/bbkeys/bbkeys:1\n  variables:\n    INSIGHTS: \"false\"\n"},
				{"jenkins", "groovy", "withCredentials([string(credentialsId: 'bitbucket-token', variable: 'BBKEYS_TOKEN')]) {\n" +
					"  sh 'BBKEYS_INSIGHTS_URL=\"$GIT_URL\" BBKEYS_INSIGHTS_COMMIT=\"$(git rev-parse -q --verify HEAD^2 || git rev-parse HEAD)\" bbkeys'\n}\n"},
				{Shell, "sh", "BBKEYS_TOKEN=… bbkeys --insights-url https://bitbucket.example.com/projects/KEY/repos/NAME --insights-commit \"$(git rev-parse HEAD)\"\n"},
			},
		}, {
			Code: UploadFailed, Title: "The report can't be uploaded to GitHub code scanning",
			Why: "GitHub did not take the SARIF report: the token of the job may not write security events, code scanning is not on in the repository (in a private one it is a part of GitHub Code Security), or GitHub could not read the report. " +
				"A workflow that Dependabot starts has a token that may only read unless its permissions say otherwise. The scan itself is done, and its other reports are there.",
			Remedy: "Give the job the permission, and hand the token on. Without code scanning leave `upload` out: the annotations, the summary and the failed check remain.",
			Fixes: []Fix{
				{"github", "yaml", "permissions:\n  contents: read\n  security-events: write\nsteps:\n  - uses: actions/checkout@v7\n  - uses: bbkeys/bbkeys@v1\n    with:\n      upload: true\n"},
			},
		},
	}
}

func run() []Entry {
	return []Entry{
		{
			Code: Interrupted, Title: "The scan was told to stop",
			Why:    "A signal ended the run (Ctrl-C, a job that was cancelled, a time limit of the CI) before all was looked at. What was found until then is in the report. `on-gap: warn` does not make this pass.",
			Remedy: "Give the job more time, or scan the change and not the whole history.",
			Fixes: []Fix{
				{"github", "yaml", "timeout-minutes: 30\n"},
				{"bitbucket", "yaml", "max-time: 30\n"},
				{"gitlab", "yaml", "timeout: 30 minutes\n"},
				{"azure", "yaml", "timeoutInMinutes: 30\n"},
				{"circleci", "yaml", "- run:\n    no_output_timeout: 30m\n    command: bbkeys\n"},
				{"jenkins", "groovy", "options { timeout(time: 30, unit: 'MINUTES') }\n"},
				{Shell, "sh", "bbkeys --base origin/main\n"},
			},
		}, {
			Code: Crashed, Title: "Looking at a file crashed",
			Why:    "The program met a state that it was not written for while it looked at one file. The file counts as not looked at, the rest of the run is as it should be.",
			Remedy: "It is a fault of bbkeys: please report it with the file, if it may be shown, and with the version.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys version\n"}},
		}, {
			Code: Unnamed, Title: "An error that has no code of its own",
			Why:    "Something went wrong that nobody expected to reach you.",
			Remedy: "Go by the words of the message. Please report it, so that it gets a code and a remedy.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys version\n"}},
		},
	}
}
