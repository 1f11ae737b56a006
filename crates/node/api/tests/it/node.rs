//! A node that is played: a real store, real signatures and blocks, no network.

#[path = "node/answers.rs"]
mod answers;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use bolao_api::{
    ActOnNode, ClassicBet, ClassicNode, Events, KeepInvitations, KeepSources, KeepSubscribers,
    Live, LiveNode, MiningMode, MiningStatus, NodeError, NodeEvent, NodeStatus, NotTaken, ReadNode,
    SyncState, SyncStatus,
    body::{PeerBody, SolutionBody, Viewers, WordBody},
};
use bolao_chain::{Attendance, Rejection};
use bolao_discovery::{Discovery, DiscoveryConfig};
use bolao_feeds::Told;
use bolao_ledger::{
    AccountId, Action, AppliedBlock, Block, BlockContext, BlockHash, BlockId, BlockProof, Chips,
    Coinbase, Decision, Genesis, Header, Height, Ledger, Name, Nonce, OpenBet, Overlay, PoolId,
    Reason, Signature, StateView, TargetRule, Transaction, TxBody, TxId, UnixSeconds, actions,
    domain, encode, merkle_root, sha256d, signing_bytes,
};
use bolao_openings::{Deal, Kept};
use bolao_store::{Certificate, Durability, FinalBlock, Reader, Store, StoreError};
use bolao_wallet::{PublicInvite, PushAddress, Word};
use bolao_work::Job;
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use url::Url;

use crate::certified;

pub const TOKEN: &str = "the-local-secret";

/// A pool with the article's matches and hashes that are found at once.
pub fn easy() -> Genesis {
    Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    }
}

pub fn key(name: &str) -> SigningKey {
    SigningKey::from(sha256d(name.to_lowercase().as_bytes()))
}

pub fn account(name: &str) -> AccountId {
    AccountId(VerificationKeyBytes::from(&key(name)).into())
}

pub fn sign(genesis: &Genesis, name: &str, nonce: u64, action: Action) -> Transaction {
    let body = TxBody {
        account: account(name),
        nonce: Nonce(nonce),
        action,
    };
    let message = signing_bytes(genesis.pool_id(), &body);
    Transaction {
        signature: Signature(key(name).sign(&message).to_bytes()),
        body,
    }
}

/// What a player signs for a node, and no block keeps.
pub fn say(pool: PoolId, name: &str, at: u64, text: &str) -> Signature {
    let signed = [domain::WORD, &pool.0, &encode(&(UnixSeconds(at), text))].concat();
    Signature(key(name).sign(&signed).to_bytes())
}

pub fn join(name: &str) -> Action {
    Action::Join(actions::Join {
        name: Name::new(name).unwrap(),
        invitation: None,
    })
}

/// Puts a block on top of the tip.
pub fn put_block(
    tables: &mut bolao_store::Tables<'_>,
    genesis: &Genesis,
    applied: &AppliedBlock<'_>,
) -> Result<(), StoreError> {
    let chain = tables.header_chain(&tables.tip()?.hash)?.unwrap();
    let header = chain.check(genesis, &applied.block().get().header);
    tables.put_header(&header.unwrap())?;
    tables.connect(applied)
}

pub struct TestNode {
    pub genesis: Genesis,
    store: Mutex<Store>,
    reader: Reader,
    discovery: Discovery,
    pub events: Events,
    pub nodes: Mutex<Vec<String>>,
    /// Names of other wallets.
    pub foreign: Mutex<HashSet<String>>,
    pub replaced: Mutex<bool>,
    pub calls: Mutex<Vec<String>>,
    pub peers: Mutex<Vec<PeerBody>>,
    pub attendance: Mutex<Option<Arc<Attendance>>>,
    pub invitations: Mutex<BTreeMap<AccountId, PublicInvite>>,
    pub told: Mutex<Told>,
    pub live: Mutex<Vec<Live>>,
    pub viewers: Mutex<Viewers>,
    /// The bets that were to be posted to other programs, and those that did not take them.
    pub posted: Mutex<Vec<String>>,
    pub missed: Mutex<Vec<NotTaken>>,
    /// The answer to the next act that it is asked for.
    pub refusal: Mutex<Option<NodeError>>,
    pub clock_nonces: Mutex<Vec<String>>,
}

