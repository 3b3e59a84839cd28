#!/usr/bin/env bash
# Builds the binaries of a release: release-build.sh VERSION FOLDER
#
# They are the same bytes wherever this is run, and the Linux ones the same as in the image: the
# compiler is the Dockerfile's (Go downloads it where it is another), and so are the flags.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$1 folder=$2
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

GOTOOLCHAIN=go$(bash .ci/go-version)
export GOTOOLCHAIN CGO_ENABLED=0 GOFLAGS=''
for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
  os=${target%/*} arch=${target#*/} suffix=''
  [ "$os" = windows ] && suffix=.exe
  GOOS=$os GOARCH=$arch go build -trimpath -buildvcs=false \
    -ldflags "-s -w -buildid= -X main.version=$version" -o "$folder/bbkeys-$os-$arch$suffix" .
done
cd "$folder"
sha256sum bbkeys-* >SHA256SUMS
