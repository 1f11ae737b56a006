#!/bin/sh
# The documents as a site, in target/book/html. The sources stay where a reader of the repository looks for them: their copies are
# brought into one folder, and links to what is not in the book become plain text.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.tools/bin:$PATH"

if ! command -v mdbook >/dev/null 2>&1; then
    echo "== building mdbook into .tools (some minutes)"
    CARGO_PROFILE_DEV_DEBUG=false "${CARGO:-cargo}" install --quiet --locked --debug --no-default-features --features search \
        --root .tools mdbook@0.5.4
fi

book=${CARGO_TARGET_DIR:-target}/book
rm -rf "$book"
mkdir -p "$book/src"
cp book/book.toml "$book"
cp README.md "$book/src/index.md"
cp book/SUMMARY.md CONTRIBUTING.md SECURITY.md CHANGELOG.md "$book/src"
cp -R docs/. "$book/src"
find "$book/src" -name '*.md' -exec sed -E -z -i \
    -e 's#\]\((\.\./)?docs/#](#g; s#src="docs/#src="#g; s#\]\((\.\./)?README\.md#](index.md#g' \
    -e 's#\]\(\.\./(CONTRIBUTING|SECURITY|CHANGELOG)\.md#](\1.md#g' \
    -e 's#\[([^]]*)\]\(((\.\./)*(crates|examples|packaging|web)/|LICENSE|decisions\))[^) ]*\)?#\1#g' {} +

# Each document is a page, and each link to one leads somewhere.
for page in "$book"/src/*.md "$book"/src/decisions/*.md; do
    name=${page#"$book/src/"}
    [ "$name" = SUMMARY.md ] || grep -qF "]($name)" book/SUMMARY.md || { echo "book: $name is not in book/SUMMARY.md" >&2; exit 1; }
    for link in $(grep -oE '\]\([^)#:]+[)#]' "$page" | cut -c3- | tr -d ')#'); do
        [ -e "$(dirname "$page")/$link" ] || { echo "book: $name links to $link, which is not in the book" >&2; exit 1; }
    done
done
mdbook build "$book"
echo "== $book/html/index.html"
