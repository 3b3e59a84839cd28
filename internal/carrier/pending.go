package carrier

import "strings"

// unread names the carriers that the rules don't read yet, one a line.
const unread = `
Ansible Bitbucket module
Argo CD repo add
Atlantis Helm values
Atlantis Helm values of a server
Atlantis environment
Atlantis flags
BB_APP_PASSWORD
BKT_TOKEN
Basic header
Basic header in code
Basic header to a server
CodeBuild credential
Danger server
Drone Stash
Flux bootstrap
Flux git secret
GIT_CONFIG_VALUE
Go SetBasicAuth
Gradle credentials
Gradle credentials in Kotlin
Gradle credentials without equals signs
HAR Basic header
HAR header
HTTP file
HTTP file Basic
HTTPie
Insomnia
Jenkins configuration as code, by description
Jenkins configuration as code, token
Jenkins credentials.xml before it is encrypted
Jenkins init.groovy
Kubernetes Secret
Kubernetes Secret in JSON
Kubernetes Secret key
Kubernetes Secret with an address
Kubernetes environment
MCP client API token
NuGet source
Postman basic
Postman bearer
Postman environment
PowerShell Bearer
PowerShell SecureString
PowerShell pair
Pulumi config
Renovate docker run
Renovate environment
Renovate environment list
Renovate environment token
Renovate host rule of a server
Ruby
STASH_TOKEN
Spinnaker dinghy
TeamCity VCS root
TeamCity parameter
Terraform server provider
Terraform state
Terraform state of a CodeBuild credential
Terraform state output
Updatecli Stash
Woodpecker server
atlassian-python-api
axios auth
bundle config
coloured log
composer config http-basic
composer config oauth
curl -u to a server without the name
curl -u to stash
curl Bearer
curl Bearer over lines
curl Bearer to a server
curl Bearer to a server without the name
curl OAuth client
diff of YAML
fetch Bearer
fish
git -c extraHeader
git credential fill
git extraHeader
git extraHeader Bearer
go private module
go-semantic-release
kubectl create secret
log of a value in colour
netrc of a server
notebook request
plist
poetry config
raw request
requests Bearer
requests HTTPBasicAuth
requests auth
runner Kubernetes Secret
runner user data
sbt credentials
server API address
server clone
server cookie jar
server credential store
server port
server remote
stash-config.properties
stashPassword
stashy
web.config
wget --http-user
wget --user
`

// pending returns the carriers that the rules don't read yet.
func pending() []string { return strings.Split(strings.TrimSpace(unread), "\n") }
