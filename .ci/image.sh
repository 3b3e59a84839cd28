#!/usr/bin/env bash
# The image: image.sh build|run
. "$(dirname "$0")/lib.sh"
. .ci/sample.sh

VERSION=0.0.0-check
LIMIT=15000000 # bytes, unpacked

docker info >/dev/null 2>&1 ||
  fail 'no Docker answers; start one: export BBKEYS_CI_RUN=$(mktemp -d); bash .ci/docker.sh start'

# Built by both builders from nothing, and for both processors: the same bytes each time.
build() {
  builds plain 0 --no-cache
  builds buildkit 1 --no-cache
  builds arm64 1 --platform linux/arm64
  [ "$(layers plain)" = "$(layers buildkit)" ] || fail 'two builds gave two layers'
  cmp "$RUN/plain/bbkeys" "$RUN/buildkit/bbkeys"
  sha256sum "$RUN/buildkit/bbkeys" "$RUN/arm64/bbkeys"

  architecture buildkit amd64
  architecture arm64 arm64
  local name
  for name in plain buildkit arm64; do
    holds "$name"
  done
}

# builds NAME BUILDKIT ARGUMENTS... builds an image and unpacks it.
builds() {
  local name=$1 buildkit=$2
  shift 2
  DOCKER_BUILDKIT=$buildkit docker build -q -t "bbkeys-ci:$name" --build-arg "VERSION=$VERSION" "$@" . \
    >"$RUN/build.log" 2>&1 || { tail -n 60 "$RUN/build.log" >&2; fail "the $name image does not build"; }
  mkdir -p "$RUN/$name"
  local id
  id=$(docker create "bbkeys-ci:$name" 2>/dev/null)
  docker export "$id" | tar -x -C "$RUN/$name" --exclude "dev/*"
  docker rm "$id" >/dev/null
}

layers() { docker image inspect -f '{{.RootFS.Layers}}' "bbkeys-ci:$1"; }

architecture() {
  local said
  said=$(docker image inspect -f '{{.Os}}/{{.Architecture}}' "bbkeys-ci:$1")
  [ "$said" = "linux/$2" ] || fail "the $1 image calls itself $said"
  go version -m "$RUN/$1/bbkeys" >"$RUN/out"
  contains "$RUN/out" "GOARCH=$2"
  contains "$RUN/out" CGO_ENABLED=0
  contains "$RUN/out" -trimpath=true
}

# holds NAME checks what is in an image, and that nothing else is.
holds() {
  local size files want
  size=$(docker image inspect -f '{{.Size}}' "bbkeys-ci:$1")
  [ "$size" -le "$LIMIT" ] || fail "the $1 image has $size bytes; $LIMIT is the limit"
  # /dev, /etc/hosts and the like are Docker's own, in every container.
  files=$(cd "$RUN/$1" && find . -type f -size +0 | LC_ALL=C sort | tr '\n' ' ')
  want='./bbkeys ./etc/ssl/certs/ca-certificates.crt '
  [ "$files" = "$want" ] || fail "the $1 image holds $files"
  [ "$(grep -c 'BEGIN CERTIFICATE' "$RUN/$1/etc/ssl/certs/ca-certificates.crt")" -gt 100 ] || fail 'the authorities are not there'
  [ "$(stat -c %a "$RUN/$1/tmp")" = 1777 ] || fail '/tmp is not open to all'
  docker image inspect -f '{{json .Config}}' "bbkeys-ci:$1" >"$RUN/config.json"
  contains "$RUN/config.json" '"Entrypoint":["/bbkeys"]'
  contains "$RUN/config.json" '"User":""'
  contains "$RUN/config.json" "\"org.opencontainers.image.version\":\"$VERSION\""
  printf '%s: %s bytes\n' "$1" "$size"
}

# Run with a key in the last commit (red) and without (green), as each kind of CI runs it.
run() {
  local key
  key=$(mint)
  status 0 docker run --rm bbkeys-ci:plain version
  contains "$RUN/out" "$VERSION"

  local how
  for how in bare github pipe; do
    sample "$RUN/red" "TOKEN=$key"
    "$how" 1 "$RUN/red"
    nowhere "$key" "$RUN/out" "$RUN/err" "$RUN/commands"
    sample "$RUN/green" 'TOKEN=${TOKEN}'
    "$how" 0 "$RUN/green"
    printf '%s: red with a key, green without\n' "$how"
  done
}

# bare is docker run with as little as can be had: no rights, no network, nothing writable, no owner.
bare() {
  mkdir -p "$RUN/commands"
  status "$1" docker run --rm --read-only --network none --cap-drop ALL --user 12345:12345 \
    -v "$2:/repo:ro" bbkeys-ci:plain scan /repo
  if [ "$1" = 1 ]; then contains "$RUN/out" 'deploy/settings.env:2:7'; fi
  status 4 docker run --rm --network none bbkeys-ci:plain scan --no-such-flag
}

