//! `bolao audit`: the whole chain once more, from genesis, by the rules alone.

mod seen;

use std::{io, process::ExitCode};

use anyhow::Context as _;
use bolao_api::body::{AttendanceBody, DatedAhead, Lateness, TwoHistoriesBody};
use bolao_chain::{AuditFailure, AuditReport, StoredChain, audit};
use bolao_client::export::{self, Export};
use bolao_ledger::Genesis;
use bolao_node::Home;
use bolao_rulebook::Finding;
use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::{
    command::{clocks, status},
    log::Progress,
    meant, moves,
    output::{self, count},
    source::{Client, Source},
    time,
    view::{Act, Status},
    votes::names,
};

/// The limit of an audit while nothing makes blocks final.
const NOT_SEEN: &str = "valid is not final: a minute on a laptop is enough to rewrite a quiet pool, and no audit can \
    tell; compare the last block with your friends'";

/// Its limit where validators make the blocks.
const NOT_SEEN_OF_VOTES: &str = "validators who cheat could sign a second history for others: compare the last block \
    with your friends'";

/// Its limit where validators make mined blocks final.
const NOT_SEEN_OF_BOTH: &str = "blocks above the last final one (`bolao status` names it) can still be rewritten in \
    a minute on a laptop, and validators who cheat could sign a second history for others: compare the last block \
    with your friends'";

/// Replays the chain from genesis and compares every header, signature and entry; status 1 if
/// anything differs, this home has lost blocks, a block may be backdated or dated ahead, or validators made a second
/// history final
#[derive(Args, Clone, Debug)]
pub(crate) struct AuditArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: AuditArgs, home: &Home) -> anyhow::Result<ExitCode> {
    let genesis = home.genesis()?;
    let votes = genesis.consensus.voting().is_some();
    let not_seen = match (votes, genesis.consensus.mines()) {
        (false, _) => NOT_SEEN,
        (true, true) => NOT_SEEN_OF_BOTH,
        (true, false) => NOT_SEEN_OF_VOTES,
    };
    let verdict = match Source::of(home).await? {
        Source::Running(client) => running(&client, genesis).await?,
        Source::Stopped(offline) => {
            let reader = offline.reader().clone();
            tokio::task::spawn_blocking(move || {
                reader.look_at_all()?;
                let snapshot = reader.snapshot()?;
                let chain = StoredChain {
                    genesis: &genesis,
                    snapshot: &snapshot,
                };
                let mut progress = Progress::new("auditing");
                anyhow::Ok(audit(&chain, |done, all| progress.at(done, all)))
            })
            .await??
        }
    };
    match verdict {
        Ok(report) => {
            let height = report.height;
            let source = Source::of(home).await?;
            let seen = told(source.read("/api/v1/late-blocks").await)?;
            let two_histories = if votes {
                let heard: AttendanceBody = source.read("/api/v1/attendance").await?;
                heard.two_histories
            } else {
                None
            };
            let status: Status = source.read("/api/v1/status").await?;
            let found = Found {
                report,
                dated_ahead: status.dated_ahead,
                not_seen,
                seen,
                two_histories,
                after_kickoff: moves::bets_after_kickoff(&source).await?,
                short: short(&source).await?,
                lost: status::lost(home, height)?,
            };
            found.show(args.json)
        }
        Err(failure) => broken(&failure, args.json),
    }
}

/// A node's account of late blocks. Nodes of before 1.0 have no such page: then, why nothing is told.
fn told(answer: anyhow::Result<Lateness>) -> anyhow::Result<Result<Lateness, &'static str>> {
    match answer {
        Ok(seen) => Ok(Ok(seen)),
        Err(error) if meant::is_unknown(&error) => {
            Ok(Err("the node does not say when blocks reached it"))
        }
        Err(error) => Err(error.context(
            "every header, signature and rule holds, but when blocks reached the node cannot be read",
        )),
    }
}

/// Reads the running node's chain and state in one stream, which is of one moment.
async fn running(
    client: &Client,
    genesis: Genesis,
) -> anyhow::Result<Result<AuditReport, AuditFailure>> {
    let mut answer = client.stream("/api/v1/export").await?;
    let (chunks, received) = export::channel();
    let download = async move {
        loop {
            let piece = match answer.chunk().await {
                Ok(Some(bytes)) => Ok(bytes.to_vec()),
                Ok(None) => return,
                Err(_) => Err(io::Error::other("the connection to the node broke")),
            };
            let broken = piece.is_err();
            // Nobody listens once the audit has found something.
            if chunks.send(piece).await.is_err() || broken {
                return;
            }
        }
    };
    let replay = tokio::task::spawn_blocking(move || {
        let export = Export::new(genesis, received).context("the node's export cannot be read")?;
        let mut progress = Progress::new("auditing");
        anyhow::Ok(audit(&export, |done, all| progress.at(done, all)))
    });
    let ((), verdict) = tokio::join!(download, replay);
    verdict?
}

