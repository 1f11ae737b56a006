//! `bolao question`: what organisers ask, and what they say is right.

use std::collections::BTreeSet;

use bolao_api::body::Intent;
use bolao_ledger::{
    Action, Fixture, FoldedCode, MatchCode, MatchNo, Outcome, Status, Text, Vote, actions,
    item::{Asks, Question},
};
use bolao_node::Home;
use bolao_rulebook::about;
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::{
    actor::Actor,
    command::{
        confirm::{Candidate, ConfirmArgs, Kind},
        questions::{all, find, is_called, numbers, read, recorded},
        signing::SignArgs,
    },
    exit::usage,
    games, moves, parse,
    view::{self, Asked, Waiting},
    votes::seconds,
};

/// Asks what no score answers, and says what is right; for organisers
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao question add champion --text 'Who becomes champion?' --teams --points 10 --closes 2026-06-11T20:00+02:00\n\
        bolao question add goals --text 'How many goals?' --number 0-400 --near 5,3,1 --points 8 --closes 2026-06-11T20:00+02:00\n\
        bolao question add semis --text 'Who are in the semi-finals?' --teams --slots 4 --perfect 4 --points 5 --closes 2026-06-11T20:00+02:00\n\
        bolao question change champion --option 'Curaçao'\n\
        bolao question settle champion Portugal\n\
        bolao question settle champion --confirm       shows what another has signed, and signs the same\n\
        bolao question void champion --reason 'the cup is off'"
)]
pub(crate) struct QuestionArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Clone, Debug)]
enum Verb {
    /// Asks a new question
    Add {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        parts: Parts,
        #[command(flatten)]
        replies: Replies,
    },
    /// Changes a question; once somebody has answered, only when it closes, and more options
    Change {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        parts: Parts,
    },
    /// Says what is right, once the question has closed
    Settle {
        #[command(flatten)]
        of: Of,
        /// The right answer; several with commas between them, such as Brazil,Spain
        #[arg(value_name = "ANSWER", required_unless_present = "confirm")]
        right: Option<String>,
        /// Reason or source
        #[arg(long, value_name = "TEXT")]
        reason: Option<Text<200>>,
    },
    /// Cancels a question: it gives no points, and takes no answers any more
    Void {
        #[command(flatten)]
        of: Of,
        /// Reason or source
        #[arg(long, value_name = "TEXT")]
        reason: Option<Text<200>>,
    },
}

/// A question, and how it is signed.
#[derive(Args, Clone, Debug)]
struct Of {
    /// The question, by its code
    code: MatchCode,
    #[command(flatten)]
    confirm: ConfirmArgs,
    #[command(flatten)]
    sign: SignArgs,
}

/// The parts of a question that may change.
#[derive(Args, Clone, Debug)]
#[group(conflicts_with = "confirm")]
struct Parts {
    /// The text of the question
    #[arg(long)]
    text: Option<Text<200>>,
    /// When it closes
    #[arg(long, value_parser = parse::instant, value_name = "TIME")]
    closes: Option<Timestamp>,
    /// The points of each right answer, 1 to 1,000
    #[arg(long)]
    points: Option<u16>,
    /// An answer that players can choose; once for each
    #[arg(long = "option", value_name = "TEXT")]
    options: Vec<Text<64>>,
}

/// The answers of a new question.
#[derive(Args, Clone, Debug)]
#[group(conflicts_with = "confirm")]
struct Replies {
    /// The pool's teams are the answers
    #[arg(long, conflicts_with = "number")]
    teams: bool,
    /// A number from the one to the other is the answer, such as 0-400
    #[arg(long, value_parser = range, value_name = "LEAST-MOST", conflicts_with_all = ["options", "slots"])]
    number: Option<(u16, u16)>,
    /// The points of a number that misses by 1, by 2 and so on, such as 5,3,1
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "POINTS",
        requires = "number"
    )]
    near: Vec<u16>,
    /// The number of answers that it needs of each player
    #[arg(long, value_name = "N", default_value_t = 1)]
    slots: u8,
    /// The order of the answers counts
    #[arg(long, requires = "slots")]
    ordered: bool,
    /// The points of a right answer in a wrong place
    #[arg(long, value_name = "POINTS", default_value_t = 0, requires = "ordered")]
    misplaced: u16,
    /// The points besides, if all answers are right
    #[arg(long, value_name = "POINTS", default_value_t = 0, requires = "slots")]
    perfect: u16,
}

