#!/bin/sh
# Examples of changes: the made-up ones of tests/probes are applied to a copy, which must compile with all of them.
set -eu
cd "$(dirname "$0")/.."
copy=${CARGO_TARGET_DIR:-target}/probes
rm -rf "$copy"
mkdir -p "$copy"
copy=$(cd "$copy" && pwd)

git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -xf - -C "$copy"
# The program embeds the page.
[ ! -d web/dist ] || cp -R web/dist "$copy/web/dist"
for probe in tests/probes/*.patch; do
    printf '== %s: %s files, %s lines\n' "$(basename "$probe" .patch)" "$(grep -c '^+++ b/' "$probe")" "$(grep -c '^+[^+]' "$probe")"
    # Outside of the repository: within it git leaves out what is ignored. Where the lines around have changed, the patch is made anew.
    GIT_CEILING_DIRECTORIES=$(dirname "$copy") git -C "$copy" apply -C1 "$PWD/$probe"
done
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
# Not from within the copy: there Cargo joins its flags with those of the directory around it, and checks every library again.
CARGO_TARGET_DIR=$target ${CARGO:-cargo} check --quiet --locked --manifest-path "$copy/Cargo.toml" --package bolao
