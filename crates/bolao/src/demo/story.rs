//! What happens in the demo, act by act. Every step waits for what it needs, not for a time, but for the kick-offs.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bolao_ledger::UnixSeconds;
use jiff::Timestamp;
use tokio::time::sleep;

use super::{
    friends::{Friend, refusal, tip},
    stage::{Face, LOOK, Stage},
    tell::{Kind, Teller},
};
use crate::{exit::sentence, time, view::Status};

/// From the scheduling of the semi-finals to their kick-offs, in seconds.
const SEMI_FINALS_S: [u64; 2] = [16, 25];
/// The same for the matches of the last day.
const LAST_DAY_S: [u64; 2] = [10, 13];
/// How long the final stays open where somebody may want to bet along, in seconds.
const FINAL_FOR_VISITORS_S: u64 = 15 * 60;
/// From one thing that somebody does to the next: enough to read it, where somebody does.
const BEAT: Duration = Duration::from_millis(700);
/// The same where only programs read.
const QUICK_BEAT: Duration = Duration::from_millis(250);
/// How long all nodes may take to agree.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long two chains of equal work may stand side by side before another block settles it.
const TIE: Duration = Duration::from_millis(1_500);

/// The node that is killed.
const VICTIM: usize = 4;

/// The cast and the stage.
pub(super) struct Story<'a> {
    pub(super) stage: &'a mut Stage,
    pub(super) tell: &'a Teller,
    friends: Vec<Friend>,
    visitors: bool,
}

/// Where everybody ended.
#[derive(Debug)]
pub(super) struct Agreement {
    pub(super) hash: String,
    pub(super) height: u64,
}

impl<'a> Story<'a> {
    /// The owners of the nodes and two friends without one; for people who watch and may bet along, or for programs.
    pub(super) fn new(
        stage: &'a mut Stage,
        tell: &'a Teller,
        visitors: bool,
    ) -> anyhow::Result<Self> {
        let pool = stage.pool;
        let mut friends: Vec<Friend> = stage
            .nodes
            .iter()
            .map(|node| Friend::new(node.face.owner, node.key.clone(), pool))
            .collect();
        friends.push(Friend::guest("eva", pool)?);
        friends.push(Friend::guest("fabio", pool)?);
        Ok(Self {
            stage,
            tell,
            friends,
            visitors,
        })
    }

    /// The semi-finals: bets, a killed node, kick-offs.
    pub(super) async fn semi_finals(&mut self) -> anyhow::Result<()> {
        self.say(Kind::Act, "The semi-finals")?;
        for (name, node) in [
            ("ana", 1),
            ("bruno", 2),
            ("carla", 3),
            ("davi", 4),
            ("eva", 2),
            ("fabio", 3),
        ] {
            self.join(name, node).await?;
        }
        let [first, second] = self
            .schedule([("PtCh", SEMI_FINALS_S[0]), ("NlEn", SEMI_FINALS_S[1])])
            .await?;
        self.settle().await?;
        self.bet("ana", 1, &[("PtCh", "2-1"), ("NlEn", "1-1")])
            .await?;
        self.bet("bruno", 2, &[("PtCh", "1-1"), ("NlEn", "0-2")])
            .await?;
        self.bet("carla", 3, &[("PtCh", "2-0")]).await?;
        self.bet("davi", 4, &[("PtCh", "3-1"), ("NlEn", "2-1")])
            .await?;
        self.bet("eva", 3, &[("PtCh", "0-1"), ("NlEn", "1-0")])
            .await?;
        self.bet("fabio", 4, &[("PtCh", "1-0")]).await?;
        self.settle().await?;
        self.bet("carla", 1, &[("PtCh", "3-1"), ("NlEn", "2-2")])
            .await?;
        self.say(
            Kind::Plain,
            "carla changed her mind: until kick-off, the latest bet counts",
        )?;
        self.settle().await?;

        self.stage.kill_node(VICTIM).await?;
        self.say(
            Kind::Gone,
            format!("node {VICTIM} is gone: its process was killed without warning (SIGKILL); the others go on"),
        )?;
        self.bet("davi", 1, &[("NlEn", "3-1")]).await?;
        self.say(
            Kind::Plain,
            "davi signed that himself; whose node carries it does not matter",
        )?;
        self.bet("fabio", 3, &[("NlEn", "1-2")]).await?;
        self.settle().await?;

        self.kick_off("PtCh", first, ("eva", 2, "3-1")).await?;
        self.revive().await?;
        self.kick_off("NlEn", second, ("bruno", VICTIM, "3-1"))
            .await
    }

