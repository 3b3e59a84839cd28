# What the measurements share. Each command is run in turn with those that it is compared with.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
ROUNDS=${ROUNDS:-5}
# Data sets are made once and kept here.
BENCH_DATA=${BENCH_DATA:-${TMPDIR:-/tmp}/bbkeys-bench}
mkdir -p "$BENCH_DATA"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

needs() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null || { echo "$0 needs $name" >&2; exit 1; }
  done
}

# build builds what the Dockerfile builds.
build() {
  CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w -buildid=' -o "$work/bbkeys" .
  go build -o "$work/corpus" ./internal/corpus
}

# once COMMAND... prints its seconds, its processor seconds and its peak memory in kB. An exit status
# up to 3 says what was found.
once() {
  local rc=0 began=$EPOCHREALTIME
  /usr/bin/time -o "$work/time" -f '%U %S %M' "$@" >/dev/null 2>"$work/err" || rc=$?
  [ "$rc" -le 3 ] || { tail -n 5 "$work/err" >&2; echo "exit status $rc: $*" >&2; return 1; }
  tail -n 1 "$work/time" | awk -v began="$began" -v ended="$EPOCHREALTIME" '{ printf "%.6f %.2f %d\n", ended - began, $1 + $2, $3 }'
}

# race WHAT NAME COMMAND [-- NAME COMMAND]... runs the commands in turn and prints a row of a table for
# each but the first, which is bbkeys. A COMMAND is one word for the shell to split, see quote. Each runs
# once before, so that the files are in the page cache. TIMES is how often a round runs each.
race() {
  local what=$1 names=() commands=() i round times=${TIMES:-1}
  shift
  while [ $# -gt 0 ]; do
    names+=("$1") commands+=("$2")
    shift 2
    [ "${1:-}" != -- ] || shift
  done
  for ((i = 0; i < ${#names[@]}; i++)); do
    : >"$work/race$i"
  done
  for ((round = 0; round <= ROUNDS; round++)); do
    for ((i = 0; i < ${#names[@]}; i++)); do
      once bash -c "for ((i = 0; i < $times; i++)); do ${commands[i]} || [ \$? -le 3 ] || exit 9; done" >"$work/last"
      [ "$round" = 0 ] || cat "$work/last" >>"$work/race$i"
    done
  done
  for ((i = 1; i < ${#names[@]}; i++)); do
    awk -v what="$what" -v left="${names[0]}" -v right="${names[i]}" -v times="$times" '
      function sorted(a, n,   i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j] < a[j-1]; j--) { t = a[j]; a[j] = a[j-1]; a[j-1] = t } }
      function median(a, n) { sorted(a, n); return a[int((n + 1) / 2)] }
      function ratio(a, b) { return b > 0 ? sprintf("%.2f", a / b) : "–" }
      function seconds(s) { return s < 0.1 ? sprintf("%.1f ms", 1000 * s) : sprintf("%.2f s", s) }
      function side(name, w, c, m, n) {
        wall = median(w, n); cpu = median(c, n)
        return sprintf("`%s` %s (%s–%s), CPU %s, %d MB", name, seconds(wall), seconds(w[1]), seconds(w[n]), seconds(cpu), median(m, n) / 1000)
      }
      FNR == 1 { file++ }
      { n[file] = FNR; wall_[file, FNR] = $1 / times; cpu_[file, FNR] = $2 / times; mem_[file, FNR] = $3 }
      END {
        for (f = 1; f <= 2; f++) {
          for (k = 1; k <= n[f]; k++) { w[k] = wall_[f, k]; c[k] = cpu_[f, k]; m[k] = mem_[f, k] }
          text[f] = side(f == 1 ? left : right, w, c, m, n[f]); walls[f] = wall; cpus[f] = cpu
        }
        printf "| %s | %s | %s | %s | %s |\n", what, text[1], text[2],
          ratio(walls[1], walls[2]), ratio(cpus[1], cpus[2])
      }' "$work/race0" "$work/race$i"
  done
}

# quote WORD... prints a command for race.
quote() { printf '%q ' "$@"; }

measured() {
  printf '\nmeasured on %s, %s, %s cores (%s), %s of memory, load %s before, %s; %s, %s; %s rounds\n\n' \
    "$(date +%F)" "$(go version | cut -d ' ' -f 3-)" "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)" "$(cut -d ' ' -f 1 /proc/loadavg)" "$(uname -sr)" \
    "$(git --version)" "$(rg --version 2>/dev/null | head -n 1)" "$ROUNDS"
}

heading() { printf '| what | bbkeys | against | wall | CPU |\n| --- | --- | --- | --- | --- |\n'; }
