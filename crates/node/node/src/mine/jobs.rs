//! Jobs for miners: the node's own, `bolao miner` (by the API) and standard ones (by Stratum).
//!
//! Anybody may ask, so the cost of an answer is bounded:
//! - The core makes one template for all miners when the tip changes or transactions come; it announces those at most
//!   once a second. Each miner gets a copy with its account, which costs a hash for each level of the Merkle tree.
//! - The node keeps a few templates, all on the tip. A solution of another is stale.
//! - Standard miners mine whatever they have. Of the empty blocks that nobody wants, the node takes the first on a tip, once
//!   the idle pace has passed since the block before.
//! - The core sees a solution only if its hash meets the target, one at a time, and while the tip is still the one that
//!   it builds on.
//!
//! Hours of work may be in a solution: it waits for a place in the core's queue, goes on without whoever submitted it, and
//! is answered as the first time when it comes again, though its template is of the past by then. Standard miners cannot submit it again, so that theirs
//! waits longer.

mod offer;
mod recent;

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use bolao_api::{NodeError, body::SolutionBody};
use bolao_chain::{Accepted, Event, Rejection, Template, no_mining};
use bolao_ledger::{AccountId, Block, BlockHash, Header, Reason, UnixSeconds};
use bolao_store::{Reader, StoreError};
use bolao_work::{Job, Pace, Turn, Turns, meets_target, sha256d};
use tokio::{
    sync::{Mutex, Semaphore, broadcast::error::RecvError, watch},
    time::{Instant, sleep, sleep_until, timeout_at},
};

use self::{offer::Offer, recent::Recent};
use crate::{
    clock::now,
    engine::{Engine, FOUND_WAITS, lost},
    mine::sealing::deadlines_now,
    reading::{read, tip},
};

/// The time for which transactions are gathered: a player's first bet comes as two of them.
const GATHER: Duration = Duration::from_millis(20);
/// The time that the block of a miner that cannot submit it again waits for the core.
const WAITS_LONG: Duration = Duration::from_mins(5);
/// The most blocks that may wait for the core. It takes one of those on a tip.
const WAITING: u16 = 64;

/// The state of the chain that jobs are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The hash of the block that the next one follows, in the order of a header's bytes. Another
    /// one makes all jobs stale: miners get new ones at once.
    pub tip: [u8; 32],
    /// Changes with the contents of the next block.
    pub revision: u64,
}

/// The node's jobs for miners.
#[derive(Debug)]
pub(crate) struct Jobs {
    engine: Engine,
    reader: Reader,
    changes: watch::Receiver<Change>,
    /// The last templates, all on one tip. The core announces more transactions once a second.
    offers: Recent<Offer, 8>,
    making: Arc<Mutex<()>>,
    waiting: Arc<Semaphore>,
    submitting: Mutex<()>,
    /// Solutions that became blocks.
    taken: Recent<(SolutionBody, BlockHash), 64>,
    started: Instant,
    turns: std::sync::Mutex<Turns>,
    /// Numbers begin anywhere, so that those of an earlier run name nothing.
    first: u64,
}

impl Jobs {
    /// The jobs, and the task that notices new blocks and transactions.
    pub(crate) fn new(
        engine: Engine,
        reader: Reader,
        idle_pace: Duration,
    ) -> Result<(Self, impl Future<Output = ()> + Send + 'static), StoreError> {
        let mut events = engine.events();
        let (current, changes) = watch::channel(Change {
            tip: tip(&reader)?.hash.0,
            revision: 0,
        });
        let store = reader.clone();
        let noticing = async move {
            loop {
                match events.recv().await {
                    Ok(Event::TipChanged { .. } | Event::TemplateStale)
                    | Err(RecvError::Lagged(_)) => {}
                    Ok(_) => continue,
                    Err(RecvError::Closed) => return,
                }
                match tip(&store) {
                    Ok(tip) => current.send_modify(|change| {
                        change.tip = tip.hash.0;
                        change.revision = change.revision.wrapping_add(1);
                    }),
                    Err(error) => tracing::error!(%error, "miners do not learn of a new block"),
                }
            }
        };
        let jobs = Self {
            engine,
            reader,
            changes,
            offers: Recent::new(),
            making: Arc::default(),
            waiting: Arc::new(Semaphore::new(WAITING.into())),
            submitting: Mutex::default(),
            taken: Recent::new(),
            started: Instant::now(),
            turns: std::sync::Mutex::new(Turns::new(Pace {
                unwanted: idle_pace,
                any: Duration::ZERO,
            })),
            first: rand::random(),
        };
        Ok((jobs, noticing))
    }

