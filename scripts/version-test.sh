#!/bin/sh
# Tries scripts/version.sh in a project of two files: without git, before, at and after tags of both kinds, with a changed file, and in
# clones that lack tags or history.
set -eu
cd "$(dirname "$0")/.."
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
die() { printf 'version-test: %s\n' "$*" >&2; exit 1; }

mkdir -p "$temp/project/scripts"
cp scripts/version.sh "$temp/project/scripts/"
cd "$temp/project"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null TZ=America/Sao_Paulo
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
unset GIT_DIR GIT_WORK_TREE

# `commit 0.1.0 HOUR` on one day, by a clock that is not UTC's.
commit() {
    printf '[workspace.package]\nversion = "%s"\n' "$1" >Cargo.toml
    git add -A
    GIT_AUTHOR_DATE="2030-06-05T$2:00:00-03:00" GIT_COMMITTER_DATE="2030-06-05T$2:00:00-03:00" git commit -q --allow-empty -m "$2"
}
shows() {
    got=$(sh scripts/version.sh "$@")
    [ "$got" = "$wanted" ] || die "wanted $wanted, got $got"
}
refuses() {
    ! sh scripts/version.sh "$1" >"$temp/out" 2>&1 || die "took $1: $(cat "$temp/out")"
    grep -q "$2" "$temp/out" || die "wanted \"$2\": $(cat "$temp/out")"
}
name() { git rev-parse --short=12 HEAD; }
# What was shown last, in a copy without tags and in one without history.
elsewhere() {
    rm -rf "$temp/copy"
    git clone -q "$@" "file://$temp/project" "$temp/copy"
    [ "$(sh "$temp/copy/scripts/version.sh")" = "$wanted" ] || die "a clone ($*) differs: $(sh "$temp/copy/scripts/version.sh")"
}

printf 'version = "0.1.0"\n' >Cargo.toml
wanted=0.1.0
shows
shows program
refuses v0.1.0 'no checkout of git'

git init -q
commit 0.1.0 10
wanted=0.1.0+20300605130000.g$(name)
shows
shows program
refuses v0.1.0 'check that tag out'
elsewhere --no-tags

git tag v0.1.0
wanted=0.1.0
shows
shows v0.1.0
elsewhere --depth=1
wanted="0.1.0 ($(name))"
shows program
refuses v0.2.0 'Cargo.toml says 0.1.0'
refuses 0.1.0 'wanted nothing'
echo >>Cargo.toml
first=0.1.0+20300605130000.g$(name)
wanted=$first.dirty
shows
shows program
refuses v0.1.0 'without changes'
git checkout -q Cargo.toml
touch Cargo.toml
wanted=0.1.0
shows

commit 0.1.0 22
later=0.1.0+20300606010000.g$(name)
wanted=$later
shows
elsewhere --no-tags
elsewhere --depth=1
git tag v0.2.0
shows
refuses v0.2.0 'Cargo.toml says 0.1.0'
git tag -d v0.2.0 >/dev/null

commit 0.1.1 23
git tag -a -m 'with a note' v0.1.1
git tag another
wanted=0.1.1
shows v0.1.1
elsewhere --depth=1

if command -v dpkg >/dev/null 2>&1; then
    before=0.1.0
    for after in "$first" "$first.dirty" "$later" 0.1.1; do
        dpkg --validate-version "$after-1"
        dpkg --compare-versions "$before-1" lt "$after-1" || die "Debian puts $before after $after"
        before=$after
    done
fi
echo "the version: tried at three commits and their clones"
