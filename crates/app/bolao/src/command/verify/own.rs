//! What the home's own chain says of a file.

use std::collections::BTreeMap;

use bolao_ledger::{AccountId, Height, MatchNo, PoolId};
use bolao_node::Home;
use bolao_receipts::{Beside, Comparison, ProofReport, SlipReport};

use crate::{
    source::{self, Source, escape},
    view::{self, Block, Player, Status, Transaction},
};

/// The most validators that are named.
const NAMED: usize = 8;

/// The own chain's answer about a file, and what it knows besides.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// `None` if there is no own chain of this pool that could be asked.
    pub(super) beside: Option<Beside>,
    /// The highest block that is known to be in both.
    pub(super) genuine: Height,
    /// Names of accounts; a file knows accounts alone.
    pub(super) names: BTreeMap<AccountId, String>,
    /// If it holds a slip's block, the matches whose bets came too late in it.
    pub(super) void: Option<Vec<MatchNo>>,
}

/// The own chain, as far as it is read.
struct Chain {
    source: Source,
    tip: Height,
    last_final: Height,
}

impl Chain {
    /// That of the home's running node, or of its disk; `None` if it is of another pool, or cannot be read: a file stands by itself.
    async fn open(home: &Home, pool: PoolId) -> Option<Self> {
        if !matches!(home.genesis(), Ok(genesis) if genesis.pool_id() == pool) {
            return None;
        }
        let source = source::open(home).await.ok()?;
        let status: Status = source.read("/api/v1/status").await.ok()?;
        let tip = Height(status.tip.height);
        // A final block may be known before the chain holds it.
        let known = status.r#final.map(|it| Height(it.height));
        let last_final = known.filter(|known| *known <= tip);
        Some(Self {
            source,
            tip,
            last_final: last_final.unwrap_or_default(),
        })
    }

    async fn block(&self, height: Height) -> anyhow::Result<Block> {
        self.source.read(&format!("/api/v1/blocks/{height}")).await
    }

    async fn compare(&self, report: &SlipReport) -> anyhow::Result<(Height, Beside)> {
        let mut comparison = Comparison::new(report, self.tip, self.last_final);
        while let Some(height) = comparison.wants() {
            let block = self.block(height).await?;
            let after = block.coinbase.and_then(|it| it.validators);
            comparison.take(block.hash, after);
        }
        Ok(comparison.found())
    }

    async fn name(&self, account: &AccountId) -> Option<String> {
        let path = format!("/api/v1/players/{}", escape(&account.to_string()));
        let player: Player = self.source.read(&path).await.ok()?;
        Some(player.name)
    }

    async fn names(&self, of: impl IntoIterator<Item = AccountId>) -> BTreeMap<AccountId, String> {
        let mut names = BTreeMap::new();
        for account in of.into_iter().take(NAMED) {
            if let Some(name) = self.name(&account).await {
                names.insert(account, name);
            }
        }
        names
    }
}

impl Own {
    /// Compares a slip.
    pub(super) async fn ask(home: &Home, pool: PoolId, report: &SlipReport) -> Self {
        let Some(chain) = Chain::open(home, pool).await else {
            return Self::default();
        };
        let Ok((genuine, beside)) = chain.compare(report).await else {
            return Self::default();
        };
        let deciders = match beside {
            Beside::Refuted(height) => report.signers_of(height),
            Beside::OtherValidators(height) => report.voters_after(height),
            _ => report.weakest(genuine),
        };
        let deciders = deciders.into_iter().chain(report.weakest(Height::ZERO));
        let deciders = deciders.flat_map(|it| it.enough.clone());
        let account = report.transaction.body.account;
        Self {
            beside: Some(beside),
            genuine,
            names: chain.names([account].into_iter().chain(deciders)).await,
            void: match beside {
                Beside::Held => void(&chain.source, report).await.ok(),
                _ => None,
            },
        }
    }

    /// Compares the blocks of a proof after which others vote.
    pub(super) async fn of_proof(home: &Home, pool: PoolId, report: &ProofReport) -> Self {
        let Some(chain) = Chain::open(home, pool).await else {
            return Self::default();
        };
        let (mut beside, mut genuine) = (Beside::Held, Height::ZERO);
        for (height, hash) in &report.changes {
            if *height > chain.last_final {
                beside = Beside::Above(chain.tip);
                break;
            }
            match chain.block(*height).await {
                Err(_) => return Self::default(),
                Ok(own) if own.hash == *hash => genuine = *height,
                Ok(_) => {
                    beside = Beside::Refuted(*height);
                    break;
                }
            }
        }
        let signers = report
            .signed_both
            .iter()
            .filter_map(|(_, account)| *account);
        let deciders = report.deciders.iter().flat_map(|it| it.enough.clone());
        Self {
            beside: (!report.changes.is_empty()).then_some(beside),
            genuine,
            names: chain.names(signers.chain(deciders)).await,
            void: None,
        }
    }

    /// The own name of an account, or the account.
    pub(super) fn name(&self, account: &AccountId) -> String {
        let name = self.names.get(account).cloned();
        name.unwrap_or_else(|| account.to_string())
    }

    /// For programs: null where there is nothing to compare with.
    pub(super) const fn json(&self) -> Option<bool> {
        match self.beside {
            Some(Beside::Held) => Some(true),
            Some(Beside::Refuted(_) | Beside::OtherValidators(_) | Beside::Branched) => Some(false),
            Some(Beside::Above(_)) | None => None,
        }
    }
}

async fn void(source: &Source, report: &SlipReport) -> anyhow::Result<Vec<MatchNo>> {
    let path = format!("/api/v1/transactions/{}", report.id);
    let transaction: Transaction = source.read(&path).await?;
    let void = view::void(&transaction.action).into_iter();
    Ok(void.map(|of| MatchNo(of.no)).collect())
}
