//! The World Cup, round by round: a dozen friends, each with one transaction of bets a round, kick-offs seconds apart.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bolao_ledger::{Chips, Fixture, MatchNo, OpenBet, Score};
use bolao_terminal::output::count;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{
    super::{
        network::ORGANISERS,
        tournament::{Game, words},
        views,
    },
    Story,
};

/// Friends without a node of their own.
pub(super) const GUESTS: [&str; 8] = [
    "eva", "fabio", "gil", "helena", "ines", "joao", "katia", "luis",
];
/// Everybody's bets are the same in every run.
const SEED: u64 = 2026;
/// From the moving of a round to its first kick-off, at least, in seconds.
const LEAD_S: u64 = 3;
/// The time that is left for one kick-off to be set, as a multiple of the time that one player's bets took.
const LEAD_TIMES: u32 = 3;
/// The number of kick-offs that fall into one second.
const AT_ONCE: u64 = 8;
/// Rounds from one table to the next.
const TABLE_EVERY: usize = 3;
/// The friend who forgets to open in some rounds, and the number of rounds from one such to the next.
const FORGETFUL: (&str, usize) = ("luis", 4);
/// The largest stake of a bet.
const MOST_STAKED: u64 = 20;
/// Goals of one team, as often as friends bet on them.
const GOALS: [u8; 12] = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 4];