/// Two numbers with a hyphen.
fn range(text: &str) -> Result<(u16, u16), &'static str> {
    let (least, most) = text.split_once('-').unwrap_or_default();
    match (least.parse(), most.parse()) {
        (Ok(least), Ok(most)) => Ok((least, most)),
        _ => Err("wanted two numbers such as 0-400"),
    }
}

pub(crate) async fn run(args: QuestionArgs, home: &Home) -> anyhow::Result<()> {
    let (of, is_record) = match &args.verb {
        Verb::Add { of, .. } | Verb::Change { of, .. } => (of, false),
        Verb::Settle { of, .. } | Verb::Void { of, .. } => (of, true),
    };
    of.confirm.refuse_unseen(of.sign.yes, false)?;
    let actor = of.sign.open(home).await?;
    let desk = Desk {
        of,
        questions: all(&actor.source).await?,
        waiting: actor.source.all("/api/v1/votes").await?,
        actor,
    };
    let stands = || anyhow::Ok(&find(&desk.questions, of.code.as_str())?.asked);
    let record = is_record.then(stands).transpose()?;
    let typed = match &args.verb {
        Verb::Settle {
            right: Some(right),
            reason,
            ..
        } => Some(Vote::Result(Outcome {
            right: read(stands()?, right, true)?,
            ..Outcome::without_score(Status::Answered, reason.clone())
        })),
        Verb::Void { reason, .. } => {
            let off = Outcome::without_score(Status::Cancelled, reason.clone());
            Some(Vote::Result(off))
        }
        // Another organiser has typed it.
        _ if of.confirm.is_given() => None,
        Verb::Add { parts, replies, .. } => Some(desk.added(parts, replies).await?),
        Verb::Change { parts, .. } => Some(changed(stands()?, parts)?),
        Verb::Settle { .. } => None,
    };
    desk.sign(record, typed).await
}

/// An organiser who is about to sign: the questions that there are, and what waits for signatures.
struct Desk<'a> {
    of: &'a Of,
    actor: Actor<'a>,
    questions: Vec<view::Question>,
    waiting: Vec<Waiting>,
}

