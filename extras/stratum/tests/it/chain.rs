//! A chain of headers that takes a block only if everything about it is right.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use bolao_stratum::{Change, Difficulty, Found, JobSource, Reject, StratumConfig, serve};
use bolao_work::Job;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub(crate) const TIME: u32 = 1_900_000_000;

pub(crate) fn sha256d(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(bytes)).into()
}

/// A target with this many zero bits in front, in little-endian bytes.
pub(crate) fn target(zero_bits: usize) -> [u8; 32] {
    let mut target = [0xff; 32];
    for bit in 0..zero_bits {
        target[31 - bit / 8] &= !(0x80 >> (bit % 8));
    }
    target
}

pub(crate) fn meets(hash: &[u8; 32], target: &[u8; 32]) -> bool {
    hash.iter().rev().cmp(target.iter().rev()).is_le()
}

/// The root over all leaves, level by level, an odd one paired with itself.
fn merkle_root(mut level: Vec<[u8; 32]>) -> [u8; 32] {
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| sha256d(&[pair[0], *pair.last().unwrap()].concat()))
            .collect();
    }
    level[0]
}

/// The siblings of leaf 0, for four leaves.
fn branch(leaves: &[[u8; 32]; 3]) -> Vec<[u8; 32]> {
    vec![leaves[0], sha256d(&[leaves[1], leaves[2]].concat())]
}

/// What the chain remembers of a template.
#[derive(Debug)]
pub(crate) struct Template {
    height: u64,
    previous: [u8; 32],
    coinbase_prefix: Vec<u8>,
    others: [[u8; 32]; 3],
}

#[derive(Debug)]
pub(crate) struct Chain {
    target: [u8; 32],
    /// The hashes of its blocks and who found each.
    blocks: Mutex<Vec<([u8; 32], String)>>,
    changes: watch::Sender<Change>,
    pub(crate) refused: AtomicU64,
    pub(crate) shares: AtomicU64,
}

impl Chain {
    pub(crate) fn new(zero_bits: usize) -> Arc<Self> {
        Arc::new(Self {
            target: target(zero_bits),
            blocks: Mutex::default(),
            changes: watch::Sender::default(),
            refused: AtomicU64::new(0),
            shares: AtomicU64::new(0),
        })
    }

    pub(crate) fn target(&self) -> [u8; 32] {
        self.target
    }

    pub(crate) fn height(&self) -> usize {
        self.blocks.lock().unwrap().len()
    }

    pub(crate) fn miners(&self) -> Vec<String> {
        let blocks = self.blocks.lock().unwrap();
        blocks.iter().map(|(_, miner)| miner.clone()).collect()
    }

    /// A block by somebody else.
    pub(crate) fn advance(&self) -> [u8; 32] {
        let hash = sha256d(&self.tip());
        self.append(hash, "somebody else");
        hash
    }

    /// A transaction has come.
    pub(crate) fn transact(&self) {
        self.changes.send_modify(|change| change.revision += 1);
    }

    pub(crate) async fn height_reached(&self, height: usize) {
        let mut changes = self.changes.subscribe();
        while self.height() < height {
            changes.changed().await.unwrap();
        }
    }

    fn tip(&self) -> [u8; 32] {
        let blocks = self.blocks.lock().unwrap();
        blocks.last().map_or([0; 32], |(hash, _)| *hash)
    }

    fn append(&self, hash: [u8; 32], miner: &str) {
        self.blocks.lock().unwrap().push((hash, miner.to_owned()));
        self.changes.send_modify(|change| change.tip = hash);
    }

    fn check(&self, worker: &str, found: &Found<Arc<Template>>) -> Result<[u8; 32], Reject> {
        let reject = |why: &str| Err(Reject::Other(why.to_owned()));
        let Found {
            block,
            header,
            extra_nonce,
        } = found;
        if block.previous != self.tip() || block.height != self.height() as u64 {
            return Err(Reject::Stale("the chain has moved on".to_owned()));
        }
        if header[4..36] != self.tip() {
            return reject("previous");
        }
        let coinbase = [block.coinbase_prefix.as_slice(), extra_nonce].concat();
        let mut leaves = vec![sha256d(&coinbase)];
        leaves.extend(block.others);
        if header[36..68] != merkle_root(leaves) {
            return reject("bad-merkle-root");
        }
        if !coinbase
            .windows(worker.len())
            .any(|part| part == worker.as_bytes())
        {
            return reject("another's coinbase");
        }
        let time = u32::from_le_bytes(header[68..72].try_into().unwrap());
        if !(TIME - 60..=TIME + 120).contains(&time) {
            return reject("time");
        }
        if header[72..76] != 0x1f00_ffff_u32.to_le_bytes() {
            return reject("bits");
        }
        let hash = sha256d(header);
        if !meets(&hash, &self.target) {
            return reject("high-hash");
        }
        Ok(hash)
    }
}

#[async_trait]
impl JobSource for Chain {
    type Block = Arc<Template>;

    async fn job(&self, worker: &str) -> Result<(Job, Self::Block), Reject> {
        if !worker.starts_with("ana") {
            return Err(Reject::Unauthorized(format!(
                "{worker} is no player of this pool"
            )));
        }
        let (height, previous) = (self.height() as u64, self.tip());
        let revision = self.changes.borrow().revision;
        let others = [1, 2, 3].map(|n: u64| sha256d(&(revision + n).to_le_bytes()));
        let mut header = [0; 80];
        header[..4].copy_from_slice(&1_u32.to_le_bytes());
        header[4..36].copy_from_slice(&previous);
        header[68..72].copy_from_slice(&TIME.to_le_bytes());
        header[72..76].copy_from_slice(&0x1f00_ffff_u32.to_le_bytes());
        let coinbase_prefix = format!("coinbase {height:08} {worker} ").into_bytes();
        let job = Job {
            coinbase_prefix: coinbase_prefix.clone(),
            merkle_branch: branch(&others),
            min_time: TIME - 60,
            max_time: TIME + 120,
            ..Job::new(header, self.target)
        };
        let template = Template {
            height,
            previous,
            coinbase_prefix,
            others,
        };
        Ok((job, Arc::new(template)))
    }

    fn changes(&self) -> watch::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), Reject> {
        match self.check(worker, &found) {
            Ok(hash) => {
                self.append(hash, worker);
                Ok(())
            }
            Err(error) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    fn share(&self, _worker: &str, difficulty: Difficulty) {
        assert!(difficulty.value() > 0.0);
        self.shares.fetch_add(1, Ordering::Relaxed);
    }
}

/// A server before a chain; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) chain: Arc<Chain>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) async fn start(zero_bits: usize, adjust: impl FnOnce(&mut StratumConfig)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let chain = Chain::new(zero_bits);
        let mut config = StratumConfig::default();
        adjust(&mut config);
        let serving = serve(listener, Arc::clone(&chain), config, std::future::pending());
        Self {
            address,
            chain,
            task: tokio::spawn(serving),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
