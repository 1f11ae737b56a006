#!/bin/sh
# What an archive holds, on every system: `files.sh PROGRAM DIR` fills DIR with the program, its manual and completions, and the documents.
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$2/man" "$2/completions"
cp "$1" "$2/"
"$1" man "$2/man"
for shell in bash fish zsh; do
    "$1" completions $shell >"$2/completions/bolao.$shell"
done
cp -R README.md CHANGELOG.md SECURITY.md LICENSE-APACHE LICENSE-MIT docs "$2/"
