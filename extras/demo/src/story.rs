//! What happens in the demo, chapter by chapter. Every step waits for what it needs and not for a time, but for the
//! kick-offs and the windows of the rules.

mod cheating;
mod ending;
mod joining;
mod kickoffs;
mod questions;
mod results;
mod slips;
mod tips;
mod visitor;
mod world_cup;

use std::time::Duration;

use anyhow::Context as _;
use bolao_api::body::{ChainTipBody, MatchBody, StatusBody};
use bolao_client::Client;
use bolao_ledger::UnixSeconds;
use bolao_terminal::time;
use jiff::Timestamp;
use tokio::time::sleep;

pub(crate) use ending::audit_all;

use crate::{
    friends::Friend,
    network::{LOOK, Network, eventually},
    screen::Screen,
    tournament::Which,
    views,
};

/// From one thing that somebody does to the next: enough to read it, where somebody does.
const PAUSE: Duration = Duration::from_millis(700);
/// The same where only programs read.
const QUICK_PAUSE: Duration = Duration::from_millis(200);

/// The story that the demo plays: who plays, and on which nodes.
pub(crate) struct Story<'a> {
    pub(crate) network: &'a mut Network,
    pub(crate) screen: &'a Screen,
    friends: Vec<Friend>,
    /// Whether somebody watches and may bet along.
    visitors: bool,
    /// When the final begins that somebody may bet along on.
    final_kickoff: Option<UnixSeconds>,
}

impl<'a> Story<'a> {
    /// The owners of the nodes and their friends without one.
    pub(crate) fn new(
        network: &'a mut Network,
        screen: &'a Screen,
        visitors: bool,
    ) -> anyhow::Result<Self> {
        let pool = network.pool;
        let mut friends: Vec<Friend> = network
            .nodes
            .iter()
            .map(|node| Friend::owner(node.owner, node.key.clone(), pool))
            .collect();
        let guests: &[&'static str] = match network.tournament.which {
            Which::NationsLeague2019 => &["eva", "fabio"],
            Which::WorldCup2026 => &world_cup::GUESTS,
        };
        for name in guests {
            friends.push(Friend::guest(name, pool)?);
        }
        Ok(Self {
            network,
            screen,
            friends,
            visitors,
            final_kickoff: None,
        })
    }

    /// The story up to the agreement of all, their standings and the audit while the nodes run; the last block.
    pub(crate) async fn play(&mut self) -> anyhow::Result<ChainTipBody> {
        match self.network.tournament.which {
            Which::NationsLeague2019 => {
                self.joining().await?;
                self.ask_champion().await?;
                self.semi_final_tips().await?;
                self.semi_finals().await?;
                self.disputed().await?;
                self.last_day().await?;
            }
            Which::WorldCup2026 => self.world_cup().await?,
        }
        if self.final_kickoff.is_none() {
            self.settle_champion().await?;
        }
        self.ending().await
    }

    /// Waits until all running nodes have the same last block and nothing waits; that block.
    async fn settle(&self) -> anyhow::Result<ChainTipBody> {
        let nodes = self.network.running();
        let mut tips: Vec<StatusBody> = Vec::new();
        let settled = eventually("the nodes do not agree", async || {
            tips.clear();
            for node in &nodes {
                tips.extend(node.status().await.ok());
            }
            let idle = tips.len() == nodes.len() && tips.iter().all(|node| node.pending == 0);
            let first = tips.first().map(|node| node.tip.block.hash);
            Ok(idle && tips.iter().all(|node| Some(node.tip.block.hash) == first))
        });
        settled.await.with_context(|| disagreement(&tips))?;
        Ok(tips.pop().context("no node runs")?.tip)
    }

    /// Waits until every running node sees something of a match.
    async fn seen(
        &self,
        code: &str,
        what: &str,
        done: impl Fn(&MatchBody) -> bool,
    ) -> anyhow::Result<()> {
        for node in self.network.running() {
            let unseen = format!("node {} does not see {what} of {code}", node.no);
            eventually(unseen, async || {
                Ok(done(&views::game(&node.client, code).await?))
            })
            .await?;
        }
        Ok(())
    }

    /// Waits until the records of these matches are final, which takes a block.
    async fn finals(&self, codes: &[&str]) -> anyhow::Result<()> {
        let client = self.client(1)?;
        let mut due = Duration::ZERO;
        for code in codes {
            let game = views::game(&client, code).await?;
            let record = game
                .record
                .with_context(|| format!("{code} has no record"))?;
            let at = record
                .signed
                .final_at
                .with_context(|| format!("{code} never becomes final"))?;
            due = due.max(until(at));
        }
        sleep(due).await;
        eventually("a result does not become final", async || {
            let games = views::matches(&client).await?;
            let is_open = games.iter().any(|game| {
                codes.contains(&game.entry.fixture.code.as_str())
                    && game.record.as_ref().is_none_or(|record| record.provisional)
            });
            Ok(!is_open)
        })
        .await?;
        self.settle().await?;
        Ok(())
    }

    fn client(&self, node: usize) -> anyhow::Result<Client> {
        Ok(self.network.node(node)?.client.clone())
    }

    fn friend(&mut self, name: &str) -> anyhow::Result<&mut Friend> {
        self.friends
            .iter_mut()
            .find(|friend| friend.name == name)
            .with_context(|| format!("nobody in the demo is called {name}"))
    }

    async fn pause(&self) {
        sleep(if self.visitors { PAUSE } else { QUICK_PAUSE }).await;
    }

    /// Waits for a kick-off.
    async fn wait_for_kickoff(&self, code: &str, kickoff: UnixSeconds) -> anyhow::Result<()> {
        let wait = kickoff.0.saturating_sub(time::now().0);
        if wait > 1 {
            self.screen
                .plain(format!("{} to the kick-off of {code}", time::span(wait)))?;
        }
        sleep(until(kickoff)).await;
        Ok(())
    }
}

fn disagreement(nodes: &[StatusBody]) -> String {
    let line = |node: &StatusBody| {
        let StatusBody {
            url, tip, pending, ..
        } = node;
        format!(
            "{url}: block {} {}, {pending} waiting",
            tip.block.height, tip.block.hash
        )
    };
    nodes.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// Gives the time to sleep until just past an instant.
fn until(instant: UnixSeconds) -> Duration {
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
    let left = instant.0.saturating_mul(1_000).saturating_sub(now);
    if left == 0 {
        return Duration::ZERO;
    }
    Duration::from_millis(left) + LOOK
}
