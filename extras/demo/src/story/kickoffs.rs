//! Chapter 3: kick-offs. From then on no bet is taken and those that are there are opened.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, bail};
use bolao_client::ApiError;
use bolao_ledger::{Fixture, MatchNo, Reason, UnixSeconds};
use bolao_terminal::{output::count, time};

use super::{
    super::{friends::refusal, tournament::Game, views},
    Story,
    tips::Scripted,
};

/// From the moving of the semi-finals to their kick-offs, in seconds.
const SEMI_FINALS_S: [u64; 2] = [6, 9];
/// The friend who forgets to open a bet, and the code of its match.
const FORGETFUL: (&str, &str) = ("fabio", "PtCh");

/// Somebody who comes too late: who, through which node, and the score.
pub(super) type Late<'a> = (&'a str, usize, &'a str);

impl Story<'_> {
    /// Both semi-finals begin.
    pub(super) async fn semi_finals(&mut self) -> anyhow::Result<()> {
        self.screen.heading("3. Kick-offs")?;
        let [first, second] = self
            .schedule([("PtCh", SEMI_FINALS_S[0]), ("NlEn", SEMI_FINALS_S[1])])
            .await?;
        self.kick_off("PtCh", first, ("eva", 2, "3-1")).await?;
        self.opened("PtCh").await?;
        self.kick_off("NlEn", second, ("bruno", 4, "1-1")).await?;
        self.opened("NlEn").await
    }

    /// An organiser moves kick-offs from when they were planned, to so many seconds from now: an earlier end of betting needs no
    /// notice.
    pub(super) async fn schedule<const N: usize>(
        &mut self,
        plan: [(&str, u64); N],
    ) -> anyhow::Result<[UnixSeconds; N]> {
        let games = plan.map(|(code, _)| self.network.tournament.game(code).cloned());
        let games = games.into_iter().collect::<anyhow::Result<Vec<Game>>>()?;
        for (game, (code, seconds)) in games.iter().zip(plan) {
            self.screen.plain(format!(
                "ana moves {code}, {}: kick-off in {}",
                game.teams(),
                time::span(seconds)
            ))?;
        }
        let games: Vec<(&Game, u64)> = games.iter().zip(plan.map(|(_, seconds)| seconds)).collect();
        let kickoffs = self.set_kickoffs(&games).await?;
        kickoffs.try_into().ok().context("a match has no kick-off")
    }

    /// Has an organiser set kick-offs, and waits until all nodes know them; gives the kick-offs in the plan's order. Those that
    /// passed before a block held them are set anew with more time, and the others stay.
    pub(super) async fn set_kickoffs(
        &mut self,
        plan: &[(&Game, u64)],
    ) -> anyhow::Result<Vec<UnixSeconds>> {
        let client = self.client(1)?;
        let mut set: BTreeMap<MatchNo, UnixSeconds> = BTreeMap::new();
        for times in [1, 2, 4] {
            let now = time::now().0;
            let fixtures: Vec<Fixture> = plan
                .iter()
                .filter(|(game, _)| !set.contains_key(&game.no()))
                .map(|(game, seconds)| game.at(UnixSeconds(now + seconds * times)))
                .collect();
            let ana = self.friend("ana")?;
            match ana.schedule(&client, &fixtures).await {
                Err(error) if !ApiError::is_any(&error, &[Reason::KickoffInThePast]) => {
                    return Err(error.context("the matches cannot be scheduled"));
                }
                _ => {}
            }
            self.settle().await?;
            self.friend("ana")?.forget_dropped();
            let known = views::matches(&client).await?;
            for fixture in fixtures {
                let known = known
                    .iter()
                    .find(|game| game.entry.fixture.no == fixture.no);
                let kickoff = known.and_then(|game| game.entry.fixture.kickoff);
                if let Some(wanted) = fixture.kickoff
                    && kickoff == Some(wanted)
                {
                    set.insert(fixture.no, wanted);
                }
            }
            let kickoffs = plan.iter().map(|(game, _)| set.get(&game.no()).copied());
            if let Some(kickoffs) = kickoffs.collect() {
                return Ok(kickoffs);
            }
        }
        bail!("the blocks come too slowly: kick-offs pass before a block holds them");
    }

    /// Waits for a kick-off and tries a bet that comes too late.
    pub(super) async fn kick_off(
        &mut self,
        code: &str,
        kickoff: UnixSeconds,
        (name, node, score): Late<'_>,
    ) -> anyhow::Result<()> {
        self.wait_for_kickoff(code, kickoff).await?;
        self.screen
            .heading(format!("kick-off of {code}: no more bets"))?;
        let late: Scripted<'_> = (code, score, 10);
        let late = self.try_seal(name, node, &[late]).await;
        let words = refusal(late, Reason::BetAfterKickoff)?;
        self.screen.refused(format!(
            "{name} tries {code} {score} through node {node} and is refused: {words}"
        ))
    }

    /// Everybody's seals are opened: owners' by their nodes, guests' by their wallets, but for those that are forgotten.
    pub(super) async fn opened(&mut self, code: &str) -> anyhow::Result<()> {
        let no = self.no(code)?;
        let forgotten = FORGETFUL.1 == code;
        for name in self.names(..) {
            if (name, code) == FORGETFUL || !self.friend(name)?.has_sealed(no) {
                continue;
            }
            if !self.friend(name)?.has_node {
                self.open(name, &[no]).await?;
                self.screen.plain(format!(
                    "{name}, who runs no node, opens the bet on {code} with the wallet"
                ))?;
            }
        }
        let seen = self.seen(code, "the opened bets", |game| {
            game.entry.unopened == u32::from(forgotten)
        });
        match seen.await {
            // What visitors do with their own tips is up to them.
            Err(_) if self.final_for_visitors(code) => {}
            seen => seen?,
        }
        self.screen.good(format!(
            "the nodes opened their owners' bets on {code} automatically"
        ))?;
        self.show_opened(code).await?;
        if forgotten {
            let (name, _) = FORGETFUL;
            self.screen.plain(format!(
                "{name} forgets to open: everyone sees that 1 bet on {code} is still sealed"
            ))?;
        }
        Ok(())
    }

    fn final_for_visitors(&self, code: &str) -> bool {
        self.visitors && code == "Final"
    }

    /// Somebody's wallet opens tips.
    pub(super) async fn open(&mut self, name: &str, matches: &[MatchNo]) -> anyhow::Result<()> {
        let node = self.friends.iter().position(|friend| friend.name == name);
        let client = self.client(1 + node.unwrap_or(0) % self.network.nodes.len())?;
        // The node's clock may be a moment behind.
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.friend(name)?
            .open(&client, matches)
            .await
            .with_context(|| format!("{name} cannot open the bets"))
    }

    async fn show_opened(&self, code: &str) -> anyhow::Result<()> {
        let tips = views::tips(&self.client(1)?, code).await?;
        if tips.is_empty() {
            bail!("nobody's bet on {code} counts");
        }
        self.print_tips(&tips)?;
        let pot: u64 = tips.iter().map(|tip| tip.stake).sum();
        self.screen
            .plain(format!("pot of {code}: {}", count(pot, "chip", "chips")))
    }
}
