//! Chapter 4: results that two organisers must sign alike, an objection, a correction, and pots.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use bolao_ledger::Cause;
use bolao_ledger::{Action, Outcome, Score, Text, actions};
use bolao_terminal::output::{self, count};

use super::{
    super::{
        tournament::{RESULTS_QUORUM, words},
        views,
    },
    Story,
    tips::Scripted,
};

/// From the moving of the last day to its kick-offs, in seconds.
const LAST_DAY_S: [u64; 2] = [6, 8];
/// The time for which the final stays open where somebody may want to bet along, in seconds.
const FINAL_FOR_VISITORS_S: u64 = 15 * 60;

impl Story<'_> {
    /// The semi-finals' results: one is wrong at first.
    pub(super) async fn disputed(&mut self) -> anyhow::Result<()> {
        self.screen.heading("4. Results")?;
        self.as_played("PtCh", ["ana", "carla"]).await?;
        self.cheat("PtCh", "3-1").await?;
        let mut wrong = Outcome::played(Score::new(3, 1)?);
        wrong.reason = Some(Text::new("as a news page had it")?);
        self.record("NlEn", ["ana", "bruno"], &wrong).await?;
        let before = self.points().await?;

        let text =
            "3-1 was after extra time. After 90 minutes it was 1-1, and that is what counts here.";
        let (text, match_no, client) = (Text::new(text)?, self.no("NlEn")?, self.client(4)?);
        self.friend("davi")?
            .act(&client, Action::Object(actions::Object { match_no, text }))
            .await
            .context("davi cannot object")?;
        self.settle().await?;
        let objections = views::objections(&self.client(1)?, "NlEn").await?;
        let [objection] = objections.as_slice() else {
            bail!("wanted one objection, got {}", objections.len());
        };
        self.screen.refused(format!(
            "davi objects, for all to see: “{}”",
            objection.objection.text
        ))?;
        self.pause().await;
        self.as_played("NlEn", ["carla", "ana"]).await?;
        self.screen.good(
            "the organisers corrected the result; both versions and their signers stay on record",
        )?;
        let after = self.points().await?;
        self.show_change(&before, &after)?;
        self.screen
            .plain("the dispute windows are running; nothing is paid before they end")?;
        self.finals(&["PtCh", "NlEn"]).await?;
        self.paid("PtCh").await?;
        self.screen.plain("fabio never opened his bet on PtCh: no bet, no points, and his 100 chips stayed in the pot")?;
        self.paid("NlEn").await
    }

    /// The match for third place and the final.
    pub(super) async fn last_day(&mut self) -> anyhow::Result<()> {
        self.screen.heading("The last day")?;
        let tips: [(&str, usize, &[Scripted<'_>]); 6] = [
            ("ana", 1, &[("Third", "1-1", 10), ("Final", "1-0", 100)]),
            ("bruno", 2, &[("Third", "0-2", 50), ("Final", "2-0", 50)]),
            ("carla", 3, &[("Third", "2-2", 10), ("Final", "0-1", 20)]),
            ("davi", 4, &[("Final", "2-1", 100)]),
            ("eva", 1, &[("Third", "1-2", 30), ("Final", "1-0", 50)]),
            ("fabio", 2, &[("Third", "0-1", 0), ("Final", "2-1", 50)]),
        ];
        for (name, node, tips) in tips {
            self.seal(name, node, tips).await?;
        }
        self.settle().await?;
        let last = if self.visitors {
            FINAL_FOR_VISITORS_S
        } else {
            LAST_DAY_S[1]
        };
        let [first, second] = self
            .schedule([("Third", LAST_DAY_S[0]), ("Final", last)])
            .await?;
        self.kick_off("Third", first, ("ana", 1, "0-0")).await?;
        self.opened("Third").await?;
        if self.visitors {
            self.as_played("Third", ["bruno", "carla"]).await?;
            self.finals(&["Third"]).await?;
            self.final_kickoff = Some(second);
            return self.paid("Third").await;
        }
        self.kick_off("Final", second, ("davi", 4, "1-0")).await?;
        self.opened("Final").await?;
        self.as_played("Third", ["bruno", "carla"]).await?;
        self.as_played("Final", ["ana", "bruno"]).await?;
        self.finals(&["Third", "Final"]).await?;
        self.paid("Third").await?;
        self.paid("Final").await
    }

    /// Two organisers sign how a match ended.
    pub(super) async fn as_played(
        &mut self,
        code: &str,
        organisers: [&str; 2],
    ) -> anyhow::Result<()> {
        let outcome = self.network.tournament.game(code)?.outcome.clone();
        self.record(code, organisers, &outcome).await
    }

    async fn record(
        &mut self,
        code: &str,
        organisers: [&str; 2],
        outcome: &Outcome,
    ) -> anyhow::Result<()> {
        let no = self.no(code)?;
        for (signed, name) in (1..).zip(organisers) {
            let node = self.node_of(name);
            let client = self.client(node)?;
            self.friend(name)?
                .record(&client, no, outcome)
                .await
                .with_context(|| format!("{name} cannot record {code}"))?;
            self.screen.plain(format!(
                "{name} signs {code} {}: {signed} of {RESULTS_QUORUM}",
                words(outcome)
            ))?;
            self.pause().await;
        }
        self.seen(code, "the record", |game| {
            game.record
                .as_ref()
                .is_some_and(|record| record.signed.outcome == *outcome)
        })
        .await?;
        self.settle().await?;
        Ok(())
    }

    /// The node whose owner somebody is, else the first.
    pub(super) fn node_of(&self, name: &str) -> usize {
        let mut nodes = self.network.nodes.iter();
        let own = nodes.find(|node| node.owner == name);
        own.map_or(1, |node| node.no)
    }

    pub(super) async fn points(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        let table = views::standings(&self.client(1)?).await?;
        let lines = table.items.into_iter();
        Ok(lines
            .map(|line| (line.player.shown(), line.tally.standing.points.get()))
            .collect())
    }

    fn show_change(
        &self,
        before: &BTreeMap<String, u64>,
        after: &BTreeMap<String, u64>,
    ) -> anyhow::Result<()> {
        let mut table = output::table(["player", "points before", "points after"]);
        for (player, points) in after {
            let earlier = before.get(player).copied().unwrap_or(0);
            table.add_row([player.clone(), earlier.to_string(), points.to_string()]);
        }
        if before == after {
            bail!("the correction changed nobody's points");
        }
        self.print(&table)
    }

    /// Tells who got what of a pot.
    pub(super) async fn paid(&self, code: &str) -> anyhow::Result<()> {
        let client = self.client(1)?;
        let mut shares = Vec::new();
        let mut paid = 0;
        for name in self.points().await?.into_keys() {
            for change in views::history(&client, &name).await? {
                if let Cause::Won(no) = *change.cause
                    && change.cause.item(no).code == code
                {
                    paid += change.change;
                    shares.push(format!("{name} {}", change.change));
                }
            }
        }
        if shares.is_empty() {
            bail!("nobody got anything from the pot of {code}");
        }
        self.screen.good(format!(
            "{code} is final, its pot of {} is paid by stake × points: {}",
            count(paid.unsigned_abs(), "chip", "chips"),
            shares.join(", ")
        ))
    }
}