impl TestNode {
    pub fn new(genesis: Genesis) -> Self {
        let store = Store::in_memory(&genesis).unwrap();
        Self::of(genesis, store)
    }

    /// One with a store that is there already.
    pub fn of(genesis: Genesis, store: Store) -> Self {
        Self {
            genesis,
            reader: store.reader(),
            store: Mutex::new(store),
            discovery: Discovery::open(DiscoveryConfig::new(None)).unwrap(),
            events: Events::keeping(8, &[0; 32]),
            nodes: Mutex::default(),
            foreign: Mutex::default(),
            replaced: Mutex::default(),
            attendance: Mutex::default(),
            invitations: Mutex::default(),
            told: Mutex::default(),
            live: Mutex::default(),
            viewers: Mutex::default(),
            posted: Mutex::default(),
            missed: Mutex::default(),
            refusal: Mutex::default(),
            clock_nonces: Mutex::default(),
            calls: Mutex::default(),
            peers: Mutex::default(),
        }
    }

    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap()
    }

    fn called(&self, call: impl Into<String>) {
        self.calls.lock().unwrap().push(call.into());
    }

    /// Has it refuse the next act.
    pub fn refuse(&self, refusal: NodeError) {
        *self.refusal.lock().unwrap() = Some(refusal);
    }

    fn acts(&self) -> Result<(), NodeError> {
        self.refusal.lock().unwrap().take().map_or(Ok(()), Err)
    }

    /// Tells those who listen.
    pub fn tell(&self, event: &NodeEvent) {
        self.events.send(event.text(&self.reader).unwrap());
    }

    pub fn drop_pending(&self, id: &TxId) {
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| tables.remove_pending(id))
            .unwrap();
    }

    pub fn put_pending(&self, transaction: &Transaction) {
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                tables.put_pending(transaction)
            })
            .unwrap();
    }

    /// What a node of keepers would have of a seal.
    pub fn keep(&self, kept: &Kept) {
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| tables.put_kept(kept))
            .unwrap();
    }

    /// The next block with these transactions, not yet taken.
    pub fn template(&self, time: UnixSeconds, transactions: Vec<Transaction>) -> Block {
        let tip = self.reader.snapshot().unwrap().tip().unwrap();
        self.template_on(&tip, time, transactions)
    }

    pub fn template_on(
        &self,
        tip: &bolao_store::Tip,
        time: UnixSeconds,
        transactions: Vec<Transaction>,
    ) -> Block {
        let (snapshot, height) = (self.reader.snapshot().unwrap(), tip.height.next());
        let context = BlockContext { height, time };
        let mut message = certified::message(&self.genesis, &snapshot, context, &transactions);
        message.extend(b"found by hand");
        let coinbase = Coinbase {
            height,
            miner: account("miner"),
            message,
            extra_nonce: [0; 16],
        };
        let bits = bolao_headers::required_bits(&self.genesis, tip.height, tip.time);
        let mut block = Block {
            header: Header {
                version: 1,
                previous: tip.hash,
                merkle_root: [0; 32],
                time: u32::try_from(time.0).unwrap(),
                bits: bits.to_consensus(),
                nonce: 0,
            },
            coinbase,
            transactions,
        };
        let root = merkle_root(&block.leaves());
        block.header = Header {
            version: 1,
            previous: tip.hash,
            merkle_root: root,
            time: u32::try_from(time.0).unwrap(),
            bits: bits.to_consensus(),
            nonce: 0,
        };
        while !block.header.meets_own_target() {
            block.header = block.header.with_nonce(block.header.nonce + 1);
        }
        block
    }

    pub fn next_time(&self) -> UnixSeconds {
        let tip = self.reader.snapshot().unwrap().tip().unwrap();
        UnixSeconds(self.genesis.created.0 + 10 * tip.height.next().0)
    }

    pub fn take(&self, block: Block) -> Result<BlockHash, NodeError> {
        let rejected = |reason: Reason| {
            NodeError::from(Rejection {
                reason,
                message: "refused by the rules".into(),
            })
        };
        let checked = block
            .check(&self.genesis, self.genesis.pool_id())
            .map_err(|error| rejected(error.reason()))?;
        let header = checked.get().header;
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                let tip = tables.tip()?;
                if header.previous != tip.hash {
                    return Ok(Err(rejected(Reason::UnknownParent)));
                }
                let height = tip.height.next();
                let ledger = Ledger::new(&self.genesis);
                let applied = match ledger.apply_block(&*tables, height, &checked) {
                    Ok(applied) => applied,
                    Err(error) => return Ok(Err(rejected(error.reason().unwrap()))),
                };
                if self.genesis.proof() == BlockProof::Certificate {
                    let set = tables.validator_set_after(tip.height)?.unwrap();
                    let (genesis, hash) = (&self.genesis, checked.hash());
                    let signed = encode(&certified::certificate(genesis, &set, height, hash));
                    tables.put_final(&FinalBlock {
                        block: BlockId { height, hash },
                        certificate: Certificate::new(signed).unwrap(),
                    })?;
                }
                put_block(tables, &self.genesis, &applied)?;
                Ok(Ok(checked.hash()))
            })
            .unwrap()
    }

    /// A block with what waits, as far as it applies.
    pub fn mine_at(&self, time: UnixSeconds) -> BlockHash {
        let snapshot = self.reader.snapshot().unwrap();
        let ledger = Ledger::new(&self.genesis);
        let context = BlockContext {
            height: snapshot.tip().unwrap().height.next(),
            time,
        };
        let mut overlay = Overlay::new(&snapshot);
        ledger.begin_block(&mut overlay, context).unwrap();
        let mut transactions = Vec::new();
        for transaction in snapshot.pending().unwrap() {
            let checked = transaction
                .check(&self.genesis, self.genesis.pool_id())
                .unwrap();
            if ledger
                .apply_transaction(&mut overlay, context, &checked)
                .is_ok()
            {
                transactions.push(checked.into_inner());
            }
        }
        let block = self.template(time, transactions);
        self.take(block).unwrap()
    }

    /// Those who voted on block 5 of [`crate::slip`]'s pool as vote 3 sign another one, too.
    pub fn decide_twice(&self, number: u64) {
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                let ours = tables.final_at(Height(5))?.unwrap();
                let set = tables.validator_set_after(Height(4))?.unwrap();
                let decision = Decision::plain(ours.height, BlockHash([9; 32]));
                let decided = certified::decided(&self.genesis, &set, Height(number), decision);
                tables.put_conflicting_final(&FinalBlock {
                    block: decision.block,
                    certificate: Certificate::new(encode(&decided)).unwrap(),
                })
            })
            .unwrap();
    }

    /// The tip becomes a checkpoint, by all who vote on it (`hybrid`).
    pub fn decide(&self, number: u64) -> Height {
        self.store()
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                let (tip, last) = (tables.tip()?, tables.last_final()?);
                let last = last.map_or(Height::ZERO, |block| block.height);
                let set = tables.validator_set_after(last)?.unwrap();
                let decision = Decision::plain(tip.height, tip.hash);
                let decided = certified::decided(&self.genesis, &set, Height(number), decision);
                tables.put_final(&FinalBlock {
                    block: tip.block,
                    certificate: Certificate::new(encode(&decided)).unwrap(),
                })?;
                Ok(tip.height)
            })
            .unwrap()
    }

    pub fn mine_now(&self) -> BlockHash {
        self.mine_at(self.next_time())
    }

    /// What a client that signs does: joins on first use.
    pub fn bet(&self, name: &str, tips: Vec<OpenBet>) -> TxId {
        let snapshot = self.reader.snapshot().unwrap();
        let id = account(name);
        let confirmed = snapshot.account(&id).unwrap();
        let waiting = snapshot
            .pending()
            .unwrap()
            .iter()
            .filter(|transaction| transaction.body.account == id)
            .count() as u64;
        let mut nonce = confirmed.map_or(0, |account| account.next_nonce.0) + waiting;
        if nonce == 0 {
            self.put_pending(&sign(&self.genesis, name, 0, join(name)));
            nonce = 1;
        }
        let transaction = sign(
            &self.genesis,
            name,
            nonce,
            Action::Bet(actions::Bet { bets: tips }),
        );
        self.put_pending(&transaction);
        transaction.id()
    }
}

pub fn peer(id: &str) -> PeerBody {
    PeerBody {
        id: id.into(),
        address: "127.0.0.1:9001".into(),
        outbound: true,
        connected_for_s: 3,
        agent: "bolao/0.1.0".into(),
        tip: None,
        clock_ahead_s: None,
    }
}
