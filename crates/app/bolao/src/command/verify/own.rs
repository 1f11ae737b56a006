//! What the home's own chain says of a file.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use bolao_api::body::{ProofsBody, ValidatorsBody};
use bolao_ledger::{AccountId, Genesis, Height, MatchNo, PoolId, ValidatorKey};
use bolao_node::Home;
use bolao_receipts::{Beside, Comparison, Proof, ProofReport, SlipReport};

use crate::{
    exit::sentence,
    source::{self, Source, Unreached, escape},
    view::{self, Block, Player, Status, Transaction},
};

/// The most validators that are named.
const NAMED: usize = 8;

/// The own chain's answer about a file, and what it knows besides.
#[derive(Debug)]
pub(super) struct Own {
    /// What it says, or why nothing was compared.
    pub(super) compared: Result<Beside, String>,
    /// The highest block that is known to be in both.
    pub(super) genuine: Height,
    /// Names of accounts; a file knows accounts alone.
    pub(super) names: BTreeMap<AccountId, String>,
    /// If it holds a slip's block, the matches whose bets came too late in it.
    pub(super) void: Option<Vec<MatchNo>>,
}

/// The home that a file is compared in, or why there is none.
pub(super) type Place<'a> = Result<&'a Home, String>;

/// The own chain, as far as it is read.
struct Chain {
    genesis: Genesis,
    source: Source,
    tip: Height,
    last_final: Height,
}

impl Chain {
    /// That of the home's running node, or of its disk.
    async fn open(home: &Home, pool: PoolId) -> anyhow::Result<Self> {
        let genesis = home.genesis()?;
        if genesis.pool_id() != pool {
            let dir = home.dir().display();
            return Err(anyhow!("the home in {dir} is of another pool"));
        }
        let source = source::open(home).await?;
        let status: Status = source.read("/api/v1/status").await?;
        let tip = status.tip.block.height;
        // A final block may be known before the chain holds it.
        let known = status.r#final.map(|it| it.block.height);
        let last_final = known.filter(|known| *known <= tip);
        Ok(Self {
            genesis,
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
            comparison.take(block.at.hash, after);
        }
        Ok(comparison.found())
    }

    /// Compares the blocks of a proof after which others vote.
    async fn compare_changes(&self, report: &ProofReport) -> anyhow::Result<(Height, Beside)> {
        let mut genuine = Height::ZERO;
        for (height, hash) in &report.changes {
            if *height > self.last_final {
                return Ok((genuine, Beside::Above(self.tip)));
            }
            if self.block(*height).await?.at.hash != *hash {
                return Ok((genuine, Beside::Refuted(*height)));
            }
            genuine = *height;
        }
        Ok((genuine, Beside::Held))
    }

    /// Whose key it is that voted twice.
    async fn voter(&self, key: &ValidatorKey, proof: &Proof) -> anyhow::Result<Option<AccountId>> {
        let first = self.genesis.consensus.validators().iter();
        if let Some(one) = { first }.find(|one| one.key == *key) {
            return Ok(Some(one.account));
        }
        let now: ValidatorsBody = self.source.read("/api/v1/validators").await?;
        let now = now.validators.into_iter().map(|it| it.validator);
        if let Some(one) = { now }.find(|one| one.key == *key) {
            return Ok(Some(one.validator.account));
        }
        let kept: ProofsBody = self.source.read("/api/v1/validators/proofs").await?;
        if kept.items.contains(proof) {
            return Ok(None);
        }
        Err(anyhow!(
            "nobody who votes in your own chain has this key, nor did anyone when the pool was made: it may be a former \
             validator's, or nobody's"
        ))
    }

    async fn names(&self, of: impl IntoIterator<Item = AccountId>) -> BTreeMap<AccountId, String> {
        let mut names = BTreeMap::new();
        for account in of.into_iter().take(NAMED) {
            let path = format!("/api/v1/players/{}", escape(&account.to_string()));
            match self.source.read::<Player>(&path).await {
                Ok(player) => drop(names.insert(account, player.entry.name.to_string())),
                // Nobody is kept waiting for names.
                Err(error) if error.is::<Unreached>() => break,
                Err(_) => {}
            }
        }
        names
    }
}

impl Own {
    pub(super) const fn not_compared(why: String) -> Self {
        Self {
            compared: Err(why),
            genuine: Height::ZERO,
            names: BTreeMap::new(),
            void: None,
        }
    }

