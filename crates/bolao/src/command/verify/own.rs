//! What the home's own chain says of a slip.

use bolao_ledger::MatchNo;
use bolao_node::Home;
use bolao_receipts::{Slip, SlipReport};

use crate::{
    source::{self, Source, escape},
    view::{self, Block, Player, Status, Transaction},
};

/// The own chain's answer about a slip's block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Holds {
    /// It holds it.
    Yes,
    /// It holds another one at that height.
    Another,
    /// It does not reach that height.
    NotYet,
    /// There is no own chain of this pool that could be asked.
    #[default]
    NoChain,
}

/// The own chain's answer about a slip.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) holds: Holds,
    /// The player's name; the slip knows the account alone.
    pub(super) name: Option<String>,
    /// If it holds the slip's block, the matches whose bets came too late in it.
    pub(super) void: Option<Vec<MatchNo>>,
}

impl Own {
    /// Asks the home's running node, or its disk. Whatever cannot be had there is left out: the slip stands by itself.
    pub(super) async fn ask(home: &Home, slip: &Slip, report: &SlipReport) -> Self {
        if !matches!(home.genesis(), Ok(genesis) if genesis.pool_id() == slip.pool) {
            return Self::default();
        }
        let Ok(source) = source::open(home).await else {
            return Self::default();
        };
        let holds = holds(&source, report).await.unwrap_or_default();
        Self {
            holds,
            name: name(&source, report).await.ok(),
            void: match holds {
                Holds::Yes => void(&source, report).await.ok(),
                _ => None,
            },
        }
    }
}

async fn holds(source: &Source, report: &SlipReport) -> anyhow::Result<Holds> {
    let status: Status = source.read("/api/v1/status").await?;
    if status.tip.height < report.height.0 {
        return Ok(Holds::NotYet);
    }
    let path = format!("/api/v1/blocks/{}", report.height);
    let block: Block = source.read(&path).await?;
    Ok(if block.hash == report.block {
        Holds::Yes
    } else {
        Holds::Another
    })
}

async fn name(source: &Source, report: &SlipReport) -> anyhow::Result<String> {
    let account = report.transaction.body.account.to_string();
    let path = format!("/api/v1/players/{}", escape(&account));
    let player: Player = source.read(&path).await?;
    Ok(player.name)
}

async fn void(source: &Source, report: &SlipReport) -> anyhow::Result<Vec<MatchNo>> {
    let path = format!("/api/v1/transactions/{}", report.id);
    let transaction: Transaction = source.read(&path).await?;
    let void = view::void(&transaction.action).into_iter();
    Ok(void.map(|of| MatchNo(of.no)).collect())
}
