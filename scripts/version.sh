#!/bin/sh
# The version of this checkout, in names of files, in packages and in the program. On the commit of the tag v0.1.0 it is 0.1.0, as in
# Cargo.toml. Elsewhere the commit's time (UTC) and name follow, and `.dirty` where files differ from it:
# 0.1.0+20261126190812.gc628ed2c0def. That sorts after 0.1.0 and before 0.1.1, for Debian too. It needs no other commit and no tag, so a
# clone without them gives the same. Without git it is what Cargo.toml says. The commit that a tag names raises Cargo.toml.
#   version.sh            the version
#   version.sh program    what `bolao --version` shows: a release with its commit, 0.1.0 (c628ed2c0def)
#   version.sh v0.1.0     the version, if this is the release with that tag; else a failure that says why not
set -eu
cd "$(dirname "$0")/.."
die() { printf 'version: %s\n' "$*" >&2; exit 1; }
git() { command git --git-dir=.git "$@" 2>/dev/null; }

release=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
commit=$(git rev-parse --short=12 HEAD) || commit=''
version=$release
if [ -n "$commit" ]; then
    dirty=''
    git diff --quiet HEAD || dirty=.dirty
    if [ -n "$dirty" ] || ! git tag --points-at HEAD | grep -Fqx "v$release"; then
        version=$release+$(TZ=UTC0 git log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S).g$commit$dirty
    fi
fi

case ${1:-} in
'') ;;
program) [ -z "$commit" ] || [ "$version" != "$release" ] || version="$version ($commit)" ;;
v*)
    [ "$1" = "v$release" ] || die "the tag is $1, but Cargo.toml says $release: raise that and tag its commit, or tag v$release"
    [ -n "$commit" ] || die "this is no checkout of git, so nothing says that it is $1"
    [ "$version" = "$release" ] || die "this is $version and not $1: check that tag out, without changes"
    ;;
*) die "wanted nothing, \`program\` or a tag such as v$release, got $1" ;;
esac
printf '%s\n' "$version"
