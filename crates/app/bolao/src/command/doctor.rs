//! `bolao doctor`: whatever is wrong with the home, its node and its link, and the next step.

use std::{path::Path, process::ExitCode, time::Duration};

use bolao_api::body::Reach;
use bolao_node::Home;
use bolao_rulebook::{Finding, Level, finding};
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tokio::{net::lookup_host, time::timeout};
use url::{Host, Url};

use crate::{
    choice,
    command::{clocks, status},
    exit::sentence,
    moves, opens, output,
    source::Source,
    time,
    view::{Link, Status},
};

mod shown;

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

/// What was found, or good, by this code, where it is nothing.
fn troubles(all: Vec<Finding>, good: &str) -> Vec<Finding> {
    if all.is_empty() {
        return vec![finding!(good)];
    }
    all
}

/// That something cannot be known.
fn unknown(subject: &str, error: &anyhow::Error) -> Finding {
    Finding::told(subject, Level::Unknown, sentence(error))
}

/// What was found of a pool of several.
#[derive(Serialize)]
struct PoolFindings {
    pool: String,
    findings: Vec<Finding>,
}

pub(crate) async fn run(args: DoctorArgs, dir: &Path) -> anyhow::Result<ExitCode> {
    let mut all = Vec::new();
    for home in &choice::each(dir)? {
        all.push(PoolFindings {
            pool: choice::name(home).unwrap_or_else(|| home.dir().display().to_string()),
            findings: examine(home).await,
        });
    }
    let found = all.iter().flat_map(|it| &it.findings);
    let is_bad = found.clone().any(|it| it.level == Level::Bad);
    if args.json {
        match &all[..] {
            [only] => output::json(&only.findings)?,
            several => output::json(&several)?,
        }
    } else {
        show(&all)?;
    }
    Ok(if is_bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn show(all: &[PoolFindings]) -> anyhow::Result<()> {
    for of_pool in all {
        if all.len() > 1 {
            output::line(output::bold(&of_pool.pool))?;
        }
        for found in &of_pool.findings {
            let (subject, says) = (&found.subject, moves::text(found));
            let says = match found.level {
                Level::Good => output::good(&says),
                Level::Bad => output::bad(&says),
                Level::Warning | Level::Unknown => says,
            };
            let says = format!("{} {says}", mark(found.level));
            output::line(output::wrapped(
                &format!("{subject:<12}"),
                &" ".repeat(14),
                &says,
            ))?;
        }
    }
    Ok(())
}

/// Told without colours, too.
const fn mark(level: Level) -> char {
    match level {
        Level::Good => '✓',
        Level::Warning => '!',
        Level::Bad => '✗',
        Level::Unknown => '?',
    }
}

async fn examine(home: &Home) -> Vec<Finding> {
    let mut findings = vec![files(home)];
    let no_room = status::disk(home).into_iter().collect();
    findings.extend(troubles(no_room, "disk-good"));
    let opened = async {
        let source = Source::of(home).await?;
        let status = source.read::<Status>("/api/v1/status").await?;
        anyhow::Ok((source, status))
    };
    let (source, status) = match opened.await {
        Ok(opened) => opened,
        Err(error) => {
            findings.push(Finding::told("node", Level::Bad, sentence(&error)));
            return findings;
        }
    };
    if let Source::Running(_) = source {
        findings.push(program(&status));
        findings.push(status::progress(&status));
        findings.push(peers(&status));
        findings.extend(match status::clocks(&status, &source).await {
            Ok(wrong) if status.peers == 0 => troubles(wrong, "clock-untold"),
            Ok(wrong) => troubles(wrong, "clock-good"),
            Err(error) => vec![unknown("clock", &error)],
        });
        findings.extend(name(&status.link.url).await);
        findings.push(page(&status.link));
        if let Ok(genesis) = home.genesis() {
            let pool = genesis.pool_id().to_string();
            findings.push(shown::look(&status.link.url, &pool).await);
        }
        findings.extend(status.address_gone.clone());
        findings.extend(status::links::all(&status));
        findings.extend(status::copy(&status));
        findings.extend(certificate(&status.link));
    } else {
        findings.push(finding!("node-off"));
    }
    findings.extend(match status::lost(home, status.tip.block.height) {
        Ok(lost) => lost,
        Err(error) => Some(unknown("blocks", &error)),
    });
    findings.extend(match status::only_here(home, &source, &status).await {
        Ok(only) => only,
        Err(error) => Some(unknown("backup", &error)),
    });
    findings.extend(status.dated_ahead.as_ref().map(clocks::dated_ahead));
    findings.extend(match status::votes(&status, &source, home).await {
        Ok(wrong) => troubles(wrong, "votes-good"),
        Err(error) => vec![unknown("votes", &error)],
    });
    findings
}

/// Whether only the owner can read the keys.
fn files(home: &Home) -> Finding {
    match home.readable_by_others() {
        Ok(open) if open.is_empty() => finding!("keys-good"),
        Ok(open) => {
            let open: Vec<String> = open.iter().map(|it| it.display().to_string()).collect();
            finding!("keys-open", files: open.join(" "))
        }
        Err(error) => Finding::told("keys", Level::Bad, sentence(&error.into())),
    }
}

fn program(status: &Status) -> Finding {
    let code = if status.version == VERSION {
        "node-good"
    } else {
        "node-other-version"
    };
    let uptime = time::span(status.uptime_s);
    finding!(code, version: &*status.version, url: &*status.url, uptime: uptime, own: VERSION)
}

fn peers(status: &Status) -> Finding {
    match u64::try_from(status.peers).unwrap_or(u64::MAX) {
        0 => finding!("peers-none"),
        peers => finding!("peers-good", count: peers),
    }
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
    Some(if found_at.is_empty() {
        finding!("name-nowhere", name: name)
    } else {
        finding!("name-good", name: name, addresses: found_at.join(", "))
    })
}

fn page(link: &Link) -> Finding {
    let level = match link.reach {
        _ if link.trouble.is_some() => Level::Bad,
        Reach::Everywhere | Reach::ByRelay => Level::Good,
        Reach::Lan | Reach::ThisMachine => Level::Warning,
        Reach::Unknown => Level::Unknown,
    };
    Finding::told("page", level, opens::line(link))
}

fn certificate(link: &Link) -> Option<Finding> {
    let until = link.certificate_until?;
    Some(if until < Timestamp::now() {
        finding!("certificate-over", at: until)
    } else {
        finding!("certificate-good", at: until)
    })
}
