package carrier

// packages returns the files of package managers and of what builds.
func packages() []Carrier {
	consumer, server := ofClient()[:1], ofServer()
	return []Carrier{
		{Name: "composer bitbucket-oauth", Path: "auth.json", Kinds: consumer, text: "{\n    \"bitbucket-oauth\": {\n        \"bitbucket.org\": {\n            \"consumer-key\": \"k\",\n            \"consumer-secret\": \"§\"\n        }\n    }\n}\n"},
		{Name: "composer cached token", Path: "auth.json", Kinds: ofAccess(), text: "{\"bitbucket-oauth\": {\"bitbucket.org\": {\"consumer-key\": \"k\", \"access-token\": \"§\", \"access-token-expiration\": 1795000000}}}\n"},
		{Name: "composer http-basic", Path: "auth.json", Kinds: ofCloud(), text: "{\n  \"http-basic\": {\n    \"bitbucket.org\": {\n      \"username\": \"joe\",\n      \"password\": \"§\"\n    }\n  }\n}\n"},
		{Name: "COMPOSER_AUTH", Path: "docker-compose.yml", Kinds: consumer, text: "    environment:\n      COMPOSER_AUTH: '{\"bitbucket-oauth\":{\"bitbucket.org\":{\"consumer-key\":\"k\",\"consumer-secret\":\"§\"}}}'\n"},
		{Name: "COMPOSER_AUTH http-basic", Path: "env.sh", Kinds: ofCloud(), text: "export COMPOSER_AUTH='{\"http-basic\":{\"bitbucket.org\":{\"username\":\"joe\",\"password\":\"§\"}}}'\n"},
		{Name: "COMPOSER_AUTH escaped", Path: "env.json", Kinds: ofCloud(), text: `{"COMPOSER_AUTH": "{\"http-basic\":{\"bitbucket.org\":{\"username\":\"joe\",\"password\":\"§\"}}}"}` + "\n"},
		{Name: "composer config oauth", Path: "Dockerfile", Kinds: consumer, text: "RUN composer config --global --auth bitbucket-oauth.bitbucket.org kEy2bcDef3hjKm4PqR § && composer install\n"},
		{Name: "composer config http-basic", Path: "build.sh", Kinds: ofCloud(), Host: "bitbucket.org", text: "composer config -g http-basic.bitbucket.org joe §\ncomposer install\n"},
		{Name: "npm _password", Path: ".npmrc", Kinds: nil, text: "@team:registry=https://npm.apkg.io/team/\n//npm.apkg.io/team/:username=joe@corp.io\n//npm.apkg.io/team/:_password=§\n", base64: true},
		{Name: "npm _auth", Path: ".npmrc", Kinds: nil, text: "//npm.apkg.io/team/:_auth=§\n", base64: true, before: "joe@corp.io:"},
		{Name: "Yarn npmAuthIdent", Path: ".yarnrc.yml", Kinds: nil, text: "npmScopes:\n  team:\n    npmRegistryServer: https://npm.apkg.io/team\n    npmAuthIdent: \"joe@corp.io:§\"\n"},
		{Name: "Yarn npmAuthIdent in base64", Path: ".yarnrc.yml", Kinds: nil, text: "npmScopes:\n  team:\n    npmRegistryServer: https://npm.apkg.io/team\n    npmAuthIdent: §\n", base64: true, before: "joe@corp.io:"},
		{Name: "Docker auth", Path: ".docker/config.json", Kinds: nil, text: "{\"auths\": {\"crg.apkg.io\": {\"auth\": \"§\"}}}\n", base64: true, before: "joe@corp.io:"},
		{Name: "docker login", Path: "push.sh", Kinds: nil, text: "docker login -u joe@corp.io -p § crg.apkg.io\n"},
		{Name: "Maven server", Path: "settings.xml", Kinds: ofCloud(), text: "<settings>\n  <servers>\n    <server>\n      <id>bitbucket</id>\n      <username>joe</username>\n      <password>§</password>\n    </server>\n  </servers>\n</settings>\n"},
		{Name: "Maven SCM", Path: "pom.xml", Kinds: ofCloud(), Host: "bitbucket.org", text: "  <scm>\n    <connection>scm:git:https://joe:§@bitbucket.org/team/repo.git</connection>\n  </scm>\n"},
		{Name: "Maven server by its address", Path: "settings.xml", Kinds: ofServer(), text: "<server>\n  <id>bitbucket.corp.io</id>\n  <username>joe</username>\n  <password>§</password>\n</server>\n", Host: "bitbucket.corp.io"},
		{Name: "Gradle properties", Path: "gradle.properties", Kinds: ofCloud(), text: "org.gradle.jvmargs=-Xmx2g\nbitbucketUser=joe\nbitbucketPassword=§\n"},
		{Name: "Gradle credentials", Path: "build.gradle", Kinds: ofCloud(), Host: "api.bitbucket.org", text: "repositories {\n    maven {\n        url \"https://api.bitbucket.org/2.0/repositories/team/mvn/src/releases\"\n        credentials {\n            username = \"joe\"\n            password = \"§\"\n        }\n    }\n}\n"},
		{Name: "Gradle credentials in Kotlin", Path: "build.gradle.kts", Kinds: ofCloud(), Host: "api.bitbucket.org", text: "maven {\n    url = uri(\"https://api.bitbucket.org/2.0/repositories/team/mvn/src/releases\")\n    credentials {\n        username = \"joe\"\n        password = \"§\"\n    }\n}\n"},
		{Name: "Gradle credentials without equals signs", Path: "build.gradle", Kinds: ofCloud(), Host: "api.bitbucket.org", text: "maven {\n  credentials {\n    username 'joe'\n    password '§'\n  }\n  url 'https://api.bitbucket.org/2.0/repositories/team/mvn/src/releases'\n}\n"},
		{Name: "sbt credentials", Path: "build.sbt", Kinds: server, Host: "bitbucket.corp.io", text: "credentials += Credentials(\"Realm\", \"bitbucket.corp.io\", \"joe\", \"§\")\n"},
		{Name: "pip index", Path: "pip.conf", Kinds: ofCloud(), Host: "bitbucket.org", text: "[global]\nextra-index-url = https://joe:§@bitbucket.org/team/index/raw/main/\n"},
		{Name: "poetry http-basic", Path: "auth.toml", Kinds: ofCloud(), text: "[http-basic.bitbucket]\nusername = \"joe\"\npassword = \"§\"\n"},
		{Name: "poetry config", Path: "build.sh", Kinds: ofCloud(), text: "poetry config http-basic.bitbucket joe §\n"},
		{Name: "Bundler", Path: ".bundle/config", Kinds: ofCloud(), text: "---\nBUNDLE_PATH: \"vendor\"\nBUNDLE_BITBUCKET__ORG: \"joe:§\"\n"},
		{Name: "bundle config", Path: "Dockerfile", Kinds: ofCloud(), Host: "bitbucket.org", text: "RUN bundle config set --global bitbucket.org joe:§\n"},
		{Name: "Cargo git", Path: "Cargo.toml", Kinds: ofCloud(), Host: "bitbucket.org", text: "[dependencies]\nlib = { git = \"https://joe:§@bitbucket.org/team/lib.git\" }\n"},
		{Name: "NuGet source", Path: "nuget.config", Kinds: ofCloud(), text: "<configuration>\n  <packageSourceCredentials>\n    <bitbucket>\n      <add key=\"Username\" value=\"joe\" />\n      <add key=\"ClearTextPassword\" value=\"§\" />\n    </bitbucket>\n  </packageSourceCredentials>\n</configuration>\n"},
		{Name: "Docker build argument", Path: "build.sh", Kinds: ofCloud(), text: "docker build --build-arg BITBUCKET_USER=joe --build-arg BITBUCKET_PASSWORD=§ -t app .\n"},
		{Name: "Dockerfile ARG", Path: "Dockerfile", Kinds: ofCloud(), text: "FROM alpine:3\nARG BITBUCKET_USER=joe\nARG BITBUCKET_PASSWORD=§\n"},
		{Name: "Dockerfile ENV", Path: "Dockerfile", Kinds: ofCloud(), text: "FROM alpine:3\nENV BITBUCKET_PASSWORD §\n"},
	}
}
