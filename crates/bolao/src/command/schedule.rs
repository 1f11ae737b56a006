//! `bolao schedule`: matches that come later, and kick-offs that move. For organisers.

use anyhow::{Context as _, bail};
use bolao_ledger::{Fixture, FoldedCode, MatchCode, MatchNo, Team, Text, UnixSeconds};
use bolao_node::Home;
use clap::Args;
use jiff::Timestamp;

use crate::{
    command::{result::signatures, wait::WaitArgs},
    desk::Desk,
    exit::usage,
    games, output, parse,
    passphrase::PassphraseArgs,
    time, view,
    votes::{self, Act, Waiting, names},
};

/// Sets a match's kick-off, teams or stage, or adds a match; for organisers
#[derive(Args, Clone, Debug)]
pub(crate) struct ScheduleArgs {
    /// The match's code; one that is not there yet adds a match
    #[arg(value_name = "MATCH")]
    code: MatchCode,
    /// When it begins and betting ends, such as 2026-06-11T21:00:00+01:00
    #[arg(long, value_parser = parse::instant, value_name = "TIME")]
    kickoff: Option<Timestamp>,
    /// The team named first
    #[arg(long, value_name = "NAME")]
    team1: Option<Text<64>>,
    /// The team named second
    #[arg(long, value_name = "NAME")]
    team2: Option<Text<64>>,
    /// Round, group or stage
    #[arg(long)]
    stage: Option<Text<64>>,
    /// Signs what another organiser has signed; with several, the one with this number
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "0", value_name = "N",
        conflicts_with_all = ["kickoff", "team1", "team2", "stage"])]
    confirm: Option<usize>,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(crate) async fn run(args: ScheduleArgs, home: &Home) -> anyhow::Result<()> {
    let parts = args.kickoff.is_some()
        || args.team1.is_some()
        || args.team2.is_some()
        || args.stage.is_some();
    if args.confirm.is_none() && !parts {
        return Err(usage(format!(
            "nothing is to be changed: say what, such as `bolao schedule {} --kickoff 2026-06-11T21:00:00+01:00`, or --confirm what another organiser has signed",
            args.code
        )));
    }
    let desk = Desk::open(home, &args.passphrase).await?;
    let matches = games::all(&desk.source).await?;
    desk.check_organiser("schedule matches")?;
    let acts = votes::acts(&desk.source).await?;
    let waiting = waiting(&acts, &args.code);
    let fixture = match args.confirm {
        Some(number) => confirmed(&args, &desk, number, &waiting)?,
        None => fixture(&args, &matches)?,
    };
    let id = desk.submit(|draft| draft.schedule(fixture.clone())).await?;
    let kickoff = fixture.kickoff.and_then(time::timestamp);
    output::line(format_args!(
        "{}: {} – {}, {}",
        fixture.code,
        fixture.home.name,
        fixture.away.name,
        kickoff.map_or_else(|| "not scheduled".to_owned(), time::local)
    ))?;
    let quorum = desk.genesis.rules.schedule_quorum;
    if quorum > 1 {
        let same = |waiting: &&Waiting| {
            let signed = waiting.scheduled().and_then(|it| it.fixture().ok());
            signed.as_ref() == Some(&fixture)
        };
        let others = waiting.iter().find(same).map_or(0, |waiting| {
            let signers = waiting.signers.iter();
            signers
                .filter(|signer| signer.account != desk.account())
                .count()
        });
        let confirm = format!("bolao schedule {} --confirm", fixture.code);
        output::line(signatures(others.saturating_add(1), quorum, &confirm))?;
    }
    args.wait.finish(&desk.client, &id).await?;
    Ok(())
}

/// The schedules of a match that wait; it may be one that the pool does not have yet.
fn waiting(acts: &[Act], code: &MatchCode) -> Vec<Waiting> {
    let folded = code.folded();
    let of_code = |it: &Waiting| {
        it.scheduled()
            .is_some_and(|it| FoldedCode::of(&it.code) == folded)
    };
    votes::waiting(acts)
        .into_values()
        .flatten()
        .filter(of_code)
        .collect()
}

