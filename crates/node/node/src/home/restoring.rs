//! A home that is put together from a backup, beside itself: in the end it is there whole, or as it was. Nothing that comes in is
//! trusted.
//!
//! [`Restoring::begin`] makes [`BESIDE`] in a new or empty directory, the others fill that, and [`Restoring::keep`] moves the files out
//! of it. What a key to vote with signed since the backup is unknown: the mark that its home waits ([`crate::vote`]) is moved first,
//! before the key; `genesis.json`, which makes it a pool's home, last. If one cannot be moved, those before it go again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bolao_chain::{AuditSource, ImportError, import};
use bolao_ledger::{AccountId, Genesis, Height, PoolId};
use bolao_store::{OpenError, Store};
use thiserror::Error;

use super::{
    Home, HomeError, NAMES, REGISTERED, VALIDATOR, WAITS,
    files::{Dialled, PEERS, is_persons},
    pools::pool_code,
};
use crate::verify::verify_in_halves;

/// The directory in the home where it is put together.
const BESIDE: &str = ".restoring";
const CHAIN: &str = "chain.redb";
const SUMS: &str = "chain.redb.sums";

/// Why a home is not restored. It is as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum RestoreError {
    #[error(
        "it is of another player than this home: restore it into a home of its own, chosen with --home DIR"
    )]
    OtherPerson,
    #[error("{} already exists: restore into a new or an empty directory, chosen with --home DIR", path.display())]
    NotEmpty { path: PathBuf },
    #[error(
        "another `bolao restore` is at work in {0}, or was killed there: remove {0}/{BESIDE} if none runs, and try again",
        dir.display()
    )]
    AtWork { dir: PathBuf },
    #[error("it holds no file `{name}` that could be used")]
    Unusable { name: &'static str },
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("cannot write into {}", dir.display())]
    Io { dir: PathBuf, source: io::Error },
}

/// A home that is being restored. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Restoring {
    dir: PathBuf,
    /// Whether the directory was made for it.
    is_new: bool,
    /// The account of the home that it comes into beside its other pools, if it does.
    beside: Option<AccountId>,
    staged: Home,
}

impl Restoring {
    /// Begins in a directory that is new or empty.
    pub fn begin(dir: &Path) -> Result<Self, RestoreError> {
        let beside = dir.join(BESIDE);
        if beside.exists() {
            let dir = dir.to_owned();
            return Err(RestoreError::AtWork { dir });
        }
        refuse_occupied(dir)?;
        let is_new = !dir.exists();
        Home::open(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            is_new,
            beside: None,
            staged: Home::open(beside)?,
        })
    }

    /// Begins with one more pool of a home that holds others: its person's files stay as they are.
    pub fn begin_beside(dir: &Path, pool: PoolId) -> Result<Self, RestoreError> {
        let mut others = Home::pools(dir)?.into_iter();
        if let Some(there) = others.find(|home| home.code().is_ok_and(|it| it == pool_code(pool))) {
            let path = there.dir().to_owned();
            return Err(RestoreError::NotEmpty { path });
        }
        let account = Home::open(dir)?.profile()?.account;
        let mut begun = Self::begin(&Home::place_of(dir, pool))?;
        begun.beside = Some(account.ok_or(RestoreError::OtherPerson)?);
        Ok(begun)
    }

    /// Takes a file that a backup may hold ([`Home::moving`]).
    pub fn put(&self, name: &'static str, text: &str) -> Result<(), RestoreError> {
        if self.beside.is_some() && is_persons(name) {
            return Ok(());
        }
        Ok(self.staged.write(name, text, 0o600)?)
    }

    /// The pool's rules, once they are there.
    pub fn genesis(&self) -> Result<Genesis, RestoreError> {
        let unusable = RestoreError::Unusable {
            name: "genesis.json",
        };
        self.staged.genesis().map_err(|_| unusable)
    }

    /// Takes the chain, by every rule; the height of its tip. `progress` is told blocks done and blocks in all.
    pub fn chain(
        &self,
        source: &impl AuditSource,
        progress: impl FnMut(u64, u64),
    ) -> Result<Height, RestoreError> {
        let mut store = Store::create(&self.staged.chain_path(), &self.genesis()?)?;
        Ok(import(source, &mut store, verify_in_halves, progress)?)
    }

    /// Puts everything in its place. Says whether the home waits before it votes. `is_fresh`: the backup is minutes old at most.
    pub fn keep(self, is_fresh: bool) -> Result<bool, RestoreError> {
        let genesis = self.genesis()?;
        let staged = &self.staged;
        for (name, read) in [
            (NAMES, staged.names().map(drop)),
            (PEERS, staged.read_json::<Dialled>(PEERS).map(drop)),
            ("profile.json", staged.profile().map(drop)),
            (REGISTERED, staged.registered().map(drop)),
            (VALIDATOR, staged.validator_key_there().map(drop)),
        ] {
            read.map_err(|_| RestoreError::Unusable { name })?;
        }
        if self.beside.is_some() && staged.profile()?.account != self.beside {
            return Err(RestoreError::OtherPerson);
        }
        let waits = genesis.consensus.voting().is_some() && staged.validator_key_there()?.is_some();
        if waits {
            staged.set_wait_restored(is_fresh)?;
        }
        refuse_occupied(&self.dir)?;
        let mut moved = Vec::new();
        if let Err(source) = self.move_all(&mut moved) {
            for path in moved {
                // The rest of what cannot be undone is said below.
                let _ = fs::remove_file(path);
            }
            let dir = self.dir.clone();
            return Err(RestoreError::Io { dir, source });
        }
        if waits {
            Home::open(&self.dir)?.set_backed_up()?;
        }
        Ok(waits)
    }

    /// Moves the mark before the keys, and what makes it a pool's home in the end.
    fn move_all(&self, moved: &mut Vec<PathBuf>) -> io::Result<()> {
        let last = "genesis.json";
        let others = Home::moving().filter(|name| *name != last);
        let order = [WAITS, SUMS, CHAIN].into_iter().chain(others);
        for name in order.chain([last]) {
            let (from, to) = (self.staged.dir.join(name), self.dir.join(name));
            match fs::rename(from, &to) {
                Ok(()) => moved.push(to),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        // What stays is told by whoever restores next.
        let _ = fs::remove_dir_all(&self.staged.dir);
        if self.is_new {
            // One that holds the home by now stays.
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

/// The directory that is in every new file system of some kinds.
const OF_THE_DISK: &str = "lost+found";

/// Refuses a directory in which there is anything but what is being put together, and what an empty disk has.
fn refuse_occupied(dir: &Path) -> Result<(), RestoreError> {
    let failed = |source| RestoreError::Io {
        dir: dir.to_owned(),
        source,
    };
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let is_of_disk = name == OF_THE_DISK && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if name != BESIDE && !is_of_disk {
            return Err(RestoreError::NotEmpty { path: entry.path() });
        }
    }
    Ok(())
}
