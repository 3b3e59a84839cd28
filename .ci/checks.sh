#!/usr/bin/env bash
# The checks that need no container: checks.sh race|go|repository|staticcheck|scripts|arm64|govulncheck|fuzz|benchmarks
. "$(dirname "$0")/lib.sh"

# Where the vendors' schemas are at hand, a test that was skipped for want of one is a failure.
race() {
  local log=$RUN/race.log
  type xmllint >/dev/null 2>&1 || packages libxml2-utils # for the vendors' schemas that are in XML
  if ! go test -race -v ./... >"$log" 2>&1; then
    # What a test says stands before the line that tells that it failed.
    grep -vE '^ *(=== (RUN|PAUSE|CONT|NAME)|--- (PASS|SKIP)|PASS$)' "$log" | grep -E -B 40 -A 20 '^ *--- FAIL|^FAIL|DATA RACE|^panic:' | tail -n 400 >&2
    return 1
  fi
  grep -E '^(ok|FAIL)' "$log"
  if [ -d ../shared/specs ] && grep -n "skipped without the vendor's file" "$log" >&2; then
    fail 'the vendors'\'' schemas are here, yet these tests were skipped'
  fi
}

go_checks() {
  local files
  files=$(git ls-files '*.go' | xargs gofmt -l)
  [ -z "$files" ] || fail "gofmt would change: $files"
  go vet ./...
  go mod tidy -diff
  go mod verify
}

repository() {
  local lines
  lines=$(wc -l <README.md)
  [ "$lines" -le 200 ] || fail "README.md has $lines lines; 200 is the most that is read"
  # A test mints its credentials when it runs. One in the tree would set off every scanner of every fork.
  if git grep -nIoE '(AT[A-Z]{2}T3xFf[A-Za-z0-9_-]{165,}|ATBB[A-Za-z0-9]{24}[0-9A-F]{8}|ATOA[A-Za-z0-9_-]{64}[0-9A-F]{8}|BBDC-[MNO][A-Za-z0-9+/]{43})' | cut -c1-80; then
    fail 'there is a credential-shaped literal in the tree'
  fi
}

# The scripts, and the workflows with the scripts inside them.
scripts() {
  shellcheck --severity warning --external-sources --source-path .ci .ci/run .ci/go-version .ci/*.sh bench/instructions bench/{lib.sh,memory,peers,realcode,repository,run,tree}
  "$(tool "$ACTIONLINT")" .github/workflows/*.yml examples/workflows/github.yml
}

# Findings are exit status 3. Anything else that is not 0 is a failure too, except that the data
# cannot be reached, which says nothing about the code.
govulncheck() {
  local rc=0
  "$(tool "$GOVULNCHECK")" ./... >"$RUN/vuln.log" 2>&1 || rc=$?
  if [ "$rc" = 1 ] && grep -qE 'no such host|dial tcp|connection refused|i/o timeout|Forbidden|fetching vulnerabilities' "$RUN/vuln.log"; then
    printf 'skipped: the vulnerability data cannot be reached from here\n'
    return 0
  fi
  cat "$RUN/vuln.log"
  return "$rc"
}

# Every seed ran with the tests already; this looks a little further from each target. It counts
# inputs, since a run that is ended by time can fail for that alone.
fuzz() {
  local dir target count=0
  while read -r dir; do
    for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go | sed 's/^func //'); do
      go test -run '^$' -fuzz "^$target\$" -fuzztime "${BBKEYS_CI_FUZZTIME:-400x}" -fuzzminimizetime 1x "./$dir"
      count=$((count + 1))
    done
  done < <(git grep -lE '^func Fuzz' -- '*_test.go' ':!bench/search' | xargs -r -n1 dirname | sort -u)
  [ "$count" -gt 0 ] || fail 'there is no fuzz target'
}

# Each benchmark once, so that none rots. What it takes is measured on a quiet machine, by bench/run.
benchmarks() {
  if ! go test -run '^$' -bench . -benchtime 1x ./... >"$RUN/benchmarks.log" 2>&1; then
    grep -vE '^(ok|PASS|goos|goarch|pkg|cpu|Benchmark)' "$RUN/benchmarks.log" >&2
    return 1
  fi
  printf '%s benchmarks run\n' "$(grep -c '^Benchmark' "$RUN/benchmarks.log")"
}

# The prefilter beside other ways to search, which are in a module of their own. That its libraries cannot be
# reached says nothing about the code.
search() {
  cd bench/search
  if ! go mod download >"$RUN/search.log" 2>&1; then
    if grep -qE 'no such host|dial tcp|connection refused|i/o timeout|Forbidden|is not available|disabled by GOPROXY' "$RUN/search.log"; then
      printf 'skipped: the libraries cannot be reached from here\n'
      return 0
    fi
    cat "$RUN/search.log"
    return 1
  fi
  go mod tidy -diff
  local experiment
  for experiment in '' simd; do
    GOEXPERIMENT=$experiment go vet ./...
    GOEXPERIMENT=$experiment "$(tool "$STATICCHECK")" ./...
    GOEXPERIMENT=$experiment go test ./...
  done
  GOEXPERIMENT=simd go test -run '^$' -fuzz '^FuzzSame$' -fuzztime "${BBKEYS_CI_FUZZTIME:-400x}" -fuzzminimizetime 1x .
}

# The other processor's instructions, emulated.
arm64() {
  GOARCH=arm64 go vet ./...
  GOARCH=arm64 go test -exec qemu-aarch64-static ./prefilter
}

case ${1:-} in
arm64 | benchmarks | race | repository | scripts | govulncheck | fuzz | search) "$1" ;;
go) go_checks ;;
staticcheck) "$(tool "$STATICCHECK")" ./... ;;
*) fail 'usage: checks.sh race|go|repository|staticcheck|scripts|arm64|govulncheck|fuzz|benchmarks|search' ;;
esac
