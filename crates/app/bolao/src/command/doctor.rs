//! `bolao doctor`: whatever is wrong with the home, its node and its link, and the next step.

use std::{process::ExitCode, time::Duration};

use bolao_api::{SyncState, body::Reach};
use bolao_ledger::Height;
use bolao_node::Home;
use bolao_rulebook::Level;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tokio::{net::lookup_host, time::timeout};
use url::{Host, Url};

use crate::{
    command::status,
    exit::sentence,
    opens,
    output::{self, count},
    source::Source,
    time,
    view::{Link, Status},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The time that a name may take to be looked up.
const LOOKUP: Duration = Duration::from_secs(5);

/// Checks the home, its node and its link for problems, and says what to do; status 1 if it finds one
#[derive(Args, Clone, Debug)]
pub(crate) struct DoctorArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// A thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    state: Level,
    /// With the next step, where there is one.
    says: String,
}

fn found(check: &'static str, state: Level, says: impl Into<String>) -> Finding {
    let says = says.into();
    Finding { check, state, says }
}

/// Bad for each trouble; good, in these words, where there is none.
fn troubles(check: &'static str, all: Vec<String>, good: &str) -> Vec<Finding> {
    if all.is_empty() {
        return vec![found(check, Level::Good, good)];
    }
    let bad = |trouble| found(check, Level::Bad, trouble);
    all.into_iter().map(bad).collect()
}

