#!/bin/sh
# Tries packaging/install.sh against a server on this machine that plays a release's files: a good one, a newer one, one whose archive
# was exchanged, one without a program for this system, one that is not there, and a server that is not there; then the files that
# scripts/release-files.sh adds, on archives that are made up.
#   install-test.sh        that
#   install-test.sh DIR    the files of a real release of this checkout, in DIR
set -eu
files=''
[ $# -eq 0 ] || files=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
temp=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server"; rm -rf "$temp"' EXIT
die() { printf 'install-test: %s\n' "$*" >&2; exit 1; }

# A program that says its version, in an archive.
archive() {
    name=bolao-$2-$3
    mkdir -p "$temp/www/$1" "$temp/made/$name"
    printf '#!/bin/sh\necho "bolao %s"\n' "$2" >"$temp/made/$name/bolao"
    chmod +x "$temp/made/$name/bolao"
    tar -czf "$temp/www/$1/$name.tar.gz" -C "$temp/made" "$name"
}
release() {
    archive "$@"
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
# What the release with these files, as the newest one, installs.
newest() {
    (cd "$1" && sha256sum --check --quiet --strict SHA256SUMS)
    rm -rf "$temp/www/latest"
    mkdir -p "$temp/www/latest"
    ln -s "$1" "$temp/www/latest/download"
    BOLAO_RELEASES=http://127.0.0.1:$port BOLAO_BIN=$temp/bin sh "$1/install.sh" || die "the release's own script fails"
}
if [ -n "$files" ]; then
    newest "$files"
    wanted="bolao $(sh scripts/version.sh program)"
    [ "$("$temp/bin/bolao" --version)" = "$wanted" ] || die "wanted $wanted"
    exit 0
fi
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

version=$(sh scripts/version.sh)
for kind in aarch64-linux aarch64-macos x86_64-linux x86_64-macos; do
    archive download/made "$version" "$kind"
done
files=$temp/www/download/made
sh scripts/release-files.sh "$files" https://example.org/of/bolao
[ "$(wc -l <"$files/SHA256SUMS")" -eq 7 ] || die "wanted the sums of seven files: $(cat "$files/SHA256SUMS")"
newest "$files" >"$temp/out"
has "$version"
for kind in aarch64-linux aarch64-macos x86_64-linux x86_64-macos; do
    name=bolao-$version-$kind.tar.gz
    sum=$(sha256sum "$files/$name")
    grep -A1 -Fx "      url \"https://example.org/of/bolao/releases/download/v$version/$name\"" "$files/bolao.rb" |
        grep -q "sha256 \"${sum%% *}\"" || die "the formula does not know $name"
    grep -q "${sum%% *}" "$files/bolao.nix" || die "bolao.nix does not know $name"
done
! command -v ruby >/dev/null 2>&1 || ruby -c "$files/bolao.rb" >/dev/null
! command -v nix-instantiate >/dev/null 2>&1 || nix-instantiate --parse "$files/bolao.nix" >/dev/null
rm "$files/bolao-$version-x86_64-linux.tar.gz"
! sh scripts/release-files.sh "$files" https://example.org/of/bolao 2>/dev/null || die "took a release without a program"
echo "the install script: seven releases tried"
