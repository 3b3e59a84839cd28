#!/usr/bin/env bash
# Installs the Go programs that the checks use. They are looked for by version, so this is quick the second time.
. "$(dirname "$0")/lib.sh"
for name in "$STATICCHECK" "$ACTIONLINT" "$GOVULNCHECK" "$ACT"; do
  tool "$name"
done
