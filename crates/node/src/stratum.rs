//! Standard miners: the node as a Stratum server's source of work. A worker's name is the account or the name of a
//! player, who is then named in the coinbase of the blocks that the worker finds.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bolao_chain::{Accepted, Event, Template};
use bolao_ledger::{AccountId, FoldedName, Header, StateView as _};
use bolao_store::Reader;
use bolao_stratum::{Change, Found, JobError, JobSource, JobTemplate, SubmitError};
use tokio::sync::{broadcast::error::RecvError, watch};

use crate::engine::{Engine, EngineError};

/// How many workers' templates are kept; past it they are made anew.
const KEPT: usize = 64;

/// The node's work for standard miners.
#[derive(Debug)]
pub(crate) struct Work {
    engine: Engine,
    reader: Reader,
    changes: watch::Receiver<Change>,
    kept: Mutex<BTreeMap<AccountId, (u64, Arc<Template>)>>,
}

impl Work {
    /// The source, and the task that tells of new tips and transactions.
    pub(crate) fn new(
        engine: Engine,
        reader: Reader,
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
        let work = Self {
            engine,
            reader,
            changes,
            kept: Mutex::default(),
        };
        Ok((work, telling))
    }

    /// Whose blocks a worker finds.
    fn account(&self, worker: &str) -> Result<AccountId, JobError> {
        if let Ok(account) = worker.parse() {
            return Ok(account);
        }
        let owner = FoldedName::of(worker).ok().and_then(|name| {
            let snapshot = self.reader.snapshot().ok()?;
            snapshot.name_owner(&name).ok()?
        });
        owner.ok_or_else(|| {
            JobError::Worker(
                "the user name is no account and no player of this pool: give your account \
                 (bolao wallet account) or the name under which you joined"
                    .into(),
            )
        })
    }

    async fn template(&self, account: AccountId) -> Result<Arc<Template>, EngineError> {
        let revision = self.changes.borrow().revision;
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((made_for, template)) = kept.get(&account)
                && *made_for == revision
            {
                return Ok(Arc::clone(template));
            }
        }
        let template = Arc::new(self.engine.template(account).await?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(account, (revision, Arc::clone(&template)));
        Ok(template)
    }
}

fn seconds(time: bolao_ledger::UnixSeconds) -> u32 {
    u32::try_from(time.0).unwrap_or(u32::MAX)
}

#[async_trait]
impl JobSource for Work {
    type Block = Arc<Template>;

    async fn job(&self, worker: &str) -> Result<JobTemplate<Self::Block>, JobError> {
        let account = self.account(worker)?;
        let template = self
            .template(account)
            .await
            .map_err(|error| JobError::Unavailable(error.to_string()))?;
        Ok(JobTemplate {
            header: template.header.to_bytes(),
            target: template.target,
            coinbase_prefix: template.coinbase_prefix(),
            merkle_branch: template.merkle_branch.clone(),
            min_time: seconds(template.min_time),
            max_time: seconds(template.max_time),
            block: template,
        })
    }

    fn changes(&self) -> watch::Receiver<Change> {
        self.changes.clone()
    }

    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), SubmitError> {
        let block = found
            .block
            .block(Header::from_bytes(&found.header), found.extra_nonce);
        let (hash, height) = (block.hash(), block.coinbase.height);
        match self.engine.mined(block).await {
            Ok(Ok(Accepted::Block { tip: true, .. })) => {
                tracing::info!(%height, %hash, worker, "a standard miner found a block");
                Ok(())
            }
            Ok(Ok(_)) => Err(SubmitError::Stale),
            Ok(Err(rejection)) => Err(SubmitError::Rejected(rejection.to_string())),
            Err(error) => Err(SubmitError::Unavailable(error.to_string())),
        }
    }
}
