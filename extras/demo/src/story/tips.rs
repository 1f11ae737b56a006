//! Chapter 2: sealed bets with stakes, and a node that is killed and comes back.

use std::time::Instant;

use anyhow::{Context as _, bail};
use bolao_api::body::BetBody;
use bolao_ledger::{MatchNo, OpenBet};
use bolao_terminal::output;

use super::{
    super::{friends::tip, network::eventually, screen::INDENT, views},
    Story,
};

/// The node that is killed: davi's.
pub(super) const VICTIM: usize = 4;

/// A bet as the script has it: code, score, stake.
pub(super) type Scripted<'a> = (&'a str, &'a str, u64);

impl Story<'_> {
    /// Seals everybody's bets for the semi-finals.
    pub(super) async fn semi_final_tips(&mut self) -> anyhow::Result<()> {
        self.screen.heading("2. Sealed bets")?;
        let tips: [(&str, usize, &[Scripted<'_>]); 6] = [
            ("ana", 1, &[("PtCh", "2-1", 50), ("NlEn", "2-1", 10)]),
            ("bruno", 2, &[("PtCh", "1-1", 20), ("NlEn", "3-1", 100)]),
            ("carla", 3, &[("PtCh", "2-0", 60)]),
            ("davi", 4, &[("PtCh", "2-0", 40)]),
            ("eva", 3, &[("PtCh", "1-0", 20), ("NlEn", "2-2", 40)]),
            ("fabio", 2, &[("PtCh", "1-0", 100), ("NlEn", "1-2", 10)]),
        ];
        for (name, node, tips) in tips {
            self.seal(name, node, tips).await?;
        }
        self.settle().await?;
        self.seal("carla", 3, &[("PtCh", "3-1", 30), ("NlEn", "0-0", 20)])
            .await?;
        self.screen.plain("carla changed her mind: until kick-off the latest bet counts, and the earlier stake is free again")?;
        self.settle().await?;
        self.show_sealed("PtCh").await?;

        let process = self.network.node(VICTIM)?.process().take();
        if let Some(mut process) = process {
            process.kill().await?;
        }
        self.screen.gone(format!(
            "node {VICTIM} is down: its process was killed without warning (SIGKILL); the others go on"
        ))?;
        self.copy_home()?;
        self.seal("davi", 1, &[("NlEn", "1-1", 60)]).await?;
        self.screen
            .plain("davi signed that himself; any node can carry it")?;
        self.settle().await?;
        self.revive().await
    }

    /// Seals bets, and says what only the one who bets knows.
    pub(super) async fn seal(
        &mut self,
        name: &str,
        node: usize,
        tips: &[Scripted<'_>],
    ) -> anyhow::Result<()> {
        self.try_seal(name, node, tips)
            .await
            .with_context(|| format!("{name} cannot bet"))?;
        let parts: Vec<String> = tips
            .iter()
            .map(|(code, score, stake)| format!("{code} {score} for {stake} chips"))
            .collect();
        self.screen.plain(format!(
            "{name} seals {} through node {node}",
            parts.join(", ")
        ))?;
        self.pause().await;
        Ok(())
    }

    pub(super) async fn try_seal(
        &mut self,
        name: &str,
        node: usize,
        tips: &[Scripted<'_>],
    ) -> anyhow::Result<()> {
        let tips: Vec<OpenBet> = tips
            .iter()
            .map(|(code, score, stake)| tip(self.no(code)?, score, *stake))
            .collect::<anyhow::Result<_>>()?;
        let client = self.client(node)?;
        self.friend(name)?.seal(&client, &tips).await
    }

    pub(super) fn no(&self, code: &str) -> anyhow::Result<MatchNo> {
        Ok(self.network.tournament.game(code)?.no())
    }

    /// Shows what an organiser's node knows of the bets: that they are there, and their stakes.
    async fn show_sealed(&self, code: &str) -> anyhow::Result<()> {
        self.screen.plain(format!(
            "what ana's own node, an organiser's, knows of {code}:"
        ))?;
        let tips = views::tips(&self.client(1)?, code).await?;
        if tips
            .iter()
            .any(|tip| !tip.sealed || tip.predicted.score.is_some())
        {
            bail!("a node shows a bet on {code} before kick-off");
        }
        self.print_tips(&tips)
    }

    pub(super) fn print_tips(&self, tips: &[BetBody]) -> anyhow::Result<()> {
        let mut table = output::table(["player", "bet", "stake"]);
        for tip in tips {
            let score = tip.predicted.score.map(|score| score.to_string());
            table.add_row([
                tip.player.shown(),
                score.unwrap_or_else(|| "sealed".to_owned()),
                tip.stake.to_string(),
            ]);
        }
        self.print(&table)
    }

    pub(super) fn print(&self, table: &comfy_table::Table) -> anyhow::Result<()> {
        let text = table.trim_fmt();
        let indented: Vec<String> = text.lines().map(|line| format!("{INDENT}{line}")).collect();
        self.screen.print(&indented.join("\n"))
    }

    /// Starts the killed node again.
    async fn revive(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        let (reference, victim) = (self.network.node(1)?, self.network.node(VICTIM)?);
        self.network.start_node(victim)?;
        self.network.wait_for_node(victim).await?;
        let behind = format!("node {VICTIM} was started again and does not catch up");
        eventually(behind, async || {
            let (there, here) = (reference.status().await?, victim.status().await?);
            Ok(there.tip.block.hash == here.tip.block.hash)
        })
        .await?;
        self.screen.good(format!(
            "node {VICTIM} is back and caught up {:.1} s after its start, davi's bet included",
            started.elapsed().as_secs_f32()
        ))
    }
}