/// The waiting schedule that `--confirm` means.
fn confirmed(
    args: &ScheduleArgs,
    desk: &Desk<'_>,
    number: usize,
    waiting: &[Waiting],
) -> anyhow::Result<Fixture> {
    let code = &args.code;
    let chosen = match (number, waiting) {
        (_, []) => bail!("no schedule of {code} waits for a signature"),
        (0, [one]) => one,
        (0, many) => {
            let list: Vec<String> = (1..)
                .zip(many)
                .map(|(number, waiting)| format!("{number}) {}", waits(waiting)))
                .collect();
            return Err(usage(format!(
                "different schedules of {code} wait: {}. Say which you sign, such as --confirm=1",
                list.join("; ")
            )));
        }
        (number, many) => many.get(number - 1).ok_or_else(|| {
            usage(format!(
                "got --confirm={number}, and {} of {code} {}",
                output::count(many.len(), "schedule", "schedules"),
                if many.len() == 1 { "waits" } else { "wait" }
            ))
        })?,
    };
    if chosen.is_signed_by(desk.account()) {
        bail!(
            "you have signed this schedule of {code} already: {}; the signature of another organiser is wanted",
            waits(chosen)
        );
    }
    let scheduled = chosen.scheduled().context("that is no schedule")?;
    scheduled.fixture()
}

/// A schedule that waits, in one line.
fn waits(waiting: &Waiting) -> String {
    let Some(it) = waiting.scheduled() else {
        return String::new();
    };
    let kickoff = it
        .kickoff
        .map_or_else(|| "not scheduled".to_owned(), time::local);
    format!(
        "{} – {}, {kickoff}, {} (signed by {})",
        it.home.name,
        it.away.name,
        it.stage,
        names(&waiting.signers)
    )
}

fn fixture(args: &ScheduleArgs, matches: &[view::Match]) -> anyhow::Result<Fixture> {
    let folded = args.code.folded();
    let there = matches
        .iter()
        .find(|game| FoldedCode::of(&game.code) == folded);
    let kickoff = args
        .kickoff
        .or(there.and_then(|game| game.kickoff))
        .map(|at| u64::try_from(at.as_second()).map(UnixSeconds))
        .transpose()
        .context("the kick-off lies before 1970")?;
    if let Some(game) = there {
        return Ok(Fixture {
            no: MatchNo(game.no),
            code: MatchCode::new(&game.code)?,
            home: changed(&game.home, args.team1.as_ref())?,
            away: changed(&game.away, args.team2.as_ref())?,
            kickoff,
            stage: match &args.stage {
                Some(stage) => stage.clone(),
                None => Text::new(game.stage.as_str())?,
            },
        });
    }
    let (Some(home), Some(away), Some(stage)) = (&args.team1, &args.team2, &args.stage) else {
        bail!(
            "this pool has no match `{}`: to add it, give --team1, --team2 and --stage",
            args.code
        );
    };
    let last = matches.iter().map(|game| game.no).max().unwrap_or(0);
    let team = |name: &Text<64>| Team {
        name: name.clone(),
        code: None,
    };
    Ok(Fixture {
        no: MatchNo(last.checked_add(1).context("the pool is full of matches")?),
        code: args.code.clone(),
        home: team(home),
        away: team(away),
        kickoff,
        stage: stage.clone(),
    })
}

fn changed(team: &view::Team, name: Option<&Text<64>>) -> anyhow::Result<Team> {
    Ok(match name {
        Some(name) => Team {
            name: name.clone(),
            code: None,
        },
        None => Team {
            name: Text::new(team.name.as_str())?,
            code: team.code.as_deref().map(Text::new).transpose()?,
        },
    })
}
