package setup

// A Kind is a CI or a tool for git hooks, and how bbkeys becomes part of what it runs.
type Kind struct {
	Name  string // as --for takes it, and for a CI as its ci.Provider has it
	Title string // as people call it

	signs   []string // what is in a repository that uses it
	hosts   []string // what is in the address of a repository that could use it
	files   []string // what it reads; the first is written where none is there
	example string   // what is written, a path of examples
	mode    uint32   // of the file
	steps   []step   // what goes into a file that is there; all of it where there are none
	after   string   // what is left to do, one sentence; may be empty
}

// A step is a part of an example that goes into a file of the user's.
type step struct {
	where string // in the file
	begin string // of the part's first line, without what precedes it
}

// Kinds returns every kind, in the order in which they are looked for.
func Kinds() []Kind {
	return append(cis(), hooks()...)
}

// Names returns the names of the kinds.
func Names() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

func cis() []Kind {
	return []Kind{
		{Name: "github", Title: "GitHub Actions", signs: []string{".github"}, hosts: []string{"github."},
			files: []string{".github/workflows/bbkeys.yml", ".github/workflows/bbkeys.yaml"}, example: "workflows/github.yml",
			after: "Make the job \"bbkeys\" a required check."},
		{Name: "bitbucket", Title: "Bitbucket Pipelines", signs: []string{"bitbucket-pipelines.yml"}, hosts: []string{"bitbucket."},
			files: []string{"bitbucket-pipelines.yml"}, example: "workflows/bitbucket-pipelines.yml",
			steps: []step{
				{"at the top level", "clone:"},
				{"under definitions: steps:", "- step: &bbkeys"},
				{"under pipelines: pull-requests: and pipelines: branches:", `"**":`},
			},
			after: "Switch Pipelines on under Repository settings, and require a successful build under Merge checks."},
		{Name: "gitlab", Title: "GitLab CI", signs: []string{".gitlab-ci.yml"}, hosts: []string{"gitlab."},
			files: []string{".gitlab-ci.yml"}, example: "workflows/gitlab-ci.yml",
			steps: []step{{"at the top level", "bbkeys:"}},
			after: "KEYS_SHA256 must be that of the release's SHA256SUMS."},
		{Name: "jenkins", Title: "Jenkins", signs: []string{"Jenkinsfile"},
			files: []string{"Jenkinsfile"}, example: "workflows/Jenkinsfile",
			steps: []step{
				{"in the block \"pipeline\"", "environment {"},
				{"in the block \"stages\"", "stage('Fetch the target branch') {"},
				{"after that", "stage('All files') {"},
				{"after that", "stage('Look for keys') {"},
				{"in the block \"pipeline\", at its end", "post {"},
			}},
		{Name: "circleci", Title: "CircleCI", signs: []string{".circleci"},
			files: []string{".circleci/config.yml", ".circleci/config.yaml"}, example: "workflows/circleci.yml",
			steps: []step{{"under jobs:", "bbkeys:"}, {"under workflows: NAME: jobs:", "- bbkeys:"}}},
		{Name: "azure", Title: "Azure Pipelines", signs: []string{"azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml"}, hosts: []string{"dev.azure.com", "visualstudio.com"},
			files: []string{"azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml"}, example: "workflows/azure-pipelines.yml",
			steps: []step{{"under jobs:", "- job: bbkeys"}}},
		{Name: "travis", Title: "Travis CI", signs: []string{".travis.yml"},
			files: []string{".travis.yml"}, example: "workflows/travis.yml",
			steps: []step{{"at the top level", "git:"}, {"under jobs: include:", "- name: Leaked Bitbucket keys"}}},
		{Name: "buildkite", Title: "Buildkite", signs: []string{".buildkite"},
			files: []string{".buildkite/pipeline.yml", ".buildkite/pipeline.yaml", "buildkite.yml"}, example: "workflows/buildkite.yml",
			steps: []step{{"under steps:", "- label:"}}},
		{Name: "teamcity", Title: "TeamCity", signs: []string{".teamcity"},
			files: []string{".teamcity/settings.kts"}, example: "workflows/teamcity.kts",
			steps: []step{{"at the top level, with buildType(Bbkeys) in the block \"project\"", "object Bbkeys"}}},
		{Name: "drone", Title: "Drone", signs: []string{".drone.yml"},
			files: []string{".drone.yml"}, example: "workflows/drone.yml",
			steps: []step{{"at the end, after a line \"---\"", ""}}},
		{Name: "woodpecker", Title: "Woodpecker", signs: []string{".woodpecker", ".woodpecker.yml", ".woodpecker.yaml"},
			files: []string{".woodpecker/bbkeys.yaml", ".woodpecker/bbkeys.yml", ".woodpecker.yml", ".woodpecker.yaml"}, example: "workflows/woodpecker.yml",
			steps: []step{{"under steps:", "- name: bbkeys"}}},
	}
}

func hooks() []Kind {
	return []Kind{
		{Name: "pre-commit", Title: "pre-commit", signs: []string{".pre-commit-config.yaml"},
			files: []string{".pre-commit-config.yaml"}, example: "hooks/pre-commit-config.yaml",
			steps: []step{{"under repos:", "- repo: https://github.com/bbkeys/bbkeys"}},
			after: "Run: pre-commit install"},
		{Name: "husky", Title: "husky", signs: []string{".husky"},
			files: []string{".husky/pre-commit"}, example: "hooks/pre-commit", mode: 0o755,
			steps: []step{{"at the end", ""}}},
		{Name: "lefthook", Title: "lefthook", signs: []string{"lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"},
			files: []string{"lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"}, example: "hooks/lefthook.yml",
			steps: []step{{"under pre-commit: commands:", "bbkeys:"}},
			after: "Run: lefthook install"},
		// Everybody's own: a clone has no hooks, so that nothing tells of it.
		{Name: "hook", Title: "a git hook",
			files: []string{".git/hooks/pre-commit"}, example: "hooks/pre-commit", mode: 0o755,
			steps: []step{{"at the end", ""}}},
	}
}
