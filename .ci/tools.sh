#!/usr/bin/env bash
# Installs the programs that the checks use. Those in Go are kept by version, so this is quick the second time.
. "$(dirname "$0")/lib.sh"
type shellcheck >/dev/null 2>&1 || packages shellcheck
type qemu-aarch64-static >/dev/null 2>&1 || packages qemu-user-static
type valgrind >/dev/null 2>&1 || packages valgrind
for name in "$STATICCHECK" "$ACTIONLINT" "$GOVULNCHECK" "$ACT"; do
  tool "$name"
done
