#!/usr/bin/env bash
# Makes action.yml and pipe.yml of the working folder name a published image instead of the sources:
# release-pin.sh VERSION DIGEST
set -euo pipefail
shopt -s inherit_errexit
version=$1 digest=$2
image=ghcr.io/bbkeys/bbkeys

[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || {
  printf 'the digest %q is not sha256: and 64 hexadecimal digits\n' "$digest" >&2
  exit 1
}

# replace FILE FROM TO changes the one line FROM; none or two of them is an error.
replace() {
  [ "$(grep -cxF -- "$2" "$1")" = 1 ] || {
    printf '%s does not have the line "%s" exactly once\n' "$1" "$2" >&2
    exit 1
  }
  local line
  line=$(grep -nxF -- "$2" "$1")
  sed -i "${line%%:*}c\\
${3//\\/\\\\}" "$1"
}

replace action.yml '  image: Dockerfile' "  image: docker://$image@$digest"
replace pipe.yml "image: $image:latest" "image: $image:$version@$digest"
