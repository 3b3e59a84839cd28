#!/usr/bin/env bash
# Says whether a tag may be released: release-check.sh TAG COMMIT MAIN
#
# COMMIT is what the tag pointed at when it was pushed, MAIN the branch that releases come from, such as
# origin/main. A tag is a version, on a commit of that branch, that the change log has a section for.
set -euo pipefail
shopt -s inherit_errexit
tag=$1 commit=$2 main=$3

[[ $tag =~ ^v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$ ]] || {
  printf 'the tag %q is no version; write it like v1.2.3 or v1.2.3-rc.1\n' "$tag" >&2
  exit 1
}
git merge-base --is-ancestor "$commit" "$main" || {
  printf 'the tag %s is not on %s; release what was reviewed\n' "$tag" "$main" >&2
  exit 1
}
git show "$commit:CHANGELOG.md" | bash "$(dirname "$0")/release-notes.sh" "${tag#v}" >/dev/null
