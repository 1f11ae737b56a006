#!/bin/sh
# The tests of the miner on ARM (aarch64), in an emulator where the machine is none. The emulated CPU has the SHA-256
# instructions, and the tests fail if the kernel made of them does not run. Says what is missing, and installs nothing.
# Takes no part in `make test`.
set -eu
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu

miss=0
missing() {
    printf 'test-arm: %s\n' "$*" >&2
    miss=1
}

command -v cargo >/dev/null 2>&1 || {
    missing 'Rust is missing: install it from https://rustup.rs'
    exit 1
}
if [ "$(uname -s) $(uname -m)" != 'Linux aarch64' ]; then
    gcc=${CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER:-aarch64-linux-gnu-gcc}
    qemu=${CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER:-qemu-aarch64}
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER="$gcc" CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="$qemu"
    # Read by the emulator: where the target's libraries are, and a CPU with all that it can emulate.
    export QEMU_LD_PREFIX="${QEMU_LD_PREFIX:-/usr/aarch64-linux-gnu}" QEMU_CPU="${QEMU_CPU:-max}"

    std=$("${RUSTC:-rustc}" --print target-libdir --target $target)
    ls "$std"/libstd-*.rlib >/dev/null 2>&1 || missing "Rust's standard library for $target is missing:" \
        "rustup target add $target (Debian's Rust: dpkg --add-architecture arm64, apt-get install libstd-rust-dev:arm64)"
    if ! command -v "$gcc" >/dev/null 2>&1; then
        missing "the linker $gcc is missing: apt-get install gcc-aarch64-linux-gnu"
    elif [ "$("$gcc" -print-file-name=crt1.o)" = crt1.o ]; then
        missing "the C library for $target is missing: apt-get install libc6-dev-arm64-cross"
    fi
    command -v "${qemu%% *}" >/dev/null 2>&1 || missing "the emulator $qemu is missing: apt-get install qemu-user"
    [ $miss -eq 0 ] || exit 1
    export BOLAO_ARMV8=1
fi
# An emulator takes long for more.
export BOLAO_EXHAUSTIVE="${BOLAO_EXHAUSTIVE:-20}"

if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run -p bolao-miner --target $target --locked
else
    cargo test -p bolao-miner --target $target --locked --lib --tests
fi
