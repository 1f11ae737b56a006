#!/bin/sh
# The commit of this checkout, with -dirty where tracked files differ from it; nothing where there is none.
cd "$(dirname "$0")/.." || exit
git --git-dir=.git describe --always --abbrev=12 --exclude='*' --dirty 2>/dev/null || true
