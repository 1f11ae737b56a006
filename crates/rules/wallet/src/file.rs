//! The wallet on disk.
//!
//! Whoever writes holds a lock on `FILE.lock` and reads the file afresh first, so that two programs that use one
//! wallet never give two names the same key. A write replaces the whole file at once; a crash leaves the old one.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use atomic_write_file::OpenOptions;
use bolao_ledger::FoldedName;
use thiserror::Error;

use crate::{
    contents::Contents,
    keyring::{Key, KeyIndex, Keyring},
    phrase::Phrase,
    random::random,
    sealed::{Cost, FileKey, MAX_FILE_BYTES, SealError, Sealed},
};

/// The most names that get keys of their own; bounds what callers of a classic route can make a node keep.
const MAX_NAMES: usize = 1_000;

/// The advice for a wallet that is damaged, as errors end with it.
const BROUGHT_BACK: &str =
    "move it away and restore your key from its 24 words with `bolao wallet restore`";

/// Gives advice on a file that cannot be read, if there is any.
fn way_back(error: &SealError) -> String {
    match error {
        SealError::WrongPassphrase => {
            format!("; if it is the right one, the file is damaged: {BROUGHT_BACK}")
        }
        error if error.is_damage() => format!("; it is damaged: {BROUGHT_BACK}"),
        _ => String::new(),
    }
}

/// Why a wallet cannot be opened, made or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum WalletError {
    #[error("there is already a wallet at {}: move it away first", path.display())]
    Exists { path: PathBuf },
    #[error("there is no wallet at {}", path.display())]
    Missing { path: PathBuf },
    #[error("{what} {} failed: {source}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("the wallet {}: {source}{}", path.display(), way_back(source))]
    Sealed { path: PathBuf, source: SealError },
    #[error("the wallet {} is not valid: {reason}; {BROUGHT_BACK}", path.display())]
    Contents { path: PathBuf, reason: String },
    #[error("the wallet {} was replaced or got another passphrase in the meantime: open it again", path.display())]
    Replaced { path: PathBuf },
    #[error("the wallet has keys for {MAX_NAMES} names, which is the most")]
    TooManyNames,
}

/// An open wallet: its words, its keys, and which name of the classic routes has which key.
///
/// The passphrase may be empty; then the file's mode, 0600, is all that protects it.
pub struct WalletFile {
    path: PathBuf,
    key: FileKey,
    protected: bool,
    phrase: Phrase,
    keyring: Keyring,
    names: BTreeMap<String, KeyIndex>,
}

impl WalletFile {
    /// Makes a wallet with new words. Refuses to overwrite a file.
    pub fn create(path: impl Into<PathBuf>, passphrase: &str) -> Result<Self, WalletError> {
        let path = path.into();
        let phrase = Phrase::generate().map_err(|error| sealed(&path, error.into()))?;
        Self::restore(path, passphrase, phrase)
    }

    /// Makes a wallet from its words. Refuses to overwrite a file. A name's key is made
    /// from the words and the name, so names that bet before have the keys that they had.
    pub fn restore(
        path: impl Into<PathBuf>,
        passphrase: &str,
        phrase: Phrase,
    ) -> Result<Self, WalletError> {
        let path = path.into();
        let _lock = lock(&path)?;
        if path.symlink_metadata().is_ok() {
            return Err(WalletError::Exists { path });
        }
        let key = new_key(passphrase).map_err(|source| sealed(&path, source))?;
        let wallet = Self {
            keyring: Keyring::new(&phrase),
            protected: !passphrase.is_empty(),
            names: BTreeMap::new(),
            path,
            key,
            phrase,
        };
        wallet.write(&wallet.key, &wallet.names)?;
        Ok(wallet)
    }

    /// Opens a wallet.
    pub fn open(path: impl Into<PathBuf>, passphrase: &str) -> Result<Self, WalletError> {
        let path = path.into();
        let file = read(&path)?;
        let key = file
            .key(passphrase)
            .map_err(|source| sealed(&path, source))?;
        let opened = contents(&path, &key, &file);
        let (phrase, names) = opened.map_err(|error| match error {
            WalletError::Sealed {
                path,
                source: SealError::WrongPassphrase,
            } if passphrase.is_empty() && !file.wants_passphrase() => {
                sealed(&path, SealError::Changed)
            }
            error => error,
        })?;
        Ok(Self {
            keyring: Keyring::new(&phrase),
            protected: !passphrase.is_empty(),
            path,
            key,
            phrase,
            names,
        })
    }

    /// Encrypts the file anew under another passphrase, which may be empty.
    pub fn change_passphrase(&mut self, passphrase: &str) -> Result<(), WalletError> {
        let key = new_key(passphrase).map_err(|source| sealed(&self.path, source))?;
        let _lock = lock(&self.path)?;
        self.reload()?;
        self.write(&key, &self.names)?;
        self.key = key;
        self.protected = !passphrase.is_empty();
        Ok(())
    }

    /// The index of a name's key: the one that it has, else a new one, which is on disk before this returns.
    pub fn account_for_name(&mut self, name: &FoldedName) -> Result<KeyIndex, WalletError> {
        if let Some(index) = self.index_of_name(name) {
            return Ok(index);
        }
        let _lock = lock(&self.path)?;
        self.reload()?;
        if let Some(index) = self.index_of_name(name) {
            return Ok(index);
        }
        if self.names.len() >= MAX_NAMES {
            return Err(WalletError::TooManyNames);
        }
        let mut index = KeyIndex::of_name(name);
        while self.names.values().any(|taken| *taken == index) {
            index = index.next().unwrap_or(KeyIndex::FIRST_NAME);
        }
        let mut names = self.names.clone();
        names.insert(name.as_str().to_owned(), index);
        self.write(&self.key, &names)?;
        self.names = names;
        Ok(index)
    }

