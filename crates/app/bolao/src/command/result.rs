//! `bolao result`: what became of a match, signed by an organiser; and every record that it had.

use bolao_api::body::{Foreseen, Intent};
use bolao_ledger::{Action, Outcome, Reason, Score, Side, Status, Team, Text, actions};
use bolao_node::Home;
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use serde_json::json;

mod confirm;

use crate::{
    actor::Actor,
    command::{
        confirm::ConfirmArgs,
        results_shown,
        signing::{SignArgs, tell},
        wait::on_its_way,
    },
    exit::usage,
    games, output, parse, record,
    source::{ApiError, Client, Source},
    time,
    view::Match,
    votes::{self, SignedId},
};

/// Records a match's result, for organisers; without a score shows all its records
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao result PtCh                          what was recorded, by whom, when it is final\nbolao result PtCh 3-1                      signs that it ended 3-1\nbolao result NlEn 1-1 --extra-time 3-1     1-1 after 90 minutes, 3-1 after 120\nbolao result PtCh --confirm                shows what another has signed, and signs the same\nbolao result PtCh 3-1 --confirm            the same, if what waits says 3-1\nbolao result PtCh --status cancelled --reason \"waterlogged pitch\""
)]
pub(crate) struct ResultArgs {
    /// The match: its code, number or team
    #[arg(value_name = "MATCH")]
    code: String,
    /// The score after 90 minutes and stoppage time, such as 3-1
    #[arg(value_name = "SCORE")]
    score: Option<Score>,
    /// The score at half-time
    #[arg(long, value_name = "SCORE")]
    half_time: Option<Score>,
    /// The score after 120 minutes, including the first 90
    #[arg(long, visible_alias = "after-120", value_name = "SCORE")]
    extra_time: Option<Score>,
    /// The score of the shoot-out only
    #[arg(long, visible_alias = "shootout", value_name = "SCORE")]
    penalties: Option<Score>,
    /// Who advances: home, away, the team, or nobody, as after a first leg; known already from extra time or a shoot-out
    #[arg(long, value_name = "TEAM")]
    advances: Option<String>,
    /// How it ended [default: played]
    #[arg(long, value_parser = status(), value_name = "STATUS")]
    status: Option<Status>,
    /// Reason or source
    #[arg(long, value_name = "TEXT")]
    reason: Option<Text<200>>,
    #[command(flatten)]
    confirm: ConfirmArgs,
    #[command(flatten)]
    sign: SignArgs,
}

fn status() -> impl TypedValueParser<Value = Status> {
    let names = Status::OF_MATCHES.map(|status| match status {
        Status::Cancelled => PossibleValue::new(status.name()).alias("canceled"),
        _ => PossibleValue::new(status.name()),
    });
    PossibleValuesParser::new(names)
        .try_map(|name| parse::named(name.replace("canceled", Status::Cancelled.name())))
}

pub(crate) async fn run(args: ResultArgs, home: &Home) -> anyhow::Result<()> {
    let is_typed = args.score.is_some() || args.status.is_some();
    if !is_typed {
        refuse_parts_alone(&args)?;
        if !args.confirm.is_given() {
            if args.sign.wait.is_given() {
                return Err(usage(
                    "--wait needs a signature to wait for: give a score, --status or --confirm",
                ));
            }
            return results_shown::run(home, &args.code, args.sign.common.json).await;
        }
    }
    args.confirm.refuse_unseen(args.sign.yes, is_typed)?;
    let mut typed = is_typed.then(|| outcome(&args)).transpose()?;
    let actor = args.sign.open(home).await?;
    let matches = games::all(&actor.source).await?;
    let game = games::find(&matches, &args.code)?;
    let waiting = votes::records(&actor.source, game).await?;
    if let Some(outcome) = &mut typed {
        outcome.advances = goes_on(&args, outcome, game)?;
        let asks = actor.genesis.rules.ask_who_goes_on(&game.entry.fixture);
        // What is confirmed says it, or was signed so.
        let is_new = !args.confirm.is_given() && args.advances.is_none();
        if asks && is_new && outcome.leaves_open() {
            return Err(usage(format!(
                "points are given for who goes on to the next round after {}: add `--advances TEAM`, or `--advances nobody` where \
                 another match decides",
                game.entry.fixture.code
            )));
        }
    }
    let stands = game.record.as_ref().map(|record| &record.signed.outcome);
    if let Some(outcome) = typed.as_ref().or(stands) {
        foreseen(&actor, game, outcome).await?;
    }
    let asks = args.sign.asks();
    let own = actor.account();
    if let Some(typed) = typed.as_ref().filter(|_| !args.confirm.is_given()) {
        confirm::refuse_twice(game, &waiting, own, typed)?;
    }
    let outcome = match typed {
        Some(typed) if !args.confirm.is_given() => {
            let rules = &actor.genesis.rules;
            match confirm::instead(asks, game, &waiting, own, typed, rules)? {
                Some(outcome) => outcome,
                None => return Ok(()),
            }
        }
        typed => confirm::confirmed(args.confirm, asks, game, &waiting, own, typed.as_ref())?,
    };
    let foreseen = foreseen(&actor, game, &outcome).await?;
    tell(&foreseen)?;
    if !args.sign.sends()? {
        return Ok(());
    }
    let needed = foreseen.signatures_needed;
    let id = actor.submit(foreseen.actions).await?;
    finish(&args, actor.client()?, game, &outcome, (&id, needed)).await
}

