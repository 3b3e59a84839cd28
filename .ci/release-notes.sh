#!/usr/bin/env bash
# Prints the section of a version, without its heading: release-notes.sh VERSION <CHANGELOG.md
set -euo pipefail
shopt -s inherit_errexit
awk -v heading="## $1" '
  $0 == heading || index($0, heading " ") == 1 { inside = 1; next }
  /^## / { inside = 0 }
  inside { print; if (NF) said = 1 }
  END { exit !said }
' || {
  printf 'CHANGELOG.md says nothing under "## %s"\n' "$1" >&2
  exit 1
}
