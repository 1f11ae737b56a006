//! Chapter 6: somebody who watches may bet along.

use super::{super::tell::Kind, Story};

impl Story<'_> {
    /// What a person can do now.
    pub(in super::super) fn invite(&self) -> anyhow::Result<String> {
        self.say(Kind::Act, "6. Look around")?;
        for face in self.running() {
            self.tell.print(&format!(
                "  node {}  http://localhost:{}/  (API: http://localhost:{}/api/docs)",
                face.no, face.port, face.port
            ))?;
        }
        let home = self.stage.home(1)?.display().to_string();
        for command in ["matches", "players", "chain", "audit"] {
            self.tell.print(&format!("  bolao --home {home} {command}"))?;
        }
        self.tell.print("Ctrl-C ends the demo and removes its files.")?;
        Ok(format!("http://localhost:{}/", self.stage.node(1)?.face.port))
    }

    /// The final of those who bet along, once it begins.
    pub(in super::super) async fn epilogue(&mut self) -> anyhow::Result<()> {
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
