//! Every small file of a home, and which of them come along to another machine.

use std::{fs, io, net::SocketAddr, path::PathBuf};

use super::{
    BACKED_UP, HAD, Home, HomeError, INVITATION, NAMES, REGISTERED, RELAY, TOKEN, VALIDATOR, VOTED,
    WAITS,
    clock::CLOCK,
    keeps::{ANSWERED, ANSWERED_BEFORE},
    kept::INVITATIONS,
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

/// All of them. What is not here, the chain aside, is none of ours.
const FILES: [(&str, Moves); 29] = [
    // Of what this disk may lose.
    (ANSWERED, Moves::Never),
    (ANSWERED_BEFORE, Moves::Never),
    // Of this disk.
    (BACKED_UP, Moves::Never),
    (HAD, Moves::Always),
    // Of this machine's clock.
    (CLOCK, Moves::Never),
    ("genesis.json", Moves::Always),
    (INVITATION, Moves::Secretly),
    (INVITATIONS, Moves::Always),
    // Logs list the certificates of a machine's keys after the home has come to another.
    (LINK_KEYS, Moves::Always),
    (NAMES, Moves::Always),
    // The network knows the node by it, and a relay binds its name to it.
    ("node.key", Moves::Secretly),
    ("nodes.json", Moves::Always),
    (PEERS, Moves::Always),
    (PLAYERS_ONLY, Moves::Always),
    ("port", Moves::Always),
    ("profile.json", Moves::Always),
    (PUSH_KEY, Moves::Secretly),
    // Whoever has a browser's keys can speak to it.
    (SUBSCRIBERS, Moves::Secretly),
    (REGISTERED, Moves::Always),
    (RELAY, Moves::Secretly),
    (SOURCES, Moves::Always),
    (REMINDERS, Moves::Always),
    ("running.json", Moves::Never),
    // Of programs on this machine.
    (TOKEN, Moves::Never),
    (VALIDATOR, Moves::Secretly),
    // Whoever restores a home marks it.
    (WAITS, Moves::Never),
    (VOTED, Moves::Always),
    (WORD, Moves::Always),
    ("wallet.json", Moves::Secretly),
];

/// The names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

impl Home {
    /// The names of the files that may come along to another machine.
    pub fn moving() -> impl Iterator<Item = &'static str> {
        let moving = FILES.iter().filter(|(_, moves)| *moves != Moves::Never);
        moving.map(|(name, _)| *name)
    }

    /// Reads the files that come along to another machine, with their names; without `keys`, none that holds a secret.
    pub fn moved(&self, keys: bool) -> Result<Vec<(&'static str, String)>, HomeError> {
        let mut all = Vec::new();
        for (name, moves) in FILES {
            if moves == Moves::Always || keys && moves == Moves::Secretly {
                all.extend(self.read(name)?.map(|text| (name, text)));
            }
        }
        Ok(all)
    }

    /// The files with secrets that others on this machine can read.
    pub fn readable_by_others(&self) -> Result<Vec<PathBuf>, HomeError> {
        let secret = FILES.iter().filter(|(_, moves)| *moves == Moves::Secretly);
        let names = secret.map(|(name, _)| *name).chain([TOKEN]);
        let mut found = Vec::new();
        for path in names.map(|name| self.dir.join(name)) {
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
