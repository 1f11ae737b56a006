#!/bin/sh
# Every benchmark, then the figures once more in short. Each figure stands beside something real of the same run.
set -eu
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log" "$log.status"' EXIT
# The status goes through a file: a pipe's is that of its last command.
{ cargo bench --workspace --locked --bench '*' "$@" 2>&1; echo $? >"$log.status"; } | tee "$log"
status=$(cat "$log.status")
[ "$status" -eq 0 ] || exit "$status"

printf '\n== In short\n'
awk '
    # Criterion: the name stands before the first figure or, if it is long, on the line before; of three times the
    # middle one is the likeliest.
    / time: +\[/ || /^ *time: +\[/ {
        name = $0
        sub(/ *time: +\[.*/, "", name)
        if (name ~ /^ *$/) name = before
        split(substr($0, index($0, "[") + 1), times, " ")
        printf "%-66s %10s %s\n", name, times[3], times[4]
    }
    /ratio/ || /^\| / || /^## / { print }
    { before = $0 }
' "$log"
