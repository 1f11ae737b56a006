//! Work for miners outside this process: standard ones (Stratum) and `bolao miner` (the API).
//!
//! Anybody may ask, so that what an answer costs is bounded:
//! - The core makes one template for all miners whenever the tip changes or transactions come, which it tells at most
//!   once a second. A miner's account is put into a copy of it, a hash for each level of the Merkle tree.
//! - A few templates are kept, all on the tip; a solution of another is stale.
//! - Standard miners mine whatever they have: of the empty blocks that nobody wants the first on a tip is taken, once the
//!   idle pace has passed since the block before.
//! - The core sees a solution only if its hash meets the target, one at a time, and while the tip is still the one that
//!   it builds on.
//!
//! Hours of work may be in a solution: it waits for a place in the core's queue, goes on without whoever handed it in, and
//! is answered as the first time when it comes again ([`taken`]). Standard miners cannot hand it in again, so that theirs
//! waits longer.

mod kept;
mod made;
mod pace;
mod taken;

use std::{sync::Arc, time::Duration};

use bolao_api::{FoundWork, MiningJob, NodeError};
use bolao_chain::{Accepted, Event, Rejection, Template};
use bolao_ledger::{AccountId, Block, BlockHash, Header, Reason, UnixSeconds};
use bolao_miner::{double_sha256, meets_target};
use bolao_store::Reader;
use bolao_stratum::Change;
use tokio::{
    sync::{Mutex, Semaphore, broadcast::error::RecvError, watch},
    time::{Instant, sleep, sleep_until, timeout_at},
};

use self::{
    kept::Kept,
    made::Made,
    pace::Pace,
    taken::{Solution, Taken},
};
pub(crate) use self::{made::seconds, pace::Turn};
use crate::{
    engine::{Engine, FOUND_WAITS, lost},
    mining::{clock, miner_template},
    sealing::deadlines_now,
};

/// How long transactions are gathered: a player's first bet comes as two of them.
const GATHER: Duration = Duration::from_millis(20);
/// How long the block of a miner that cannot hand it in again waits for the core.
const WAITS_LONG: Duration = Duration::from_mins(5);
/// How many blocks may wait for the core. It takes one of those on a tip.
const WAITING: u16 = 64;

/// The node's work for others.
#[derive(Debug)]
pub(crate) struct Jobs {
    engine: Engine,
    reader: Reader,
    changes: watch::Receiver<Change>,
    kept: Kept,
    making: Arc<Mutex<()>>,
    waiting: Arc<Semaphore>,
    handing_in: Mutex<()>,
    taken: Taken,
    pace: Pace,
    /// Numbers begin anywhere, so that those of an earlier run name nothing.
    first: u64,
}

impl Jobs {
    /// The work, and the task that tells of new tips and transactions.
    pub(crate) fn new(
        engine: Engine,
        reader: Reader,
        idle_pace: Duration,
    ) -> anyhow::Result<(Self, impl Future<Output = ()> + Send + 'static)> {
        let mut events = engine.events();
        let tip = reader.snapshot()?.tip()?.hash;
        let (told, changes) = watch::channel(Change {
            tip: tip.0,
            revision: 0,
        });
        let tips = reader.clone();
        let telling = async move {
            loop {
                match events.recv().await {
                    Ok(Event::TipChanged { .. } | Event::TemplateStale)
                    | Err(RecvError::Lagged(_)) => {}
                    Ok(_) => continue,
                    Err(RecvError::Closed) => return,
                }
                match tips.snapshot().and_then(|snapshot| snapshot.tip()) {
                    Ok(tip) => told.send_modify(|change| {
                        change.tip = tip.hash.0;
                        change.revision = change.revision.wrapping_add(1);
                    }),
                    Err(error) => tracing::error!(%error, "miners could not be told of a new tip"),
                }
            }
        };
        let jobs = Self {
            engine,
            reader,
            changes,
            kept: Kept::default(),
            making: Arc::default(),
            waiting: Arc::new(Semaphore::new(WAITING.into())),
            handing_in: Mutex::default(),
            taken: Taken::default(),
            pace: Pace::new(idle_pace),
            first: rand::random(),
        };
        Ok((jobs, telling))
    }

