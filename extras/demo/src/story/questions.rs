//! A question: who becomes champion. It is asked before the first kick-off, and the final answers it.

use std::collections::BTreeSet;

use anyhow::Context as _;
use bolao_ledger::{
    Action, Chips, MatchNo, OpenBet, Outcome, Prediction, Status, Text, UnixSeconds, actions,
    item::{Answer, Asks, Question},
};
use bolao_terminal::time;

use super::{super::views, Story, until};

/// The first number that a question can have.
const CHAMPION: MatchNo = MatchNo(0x4000);
const POINTS: u16 = 10;
/// From its asking until it closes, in seconds.
const CLOSES_S: u64 = 8;

impl Story<'_> {
    /// Two organisers ask, everybody answers under seal, and the answers are opened once it is closed.
    pub(super) async fn ask_champion(&mut self) -> anyhow::Result<()> {
        self.screen.heading("Who becomes champion?")?;
        let teams = self.teams();
        let closes = UnixSeconds(time::now().0 + CLOSES_S);
        let question = Box::new(Question {
            no: CHAMPION,
            code: "champion".parse()?,
            text: "Who becomes champion?".parse()?,
            closes,
            points: POINTS,
            slots: 1,
            asks: Asks::Choice {
                options: teams.iter().cloned().collect(),
                misplaced: None,
                perfect: 0,
            },
        });
        self.both_sign(&Action::Question(actions::Question { question }))
            .await?;
        self.screen.plain(format!(
            "ana and bruno ask it: {} teams to choose from, {POINTS} points, closes in {}",
            teams.len(),
            time::span(CLOSES_S)
        ))?;
        for (place, name) in (0..).zip(self.names(..)) {
            let client = self.client(self.node_of(name))?;
            let answer = OpenBet {
                match_no: CHAMPION,
                prediction: Prediction::Option(Answer::try_from(
                    place % u16::try_from(teams.len())?,
                )?),
                stake: Chips::ZERO,
            };
            let sealed = self.friend(name)?.seal(&client, &[answer]).await;
            sealed.with_context(|| format!("{name} cannot answer"))?;
        }
        self.settle().await?;
        self.screen.plain("everybody answers, under seal")?;
        tokio::time::sleep(until(closes)).await;
        self.open_all(&[CHAMPION], false).await?;
        let client = self.client(1)?;
        super::eventually("the answers are not opened", async || {
            Ok(views::question(&client, "champion").await?.unopened == 0)
        })
        .await?;
        self.screen.good("it is closed, and all answers are open")
    }

    /// Two organisers sign who became champion; who said so has the points.
    pub(super) async fn settle_champion(&mut self) -> anyhow::Result<()> {
        self.screen.heading("The champion")?;
        let games = self.network.tournament.games.iter();
        let last = games.max_by_key(|game| game.played).context("no match")?;
        let (fixture, outcome) = (&last.fixture, &last.outcome);
        let score = outcome.shootout.or(outcome.after_120).or(outcome.after_90);
        let is_home = score.is_some_and(|score| score.home() > score.away());
        let champion = if is_home {
            &fixture.home
        } else {
            &fixture.away
        };
        let (champion, teams) = (champion.name.clone(), self.teams());
        let place = teams.iter().position(|team| *team == champion);
        let place = place.with_context(|| format!("{champion} is no answer"))?;
        let outcome = Outcome {
            right: vec![Answer::try_from(u16::try_from(place)?)?],
            ..Outcome::without_score(Status::Answered, None)
        };
        let match_no = CHAMPION;
        self.both_sign(&Action::Result(actions::Result { match_no, outcome }))
            .await?;
        let answers = views::answers(&self.client(1)?, "champion").await?;
        let right = answers.iter().filter(|it| it.points == Some(POINTS.into()));
        let mut right: Vec<String> = right.map(|it| it.player.shown()).collect();
        right.sort();
        self.screen.good(format!(
            "it is {champion}: {POINTS} points for {}",
            right.join(", ")
        ))
    }

    /// The acts that ana and bruno have signed take effect.
    async fn both_sign(&mut self, action: &Action) -> anyhow::Result<()> {
        for name in ["ana", "bruno"] {
            let client = self.client(self.node_of(name))?;
            let signed = self.friend(name)?.act(&client, action.clone()).await;
            signed.with_context(|| format!("{name} cannot sign about the champion"))?;
        }
        self.settle().await?;
        Ok(())
    }

    /// All teams of the tournament, each once.
    fn teams(&self) -> BTreeSet<Text<64>> {
        let games = self.network.tournament.games.iter();
        let both = games.flat_map(|game| [&game.fixture.home, &game.fixture.away]);
        both.map(|team| team.name.clone()).collect()
    }
}
