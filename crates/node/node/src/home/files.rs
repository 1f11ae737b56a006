//! Every small file of a home, and which of them come along to another machine.

use std::{fs, io, net::SocketAddr, path::PathBuf};

use super::{
    BACKED_UP, HAD, Home, HomeError, INVITATION, NAMES, REGISTERED, RELAY, TOKEN, VALIDATOR, VOTED,
    WAITS,
    clock::CLOCK,
    keeps::{ANSWERED, ANSWERED_BEFORE},
    kept::INVITATIONS,
    pools::{ARCHIVED, TROUBLE},
    viewers::{PLAYERS_ONLY, WORD},
};

/// The file of the nodes that this one was connected to.
pub(crate) const PEERS: &str = "peers.json";
/// Their addresses, the last one last.
pub(crate) type Dialled = Vec<SocketAddr>;
/// The file of the lists that the node reads from the web.
pub(crate) const SOURCES: &str = "sources.json";
/// The file of the keys behind the node's link.
pub(crate) const LINK_KEYS: &str = "link-keys.json";
/// The file of the key by which push services know this node. Browsers subscribe with it: without it they subscribe anew.
pub(crate) const PUSH_KEY: &str = "push.key";
/// The file of the browsers, and of what they were told.
pub(crate) const SUBSCRIBERS: &str = "push.json";
/// The file of the ends of betting of which it was told who lacks a tip.
pub(crate) const REMINDERS: &str = "reminders.json";

/// The way of a file to another machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moves {
    /// In every backup.
    Always,
    /// In one with keys.
    Secretly,
    /// Not at all: it is made anew, or is of this machine alone.
    Never,
}

/// The owner of a file: the person, of whom a home has one, or a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Person,
    Pool,
}

/// All of them. What is not here, the chain aside, is none of ours.
const FILES: [(&str, Whose, Moves); 31] = [
    (ARCHIVED, Whose::Pool, Moves::Always),
    // Whose what this disk may lose.
    (ANSWERED, Whose::Pool, Moves::Never),
    (ANSWERED_BEFORE, Whose::Pool, Moves::Never),
    // Whose this disk.
    (BACKED_UP, Whose::Pool, Moves::Never),
    (HAD, Whose::Pool, Moves::Always),
    // Whose this machine's clock.
    (CLOCK, Whose::Person, Moves::Never),
    ("genesis.json", Whose::Pool, Moves::Always),
    (INVITATION, Whose::Pool, Moves::Secretly),
    (INVITATIONS, Whose::Pool, Moves::Always),
    // Logs list the certificates of a machine's keys after the home has come to another.
    (LINK_KEYS, Whose::Person, Moves::Always),
    (NAMES, Whose::Person, Moves::Always),
    // The network knows the node by it, and a relay binds its name to it.
    ("node.key", Whose::Person, Moves::Secretly),
    ("nodes.json", Whose::Person, Moves::Always),
    (PEERS, Whose::Pool, Moves::Always),
    (PLAYERS_ONLY, Whose::Pool, Moves::Always),
    ("port", Whose::Person, Moves::Always),
    ("profile.json", Whose::Pool, Moves::Always),
    (PUSH_KEY, Whose::Pool, Moves::Secretly),
    // Whoever has a browser's keys can speak to it.
    (SUBSCRIBERS, Whose::Pool, Moves::Secretly),
    (REGISTERED, Whose::Person, Moves::Always),
    (RELAY, Whose::Person, Moves::Secretly),
    (SOURCES, Whose::Pool, Moves::Always),
    (REMINDERS, Whose::Pool, Moves::Always),
    ("running.json", Whose::Person, Moves::Never),
    (TROUBLE, Whose::Pool, Moves::Never),
    // Whose programs on this machine.
    (TOKEN, Whose::Person, Moves::Never),
    (VALIDATOR, Whose::Pool, Moves::Secretly),
    // Whoever restores a home marks it.
    (WAITS, Whose::Pool, Moves::Never),
    (VOTED, Whose::Pool, Moves::Always),
    (WORD, Whose::Pool, Moves::Always),
    ("wallet.json", Whose::Person, Moves::Secretly),
];

/// Whether a file is the person's.
pub(super) fn is_persons(name: &str) -> bool {
    let mut all = FILES.iter();
    all.any(|(file, of, _)| *file == name && *of == Whose::Person)
}

/// The names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, ..)| *name)
}

impl Home {
    /// The names of the files that may come along to another machine.
    pub fn moving() -> impl Iterator<Item = &'static str> {
        let moving = FILES.iter().filter(|(.., moves)| *moves != Moves::Never);
        moving.map(|(name, ..)| *name)
    }

    /// Reads the files that come along to another machine, with their names; without `keys`, none that holds a secret.
    pub fn moved(&self, keys: bool) -> Result<Vec<(&'static str, String)>, HomeError> {
        let mut all = Vec::new();
        for (name, _, moves) in FILES {
            if moves == Moves::Always || keys && moves == Moves::Secretly {
                all.extend(self.read(name)?.map(|text| (name, text)));
            }
        }
        Ok(all)
    }

    /// The files with secrets that others on this machine can read.
    pub fn readable_by_others(&self) -> Result<Vec<PathBuf>, HomeError> {
        let secret = FILES.iter().filter(|(.., moves)| *moves == Moves::Secretly);
        let names = secret.map(|(name, ..)| *name).chain([TOKEN]);
        let mut found = Vec::new();
        for path in names.map(|name| self.path(name)) {
            match fs::metadata(&path) {
                Ok(there) if is_open(&there) => found.push(path),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => {
                    let action = "look at";
                    return Err(HomeError::Io {
                        action,
                        path,
                        source,
                    });
                }
            }
        }
        Ok(found)
    }
}

#[cfg(unix)]
fn is_open(there: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    there.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}