/// Parts of a record that came without what makes it one.
fn refuse_parts_alone(args: &ResultArgs) -> anyhow::Result<()> {
    let given = [
        ("--half-time", args.half_time.is_some()),
        ("--extra-time", args.extra_time.is_some()),
        ("--penalties", args.penalties.is_some()),
        ("--advances", args.advances.is_some()),
        ("--reason", args.reason.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((flag, _)) => Err(usage(format!(
            "{flag} came without a result: give the score after 90 minutes too, such as `bolao result {} 1-1 {flag} …`, or --status",
            args.code
        ))),
    }
}

/// The record that the flags say; who advances is still to come.
fn outcome(args: &ResultArgs) -> anyhow::Result<Outcome> {
    let outcome = Outcome {
        half_time: args.half_time,
        after_90: args.score,
        after_120: args.extra_time,
        shootout: args.penalties,
        ..Outcome::without_score(args.status.unwrap_or(Status::Played), args.reason.clone())
    };
    if let Err(error) = outcome.check() {
        return Err(usage(format!(
            "{} cannot be the result of {}: {error}",
            match record::scores(&outcome).as_str() {
                "" => "this",
                scores => scores,
            },
            args.code
        )));
    }
    Ok(outcome)
}

/// The side that goes on: what the scores say, which must be what was given; else what was given.
fn goes_on(args: &ResultArgs, outcome: &Outcome, game: &Match) -> anyhow::Result<Option<Side>> {
    let follows = outcome.who_goes_on();
    let Some(given) = &args.advances else {
        return Ok(follows);
    };
    let is = |name: &str| games::same_name(name, given);
    if is("nobody") && follows.is_none() {
        return Ok(None);
    }
    let named = |team: &Team| {
        is(team.name.as_str()) || team.code.as_ref().is_some_and(|code| is(code.as_str()))
    };
    let given_side = if is("home") || named(&game.entry.fixture.home) {
        Side::Home
    } else if is("away") || named(&game.entry.fixture.away) {
        Side::Away
    } else {
        return Err(usage(format!(
            "`{given}` does not play in {}: wanted home ({}) or away ({})",
            game.entry.fixture.code, game.entry.fixture.home.name, game.entry.fixture.away.name
        )));
    };
    match follows {
        Some(follows) if follows != given_side => Err(usage(format!(
            "{} says that {} advance, and --advances says {}: correct one of them",
            record::scores(outcome),
            side(game, follows),
            side(game, given_side)
        ))),
        _ => Ok(Some(given_side)),
    }
}

fn side(game: &Match, side: Side) -> &str {
    match side {
        Side::Home => &game.entry.fixture.home.name,
        Side::Away => &game.entry.fixture.away.name,
    }
}

/// What would come of a record, before anything is signed.
async fn foreseen(actor: &Actor<'_>, game: &Match, outcome: &Outcome) -> anyhow::Result<Foreseen> {
    let (match_no, outcome) = (game.entry.fixture.no, outcome.clone());
    let record = actions::Result { match_no, outcome };
    let wish = Intent::Sign {
        action: Box::new(Action::Result(record)),
        again: false,
    };
    let foreseen = actor.foresee(&wish).await;
    foreseen.map_err(|error| explained(error, game))
}

/// The node's refusal to record a match or to take an objection, with what is known of the match.
pub(crate) fn explained(error: anyhow::Error, game: &Match) -> anyhow::Error {
    let mut refusal = match error.downcast::<ApiError>() {
        Ok(refusal) => refusal,
        Err(error) => return error,
    };
    if refusal.is(Reason::ResultFinal)
        && let Some(record) = &game.record
    {
        refusal.detail = format!(
            "{}: {}",
            refusal.detail,
            record::scores(&record.signed.outcome)
        );
    }
    if refusal.is(Reason::ResultTooEarly) {
        let next = match game.entry.fixture.kickoff {
            Some(kickoff) => format!(
                "it kicks off {}, {}",
                time::local(kickoff),
                time::relative(kickoff)
            ),
            None => format!(
                "it has no kick-off yet, set one with `bolao schedule {} --kickoff TIME`",
                game.entry.fixture.code
            ),
        };
        refusal.detail = format!("{}; {next}", refusal.detail);
    }
    refusal.into()
}

async fn finish(
    args: &ResultArgs,
    client: &Client,
    game: &Match,
    outcome: &Outcome,
    (id, needed): (&str, u8),
) -> anyhow::Result<()> {
    if args.sign.wait.is_given() && !args.sign.common.json {
        output::line("Waiting for a block.")?;
    }
    let block = args.sign.wait.finish(client, id).await?;
    if args.sign.common.json {
        return output::json(&json!({
            "transaction": id, "match": game.entry.fixture.code, "outcome": outcome, "block": block,
            "id": SignedId::of_record(game.entry.fixture.no, outcome).to_string(), "signatures_needed": needed,
        }));
    }
    let Some(height) = block else {
        return output::line(on_its_way(client, "The signature", false).await);
    };
    let matches = games::all(&Source::Running(client.clone())).await?;
    let game = games::find(&matches, &game.entry.fixture.code)?;
    output::line(match game.stands() {
        Some(record) if record.signed.outcome == *outcome => {
            format!(
                "Block {height} includes it. {}",
                results_shown::finality(game, record)
            )
        }
        _ => format!("Block {height} includes it. It is waiting for the other signatures."),
    })
}
