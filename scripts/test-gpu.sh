#!/bin/sh
# The tests of kernels on the first GPU. Wants the Vulkan loader and a driver, and fails where there is none:
#   apt-get install libvulkan1 mesa-vulkan-drivers    AMD, Intel, and llvmpipe, which does in software what a GPU does
#   the maker's own driver                            NVIDIA
# Takes no part in `make test`: the program is built without GPUs unless it is asked for them.
set -eu
cd "$(dirname "$0")/.."

if ! command -v cargo >/dev/null 2>&1; then
    echo 'test-gpu: Rust is missing: install it from https://rustup.rs' >&2
    exit 1
fi
# Not in the path of people who are not root.
PATH=$PATH:/usr/sbin:/sbin
if ! ldconfig -p | grep -q 'libvulkan\.so\.1'; then
    echo 'test-gpu: the Vulkan loader is missing: apt-get install libvulkan1 mesa-vulkan-drivers' >&2
    exit 1
fi
# Without a GPU tests fail; in other runs with `--features vulkan` they are skipped.
export BOLAO_GPU=1
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run -p bolao-gpu --features vulkan --locked
else
    cargo test -p bolao-gpu --features vulkan --locked --lib --tests
fi
