//! `bolao result`: what became of a match, signed by an organiser; and every record that it had.

use anyhow::{Context as _, bail};
use bolao_ledger::{MatchNo, Outcome, Score, Side, Status, Text};
use bolao_node::Home;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

mod said;

pub(crate) use said::{signatures, waits};

use crate::{
    command::{results_shown, wait::WaitArgs},
    desk::Desk,
    exit::usage,
    games, output,
    passphrase::PassphraseArgs,
    record, time,
    view::{Match, MatchStatus},
    votes::{self, Waiting},
};

/// Records what became of a match, for organisers; without a score shows every record that it had
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao result PtCh                          what was recorded, by whom, when it is final\nbolao result PtCh 3-1                      signs that it ended 3-1\nbolao result NlEn 1-1 --extra-time 3-1     1-1 after 90 minutes, 3-1 after 120\nbolao result PtCh --confirm                signs what another organiser has signed\nbolao result PtCh --status cancelled --reason \"waterlogged pitch\""
)]
pub(crate) struct ResultArgs {
    /// The match's code
    #[arg(value_name = "MATCH")]
    code: String,
    /// The score after 90 minutes and stoppage time, such as 3-1
    #[arg(value_name = "SCORE")]
    score: Option<Score>,
    /// The score at half-time
    #[arg(long, value_name = "SCORE")]
    half_time: Option<Score>,
    /// The score after 120 minutes in all, the first 90 included
    #[arg(long, visible_alias = "after-120", value_name = "SCORE")]
    extra_time: Option<Score>,
    /// The shoot-out alone
    #[arg(long, visible_alias = "shootout", value_name = "SCORE")]
    penalties: Option<Score>,
    /// Who goes on: home, away, or the team; follows from extra time or a shoot-out
    #[arg(long, value_name = "TEAM")]
    advances: Option<String>,
    /// What became of it [default: played]
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusArg>,
    /// Why, or where it was read
    #[arg(long, value_name = "TEXT")]
    reason: Option<Text<200>>,
    /// Signs the record that another organiser has signed; with several, the one with this number
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "0", value_name = "N",
        conflicts_with_all = ["score", "half_time", "extra_time", "penalties", "advances", "status", "reason"])]
    confirm: Option<usize>,
    #[command(flatten)]
    wait: WaitArgs,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// [`Status`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StatusArg {
    Played,
    #[value(alias = "canceled")]
    Cancelled,
    Postponed,
    Abandoned,
    Awarded,
}

impl From<StatusArg> for Status {
    fn from(arg: StatusArg) -> Self {
        match arg {
            StatusArg::Played => Self::Played,
            StatusArg::Cancelled => Self::Cancelled,
            StatusArg::Postponed => Self::Postponed,
            StatusArg::Abandoned => Self::Abandoned,
            StatusArg::Awarded => Self::Awarded,
        }
    }
}