/// The findings about a chain that keeps every rule.
struct Found {
    report: AuditReport,
    not_seen: &'static str,
    seen: Result<Lateness, &'static str>,
    /// The first block that names a time which is far from come.
    dated_ahead: Option<DatedAhead>,
    /// The chain is one of two that validators made final.
    two_histories: Option<TwoHistoriesBody>,
    /// Bets that were placed after a kick-off that organisers moved later.
    after_kickoff: u64,
    /// The acts of organisers that came with less than the notice.
    short: Vec<Act>,
    /// The blocks that this home had and does not have again.
    lost: Option<Finding>,
}

/// The verdict on a chain that keeps every rule. Only one that nobody need doubt is clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Clean,
    /// This home had more blocks once.
    Incomplete,
    /// Blocks reached this node long after their time, or before it, or one names a time which is far from come.
    Doubtful,
    /// Validators made another history final as well.
    TwoHistories,
}

impl Found {
    fn verdict(&self) -> Verdict {
        let dated = seen::is_doubtful;
        if self.two_histories.is_some() {
            Verdict::TwoHistories
        } else if self.dated_ahead.is_some() || self.seen.as_ref().is_ok_and(dated) {
            Verdict::Doubtful
        } else if self.lost.is_some() {
            Verdict::Incomplete
        } else {
            Verdict::Clean
        }
    }

    fn show(&self, json: bool) -> anyhow::Result<ExitCode> {
        if json {
            output::json(&self.json())?;
        } else {
            self.lines()?;
        }
        Ok(match self.verdict() {
            Verdict::Clean => ExitCode::SUCCESS,
            Verdict::Incomplete | Verdict::Doubtful | Verdict::TwoHistories => ExitCode::FAILURE,
        })
    }

    fn json(&self) -> serde_json::Value {
        let report = &self.report;
        json!({
            "verdict": self.verdict(),
            "two_histories": self.two_histories,
            "dated_ahead": self.dated_ahead,
            "tip": report.tip,
            "height": report.height,
            "transactions": report.transactions,
            "players": report.accounts,
            "matches": report.matches,
            "bets": report.bets,
            "bets_after_kickoff": self.after_kickoff,
            "short_notice": self.short,
            "lost": self.lost.as_ref().map(|it| &it.text),
            "note": self.not_seen,
            "seen": self.seen.as_ref().ok(),
            "unseen": self.seen.as_ref().err(),
        })
    }

    fn lines(&self) -> anyhow::Result<()> {
        let report = &self.report;
        output::line!("Last block {}: {}", report.height, report.tip)?;
        output::line!(
            "Holds    {}, {}, {}, {}",
            count(report.transactions, "transaction", "transactions"),
            count(report.accounts, "player", "players"),
            count(report.matches, "match", "matches"),
            count(report.bets, "bet", "bets"),
        )?;
        match self.verdict() {
            Verdict::Clean => output::line!(
                "Verdict  {}: every header, signature and rule holds, and the state follows from the blocks",
                output::good("clean")
            ),
            Verdict::Incomplete => output::line!(
                "Verdict  {}: every header, signature and rule holds, as far as the chain goes",
                output::bad("incomplete")
            ),
            Verdict::Doubtful => output::line!(
                "Verdict  {}: every header, signature and rule holds, but blocks may be backdated or dated ahead",
                output::bad("doubtful")
            ),
            Verdict::TwoHistories => output::line!(
                "Verdict  {}: every header, signature and rule holds, but a second history is final too",
                output::bad("one of two")
            ),
        }?;
        if let Some(block) = &self.dated_ahead {
            output::line!(
                "Dated    {}",
                output::bad(&moves::text(&clocks::dated_ahead(block)))
            )?;
        }
        if let Some(lost) = &self.lost {
            output::line(output::wrapped("Lost     ", "         ", &lost.text))?;
        }
        if let Some(two) = &self.two_histories {
            output::line!("Guilty   {}", two.finding.text)?;
            if !two.signers.is_empty() {
                output::line!(
                    "Proof    `bolao validators proof` writes it for your friends, if a file can hold it"
                )?;
            }
        }
        match &self.seen {
            Ok(seen) => seen::lines(seen)?,
            Err(why) => output::line!("Unseen   {why}")?,
        }
        moves::line(self.after_kickoff)?;
        self.short_lines()?;
        if self.two_histories.is_none() {
            output::line!("But      {}", self.not_seen)?;
        }
        Ok(())
    }