pub(crate) async fn run(args: DoctorArgs, home: &Home) -> anyhow::Result<ExitCode> {
    let findings = examine(home).await;
    let is_bad = findings.iter().any(|it| it.state == Level::Bad);
    if args.json {
        output::json(&findings)?;
    } else {
        for Finding { check, state, says } in &findings {
            let says = match state {
                Level::Good => output::good(says),
                Level::Bad => output::bad(says),
                Level::Warning | Level::Unknown => says.clone(),
            };
            let says = format!("{} {says}", mark(*state));
            output::line(output::wrapped(
                &format!("{check:<12}"),
                &" ".repeat(14),
                &says,
            ))?;
        }
    }
    Ok(if is_bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Told without colours, too.
const fn mark(state: Level) -> char {
    match state {
        Level::Good => '✓',
        Level::Warning => '!',
        Level::Bad => '✗',
        Level::Unknown => '?',
    }
}

async fn examine(home: &Home) -> Vec<Finding> {
    let mut findings = vec![files(home)];
    let no_room = status::disk(home).into_iter().collect();
    findings.extend(troubles("disk", no_room, "there is room on it"));
    let opened = async {
        let source = Source::of(home).await?;
        let status = source.read::<Status>("/api/v1/status").await?;
        anyhow::Ok((source, status))
    };
    let (source, status) = match opened.await {
        Ok(opened) => opened,
        Err(error) => {
            findings.push(found("node", Level::Bad, sentence(&error)));
            return findings;
        }
    };
    if let Source::Running(_) = source {
        findings.push(program(&status));
        findings.push(progress(&status));
        findings.push(peers(&status));
        findings.extend(match status::clocks(&status, &source).await {
            Ok(wrong) if status.peers == 0 && wrong.is_empty() => {
                vec![found(
                    "clock",
                    Level::Unknown,
                    "no peer tells another time, or the same",
                )]
            }
            Ok(wrong) => troubles("clock", wrong, "it is the peers'"),
            Err(error) => vec![found("clock", Level::Unknown, sentence(&error))],
        });
        findings.extend(name(&status.link.url).await);
        findings.push(page(&status.link));
        findings.extend(links(&status));
        findings.extend(status::copy(&status).map(|says| found("copy", Level::Bad, says)));
        findings.extend(certificate(&status.link));
    } else {
        let says = "it is not running, and its files can be read: `bolao run` starts it";
        findings.push(found("node", Level::Bad, says));
    }
    findings.extend(match status::lost(home, Height(status.tip.height)) {
        Ok(lost) => lost.map(|lost| found("blocks", Level::Bad, lost)),
        Err(error) => Some(found("blocks", Level::Unknown, sentence(&error))),
    });
    findings.extend(match status::only_here(home, &source, &status).await {
        Ok(only) => only.map(|only| found("backup", Level::Warning, only)),
        Err(error) => Some(found("backup", Level::Unknown, sentence(&error))),
    });
    let ahead = status.dated_ahead.as_ref().map(status::clocks::dated_ahead);
    findings.extend(ahead.map(|says| found("dated", Level::Bad, says)));
    findings.extend(match status::votes(&status, &source, home).await {
        Ok(wrong) => troubles("votes", wrong, "no block is waiting for anyone"),
        Err(error) => vec![found("votes", Level::Unknown, sentence(&error))],
    });
    findings
}

/// Whether only the owner can read the keys.
fn files(home: &Home) -> Finding {
    match home.readable_by_others() {
        Ok(open) if open.is_empty() => found("keys", Level::Good, "only you can read them"),
        Ok(open) => {
            let open: Vec<String> = open.iter().map(|it| it.display().to_string()).collect();
            let open = open.join(" ");
            let says = format!("other users of this machine can read {open}: `chmod 600 {open}`");
            found("keys", Level::Bad, says)
        }
        Err(error) => found("keys", Level::Bad, sentence(&error.into())),
    }
}

fn program(status: &Status) -> Finding {
    let runs = format!(
        "bolao {} answers at {}, for {}",
        status.version,
        status.url,
        time::span(status.uptime_s)
    );
    if status.version == VERSION {
        return found("node", Level::Good, runs);
    }
    let says =
        format!("{runs}; this program is {VERSION}: restart the node to use the same version");
    found("node", Level::Warning, says)
}

fn progress(status: &Status) -> Finding {
    let state = match status.sync.state {
        SyncState::Alone | SyncState::Synced => Level::Good,
        SyncState::HeldBack | SyncState::NamedMissing | SyncState::NamedElsewhere => Level::Bad,
        _ => Level::Warning,
    };
    found("chain", state, status::progress(status))
}

fn peers(status: &Status) -> Finding {
    if status.peers > 0 {
        let says = format!("{} connected", count(status.peers, "node is", "nodes are"));
        return found("peers", Level::Good, says);
    }
    let says = "no other node is connected, so nobody else holds the chain: friends with a computer join with `bolao \
        join` and the link that `bolao invite` prints";
    found("peers", Level::Warning, says)
}

/// Whether the page's name leads somewhere.
async fn name(url: &str) -> Option<Finding> {
    let url = Url::parse(url).ok()?;
    let name = match url.host() {
        Some(Host::Domain(name)) if name != "localhost" => name,
        _ => return None,
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let found_at = match timeout(LOOKUP, lookup_host((name, port))).await {
        Ok(Ok(found_at)) => found_at.map(|it| it.ip().to_string()).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    if found_at.is_empty() {
        let says = format!(
            "{name} points nowhere: add a DNS record for it where you bought the name, and check that this machine \
            is online"
        );
        return Some(found("name", Level::Bad, says));
    }
    let says = format!("{name} points to {}", found_at.join(", "));
    Some(found("name", Level::Good, says))
}

fn page(link: &Link) -> Finding {
    let state = match link.reach {
        _ if link.trouble.is_some() => Level::Bad,
        Reach::Everywhere | Reach::ByRelay => Level::Good,
        Reach::Lan | Reach::ThisMachine => Level::Warning,
        Reach::Unknown => Level::Unknown,
    };
    found("page", state, opens::line(link))
}

/// Whether somebody between opens what is sent through the pool's links.
fn links(status: &Status) -> Vec<Finding> {
    let met = status.links.iter().flat_map(|link| &link.met);
    let wrong: Vec<String> = met.map(|met| met.finding.text.clone()).collect();
    if status.links.is_empty() {
        return Vec::new();
    }
    let urls: Vec<&str> = status.links.iter().map(|it| it.url.as_str()).collect();
    let good = format!("no node met a foreign key at {}", urls.join(", "));
    troubles("links", wrong, &good)
}

fn certificate(link: &Link) -> Option<Finding> {
    let until = link.certificate_until?;
    let at = time::local(until);
    Some(if until < Timestamp::now() {
        let says = format!(
            "it ran out at {at}, so browsers refuse to open the page: `page` says why there is no new one; check this \
            machine's clock, too"
        );
        found("certificate", Level::Bad, says)
    } else {
        found("certificate", Level::Good, format!("good until {at}"))
    })
}
