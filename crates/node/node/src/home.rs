//! A node's home directory: what lies where, with which rights.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use atomic_write_file::AtomicWriteFile;
use bolao_ledger::{AccountId, Genesis, GenesisError, PoolId, ValidatorKey};
use bolao_wallet::{HeldTicket, Invite, InviteError};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

pub(crate) use keeps::Keeps;
pub use kept::KeepError;
pub use pools::pool_code;
pub use restoring::{RestoreError, Restoring};
pub use voting::{Wait, WaitCause, WaitStep};

/// The longest file that is read whole, in bytes.
const MAX_FILE_BYTES: u64 = 8 << 20;

/// The file of an invitation, with its ticket's secret.
const INVITATION: &str = "invitation";
/// The file of the relay's token.
const RELAY: &str = "relay.token";
/// The file of the key that the home votes with.
const VALIDATOR: &str = "validator.key";
/// There once a final block stood in this home's chain after which it had a vote.
const VOTED: &str = "validator.used";
/// There while the home does not vote, since it does not know what it has signed.
const WAITS: &str = "validator.waits";
/// The height of a damaged store's highest block, of which the new one may have less.
const HAD: &str = "chain.had";
/// There once a backup with keys was made.
const BACKED_UP: &str = "backed-up";
/// The article's `network_nodes`.
const REGISTERED: &str = "registered.json";
/// Names by which others reach the node.
const NAMES: &str = "names.json";
/// The most of them.
const MOST_NAMES: usize = 32;
/// The file of the token that shows a caller of the API to be the home's owner.
const TOKEN: &str = "token";
/// The most damaged databases that are kept.
const MOST_DAMAGED: u32 = 3;

/// Less room on its disk is little, in bytes.
const LITTLE_ROOM: u64 = 200 << 20;

/// The files of one pool on a machine, and those of the person whom they belong to.
///
/// The first pool of a home has both in one directory. Each further one has its own in [`pools/CODE/`](Home::pools).
#[derive(Clone, Debug)]
pub struct Home {
    dir: PathBuf,
    /// The directory of the person's files: the wallet, what the machine is known by, and where its node runs.
    person: PathBuf,
}

/// Why a file of the home cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum HomeError {
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{} is {got} bytes long, wanted at most {MAX_FILE_BYTES}", path.display())]
    TooLong { path: PathBuf, got: u64 },
    #[error("{} is damaged: {reason}; delete it or restore a copy", path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("there is no pool in {}: make one with `bolao start`, join one with `bolao join`, or try one with `bolao demo`", dir.display())]
    NoPool { dir: PathBuf },
    #[error("{} already holds the pool `{there}`: choose another directory with --home", dir.display())]
    OtherPool { dir: PathBuf, there: String },
    #[error("{} cannot be used: {source}; replace it with a copy: every node of the pool has the same file",
path.display())]
    Genesis { path: PathBuf, source: GenesisError },
    #[error(
        "the wallet of this home is missing, with the key of account {account}: restore it from its 24 words with \
        `bolao wallet restore`, or put a copy of wallet.json back into {}; `bolao wallet create` makes a new one, \
        for another player", dir.display()
    )]
    LostWallet { dir: PathBuf, account: AccountId },
}

/// The player's profile: the name that they want, which the node joins under by itself, and the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name, or `None` to look on without playing.
    pub name: Option<String>,
    /// The wallet's player, for what is shown without opening the wallet; `None` in a home of before, until its node runs.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The zone of the pool's matches, such as `Europe/Lisbon`, as it was said when the pool was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// The address at which a running node can be asked, and its process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The HTTP address, such as `http://127.0.0.1:9000`.
    pub url: String,
    /// The id of the process.
    pub pid: u32,
}

impl Running {
    /// This process, at an address.
    pub(crate) fn here(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            pid: std::process::id(),
        }
    }
}

/// The room on the disk of a directory, in bytes, where the system tells.
#[cfg(unix)]
fn room(dir: &Path) -> Option<u64> {
    let there = rustix::fs::statvfs(dir).ok()?;
    Some(there.f_bavail.saturating_mul(there.f_frsize))
}

#[cfg(not(unix))]
fn room(_: &Path) -> Option<u64> {
    None
}

