//! Chapter 5: the table, the chips, receipts, and the audit of every copy of the chain.

use anyhow::{Context as _, bail};
use bolao_api::body::{ChainTipBody, StandingBody};
use bolao_terminal::output::{self, count};
use comfy_table::Cell;

use super::{
    super::{network::Network, screen::Screen, tournament::CHIPS, views},
    Story,
};

impl Story<'_> {
    /// Shows what everybody can check: the standings, the chips, receipts and the audit.
    pub(super) async fn ending(&mut self) -> anyhow::Result<ChainTipBody> {
        self.screen.heading("5. Standings, receipts, audit")?;
        let tip = self.settle().await?;
        self.standings().await?;
        self.chips().await?;
        self.slips().await?;
        self.screen.good(format!(
            "all nodes are at block {}, {}",
            tip.block.height, tip.block.hash
        ))?;
        audit_all(self.network, self.screen, "while it runs").await?;
        Ok(tip)
    }

    /// The table as every node has it.
    pub(super) async fn standings(&self) -> anyhow::Result<()> {
        let known = views::standings(&self.client(1)?).await?;
        let line = |line: &StandingBody| {
            (
                line.player.shown(),
                line.tally.place,
                line.tally.standing.points,
            )
        };
        for node in self.network.running() {
            let other = views::standings(&node.client).await?.items;
            if !other.iter().map(line).eq(known.items.iter().map(line)) {
                bail!("node {} has another table than node 1", node.no);
            }
        }
        let mut table = output::table([
            "#", "player", "points", "exact", "diff.", "tend.", "missing", "chips",
        ]);
        for line in &known.items {
            let tally = &line.tally;
            table.add_row([
                Cell::new(tally.place),
                Cell::new(line.player.shown()),
                Cell::new(tally.standing.points),
                Cell::new(tally.standing.exact),
                Cell::new(tally.standing.differences),
                Cell::new(tally.standing.tendencies),
                Cell::new(tally.missing),
                Cell::new(line.chips),
            ]);
        }
        self.print(&table)?;
        if known.basis.provisional > 0 {
            self.screen.plain(format!(
                "{} may still be corrected",
                count(known.basis.provisional, "result", "results")
            ))?;
        }
        Ok(())
    }

    /// # Rule C3: no chip appears or is lost.
    async fn chips(&self) -> anyhow::Result<()> {
        let client = self.client(1)?;
        let players = views::standings(&client).await?.items;
        let hands: u64 = players.iter().map(|line| line.chips).sum();
        let pots: u64 = views::matches(&client)
            .await?
            .iter()
            .map(|game| game.entry.pot.get())
            .sum();
        let issued = CHIPS.saturating_mul(u64::try_from(players.len())?);
        if hands + pots != issued {
            bail!("{hands} chips with players and {pots} in pots are not the {issued} given out");
        }
        self.screen.good(format!(
            "chips: {hands} with players + {pots} in pots = {issued} given out, none lost"
        ))
    }
}

/// Has `bolao audit` check every node.
pub(crate) async fn audit_all(
    network: &Network,
    screen: &Screen,
    when: &str,
) -> anyhow::Result<()> {
    for node in &network.nodes {
        let audit = network.done(&node.home, &["audit"]).await;
        audit.with_context(|| format!("the audit of node {} found something wrong", node.no))?;
    }
    screen.good(format!(
        "`bolao audit` replayed every node's chain from genesis {when}: clean"
    ))
}
