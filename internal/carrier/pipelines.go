package carrier

// pipelines returns the files that tell CIs what to do.
func pipelines() []Carrier {
	return []Carrier{
		{Name: "GitHub Actions env", Path: ".github/workflows/ci.yml", Kinds: ofCloud(), text: "jobs:\n  build:\n    runs-on: ubuntu-latest\n    env:\n      BITBUCKET_USERNAME: joe\n      BITBUCKET_APP_PASSWORD: §\n"},
		{Name: "GitHub Actions run", Path: ".github/workflows/ci.yml", Kinds: ofCloud(), Host: "bitbucket.org", text: "      - run: git push https://joe:§@bitbucket.org/team/mirror.git --all\n"},
		{Name: "GitHub Actions with", Path: ".github/workflows/ci.yml", Kinds: ofToken(), text: "      - uses: team/mirror@v1\n        with:\n          bitbucket-token: §\n"},
		{Name: "GitLab CI variables", Path: ".gitlab-ci.yml", Kinds: ofCloud(), text: "variables:\n  BITBUCKET_USER: joe\n  BITBUCKET_PASSWORD: \"§\"\n"},
		{Name: "Bitbucket Pipelines export", Path: "bitbucket-pipelines.yml", Kinds: ofCloud(), text: "pipelines:\n  default:\n    - step:\n        script:\n          - export BITBUCKET_USERNAME=joe\n          - export BITBUCKET_APP_PASSWORD=§\n"},
		{Name: "Bitbucket Pipelines pipe", Path: "bitbucket-pipelines.yml", Kinds: ofCloud(), text: "        - pipe: atlassian/bitbucket-upload-file:0.7.4\n          variables:\n            BITBUCKET_USERNAME: joe\n            BITBUCKET_APP_PASSWORD: '§'\n            FILENAME: app.zip\n"},
		{Name: "CircleCI environment", Path: ".circleci/config.yml", Kinds: ofCloud(), text: "jobs:\n  build:\n    environment:\n      BITBUCKET_USER: joe\n      BITBUCKET_PASSWORD: §\n"},
		{Name: "Travis env", Path: ".travis.yml", Kinds: ofCloud(), text: "env:\n  global:\n    - BITBUCKET_USER=joe BITBUCKET_PASSWORD=§\n"},
		{Name: "Azure Pipelines variables", Path: "azure-pipelines.yml", Kinds: ofCloud(), text: "variables:\n- name: BITBUCKET_PASSWORD\n  value: §\n"},
		{Name: "Jenkinsfile environment", Path: "Jenkinsfile", Kinds: ofCloud(), text: "pipeline {\n  agent any\n  environment {\n    BITBUCKET_USER = 'joe'\n    BITBUCKET_PASSWORD = '§'\n  }\n}\n"},
		{Name: "Jenkinsfile withEnv", Path: "Jenkinsfile", Kinds: ofCloud(), text: "withEnv(['BITBUCKET_USER=joe', 'BITBUCKET_PASSWORD=§']) {\n  sh 'make'\n}\n"},
		{Name: "Buildkite env", Path: ".buildkite/pipeline.yml", Kinds: ofCloud(), text: "steps:\n  - command: make\n    env:\n      BITBUCKET_PASSWORD: \"§\"\n"},
		{Name: "Drone pipeline", Path: ".drone.yml", Kinds: ofCloud(), text: "steps:\n- name: push\n  environment:\n    BITBUCKET_PASSWORD: §\n"},
		{Name: "Woodpecker pipeline", Path: ".woodpecker.yml", Kinds: ofCloud(), text: "steps:\n  push:\n    environment:\n      - BITBUCKET_PASSWORD=§\n"},
		{Name: "TeamCity parameter", Path: ".teamcity/settings.kts", Kinds: ofCloud(), text: "params {\n    param(\"env.BITBUCKET_USER\", \"joe\")\n    param(\"env.BITBUCKET_PASSWORD\", \"§\")\n}\n"},
		{Name: "TeamCity VCS root", Path: ".teamcity/settings.kts", Kinds: ofCloud(), Host: "bitbucket.org", text: "object Repo : GitVcsRoot({\n    url = \"https://bitbucket.org/team/repo.git\"\n    authMethod = password {\n        userName = \"joe\"\n        password = \"§\"\n    }\n})\n"},
		{Name: "docker compose", Path: "docker-compose.yml", Kinds: ofCloud(), text: "services:\n  app:\n    environment:\n      - BITBUCKET_USERNAME=joe\n      - BITBUCKET_PASSWORD=§\n"},
		{Name: "Vagrantfile", Path: "Vagrantfile", Kinds: ofCloud(), text: "config.vm.provision \"shell\", env: {\"BITBUCKET_PASSWORD\" => \"§\"}, path: \"up.sh\"\n"},
	}
}
