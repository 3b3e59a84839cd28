# What the parts of .ci/run share. Each part can also be run alone: bash .ci/image.sh, for example.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Kept between runs: the tools by version, and the base system of the stand-in images.
CACHE=${BBKEYS_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bbkeys-ci}
# Gone after the run: Docker's data, logs, sample repositories.
RUN=${BBKEYS_CI_RUN:-}
if [ -z "$RUN" ]; then
  RUN=$(mktemp -d)
  trap 'rm -rf "$RUN"' EXIT
fi
export CACHE RUN
mkdir -p "$CACHE/bin"

# The version of each tool stands here and nowhere else.
ACT=github.com/nektos/act@v0.2.89
ACTIONLINT=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK=golang.org/x/vuln/cmd/govulncheck@v1.9.0
export ACT ACTIONLINT STATICCHECK GOVULNCHECK

# The image that the Dockerfile builds in, and the one that act runs a job's steps in.
BUILDER=$(sed -n 's/^FROM .* \(golang:[^ ]*\) AS build$/\1/p' Dockerfile)
RUNNER=node:24-bookworm
export BUILDER RUNNER

# Set by docker.sh in the first part that needs Docker, for all that follow.
if [ -f "$RUN/docker.env" ]; then
  # shellcheck source=/dev/null
  . "$RUN/docker.env"
fi

# A test never reads the settings of the person at the keyboard.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# packages NAME... installs Debian packages. Two parts of a run may want some at once.
packages() (
  exec 9>"$CACHE/packages.lock"
  flock 9
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -q
  as_root apt-get install -q -y --no-install-recommends "$@"
)

# tool PACKAGE@VERSION prints the path of a Go program, installed on first use.
tool() {
  local name=${1%@*} version=${1##*@} dir
  name=${name##*/}
  dir=$CACHE/bin/$name-$version-$(go env GOVERSION)
  if [ ! -x "$dir/$name" ]; then
    GOBIN=$dir GOFLAGS='' go install "$1" >&2
  fi
  printf '%s\n' "$dir/$name"
}

# contains FILE TEXT fails and shows the file where the text is not in it.
contains() {
  grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "$1 does not contain: $2"; }
}

# status WANT COMMAND... runs a command, keeps what it printed in $RUN/out and $RUN/err, and wants its
# exit status.
status() {
  local want=$1 got=0
  shift
  "$@" >"$RUN/out" 2>"$RUN/err" || got=$?
  [ "$got" = "$want" ] || { cat "$RUN/out" "$RUN/err" >&2; fail "exit status $got instead of $want: $*"; }
}