    /// The match for third place and the final, once it is known who plays them.
    pub(super) async fn last_day(&mut self) -> anyhow::Result<()> {
        self.say(Kind::Act, "The last day")?;
        let last = if self.visitors {
            FINAL_FOR_VISITORS_S
        } else {
            LAST_DAY_S[1]
        };
        let [first, second] = self
            .schedule([("Third", LAST_DAY_S[0]), ("Final", last)])
            .await?;
        self.settle().await?;
        self.bet("fabio", 4, &[("Third", "1-2"), ("Final", "1-0")])
            .await?;
        self.bet("eva", 1, &[("Third", "0-0"), ("Final", "2-1")])
            .await?;
        self.bet("davi", 4, &[("Final", "1-1")]).await?;
        self.bet("carla", 3, &[("Third", "2-1"), ("Final", "0-1")])
            .await?;
        self.bet("bruno", 2, &[("Third", "0-2"), ("Final", "2-0")])
            .await?;
        self.bet("ana", 1, &[("Third", "1-1"), ("Final", "1-0")])
            .await?;
        self.settle().await?;
        self.kick_off("Third", first, ("ana", 3, "0-0")).await?;
        if !self.visitors {
            self.kick_off("Final", second, ("davi", 4, "1-0")).await?;
        }
        Ok(())
    }

    /// Waits until all running nodes have the same tip and nothing waits.
    pub(super) async fn settle(&mut self) -> anyhow::Result<Agreement> {
        let end = Instant::now() + PATIENCE;
        let mut tie: Option<Instant> = None;
        loop {
            let mut statuses = Vec::new();
            for face in self.running() {
                statuses.push((face.status().await, face));
            }
            let known: Vec<&Status> = statuses
                .iter()
                .filter_map(|(status, _)| status.as_ref().ok())
                .collect();
            if let Some(first) = known.first()
                && known.len() == statuses.len()
                && known.iter().all(|status| status.pending == 0)
            {
                if known.iter().all(|status| status.tip.hash == first.tip.hash) {
                    return Ok(Agreement {
                        hash: first.tip.hash.to_string(),
                        height: first.tip.height,
                    });
                }
                if tie.get_or_insert_with(Instant::now).elapsed() > TIE {
                    tie = None;
                    self.say(
                        Kind::Plain,
                        "two nodes found a block at the same moment; one more block settles which counts",
                    )?;
                    self.stage.node(2)?.face.mine().await?;
                }
            } else {
                tie = None;
            }
            if Instant::now() > end {
                let found: Vec<String> = statuses
                    .iter()
                    .map(|(status, face)| match status {
                        Ok(status) => format!(
                            "  node {}: block {} {}, {} waiting",
                            face.no, status.tip.height, status.tip.hash, status.pending
                        ),
                        Err(error) => format!("  node {}: {}", face.no, sentence(error)),
                    })
                    .collect();
                bail!(
                    "the nodes do not agree after {} s:\n{}",
                    PATIENCE.as_secs(),
                    found.join("\n")
                );
            }
            sleep(LOOK).await;
        }
    }

    fn running(&self) -> Vec<Face> {
        let mut faces = self.stage.faces();
        faces.retain(Face::is_up);
        faces
    }

    fn say(&self, kind: Kind, text: impl AsRef<str>) -> anyhow::Result<()> {
        Ok(self.tell.say(kind, text)?)
    }

    fn friend(&mut self, name: &str) -> anyhow::Result<&mut Friend> {
        self.friends
            .iter_mut()
            .find(|friend| friend.name == name)
            .with_context(|| format!("nobody in the demo is called {name}"))
    }

    async fn join(&mut self, name: &str, node: usize) -> anyhow::Result<()> {
        let client = self.stage.node(node)?.face.client.clone();
        self.friend(name)?
            .join(&client)
            .await
            .with_context(|| format!("{name} cannot join"))?;
        self.say(Kind::Plain, format!("{name} joins through node {node}"))?;
        self.beat().await;
        Ok(())
    }

