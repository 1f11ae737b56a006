//! What organisers sign, in words and with the commands that sign it.

use bolao_api::body::FixtureBody;
use bolao_ledger::{MatchNo, Vote};
use bolao_rulebook::records::settled;

use crate::{
    exit::printable,
    record, time,
    view::{Match, MatchRef, PlayerRef, Question, Signed, Team, Validator},
    votes::SignedId,
};

/// What was signed, behind the code of what it is `about`; with the teams and answers of those that are known.
pub(crate) fn words(
    signed: &Signed,
    about: Option<&MatchRef>,
    matches: &[Match],
    questions: &[Question],
) -> String {
    let no = about.map(|it| it.no);
    let mut code = about.map(|it| &it.code);
    let what = match signed {
        Signed::Schedule { fixture } => {
            code = Some(&fixture.code);
            let kickoff = time::kickoff(fixture.kickoff);
            let (home, away) = (&fixture.home.name, &fixture.away.name);
            format!("schedule: {home} – {away}, {kickoff}")
        }
        Signed::Result { outcome } => {
            if let Some(question) = questions.iter().find(|it| Some(it.asked.no) == no) {
                format!(
                    "right: {}",
                    printable(&settled(&question.asked.asks, outcome))
                )
            } else {
                let game = matches.iter().find(|game| Some(game.fixture.no) == no);
                let result = game.map_or_else(
                    || record::in_words(outcome, "home", "away"),
                    |game| record::words(outcome, game),
                );
                format!("result: {result}")
            }
        }
        Signed::Appoint(one) => appointed(one),
        Signed::Organiser { player, added } => organises(player, *added),
        Signed::Day { day } => format!("day: {}", time::span_of(day.as_ref())),
        Signed::Address { address } => format!("the page is at {address}"),
        Signed::Question { question } => {
            code = Some(&question.code);
            format!("question: {}", question.text)
        }
    };
    code.map_or_else(|| what.clone(), |code| format!("{code} {what}"))
}

/// A match as it is signed: the teams with their codes, the kick-off and the stage.
pub(crate) fn scheduled(fixture: &FixtureBody) -> String {
    format!(
        "{} – {}, {}, {}",
        with_code(&fixture.home),
        with_code(&fixture.away),
        time::kickoff(fixture.kickoff),
        fixture.stage
    )
}

/// A team with its code, which is signed too.
pub(crate) fn with_code(team: &Team) -> String {
    match &team.code {
        Some(code) => format!("{} ({code})", team.name),
        None => team.name.clone(),
    }
}

/// The command that signs the same; `code`: of what it is about, as it stands.
pub(crate) fn command(vote: &Vote, no: MatchNo, code: &str) -> String {
    let (verb, code) = match vote {
        Vote::Question(question) => ("question add", question.code.as_str()),
        Vote::Result(_) if no.is_for_questions() => ("question settle", code),
        Vote::Result(_) => ("result", code),
        Vote::Schedule(fixture) => ("schedule", fixture.code.as_str()),
        _ => ("schedule", code),
    };
    let id = SignedId::of_vote(no, vote);
    format!("bolao {verb} {code} --confirm={id}")
}

/// The player who is to be an organiser, or no more, in a few words.
pub(crate) fn organises(player: &PlayerRef, added: bool) -> String {
    let who = player.shown();
    if added {
        format!("{who} is an organiser")
    } else {
        format!("{who} is no longer an organiser")
    }
}

/// The player who is to vote on blocks, or no more, in a few words.
pub(crate) fn appointed(one: &Validator) -> String {
    let who = one.validator.shown();
    match one.weight {
        0 => format!("{who} is no longer a validator"),
        weight => format!("{who} is a validator, with the weight {weight}"),
    }
}
