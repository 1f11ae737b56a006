#!/bin/sh
# Every fuzz target for so many seconds each (30 if not told), or only those named: `fuzz.sh 600 wire core`.
# Needs a nightly compiler: `rustup toolchain install nightly`.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-30}
[ "$#" -eq 0 ] || shift

cargo +nightly --version >/dev/null || { echo 'fuzz: wanted: rustup toolchain install nightly' >&2; exit 1; }
cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked
python3 fuzz/seeds.py
cargo +nightly fuzz build
[ "$#" -gt 0 ] || set -- $(cargo +nightly fuzz list)
failed=''
for target in "$@"; do
    printf '\n== %s\n' "$target"
    mkdir -p "fuzz/corpus/$target" "fuzz/seeds/$target"
    cargo +nightly fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
        -max_total_time="$seconds" -max_len=65536 -timeout=20 -print_final_stats=1 -verbosity=0 || failed="$failed $target"
done
[ -z "$failed" ] || { echo "fuzz: found something in:$failed (see fuzz/artifacts)" >&2; exit 1; }
