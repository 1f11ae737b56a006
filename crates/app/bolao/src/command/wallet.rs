//! `bolao wallet`: the key that signs your bets.

use std::{
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use bolao_node::Home;
use bolao_wallet::{Phrase, WalletFile};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    command::confirm::{Answer, ask},
    exit::usage,
    home, output,
    passphrase::{self, CommonArgs},
};

/// The longest text that is read in search of words, in bytes.
const MAX_WORDS: u64 = 4096;
/// The words of a wallet.
const WORDS: usize = 24;

/// Makes, backs up and restores the key that signs your bets
#[derive(Args, Clone, Debug)]
pub(crate) struct WalletArgs {
    #[command(subcommand)]
    command: WalletCommand,
}

#[derive(Subcommand, Clone, Debug)]
enum WalletCommand {
    /// Makes a wallet with new words
    Create {
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Shows the 24 words that restore the wallet; anyone who sees them can bet as you
    Words {
        /// Goes on without asking you to confirm
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Restores the wallet from its words, read from standard input
    Restore {
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Shows your account
    Account {
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Changes the passphrase of the wallet's file
    Passphrase {
        /// Reads the new one from the first line of a file; empty for none
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        common: CommonArgs,
    },
}

pub(crate) fn run(args: WalletArgs, dir: &Path) -> anyhow::Result<()> {
    match args.command {
        WalletCommand::Create { common } => create(&Home::open(dir)?, &common),
        WalletCommand::Restore { common } => restore(&Home::open(dir)?, &common),
        WalletCommand::Words { yes, common } => {
            let wallet = common.passphrase.open(&there(dir)?)?;
            words(&wallet, yes, common.json)
        }
        WalletCommand::Account { common } => {
            let wallet = common.passphrase.open(&there(dir)?)?;
            if common.json {
                return output::json(&shown(&wallet));
            }
            output::line(wallet.player().account())
        }
        WalletCommand::Passphrase {
            new_passphrase_file,
            common,
        } => change(
            &mut common.passphrase.open(&there(dir)?)?,
            new_passphrase_file.as_deref(),
            common.json,
        ),
    }
}

fn there(dir: &Path) -> anyhow::Result<Home> {
    if !dir.is_dir() {
        bail!(
            "there is no wallet in {}: make one with `bolao wallet create` or restore one with `bolao wallet restore`",
            dir.display()
        );
    }
    Ok(Home::open(dir)?)
}

fn create(home: &Home, common: &CommonArgs) -> anyhow::Result<()> {
    let passphrase = common.passphrase.given()?.unwrap_or_default();
    let wallet = WalletFile::create(home.wallet_path(), &passphrase)?;
    made(&wallet, common.json)?;
    output::say("Now write down its words: `bolao wallet words`")
}

/// A wallet without what is secret of it.
fn shown(wallet: &WalletFile) -> Value {
    json!({ "account": wallet.player().account(), "protected": wallet.is_protected() })
}

fn made(wallet: &WalletFile, json: bool) -> anyhow::Result<()> {
    if json {
        return output::json(&shown(wallet));
    }
    output::line!("Wallet   {}", wallet.path().display())?;
    output::line!("Account  {}", wallet.player().account())?;
    if !wallet.is_protected() {
        output::line(
            "It has no passphrase: anyone who can read the file can bet as you (`bolao wallet passphrase` sets one).",
        )?;
    }
    Ok(())
}

fn words(wallet: &WalletFile, yes: bool, json: bool) -> anyhow::Result<()> {
    if !yes {
        confirm()?;
    }
    let words: Vec<&str> = wallet.phrase().words().collect();
    if json {
        return output::json(&json!({ "words": words }));
    }
    if !io::stdout().is_terminal() {
        return output::line(words.join(" "));
    }
    let numbered: Vec<String> = (1..)
        .zip(words)
        .map(|(number, word): (u32, &str)| format!("{number:>2} {word:<10}"))
        .collect();
    for line in numbered.chunks(4) {
        output::line(line.join("  ").trim_end())?;
    }
    Ok(())
}

/// The step after a wallet was made.
pub(crate) fn write_words_down(wallet_is_new: bool) -> anyhow::Result<()> {
    if wallet_is_new {
        output::line!(
            "  {}   (shows 24 words; write them down: only they can restore your key)",
            home::command("wallet words")
        )?;
    }
    Ok(())
}

fn confirm() -> anyhow::Result<()> {
    if !io::stdin().is_terminal() {
        return Err(usage(
            "anyone who sees these words can bet as you: pass --yes to print them anyway",
        ));
    }
    let question = "Anyone who sees these words can bet as you. Show them? [y/n]";
    if ask(question)? != Answer::Yes {
        bail!("nothing was shown");
    }
    Ok(())
}

fn restore(home: &Home, common: &CommonArgs) -> anyhow::Result<()> {
    if io::stdin().is_terminal() {
        output::hint("Type the 24 words with spaces between them, on as many lines as you like:");
    }
    let mut input = io::stdin().lock().take(MAX_WORDS);
    let phrase = Phrase::parse(&typed(&mut input)?).context("these are not a wallet's words")?;
    let passphrase = common.passphrase.given()?.unwrap_or_default();
    let wallet = WalletFile::restore(home.wallet_path(), &passphrase, phrase)?;
    made(&wallet, common.json)
}

/// The words without their numbers, to the end of the input or of the line with the last of them.
fn typed(input: &mut impl io::BufRead) -> anyhow::Result<Zeroizing<String>> {
    let mut words = Zeroizing::new(String::new());
    let mut line = Zeroizing::new(String::new());
    let mut count = 0;
    while count < WORDS
        && input
            .read_line(&mut line)
            .context("cannot read the words")?
            > 0
    {
        let is_number = |word: &&str| word.trim_end_matches('.').parse::<u8>().is_ok();
        for word in line.split_whitespace().filter(|word| !is_number(word)) {
            words.push_str(word);
            words.push(' ');
            count += 1;
        }
        line.clear();
    }
    Ok(words)
}

fn change(wallet: &mut WalletFile, file: Option<&Path>, json: bool) -> anyhow::Result<()> {
    let new = match file {
        Some(path) => passphrase::first_line(path)?,
        None => passphrase::ask_new()
            .context("type the new passphrase, or give it with --new-passphrase-file")?,
    };
    wallet.change_passphrase(&new)?;
    if json {
        return output::json(&shown(wallet));
    }
    output::line(if wallet.is_protected() {
        "The wallet has the new passphrase. Restart a node that uses it."
    } else {
        "The wallet no longer has a passphrase. Restart a node that uses it."
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn words_are_read_with_their_numbers_and_no_further() {
        let lines: Vec<String> = (1..=24).map(|no| format!("{no:>2} w{no}\n")).collect();
        let numbered = lines.concat();
        let mut input = io::Cursor::new(format!("{numbered}more\n"));
        let words = typed(&mut input).unwrap();
        assert_eq!(words.split_whitespace().count(), 24);
        assert!(words.starts_with("w1 w2 ") && !words.contains("more"));
        let few = typed(&mut "1. one 2. two".as_bytes()).unwrap();
        assert_eq!(few.as_str(), "one two ");
    }
}
