#!/bin/sh
# What is handed out for Linux, in dist/: the program, linked statically, in an archive with its manual, completions and these documents; a
# Debian package; and what packaging/Dockerfile wants. The same commit gives the same bytes, in whatever directory.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh dist

say() { printf '== %s\n' "$*"; }

machine=$(uname -m)
target=$machine-unknown-linux-musl
version=$(sh scripts/version.sh)
BOLAO_VERSION=$(sh scripts/version.sh program)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git --git-dir=.git log -1 --format=%ct 2>/dev/null || echo 0)}
export BOLAO_VERSION SOURCE_DATE_EPOCH

# Messages of panics and asserts name source files: the directories of this machine get names that are the same everywhere.
${CARGO:-cargo} fetch --quiet --locked --target "$target"
rust='' c=''
for map in "$PWD=bolao" "${CARGO_HOME:-$HOME/.cargo}/registry/src/"*; do
    case $map in
    *=bolao) ;;
    *) map=$map=crates ;;
    esac
    rust="$rust\"--remap-path-prefix=$map\","
    c="$c -ffile-prefix-map=$map"
done
export CFLAGS="${CFLAGS:-}$c"
# Addresses that the program corrects when it starts take a thirtieth of their room (DT_RELR: binutils 2.38, musl 1.2.4).
rust="$rust\"-Clink-arg=-Wl,-z,pack-relative-relocs\","

sh scripts/page.sh build
say "building bolao $BOLAO_VERSION for $target (link-time optimisation takes minutes)"
${CARGO:-cargo} --config "target.$target.rustflags=[$rust]" build --profile dist --target "$target" --locked -p bolao
bolao=${CARGO_TARGET_DIR:-target}/$target/dist/bolao

say "archive"
rm -rf dist
mkdir -p dist/image/data
# The profile's `strip` leaves the names of functions in, ten megabytes of them.
strip -o dist/image/bolao "$bolao"
sh scripts/files.sh dist/image/bolao dist/files
name=bolao-$version-$machine-linux
tar --create --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --transform="s,^files,$name," --directory=dist files | gzip -9n >"dist/$name.tar.gz"

say "Debian package"
# Debian sorts only what follows `~` before the release.
debian=$(printf '%s' "$version" | sed 's/-/~/')-1
PATH="$PWD/.tools/bin:$PATH" ${CARGO:-cargo} deb --quiet --locked --no-build --no-strip --compress-system \
    --profile dist --target "$target" -p bolao --deb-version "$debian" --output dist

(cd dist && sha256sum -- *.deb *.tar.gz >SHA256SUMS && cat SHA256SUMS)