    /// Refuses where validators make the blocks.
    pub(crate) fn may_mine(&self) -> Result<(), NodeError> {
        let refusal = no_mining(self.reader.genesis());
        refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// Changes when templates are out of date.
    pub(crate) fn changes(&self) -> watch::Receiver<Change> {
        self.changes.clone()
    }

    /// The template that an account is to mine now, as a block and as a job.
    pub(crate) async fn template(
        self: &Arc<Self>,
        account: AccountId,
    ) -> Result<Template, NodeError> {
        Ok(self.current().await?.for_miner(account))
    }

    /// When a block that a standard miner found is to be given to the core.
    pub(crate) fn turn(&self, job: &Job) -> Option<Instant> {
        let now = self.started.elapsed();
        match self.with_turns(|turns| turns.turn(job.previous(), job.wanted, now)) {
            Turn::Now => Some(self.started + now),
            Turn::At(end) => Some(self.started + end),
            Turn::Never => None,
        }
    }

    fn with_turns<T>(&self, look: impl FnOnce(&mut Turns) -> T) -> T {
        look(&mut self.turns.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The job that an account is to mine now; while it is the one that is `known`, waits for the next as long as `patience`.
    pub(crate) async fn job(
        self: &Arc<Self>,
        account: AccountId,
        known: Option<&str>,
        patience: Duration,
    ) -> Result<Job, NodeError> {
        let end = Instant::now() + patience;
        let mut changes = self.changes();
        loop {
            let tip = changes.borrow_and_update().tip;
            let offer = self.current().await?;
            let is_known = known == Some(job_id(offer.number, account).as_str());
            if !is_known || Instant::now() >= end {
                return Ok(offer.for_miner(account).job);
            }
            tokio::select! {
                changed = changes.changed() => {
                    changed.map_err(|_| NodeError::Stopped)?;
                    if changes.borrow().tip == tip {
                        sleep(GATHER).await;
                    }
                }
                () = sleep_until(offer.ends.min(end)) => {}
            }
        }
    }

    /// The current template. Whoever asks while it is being made waits for the same one.
    async fn current(self: &Arc<Self>) -> Result<Offer, NodeError> {
        self.may_mine()?;
        if let Some(offer) = self.good() {
            return Ok(offer);
        }
        let turn = Arc::clone(&self.making).lock_owned().await;
        if let Some(offer) = self.good() {
            return Ok(offer);
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
    fn good(&self) -> Option<Offer> {
        let revision = self.changes.borrow().revision;
        let good = |last: &Offer| last.revision == revision && Instant::now() < last.ends;
        self.offers.find(|_| true).filter(good)
    }

    async fn make(&self) -> Result<Offer, NodeError> {
        let revision = self.changes.borrow().revision;
        // Whose it is does not matter: each miner's own account takes the place.
        let template = self.engine.template(AccountId([0; 32])).await?;
        let now = now().unix;
        let number = self
            .offers
            .find(|_| true)
            .map_or(self.first, |last| last.number.wrapping_add(1));
        let median_time = UnixSeconds(template.job.min_time.into());
        let deadlines = deadlines_now(&self.reader, median_time, now).await;
        let offer = Offer::new(
            number,
            revision,
            template,
            deadlines,
            now,
            offer::age(self.reader.genesis()),
        );
        self.offers
            .add(offer.clone(), |old| old.is_on_tip_of(&offer));
        Ok(offer)
    }

    /// Takes what a miner found for a job. The same again gives the same block while that is on the chain. The node's own
    /// miner speaks of its blocks itself.
    pub(crate) async fn submit(
        self: &Arc<Self>,
        found: &SolutionBody,
        is_own: bool,
    ) -> Result<BlockHash, NodeError> {
        let (number, account) = parse_id(&found.template)?;
        // Letters may be of either case.
        let found = SolutionBody {
            template: job_id(number, account),
            ..found.clone()
        };
        if let Some(hash) = self.taken_before(&found).await {
            return Ok(hash);
        }
        let offer = self.offers.find(|offer| offer.number == number);
        let offer = offer.ok_or(NodeError::Stale)?;
        let template = offer.for_miner(account);
        let job = &template.job;
        if !(job.min_time..=job.max_time).contains(&found.time) {
            return Err(NodeError::BadTime {
                got: found.time,
                min: job.min_time.into(),
                max: job.max_time.into(),
            });
        }
        let header = job.header_with(&found.extra_nonce, found.time, found.nonce);
        if !meets_target(&sha256d(&header), &job.target) {
            return Err(NodeError::Rejected(Rejection {
                reason: Reason::HighHash,
                message: "the hash is not below the target".into(),
            }));
        }
        let block = template.block(Header::from_bytes(&header), found.extra_nonce);
        let miner = (!is_own).then(|| account.to_string());
        self.take(block, miner, Some(found)).await
    }

    /// Gives a block with enough work to the core. One at a time, so that of many on one tip the core sees the first. Without
    /// a solution its miner cannot submit it again, and it waits longer for its turn.
    pub(crate) async fn take(
        self: &Arc<Self>,
        block: Block,
        miner: Option<String>,
        solution: Option<SolutionBody>,
    ) -> Result<BlockHash, NodeError> {
        let hash = block.hash();
        let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            lost(&hash, &NodeError::Busy);
            return Err(NodeError::Busy);
        };
        let patience = if solution.is_some() {
            FOUND_WAITS
        } else {
            WAITS_LONG
        };
        let may_come_again = solution.is_some() && miner.is_some();
        let end = Instant::now() + patience;
        // A task of its own, so that the block is not lost with the connection on which it came.
        let jobs = Arc::clone(self);
        let submitted = tokio::spawn(async move {
            let _place = place;
            let result = match timeout_at(end, jobs.submitting.lock()).await {
                Ok(_turn) => jobs.give(block, miner, solution, end).await,
                Err(_) => Err(NodeError::Busy),
            };
            if let Err(error @ (NodeError::Busy | NodeError::Stopped)) = &result {
                if may_come_again {
                    tracing::warn!(%hash, %error, "a found block is lost, unless its miner submits it again");
                } else {
                    lost(&hash, error);
                }
            }
            result
        });
        submitted.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a found block could not be given to the core");
            Err(NodeError::Stopped)
        })
    }

    async fn give(
        &self,
        block: Block,
        miner: Option<String>,
        solution: Option<SolutionBody>,
        end: Instant,
    ) -> Result<BlockHash, NodeError> {
        // It may have come twice at the same time.
        if let Some(solution) = &solution
            && let Some(hash) = self.taken_before(solution).await
        {
            return Ok(hash);
        }
        if tip(&self.reader).is_ok_and(|tip| tip.hash != block.header.previous) {
            return Err(NodeError::Stale);
        }
        let hash = block.hash();
        match self.engine.mined(block, end).await {
            Ok(Accepted::Block { tip, height, .. }) => {
                // On another branch it may become part of the chain yet.
                if let Some(solution) = solution {
                    self.taken.add((solution, hash), |_| true);
                }
                if !tip {
                    return Err(NodeError::Stale);
                }
                self.with_turns(|turns| turns.found(self.started.elapsed()));
                if let Some(miner) = miner {
                    tracing::info!(%height, %hash, miner, "a miner found a block");
                }
                Ok(hash)
            }
            Ok(Accepted::Transaction { .. } | Accepted::Deals { .. }) => Err(NodeError::Stale),
            Err(error) => Err(error),
        }
    }

    /// The block that a solution became, if it is on the chain.
    async fn taken_before(&self, solution: &SolutionBody) -> Option<BlockHash> {
        let (_, hash) = self.taken.find(|(before, _)| before == solution)?;
        let on_chain = read(&self.reader, move |snapshot| {
            let Some(record) = snapshot.header(&hash)? else {
                return Ok(false);
            };
            Ok(snapshot.hash_at(record.height)? == Some(hash))
        });
        on_chain.await?.then_some(hash)
    }
}

/// A job's id: the template's number and the miner's account.
fn job_id(number: u64, account: AccountId) -> String {
    format!("{number:016x}-{account}")
}

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
