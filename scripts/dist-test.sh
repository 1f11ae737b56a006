#!/bin/sh
# Makes what is handed out, then tries all of it: the program in a directory with nothing else and on an old processor, the
# package installed and purged, the unit judged by systemd, the image built and run; and that a second directory gives the
# same bytes. Nothing of it stays on this machine: the package is installed into a layer that is thrown away.
#   dist-test.sh            all of it
#   dist-test.sh again      without the second build, which takes as long as the first
set -eu
cd "$(dirname "$0")/.."
root=$PWD
fixtures=data/openfootball/handwritten/unl-2018-19-finals.json

say() { printf '\n== %s\n' "$*"; }
die() { printf 'dist-test: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || die "run this as root: it makes a chroot, installs a package in it, and runs a container"
missing=''
for tool in buildah:buildah qemu-x86_64:qemu-user systemd-analyze:systemd man:man-db curl:curl; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || missing="$missing ${tool#*:}"
done
[ -z "$missing" ] || die "missing: apt-get install$missing"

[ "${1:-}" = again ] || git --git-dir=.git diff --quiet HEAD ||
    die "a second directory gets what is committed: commit first, or say: dist-test.sh again"

sh scripts/dist.sh
image=$root/dist/image
temp=$(mktemp -d)
# Unmounts, too: what is mounted below is so in a namespace of its own.
trap 'rm -rf "$temp"' EXIT

say "the program is static, small and names no directory of this machine"
ldd "$image/bolao" 2>&1 | tee "$temp/ldd" || true
grep -Eq 'statically linked|not a dynamic executable' "$temp/ldd"
size=$(stat -c %s "$image/bolao")
echo "$size bytes"
[ "$size" -le 45000000 ] || die "wanted 45000000 at most"
! grep -aFq -e "$root" -e "${CARGO_HOME:-$HOME/.cargo}" "$image/bolao" || die "it names a directory of this machine"

say "it runs where there is nothing but the program"
mkdir "$temp/nothing"
cp "$image/bolao" "$fixtures" "$temp/nothing/"
nothing() { BOLAO_HOME=/home chroot "$temp/nothing" /bolao "$@"; }
[ "$(nothing --version)" = "bolao $(sh scripts/version.sh program)" ] || die "it says to be $(nothing --version)"
nothing --version
nothing new Cup --fixtures /unl-2018-19-finals.json --zone Europe/Lisbon --as ana >/dev/null
BOLAO_HOME=/home chroot "$temp/nothing" /bolao run -p 0 >"$temp/run.log" 2>&1 &
node=$!
up=''
for _ in $(seq 50); do
    nothing status --running >"$temp/status" 2>&1 && up=yes && break
    sleep 0.2
done
[ -n "$up" ] || { cat "$temp/run.log" "$temp/status"; die "its node does not answer"; }
grep '^Node' "$temp/status"
kill -TERM $node
wait $node
! nothing status --running 2>"$temp/status" || die "a stopped node passes for a running one"
nothing audit | tail -1

say "it runs on a processor of 2006, as kernel 4.4 calls itself"
if [ "$(uname -m)" = x86_64 ]; then
    BOLAO_HOME="$temp/nothing/home" qemu-x86_64 -cpu Conroe -r 4.4.0 "$image/bolao" audit | tail -1
fi

say "the package: installed, used, purged, in a layer over this machine's files"
# shellcheck disable=SC2016
unshare --mount sh -eu -c '
    temp=$1 deb=$2
    mount -t tmpfs layer "$temp"
    mkdir "$temp/changes" "$temp/work" "$temp/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$temp/changes,workdir=$temp/work" "$temp/root"
    mount -t proc proc "$temp/root/proc"
    mount --rbind /dev "$temp/root/dev"
    cp "$deb" "$temp/root/tmp/bolao.deb"
    cp "$3" "$temp/root/tmp/cup.json"
    inside() { chroot "$temp/root" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
    ! inside dpkg -s bolao >/dev/null 2>&1 || { echo "bolao is installed on this machine"; exit 1; }
    # What comes with it, so that it does not count as a rest.
    inside apt-get install -y -qq adduser >/dev/null
    find "$temp/changes" -printf "/%P\n" | sort >"$temp/before"
    inside apt-get install -y -qq /tmp/bolao.deb
    inside dpkg -L bolao >"$temp/files"
    grep -c /man1/ "$temp/files" | sed "s/$/ pages of the manual/"
    inside bolao --version
    inside sh -c "man -w bolao-run && man bolao-run | head -3"
    inside bash -c ". /usr/share/bash-completion/completions/bolao && complete -p bolao"
    inside id bolao
    inside stat -c "%n %U %a" /var/lib/bolao
    inside setpriv --reuid bolao --regid bolao --clear-groups bolao --home /var/lib/bolao new Cup --fixtures /tmp/cup.json \
        --as ana >/dev/null
    inside test -f /var/lib/bolao/genesis.json
    inside systemd-analyze verify /usr/lib/systemd/system/bolao.service
    inside systemd-analyze security --offline=true --threshold=20 /usr/lib/systemd/system/bolao.service | tail -1
    inside apt-get remove -y -qq bolao >/dev/null
    inside test -f /var/lib/bolao/wallet.json
    inside apt-get purge -y -qq bolao >/dev/null
    echo "left after purge (but for what apt and dpkg keep of themselves):"
    find "$temp/changes" -printf "/%P\n" | sort | comm -13 "$temp/before" - |
        grep -Ev "^/(var/(log|cache|lib/(dpkg|apt))|tmp|dev|proc)(/|$)" | tee "$temp/left"
    if grep -i bolao "$temp/left"; then exit 1; fi
    while read -r file; do
        [ -d "$temp/root$file" ] || ! [ -e "$temp/root$file" ] || { echo "still there: $file"; exit 1; }
    done <"$temp/files"
    if inside getent passwd bolao; then exit 1; fi
' - "$temp" "$(ls "$root"/dist/*.deb)" "$root/$fixtures"

say "the image: from nothing, not root, nothing of it can be written but /data"
buildah() { command buildah --root "$temp/buildah" --runroot "$temp/buildah-run" --storage-driver vfs "$@"; }
buildah bud --quiet --isolation chroot --format docker --tag bolao --file packaging/Dockerfile "$image" >/dev/null
buildah inspect --type image --format '{{.Docker.Config.User}} {{.Docker.Config.Healthcheck}}' bolao | tee "$temp/config"
grep -q 'status --running' "$temp/config"
container=$(buildah from bolao)
mkdir "$temp/fixtures"
cp "$fixtures" "$temp/fixtures/cup.json"
inside() { buildah run --isolation chroot --user 65532:65532 --volume "$temp/fixtures:/in:ro" "$container" -- /bolao "$@"; }
inside --version
inside new Cup --fixtures /in/cup.json --as ana >/dev/null
# /data is the image's own volume.
find "$temp/buildah" -name wallet.json -printf '%f %U %m\n' | tee "$temp/wallet"
grep -qx 'wallet.json 65532 600' "$temp/wallet"
inside run -p 0 >"$temp/run.log" 2>&1 &
node=$!
up=''
for _ in $(seq 50); do
    inside status --running >"$temp/status" 2>&1 && up=yes && break
    sleep 0.3
done
[ -n "$up" ] || { cat "$temp/run.log" "$temp/status"; die "the image's node does not answer"; }
grep '^Node' "$temp/status"
kill -TERM "$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$(find "$temp/buildah" -name running.json)")"
wait $node || true
buildah rm --all >/dev/null

[ "${1:-}" != again ] || exit 0
say "a second directory gives the same bytes"
git clone --quiet --no-hardlinks "$root" "$temp/elsewhere"
(cd "$temp/elsewhere" && PATH="$root/.tools/bin:$PATH" sh scripts/dist.sh >/dev/null)
cmp "$temp/elsewhere/dist/SHA256SUMS" dist/SHA256SUMS
cat dist/SHA256SUMS