impl Desk<'_> {
    /// The new question that the flags say.
    async fn added(&self, parts: &Parts, replies: &Replies) -> anyhow::Result<Vote> {
        let slots = replies.slots;
        let (Some(text), Some(closes), Some(points)) = (&parts.text, parts.closes, parts.points)
        else {
            return Err(usage("a new question needs --text, --points and --closes"));
        };
        let mut teams: BTreeSet<Text<64>> = BTreeSet::new();
        if replies.teams {
            for game in games::all(&self.actor.source).await? {
                let Fixture { home, away, .. } = game.entry.fixture;
                let known = [home, away].into_iter().filter(|it| !it.is_placeholder());
                teams.extend(known.map(|team| team.name));
            }
        }
        let asks = match replies.number {
            Some((least, most)) => Asks::Number {
                least,
                most,
                near: replies.near.clone(),
            },
            None if teams.is_empty() && parts.options.is_empty() => {
                return Err(usage(
                    "a new question needs its answers: --teams, --option TEXT for each, or --number LEAST-MOST",
                ));
            }
            None => Asks::Choice {
                options: parts.options.iter().cloned().chain(teams).collect(),
                misplaced: replies.ordered.then_some(replies.misplaced),
                perfect: replies.perfect,
            },
        };
        checked(Question {
            no: self.number(slots),
            code: self.of.code.clone(),
            text: text.clone(),
            closes: seconds(closes)?,
            points,
            slots,
            asks,
        })
    }

    /// The number of a new question: the one that another organiser proposes for it, else the first with room for its slots.
    fn number(&self, slots: u8) -> MatchNo {
        let proposed = { self.waiting.iter() }.filter_map(|it| match &*it.action {
            Action::Question(actions::Question { question }) => Some(&**question),
            _ => None,
        });
        let same = proposed
            .clone()
            .find(|it| is_called(it, self.of.code.as_str()));
        let known = self.questions.iter().map(|it| &it.asked).chain(proposed);
        let taken: BTreeSet<u16> = known.flat_map(numbers).collect();
        let is_free =
            |no: &u16| (*no..no.saturating_add(slots.into())).all(|it| !taken.contains(&it));
        let mut free = Question::NUMBERS.filter(is_free);
        let same = same.map(|it| it.no);
        same.or_else(|| free.next().map(MatchNo))
            .unwrap_or(MatchNo(0))
    }

    /// Signs what was typed or, with `--confirm`, what waits. `record`: the question of which it is a record.
    async fn sign(&self, record: Option<&Asked>, typed: Option<Vote>) -> anyhow::Result<()> {
        let Of {
            code,
            confirm,
            sign,
        } = self.of;
        let code = record.map_or(code.as_str(), |it| it.code.as_str());
        let vote = match typed {
            Some(typed) if !confirm.is_given() => typed,
            typed => {
                let (word, verb) = match record {
                    Some(_) => ("record", "question settle"),
                    None => ("question", "question add"),
                };
                let kind = Kind { word, verb, code };
                let mut candidates = Vec::new();
                for it in &self.waiting {
                    let Some(vote) = it.action.vote() else {
                        continue;
                    };
                    let is_meant = match (&vote, record, &typed) {
                        (Vote::Question(it), None, _) => it.code.folded() == FoldedCode::of(code),
                        (Vote::Result(is), Some(asked), Some(Vote::Result(typed))) => {
                            let same = (is.status, &is.right) == (typed.status, &typed.right);
                            same && it.about.no == asked.no.0
                        }
                        (Vote::Result(_), Some(asked), _) => it.about.no == asked.no.0,
                        _ => false,
                    };
                    if is_meant {
                        let words = words(&vote, record);
                        candidates.push(Candidate::new(it, vote, &words, self.actor.account()));
                    }
                }
                let is_stated = typed.is_some() || confirm.id().is_some() || sign.asks();
                kind.choose(candidates, confirm.id(), is_stated)?
            }
        };
        let no = match &vote {
            Vote::Question(question) => question.no,
            _ => record.map_or(MatchNo(0), |it| it.no),
        };
        let wish = Intent::Sign {
            action: Box::new(vote.action(no)),
            again: false,
        };
        let foreseen = self.actor.foresee(&wish).await?;
        sign.finish(&self.actor, foreseen, "The signature").await
    }
}

/// The question that is there, with what the flags change.
fn changed(stands: &Asked, parts: &Parts) -> anyhow::Result<Vote> {
    let mut question = stands.clone();
    question.text = parts.text.clone().unwrap_or(question.text);
    question.points = parts.points.unwrap_or(question.points);
    if let Some(closes) = parts.closes {
        question.closes = seconds(closes)?;
    }
    if let Asks::Choice { options, .. } = &mut question.asks {
        options.extend(parts.options.iter().cloned());
    }
    if question == *stands {
        return Err(usage(format!(
            "there is nothing to change: say what, such as `bolao question change {} --closes TIME`",
            stands.code
        )));
    }
    checked(question)
}

fn checked(question: Question) -> anyhow::Result<Vote> {
    question.check().map_err(usage)?;
    Ok(Vote::Question(Box::new(question)))
}

/// What is signed, in a line.
fn words(vote: &Vote, record: Option<&Asked>) -> String {
    match (vote, record) {
        (Vote::Question(it), _) => {
            let about = moves::sentences(&about(it));
            format!("{}  ({}): {about}", it.text, it.code)
        }
        (Vote::Result(outcome), Some(asked)) => {
            format!("{}: {}", asked.text, recorded(&asked.asks, outcome))
        }
        _ => String::new(),
    }
}
