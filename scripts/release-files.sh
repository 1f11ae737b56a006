#!/bin/sh
# Adds to a directory with a release's archives what is made from them: the install script, the formula for Homebrew and the package for
# Nix, each with this release's addresses and sums, and SHA256SUMS of all.
#   release-files.sh DIR https://github.com/OWNER/NAME
set -eu
dir=$(cd "$1" && pwd)
project=$2
cd "$(dirname "$0")/.."
version=$(sh scripts/version.sh)

fill="s,@PROJECT@,$project,;s,@RELEASES@,$project/releases,;s,@FILES@,$project/releases/download/v$version,;s,@VERSION@,$version,"
for kind in aarch64-linux aarch64-macos x86_64-linux x86_64-macos; do
    sum=$(sha256sum "$dir/bolao-$version-$kind.tar.gz")
    fill="$fill;s,@SUM-$kind@,${sum%% *},"
done
for file in install.sh homebrew/bolao.rb nix/bolao.nix; do
    sed "$fill" "packaging/$file" >"$dir/${file##*/}"
    ! grep '@[A-Z]' "$dir/${file##*/}" || { echo "release-files: nothing is known for these in $file" >&2; exit 1; }
done
cd "$dir"
rm -f SHA256SUMS
sha256sum -- * >SHA256SUMS
