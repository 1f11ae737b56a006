//! Standard miners: the node as a Stratum server's source of work. A worker's name is the account or the name of a
//! player, who is then named in the coinbase of the blocks that the worker finds.

use std::sync::Arc;

use async_trait::async_trait;
use bolao_api::WorkError;
use bolao_chain::Template;
use bolao_ledger::{AccountId, FoldedName, Header, StateView as _};
use bolao_store::Reader;
use bolao_stratum::{Change, Found, JobError, JobSource, JobTemplate, SubmitError};
use tokio::sync::watch;

use crate::jobs::{Jobs, seconds};

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
    type Block = Arc<Template>;

    async fn job(&self, worker: &str) -> Result<JobTemplate<Self::Block>, JobError> {
        let account = self.account(worker)?;
        let template = self.jobs.template(account).await;
        let template = template.map_err(|error| JobError::Unavailable(error.to_string()))?;
        Ok(JobTemplate {
            header: template.header.to_bytes(),
            target: template.target,
            coinbase_prefix: template.coinbase_prefix(),
            merkle_branch: template.merkle_branch.clone(),
            min_time: seconds(template.min_time),
            max_time: seconds(template.max_time),
            block: Arc::new(template),
        })
    }

    fn changes(&self) -> watch::Receiver<Change> {
        self.jobs.changes()
    }

    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), SubmitError> {
        let block = found
            .block
            .block(Header::from_bytes(&found.header), found.extra_nonce);
        match self.jobs.take(block, worker.to_owned(), None).await {
            Ok(_) => Ok(()),
            Err(WorkError::Stale) => Err(SubmitError::Stale),
            Err(error @ (WorkError::Busy | WorkError::Stopped)) => {
                Err(SubmitError::Unavailable(error.to_string()))
            }
            Err(error) => Err(SubmitError::Rejected(error.to_string())),
        }
    }
}
