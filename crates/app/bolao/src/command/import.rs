//! `bolao import`: a newer file of the pool's competition. The node says what it changes.

mod signed;
mod words;

use std::{
    io::{self, IsTerminal as _},
    iter,
};

use anyhow::{Context as _, bail};
use bolao_api::body::{NewerFileBody, PlanBody, PlannedBody};
use bolao_fixtures::pool::Verdict;
use bolao_ledger::{Action, MatchNo};
use bolao_node::Home;
use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use self::words::Words;
use crate::{
    command::{
        confirm::{Answer, ask, nobody_to_ask},
        wait::WaitArgs,
    },
    exit::sentence,
    imported::{self, Place, ReadingArgs},
    output::{self, count},
    passphrase::CommonArgs,
    session::Session,
    source::{self, ApiError, Source, as_view},
    votes,
};

/// The column that says what one has signed.
const SIGNED: usize = 3;

/// Reads a newer list of the pool's competition and signs the changes, for organisers
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Scores in the file are proposals: they are listed, and signed only with --results.\nWhere several organisers must sign, each runs the same command with the same file."
)]
pub(crate) struct ImportArgs {
    /// Matches: a competition's code, a file, its URL, or - to paste a list; see `bolao fixtures`
    #[arg(value_name = "PLACE")]
    file: Place,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Shows what would be done, and sends nothing
    #[arg(long)]
    dry_run: bool,
    /// Goes on without asking you to confirm
    #[arg(short, long)]
    yes: bool,
    /// Signs the results in the file too
    #[arg(long)]
    results: bool,
    /// Accepts a file whose teams are mostly not the pool's
    #[arg(long)]
    anyway: bool,
    /// Signs changes too that come too late, by the rules' notice, for bets on the match to count
    #[arg(long)]
    late: bool,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: ImportArgs, home: &Home) -> anyhow::Result<()> {
    let text = imported::text(&args.file).await?;
    if args.dry_run {
        let source = source::open(home).await?;
        let plan = planned(&args, text, &source, NewerFileBody::default()).await?;
        return show(&args, &source, &plan, None).await;
    }
    let session = Session::open(home, &args.common.passphrase).await?;
    session.check_organiser("sign what a file changes")?;
    let account = Some(session.account());
    let own = NewerFileBody {
        account,
        ..NewerFileBody::default()
    };
    let plan = planned(&args, text, &session.source, own).await?;
    if !args.common.json {
        show(&args, &session.source, &plan, None).await?;
    }
    let signed = sign(&args, &session, &plan).await?;
    if args.common.json {
        show(&args, &session.source, &plan, Some(&signed)).await?;
    } else if !signed.ids.is_empty() {
        output::line!(
            "{} on the way to the other nodes.",
            count(signed.ids.len(), "signature is", "signatures are"),
        )?;
        for line in signed.effect() {
            output::line(line)?;
        }
    }
    if let Some(last) = signed.ids.last() {
        args.wait.finish(&session.client, last).await?;
    }
    if signed.refused > 0 {
        bail!(
            "the node refused {}; the others are on their way",
            count(signed.refused, "signature", "signatures")
        );
    }
    Ok(())
}

/// What the node says that the list changes.
async fn planned(
    args: &ImportArgs,
    text: String,
    source: &Source,
    asked: NewerFileBody,
) -> anyhow::Result<PlanBody> {
    let zone = args.reading.zone_at(&args.file);
    let asked = NewerFileBody {
        text,
        zone: zone.as_ref().map(bolao_fixtures::pool::zone_name),
        here: TimeZone::system().iana_name().map(ToOwned::to_owned),
        dates: args.reading.dates(),
        league: matches!(args.file, Place::Known(_)),
        anyway: args.anyway,
        ..asked
    };
    let answer = source.post("/api/v1/fixtures/plan", &json!(asked)).await;
    let answer = answer.map_err(|error| match error.downcast::<ApiError>() {
        Ok(mut refusal) => {
            match refusal.code.as_deref() {
                Some("other-competition") => refusal.detail += "; add --anyway to use it anyway",
                Some("zone-needed" | "dates-needed" | "no-teams" | "bad-line" | "bad-fixtures") => {
                    refusal.detail = format!("cannot use {}: {}", args.file, refusal.detail);
                }
                _ => {}
            }
            refusal.into()
        }
        Err(error) => error,
    });
    let mut plan: PlanBody = as_view(answer?)?;
    if plan.name.is_empty() {
        plan.name = imported::name(&args.file).unwrap_or_default();
    }
    for warning in &plan.warnings {
        output::hint!("warning: {warning}");
    }
    for summary in &plan.left_out {
        output::hint!("warning: left out: {summary}");
    }
    if let (Some(zone), None) = (&plan.zone, zone) {
        output::hint!(
            "note: days of matches without a time are taken to be in {zone}; --zone changes that"
        );
    }
    Ok(plan)
}

