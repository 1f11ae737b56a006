# Installs a released program with Homebrew. A release's copy has its version, addresses and sums in place of @…@: put it into Formula/ of
# a tap. Not tried with Homebrew yet.
class Bolao < Formula
  desc "Football betting pool among friends in which nobody can forge a bet"
  homepage "@PROJECT@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@FILES@/bolao-@VERSION@-aarch64-macos.tar.gz"
      sha256 "@SUM-aarch64-macos@"
    end
    on_intel do
      url "@FILES@/bolao-@VERSION@-x86_64-macos.tar.gz"
      sha256 "@SUM-x86_64-macos@"
    end
  end
  on_linux do
    on_arm do
      url "@FILES@/bolao-@VERSION@-aarch64-linux.tar.gz"
      sha256 "@SUM-aarch64-linux@"
    end
    on_intel do
      url "@FILES@/bolao-@VERSION@-x86_64-linux.tar.gz"
      sha256 "@SUM-x86_64-linux@"
    end
  end

  def install
    bin.install "bolao"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/bolao.bash" => "bolao"
    fish_completion.install "completions/bolao.fish"
    zsh_completion.install "completions/bolao.zsh" => "_bolao"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/bolao --version")
  end
end
