#!/bin/sh
# Every test of the project. Stops at the first suite that fails.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.tools/pip/bin:$PWD/.tools/deb/usr/bin:$PWD/.tools/deb/usr/sbin:/usr/sbin:$PATH"

say() { printf '\n== %s\n' "$*"; }

say "the page's pieces"
sh scripts/page.sh test

say "unit, property and multi-node tests"
if cargo nextest --version >/dev/null 2>&1; then
    # Those with nodes of their own wait more than they compute; .config/nextest.toml says how many of them run at once.
    cargo nextest run --workspace --locked --test-threads 5
    say "nodes on machines of their own, between which the network is cut (a minute)"
    if ip netns add bolao-try 2>/dev/null && ip netns del bolao-try; then
        # Without the one that waits for longer than a minute.
        cargo nextest run --workspace --locked --run-ignored only \
            -E 'package(bolao) & (test(networks::a_name) | test(networks::an_organiser) | test(networks::routers) | test(partition::))'
    else
        echo "test: SKIPPED: these want root and network namespaces ('ip netns', of Debian's iproute2)" >&2
    fi
else
    cargo test --workspace --locked --lib --bins --tests
fi
say "examples in the documentation"
cargo test --workspace --locked --doc

say "the rules compile for the browser, without C"
pure='--target wasm32-unknown-unknown -p bolao-ledger -p bolao-headers -p bolao-receipts -p bolao-replay -p bolao-rulebook -p bolao-acting -p bolao-answers -p bolao-browser -p bolao-openings -p bolao-fixtures -p bolao-wallet --no-default-features'
# shellcheck disable=SC2086
cargo check --locked $pure
# shellcheck disable=SC2086
if cargo tree --locked $pure -e normal,build --prefix none | grep -E '^(cc|cmake|bindgen|pkg-config) v'; then
    echo "test: the rules bring C, which no browser runs: see the lines above" >&2
    exit 1
fi

say "the version"
sh scripts/version-test.sh

say "installing from a release"
sh scripts/install-test.sh

say "in a real browser"
bolao=$(realpath "${CARGO_TARGET_DIR:-target}/debug/bolao")
(cd e2e && npm ci --no-audit --no-fund --silent && BOLAO=$bolao npm test)