pub(crate) async fn run(args: ResultArgs, home: &Home) -> anyhow::Result<()> {
    if args.confirm.is_none() && args.score.is_none() && args.status.is_none() {
        refuse_parts_alone(&args)?;
        if args.wait.is_given() {
            return Err(usage(
                "--wait waits for a signature: give a score, --status or --confirm",
            ));
        }
        return results_shown::run(home, &args.code, args.json).await;
    }
    let wanted = match args.confirm {
        None => Some(outcome(&args)?),
        Some(_) => None,
    };
    let desk = Desk::open(home, &args.passphrase).await?;
    let matches = games::all(&desk.source).await?;
    let game = games::find(&matches, &args.code)?;
    desk.check_organiser("record results")?;
    let acts = votes::acts(&desk.source).await?;
    let waiting: Vec<Waiting> = votes::waiting_on(&acts, game.no)
        .into_iter()
        .filter(|waiting| waiting.outcome().is_some())
        .collect();
    let outcome = match wanted {
        Some(mut outcome) => {
            outcome.advances = goes_on(&args, &outcome, game)?;
            outcome
        }
        None => confirmed(&args, &desk, game, &waiting)?,
    };
    check(&outcome, game)?;
    if !args.json {
        said::announce(&desk, game, &outcome, &waiting)?;
    }
    let no = MatchNo(game.no);
    let id = desk
        .submit(|draft| draft.result(no, outcome.clone()))
        .await?;
    finish(&args, &desk, game, &outcome, &id).await
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
        status: args.status.map_or(Status::Played, Status::from),
        half_time: args.half_time,
        after_90: args.score,
        after_120: args.extra_time,
        shootout: args.penalties,
        advances: None,
        reason: args.reason.clone(),
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

/// Who goes on: what the scores say, which must be what was given; else what was given.
fn goes_on(args: &ResultArgs, outcome: &Outcome, game: &Match) -> anyhow::Result<Option<Side>> {
    let told = record::advances(outcome.after_90, outcome.after_120, outcome.shootout);
    let Some(given) = &args.advances else {
        return Ok(told);
    };
    let is = |name: &str| {
        name.eq_ignore_ascii_case(given) || name.to_lowercase() == given.to_lowercase()
    };
    let named = |team: &crate::view::Team| is(&team.name) || team.code.as_deref().is_some_and(is);
    let given_side = if is("home") || named(&game.home) {
        Side::Home
    } else if is("away") || named(&game.away) {
        Side::Away
    } else {
        return Err(usage(format!(
            "`{given}` does not play in {}: wanted home ({}) or away ({})",
            game.code, game.home.name, game.away.name
        )));
    };
    match told {
        Some(told) if told != given_side => Err(usage(format!(
            "{} says that {} advance, and --advances says {}: correct one of them",
            record::scores(outcome),
            side(game, told),
            side(game, given_side)
        ))),
        _ => Ok(Some(given_side)),
    }
}

fn side(game: &Match, side: Side) -> &str {
    match side {
        Side::Home => &game.home.name,
        Side::Away => &game.away.name,
    }
}

/// The waiting record that `--confirm` means; where none waits, the one that stands.
fn confirmed(
    args: &ResultArgs,
    desk: &Desk<'_>,
    game: &Match,
    waiting: &[Waiting],
) -> anyhow::Result<Outcome> {
    let code = &game.code;
    let chosen = match (args.confirm.unwrap_or(0), waiting) {
        (0, []) => return standing(desk, game),
        (0, [one]) => one,
        (0, many) => {
            let list: Vec<String> = (1..)
                .zip(many)
                .map(|(number, waiting)| format!("{number}) {}", waits(game, waiting)))
                .collect();
            return Err(usage(format!(
                "different records of {code} wait: {}. Say which you sign, such as --confirm=1",
                list.join("; ")
            )));
        }
        (number, many) => many.get(number - 1).ok_or_else(|| {
            usage(format!(
                "got --confirm={number}, and {} of {code} {}: see `bolao result {code}`",
                output::count(many.len(), "record", "records"),
                if many.len() == 1 { "waits" } else { "wait" }
            ))
        })?,
    };
    if chosen.is_signed_by(desk.account()) {
        bail!(
            "you have signed this record of {code} already: {}; the signature of another organiser is wanted",
            waits(game, chosen)
        );
    }
    chosen.outcome().cloned().context("that is no record")
}

fn standing(desk: &Desk<'_>, game: &Match) -> anyhow::Result<Outcome> {
    let code = &game.code;
    let Some(record) = &game.record else {
        bail!(
            "no record of {code} waits for a signature: give the score, such as `bolao result {code} 2-1`"
        );
    };
    let signed = |account| {
        record
            .signers
            .iter()
            .any(|signer| signer.account == account)
    };
    if signed(desk.account()) {
        bail!("you have signed the record of {code} already, and no other waits for a signature");
    }
    Ok(record.outcome.clone())
}

/// What the ledger would refuse, said before anything is sent.
fn check(outcome: &Outcome, game: &Match) -> anyhow::Result<()> {
    let code = &game.code;
    if game.status == MatchStatus::Final {
        let record = game
            .record
            .as_ref()
            .map(|record| record::scores(&record.outcome));
        bail!(
            "the result of {code} is final: {}; it cannot be corrected any more",
            record.unwrap_or_default()
        );
    }
    if matches!(outcome.status, Status::Cancelled | Status::Postponed) {
        return Ok(());
    }
    match game.kickoff {
        None => bail!(
            "{code} has no kick-off yet, so it cannot have a result: set one with `bolao schedule {code} --kickoff TIME`, or record --status cancelled or postponed"
        ),
        Some(kickoff) if kickoff > Timestamp::now() => bail!(
            "{code} kicks off {}, {}: until then it can only be recorded as cancelled or postponed",
            time::local(kickoff),
            time::relative(kickoff)
        ),
        Some(_) => Ok(()),
    }
}

async fn finish(
    args: &ResultArgs,
    desk: &Desk<'_>,
    game: &Match,
    outcome: &Outcome,
    id: &str,
) -> anyhow::Result<()> {
    if args.wait.is_given() && !args.json {
        output::line("Waiting for a block.")?;
    }
    let block = args.wait.finish(&desk.client, id).await?;
    if args.json {
        return output::json(&json!({
            "transaction": id, "match": game.code, "outcome": outcome, "block": block,
            "signatures_needed": desk.genesis.rules.results_quorum,
        }));
    }
    let Some(height) = block else {
        return Ok(output::line(
            "The signature is on its way to the other nodes and waits for a block.",
        )?);
    };
    let matches = games::all(&desk.source).await?;
    let game = games::find(&matches, &game.code)?;
    output::line(match &game.record {
        Some(record) if record.outcome == *outcome => {
            format!(
                "Block {height} holds it. {}",
                results_shown::finality(record)
            )
        }
        _ => format!("Block {height} holds it. It waits for the other signatures."),
    })?;
    Ok(())
}
