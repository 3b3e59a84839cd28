#!/usr/bin/env bash
# Prints the moving tags of the image that a version takes over: release-aliases.sh TAG
#
# v1.2.3 takes 1.2, 1 and latest where it is the highest of its line. A patch of an old line does not
# pull latest back, and a pre-release takes none.
set -euo pipefail
shopt -s inherit_errexit
tag=$1
[[ $tag != *-* ]] || exit 0

# highest PATTERN says whether the tag is the highest released version that matches.
highest() {
  [ "$(git tag --list "$1" | grep -xE 'v[0-9]+\.[0-9]+\.[0-9]+' | sort -V | tail -n 1)" = "$tag" ]
}

major=${tag%%.*} minor=${tag%.*}
if highest "$minor.*"; then printf '%s\n' "${minor#v}"; fi
if highest "$major.*"; then printf '%s\n' "${major#v}"; fi
if highest 'v*'; then printf 'latest\n'; fi
