#!/bin/sh
# Every test of the project. Stops at the first suite that fails.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

say "unit, property and multi-node tests"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --locked
else
    cargo test --workspace --locked --lib --bins --tests
fi
say "examples in the documentation"
cargo test --workspace --locked --doc

say "the article's page in a real browser"
bolao=$(realpath "${CARGO_TARGET_DIR:-target}/debug/bolao")
(cd e2e && npm ci --no-audit --no-fund --silent && BOLAO=$bolao npm test)
