#!/usr/bin/env bash
# A release as .github/workflows/release.yml makes it, up to where it would be published: the binaries
# are built and compared with the image, and the tag is moved in a repository of its own.
. "$(dirname "$0")/lib.sh"
. .ci/sample.sh

VERSION=0.0.0-check # as in image.sh, so that the binaries can be compared
DIGEST=sha256:$(printf '' | sha256sum | cut -d ' ' -f 1)

binaries() {
  local file
  bash .ci/release-build.sh "$VERSION" "$RUN/dist"
  (cd "$RUN/dist" && sha256sum --quiet -c SHA256SUMS)
  [ "$(wc -l <"$RUN/dist/SHA256SUMS")" = 6 ] || fail 'there are not six binaries'
  for file in "$RUN/dist/"bbkeys-*; do
    if grep -qaF "$PWD" "$file"; then fail "$file tells where it was built"; fi
  done
  cmp "$RUN/dist/bbkeys-linux-amd64" "$RUN/plain/bbkeys"
  cmp "$RUN/dist/bbkeys-linux-arm64" "$RUN/arm64/bbkeys"
  status 0 "$RUN/dist/bbkeys-linux-$(go env GOARCH)" version
  contains "$RUN/out" "$VERSION"
  cat "$RUN/dist/SHA256SUMS"
}

# refuses TEXT COMMAND... wants a command to fail with a sentence.
refuses() {
  local text=$1
  shift
  status 1 "$@"
  contains "$RUN/err" "$text"
}

tags() {
  local work=$RUN/release remote=$RUN/remote.git built moved scripts=$PWD/.ci
  rm -rf "$work" "$remote"
  git clone -q . "$work"
  git init -q --bare "$remote"
  cd "$work"
  printf '\n## 7.1.0\n\n- New.\n\n- More.\n\n## 7.0.9 (an old line)\n\n- Mended.\n\n## 7.0.1\n' >>CHANGELOG.md
  commit . 'Prepare'
  built=$(git rev-parse HEAD)
  git tag v7.1.0
  git -c user.name=Ada -c user.email=ada@example.com tag -a -m 'Patch' v7.0.9
  git tag v7.2.0
  git tag version7
  git push -q "$remote" HEAD:refs/heads/main --tags

  bash "$scripts/release-check.sh" v7.1.0 "$built" HEAD
  bash "$scripts/release-check.sh" v7.0.9 "$built" HEAD
  refuses 'says nothing' bash "$scripts/release-check.sh" v7.0.1 "$built" HEAD
  refuses 'says nothing' bash "$scripts/release-check.sh" v7.2.0 "$built" HEAD
  refuses 'is no version' bash "$scripts/release-check.sh" version7 "$built" HEAD
  refuses 'is not on' bash "$scripts/release-check.sh" v7.1.0 "$built" HEAD~1
  [ "$(bash "$scripts/release-notes.sh" 7.1.0 <CHANGELOG.md)" = $'\n- New.\n\n- More.' ] || fail 'the notes are not the section of the version'
  git tag -d v7.2.0 >/dev/null
  [ "$(bash "$scripts/release-aliases.sh" v7.1.0 | tr '\n' ' ')" = '7.1 7 latest ' ] || fail 'the highest version does not take every alias'
  [ "$(bash "$scripts/release-aliases.sh" v7.0.9)" = 7.0 ] || fail 'an old line takes more than its own alias'
  git tag v7.3.0-rc.1
  [ -z "$(bash "$scripts/release-aliases.sh" v7.3.0-rc.1)" ] || fail 'a pre-release takes an alias'
  git push -q "$remote" :refs/tags/v7.2.0 :refs/tags/version7

  bash "$scripts/release-move.sh" "$remote" v7.1.0 "$built" "$DIGEST"
  moved=$(git ls-remote "$remote" refs/tags/v7.1.0 | cut -f 1)
  git fetch -q "$remote" "$moved"
  [ "$(git rev-parse "$moved^")" = "$built" ] || fail 'the tag moved to a commit that is no child of what was built'
  [ "$(git ls-remote "$remote" refs/tags/v7 | cut -f 1)" = "$moved" ] || fail 'v7 does not follow v7.1.0'
  git show "$moved:action.yml" >"$RUN/action.yml"
  contains "$RUN/action.yml" "  image: docker://ghcr.io/bbkeys/bbkeys@$DIGEST"
  git show "$moved:pipe.yml" >"$RUN/pipe.yml"
  contains "$RUN/pipe.yml" "image: ghcr.io/bbkeys/bbkeys:7.1.0@$DIGEST"

  # Again is no harm; an annotated tag of a lower version moves alone; a tag that somebody moved stays.
  bash "$scripts/release-move.sh" "$remote" v7.1.0 "$built" "$DIGEST" | grep -q already
  bash "$scripts/release-move.sh" "$remote" v7.0.9 "$built" "$DIGEST"
  [ "$(git ls-remote "$remote" refs/tags/v7 | cut -f 1)" = "$moved" ] || fail 'v7 went back to v7.0.9'
  git push -q -f "$remote" HEAD~1:refs/tags/v7.1.0
  refuses 'nothing was moved' bash "$scripts/release-move.sh" "$remote" v7.1.0 "$built" "$DIGEST"
  refuses 'is not sha256' bash "$scripts/release-move.sh" "$remote" v7.0.9 "$built" sha256:1234
}

binaries
(tags)