    /// The index of a name's key, if it has one.
    #[must_use]
    pub fn index_of_name(&self, name: &FoldedName) -> Option<KeyIndex> {
        self.names.get(name.as_str()).copied()
    }

    /// Every name that has a key, with its index, in the names' order.
    pub fn names(&self) -> impl Iterator<Item = (&str, KeyIndex)> {
        self.names
            .iter()
            .map(|(name, index)| (name.as_str(), *index))
    }

    /// The player's own key.
    #[must_use]
    pub fn player(&self) -> Key {
        self.key(KeyIndex::PLAYER)
    }

    /// The key at an index.
    #[must_use]
    pub fn key(&self, index: KeyIndex) -> Key {
        self.keyring.key(index)
    }

    pub(crate) const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The words, for a backup.
    #[must_use]
    pub const fn phrase(&self) -> &Phrase {
        &self.phrase
    }

    /// Whether a passphrase protects the file.
    #[must_use]
    pub const fn is_protected(&self) -> bool {
        self.protected
    }

    /// Gives the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn reload(&mut self) -> Result<(), WalletError> {
        let file = read(&self.path)?;
        let (phrase, names) = contents(&self.path, &self.key, &file)?;
        if phrase != self.phrase {
            return Err(WalletError::Replaced {
                path: self.path.clone(),
            });
        }
        self.names = names;
        Ok(())
    }

    fn write(&self, key: &FileKey, names: &BTreeMap<String, KeyIndex>) -> Result<(), WalletError> {
        let contents = Contents::new(&self.phrase, names.clone());
        let text = random()
            .map_err(SealError::from)
            .and_then(|nonce| key.seal(&contents, nonce))
            .map_err(|source| sealed(&self.path, source))?;
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        {
            use atomic_write_file::unix::OpenOptionsExt as _;
            use std::os::unix::fs::OpenOptionsExt as _;
            options.preserve_mode(false).mode(0o600);
        }
        options
            .open(&self.path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.commit()
            })
            .map_err(|source| io_error("writing", &self.path, source))
    }
}

impl fmt::Debug for WalletFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalletFile")
            .field("path", &self.path)
            .field("protected", &self.protected)
            .field("names", &self.names.len())
            .finish_non_exhaustive()
    }
}

/// Holds other writers of this wallet off until dropped.
fn lock(path: &Path) -> Result<File, WalletError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    check_regular(&path)
        .and_then(|()| options.open(&path))
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|source| io_error("locking", &path, source))
}

/// Refuses what is there and no regular file: to open a pipe would wait for ever.
fn check_regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file: move it away or restore a copy",
        )),
        _ => Ok(()),
    }
}

fn read(path: &Path) -> Result<Sealed, WalletError> {
    let file = check_regular(path)
        .and_then(|()| File::open(path))
        .map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => WalletError::Missing { path: path.into() },
            _ => io_error("opening", path, source),
        })?;
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut text = Vec::new();
    file.take(limit.saturating_add(2))
        .read_to_end(&mut text)
        .map_err(|source| io_error("reading", path, source))?;
    Sealed::parse(&text).map_err(|source| sealed(path, source))
}

fn contents(
    path: &Path,
    key: &FileKey,
    file: &Sealed,
) -> Result<(Phrase, BTreeMap<String, KeyIndex>), WalletError> {
    let wrong = |reason: String| WalletError::Contents {
        path: path.into(),
        reason,
    };
    let contents: Contents = key
        .open(file)
        .map_err(|source| sealed(path, source))?
        .ok_or_else(|| WalletError::Replaced { path: path.into() })?;
    let phrase = contents.phrase().map_err(wrong)?;
    Ok((phrase, contents.names))
}

fn new_key(passphrase: &str) -> Result<FileKey, SealError> {
    FileKey::create(passphrase, Cost::File, random()?)
}

fn sealed(path: &Path, source: SealError) -> WalletError {
    WalletError::Sealed {
        path: path.into(),
        source,
    }
}

fn io_error(what: &'static str, path: &Path, source: io::Error) -> WalletError {
    WalletError::Io {
        what,
        path: path.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_cannot_fill_the_file() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("wallet.json");
        let mut wallet = WalletFile::create(&path, "").unwrap();
        // The longest folded name: NFKC turns this one character into 18.
        let longest = FoldedName::of(&"\u{fdfa}".repeat(32)).unwrap();
        let names = (1..MAX_NAMES)
            .map(|number| {
                let index = KeyIndex::try_from(u32::try_from(number).unwrap()).unwrap();
                (format!("{:0>1$}", number, longest.as_str().len()), index)
            })
            .collect();
        match wallet.write(&wallet.key, &names) {
            Err(WalletError::Sealed {
                source: SealError::TooLarge,
                ..
            }) => {}
            other => panic!("got {other:?}, wanted the file's bound"),
        }

        let names = (1..MAX_NAMES)
            .map(|number| {
                let index = KeyIndex::try_from(u32::try_from(number).unwrap()).unwrap();
                (format!("{number:0>128}"), index)
            })
            .collect();
        wallet.write(&wallet.key, &names).unwrap();
        let last = wallet
            .account_for_name(&FoldedName::of("last").unwrap())
            .unwrap();
        assert_eq!(last, KeyIndex::of_name(&FoldedName::of("last").unwrap()));
        assert!(matches!(
            wallet.account_for_name(&FoldedName::of("one more").unwrap()),
            Err(WalletError::TooManyNames)
        ));
        let opened = WalletFile::open(&path, "").unwrap();
        assert_eq!(opened.names().count(), MAX_NAMES);
    }
}
