# Installs a released program with Nix. A release's copy has its version, addresses and sums in place of @…@:
#   nix-build -E 'with import <nixpkgs> { }; callPackage ./bolao.nix { }'
# Not built with nixpkgs yet.
{ lib, stdenvNoCC, fetchurl, installShellFiles }:

let
  sums = {
    aarch64-darwin = "@SUM-aarch64-macos@";
    aarch64-linux = "@SUM-aarch64-linux@";
    x86_64-darwin = "@SUM-x86_64-macos@";
    x86_64-linux = "@SUM-x86_64-linux@";
  };
  system = stdenvNoCC.hostPlatform.system;
  kind = builtins.replaceStrings [ "darwin" ] [ "macos" ] system;
in
stdenvNoCC.mkDerivation {
  pname = "bolao";
  version = "@VERSION@";
  src = fetchurl {
    url = "@FILES@/bolao-@VERSION@-${kind}.tar.gz";
    sha256 = sums.${system} or (throw "bolao: no program is released for ${system}");
  };
  nativeBuildInputs = [ installShellFiles ];
  # It is stripped, and those for macOS are signed.
  dontStrip = true;
  installPhase = ''
    runHook preInstall
    install -Dm755 bolao $out/bin/bolao
    installManPage man/*.1
    installShellCompletion --cmd bolao --bash completions/bolao.bash --fish completions/bolao.fish --zsh completions/bolao.zsh
    runHook postInstall
  '';
  meta = {
    description = "Football betting pool among friends in which nobody can forge a bet";
    homepage = "@PROJECT@";
    license = [ lib.licenses.mit lib.licenses.asl20 ];
    mainProgram = "bolao";
    platforms = builtins.attrNames sums;
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
  };
}
