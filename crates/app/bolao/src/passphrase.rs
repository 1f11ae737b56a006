//! The wallet's passphrase: from a file, from the environment, or typed.

use std::{
    fs::File,
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use bolao_node::Home;
use bolao_wallet::{SealError, WalletError, WalletFile};
use clap::Args;
use zeroize::Zeroizing;

const VARIABLE: &str = "BOLAO_PASSPHRASE";
const MAX_BYTES: u64 = 4096;

/// Where the wallet's passphrase is
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PassphraseArgs {
    #[arg(
        long,
        value_name = "FILE",
        help = "Reads the wallet's passphrase from the first line of a file [also: $BOLAO_PASSPHRASE]"
    )]
    passphrase_file: Option<PathBuf>,
    /// Once it is known.
    #[arg(skip)]
    known: Option<Zeroizing<String>>,
}

/// Flags of most commands that open the wallet
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CommonArgs {
    /// Prints JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

impl PassphraseArgs {
    /// The passphrase, if one was given.
    pub(crate) fn given(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        match (&self.known, &self.passphrase_file) {
            (Some(known), _) => Ok(Some(known.clone())),
            (None, Some(path)) => first_line(path).map(Some),
            (None, None) => match std::env::var(VARIABLE) {
                Ok(text) => Ok(Some(Zeroizing::new(text))),
                Err(std::env::VarError::NotPresent) => Ok(None),
                Err(std::env::VarError::NotUnicode(_)) => bail!("${VARIABLE} is not UTF-8"),
            },
        }
    }

    /// Opens the home's wallet as far as that takes no question.
    fn look(&self, home: &Home) -> anyhow::Result<Wallet> {
        let given = self.given()?;
        let passphrase = given.as_deref().map_or("", String::as_str);
        match WalletFile::open(home.wallet_path(), passphrase) {
            Err(WalletError::Missing { .. }) => Ok(Wallet::Missing),
            Err(WalletError::Sealed {
                source: SealError::WrongPassphrase,
                ..
            }) if given.is_none() => Ok(Wallet::Locked),
            opened => Ok(Wallet::Open(Box::new(opened?))),
        }
    }

    /// Opens the home's wallet; asks for the passphrase if one is needed and was not given.
    pub(crate) fn open(&self, home: &Home) -> anyhow::Result<WalletFile> {
        match self.look(home)? {
            Wallet::Open(wallet) => Ok(*wallet),
            Wallet::Locked => Ok(WalletFile::open(home.wallet_path(), &needed()?)?),
            Wallet::Missing => {
                home.has_wallet()?;
                bail!(
                    "there is no wallet in {}: make one with `bolao wallet create` or restore one with `bolao wallet \
                    restore`",
                    home.dir().display()
                )
            }
        }
    }

    /// Opens the home's wallet if that takes no question, for what can be shown without it too.
    pub(crate) fn open_quietly(&self, home: &Home) -> anyhow::Result<Option<WalletFile>> {
        Ok(match self.look(home)? {
            Wallet::Open(wallet) => Some(*wallet),
            Wallet::Locked | Wallet::Missing => None,
        })
    }

    /// Opens the wallet of a home that is there already.
    pub(crate) fn open_if_there(&self, dir: &Path) -> anyhow::Result<Option<WalletFile>> {
        if !dir.is_dir() {
            return Ok(None);
        }
        let home = Home::open(dir)?;
        let is_there = home.wallet_path().exists();
        is_there.then(|| self.open(&home)).transpose()
    }

    /// Opens the home's wallet, or makes it; true if it is new.
    pub(crate) fn open_or_create(&self, home: &Home) -> anyhow::Result<(WalletFile, bool)> {
        if home.has_wallet()? {
            return Ok((self.open(home)?, false));
        }
        let passphrase = self.given()?.unwrap_or_default();
        Ok((WalletFile::create(home.wallet_path(), &passphrase)?, true))
    }

    /// The same, so that nothing is asked any more.
    pub(crate) fn asked(&self, home: &Home) -> anyhow::Result<Self> {
        Ok(Self {
            known: Some(self.for_node(home)?),
            ..Self::default()
        })
    }

    /// The passphrase that a node of this home needs, checked so that nobody waits for a node that cannot start.
    pub(crate) fn for_node(&self, home: &Home) -> anyhow::Result<Zeroizing<String>> {
        match self.given()? {
            Some(passphrase) => Ok(passphrase),
            None if matches!(self.look(home), Ok(Wallet::Locked)) => needed(),
            None => Ok(Zeroizing::default()),
        }
    }
}

/// A home's wallet, without a question.
enum Wallet {
    Open(Box<WalletFile>),
    /// It has a passphrase, and none was given.
    Locked,
    Missing,
}

/// Asks for the passphrase that a wallet needs.
fn needed() -> anyhow::Result<Zeroizing<String>> {
    ask("Passphrase of the wallet: ").with_context(|| {
        format!("the wallet has a passphrase: give it with --passphrase-file or ${VARIABLE}")
    })
}

/// The first line of a file.
pub(crate) fn first_line(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
        .with_context(|| format!("cannot read the passphrase from {}", path.display()))?;
    let line = text.lines().next().unwrap_or_default();
    Ok(Zeroizing::new(line.to_owned()))
}

/// Asks on the terminal, without showing what is typed.
pub(crate) fn ask(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        bail!("there is no terminal to ask for it");
    }
    Ok(Zeroizing::new(rpassword::prompt_password(prompt)?))
}

/// Asks twice for a new passphrase.
pub(crate) fn ask_new() -> anyhow::Result<Zeroizing<String>> {
    let first = ask("New passphrase (empty for none): ")?;
    if first != ask("Again: ")? {
        bail!("the two passphrases differ: try again");
    }
    Ok(first)
}