impl Home {
    /// The home in a directory, which is made for its owner alone if it is not there.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self, HomeError> {
        let dir = dir.into();
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(&dir).map_err(|source| HomeError::Io {
            action: "make the directory",
            path: dir.clone(),
            source,
        })?;
        Ok(Self {
            person: dir.clone(),
            dir,
        })
    }

    /// The directory of the pool's files.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The path of a file, wherever it lies.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if files::is_persons(name) {
            self.person.join(name)
        } else {
            self.dir.join(name)
        }
    }

    /// The chain's database.
    #[must_use]
    pub fn chain_path(&self) -> PathBuf {
        self.dir.join("chain.redb")
    }

    /// The path of a new database that is made to take the place of a damaged one.
    pub(crate) fn new_chain_path(&self) -> PathBuf {
        self.dir.join("chain.redb.new")
    }

    /// The database that was damaged last, as it was.
    #[must_use]
    pub fn damaged_chain_path(&self) -> PathBuf {
        let there = self.damaged_chain_paths().filter(|path| path.exists());
        there.last().unwrap_or_else(|| self.damaged_chain_of(1))
    }

    /// The path that the next damaged database goes to. Earlier ones stay, since they may hold what no other file does; the last
    /// place alone is taken again.
    pub(crate) fn next_damaged_chain_path(&self) -> PathBuf {
        let free = self.damaged_chain_paths().find(|path| !path.exists());
        free.unwrap_or_else(|| self.damaged_chain_of(MOST_DAMAGED))
    }

    fn damaged_chain_paths(&self) -> impl Iterator<Item = PathBuf> {
        (1..=MOST_DAMAGED).map(|number| self.damaged_chain_of(number))
    }

    fn damaged_chain_of(&self, number: u32) -> PathBuf {
        self.dir.join(match number {
            1 => "chain.redb.damaged".to_owned(),
            _ => format!("chain.redb.damaged.{number}"),
        })
    }

    /// Whether there are sums of the database, as a run that ended leaves them.
    #[must_use]
    pub fn has_sums(&self) -> bool {
        self.chain_path().with_added_extension("sums").exists()
    }

    /// Removes what the damaged database, and the new one under its first name, left beside them.
    pub(crate) fn remove_sums(&self) {
        for of in [self.chain_path(), self.new_chain_path()] {
            // What is left of them does no harm.
            let _ = fs::remove_file(of.with_added_extension("sums"));
        }
    }

    /// The room on its disk, in bytes, if it is little.
    #[must_use]
    pub fn little_room(&self) -> Option<u64> {
        self.room().filter(|room| *room < LITTLE_ROOM)
    }

    /// The room on its disk, in bytes, where the system tells it.
    pub(crate) fn room(&self) -> Option<u64> {
        room(&self.dir)
    }

    /// The wallet's key file.
    #[must_use]
    pub fn wallet_path(&self) -> PathBuf {
        self.path("wallet.json")
    }

    /// The pool's rules.
    pub fn genesis(&self) -> Result<Genesis, HomeError> {
        match self.read("genesis.json")? {
            Some(text) => Genesis::from_json(&text).map_err(|source| HomeError::Genesis {
                path: self.dir.join("genesis.json"),
                source,
            }),
            None => Err(HomeError::NoPool {
                dir: self.dir.clone(),
            }),
        }
    }

    /// Lays the pool's rules down; a home keeps one pool for good.
    pub fn set_genesis(&self, genesis: &Genesis) -> Result<(), HomeError> {
        match self.genesis() {
            Ok(there) if there.pool_id() == genesis.pool_id() => Ok(()),
            Ok(there) => Err(HomeError::OtherPool {
                dir: self.dir.clone(),
                there: there.name.to_string(),
            }),
            Err(HomeError::NoPool { .. }) => self.write("genesis.json", &genesis.to_json(), 0o644),
            Err(error) => Err(error),
        }
    }

    /// The player's profile; the default where none was saved.
    pub fn profile(&self) -> Result<Profile, HomeError> {
        self.read_json("profile.json")
    }

    /// Saves the player's profile.
    pub fn set_profile(&self, profile: &Profile) -> Result<(), HomeError> {
        self.write_json("profile.json", profile, 0o600)
    }

    /// The ticket that the player joins the pool with, if one was kept.
    pub fn ticket(&self, pool: PoolId) -> Result<Option<HeldTicket>, HomeError> {
        Ok(self.invite(pool)?.and_then(|invite| invite.ticket))
    }

    /// The invitation to a pool, as the home keeps it.
    pub fn invite(&self, pool: PoolId) -> Result<Option<Invite>, HomeError> {
        let Some(text) = self.read(INVITATION)? else {
            return Ok(None);
        };
        let invite: Invite = text
            .trim()
            .parse()
            .map_err(|error: InviteError| self.damaged(INVITATION, &error))?;
        Ok(Some(invite).filter(|invite| invite.pool == pool))
    }

    /// The token of the relay by which others open its page.
    pub fn relay(&self) -> Result<Option<String>, HomeError> {
        self.read(RELAY)
    }

    /// Keeps that token, or forgets it.
    pub fn set_relay(&self, token: Option<&str>) -> Result<(), HomeError> {
        match token {
            Some(token) => self.write(RELAY, token, 0o600),
            None => self.remove(RELAY),
        }
    }

    pub(crate) fn invitation_path(&self) -> PathBuf {
        self.path(INVITATION)
    }

    /// Keeps an invitation. What it says takes the place of what the one before said of the same.
    pub fn set_invite(&self, mut invite: Invite) -> Result<(), HomeError> {
        if let Ok(Some(before)) = self.invite(invite.pool) {
            invite.ticket = invite.ticket.or(before.ticket);
            invite.named = invite.named.or(before.named);
        }
        if invite.ticket.is_none() && invite.named.is_none() {
            return Ok(());
        }
        self.write(INVITATION, &invite.to_string(), 0o600)
    }

    /// The key by which other nodes know this one; made on first use.
    pub fn node_key(&self) -> Result<[u8; 32], HomeError> {
        self.key("node.key")
    }

    /// The key of a file; made on first use.
    pub(crate) fn key(&self, name: &str) -> Result<[u8; 32], HomeError> {
        let mut key = [0; 32];
        hex::decode_to_slice(self.secret(name)?, &mut key)
            .map_err(|error| self.damaged(name, &error))?;
        Ok(key)
    }

    /// The public half of what this node votes with, where its pool has validators; made on first use.
    pub fn validator_key(&self) -> Result<ValidatorKey, HomeError> {
        Ok(Self::public_half(&self.voting_key()?))
    }

    /// The public half of a key to vote with.
    #[must_use]
    pub fn public_half(key: &SigningKey) -> ValidatorKey {
        ValidatorKey(VerificationKeyBytes::from(key).into())
    }

    /// The key that this node votes with. It is not the player's key: a node votes without the wallet's passphrase.
    pub fn voting_key(&self) -> Result<SigningKey, HomeError> {
        Ok(SigningKey::from(self.key(VALIDATOR)?))
    }

    /// Whether a backup with this home's keys was ever made.
    pub fn is_backed_up(&self) -> Result<bool, HomeError> {
        Ok(self.read(BACKED_UP)?.is_some())
    }

    /// Keeps that one was.
    pub fn set_backed_up(&self) -> Result<(), HomeError> {
        self.write(BACKED_UP, "yes", 0o644)
    }

    /// The secret that shows a caller of the API to be this home's owner; made on first use.
    pub fn token(&self) -> Result<String, HomeError> {
        Ok(hex::encode(self.key(TOKEN)?))
    }

    fn secret(&self, name: &str) -> Result<String, HomeError> {
        if let Some(text) = self.read(name)? {
            return Ok(text.trim().to_owned());
        }
        let secret = hex::encode(rand::random::<[u8; 32]>());
        self.write(name, &secret, 0o600)?;
        Ok(secret)
    }

    /// The article's `network_nodes`, as registered.
    pub fn registered(&self) -> Result<Vec<String>, HomeError> {
        self.read_json(REGISTERED)
    }

    /// Changes the article's `network_nodes`; nobody else does meanwhile.
    pub fn change_registered(
        &self,
        change: impl FnOnce(&mut Vec<String>),
    ) -> Result<(), HomeError> {
        self.change_json(REGISTERED, 0o644, |urls| {
            change(urls);
            Ok(())
        })
    }

    pub(crate) fn registered_path(&self) -> PathBuf {
        self.path(REGISTERED)
    }

    /// The names by which others reach this home's node, besides those that it is started with.
    pub fn names(&self) -> Result<BTreeSet<String>, HomeError> {
        self.read_json(NAMES)
    }

    /// Adds one. A running node answers to it at its next look.
    pub fn add_name(&self, name: &str) -> Result<(), HomeError> {
        let name = name.to_ascii_lowercase();
        self.change_json(NAMES, 0o644, |names: &mut BTreeSet<String>| {
            if !names.contains(&name) && names.len() >= MOST_NAMES {
                names.pop_first();
            }
            names.insert(name);
            Ok(())
        })
    }

    pub(crate) fn names_path(&self) -> PathBuf {
        self.path(NAMES)
    }

    /// The address and process of this home's node, if one runs (or died without clearing up).
    pub fn running(&self) -> Result<Option<Running>, HomeError> {
        // Whatever a crash left there says nothing of a node that runs.
        match self.json_there("running.json") {
            Err(HomeError::Damaged { .. }) => Ok(None),
            other => other,
        }
    }

    /// Says where this home's node runs.
    pub fn set_running(&self, running: &Running) -> Result<(), HomeError> {
        self.write_json("running.json", running, 0o644)
    }

    /// Says that this home's node has stopped.
    pub fn clear_running(&self) -> Result<(), HomeError> {
        self.remove("running.json")
    }

    fn remove(&self, name: &str) -> Result<(), HomeError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(HomeError::Io {
                action: "remove",
                path,
                source,
            }),
            _ => Ok(()),
        }
    }

    fn read(&self, name: &str) -> Result<Option<String>, HomeError> {
        let path = self.path(name);
        let failed = |source| HomeError::Io {
            action: "read",
            path: path.clone(),
            source,
        };
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
            // A pipe would wait for ever, and a device would never end.
            Ok(there) if !there.is_file() => {
                return Err(self.damaged(name, &"it is no regular file"));
            }
            Ok(_) => {}
        }
        let mut bytes = Vec::new();
        fs::File::open(&path)
            .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
            .map_err(failed)?;
        let got = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if got > MAX_FILE_BYTES {
            return Err(HomeError::TooLong { path, got });
        }
        let text = String::from_utf8(bytes).map_err(|_| self.damaged(name, &"it is no text"))?;
        Ok(Some(text))
    }

    /// The content of a file of JSON; the default where it is not there.
    pub(crate) fn read_json<T: Default + DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<T, HomeError> {
        Ok(self.json_there(name)?.unwrap_or_default())
    }

    /// The content of a file of JSON, if it is there.
    fn json_there<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, HomeError> {
        let text = self.read(name)?;
        text.map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| self.damaged(name, &error))
    }

    fn damaged(&self, name: &str, reason: &dyn fmt::Display) -> HomeError {
        HomeError::Damaged {
            path: self.path(name),
            reason: reason.to_string(),
        }
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> Result<(), HomeError> {
        let path = self.path(name);
        let write = || {
            let mut options = AtomicWriteFile::options();
            #[cfg(unix)]
            {
                use atomic_write_file::unix::OpenOptionsExt as _;
                use std::os::unix::fs::OpenOptionsExt as _;
                options.mode(mode).preserve_mode(false);
            }
            #[cfg(not(unix))]
            let _ = mode;
            let mut file = options.open(&path)?;
            file.write_all(text.as_bytes())?;
            file.commit()
        };
        write().map_err(|source| HomeError::Io {
            action: "write",
            path: path.clone(),
            source,
        })
    }

    /// Reads a file, changes what it holds and writes it, if the change does not fail. A node and commands do so at the same time:
    /// each waits for the other.
    pub(crate) fn change_json<T, E>(
        &self,
        name: &str,
        mode: u32,
        change: impl FnOnce(&mut T) -> Result<(), E>,
    ) -> Result<(), E>
    where
        T: Clone + Default + PartialEq + Serialize + DeserializeOwned,
        E: From<HomeError>,
    {
        let _turn = self.lock(name)?;
        let before: T = self.read_json(name)?;
        let mut after = before.clone();
        change(&mut after)?;
        if after != before {
            self.write_json(name, &after, mode)?;
        }
        Ok(())
    }

    /// Holds other writers of a file off until dropped.
    fn lock(&self, name: &str) -> Result<fs::File, HomeError> {
        let path = self.path(name).with_added_extension("lock");
        let mut options = fs::File::options();
        options.create(true).truncate(false).write(true);
        let file = options.open(&path).and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        file.map_err(|source| HomeError::Io {
            action: "lock",
            path,
            source,
        })
    }

    pub(crate) fn write_json<T: Serialize>(
        &self,
        name: &str,
        value: &T,
        mode: u32,
    ) -> Result<(), HomeError> {
        let text =
            serde_json::to_string_pretty(value).map_err(|error| self.damaged(name, &error))?;
        self.write(name, &text, mode)
    }
}

mod aside;
mod clock;
pub(crate) mod files;
mod keeps;
mod kept;
mod pools;
mod restoring;
mod temp_files;
#[cfg(test)]
mod tests;
pub(crate) mod viewers;
mod voting;
