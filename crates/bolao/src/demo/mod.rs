//! `bolao demo`: a whole pool on this machine, to look at and to bet along.
//!
//! A seed server and four nodes, each a process of this program with a temporary home; friends who sign with wallets
//! of their own and hand their bets to different nodes; kick-offs that close the betting; a node that is killed and
//! comes back. It succeeds only if in the end all nodes have the same chain and every audit is clean. However it ends,
//! no process and no file of it stays behind.

mod child;
mod friends;
mod ports;
mod stage;
mod story;
mod tell;
mod tournament;
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
    story::{Agreement, Story},
    tell::{Kind, Teller},
};
use crate::{output, source::as_views, view};

/// What the headless demo may take at most: it has to end within two minutes.
const HEADLESS_LIMIT: Duration = Duration::from_secs(110);
/// The status of a program that was interrupted.
const INTERRUPTED: u8 = 130;
/// Bets shown in the table at the end.
const MAX_BETS: usize = 500;

/// Shows a pool at work on this machine: nodes, friends who bet, blocks, a node that fails and comes back
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoArgs {
    /// HTTP port of the first node; the others take free ones
    #[arg(short, long, default_value_t = 9000)]
    pub(crate) port: u16,
    /// Prints plain lines, needs no terminal and ends by itself within two minutes
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
    let mut stage = Stage::build(args.port)?;
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
        return tokio::time::timeout(HEADLESS_LIMIT, headless(stage, tell))
            .await
            .with_context(|| format!("it was not done after {} s", HEADLESS_LIMIT.as_secs()))?;
    }
    let _watch = begin(stage, tell).await?;
    play(stage, tell, true).await?;
    *told_whole = true;
    invite(stage, tell)?;
    if args.open || (!args.no_open && tell.is_live() && has_screen()) {
        open_browser(&format!("http://localhost:{}/", stage.node(1)?.face.port));
    }
    std::future::pending().await
}

async fn headless(stage: &mut Stage, tell: &Teller) -> anyhow::Result<()> {
    let watch = begin(stage, tell).await?;
    let agreement = play(stage, tell, false).await?;
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
        "A pool over the 2019 Nations League finals, moved to now and compressed",
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

/// The story up to the agreement of all and the first audit.
async fn play(stage: &mut Stage, tell: &Teller, visitors: bool) -> anyhow::Result<Agreement> {
    let mut story = Story::new(stage, tell, visitors)?;
    story.semi_finals().await?;
    story.last_day().await?;
    let agreement = story.settle().await?;
    tell.say(Kind::Act, "The end")?;
    table(stage, tell).await?;
    tell.say(
        Kind::Good,
        format!(
            "all nodes are at block {}, {}",
            agreement.height, agreement.hash
        ),
    )?;
    audit_all(stage, tell, "while it runs").await?;
    Ok(agreement)
}

async fn audit_all(stage: &Stage, tell: &Teller, when: &str) -> anyhow::Result<()> {
    for node in &stage.nodes {
        stage.audit(node.face.no).await?;
    }
    tell.say(
        Kind::Good,
        format!("`bolao audit` replayed every node's chain from genesis {when}: clean"),
    )?;
    Ok(())
}

/// Who bet what, and how it ended in 2019.
async fn table(stage: &Stage, tell: &Teller) -> anyhow::Result<()> {
    let answer = stage
        .node(1)?
        .face
        .client
        .get(&format!("/api/v1/bets?limit={MAX_BETS}"))
        .await?;
    let items = answer.get("items").and_then(serde_json::Value::as_array);
    let bets: Vec<view::Bet> = as_views(items.cloned().unwrap_or_default())?;
    let mut players: Vec<String> = bets.iter().map(|bet| bet.player.shown()).collect();
    players.sort();
    players.dedup();
    let games = &stage.tournament.games;
    let mut headings = vec!["bets".to_owned()];
    headings.extend(games.iter().map(|game| game.code().to_owned()));
    let mut table = output::table([""; 0]);
    table.set_header(headings);
    for player in players {
        let mut row = vec![player.clone()];
        row.extend(games.iter().map(|game| {
            bets.iter()
                .find(|bet| bet.player.shown() == player && bet.r#match.code == game.code())
                .map_or("–".to_owned(), crate::view::Bet::shown)
        }));
        table.add_row(row);
    }
    tell.print(&table.trim_fmt())?;
    for game in games {
        let (code, teams) = (game.code(), game.teams());
        tell.print(&format!(
            "{code:<6} {teams}: in 2019 it ended {}",
            game.ended
        ))?;
    }
    Ok(())
}

/// What a person can do now.
fn invite(stage: &Stage, tell: &Teller) -> anyhow::Result<()> {
    tell.say(
        Kind::Act,
        "The final stays open for a quarter of an hour: bet along",
    )?;
    for face in stage.faces() {
        tell.print(&format!(
            "  node {}  http://localhost:{}/  (API: http://localhost:{}/api/docs)",
            face.no, face.port, face.port
        ))?;
    }
    let port = stage.node(1)?.face.port;
    let example = r#"{"playername":"you","matchid":"Final","teamonescore":1,"teamtwoscore":0}"#;
    tell.print(&format!(
        "  curl -d '{example}' http://localhost:{port}/bet/broadcast"
    ))?;
    tell.print(&format!("  curl http://localhost:{port}/player/you"))?;
    tell.print(&format!(
        "  bolao --home {} bets --match Final",
        stage.home(1)?.display()
    ))?;
    tell.print("Ctrl-C ends the demo and removes its files.")?;
    Ok(())
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
