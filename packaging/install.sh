#!/bin/sh
# Installs Bolao's program from a release: compares its sum with the release's SHA256SUMS, and puts it into ~/.local/bin. That finds a
# broken download; `gh attestation verify FILE --repo OWNER/NAME` says that the project's own machines made a file.
# Wants curl, tar and gzip. Run again, it installs a newer release over an older one.
#   sh install.sh            the newest release
#   sh install.sh v0.1.0     this one
# BOLAO_BIN=DIR puts the program elsewhere; BOLAO_RELEASES=URL is where releases are (default: the project's page).
set -eu

# A release's copy of this script has the project's page here.
releases=${BOLAO_RELEASES:-@RELEASES@}

say() { printf '%s\n' "$*"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

get() {
    curl --proto '=https,http' --proto-redir '=https' --fail --silent --show-error --location --retry 3 --output "$2" "$1" ||
        die "cannot download $1: check the connection and the version"
}

# All of it is read before any of it runs: a download that breaks off does nothing.
main() {
    version=${1:-}
    bin=${BOLAO_BIN:-$HOME/.local/bin}
    case $releases in
    http://127.0.0.1:*@*) die "this is no address of a release: $releases" ;;
    https://* | http://127.0.0.1:*) ;;
    *) die "say where the releases are: BOLAO_RELEASES=https://…/releases sh install.sh" ;;
    esac
    for tool in curl tar gzip; do
        command -v "$tool" >/dev/null 2>&1 || die "$tool is missing: install it first"
    done
    if command -v sha256sum >/dev/null 2>&1; then
        sum='sha256sum'
    elif command -v shasum >/dev/null 2>&1; then
        sum='shasum -a 256'
    else
        die "neither sha256sum nor shasum is there to check the download with: install one first"
    fi
    system=$(uname -s)
    machine=$(uname -m)
    case $machine in
    arm64) machine=aarch64 ;;
    amd64) machine=x86_64 ;;
    esac
    case $system in
    Linux) kind=$machine-linux ;;
    Darwin) kind=$machine-macos ;;
    *) die "this script knows no program for $system: look at the release's files, or build it from source" ;;
    esac
    from=$releases/latest/download
    [ -z "$version" ] || from=$releases/download/$version

    temp=$(mktemp -d)
    trap 'rm -rf "$temp"' EXIT
    get "$from/SHA256SUMS" "$temp/SHA256SUMS"
    line=$(grep -E "^[0-9a-f]{64}  bolao-[0-9A-Za-z.+-]+-$kind\.tar\.gz\$" "$temp/SHA256SUMS") ||
        die "this release has no program for $system on $machine: build it from source, as the README says"
    [ "$(printf '%s\n' "$line" | wc -l)" -eq 1 ] || die "SHA256SUMS names several programs for $kind"
    archive=${line#*  }
    say "downloading $archive"
    get "$from/$archive" "$temp/$archive"
    (cd "$temp" && printf '%s\n' "$line" | $sum -c - >/dev/null 2>&1) ||
        die "$archive is not what SHA256SUMS says: nothing was installed; try again, and tell the project if it stays so"
    tar -xzf "$temp/$archive" -C "$temp" "${archive%.tar.gz}/bolao"
    mkdir -p "$bin"
    # Renamed into its place: a node that runs keeps the old one until it is started again.
    cp "$temp/${archive%.tar.gz}/bolao" "$bin/.bolao.new"
    chmod 755 "$bin/.bolao.new"
    "$bin/.bolao.new" --version >/dev/null 2>&1 || { rm -f "$bin/.bolao.new"; die "the program does not run on this machine"; }
    mv -f "$bin/.bolao.new" "$bin/bolao"
    say "installed $("$bin/bolao" --version) as $bin/bolao"
    case :$PATH: in
    *:"$bin":*) say "next: bolao start" ;;
    *) say "next: $bin/bolao start   (or add $bin to PATH)" ;;
    esac
}

main "$@"
