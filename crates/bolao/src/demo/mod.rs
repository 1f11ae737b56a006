//! `bolao demo`: a whole pool on this machine, to look at and to bet along.
//!
//! A seed server and four nodes, each a process of this program with a temporary home; friends who join by invitation,
//! seal their tips with wallets of their own and hand them to different nodes; kick-offs, opened tips, results of
//! several organisers, pots, receipts; a node that is killed and comes back. It succeeds only if in the end all nodes
//! have the same chain and every audit is clean. However it ends, no process and no file of it stays behind.

mod call;
mod child;
mod cup;
mod face;
mod finals;
mod friends;
mod ports;
mod stage;
mod story;
mod strike;
mod tell;
mod tournament;
mod views;
mod watch;

use std::{
    io::IsTerminal as _,
    panic::{AssertUnwindSafe, resume_unwind},
    process::{ExitCode, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use futures::FutureExt as _;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::task::AbortOnDropHandle;

use self::{
    stage::Stage,
    story::{Story, audit_all},
    tell::{Kind, Teller},
    tournament::Which,
};
use crate::output;

/// What the headless demo may take at most: it has to end within two minutes.
const HEADLESS_LIMIT: Duration = Duration::from_secs(110);
/// What the headless World Cup may take at most.
const CUP_LIMIT: Duration = Duration::from_mins(10);
/// The status of a program that was interrupted.
const INTERRUPTED: u8 = 130;

/// Plays a whole pool on this machine: invitations, sealed tips, kick-offs, results, pots, receipts
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoArgs {
    /// HTTP port of the first node; the others take free ones
    #[arg(short, long, default_value_t = 9000)]
    pub(crate) port: u16,
    /// What is played
    #[arg(
        long,
        value_enum,
        default_value = "nations-league-2019",
        value_name = "NAME"
    )]
    pub(crate) tournament: Which,
    /// Prints plain lines, needs no terminal and ends by itself
    #[arg(long)]
    pub(crate) headless: bool,
    /// Opens the first node's page in the browser
    #[arg(long, overrides_with = "no_open")]
    pub(crate) open: bool,
    /// Leaves the browser alone, as it is the default without a screen
    #[arg(long)]
    pub(crate) no_open: bool,
}

/// Runs the demo to its end; failure unless all nodes agree and the audit is clean.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let tell = Teller::new(args.headless);
    let mut stage = Stage::build(args.port, args.tournament)?;
    let mut told_whole = false;
    let shown = {
        let show = AssertUnwindSafe(show(&mut stage, &tell, &args, &mut told_whole)).catch_unwind();
        tokio::select! {
            shown = show => Some(shown),
            () = signals.any() => None,
        }
    };
    tell.clear();
    let logs = match &shown {
        Some(Ok(Ok(()))) | None => String::new(),
        Some(_) => stage.logs(),
    };
    let struck = stage.strike().await;
    match shown {
        Some(Err(panic)) => {
            output::hint(&logs);
            resume_unwind(panic)
        }
        Some(Ok(Err(error))) => {
            output::hint(&logs);
            Err(error.context("the demo failed"))
        }
        Some(Ok(Ok(()))) => struck.map(|()| ExitCode::SUCCESS),
        None => {
            struck?;
            output::line("The demo is over; its nodes are stopped and its files removed.")?;
            Ok(if told_whole {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(INTERRUPTED)
            })
        }
    }
}

/// What ends the demo early.
struct Signals([Signal; 3]);

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
        ]))
    }

    async fn any(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

async fn show(
    stage: &mut Stage,
    tell: &Teller,
    args: &DemoArgs,
    told_whole: &mut bool,
) -> anyhow::Result<()> {
    if args.headless {
        let limit = match args.tournament {
            Which::NationsLeague2019 => HEADLESS_LIMIT,
            Which::WorldCup2026 => CUP_LIMIT,
        };
        return tokio::time::timeout(limit, headless(stage, tell))
            .await
            .with_context(|| format!("it was not done after {} s", limit.as_secs()))?;
    }
    let _watch = begin(stage, tell).await?;
    let mut story = Story::new(stage, tell, true)?;
    story.play().await?;
    *told_whole = true;
    let url = story.invite().await?;
    if args.open || (!args.no_open && tell.is_live() && has_screen()) {
        open_browser(&url);
    }
    story.epilogue().await?;
    std::future::pending().await
}

async fn headless(stage: &mut Stage, tell: &Teller) -> anyhow::Result<()> {
    let watch = begin(stage, tell).await?;
    let agreement = Story::new(stage, tell, false)?.play().await?;
    drop(watch);
    let unclean = stage.end_processes().await;
    if !unclean.is_empty() {
        bail!("nodes {unclean:?} did not end cleanly when they were asked to");
    }
    tell.say(Kind::Plain, "all nodes were asked to end, and did")?;
    audit_all(stage, tell, "on its disk").await?;
    tell.say(
        Kind::Good,
        format!(
            "all {} nodes have the same chain of {} blocks, {}, and every audit is clean",
            stage.nodes.len(),
            agreement.height,
            agreement.hash
        ),
    )?;
    Ok(())
}

/// Starts everything; the watching of the nodes, which ends when it is dropped.
async fn begin(stage: &mut Stage, tell: &Teller) -> anyhow::Result<AbortOnDropHandle<()>> {
    tell.say(
        Kind::Act,
        format!(
            "A pool over the {}, moved to now and compressed",
            stage.tournament.name
        ),
    )?;
    tell.say(Kind::Plain, "starting a seed server and four nodes")?;
    stage.start().await?;
    for face in stage.faces() {
        let mines = if face.mines { ", mines" } else { "" };
        tell.say(
            Kind::Plain,
            format!(
                "node {} is {}'s: http://localhost:{}{mines}",
                face.no, face.owner, face.port
            ),
        )?;
    }
    let watch = tokio::spawn(watch::run(stage.faces(), tell.clone()));
    let watch = AbortOnDropHandle::new(watch);
    let took = stage.wait_until_connected().await?;
    tell.say(
        Kind::Good,
        format!(
            "the nodes found one another through the seed server within {:.1} s",
            took.as_secs_f32()
        ),
    )?;
    Ok(watch)
}

fn has_screen() -> bool {
    cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
            && std::io::stdout().is_terminal()
}

/// Opens a page if this system has a program for that; the URL is printed in any case.
fn open_browser(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let _ = std::process::Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
