#!/bin/sh
# Bad things happen to pools of real nodes for up to an hour, on two cores; ends with a table, one row a kind. Ends with 1 if a row
# does not hold or anything is lost, and with 77 if all that could be tried holds, but something could not.
#
#   scripts/faults.sh [FOLDER]     FOLDER of rows and logs: target/faults, which is emptied. BOLAO is the program that is tried.
#
# BOLAO_CUTS (40) cuts of each shape and delay (100, 1,200 in all, last half an hour longer), BOLAO_PARTINGS (15), BOLAO_OUTAGES (15)
# of a relay, BOLAO_BETS (30) of slow networks and a small machine, BOLAO_TEST_KILLS (200), BOLAO_SEEDS (20) of fifty power cuts each,
# BOLAO_RUNS (40) of a lying disk, BOLAO_ARCHIVES (200) of each kind, BOLAO_SIMULATED (400) seeds of the simulator.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.tools/deb/usr/bin:$PWD/.tools/deb/usr/sbin:/usr/sbin:/sbin:$PATH"
CARGO_INCREMENTAL=0
BOLAO_FAULTS=$(realpath -m "${1:-target/faults}")
# What nodes did whose row does not hold.
BOLAO_LOG=${BOLAO_LOG:-info,bolao_network=debug,bolao_node=debug,libp2p=warn,quinn=warn}
# What people run, not a build for tests.
BOLAO_TESTED=$(realpath "${BOLAO:-target/quick/bolao}")
export PATH CARGO_INCREMENTAL BOLAO_FAULTS BOLAO_LOG BOLAO_TESTED
rm -rf "$BOLAO_FAULTS"
mkdir -p "$BOLAO_FAULTS"
began=$(date +%s)

# Who waits for a core besides says how much the times are worth.
load() { cut -d ' ' -f 1 /proc/loadavg; }

say() { printf '\n== %3d min, load %s: %s\n' $((($(date +%s) - began) / 60)) "$(load)" "$*"; }

# Networks that a run left that was killed: their names begin with the number of its process.
tidy() {
    for space in $(ip netns list 2>/dev/null | grep -o '^bolao[0-9]*n[0-9]*[ms][0-9r]*'); do
        process=$(printf '%s' "$space" | sed 's/^bolao\([0-9]*\)n.*/\1/')
        [ -d "/proc/$process" ] || ip netns del "$space"
    done
}

# A row of what has no row of its own: KIND, WHAT WAS DONE, RC, SECONDS.
row() {
    held=false
    [ "$3" -ne 0 ] || held=true
    printf '{"kind": "%s", "done": "%s", "held": %s, "lost": 0, "note": "%s s"}\n' "$1" "$2" "$held" "$4" \
        >"$BOLAO_FAULTS/$(printf '%s' "$1" | tr ' ' '-').json"
}

skipped() {
    printf '{"kind": "%s", "done": "", "skipped": "%s"}\n' "$1" "$2" >"$BOLAO_FAULTS/$(printf '%s' "$1" | tr ' ' '-').json"
}

# Runs tests: NAME OF THE LOG, HOW MANY AT ONCE, FILTER. Goes on after a failure.
tests() {
    say "$1"
    log="$BOLAO_FAULTS/$1.tests.log"
    touch "$BOLAO_FAULTS/begun"
    rc=0
    cargo nextest run --workspace --locked --no-fail-fast --run-ignored all --test-threads "$2" -E "$3" >"$log" 2>&1 || rc=$?
    # A test fails where it could not even give a row.
    [ "$rc" -eq 0 ] || grep -E '^ +(FAIL|TIMEOUT|SIG[A-Z]*|ABORT) ' "$log" | sort -u || tail -n 20 "$log"
    find "$BOLAO_FAULTS" -maxdepth 1 -name '*.json' -newer "$BOLAO_FAULTS/begun" -exec python3 scripts/faults-table.py {} + || true
}

# The same, as one row: KIND, WHAT WAS DONE, HOW MANY AT ONCE, FILTER.
one_row() {
    start=$(date +%s)
    tests "$1" "$3" "$4"
    row "$1" "$2" "$rc" $(($(date +%s) - start))
}

cargo nextest --version >/dev/null 2>&1 || { echo "faults: this wants cargo-nextest: scripts/setup.sh test" >&2; exit 2; }
command -v python3 >/dev/null 2>&1 || { echo "faults: this wants python3" >&2; exit 2; }
say "building the tests"
cargo nextest list --workspace --locked >/dev/null
began=$(date +%s)
tidy

if ip netns add "bolao-try-$$" 2>/dev/null && ip netns del "bolao-try-$$"; then
    export BOLAO_CUTS="${BOLAO_CUTS:-40}"
    tests cuts 4 'package(bolao) & test(faults::cuts::)'
    tests partitions 4 'package(bolao) & test(faults::parts::)'
    relay='test(faults::relay::)'
    if ! command -v pebble >/dev/null 2>&1; then
        skipped relay 'no pebble: scripts/setup.sh test'
        relay='none()'
    fi
    tests relay 2 "package(bolao) & ($relay | test(moving::a_friend_whose_address_changes_five))"
    tests small 1 'package(bolao) & test(faults::small::)'
    tests syncs 1 'package(bolao) & test(faults::syncs::)'
else
    for kind in star line ring mesh relay partition 'one way' 'small machine' 'address changes' syncs; do
        skipped "$kind" 'needs root and network namespaces (ip netns)'
    done
fi

tests archives 1 'package(bolao) & (test(faults::archives::) | test(hostile_backups_are_refused))'
BOLAO_TEST_KILLS="${BOLAO_TEST_KILLS:-200}" BOLAO_RUNS="${BOLAO_RUNS:-40}"
export BOLAO_TEST_KILLS BOLAO_RUNS
tests kills 1 'package(bolao) & test(validators_that_are_killed_sign_nothing_twice)'
one_row 'lying disk' "the last 1 to 5 blocks are lost with the power $BOLAO_RUNS times, and once all that all files had" 2 \
    'package(bolao) & test(voting::rolled_back::)'
tests restored 2 'package(bolao) & test(backup::restored::)'
export BOLAO_SEEDS="${BOLAO_SEEDS:-20}"
one_row 'power cuts' "$((BOLAO_SEEDS * 50)) power cuts in the midst of votes, simulated" 1 \
    'package(bolao-chain) & test(fifty_power_cuts_make_no_double_vote)'

say simulator
start=$(date +%s) rc=0 seeds=${BOLAO_SIMULATED:-400}
BOLAO_LOG=error "$BOLAO_TESTED" simulate faults --nodes 6 --seeds "$seeds" >"$BOLAO_FAULTS/simulator.log" 2>&1 || rc=$?
row simulator "$seeds seeds of ten minutes of mixed faults, in each kind of pool" "$rc" $(($(date +%s) - start))

tidy
say "the table, also in $BOLAO_FAULTS"
python3 scripts/faults-table.py "$BOLAO_FAULTS" | tee "$BOLAO_FAULTS/table.txt"
python3 scripts/faults-table.py --quiet "$BOLAO_FAULTS"
