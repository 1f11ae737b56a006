//! Standard miners: the node as a Stratum server's source of jobs. A worker's name is the account or the name of a
//! player, who is then named in the coinbase of the blocks that the worker finds.

use std::sync::Arc;

use async_trait::async_trait;
use bolao_api::NodeError;
use bolao_chain::Template;
use bolao_ledger::{AccountId, FoldedName, Header, StateView as _};
use bolao_store::Reader;
use bolao_stratum::{Change, Found, JobSource, Reject};
use bolao_work::Job;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use crate::{engine::FOUND_WAITS, mine::jobs::Jobs, serve::reading::read};

/// The node's jobs for standard miners.
#[derive(Debug)]
pub(crate) struct Work {
    jobs: Arc<Jobs>,
    reader: Reader,
}

impl Work {
    pub(crate) fn new(jobs: Arc<Jobs>, reader: Reader) -> Self {
        Self { jobs, reader }
    }

    /// The account whose blocks a worker finds. Where the name itself is nobody's, what follows its last dot may be the
    /// machine's, as miners write it (`ana.attic`).
    async fn account(&self, worker: &str) -> Result<AccountId, Reject> {
        let mut owner = self.owner(worker).await;
        if let (None, Some((player, _))) = (owner, worker.rsplit_once('.')) {
            owner = self.owner(player).await;
        }
        owner.ok_or_else(|| {
            Reject::Unauthorized(
                "the user name is neither an account nor a player of this pool: give your account (bolao wallet \
                account), or the name you joined under once that is in a block"
                    .into(),
            )
        })
    }

    async fn owner(&self, name: &str) -> Option<AccountId> {
        if let Ok(account) = name.parse() {
            return Some(account);
        }
        let name = FoldedName::of(name).ok()?;
        read(&self.reader, move |snapshot| snapshot.name_owner(&name)).await?
    }
}

#[async_trait]
impl JobSource for Work {
    type Block = Arc<Template>;

    async fn job(&self, worker: &str) -> Result<(Job, Self::Block), Reject> {
        let account = self.account(worker).await?;
        let template = self.jobs.template(account).await;
        let template = template.map_err(Reject::no_work)?;
        Ok((template.job.clone(), Arc::new(template)))
    }

    fn changes(&self) -> watch::Receiver<Change> {
        self.jobs.changes()
    }

    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), Reject> {
        let template = found.block;
        let block = template.block(Header::from_bytes(&found.header), found.extra_nonce);
        let hash = block.hash();
        let Some(turn) = self.jobs.turn(&template.job) else {
            return Ok(());
        };
        if turn > Instant::now() {
            // The share is good, and its miner need not wait for the answer.
            let (jobs, worker) = (Arc::clone(&self.jobs), worker.to_owned());
            tokio::spawn(async move {
                sleep_until(turn).await;
                if let Err(error) = jobs.take(block, Some(worker), None).await {
                    tracing::debug!(%hash, %error, "an empty block was not taken");
                }
            });
            return Ok(());
        }
        let taking = self.jobs.take(block, Some(worker.to_owned()), None);
        let Ok(taken) = timeout(FOUND_WAITS, taking).await else {
            tracing::warn!(%hash, worker, "a found block waits for the node, which is busy");
            return Err(Reject::not_taken(
                "it is busy, and takes it later unless another is found first",
            ));
        };
        match taken {
            Ok(_) => Ok(()),
            Err(NodeError::Stale) => Err(Reject::Stale("the chain has moved on".into())),
            Err(error @ (NodeError::Busy | NodeError::Stopped)) => Err(Reject::not_taken(error)),
            Err(error) => Err(Reject::Other(format!("the block was rejected: {error}"))),
        }
    }
}
