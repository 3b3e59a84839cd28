package fault

func files() []Entry {
	return []Entry{
		{
			Code: Unreadable, Title: "A file can't be read",
			Why:    "The file system refuses: the file belongs to another user and is not for all, the disk fails, or a file of a network or a cloud folder is not there at the moment.",
			Remedy: "Run bbkeys as the user whom the checkout belongs to, or as root as the image does by default. A file that a build made and nobody needs belongs into `.gitignore`: what is ignored and not tracked is not scanned.",
			Fixes:  asOwner(),
		}, {
			Code: Unlistable, Title: "A folder can't be listed",
			Why:    "The file system refuses to list the folder, so that nothing below it was looked at, or not all.",
			Remedy: "Run bbkeys as the user whom the checkout belongs to, or as root as the image does by default; keep folders of databases and services out of the checkout, or ignore them.",
			Fixes:  asOwner(),
		}, {
			Code: Changed, Title: "A file changed while it was scanned",
			Why:    "A file became shorter between two looks at it: something else writes in the checkout at the same time. A key in it may be missing from the report, or have no line.",
			Remedy: "Scan before a build starts or after it ended, not beside it.",
			Fixes: []Fix{
				{"github", "yaml", "steps:\n  - uses: actions/checkout@v7\n  - uses: bbkeys/bbkeys@v1   # before what builds\n"},
				{Shell, "sh", "bbkeys && make\n"},
			},
		}, {
			Code: LargeConfig, Title: "A git configuration is too large to read",
			Why:    "`.git/config` is scanned, since tools leave tokens there, after what the CI itself wrote there was blanked out, which takes memory. One of more than 16 MiB is not read.",
			Remedy: "Look into it: git itself never writes one like that.",
			Fixes:  []Fix{{Shell, "sh", "git config --list --show-origin | sort | uniq -c | sort -n | tail\n"}},
		}, {
			Code: TooMany, Title: "There are more findings than a report holds",
			Why:    "A report holds 100,000 findings of each level, and 10,000 of one thing inside an archive. What is over that is counted and not listed; the run fails all the same.",
			Remedy: "Mend what is listed and scan again. Folders of test data with thousands of made-up keys are better generated when the tests run.",
			Fixes:  []Fix{{Shell, "sh", "bbkeys --json - | jq -r '.findings[].path' | sort | uniq -c | sort -n | tail\n"}},
		}, {
			Code: ArchiveLimit, Title: "An archive is over a limit",
			Why: "Unpacking stops where an archive holds more, is nested deeper, or grows more than it may (`archive-depth`, `archive-size`, `archive-entries`, `archive-ratio`), needs too much memory, or has too much in it that can't be looked at. " +
				"The limits keep an archive that was made for it from filling a build machine. What was unpacked until then was looked at.",
			Remedy: "If the archive is to be trusted, raise the limit that the message names ([inputs.md](inputs.md)). Else take it out of the repository: build it, or keep it where builds are kept.",
			Fixes: []Fix{
				{"github", "yaml", "with:\n  archive-size: 8192     # MiB\n  archive-entries: 1000000\n"},
				{"bitbucket", "yaml", "variables:\n  ARCHIVE_SIZE: \"8192\"\n  ARCHIVE_ENTRIES: \"1000000\"\n"},
				{"gitlab", "yaml", "variables:\n  BBKEYS_ARCHIVE_SIZE: \"8192\"\n"},
				{Shell, "sh", "bbkeys --archive-depth 8 --archive-size 8192\n"},
			},
		},
	}
}

func fetching() []Entry {
	const instead = " What the clone has was scanned instead."
	return []Entry{
		{
			Code: FetchDenied, Title: "The server refuses the commits that the clone lacks",
			Why:    "bbkeys asked for the missing commits of the change where the clone came from, and the server wants other credentials, or none were given. Under `pull_request_target` no token is used." + instead,
			Remedy: "Let the job's token read the repository, or clone all commits ([BBK102](#bbk102)).",
			Fixes:  token(),
		}, {
			Code: FetchUnreachable, Title: "The server can't be reached",
			Why:    "There is no way to the server that the clone came from: the container has no network (`--network none`), a proxy is in between, a certificate of your own is not in the image, or the server is busy." + instead,
			Remedy: "Clone all commits, so that nothing has to be fetched, or let the job reach the server: the proxies in `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are used, and besides the usual certificate authorities those in the file that `SSL_CERT_FILE` names are trusted. In a container hand the variables on and mount the file.",
			Fixes:  reaching(),
		}, {
			Code: FetchUnknown, Title: "The server does not have the commit",
			Why:    "The commit that the change begins or ends with is gone: a forced push replaced it and the server removed it, or the branch was deleted while the job waited." + instead,
			Remedy: "Run the job again from the branch as it is now. After a forced push name a base that stays.",
			Fixes: []Fix{
				{"github", "yaml", "with:\n  base: origin/${{ github.event.repository.default_branch }}\n"},
				{Shell, "sh", "bbkeys --base origin/main\n"},
			},
		}, {
			Code: FetchLimit, Title: "The change is more than is fetched",
			Why:    "bbkeys fetches up to 300 MB and 500,000 objects within two minutes, which is far more than a change has. It happens where the commit that the change begins at is not related to it." + instead,
			Remedy: "Clone all commits: git does that better.",
			Fixes:  wholeClone(),
		}, {
			Code: FetchFailed, Title: "Fetching what the clone lacks failed",
			Why:    "The server answered something that bbkeys does not take for an answer: a login page of a proxy, a redirect to another host, a version of the protocol from before 2018, a pack that is damaged." + instead,
			Remedy: "The message says what came. Clone all commits, so that nothing has to be fetched.",
			Fixes:  wholeClone(),
		}, {
			Code: NoTempFolder, Title: "There is no folder for what is fetched",
			Why:    "What is fetched is kept in a folder below `TMPDIR` (`/tmp`) until the scan is done, and it can't be made: a read-only container, a full disk." + instead,
			Remedy: "Give the container a place to write, or clone all commits.",
			Fixes:  []Fix{{Shell, "sh", "docker run --rm --read-only --tmpfs /tmp -v \"$PWD:/src:ro\" -w /src ghcr.io/bbkeys/bbkeys:1\n"}},
		}, {
			Code: LeftBehind, Title: "What was fetched could not be removed",
			Why:    "The folder `bbkeys-…` below `TMPDIR` holds the commits that were fetched, and removing it failed. It is a warning: the scan is complete.",
			Remedy: "Remove the folder. It holds what your repository holds, and no key of the job.",
			Fixes:  []Fix{{Shell, "sh", "rm -rf \"${TMPDIR:-/tmp}\"/bbkeys-*\n"}},
		},
	}
}
