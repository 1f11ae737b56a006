#!/bin/sh
# The web page: `page.sh build` makes web/dist, which the program embeds; `page.sh check` looks at types and style;
# `page.sh test` runs the tests of its pieces. The last two want what `build` has made.
set -eu
cd "$(dirname "$0")/.."

say() { printf '== %s\n' "$*"; }

packages() {
    # npm writes the first when it has installed all of the second.
    [ web/node_modules/.package-lock.json -nt web/package-lock.json ] && return
    say "packages of the page"
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
}

case ${1:-build} in
build)
    # They wait for the network while the compiler works.
    packages &
    sh scripts/wasm.sh
    wait $!
    say "the page"
    cd web
    npm run --silent build
    ;;
check | test)
    packages
    cd web
    npm run --silent "$1"
    ;;
*)
    echo "page: wanted build, check or test, got $1" >&2
    exit 2
    ;;
esac
