//! `bolao questions`: what organisers ask, what players answer, and what is right.

use std::{collections::BTreeSet, ops::Range};

use anyhow::Context as _;
use bolao_ledger::{
    FoldedCode, Outcome, Prediction, Text,
    item::{Answer, Asks},
};
use bolao_node::Home;
use bolao_rulebook::{about, records};
use clap::Args;
use comfy_table::{Cell, Table};
use serde_json::json;

use super::results_shown::{show_objections, stands};
use crate::{
    betting::{self, LOCKED},
    exit::{printable, usage},
    games, meant, moves,
    output::{self, count},
    passphrase::CommonArgs,
    source::{self, Source, as_views, escape},
    time,
    view::{Answers, Asked, Match, Question, QuestionStatus},
    votes::names,
};

/// Shows what organisers ask; of one question everybody's answers, what is right, and the objections
#[derive(Args, Clone, Debug)]
pub(crate) struct QuestionsArgs {
    /// Only this question, by its code
    #[arg(value_name = "CODE")]
    code: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: QuestionsArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    match &args.code {
        Some(code) => one(&args, code, home, &source).await,
        None if args.common.json => {
            output::json(&source.list("/api/v1/questions", usize::MAX).await?)
        }
        None => {
            let questions = all(&source).await?;
            if questions.is_empty() {
                return output::line("Organisers have asked nothing.");
            }
            output::show(&table(&questions))?;
            output::line!(
                "{}; times of {}",
                count(questions.len(), "question", "questions"),
                time::zone()
            )
        }
    }
}

/// Every question, in order of numbers.
pub(crate) async fn all(source: &Source) -> anyhow::Result<Vec<Question>> {
    source.all("/api/v1/questions").await
}

/// The question that somebody names: by its code, or the beginning of one.
pub(crate) fn find<'q>(questions: &'q [Question], named: &str) -> anyhow::Result<&'q Question> {
    let (what, all) = ("question called", "bolao questions");
    meant::one(questions, |it| it.asked.code.as_str(), named, what, all)
}

/// Something that players bet on.
pub(crate) enum Item {
    Question(Box<Question>),
    Match(Box<Match>),
}

/// The question with a code or, where none has it, the match that somebody names.
pub(crate) async fn item(source: &Source, named: &str) -> anyhow::Result<Item> {
    let mut questions = all(source).await?.into_iter();
    if let Some(question) = questions.find(|it| is_called(&it.asked, named)) {
        return Ok(Item::Question(Box::new(question)));
    }
    let matches = games::all(source).await?;
    let game = games::find(&matches, named);
    let game = game.with_context(|| format!("no question called `{named}`"))?;
    Ok(Item::Match(Box::new(game.clone())))
}

/// The numbers of its slots.
pub(crate) fn numbers(asked: &Asked) -> Range<u16> {
    asked.no.0..asked.no.0.saturating_add(asked.slots.into())
}

/// Whether a question has this code.
pub(crate) fn is_called(asked: &Asked, code: &str) -> bool {
    asked.code.folded() == FoldedCode::of(code)
}

/// The answers that somebody types: one, or several with commas between them. A right number may lie outside the bounds of what players
/// can answer.
pub(crate) fn read(asked: &Asked, typed: &str, is_right: bool) -> anyhow::Result<Vec<Answer>> {
    let code = &asked.code;
    let one = |typed: &str| -> anyhow::Result<Answer> {
        let answer = match &asked.asks {
            Asks::Choice { options, .. } => {
                let (what, all) = (
                    format!("answer to {code} called"),
                    format!("bolao questions {code}"),
                );
                let option = meant::one(options, Text::as_str, typed, &what, &all)?;
                let place = options.iter().position(|it| it == option);
                u16::try_from(place.unwrap_or_default())?
            }
            Asks::Number { least, most, .. } => {
                let bounds = if is_right {
                    0..=Answer::MOST
                } else {
                    *least..=*most
                };
                let number = { typed.parse().ok() }.filter(|it| bounds.contains(it));
                let wanted = || {
                    let (least, most) = bounds.into_inner();
                    usage(format!(
                        "{code} needs a number from {least} to {most}, got `{typed}`"
                    ))
                };
                number.ok_or_else(wanted)?
            }
        };
        Ok(Answer::try_from(answer)?)
    };
    // An option may have commas of its own.
    if let Ok(whole) = one(typed) {
        return Ok(vec![whole]);
    }
    let each = typed.split(',').map(|it| one(it.trim()));
    let mut answers = each.collect::<anyhow::Result<Vec<Answer>>>()?;
    if answers.iter().collect::<BTreeSet<_>>().len() < answers.len() {
        return Err(usage(format!(
            "an answer is there twice in `{typed}`: each counts once"
        )));
    }
    // # Rule X8: where their order does not count, each right answer is larger than the one before.
    let is_ordered = matches!(
        asked.asks,
        Asks::Choice {
            misplaced: Some(_),
            ..
        }
    );
    if is_right && !is_ordered {
        answers.sort_unstable();
    }
    Ok(answers)
}

