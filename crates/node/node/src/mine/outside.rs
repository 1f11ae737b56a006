//! Work for miners that are given jobs by a server of theirs. A worker's name is the account or the name of a player, who is
//! then named in the coinbase of the blocks that the worker finds.

use std::{fmt, io, sync::Arc};

use bolao_api::NodeError;
use bolao_chain::Template;
use bolao_ledger::{AccountId, FoldedName, Header, StateView as _};
use bolao_store::Reader;
use bolao_work::Job;
use futures::future::BoxFuture;
use thiserror::Error;
use tokio::{
    net::TcpListener,
    sync::watch,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    engine::FOUND_WAITS,
    mine::jobs::{Change, Jobs},
    reading::read,
};

/// Why an outside miner gets no job, or its block is not taken.
#[derive(Debug, Error)]
pub enum WorkError {
    /// Nobody has the worker's name.
    #[error(
        "the user name is neither an account nor a player of this pool: give your account (bolao wallet account), or \
        the name you joined under once that is in a block"
    )]
    NobodysName,
    /// The node is busy, and takes the block later unless another is found first.
    #[error("it is busy, and takes it later unless another is found first")]
    Waits,
    /// The node says why.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// The node's jobs for a server of outside miners.
#[derive(Debug)]
pub struct OutsideWork {
    jobs: Arc<Jobs>,
    reader: Reader,
}

impl OutsideWork {
    pub(crate) const fn new(jobs: Arc<Jobs>, reader: Reader) -> Self {
        Self { jobs, reader }
    }

    /// The account whose blocks a worker finds. Where the name itself is nobody's, what follows its last dot may be the
    /// machine's, as miners write it (`ana.attic`).
    async fn account(&self, worker: &str) -> Result<AccountId, WorkError> {
        let mut owner = self.owner(worker).await;
        if let (None, Some((player, _))) = (owner, worker.rsplit_once('.')) {
            owner = self.owner(player).await;
        }
        owner.ok_or(WorkError::NobodysName)
    }

    async fn owner(&self, name: &str) -> Option<AccountId> {
        if let Ok(account) = name.parse() {
            return Some(account);
        }
        let name = FoldedName::of(name).ok()?;
        read(&self.reader, move |snapshot| snapshot.name_owner(&name)).await?
    }

    /// Gives the job that this worker is to mine now, with the template that it is of.
    ///
    /// # Errors
    /// The name is nobody's, or there is no job.
    pub async fn job(&self, worker: &str) -> Result<(Job, Arc<Template>), WorkError> {
        let account = self.account(worker).await?;
        let template = self.jobs.template(account).await?;
        Ok((template.job.clone(), Arc::new(template)))
    }

    /// Changes when jobs are out of date.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Change> {
        self.jobs.changes()
    }

    /// Takes a block of a template that a worker found: the header that meets its target, and the last 16 bytes of the coinbase
    /// in that header's Merkle root.
    ///
    /// # Errors
    /// The chain has moved on, the node is busy, or the block breaks a rule.
    pub async fn submit(
        &self,
        worker: &str,
        template: &Template,
        header: &[u8; 80],
        extra_nonce: [u8; 16],
    ) -> Result<(), WorkError> {
        let block = template.block(Header::from_bytes(header), extra_nonce);
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
            return Err(WorkError::Waits);
        };
        Ok(taken.map(drop)?)
    }
}

type Serving = BoxFuture<'static, io::Result<()>>;
type Serve = dyn Fn(TcpListener, Arc<OutsideWork>, CancellationToken) -> Serving + Send + Sync;

/// A server of outside miners, for whoever starts a node.
#[derive(Clone)]
pub struct ServeMiners(Arc<Serve>);

impl ServeMiners {
    /// A server that is a function: it serves at a listener until it is told to stop.
    pub fn new(
        serve: impl Fn(TcpListener, Arc<OutsideWork>, CancellationToken) -> Serving
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(serve))
    }

    pub(crate) fn serve(
        &self,
        listener: TcpListener,
        work: OutsideWork,
        stop: CancellationToken,
    ) -> Serving {
        (self.0)(listener, Arc::new(work), stop)
    }
}

impl fmt::Debug for ServeMiners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServeMiners").finish_non_exhaustive()
    }
}
