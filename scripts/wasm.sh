#!/bin/sh
# The rules for the page: crates/rules/browser as WebAssembly with its JavaScript, in web/src/rules/pkg. The same commit gives the same
# bytes, in whatever directory.
set -eu
cd "$(dirname "$0")/.."
pkg=web/src/rules/pkg

say() { printf '== %s\n' "$*"; }
die() { printf 'wasm: %s\n' "$*" >&2; exit 1; }

target=wasm32-unknown-unknown
[ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] || {
    command -v rustup >/dev/null 2>&1 && rustup target add "$target"
} || die "Rust's library for $target is missing: it comes with rustup, from https://rustup.rs"

version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' crates/rules/browser/Cargo.toml)
grep -qF "\"=$version\"" scripts/bindgen/Cargo.toml || die "scripts/bindgen is not of wasm-bindgen's version, $version"
tool=.tools/bindgen-$version
making=''
if ! [ -x "$tool/bin/bolao-bindgen" ]; then
    say "building wasm-bindgen $version into .tools"
    CARGO_PROFILE_DEV_DEBUG=false \
        ${CARGO:-cargo} install --quiet --locked --debug --root "$tool" --target-dir "$tool/target" --path scripts/bindgen &
    making=$!
fi

say "building the rules for the page"
# What the names below stand for must be there.
${CARGO:-cargo} fetch --quiet --locked --target "$target"
# Messages of panics name source files: the directories of this machine get names that are the same everywhere.
rust="\"--remap-path-prefix=$PWD=bolao\""
for map in "${CARGO_HOME:-$HOME/.cargo}/registry/src/"*; do
    rust="$rust,\"--remap-path-prefix=$map=crates\""
done
# So do those of the standard library, where its source is installed.
hash=$(rustc -vV | sed -n 's/^commit-hash: //p')
rust="$rust,\"--remap-path-prefix=$(rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$hash\""
# The rounds of SHA-2 as loops.
rust="$rust,\"--cfg=sha2_backend_soft=\\\"compact\\\"\""
# A chain that a page replays takes at most this: 1 GiB.
rust="$rust,\"-Clink-arg=--max-memory=1073741824\""
${CARGO:-cargo} --config "target.$target.rustflags=[$rust]" \
    rustc --quiet --locked --profile page --target "$target" -p bolao-browser --lib --crate-type cdylib

[ -z "$making" ] || wait "$making"
rm -rf "$tool/target"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$tool/bin/bolao-bindgen" "${CARGO_TARGET_DIR:-target}/$target/page/bolao_browser.wasm" "$made"
cat >"$made/rules.d.ts" <<'END'
// What crates/rules/browser/src/bindings.rs exports.
export class Rules {
  ask(question: string): string;
  feed(piece: Uint8Array): string;
  read_block(height: number, part: Uint8Array): string;
  recall(kept: Uint8Array): boolean;
  keep_blocks(): void;
  keep(leaving: boolean): Uint8Array<ArrayBuffer>;
  free(): void;
}
export default function init(options: { module_or_path: URL | Response | BufferSource }): Promise<unknown>;
END
mkdir -p "$pkg"
# What is the same keeps its time, so that nothing is built again for it.
for file in rules.js rules_bg.wasm rules.d.ts; do
    cmp -s "$made/$file" "$pkg/$file" || cp "$made/$file" "$pkg/$file"
done
