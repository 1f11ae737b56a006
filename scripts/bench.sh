#!/bin/sh
# Every benchmark. Each prints its figures beside something real that ran a moment before or after.
set -eu
cd "$(dirname "$0")/.."
cargo bench --workspace --locked "$@"