impl Story<'_> {
    /// All rounds, and the end of the last dispute window.
    pub(super) async fn world_cup(&mut self) -> anyhow::Result<()> {
        self.joining().await?;
        self.ask_champion().await?;
        self.screen.heading("2. The rounds")?;
        let tournament = self.network.tournament.clone();
        let (rounds, all) = (tournament.rounds(), tournament.games.len());
        let mut random = StdRng::seed_from_u64(SEED);
        let mut played = 0;
        for (index, (stage, games)) in (1..).zip(&rounds) {
            self.round(index, stage, games, &mut random).await?;
            played += games.len();
            self.screen.progress(played, all);
            if index.is_multiple_of(TABLE_EVERY) && index < rounds.len() {
                self.screen
                    .heading(format!("After {played} of {all} matches"))?;
                self.standings().await?;
            }
        }
        let codes: Vec<&str> = tournament.games.iter().map(Game::code).collect();
        self.finals(&codes).await?;
        let matches = views::matches(&self.client(1)?).await?;
        let sealed: u64 = matches
            .iter()
            .map(|game| u64::from(game.entry.unopened))
            .sum();
        self.screen.good(format!(
            "all {all} results are final and every pot is paid; {} never opened",
            count(sealed, "bet was", "bets were")
        ))
    }

    /// One round, from the teams to the results.
    async fn round(
        &mut self,
        index: usize,
        stage: &str,
        games: &[&Game],
        random: &mut StdRng,
    ) -> anyhow::Result<()> {
        let numbers: Vec<MatchNo> = games.iter().map(|game| game.no()).collect();
        self.fill_places(games).await?;
        let started = Instant::now();
        let staked = self.tip_all(&numbers, random).await?;
        self.settle().await?;
        let lead_s = self.lead_s(started.elapsed(), games.len());
        for game in games {
            self.all_bet(game.code()).await?;
        }
        self.screen.plain(format!(
            "{stage}: {}, {} players seal their bets, {staked} chips staked",
            count(games.len(), "match", "matches"),
            self.friends.len()
        ))?;
        let plan: Vec<(&Game, u64)> = (0..)
            .zip(games)
            .map(|(index, game)| (*game, lead_s + index / AT_ONCE))
            .collect();
        let kickoffs = self.set_kickoffs(&plan).await?;
        let last = kickoffs
            .into_iter()
            .max()
            .context("a round without matches")?;
        tokio::time::sleep(super::until(last)).await;
        let forgets = index.is_multiple_of(FORGETFUL.1);
        self.open_all(&numbers, forgets).await?;
        for game in games {
            self.seen(game.code(), "the opened bets", |seen| {
                seen.entry.unopened == u32::from(forgets)
            })
            .await?;
        }
        if forgets {
            self.screen.plain(format!(
                "{} forgets to open: no points, and the stakes stay in the pots",
                FORGETFUL.0
            ))?;
        }
        self.results(index, games).await
    }

    /// Gives the time from the moving of so many matches to the first kick-off, in seconds: longer where blocks come slowly. `bets`:
    /// the time that everybody's bets took.
    fn lead_s(&self, bets: Duration, matches: usize) -> u64 {
        let (matches, bettors) = (u32::try_from(matches), u32::try_from(self.friends.len()));
        let (matches, bettors) = (matches.unwrap_or(u32::MAX), bettors.unwrap_or(1).max(1));
        let wanted = (bets / bettors).saturating_mul(matches.saturating_mul(LEAD_TIMES));
        wanted.as_secs().max(LEAD_S)
    }

    /// Has an organiser fill in the teams where only places such as `W91` were known.
    async fn fill_places(&mut self, games: &[&Game]) -> anyhow::Result<()> {
        let open: Vec<&&Game> = games
            .iter()
            .filter(|game| game.before != game.fixture)
            .collect();
        let Some(first) = open.first() else {
            return Ok(());
        };
        let fixtures: Vec<Fixture> = open.iter().map(|game| game.fixture.clone()).collect();
        let client = self.client(1)?;
        self.friend("ana")?
            .schedule(&client, &fixtures)
            .await
            .context("the open places cannot be filled")?;
        self.settle().await?;
        let (home, away) = (&first.before.home.name, &first.before.away.name);
        self.screen.plain(format!(
            "ana fills the open places of {}, such as: {home}–{away} is {}",
            count(open.len(), "match", "matches"),
            first.teams()
        ))
    }

    /// Everybody seals all bets of the round in one transaction; gives the chips staked.
    async fn tip_all(&mut self, numbers: &[MatchNo], random: &mut StdRng) -> anyhow::Result<u64> {
        let table = views::standings(&self.client(1)?).await?;
        let mut staked = 0;
        for index in 0..self.friends.len() {
            let client = self.client(1 + index % self.network.nodes.len())?;
            let friend = self.friends.get_mut(index).context("nobody is there")?;
            let line = table
                .items
                .iter()
                .find(|line| line.player.shown() == friend.name);
            let chips = line.map_or(0, |line| line.chips);
            // Nobody stakes more in a round than half of what is there.
            let most = (chips / 2 / u64::try_from(numbers.len())?).min(MOST_STAKED);
            let mut goals = || GOALS.get(random.random_range(0..GOALS.len())).copied();
            let scores: Vec<Score> = numbers
                .iter()
                .filter_map(|_| Some(Score::new(goals()?.into(), goals()?.into())))
                .collect::<Result<_, _>>()?;
            let tips: Vec<OpenBet> = numbers
                .iter()
                .zip(scores)
                .map(|(no, score)| OpenBet {
                    match_no: *no,
                    prediction: score.into(),
                    stake: Chips(random.random_range(0..=most)),
                })
                .collect();
            staked += tips.iter().map(|tip| tip.stake.0).sum::<u64>();
            let name = friend.name;
            friend
                .seal(&client, &tips)
                .await
                .with_context(|| format!("{name} cannot bet"))?;
        }
        Ok(staked)
    }

    async fn all_bet(&self, code: &str) -> anyhow::Result<()> {
        let game = views::game(&self.client(1)?, code).await?;
        if usize::try_from(game.entry.bets)? != self.friends.len() {
            bail!(
                "{code} has {} bets, wanted {}",
                game.entry.bets,
                self.friends.len()
            );
        }
        Ok(())
    }

    /// The wallets of those without a node open their tips.
    pub(super) async fn open_all(
        &mut self,
        numbers: &[MatchNo],
        forgets: bool,
    ) -> anyhow::Result<()> {
        for name in self.names(..) {
            let friend = self.friend(name)?;
            if friend.has_node || (forgets && name == FORGETFUL.0) {
                continue;
            }
            self.open(name, numbers).await?;
        }
        Ok(())
    }

    /// Two of the organisers sign each result of the round.
    async fn results(&mut self, index: usize, games: &[&Game]) -> anyhow::Result<()> {
        let organisers = self.names(..ORGANISERS);
        let signing = organisers.iter().cycle().skip(index).take(2);
        for name in signing.copied() {
            let client = self.client(self.node_of(name))?;
            for game in games {
                self.friend(name)?
                    .record(&client, game.no(), &game.outcome)
                    .await
                    .with_context(|| format!("{name} cannot record {}", game.code()))?;
            }
        }
        for game in games {
            self.seen(game.code(), "the record", |seen| {
                seen.record
                    .as_ref()
                    .is_some_and(|record| record.signed.outcome == game.outcome)
            })
            .await?;
        }
        let notable = games.iter().find(|game| game.outcome.after_120.is_some());
        if let Some(game) = notable.or(games.last()) {
            self.screen.good(format!(
                "results signed by 2 of {ORGANISERS}, such as {} {}",
                game.teams(),
                words(&game.outcome)
            ))?;
        }
        Ok(())
    }
}
