//! Chapter 5: the table, the chips, receipts, and the audit of every copy of the chain.

use anyhow::bail;
use bolao_api::body::StandingBody;
use bolao_terminal::output::{self, count};

use super::{
    super::{
        network::Network,
        screen::{Kind, Screen},
        tournament::CHIPS,
        views,
    },
    Agreement, Story,
};

impl Story<'_> {
    /// What everybody can check.
    pub(super) async fn ending(&mut self) -> anyhow::Result<Agreement> {
        self.say(Kind::Heading, "5. Standings, receipts, audit")?;
        let agreement = self.settle().await?;
        self.standings().await?;
        self.chips().await?;
        self.slips().await?;
        self.say(
            Kind::Good,
            format!(
                "all nodes are at block {}, {}",
                agreement.height, agreement.hash
            ),
        )?;
        audit_all(self.network, self.screen, "while it runs").await?;
        Ok(agreement)
    }

    /// The table as every node has it.
    pub(super) async fn standings(&self) -> anyhow::Result<()> {
        let known = views::standings(&self.client(1)?).await?;
        for info in self.running() {
            let other = views::standings(&info.client).await?;
            let line =
                |line: &StandingBody| (line.player.shown(), line.tally.place, line.tally.points);
            if !other
                .items
                .iter()
                .map(line)
                .eq(known.items.iter().map(line))
            {
                bail!("node {} has another table than node 1", info.no);
            }
        }
        let mut table = output::table([
            "place",
            "player",
            "points",
            "exact",
            "differences",
            "tendencies",
            "missing",
            "chips",
        ]);
        for line in &known.items {
            table.add_row([
                line.tally.place.to_string(),
                line.player.shown(),
                line.tally.points.to_string(),
                line.tally.exact.to_string(),
                line.tally.differences.to_string(),
                line.tally.tendencies.to_string(),
                line.tally.missing.to_string(),
                line.chips.to_string(),
            ]);
        }
        self.print(&table)?;
        if known.basis.provisional > 0 {
            self.say(
                Kind::Plain,
                format!(
                    "{} may still be corrected",
                    count(known.basis.provisional, "result", "results")
                ),
            )?;
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
            .map(|game| game.pot)
            .sum();
        let issued = CHIPS.saturating_mul(u64::try_from(players.len())?);
        if hands + pots != issued {
            bail!("{hands} chips at hand and {pots} in pots are not the {issued} given out");
        }
        self.say(
            Kind::Good,
            format!("chips: {hands} at hand + {pots} in pots = {issued} given out, none lost"),
        )
    }
}

/// Has `bolao audit` check every node.
pub(crate) async fn audit_all(
    network: &Network,
    screen: &Screen,
    when: &str,
) -> anyhow::Result<()> {
    for node in &network.nodes {
        network.audit(node.info.no).await?;
    }
    screen.say(
        Kind::Good,
        format!("`bolao audit` replayed every node's chain from genesis {when}: clean"),
    )?;
    Ok(())
}