/// Answers in words: the options, or the numbers.
pub(crate) fn words(asks: &Asks, answers: &[Answer]) -> String {
    printable(&records::answers(asks, answers))
}

/// A record in words: what is right, or that the question is off.
pub(crate) fn recorded(asks: &Asks, outcome: &Outcome) -> String {
    printable(&records::settled(asks, outcome))
}

/// Until when it takes answers, or what became of it.
pub(crate) fn status(question: &Question) -> String {
    let when = time::relative(question.asked.closes);
    match (&question.record, question.status) {
        (Some(record), _) => {
            let sure = if record.provisional {
                "provisional"
            } else {
                "final"
            };
            format!("{}, {sure}", record.signed.outcome.status.name())
        }
        (None, QuestionStatus::Open) => format!("open, {when}"),
        (None, _) => format!("closed, {when}"),
    }
}

/// The table of questions.
pub(crate) fn table(questions: &[Question]) -> Table {
    let mut table = output::table(["Code", "Question", "Closes", "Status", "Answers", "Right"]);
    for question in questions {
        let asked = &question.asked;
        let record = question.record.as_ref();
        table.add_row([
            output::bold_cell(&asked.code),
            Cell::new(printable(&asked.text)),
            Cell::new(time::short(asked.closes)),
            Cell::new(status(question)),
            Cell::new(question.answered),
            Cell::new(
                record.map_or_else(String::new, |it| recorded(&asked.asks, &it.signed.outcome)),
            ),
        ]);
    }
    output::hide_empty(&mut table, &[5]);
    table
}

/// One question, for people or programs.
async fn one(args: &QuestionsArgs, code: &str, home: &Home, source: &Source) -> anyhow::Result<()> {
    let questions = all(source).await?;
    let question = find(&questions, code)?;
    let asked = &question.asked;
    let path = format!("/api/v1/questions/{}", escape(&asked.code));
    let list = async |of: &str| source.list(&format!("{path}/{of}"), usize::MAX).await;
    let (answers, objections) = (list("answers").await?, list("objections").await?);
    if args.common.json {
        return output::json(&json!({
            "question": source.get(&path).await?,
            "answers": answers,
            "versions": list("results").await?,
            "objections": objections,
        }));
    }
    output::line!(
        "{}  ({}, {})",
        output::bold(&printable(&asked.text)),
        asked.code,
        status(question)
    )?;
    output::line(moves::sentences(&about(asked)))?;
    if question.status == QuestionStatus::Open {
        let until = time::local(question.changeable_until);
        output::line!("Organisers can change it until {until}.")?;
    }
    if let Some(record) = &question.record {
        output::line!(
            "Right: {}, as {} signed. {}",
            recorded(&asked.asks, &record.signed.outcome),
            names(&record.signed.players(&record.signed.signers)),
            stands(record)
        )?;
    }
    show_answers(args, question, as_views(answers)?, home, source).await?;
    show_objections(as_views(objections)?)
}