    /// Tells when templates are out of date.
    pub(crate) fn changes(&self) -> watch::Receiver<Change> {
        self.changes.clone()
    }

    /// What an account is to mine now, as a block and as a job.
    pub(crate) async fn block(
        self: &Arc<Self>,
        account: AccountId,
    ) -> Result<(Template, MiningJob), NodeError> {
        Ok(self.current().await?.for_miner(account))
    }

    /// When a block that nobody wants is to be handed over.
    pub(crate) fn turn(&self, block: &Block) -> Turn {
        self.pace.turn(block.header.previous())
    }

    /// What an account is to mine now, as a job of the API; while it is the one that is `known`, waits for the next as long
    /// as `patience`.
    pub(crate) async fn job(
        self: &Arc<Self>,
        account: AccountId,
        known: Option<&str>,
        patience: Duration,
    ) -> Result<MiningJob, NodeError> {
        let end = Instant::now() + patience;
        let mut changes = self.changes();
        loop {
            let tip = changes.borrow_and_update().tip;
            let made = self.current().await?;
            let (_, job) = made.for_miner(account);
            if known != Some(job.id.as_str()) || Instant::now() >= end {
                return Ok(job);
            }
            tokio::select! {
                changed = changes.changed() => {
                    changed.map_err(|_| NodeError::Stopped)?;
                    if changes.borrow().tip == tip {
                        sleep(GATHER).await;
                    }
                }
                () = sleep_until(made.ends.min(end)) => {}
            }
        }
    }