    async fn beat(&self) {
        sleep(if self.visitors { BEAT } else { QUICK_BEAT }).await;
    }

    async fn bet(&mut self, name: &str, node: usize, bets: &[(&str, &str)]) -> anyhow::Result<()> {
        self.try_bet(name, node, bets)
            .await
            .with_context(|| format!("{name} cannot bet"))?;
        let told: Vec<String> = bets
            .iter()
            .map(|(code, score)| format!("{code} {score}"))
            .collect();
        self.say(
            Kind::Bet,
            format!("{name} bets {} through node {node}", told.join(", ")),
        )?;
        self.beat().await;
        Ok(())
    }

    async fn try_bet(
        &mut self,
        name: &str,
        node: usize,
        bets: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let mut tips = Vec::new();
        for (code, score) in bets {
            tips.push(tip(self.stage.tournament.game(code)?.no(), score)?);
        }
        let client = self.stage.node(node)?.face.client.clone();
        self.friend(name)?.bet(&client, tips).await
    }

    /// The organiser sets kick-offs, in seconds from now.
    async fn schedule<const N: usize>(
        &mut self,
        plan: [(&str, u64); N],
    ) -> anyhow::Result<[UnixSeconds; N]> {
        let client = self.stage.node(1)?.face.client.clone();
        let kickoffs = plan.map(|(_, seconds)| UnixSeconds(time::now().0 + seconds));
        for ((code, seconds), kickoff) in plan.into_iter().zip(kickoffs) {
            let game = self.stage.tournament.game(code)?.clone();
            self.friend("ana")?
                .schedule(&client, game.at(kickoff))
                .await
                .with_context(|| format!("{code} cannot be scheduled"))?;
            self.say(
                Kind::Plain,
                format!(
                    "ana, the organiser, schedules {code}, {}: kick-off in {}",
                    game.teams(),
                    time::span(seconds)
                ),
            )?;
        }
        Ok(kickoffs)
    }

    /// Waits for a kick-off and tries a bet that comes too late.
    async fn kick_off(
        &mut self,
        code: &str,
        kickoff: UnixSeconds,
        (name, node, score): (&str, usize, &str),
    ) -> anyhow::Result<()> {
        let wait = kickoff.0.saturating_sub(time::now().0);
        if wait > 1 {
            self.say(
                Kind::Plain,
                format!("{} to the kick-off of {code}", time::span(wait)),
            )?;
        }
        sleep(until(kickoff)).await;
        self.say(Kind::Act, format!("kick-off of {code}: bets are closed"))?;
        let late = self.try_bet(name, node, &[(code, score)]).await;
        let words = refusal(late, "bet-after-kickoff")?;
        self.say(
            Kind::Refused,
            format!("{name} tries {code} {score} through node {node} and is refused: {words}"),
        )
    }

    /// Starts the killed node again.
    async fn revive(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        self.stage.start_node(VICTIM)?;
        self.stage.wait_for_node(VICTIM).await?;
        let (reference, victim) = (
            self.stage.node(1)?.face.clone(),
            self.stage.node(VICTIM)?.face.clone(),
        );
        loop {
            let (there, here) = (reference.status().await?, victim.status().await?);
            if there.tip.hash == here.tip.hash {
                break;
            }
            if started.elapsed() > PATIENCE {
                bail!(
                    "node {VICTIM} was started again but is at block {}, the others at {}",
                    here.tip.height,
                    there.tip.height
                );
            }
            sleep(LOOK).await;
        }
        self.say(
            Kind::Good,
            format!(
                "node {VICTIM} is back and caught up {:.1} s after its start",
                started.elapsed().as_secs_f32()
            ),
        )?;
        self.bet("davi", VICTIM, &[("NlEn", "1-1")]).await?;
        let heard = Instant::now();
        self.settle().await?;
        self.say(
            Kind::Good,
            format!(
                "the others heard node {VICTIM} and all agree again, {:.1} s later",
                heard.elapsed().as_secs_f32()
            ),
        )
    }
}

/// How long to sleep until just past an instant.
fn until(instant: UnixSeconds) -> Duration {
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
    Duration::from_millis(instant.0.saturating_mul(1_000).saturating_sub(now)) + LOOK
}