    /// Compares a slip.
    pub(super) async fn ask(place: Place<'_>, pool: PoolId, report: &SlipReport) -> Self {
        let asked = match place {
            Ok(home) => Self::asked(home, pool, report).await,
            Err(why) => return Self::not_compared(why),
        };
        asked.unwrap_or_else(|error| Self::not_compared(sentence(&error)))
    }

    async fn asked(home: &Home, pool: PoolId, report: &SlipReport) -> anyhow::Result<Self> {
        let chain = Chain::open(home, pool).await?;
        let (genuine, beside) = chain.compare(report).await?;
        let void = match beside {
            Beside::Held => Some(void(&chain.source, report).await?),
            _ => None,
        };
        let deciders = match beside {
            Beside::Refuted(height) => report.signers_of(height),
            Beside::OtherValidators(height) => report.voters_after(height),
            _ => report.weakest(genuine),
        };
        let deciders = deciders.into_iter().chain(report.weakest(Height::ZERO));
        let deciders = deciders.flat_map(|it| it.enough.clone());
        let account = report.transaction.body.account;
        Ok(Self {
            compared: Ok(beside),
            genuine,
            names: chain.names([account].into_iter().chain(deciders)).await,
            void,
        })
    }

    /// Compares a proof, and says whose the key of two votes is.
    pub(super) async fn of_proof(
        place: Place<'_>,
        pool: PoolId,
        proof: &Proof,
        report: &mut ProofReport,
    ) -> Self {
        let asked = match place {
            Ok(home) => Self::of_proof_asked(home, pool, proof, report).await,
            Err(why) => return Self::not_compared(why),
        };
        asked.unwrap_or_else(|error| Self::not_compared(sentence(&error)))
    }

    async fn of_proof_asked(
        home: &Home,
        pool: PoolId,
        proof: &Proof,
        report: &mut ProofReport,
    ) -> anyhow::Result<Self> {
        let chain = Chain::open(home, pool).await?;
        let (genuine, beside) = match proof {
            Proof::TwoHistories { .. } => chain.compare_changes(report).await?,
            Proof::TwoVotes { .. } => {
                for (key, account) in &mut report.signed_both {
                    *account = chain.voter(key, proof).await?;
                }
                (Height::ZERO, Beside::Held)
            }
        };
        let signers = { report.signed_both.iter() }.filter_map(|(_, account)| *account);
        let deciders = report.deciders.iter().flat_map(|it| it.enough.clone());
        Ok(Self {
            compared: Ok(beside),
            genuine,
            names: chain.names(signers.chain(deciders)).await,
            void: None,
        })
    }

    /// What the own chain says, if it was compared.
    pub(super) fn beside(&self) -> Option<Beside> {
        self.compared.as_ref().ok().copied()
    }

    /// The own name of an account, or the account.
    pub(super) fn name(&self, account: &AccountId) -> String {
        let name = self.names.get(account).cloned();
        name.unwrap_or_else(|| account.to_string())
    }

    /// For programs: null where there is nothing to compare with.
    pub(super) fn json(&self) -> Option<bool> {
        match self.beside()? {
            Beside::Held => Some(true),
            Beside::Refuted(_) | Beside::OtherValidators(_) | Beside::Branched => Some(false),
            Beside::Above(_) => None,
        }
    }
}

async fn void(source: &Source, report: &SlipReport) -> anyhow::Result<Vec<MatchNo>> {
    let path = format!("/api/v1/transactions/{}", report.id);
    let transaction: Transaction = source
        .read(&path)
        .await
        .context("your own chain has the block, but not this in it")?;
    let void = view::void(&transaction).into_iter();
    Ok(void.map(|of| MatchNo(of.no)).collect())
}
