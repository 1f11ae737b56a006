#!/bin/sh
# Tries packaging/install.sh against a server on this machine that plays a release's files: a good one, a newer one, one whose archive
# was exchanged, one without a program for this system, one that is not there, and a server that is not there.
set -eu
cd "$(dirname "$0")/.."
temp=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server"; rm -rf "$temp"' EXIT
die() { printf 'install-test: %s\n' "$*" >&2; exit 1; }

# A release with a program that says its version.
release() {
    name=bolao-$2-$3
    mkdir -p "$temp/www/$1" "$temp/made/$name"
    printf '#!/bin/sh\necho "bolao %s"\n' "$2" >"$temp/made/$name/bolao"
    chmod +x "$temp/made/$name/bolao"
    tar -czf "$temp/www/$1/$name.tar.gz" -C "$temp/made" "$name"
    (cd "$temp/www/$1" && sha256sum -- *.tar.gz >SHA256SUMS)
}
kind=$(uname -m)-linux
release download/v0.1.0 0.1.0 "$kind"
release latest/download 0.2.0 "$kind"
release download/v0.3.0 0.3.0 "$kind"
printf 'x' >>"$temp/www/download/v0.3.0/bolao-0.3.0-$kind.tar.gz"
release download/v0.4.0 0.4.0 riscv64-linux

python3 -u -m http.server --bind 127.0.0.1 --directory "$temp/www" 0 >"$temp/log" 2>&1 &
server=$!
port=''
for _ in $(seq 100); do
    port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$temp/log" | head -n 1)
    [ -z "$port" ] || break
    sleep 0.1
done
[ -n "$port" ] || die "the server does not start: $(cat "$temp/log")"

install() { BOLAO_RELEASES=http://127.0.0.1:$port BOLAO_BIN=$temp/bin sh packaging/install.sh "$@" >"$temp/out" 2>&1; }
has() { [ "$("$temp/bin/bolao")" = "bolao $1" ] || die "wanted bolao $1: $(cat "$temp/out")"; }
refuses() {
    ! install "$1" || die "took $1: $(cat "$temp/out")"
    grep -q "$2" "$temp/out" || die "wanted \"$2\": $(cat "$temp/out")"
}

install v0.1.0 || die "$(cat "$temp/out")"
has 0.1.0
install || die "$(cat "$temp/out")"
has 0.2.0
refuses v0.3.0 "not what SHA256SUMS says"
refuses v0.4.0 "no program for"
refuses v9.9.9 "cannot download"
has 0.2.0
! BOLAO_RELEASES=http://127.0.0.1:9 BOLAO_BIN=$temp/bin sh packaging/install.sh >"$temp/out" 2>&1 || die "installed from nobody"
has 0.2.0
! sh packaging/install.sh >"$temp/out" 2>&1 || die "installed from nowhere"
grep -q BOLAO_RELEASES "$temp/out" || die "$(cat "$temp/out")"
echo "the install script: six releases tried"
