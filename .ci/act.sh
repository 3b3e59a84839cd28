#!/usr/bin/env bash
# The action as a workflow uses it, run for real by act: this repository itself with "uses: ./", as it
# is (green), and with a key in the last commit (red).
. "$(dirname "$0")/lib.sh"
. .ci/sample.sh

CLONE=$RUN/act

clone() {
  rm -rf "$CLONE"
  git clone -q . "$CLONE"
  cat >"$CLONE/.github/workflows/act.yml" <<'YAML'
on: push
jobs:
  keys:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: ./
        id: keys
        with:
          fail-on: error
      - if: always()
        env:
          STEP: ${{ toJSON(steps.keys) }}
        run: printf '%s\n' "$STEP" >step.json
YAML
  commit "$CLONE" 'Try the action'
}

# push WANT runs the workflow for the last commit, wants its exit status, and leaves what the step
# said in step.json.
push() {
  rm -f "$CLONE/step.json"
  push_event "$RUN/event.json" "$(git -C "$CLONE" rev-parse HEAD~1)" "$(git -C "$CLONE" rev-parse HEAD)"
  (
    cd "$CLONE" || exit 1
    XDG_CONFIG_HOME=$RUN/config status "$1" "$ACT_COMMAND" push --bind --pull=false \
      -W .github/workflows/act.yml -e "$RUN/event.json" -P "ubuntu-latest=$RUNNER"
  )
  [ -f "$CLONE/step.json" ] || { cat "$RUN/out" "$RUN/err" >&2; fail 'the step after the action did not run'; }
}

ACT_COMMAND=$(tool "$ACT")
clone
push 0
contains "$CLONE/step.json" '"found": "false"'
contains "$CLONE/step.json" '"outcome": "success"'
contains "$CLONE/step.json" '"complete": "true"'

key=$(mint)
printf 'TOKEN=%s\n' "$key" >"$CLONE/settings.env"
commit "$CLONE" 'Deploy'
push 1
contains "$CLONE/step.json" '"found": "true"'
contains "$CLONE/step.json" '"error-count": "1"'
contains "$CLONE/step.json" '"outcome": "failure"'
contains "$CLONE/step.json" '"sarif-file": "bbkeys.sarif"'
contains "$RUN/out" 'settings.env'
nowhere "$key" "$RUN/out" "$RUN/err" "$CLONE/step.json" "$CLONE/bbkeys.sarif"
cat "$CLONE/step.json"
