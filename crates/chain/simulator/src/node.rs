//! One node: its core, its disk, its clock, and what is on its way to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use bolao_chain::{Accepted, Core, CoreConfig, CoreError, Event, Input, Now, Rejection, Topic};
use bolao_ledger::{Genesis, ValidatorKey};
use bolao_store::{Durability, Store};
use ed25519_zebra::VerificationKeyBytes;

use crate::disk::Disk;

/// Memory that one store may keep pages in, in bytes.
const CACHE_BYTES: usize = 1 << 20;

/// A test for the inputs to which an attacker's node shuts its ears.
pub struct Ignored(pub Box<dyn Fn(&Input) -> bool>);

impl fmt::Debug for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ignored")
    }
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) core: Option<Core>,
    disk: Disk,
    /// A copy of the disk of some time before.
    backup: Disk,
    pub(crate) config: CoreConfig,
    /// The key that the node votes with, if it does.
    pub(crate) key: Option<ValidatorKey>,
    /// The time by which its clock is ahead of the others', in seconds.
    pub(crate) ahead_s: i64,
    /// Gossip that it has had: it handles none twice.
    pub(crate) seen: BTreeSet<[u8; 32]>,
    /// Whom to answer: token to asker and its id.
    pub(crate) asked: BTreeMap<u64, (usize, u64)>,
    pub(crate) gossiped: BTreeMap<u64, (Topic, Vec<u8>)>,
    pub(crate) links: BTreeSet<usize>,
    /// When its core wants to be called.
    pub(crate) wake_ms: Option<u64>,
    /// The number of times that it was started.
    pub(crate) life: u64,
    pub(crate) events: Vec<Event>,
    pub(crate) rounds: Vec<(u64, u64)>,
    pub(crate) replies: Vec<(u64, Result<Accepted, Rejection>)>,
    pub(crate) failure: Option<CoreError>,
    pub(crate) ignored: Option<Ignored>,
}

impl Node {
    pub(crate) fn new(genesis: &Genesis, config: CoreConfig, now: Now) -> Self {
        let mut node = Self {
            core: None,
            disk: Disk::default(),
            backup: Disk::default(),
            key: config.validator.as_ref().map(|vote| {
                let key = VerificationKeyBytes::from(&vote.key);
                ValidatorKey(key.into())
            }),
            config,
            ahead_s: 0,
            seen: BTreeSet::new(),
            asked: BTreeMap::new(),
            gossiped: BTreeMap::new(),
            links: BTreeSet::new(),
            wake_ms: None,
            life: 0,
            events: Vec::new(),
            rounds: Vec::new(),
            replies: Vec::new(),
            failure: None,
            ignored: None,
        };
        node.start(genesis, now, false);
        node
    }

    /// Gives the number of times that it waited for the disk.
    pub(crate) fn syncs(&self) -> u64 {
        self.disk.syncs()
    }

    /// Gives the store on the disk.
    pub(crate) fn stored(&self, genesis: &Genesis) -> Store {
        Store::on_backend(self.disk.clone(), genesis, CACHE_BYTES)
            .expect("a disk that was synced holds a whole store")
    }

    /// Copies what is on the disk for sure.
    pub(crate) fn back_up(&mut self) {
        self.backup = self.disk.after_crash(|| false);
    }

    /// Puts a copy in the disk's place, while the node is down.
    pub(crate) fn put_back(&mut self) {
        self.disk = self.backup.after_crash(|| true);
    }

    /// Starts the core from what is on the disk, perhaps without what it has voted.
    pub(crate) fn start(&mut self, genesis: &Genesis, now: Now, forget_votes: bool) {
        let mut store = self.stored(genesis);
        if forget_votes {
            let forgotten = store.write(Durability::Durable, |tables| tables.reset_votes());
            forgotten.expect("the disk is not broken");
        }
        match Core::new(store, self.config.clone(), now) {
            Ok(core) => self.core = Some(core),
            Err(CoreError::Final(error)) => self.failure = Some(error.into()),
            Err(error) => panic!("a whole store can be read: {error}"),
        }
        self.wake_ms = None;
        self.life += 1;
    }

    /// Ends the core as a power cut does.
    pub(crate) fn crash(&mut self, keep: impl FnMut() -> bool) {
        // Before the store can close its file in good order.
        self.disk = self.disk.after_crash(keep);
        self.core = None;
        self.asked.clear();
        self.gossiped.clear();
        self.seen.clear();
    }
}
