//! What organisers sign, in words and with the commands that sign it.

use bolao_api::Named;
use bolao_ledger::{Action, Fixture, ItemKind, MatchNo, Team, Vote};
use bolao_rulebook::records::settled;

use crate::{
    exit::printable,
    record, time,
    view::{Match, MatchRef, PlayerRef, Question},
    votes::SignedId,
};

/// What was signed, behind the code of what it is `about`; with the teams and answers of those that are known.
pub(crate) fn words(
    signed: &Named<Action>,
    about: Option<&MatchRef>,
    matches: &[Match],
    questions: &[Question],
) -> String {
    let no = about.map(|it| MatchNo(it.no));
    let mut code = about.map(|it| it.code.as_str());
    let Some(vote) = signed.vote() else {
        return signed.kind().to_string();
    };
    let what = match &vote {
        Vote::Schedule(fixture) => {
            code = Some(fixture.code.as_str());
            let kickoff = time::kickoff(fixture.kickoff);
            let (home, away) = (&fixture.home.name, &fixture.away.name);
            format!("schedule: {home} – {away}, {kickoff}")
        }
        Vote::Result(outcome) => {
            if let Some(question) = questions.iter().find(|it| Some(it.asked.no) == no) {
                format!(
                    "right: {}",
                    printable(&settled(&question.asked.asks, outcome))
                )
            } else {
                let game = matches
                    .iter()
                    .find(|game| Some(game.entry.fixture.no) == no);
                let result = game.map_or_else(
                    || record::in_words(outcome, "home", "away"),
                    |game| record::words(outcome, game),
                );
                format!("result: {result}")
            }
        }
        Vote::Appoint(one) => appointed(&signed.player(&one.account), one.weight),
        Vote::Organiser { account, added } => organises(&signed.player(account), *added),
        Vote::Day(day) => format!("day: {}", time::span_of(day.as_ref())),
        Vote::Address(address) => format!("the page is at {address}"),
        Vote::Question(question) => {
            code = Some(question.code.as_str());
            format!("question: {}", question.text)
        }
    };
    code.map_or_else(|| what.clone(), |code| format!("{code} {what}"))
}

/// A match as it is signed: the teams with their codes, the kick-off and the stage.
pub(crate) fn scheduled(fixture: &Fixture) -> String {
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
        None => team.name.to_string(),
    }
}

/// The command that signs the same of what it is about.
pub(crate) fn command(action: &Action, of: &MatchRef) -> String {
    let code = of.code.as_str();
    let (verb, code) = match action.vote() {
        Some(Vote::Question(question)) => ("question add", question.code.to_string()),
        Some(Vote::Result(_)) if of.kind == ItemKind::Question => {
            ("question settle", code.to_owned())
        }
        Some(Vote::Result(_)) => ("result", code.to_owned()),
        Some(Vote::Schedule(fixture)) => ("schedule", fixture.code.to_string()),
        Some(Vote::Day(_) | Vote::Appoint(_) | Vote::Organiser { .. } | Vote::Address(_))
        | None => ("schedule", code.to_owned()),
    };
    let id = SignedId::of(action);
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
pub(crate) fn appointed(player: &PlayerRef, weight: u64) -> String {
    let who = player.shown();
    match weight {
        0 => format!("{who} is no longer a validator"),
        weight => format!("{who} is a validator, with the weight {weight}"),
    }
}
