#![doc = include_str!("../README.md")]

mod cup;
mod finals;
mod friends;
mod network;
mod node;
mod ports;
mod process;
mod screen;
mod story;
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
use bolao_terminal::output;
use clap::Args;
use futures::FutureExt as _;
use tokio_util::task::AbortOnDropHandle;

use self::{
    network::Network,
    screen::Screen,
    story::{Story, audit_all},
    tournament::{Tournament, Which},
};

/// The most time that the headless demo may take: it has to end within two minutes.
const HEADLESS_LIMIT: Duration = Duration::from_secs(110);
/// The most time that the headless World Cup may take.
const CUP_LIMIT: Duration = Duration::from_mins(10);
/// The status of a program that was interrupted.
const INTERRUPTED: u8 = 130;

/// Plays a whole pool on this machine: invitations, sealed bets, kick-offs, results, pots, receipts
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// HTTP port of the first node; the others take free ones
    #[arg(short, long, default_value_t = 9000)]
    pub port: u16,
    /// The tournament to play
    #[arg(
        long,
        value_enum,
        default_value = "nations-league-2019",
        value_name = "NAME"
    )]
    pub tournament: Which,
    /// Prints plain lines, needs no terminal and exits when done
    #[arg(long)]
    pub headless: bool,
    /// Opens the first node's page in the browser
    #[arg(long, overrides_with = "no_open")]
    pub open: bool,
    /// Does not open the browser, which is the default without a screen
    #[arg(long)]
    pub no_open: bool,
}

/// Runs the demo to its end; failure unless all nodes agree and the audit is clean.
pub async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let stop = stop_signal()?;
    let screen = Screen::new(args.headless);
    let mut network = Network::build(args.port, load(args.tournament)?)?;
    let mut is_over = false;
    let shown = {
        let show =
            AssertUnwindSafe(show(&mut network, &screen, &args, &mut is_over)).catch_unwind();
        tokio::select! {
            shown = show => Some(shown),
            () = stop => None,
        }
    };
    screen.clear();
    let logs = match &shown {
        Some(Ok(Ok(()))) | None => String::new(),
        Some(_) => network.logs(),
    };
    let removed = network.remove().await;
    match shown {
        Some(Err(panic)) => {
            output::hint(&logs);
            resume_unwind(panic)
        }
        Some(Ok(Err(error))) => {
            output::hint(&logs);
            Err(error.context("the demo failed"))
        }
        Some(Ok(Ok(()))) => removed.map(|()| ExitCode::SUCCESS),
        None => {
            removed?;
            output::line("The demo is over; its nodes are stopped and its files removed.")?;
            Ok(if is_over {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(INTERRUPTED)
            })
        }
    }
}

fn load(which: Which) -> anyhow::Result<Tournament> {
    match which {
        Which::NationsLeague2019 => finals::load(),
        Which::WorldCup2026 => cup::load(),
    }
}

/// Done when a signal ends the demo early.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{Signal, SignalKind as Kind, signal};
    let kinds = [Kind::interrupt(), Kind::terminate(), Kind::hangup()];
    let signals: Vec<Signal> = kinds.into_iter().map(signal).collect::<Result<_, _>>()?;
    let any = signals.into_iter().map(|mut signal| {
        Box::pin(async move {
            signal.recv().await;
        })
    });
    Ok(futures::future::select_all(any.collect::<Vec<_>>()).map(drop))
}

#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(tokio::signal::ctrl_c().map(drop))
}

async fn show(
    network: &mut Network,
    screen: &Screen,
    args: &DemoArgs,
    is_over: &mut bool,
) -> anyhow::Result<()> {
    if args.headless {
        let limit = match args.tournament {
            Which::NationsLeague2019 => HEADLESS_LIMIT,
            Which::WorldCup2026 => CUP_LIMIT,
        };
        return tokio::time::timeout(limit, headless(network, screen))
            .await
            .with_context(|| format!("it was not done after {} s", limit.as_secs()))?;
    }
    let _watch = begin(network, screen).await?;
    let mut story = Story::new(network, screen, true)?;
    story.play().await?;
    *is_over = true;
    let url = story.invite().await?;
    if args.open || (!args.no_open && screen.is_live() && has_screen()) {
        open_browser(&url);
    }
    story.epilogue().await?;
    std::future::pending().await
}

async fn headless(network: &mut Network, screen: &Screen) -> anyhow::Result<()> {
    let watch = begin(network, screen).await?;
    let tip = Story::new(network, screen, false)?.play().await?;
    drop(watch);
    let unclean = network.end_processes().await;
    if !unclean.is_empty() {
        bail!("nodes {unclean:?} did not end cleanly when they were asked to");
    }
    screen.plain("all nodes were asked to end, and did")?;
    audit_all(network, screen, "on its disk").await?;
    screen.good(format!(
        "all {} nodes have the same chain of {} blocks, {}, and every audit is clean",
        network.nodes.len(),
        tip.block.height,
        tip.block.hash
    ))
}

/// Starts everything; the watching of the nodes, which ends when it is dropped.
async fn begin(network: &mut Network, screen: &Screen) -> anyhow::Result<AbortOnDropHandle<()>> {
    screen.heading(format!(
        "A pool over the {}, moved to now and compressed",
        network.tournament.name
    ))?;
    screen.plain("starting a seed server and four nodes")?;
    network.start().await?;
    for node in &network.nodes {
        screen.plain(format!(
            "node {} is {}'s: http://localhost:{}",
            node.no, node.owner, node.port
        ))?;
    }
    screen.plain("each of them is a validator: what three of the four have signed is final")?;
    let watch = tokio::spawn(watch::run(network.nodes.clone(), screen.clone()));
    let watch = AbortOnDropHandle::new(watch);
    let took = network.wait_until_connected().await?;
    screen.good(format!(
        "the nodes found one another through the seed server within {:.1} s",
        took.as_secs_f32()
    ))?;
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
