# Sample repositories with and without a key, for the parts that run the image. Sourced after lib.sh.
# shellcheck shell=bash

# mint prints a new, well-formed, worthless credential. None is ever stored.
mint() {
  go run ./internal/mint bitbucket-access-token
}

# sample DIR LINE makes a repository of two commits; the second adds LINE to deploy/settings.env.
# It sets BEFORE and AFTER to the two commits.
sample() {
  as_root rm -rf "$1" # it may belong to another user by now
  mkdir -p "$1/deploy"
  git -C "$1" init -q -b main
  printf '# Shop\n' >"$1/README.md"
  commit "$1" 'Begin'
  BEFORE=$(git -C "$1" rev-parse HEAD)
  printf 'REGION=eu\n%s\n' "$2" >"$1/deploy/settings.env"
  commit "$1" 'Deploy'
  AFTER=$(git -C "$1" rev-parse HEAD)
  export BEFORE AFTER
}

commit() {
  git -C "$1" add -A
  git -C "$1" -c user.name=Ada -c user.email=ada@example.com commit -q -m "$2"
}

# push_event FILE BEFORE AFTER writes what GitHub says of a push.
push_event() {
  printf '{"ref":"refs/heads/main","before":"%s","after":"%s","created":false,"deleted":false,"forced":false,
    "base_ref":null,"commits":[],"repository":{"full_name":"acme/shop","default_branch":"main"}}\n' "$2" "$3" >"$1"
}

# nowhere KEY PATH... fails where the key stands in one of the files or folders.
nowhere() {
  local key=$1
  shift
  if grep -rlF -- "$key" "$@" >&2; then fail 'the key itself is in these files'; fi
}

# results FILE prints how many results a SARIF file has.
results() {
  node -e 'const s = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(s.runs[0].results.length)' "$1"
}
