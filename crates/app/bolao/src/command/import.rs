//! `bolao import`: a newer file of the pool's competition.

mod signed;

use std::io::{self, IsTerminal as _};

use anyhow::bail;
use bolao_fixtures::{
    Competition,
    pool::{self, Running},
};
use bolao_ledger::{AccountId, Action, Genesis, Vote};
use bolao_node::Home;
use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;
use signed::{Missing, Signed, of_both};

use crate::{
    command::{
        confirm::{Answer, ask},
        wait::WaitArgs,
    },
    exit::{sentence, usage},
    games,
    imported::{self, Place, ReadingArgs},
    output::{self, count},
    passphrase::CommonArgs,
    record,
    reimport::{self, Change, Proposal, Verdict},
    session::Session,
    source::{self, ApiError, Source},
    time, votes,
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
    /// Shows what changes, and signs nothing
    #[arg(long)]
    dry_run: bool,
    /// Signs without asking
    #[arg(short, long)]
    yes: bool,
    /// Signs the results in the file too
    #[arg(long)]
    results: bool,
    /// Accepts a file whose teams are mostly not the pool's
    #[arg(long)]
    anyway: bool,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: ImportArgs, home: &Home) -> anyhow::Result<()> {
    let file = imported::read(&args.file, &args.reading).await?;
    let name = file.name.clone();
    if args.dry_run {
        let source = source::open(home).await?;
        let plan = compare(&args, home, &source, file, None).await?;
        return show(&args, &name, &plan, None);
    }
    let session = Session::open(home, &args.common.passphrase).await?;
    session.check_organiser("sign what a file changes")?;
    let own = Some(session.account());
    let plan = compare(&args, home, &session.source, file, own).await?;
    if !args.common.json {
        show(&args, &name, &plan, None)?;
    }
    let signed = sign(&args, &session, &plan).await?;
    if args.common.json {
        show(&args, &name, &plan, Some(&signed))?;
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

/// The changes by a file, and the same in words.
struct Plan {
    found: pool::Plan,
    changes: Vec<Change>,
    proposals: Vec<Proposal>,
    /// The votes that others signed before.
    waiting: Vec<pool::Waiting>,
}

async fn compare(
    args: &ImportArgs,
    home: &Home,
    source: &Source,
    file: Competition,
    own: Option<AccountId>,
) -> anyhow::Result<Plan> {
    let genesis = home.genesis()?;
    let matches = games::all(source).await?;
    let known = matches.iter().map(reimport::known);
    let known = known.collect::<Result<Vec<_>, _>>()?;
    let file = match &args.file {
        Place::Known(_) => still_of_use(file, &known),
        _ => file,
    };
    let waiting = votes::of_matches(&votes::all(source).await?)?;
    let room = usize::from(genesis.limits.matches);
    let knows_days = genesis.days.is_some();
    let running = Running {
        matches: &known,
        waiting: &waiting,
        zone: knows_days
            .then(|| day_zone(&args.reading, &args.file, &known, &waiting, &file))
            .transpose()?,
        room,
        own,
        now: time::now(),
    };
    let found = reimport::compare(file, running, args.anyway, source).await?;
    imported::warn(&found.file);
    let (changes, proposals) = reimport::worded(&found, &known, room);
    Ok(Plan {
        found,
        changes,
        proposals,
        waiting,
    })
}

/// A known competition's list without the matches that had begun when the pool was made, in the pool's spelling.
fn still_of_use(file: Competition, known: &[pool::Known]) -> Competition {
    let (mut file, partners) = pool::beside(file, known);
    file.drop_begun(time::now(), |at| {
        partners.get(at).is_some_and(Option::is_some)
    });
    file
}

/// The zone of the file's days, where the command line does not say it; which is told where it matters, since organisers
/// elsewhere must sign the same.
fn day_zone(
    reading: &ReadingArgs,
    place: &Place,
    known: &[pool::Known],
    waiting: &[pool::Waiting],
    file: &Competition,
) -> Result<TimeZone, pool::PoolError> {
    if let Some(zone) = reading.zone_at(place) {
        return Ok(zone);
    }
    let here = TimeZone::system();
    let here = here.iana_name().is_some().then_some(here);
    let zone = pool::zone_of_file(file, known, waiting, here.as_ref())?;
    if pool::wants_zone(file) {
        output::hint!(
            "note: days of matches without a time are taken to be in {}; --zone changes that",
            pool::zone_name(&zone)
        );
    }
    Ok(zone)
}

impl Plan {
    /// The number of further organisers who must sign an action, once the account has signed it.
    fn missing(&self, genesis: &Genesis, action: &Action, own: AccountId) -> usize {
        let (no, vote) = match action {
            Action::Schedule { fixture } => (fixture.no, Vote::Schedule(fixture.clone())),
            Action::Result { match_no, outcome } => (*match_no, Vote::Result(outcome.clone())),
            Action::Day { match_no, day } => (*match_no, Vote::Day(*day)),
            _ => return 0,
        };
        let mut alike = self.waiting.iter();
        let alike = alike.find(|waiting| waiting.no == no && waiting.vote == vote);
        let others = alike.map_or(0, |waiting| {
            let signers = waiting.signers.iter();
            signers.filter(|signer| **signer != own).count()
        });
        usize::from(genesis.quorum(&vote)).saturating_sub(others + 1)
    }
}

async fn sign(args: &ImportArgs, session: &Session<'_>, plan: &Plan) -> anyhow::Result<Signed> {
    let mut actions: Vec<(&str, Action, Missing)> = Vec::new();
    let alone = |action: &Action| plan.missing(&session.genesis, action, session.account());
    let changes = plan.found.changes.iter();
    for change in changes.filter(|it| it.verdict == pool::Verdict::Sign) {
        let code = change.code.as_str();
        match <[Action; 2]>::try_from(change.actions()) {
            Ok([schedule, day]) => {
                let quorum = session.genesis.rules.schedule_quorum.into();
                let missing = of_both(alone(&schedule), alone(&day), quorum);
                actions.extend(
                    [schedule, day]
                        .into_iter()
                        .zip(missing)
                        .map(|(it, missing)| (code, it, missing)),
                );
            }
            Err(signs) => actions.extend(signs.into_iter().map(|action| {
                let missing = Missing::More(alone(&action));
                (code, action, missing)
            })),
        }
    }
    let question = format!("Sign {}?", count(actions.len(), "change", "changes"));
    if !actions.is_empty() && !args.yes && !asked(&question)? {
        actions.clear();
    }
    let results = plan.proposals.iter().zip(&plan.found.results);
    for (proposal, found) in results.filter(|_| args.results) {
        let (Some(outcome), Verdict::Sign) = (&proposal.outcome, &proposal.verdict) else {
            continue;
        };
        let question = format!(
            "Sign {}: {}, {}{}?",
            proposal.code,
            proposal.teams,
            record::scores(outcome),
            corrects(proposal)
        );
        if args.yes || asked(&question)? {
            let (match_no, outcome) = (found.no, outcome.clone());
            let action = Action::Result { match_no, outcome };
            let missing = Missing::More(alone(&action));
            actions.push((&proposal.code, action, missing));
        }
    }
    let mut signed = Signed::default();
    for (code, action, missing) in actions {
        match session.submit_one_of_many(&action).await {
            Ok(id) => {
                signed.ids.push(id);
                match missing {
                    Missing::More(missing) => *signed.missing.entry(missing).or_default() += 1,
                    Missing::Anew => signed.anew += 1,
                }
            }
            // One refusal does not keep the other matches back.
            Err(error) if error.is::<ApiError>() => {
                output::hint!("{code}: {}", sentence(&error));
                signed.refused += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(signed)
}

fn asked(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(usage(
            "there is no terminal to ask on: add --yes to sign, or --dry-run to only look",
        ));
    }
    Ok(ask(&format!("{question} [y/n]"))? == Answer::Yes)
}

fn show(args: &ImportArgs, name: &str, plan: &Plan, signed: Option<&Signed>) -> anyhow::Result<()> {
    let found = &plan.found;
    let mut changes = plan.changes.iter();
    let changes = changes.any(|it| matches!(it.verdict, Verdict::Sign | Verdict::Signed));
    if args.common.json {
        return output::json(&json!({
            "competition": name,
            "matches": found.file.matches.len(),
            "nothing_changes": !changes,
            "changes": plan.changes,
            "not_in_file": found.gone,
            "results": plan.proposals,
            "signed": signed.map(|signed| &signed.ids),
        }));
    }
    output::line!(
        "{name}: {}, {} of them the pool's.",
        count(found.file.matches.len(), "match", "matches"),
        found.partners.iter().flatten().count()
    )?;
    let (refused, others): (Vec<_>, Vec<_>) = plan
        .changes
        .iter()
        .partition(|change| matches!(change.verdict, Verdict::Refused(_)));
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
                change.code.as_str(),
                &change.teams,
                &change.what.join("; "),
                match change.verdict {
                    Verdict::Signed => "you signed it, others have not yet",
                    _ => "",
                },
            ]);
        }
        output::hide_empty(&mut table, &[SIGNED]);
        output::show(&table)?;
    }
    if !refused.is_empty() {
        output::line("\nLeft as they are:")?;
        for change in refused {
            let Verdict::Refused(why) = &change.verdict else {
                continue;
            };
            let what = match change.what.as_slice() {
                [] => String::new(),
                what => format!(" ({})", what.join("; ")),
            };
            output::line!("  {} {}{what}: {why}", change.code, change.teams)?;
        }
    }
    if !found.gone.is_empty() {
        output::line!(
            "\nThe pool has {} that the file does not list: {}",
            count(found.gone.len(), "match", "matches"),
            found.gone.join(", ")
        )?;
    }
    show_proposals(args, &plan.proposals)
}

fn show_proposals(args: &ImportArgs, proposals: &[Proposal]) -> anyhow::Result<()> {
    if proposals.is_empty() {
        return Ok(());
    }
    output::line(if args.results {
        "\nResults in the file:"
    } else {
        "\nResults in the file. Files can be wrong: record the ones you know to be right, or sign all of them with \
        --results:"
    })?;
    for proposal in proposals {
        let command = proposal.command.as_ref().unwrap_or(&proposal.code);
        let note = match &proposal.verdict {
            Verdict::Sign => corrects(proposal),
            Verdict::Signed => "; you signed it, others have not yet".to_owned(),
            Verdict::Refused(why) => format!("; {why}"),
        };
        output::line!("  {command}   ({}{note})", proposal.teams)?;
    }
    Ok(())
}

/// The note that a record stands which says something else.
fn corrects(proposal: &Proposal) -> String {
    let stands = proposal.corrects.as_ref();
    stands.map_or_else(String::new, |stands| {
        format!("; it would correct the current record: {stands}")
    })
}