    /// The current template. Whoever asks while it is being made waits for the same one.
    async fn current(self: &Arc<Self>) -> Result<Made, NodeError> {
        if let Some(made) = self.good() {
            return Ok(made);
        }
        let turn = Arc::clone(&self.making).lock_owned().await;
        if let Some(made) = self.good() {
            return Ok(made);
        }
        // A task of its own, so that what the core makes is kept though whoever asked has gone.
        let jobs = Arc::clone(self);
        let making = tokio::spawn(async move {
            let _turn = turn;
            jobs.make().await
        });
        making.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a template could not be made");
            Err(NodeError::Stopped)
        })
    }

    /// The last template, while nothing makes another one of it.
    fn good(&self) -> Option<Made> {
        let revision = self.changes.borrow().revision;
        let good = |last: &Made| last.revision == revision && Instant::now() < last.ends;
        self.kept.last().filter(good)
    }

    async fn make(&self) -> Result<Made, NodeError> {
        let revision = self.changes.borrow().revision;
        // Whose it is does not matter: each miner's own account takes the place.
        let template = self.engine.template(AccountId([0; 32])).await?;
        let now = UnixSeconds(clock().into());
        let number = self
            .kept
            .last()
            .map_or(self.first, |last| last.number.wrapping_add(1));
        let deadlines = deadlines_now(&self.reader, template.min_time, now);
        let made = Made::new(number, revision, template, deadlines, now);
        self.kept.add(made.clone());
        Ok(made)
    }

    /// Takes what a miner found for a job. The same again gives the same block while that is on the chain.
    pub(crate) async fn hand_in(
        self: &Arc<Self>,
        found: &FoundWork,
    ) -> Result<BlockHash, NodeError> {
        let (number, account) = parse_id(&found.template)?;
        let solution = Solution {
            template: number,
            account,
            extra_nonce: found.extra_nonce,
            time: found.time,
            nonce: found.nonce,
        };
        if let Some(hash) = self.taken_before(&solution) {
            return Ok(hash);
        }
        let Some(made) = self.kept.get(number) else {
            return Err(NodeError::Stale);
        };
        let (min, max) = (made.template.min_time.0, made.max_time().0);
        if !(min..=max).contains(&found.time.into()) {
            return Err(NodeError::BadTime {
                got: found.time,
                min,
                max,
            });
        }
        let template = made.template.for_miner(account);
        let header =
            miner_template(&template).header_with(&found.extra_nonce, found.time, found.nonce);
        if !meets_target(&double_sha256(&header), &template.target) {
            return Err(NodeError::Rejected(Rejection {
                reason: Reason::HighHash,
                message: "the hash is not below the target".into(),
            }));
        }
        let block = template.block(Header::from_bytes(&header), found.extra_nonce);
        self.take(block, account.to_string(), Some(solution)).await
    }

    /// Hands a block with enough work to the core. One at a time, so that of many on one tip the core sees the first. Without
    /// a solution its miner cannot hand it in again, and it waits longer for its turn.
    pub(crate) async fn take(
        self: &Arc<Self>,
        block: Block,
        miner: String,
        solution: Option<Solution>,
    ) -> Result<BlockHash, NodeError> {
        let hash = block.hash();
        let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            lost(&hash, &NodeError::Busy);
            return Err(NodeError::Busy);
        };
        let end = Instant::now() + solution.map_or(WAITS_LONG, |_| FOUND_WAITS);
        // A task of its own, so that the block is not lost with the connection on which it came.
        let jobs = Arc::clone(self);
        let handed = tokio::spawn(async move {
            let _place = place;
            let result = match timeout_at(end, jobs.handing_in.lock()).await {
                Ok(_turn) => jobs.hand_over(block, &miner, solution, end).await,
                Err(_) => Err(NodeError::Busy),
            };
            match (&result, solution) {
                (Err(error @ (NodeError::Busy | NodeError::Stopped)), Some(_)) => {
                    tracing::warn!(%hash, %error, "a found block is lost, unless its miner hands it in again");
                }
                (Err(error @ (NodeError::Busy | NodeError::Stopped)), None) => lost(&hash, error),
                _ => {}
            }
            result
        });
        handed.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a found block could not be handed over");
            Err(NodeError::Stopped)
        })
    }

    async fn hand_over(
        &self,
        block: Block,
        miner: &str,
        solution: Option<Solution>,
        end: Instant,
    ) -> Result<BlockHash, NodeError> {
        // It may have come twice at the same time.
        if let Some(hash) = solution.and_then(|solution| self.taken_before(&solution)) {
            return Ok(hash);
        }
        let tip = self.reader.snapshot().and_then(|snapshot| snapshot.tip());
        if tip.is_ok_and(|tip| tip.hash != block.header.previous()) {
            return Err(NodeError::Stale);
        }
        let hash = block.hash();
        match self.engine.mined_until(block, end).await {
            Ok(Accepted::Block { tip, height, .. }) => {
                // On another branch it may become part of the chain yet.
                if let Some(solution) = solution {
                    self.taken.add(solution, hash);
                }
                if !tip {
                    return Err(NodeError::Stale);
                }
                self.pace.found();
                tracing::info!(%height, %hash, miner, "a miner found a block");
                Ok(hash)
            }
            Ok(Accepted::Transaction { .. }) => Err(NodeError::Stale),
            Err(error) => Err(error),
        }
    }

    /// The block that a solution became, if it is on the chain.
    fn taken_before(&self, solution: &Solution) -> Option<BlockHash> {
        let hash = self.taken.get(solution)?;
        let on_chain = self.reader.snapshot().and_then(|snapshot| {
            let Some(record) = snapshot.header(&hash)? else {
                return Ok(false);
            };
            Ok(snapshot.hash_at(record.height)? == Some(hash))
        });
        match on_chain {
            Ok(on_chain) => on_chain.then_some(hash),
            Err(error) => {
                tracing::error!(%error, "a block that was taken cannot be looked up");
                None
            }
        }
    }
}

/// A job's id: the template's number and the miner's account.
fn parse_id(id: &str) -> Result<(u64, AccountId), NodeError> {
    let parts = id.split_once('-').and_then(|(number, account)| {
        // Longer numbers and signs are of nobody's making.
        let plain = number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = plain.then(|| u64::from_str_radix(number, 16).ok())??;
        Some((number, account.parse().ok()?))
    });
    parts.ok_or(NodeError::NoTemplate)
}

#[cfg(test)]
mod tests;
