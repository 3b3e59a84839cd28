#!/usr/bin/env bash
# Moves a pushed tag onto a commit that differs from what was built only in naming the built image:
# release-move.sh REMOTE TAG BUILT DIGEST
#
# Whoever writes "uses: bbkeys/bbkeys@v1.2.3" gets the action.yml of that tag's commit, and the image
# is known only after that commit is built. So the tag moves once, before its release is published:
#
#   main  ──●──●──● BUILT
#                  \
#                   ● action.yml and pipe.yml name the image      <- v1.2.3, v1
#
# The move is one atomic push, and only if the tag still points where it was when it was built. The new
# commit is made of BUILT alone, dates included, so that running this again finds its own work and
# stops. The tag of the major version follows unless a higher version of it has been released.
set -euo pipefail
shopt -s inherit_errexit
remote=$1 tag=$2 built=$(git rev-parse --verify "$3^{commit}") digest=$4
major=${tag%%.*}
pin=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/release-pin.sh

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# there REF prints the object that a ref of the remote names, or nothing.
there() { git ls-remote "$remote" "$1" | cut -f 1; }

# ours prints the new commit. It is made beside the working folder, which it leaves alone.
ours() (
  local dir tree file when bot='github-actions[bot]'
  local mail="41898282+$bot@users.noreply.github.com"
  dir=$(mktemp -d)
  trap 'rm -rf "$dir"' EXIT
  for file in action.yml pipe.yml; do
    git show "$built:$file" >"$dir/$file"
  done
  (cd "$dir" && bash "$pin" "${tag#v}" "$digest")
  export GIT_INDEX_FILE=$dir/index
  git read-tree "$built"
  for file in action.yml pipe.yml; do
    git update-index --cacheinfo "100644,$(git hash-object -w "$dir/$file"),$file"
  done
  tree=$(git write-tree)
  when=$(git show -s --format=%cI "$built")
  GIT_AUTHOR_NAME=$bot GIT_AUTHOR_EMAIL=$mail GIT_AUTHOR_DATE=$when \
    GIT_COMMITTER_NAME=$bot GIT_COMMITTER_EMAIL=$mail GIT_COMMITTER_DATE=$when \
    git commit-tree "$tree" -p "$built" -m "Release $tag: name the image by its digest"
)

commit=$(ours)
[ "$(git diff --name-only "$built" "$commit" | tr '\n' ' ')" = 'action.yml pipe.yml ' ] || fail 'more than action.yml and pipe.yml would change'

old=$(there "refs/tags/$tag")
[ -n "$old" ] || fail "the remote has no tag $tag"
peeled=$(there "refs/tags/$tag^{}")
case ${peeled:-$old} in
"$built") ;;
"$commit")
  printf '%s is already at %s\n' "$tag" "$commit"
  exit 0
  ;;
*) fail "the tag $tag is at ${peeled:-$old} now, which is not what was built; nothing was moved" ;;
esac

push=("--force-with-lease=refs/tags/$tag:$old" "$commit:refs/tags/$tag")
highest=$(git ls-remote --refs "$remote" "refs/tags/$major.*" | cut -f 2 | sed 's,^refs/tags/,,' |
  { grep -v -- - || true; } | sort -V | tail -n 1)
if [ "$highest" = "$tag" ]; then
  push+=("--force-with-lease=refs/tags/$major:$(there "refs/tags/$major")" "$commit:refs/tags/$major")
fi
git push -q --atomic "$remote" "${push[@]}"
printf '%s is at %s\n' "$tag" "$commit"
