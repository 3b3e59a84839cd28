package carrier

// deployments returns the settings of what runs on servers and clusters.
func deployments() []Carrier {
	consumer := ofClient()[:1]
	return []Carrier{
		{Name: "Backstage cloud", Path: "app-config.yaml", Kinds: ofCloud(), text: "integrations:\n  bitbucketCloud:\n    - username: joe\n      appPassword: §\n"},
		{Name: "Backstage cloud token", Path: "app-config.yaml", Kinds: ofToken(), text: "integrations:\n  bitbucketCloud:\n    - username: joe\n      token: §\n"},
		{Name: "Backstage cloud OAuth", Path: "app-config.yaml", Kinds: consumer, text: "integrations:\n  bitbucketCloud:\n    - clientId: k\n      clientSecret: §\n"},
		{Name: "Backstage server", Path: "app-config.yaml", Kinds: ofServer(), Host: "git.corp.io", text: "integrations:\n  bitbucketServer:\n    - host: git.corp.io\n      username: joe\n      password: §\n"},
		{Name: "Backstage server token", Path: "app-config.local.yaml", Kinds: ofServer()[1:], Host: "git.corp.io", text: "integrations:\n  bitbucketServer:\n    - host: git.corp.io\n      apiBaseUrl: https://git.corp.io/rest/api/1.0\n      token: §\n"},
		{Name: "Backstage sign-in", Path: "app-config.yaml", Kinds: consumer, text: "auth:\n  providers:\n    bitbucket:\n      development:\n        clientId: k\n        clientSecret: §\n"},

		{Name: "Argo CD repository", Path: "repo.yaml", Kinds: ofCloud(), Host: "bitbucket.org", text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: private-repo\n  labels:\n    argocd.argoproj.io/secret-type: repository\nstringData:\n  type: git\n  url: https://bitbucket.org/team/repo.git\n  username: joe\n  password: §\n"},
		{Name: "Argo CD repo add", Path: "add.sh", Kinds: ofCloud(), Host: "bitbucket.org", text: "argocd repo add https://bitbucket.org/team/repo.git --username joe --password §\n"},
		{Name: "Argo CD webhook", Path: "argocd-secret.yaml", Kinds: []string{"bitbucket-webhook-secret"}, text: "kind: Secret\nmetadata:\n  name: argocd-secret\nstringData:\n  webhook.bitbucketserver.secret: §\n"},
		{Name: "Flux git secret", Path: "secret.yaml", Kinds: ofCloud(), text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: bitbucket-auth\n  namespace: flux-system\nstringData:\n  username: joe\n  password: §\n"},
		{Name: "Flux create secret", Path: "boot.sh", Kinds: ofCloud(), Host: "bitbucket.org", text: "flux create secret git auth --url=https://bitbucket.org/team/repo --username=joe --password=§\n"},
		{Name: "Flux bootstrap", Path: "boot.sh", Kinds: ofServer(), Host: "bitbucket.corp.io", text: "flux bootstrap bitbucket-server --hostname=bitbucket.corp.io --username=joe --password=§ --owner=PRJ\n"},
		{Name: "Kubernetes Secret", Path: "secret.yaml", Kinds: ofCloud(), base64: true, text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: bitbucket-credentials\ntype: kubernetes.io/basic-auth\ndata:\n  password: §\n"},
		{Name: "Kubernetes Secret key", Path: "secret.yaml", Kinds: ofCloud(), base64: true, text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  BITBUCKET_PASSWORD: §\n"},
		{Name: "Kubernetes Secret with an address", Path: "repo.yaml", Kinds: ofCloud(), Host: "bitbucket.org", base64: true, text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: private-repo\ndata:\n  password: §\n  url: " + repoInBase64() + "\n"},
		{Name: "Kubernetes Secret in JSON", Path: "secret.json", Kinds: ofCloud(), base64: true, text: "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"app\"}, \"data\": {\"BITBUCKET_APP_PASSWORD\": \"§\"}}\n"},
		{Name: "kubectl create secret", Path: "boot.sh", Kinds: ofCloud(), text: "kubectl create secret generic bitbucket-auth --from-literal=username=joe --from-literal=password=§\n"},
		{Name: "Kubernetes environment", Path: "deployment.yaml", Kinds: ofCloud(), text: "        env:\n        - name: BITBUCKET_USERNAME\n          value: joe\n        - name: BITBUCKET_APP_PASSWORD\n          value: §\n"},
		{Name: "Helm --set", Path: "deploy.sh", Kinds: ofCloud(), text: "helm upgrade app ./chart --set bitbucket.username=joe --set bitbucket.password=§\n"},

		{Name: "Jenkins configuration as code", Path: "jenkins.yaml", Kinds: ofCloud(), text: "credentials:\n  system:\n    domainCredentials:\n      - credentials:\n          - usernamePassword:\n              scope: GLOBAL\n              id: bitbucket-bot\n              username: joe\n              password: \"§\"\n"},
		{Name: "Jenkins configuration as code, by description", Path: "jenkins.yaml", Kinds: ofCloud(), text: "- usernamePassword:\n    scope: GLOBAL\n    id: bot\n    username: joe\n    password: \"§\"\n    description: \"Bitbucket build user\"\n"},
		{Name: "Jenkins configuration as code, token", Path: "jenkins.yaml", Kinds: ofToken(), text: "- string:\n    scope: GLOBAL\n    id: bitbucket-token\n    secret: \"§\"\n"},
		{Name: "Jenkins credentials.xml before it is encrypted", Path: "credentials.xml", Kinds: ofCloud(), text: "<com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>\n  <scope>GLOBAL</scope>\n  <id>bitbucket</id>\n  <description></description>\n  <username>joe</username>\n  <password>§</password>\n</com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>\n"},
		{Name: "Jenkins init.groovy", Path: "init.groovy.d/creds.groovy", Kinds: ofCloud(), text: "def c = new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, \"bitbucket\", \"build user\", \"joe\", \"§\")\n"},

		{Name: "Ansible git module", Path: "tasks/main.yml", Kinds: ofCloud(), Host: "bitbucket.org", text: "- name: check out\n  ansible.builtin.git:\n    repo: \"https://joe:§@bitbucket.org/team/repo.git\"\n    dest: /srv/app\n"},
		{Name: "Ansible variables", Path: "group_vars/all.yml", Kinds: ofCloud(), text: "---\nbitbucket_username: joe\nbitbucket_password: \"§\"\n"},
		{Name: "Ansible Bitbucket module", Path: "tasks/main.yml", Kinds: consumer, text: "- name: add a variable\n  community.general.bitbucket_pipeline_variable:\n    repository: app\n    workspace: team\n    client_id: k\n    client_secret: §\n"},
		{Name: "Ansible inventory", Path: "hosts.ini", Kinds: ofCloud(), text: "[web:vars]\nbitbucket_user=joe\nbitbucket_pass=§\n"},
		{Name: "CodeBuild credential", Path: "build.tf", Kinds: ofCloud()[1:2], text: "resource \"aws_codebuild_source_credential\" \"x\" {\n  auth_type   = \"BASIC_AUTH\"\n  server_type = \"BITBUCKET\"\n  token       = \"§\"\n  user_name   = \"joe\"\n}\n"},
		{Name: "runner docker run", Path: "runner.sh", Kinds: []string{"bitbucket-runner-secret"}, text: "docker container run -it -v /tmp:/tmp -e ACCOUNT_UUID={1} -e RUNNER_UUID={2} -e OAUTH_CLIENT_ID=abc -e OAUTH_CLIENT_SECRET=§ -e WORKING_DIRECTORY=/tmp --name runner docker-public.packages.atlassian.com/sox/atlassian/bitbucket-pipelines-runner:1\n"},
		{Name: "runner Kubernetes Job", Path: "job.yaml", Kinds: []string{"bitbucket-runner-secret"}, text: "        env:\n        - name: ACCOUNT_UUID\n          value: \"{1}\"\n        - name: OAUTH_CLIENT_SECRET\n          value: §\n        - name: RUNNER_UUID\n          value: \"{2}\"\n"},
		{Name: "runner Kubernetes Secret", Path: "secret.yaml", Kinds: []string{"bitbucket-runner-secret"}, base64: true, text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: runner-oauth-credentials\n  labels:\n    runnerUuid: x-RUNNER_UUID\ndata:\n  oauthClientId: YWJjZGVmZ2hpamtsbW5vcA==\n  oauthClientSecret: §\n"},
		{Name: "runner user data", Path: "user-data.sh", Kinds: []string{"bitbucket-runner-secret"}, text: "#!/bin/sh\ncd atlassian-bitbucket-pipelines-runner/bin\n./start.sh --accountUuid {1} --runnerUuid {2} --OAuthClientId abc --OAuthClientSecret § --runtime linux-shell\n"},
	}
}
