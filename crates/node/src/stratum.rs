//! Standard miners: the node as a Stratum server's source of work. A worker's name is the account or the name of a
//! player, who is then named in the coinbase of the blocks that the worker finds.

use std::sync::Arc;

use async_trait::async_trait;
use bolao_api::NodeError;
use bolao_chain::Template;
use bolao_ledger::{AccountId, FoldedName, Header, StateView as _};
use bolao_store::Reader;
use bolao_stratum::{Change, Found, JobError, JobSource, JobTemplate, SubmitError};
use tokio::{
    sync::watch,
    time::{sleep_until, timeout},
};

use crate::{
    engine::FOUND_WAITS,
    jobs::{Jobs, Turn, seconds},
};

/// A block that a miner is to find.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) template: Template,
    /// Whether the pool has use for it.
    pub(crate) wanted: bool,
}

/// The node's work for standard miners.
#[derive(Debug)]
pub(crate) struct Work {
    jobs: Arc<Jobs>,
    reader: Reader,
}

impl Work {
    pub(crate) fn new(jobs: Arc<Jobs>, reader: Reader) -> Self {
        Self { jobs, reader }
    }

    /// Whose blocks a worker finds. Where the name itself is nobody's, what follows its last dot may be the machine's, as
    /// miners write it (`ana.attic`).
    fn account(&self, worker: &str) -> Result<AccountId, JobError> {
        let player = worker.rsplit_once('.').map(|(player, _)| player);
        let owner = self.owner(worker).or_else(|| self.owner(player?));
        owner.ok_or_else(|| {
            JobError::Worker(
                "the user name is no account and no player of this pool: give your account \
                 (bolao wallet account), or the name under which you joined once that is in a block"
                    .into(),
            )
        })
    }

    fn owner(&self, name: &str) -> Option<AccountId> {
        if let Ok(account) = name.parse() {
            return Some(account);
        }
        let name = FoldedName::of(name).ok()?;
        let snapshot = self.reader.snapshot().ok()?;
        snapshot.name_owner(&name).ok()?
    }
}

#[async_trait]
impl JobSource for Work {
    type Block = Arc<Offer>;

    async fn job(&self, worker: &str) -> Result<JobTemplate<Self::Block>, JobError> {
        let account = self.account(worker)?;
        let block = self.jobs.block(account).await;
        let (template, job) = block.map_err(|error| JobError::Unavailable(error.to_string()))?;
        Ok(JobTemplate {
            header: job.header,
            target: job.target,
            coinbase_prefix: job.coinbase_prefix,
            merkle_branch: job.merkle_branch,
            min_time: job.min_time,
            max_time: job.max_time,
            last_time: seconds(template.max_time_after(u32::MAX.into())),
            block: Arc::new(Offer {
                template,
                wanted: job.wanted,
            }),
        })
    }

    fn changes(&self) -> watch::Receiver<Change> {
        self.jobs.changes()
    }

    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), SubmitError> {
        let Offer { template, wanted } = found.block.as_ref();
        let block = template.block(Header::from_bytes(&found.header), found.extra_nonce);
        let hash = block.hash();
        if !wanted {
            match self.jobs.turn(&block) {
                Turn::Now => {}
                // The share is good, and its miner need not wait for the answer.
                Turn::At(end) => {
                    let (jobs, worker) = (Arc::clone(&self.jobs), worker.to_owned());
                    tokio::spawn(async move {
                        sleep_until(end).await;
                        if let Err(error) = jobs.take(block, worker, None).await {
                            tracing::debug!(%hash, %error, "an empty block was not taken");
                        }
                    });
                    return Ok(());
                }
                Turn::Never => return Ok(()),
            }
        }
        let taking = self.jobs.take(block, worker.to_owned(), None);
        let Ok(taken) = timeout(FOUND_WAITS, taking).await else {
            tracing::warn!(%hash, worker, "a found block waits for the node, which is busy");
            return Err(SubmitError::Unavailable(
                "it is busy, and takes it later while nobody finds another".into(),
            ));
        };
        match taken {
            Ok(_) => Ok(()),
            Err(NodeError::Stale) => Err(SubmitError::Stale),
            Err(error @ (NodeError::Busy | NodeError::Stopped)) => {
                Err(SubmitError::Unavailable(error.to_string()))
            }
            Err(error) => Err(SubmitError::Rejected(error.to_string())),
        }
    }
}