    fn short_lines(&self) -> anyhow::Result<()> {
        if self.short.is_empty() {
            return Ok(());
        }
        output::line!(
            "Notice   {} of organisers came with less notice than the rules ask for:",
            output::bad(&count(self.short.len(), "act", "acts"))
        )?;
        for act in &self.short {
            output::line!(
                "         {} {}: {}",
                time::local(act.time),
                names(&act.signers),
                moves::sentences(&act.said)
            )?;
        }
        Ok(())
    }
}

/// The acts of organisers that came with less notice than the rules ask for, the first one first.
async fn short(source: &Source) -> anyhow::Result<Vec<Act>> {
    let mut acts: Vec<Act> = source.all("/api/v1/log").await?;
    acts.retain(|act| act.short);
    acts.reverse();
    Ok(acts)
}

fn broken(failure: &AuditFailure, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        output::json(&json!({
            "verdict": "broken",
            "place": failure.place,
            "what": failure.what,
        }))?;
    } else {
        output::line!("Place    {}", failure.place)?;
        output::line!("What     {}", failure.what)?;
        output::line!("Verdict  {}", output::bad("broken"))?;
    }
    Ok(ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_api::body::{DatedBlock, LateBlock};
    use bolao_ledger::{BlockHash, BlockId, Height, UnixSeconds};

    use reqwest::StatusCode;

    use super::*;
    use crate::source::ApiError;

    /// Nobody who counts on "clean", a script included, is told so of blocks that may be dated otherwise.
    #[test]
    fn only_what_nobody_need_doubt_is_clean() {
        let seen = |late, ahead| Lateness {
            from_height: Height(1),
            grace_s: 15,
            judged: 9,
            away: 0,
            unknown: 0,
            late,
            ahead,
            blocks: Vec::new(),
        };
        let verdict = |seen| {
            let found = Found {
                report: AuditReport {
                    tip: BlockHash([0; 32]),
                    height: Height(9),
                    transactions: 0,
                    accounts: 0,
                    matches: 0,
                    bets: 0,
                },
                not_seen: NOT_SEEN_OF_VOTES,
                seen,
                two_histories: None,
                dated_ahead: None,
                after_kickoff: 0,
                short: Vec::new(),
                lost: None,
            };
            found.json().get("verdict").cloned().unwrap()
        };
        assert_eq!(verdict(Ok(seen(0, 0))), "clean");
        assert_eq!(verdict(Ok(seen(1, 0))), "doubtful");
        assert_eq!(verdict(Ok(seen(0, 1))), "doubtful");
        // This node's clock was wrong once.
        let block = |clock_agrees| LateBlock {
            at: DatedBlock {
                id: BlockId {
                    height: Height(7),
                    hash: BlockHash([0; 32]),
                },
                time: UnixSeconds::ZERO,
            },
            seen: UnixSeconds::ZERO,
            clock_agrees,
            bets: Vec::new(),
        };
        let clocks = |agree: &[bool]| Lateness {
            blocks: agree.iter().copied().map(block).collect(),
            ..seen(1, 1)
        };
        assert_eq!(verdict(Ok(clocks(&[false, false]))), "clean");
        assert_eq!(verdict(Ok(clocks(&[false, true]))), "doubtful");
        assert_eq!(verdict(Ok(clocks(&[false]))), "doubtful");
        // A node of before 1.0.
        assert_eq!(verdict(Err("the node does not say")), "clean");
    }

    /// A node that fails is not one that has nothing to tell.
    #[test]
    fn why_nothing_is_told() {
        let answer = |status| told(Err(ApiError::of(status, b"").into()));
        assert!(answer(StatusCode::NOT_FOUND).unwrap().is_err());
        answer(StatusCode::SERVICE_UNAVAILABLE).unwrap_err();
        let broken = told(Err(anyhow::anyhow!("the connection broke")));
        let why = format!("{:#}", broken.unwrap_err());
        assert!(why.ends_with("the connection broke"), "{why}");
    }
}
