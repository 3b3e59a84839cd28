package carrier

// settings returns the names under which programs of all sorts keep credentials, in each
// form of file.
func settings() []Carrier {
	consumer := ofClient()[:1]
	return []Carrier{
		{Name: "dotenv", Path: ".env", Kinds: ofCloud(), text: "DEBUG=1\nBITBUCKET_USERNAME=joe\nBITBUCKET_APP_PASSWORD=§\n"},
		{Name: "dotenv token", Path: ".env.local", Kinds: ofToken(), text: "BITBUCKET_TOKEN=\"§\"\n"},
		{Name: "YAML", Path: "config.yml", Kinds: ofCloud(), text: "bitbucket_user: joe\nbitbucket_password: §  # the bot's\n"},
		{Name: "TOML", Path: "config.toml", Kinds: ofCloud(), text: "[bitbucket]\nuser = \"joe\"\npassword = \"§\"\n\n[other]\n"},
		{Name: "INI", Path: "config.ini", Kinds: ofCloud(), text: "[bitbucket.org]\nuser=joe\npassword=§\n"},
		{Name: "JSON", Path: "config.json", Kinds: ofCloud(), text: "{\"bitbucket\": {\"username\": \"joe\", \"password\": \"§\"}}\n"},
		{Name: "properties", Path: "application.properties", Kinds: ofCloud(), text: "bitbucket.username = joe\nbitbucket.password = §\n"},
		{Name: "Java", Path: "App.java", Kinds: ofCloud(), text: "private static final String BITBUCKET_PASSWORD = \"§\";\n"},
		{Name: "TypeScript", Path: "app.ts", Kinds: ofCloud(), text: "export const bitbucketPassword: string = '§';\n"},
		{Name: "Python", Path: "settings.py", Kinds: consumer, text: "SOCIAL_AUTH_BITBUCKET_OAUTH2_KEY = 'k'\nSOCIAL_AUTH_BITBUCKET_OAUTH2_SECRET = '§'\n"},
		{Name: "Ruby", Path: "omniauth.rb", Kinds: consumer, text: "provider :bitbucket, 'kEy2bcDef3hjKm4PqR', '§'\n"},
		{Name: "PHP", Path: "services.php", Kinds: consumer, text: "    'bitbucket' => [\n        'client_id' => 'k',\n        'client_secret' => '§',\n    ],\n"},
		{Name: "Go", Path: "main.go", Kinds: ofToken(), text: "const bitbucketToken = `§`\n"},
		{Name: "C#", Path: "Api.cs", Kinds: ofCloud(), text: "var bitbucketPassword = @\"§\";\n"},
		{Name: "web.config", Path: "web.config", Kinds: ofCloud(), text: "<appSettings>\n  <add key=\"BitbucketUser\" value=\"joe\" />\n  <add key=\"BitbucketPassword\" value=\"§\" />\n</appSettings>\n"},
		{Name: "plist", Path: "Info.plist", Kinds: ofCloud(), text: "<dict>\n  <key>BitbucketPassword</key>\n  <string>§</string>\n</dict>\n"},
		{Name: "Windows batch", Path: "env.cmd", Kinds: ofCloud(), text: "@echo off\r\nset BITBUCKET_USER=joe\r\nset BITBUCKET_PASSWORD=§\r\n"},
		{Name: "setx", Path: "env.cmd", Kinds: ofCloud(), text: "setx BITBUCKET_PASSWORD §\r\n"},
		{Name: "fish", Path: "config.fish", Kinds: ofCloud(), text: "set -gx BITBUCKET_PASSWORD §\n"},
		{Name: "systemd unit", Path: "app.service", Kinds: ofCloud(), text: "[Service]\nEnvironment=\"BITBUCKET_USERNAME=joe\" \"BITBUCKET_PASSWORD=§\"\n"},
		{Name: "SQL", Path: "seed.sql", Kinds: ofCloud(), text: "INSERT INTO settings (name, value) VALUES ('bitbucket_password', '§');\n"},
		{Name: "refresh token", Path: "tokens.json", Kinds: []string{"bitbucket-oauth-refresh-token"}, text: "{\"bitbucket\": {\"refresh_token\": \"§\", \"token_type\": \"bearer\"}}\n"},
		{Name: "Connect installation", Path: "install.json", Kinds: []string{"bitbucket-connect-secret"}, Host: "bitbucket.org", text: "{\n \"key\": \"app\",\n \"sharedSecret\": \"§\",\n \"clientKey\": \"ari\",\n \"baseUrl\": \"https://bitbucket.org\"\n}\n"},

		{Name: "MCP client", Path: ".mcp.json", Kinds: ofCloud(), text: "{\n  \"mcpServers\": {\n    \"bitbucket\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"mcp-bitbucket\"],\n      \"env\": {\n        \"ATLASSIAN_BITBUCKET_USERNAME\": \"joe\",\n        \"ATLASSIAN_BITBUCKET_APP_PASSWORD\": \"§\"\n      }\n    }\n  }\n}\n"},
		{Name: "MCP client API token", Path: "claude_desktop_config.json", Kinds: ofToken(), text: "{\"mcpServers\": {\"bb\": {\"command\": \"uvx\", \"env\": {\"BITBUCKET_EMAIL\": \"joe@corp.io\", \"BITBUCKET_API_TOKEN\": \"§\"}}}}\n"},
		{Name: "MCP client arguments", Path: ".cursor/mcp.json", Kinds: ofServer()[1:], text: "{\"mcpServers\": {\"bb\": {\"command\": \"npx\", \"args\": [\"bitbucket-mcp\", \"--bitbucket-token\", \"§\"]}}}\n"},
		{Name: "Insomnia", Path: "insomnia.json", Kinds: ofCloud(), Host: "api.bitbucket.org", text: "{\"_type\": \"request\", \"url\": \"https://api.bitbucket.org/2.0/user\", \"authentication\": {\"type\": \"basic\", \"username\": \"joe\", \"password\": \"§\"}}\n"},
		{Name: "Postman basic", Path: "api.postman_collection.json", Kinds: ofCloud(), Host: "api.bitbucket.org", text: "{\"request\": {\"auth\": {\"type\": \"basic\", \"basic\": [{\"key\": \"password\", \"value\": \"§\", \"type\": \"string\"}, {\"key\": \"username\", \"value\": \"joe\", \"type\": \"string\"}]}, \"method\": \"GET\", \"url\": {\"raw\": \"https://api.bitbucket.org/2.0/user\"}}}\n"},
		{Name: "Postman bearer", Path: "api.postman_collection.json", Kinds: ofAccess(), Host: "api.bitbucket.org", text: "{\"request\": {\"auth\": {\"type\": \"bearer\", \"bearer\": [{\"key\": \"token\", \"value\": \"§\", \"type\": \"string\"}]}, \"method\": \"GET\", \"url\": \"https://api.bitbucket.org/2.0/user\"}}\n"},
		{Name: "Postman environment", Path: "dev.postman_environment.json", Kinds: ofCloud(), text: "{\"values\": [{\"key\": \"bitbucket_user\", \"value\": \"joe\"}, {\"key\": \"bitbucket_password\", \"value\": \"§\", \"enabled\": true}]}\n"},
	}
}