# github is how the runner starts a docker action: its folders, its variables, root.
github() {
  local files=$RUN/commands
  as_root rm -rf "$files"
  mkdir -p "$files" "$RUN/workflow" "$RUN/home" "$RUN/temp"
  : >"$files/output"
  : >"$files/summary"
  push_event "$RUN/workflow/event.json" "$BEFORE" "$AFTER"
  as_root chown -R 1001:1001 "$2" "$files"
  status "$1" docker run --rm --workdir /github/workspace --network none \
    -e HOME=/github/home -e CI=true -e GITHUB_ACTIONS=true -e GITHUB_WORKSPACE=/github/workspace \
    -e GITHUB_EVENT_NAME=push -e GITHUB_EVENT_PATH=/github/workflow/event.json \
    -e GITHUB_REPOSITORY=acme/shop -e GITHUB_REF=refs/heads/main -e GITHUB_REF_NAME=main -e GITHUB_SHA="$AFTER" \
    -e GITHUB_SERVER_URL=https://github.com -e GITHUB_RUN_ID=1 -e RUNNER_TEMP=/github/runner_temp \
    -e GITHUB_OUTPUT=/github/file_commands/output -e GITHUB_STEP_SUMMARY=/github/file_commands/summary \
    -e INPUT_MODE=auto -e INPUT_BASE= -e INPUT_HEAD= -e INPUT_FAIL-ON=warning -e INPUT_SARIF-FILE= \
    -v "$RUN/workflow:/github/workflow" -v "$RUN/home:/github/home" -v "$RUN/temp:/github/runner_temp" \
    -v "$files:/github/file_commands" -v "$2:/github/workspace" bbkeys-ci:plain
  contains "$files/output" "scanned=range $BEFORE..$AFTER"
  contains "$files/output" 'complete=true'
  contains "$files/output" 'sarif-file=bbkeys.sarif'
  [ -s "$files/summary" ] || fail 'there is no step summary'
  [ "$(stat -c '%u:%g %a' "$2/bbkeys.sarif")" = '1001:1001 644' ] || fail 'the report does not belong to the owner of the workspace'
  [ "$(results "$2/bbkeys.sarif")" = "$1" ] || fail 'the report has not as many results as there are keys'
  cp "$2/bbkeys.sarif" "$files/"
  if [ "$1" = 1 ]; then
    contains "$files/output" 'found=true'
    contains "$files/output" 'count=1'
    contains "$files/output" 'error-count=1'
    grep -qE '^::error .*file=deploy/settings.env,line=2,' "$RUN/out" || { cat "$RUN/out" >&2; fail 'there is no annotation at the line'; }
  else
    contains "$files/output" 'found=false'
    contains "$files/output" 'count=0'
  fi
}

# pipe is how Bitbucket starts a pipe in the pipeline of a pull request: the build folder at its own
# path, one gigabyte, the destination commit shortened to twelve digits.
pipe() {
  local agent=/opt/atlassian/pipelines/agent line
  as_root rm -rf "$RUN/commands"
  mkdir -p "$RUN/ssh" "$RUN/commands"
  status "$1" docker container run --rm --workdir="$agent/build" --memory=1g --network none \
    --label=org.bitbucket.pipelines.system=true --add-host=host.docker.internal:127.0.0.1 \
    --volume="$2:$agent/build" --volume="$RUN/ssh:$agent/ssh:ro" \
    --env=CI=true --env=BITBUCKET_BUILD_NUMBER=7 --env=BITBUCKET_CLONE_DIR="$agent/build" \
    --env=BITBUCKET_COMMIT="$AFTER" --env=BITBUCKET_BRANCH=feature --env=BITBUCKET_WORKSPACE=acme \
    --env=BITBUCKET_REPO_SLUG=shop --env=BITBUCKET_REPO_FULL_NAME=acme/shop --env=BITBUCKET_PR_ID=3 \
    --env=BITBUCKET_PR_DESTINATION_BRANCH=main --env=BITBUCKET_PR_DESTINATION_COMMIT="${BEFORE:0:12}" \
    --env=BITBUCKET_DOCKER_HOST_INTERNAL=127.0.0.1 --env=BITBUCKET_PIPE_STORAGE_DIR="$agent/build/.bitbucket/pipelines/generated/pipeline/pipes/bbkeys" \
    --env=FAIL_ON=warning --env=SARIF_FILE=keys.sarif bbkeys-ci:plain
  line=$(tail -n 1 "$RUN/out")
  if [ "$1" = 1 ]; then
    [[ $line == *✖* ]] || fail "the last line is: $line"
  else
    [[ $line == *✔* ]] || fail "the last line is: $line"
  fi
  [ "$(results "$2/keys.sarif")" = "$1" ] || fail 'the report has not as many results as there are keys'
  cp "$2/keys.sarif" "$RUN/commands/"
}

case ${1:-} in
build | run) "$1" ;;
*) fail 'usage: image.sh build|run' ;;
esac