fn is_result(planned: &PlannedBody) -> bool {
    planned
        .signs
        .iter()
        .any(|it| matches!(**it, Action::Result(_)))
        || words::has_no_record(planned)
}

async fn sign(
    args: &ImportArgs,
    session: &Session<'_>,
    plan: &PlanBody,
) -> anyhow::Result<signed::Signed> {
    let words = Words::of(&session.source).await?;
    let signs =
        |it: &&PlannedBody| it.verdict == Verdict::Sign || (args.late && words::is_late(it));
    let (results, changes): (Vec<_>, Vec<_>) = plan
        .changes
        .iter()
        .filter(signs)
        .partition(|it| is_result(it));
    let mut wanted: Vec<&PlannedBody> = Vec::new();
    let all: usize = changes.iter().map(|it| it.signs.len()).sum();
    let question = format!("Sign {}?", count(all, "change", "changes"));
    if all > 0 && (args.yes || asked(&question)?) {
        wanted.extend(changes);
    }
    for result in results.into_iter().filter(|_| args.results) {
        if args.yes || asked(&format!("Sign {}?", words.result(result)))? {
            wanted.push(result);
        }
    }
    let mut sent = signed::Signed::default();
    for one in wanted {
        // A node of another version may not say how many are missing.
        let missing = one.missing.iter().copied().map(Some);
        let missing = missing.chain(iter::repeat(None));
        for (signs, missing) in one.signs.iter().zip(missing) {
            let vote = votes::vote(signs).context("the node's plan signs something else")?;
            let action: Action = vote.action(MatchNo(one.r#match.no));
            match session.submit_one_of_many(&action).await {
                Ok(id) => sent.add(id, missing),
                // One refusal does not keep the other matches back.
                Err(error) if error.is::<ApiError>() => {
                    output::hint!("{}: {}", one.r#match.code, sentence(&error));
                    sent.refused += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(sent)
}

fn asked(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(nobody_to_ask());
    }
    Ok(ask(&format!("{question} [y/n]"))? == Answer::Yes)
}

/// What was compared, and the transactions that were signed if any was to be.
#[derive(Serialize)]
struct Done<'a> {
    #[serde(flatten)]
    plan: &'a PlanBody,
    signed: Option<&'a [String]>,
}

async fn show(
    args: &ImportArgs,
    source: &Source,
    plan: &PlanBody,
    signed: Option<&signed::Signed>,
) -> anyhow::Result<()> {
    if args.common.json {
        let signed = signed.map(|signed| signed.ids.as_slice());
        return output::json(&Done { plan, signed });
    }
    let words = Words::of(source).await?;
    output::line!(
        "{}: {}, {} of them the pool's.",
        plan.name,
        count(plan.matches, "match", "matches"),
        plan.known
    )?;
    let (results, changes): (Vec<_>, Vec<_>) = plan.changes.iter().partition(|it| is_result(it));
    let goes = |it: &&PlannedBody| match &it.verdict {
        Verdict::Sign | Verdict::Signed => true,
        Verdict::Doubt { .. } => args.late && words::is_late(it),
        Verdict::Refused(_) => false,
    };
    let (others, refused): (Vec<_>, Vec<_>) = changes.into_iter().partition(goes);
    if others.is_empty() {
        output::line(if refused.is_empty() {
            "Nothing changes."
        } else {
            "There is no change to sign."
        })?;
    } else {
        let mut table = output::table(["Code", "Match", "What changes", ""]);
        for change in others {
            table.add_row([
                change.r#match.code.as_str(),
                &words.teams(change),
                &words.what(change).join("; "),
                match &change.verdict {
                    Verdict::Signed => "you signed it, others have not yet",
                    Verdict::Doubt { .. } => "bets on it will not count",
                    Verdict::Sign | Verdict::Refused(_) => "",
                },
            ]);
        }
        output::hide_empty(&mut table, &[SIGNED]);
        output::show(&table)?;
    }
    left(&words, &refused)?;
    if !plan.not_in_file.is_empty() {
        output::line!(
            "\nThe pool has {} that the file does not list: {}",
            count(plan.not_in_file.len(), "match", "matches"),
            plan.not_in_file.join(", ")
        )?;
    }
    if results.is_empty() {
        return Ok(());
    }
    output::line(if args.results {
        "\nResults in the file:"
    } else {
        "\nResults in the file. Files can be wrong: record the ones you know to be right, or sign all of them with \
        --results:"
    })?;
    results
        .into_iter()
        .try_for_each(|it| output::line!("  {}", words.proposed(it)))
}

/// Shows what is not signed, and why.
fn left(words: &Words, refused: &[&PlannedBody]) -> anyhow::Result<()> {
    if !refused.is_empty() {
        output::line("\nLeft as they are:")?;
    }
    for change in refused {
        let what = match words.what(change).join("; ") {
            what if what.is_empty() => what,
            what => format!(" ({what})"),
        };
        let (code, teams) = (&change.r#match.code, words.teams(change));
        output::line!("  {code} {teams}{what}: {}", words::why(change))?;
    }
    Ok(())
}
