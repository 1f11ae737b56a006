//! Chapter 6: somebody who watches may bet along, with a home and a node of their own.

use anyhow::Context as _;
use bolao_terminal::time;

use super::{
    super::network::{VISITOR, eventually},
    Story,
};

/// The number of players who may join with the link: one from the home made here, the others on the page that it opens.
const VISITORS: u32 = 9;

impl Story<'_> {
    /// Tells what a person can do now; gives the link that opens ana's page to join and bet on.
    pub(crate) async fn invite(&mut self) -> anyhow::Result<String> {
        self.screen.heading("6. Your turn")?;
        let link = self.link(VISITORS).await?;
        let visitor = self.network.add_visitor(&link).await?;
        let path = format!("/api/v1/players/{VISITOR}");
        let absent = format!("node {} does not join as {VISITOR}", visitor.no);
        eventually(absent, async || Ok(visitor.client.get(&path).await.is_ok())).await?;
        self.settle().await?;
        self.screen.good(format!("node {} is yours: it joined as `{VISITOR}` with a link from ana. Copy what you like into another \
                 terminal:",
            visitor.no))?;
        let home = visitor.home.display();
        let program = std::env::current_exe().context("cannot find this program's own file")?;
        let bolao = format!("{} --home {home}", program.display());
        let games = &self.network.tournament.games;
        let long = games.iter().find(|game| game.outcome.after_120.is_some());
        let about = format!("match {}", long.context("no match had extra time")?.code());
        let mut commands = vec!["standings", about.as_str(), "log", "audit"];
        if let Some(kickoff) = self.final_kickoff {
            commands.splice(0..0, ["bet Final 1-0 --stake 50", "missing"]);
            let left = kickoff.0.saturating_sub(time::now().0);
            self.screen.plain(format!(
                "the Final kicks off in {}; until then it takes bets",
                time::span(left)
            ))?;
        }
        for command in commands {
            self.screen.print(&format!("  {bolao} {command}"))?;
        }
        self.screen
            .plain("or bet on the page: this link lets in anyone who opens it on this machine")?;
        self.screen.print(&link)?;
        for node in self.network.running() {
            self.screen.print(&format!(
                "  node {}, {:<6} http://localhost:{}/  (API: http://localhost:{}/api/docs)",
                node.no, node.owner, node.port, node.port
            ))?;
        }
        self.screen
            .print("Ctrl-C ends the demo and removes its files.")?;
        Ok(link)
    }

    /// The final of those who bet along, once it begins.
    pub(crate) async fn epilogue(&mut self) -> anyhow::Result<()> {
        let Some(kickoff) = self.final_kickoff.take() else {
            return Ok(());
        };
        self.kick_off("Final", kickoff, ("davi", 4, "1-0")).await?;
        self.opened("Final").await?;
        self.as_played("Final", ["ana", "bruno"]).await?;
        self.finals(&["Final"]).await?;
        self.paid("Final").await?;
        self.standings().await
    }
}
