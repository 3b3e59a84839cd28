#!/usr/bin/env bash
# A Docker that can build and run: docker.sh start|stop
#
# Where a daemon answers, it is used. Else Debian's is installed and started, which needs root. Where
# no image can be pulled, stand-ins of the same name are made from this machine's own package mirror,
# Go and Node, with the modules inside, so that a build needs no network.
. "$(dirname "$0")/lib.sh"

start() {
  choose_client || packages docker.io
  hash -r
  choose_client || fail 'there is no docker command that can build with BuildKit; install docker-buildx or docker.io'
  if ! docker info >/dev/null 2>&1; then
    type dockerd >/dev/null 2>&1 || packages docker.io
    start_daemon
  fi
  docker version --format 'Docker {{.Client.Version}} talks to {{.Server.Version}}'
  image "$BUILDER"
  image "$RUNNER"
}

# choose_client puts first in PATH a docker that builds with BuildKit: one without buildx, and too new
# to have BuildKit inside, can stand in the way.
choose_client() {
  local client
  for client in $(type -ap docker); do
    if DOCKER_BUILDKIT=1 "$client" build --help >/dev/null 2>&1; then
      PATH=$(dirname "$client"):$PATH
      printf 'export PATH=%q\n' "$PATH" >"$RUN/docker.env"
      return 0
    fi
  done
  return 1
}

start_daemon() {
  mkdir -p "$RUN/docker"
  export DOCKER_HOST=unix://$RUN/docker/sock
  printf 'export DOCKER_HOST=%q\n' "$DOCKER_HOST" >>"$RUN/docker.env"
  as_root dockerd --data-root "$RUN/docker/data" --exec-root "$RUN/docker/exec" --pidfile "$RUN/docker/pid" \
    --host "$DOCKER_HOST" >"$RUN/docker/log" 2>&1 &
  local _
  for _ in $(seq 60); do
    docker info >/dev/null 2>&1 && return 0
    sleep 0.5
  done
  tail -n 40 "$RUN/docker/log" >&2
  fail 'dockerd does not answer; it needs the rights to mount and to make networks'
}

# image NAME makes sure that an image of that name is here.
image() {
  docker image inspect "$1" >/dev/null 2>&1 && return 0
  docker pull -q "$1" 2>/dev/null && return 0
  if ! docker image inspect bbkeys-ci:standin >/dev/null 2>&1; then
    standin
  fi
  docker tag bbkeys-ci:standin "$1"
  printf '%s: a stand-in, since it cannot be pulled here\n' "$1"
}

# standin imports one image that has all that the two are used for: sh, bash, the certificate
# authorities, Go with the modules of go.sum, and Node.
standin() {
  local root=$RUN/root suite base
  # shellcheck source=/dev/null
  suite=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
  base=$CACHE/base-$suite-$(dpkg --print-architecture).tar
  [ -f "$base" ] || bootstrap "$suite" "$base"

  mkdir -p "$root"
  as_root tar -x -f "$base" -C "$root"
  as_root cp -a "$(go env GOROOT)" "$root/usr/local/go"
  as_root cp -L "$(type -p node)" "$root/usr/local/bin/node"
  go mod download
  as_root cp -a "$(go env GOMODCACHE)/cache/download" "$root/modules"
  as_root tar -c -C "$root" --exclude ./usr/local/go/test --exclude ./usr/local/go/api . |
    docker import \
      -c 'ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
      -c 'ENV GOTOOLCHAIN=local GOPATH=/go GOPROXY=file:///modules' \
      -c 'CMD ["/bin/sh"]' - bbkeys-ci:standin
  as_root rm -rf "$root"
}

# bootstrap SUITE FILE makes the base system from the mirror that this machine's own apt uses.
bootstrap() {
  local mirror dir=$RUN/bootstrap
  packages debootstrap
  # shellcheck disable=SC2016 # the fields are apt's, not the shell's
  mirror=$(apt-get indextargets --format '$(CREATED_BY) $(CODENAME) $(COMPONENT) $(REPO_URI)' |
    awk -v suite="$1" '$1 == "Packages" && $2 == suite && $3 == "main" { print $4; exit }')
  [ -n "$mirror" ] || fail "apt knows no mirror of $1"
  as_root debootstrap --variant=minbase --include=ca-certificates "$1" "$dir" "$mirror"
  as_root rm -rf "$dir/var/cache/apt/archives" "$dir/var/lib/apt/lists"
  as_root tar -c -C "$dir" -f "$2.new" .
  as_root chown "$(id -u)" "$2.new"
  mv "$2.new" "$2"
  as_root rm -rf "$dir"
}

# stop ends the daemon that start started, waits until it is gone, and removes what only root can.
stop() {
  local pid _
  if [ -f "$RUN/docker/pid" ]; then
    pid=$(cat "$RUN/docker/pid")
    as_root kill "$pid" || true
    for _ in $(seq 60); do
      [ -d "/proc/$pid" ] || break
      sleep 0.5
    done
  fi
  # The daemon leaves its network namespace mounted.
  awk -v run="$RUN/docker/" 'index($2, run) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
    as_root umount "$mount"
  done
  # A run may have left files of other owners: Docker's data, sample checkouts, a half-made base system.
  as_root rm -rf "$RUN/docker" "$RUN/root" "$RUN/bootstrap" "$RUN/red" "$RUN/green" "$RUN/commands"
}

case ${1:-} in
start | stop) "$1" ;;
*) fail 'usage: docker.sh start|stop' ;;
esac