async fn show_answers(
    args: &QuestionsArgs,
    question: &Question,
    answers: Vec<Answers>,
    home: &Home,
    source: &Source,
) -> anyhow::Result<()> {
    if answers.is_empty() {
        return output::line("No block includes an answer yet.");
    }
    let (asked, mut own) = (
        &question.asked,
        betting::keys(home, &args.common.passphrase)?,
    );
    let mut table = output::table(["Player", "Answer", "Points"]);
    for row in &answers {
        let mut told = Vec::new();
        for (no, answer) in (asked.no.0..).zip(&row.answers) {
            let Some(it) = answer else {
                told.push("–".to_owned());
                continue;
            };
            let reopened = match &mut own {
                Some(own) if it.answer.is_none() => {
                    let account = &row.player.account;
                    let own = own.reopen(source, account, no, &it.transaction).await?;
                    own.and_then(Prediction::answer)
                }
                _ => None,
            };
            told.push(match (it.answer, reopened) {
                _ if it.missed => "not opened in time: does not count".to_owned(),
                (Some(answer), _) => words(&asked.asks, &[answer]),
                (None, Some(own)) => {
                    format!("{} (sealed; only you see it)", words(&asked.asks, &[own]))
                }
                (None, None) => "sealed".to_owned(),
            });
        }
        let star = if row.provisional { "*" } else { "" };
        let points = { row.points }.map_or_else(String::new, |points| format!("{points}{star}"));
        table.add_row([row.player.shown(), told.join(", "), points]);
    }
    output::hide_empty(&mut table, &[2]);
    output::show(&table)?;
    if own.is_none() && home.wallet_path().exists() && question.unopened > 0 {
        output::hint(LOCKED);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn question(slots: u8, asks: serde_json::Value) -> Question {
        serde_json::from_value(json!({
            "no": 16384, "code": "champion", "text": "Who becomes champion?", "closes": "2030-06-11T18:00:00Z",
            "points": 10, "slots": slots, "asks": asks, "changeable_until": "2030-06-11T06:00:00Z",
            "status": "open", "answered": 0, "unopened": 0, "record": null,
        }))
        .unwrap()
    }

    fn choice(slots: u8) -> Question {
        let options = ["Ivory Coast", "Portugal", "Poland", "South Korea", "USA"];
        question(
            slots,
            json!({"kind": "choice", "options": options, "perfect": 0}),
        )
    }

    /// The numbers that are read, or the error.
    fn got(question: &Question, typed: &str) -> Result<Vec<u16>, String> {
        let read = read(&question.asked, typed, false).map_err(|error| error.to_string())?;
        Ok(read.into_iter().map(Answer::get).collect())
    }

    #[test]
    fn an_option_is_found_by_what_people_type() {
        for (typed, place) in [
            ("Portugal", 1),
            ("pORTUGAL", 1),
            ("port", 1),
            ("Côte d'Ivoire", 0),
            ("south", 3),
            ("usa", 4),
        ] {
            assert_eq!(got(&choice(1), typed), Ok(vec![place]), "{typed}");
        }
        for (typed, wanted) in [
            (
                "po",
                "`po` may be Portugal, Poland: write out the one you mean",
            ),
            (
                "Porugal",
                "no answer to champion called `Porugal`. Did you mean Portugal?",
            ),
        ] {
            assert_eq!(got(&choice(1), typed), Err(wanted.to_owned()));
        }
        for unknown in ["", "-", "Brazil", "1"] {
            let error = got(&choice(1), unknown).unwrap_err();
            assert!(
                error.contains(": there are Ivory Coast, Portugal"),
                "{error}"
            );
        }
        assert_eq!(got(&choice(2), "Poland, port"), Ok(vec![2, 1]));
        assert!(got(&choice(2), "Poland,poland").is_err());
    }

    #[test]
    fn a_number_is_within_its_bounds() {
        let asks = json!({"kind": "number", "least": 10, "most": 400, "near": [5, 3]});
        let goals = question(1, asks);
        assert_eq!(got(&goals, "172"), Ok(vec![172]));
        for wrong in ["9", "401", "-1", "65537", "many", "1,2"] {
            assert!(got(&goals, wrong).is_err(), "{wrong}");
        }
        let right = read(&goals.asked, "401, 3", true).unwrap();
        assert_eq!(words(&goals.asked.asks, &right), "3, 401");
    }

    #[test]
    fn the_table() {
        let mut settled = choice(1);
        settled.status = QuestionStatus::Final;
        settled.record = serde_json::from_value(json!({
            "version": 0, "score": null, "outcome": {"status": "answered", "right": [1]},
            "signers": [], "since": "2030-07-19T21:30:00Z", "final_at": null, "provisional": false, "objections": 0,
        }))
        .unwrap();
        let mut closed = choice(2);
        closed.status = QuestionStatus::Closed;
        // The days until then fall.
        insta::with_settings!({filters => vec![(r"in \d+ days", "in [days]")]}, {
            insta::assert_snapshot!(output::piped(&table(&[settled, closed])));
        });
    }
}
