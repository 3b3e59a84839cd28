package carrier

// servers returns the settings of a Bitbucket server of one's own.
func servers() []Carrier {
	property := []string{"bitbucket-data-center-property"}
	return []Carrier{
		{Name: "bitbucket.properties", Path: "bitbucket.properties", Kinds: property, Host: "bitbucket.corp.io", text: "setup.displayName=Bitbucket\nsetup.baseUrl=https://bitbucket.corp.io\nsetup.sysadmin.username=u\nsetup.sysadmin.password=§\n"},
		{Name: "bitbucket.properties database", Path: "bitbucket.properties", Kinds: property, text: "jdbc.driver=org.postgresql.Driver\njdbc.url=jdbc:postgresql://db:5432/bitbucket\njdbc.user=joe\njdbc.password=§\n"},
		{Name: "stash-config.properties", Path: "stash-config.properties", Kinds: property, text: "jdbc.driver=org.postgresql.Driver\njdbc.url=jdbc:postgresql://db:5432/stash\njdbc.user=joe\njdbc.password=§\n"},
		{Name: "server image", Path: "docker-compose.yml", Kinds: property, text: "  bitbucket:\n    image: atlassian/bitbucket:9\n    environment:\n      - SETUP_SYSADMIN_USERNAME=u\n      - SETUP_SYSADMIN_PASSWORD=§\n"},
		{Name: "server image database", Path: "docker-compose.yml", Kinds: property, text: "  bitbucket:\n    image: atlassian/bitbucket:9\n    environment:\n      JDBC_URL: jdbc:postgresql://db:5432/app\n      JDBC_USER: joe\n      JDBC_PASSWORD: §\n"},
		{Name: "crowd.properties", Path: "crowd.properties", Kinds: []string{"bitbucket-crowd-password"}, text: "application.name                        bitbucket\napplication.password                    §\n"},
		{Name: "server cookie", Path: "request.txt", Kinds: []string{"bitbucket-data-center-session"}, text: "GET / HTTP/1.1\r\nCookie: a=b; BITBUCKETSESSIONID=§; c=d\r\n\r\n"},
		{Name: "server cookie in a HAR", Path: "a.har", Kinds: []string{"bitbucket-data-center-session"}, text: "\"cookies\": [{\"name\": \"BITBUCKETSESSIONID\", \"value\": \"§\", \"path\": \"/\"}]\n"},
		{Name: "server cookie jar", Path: "cookies.txt", Kinds: []string{"bitbucket-data-center-session"}, text: "#HttpOnly_bitbucket.corp.io\tFALSE\t/\tTRUE\t0\tBITBUCKETSESSIONID\t§\n"},
		{Name: "cloud session", Path: "get.sh", Kinds: []string{"atlassian-session-token"}, text: "curl 'https://bitbucket.org/team' -H 'cookie: x=1; cloud.session.token=§; y=2'\n"},
		{Name: "cloud session in a HAR", Path: "bitbucket.har", Kinds: []string{"atlassian-session-token"}, text: "{\"name\": \"cloud.session.token\", \"value\": \"§\", \"domain\": \".bitbucket.org\"}\n"},
	}
}
