//! What `run` and `classic` share: flags, running until a signal, progress.

use std::{io::IsTerminal as _, path::Path, time::Duration};

use anyhow::Context as _;
use bolao_api::body::Viewers;
use bolao_node::{Home, Host, Liveness, Node, NodeConfig};
use bolao_work::HashRate;
use clap::Args;
#[cfg(unix)]
use tokio::signal::unix;
#[cfg(windows)]
use tokio::signal::windows;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    command::{logging::LogArgs, remind::RemindArgs},
    exit::sentence,
    hosting::{self, Follower, HostedPool, OtherPools},
    log::{Progress, StatusLine},
    opens,
    output::{self, count},
    parse,
    passphrase::PassphraseArgs,
    service,
    source::{Client, as_view},
    view::{NextNonce, Status},
};

/// From one look at the node's progress to the next.
const LOOK: Duration = Duration::from_millis(500);
/// From one word about the hash rate to the next.
const RATE_INTERVAL: Duration = Duration::from_mins(1);
/// The distance from which a bar is worth it, in blocks.
const WORTH_A_BAR: u64 = 50;

/// Flags of every node
#[derive(Args, Clone, Debug)]
pub(crate) struct NodeArgs {
    #[cfg(feature = "miner")]
    #[command(flatten)]
    cores: crate::command::cores::CoreArgs,
    /// Lets standard SHA-256d miners connect here, such as 127.0.0.1:3333 (Stratum V1; user name: an
    /// account or a player's name)
    #[cfg(feature = "stratum")]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = parse::address)]
    stratum: Option<std::net::SocketAddr>,
    /// Lets callers on other machines use the classic routes, which bet without asking
    #[arg(long)]
    classic_anyone: bool,
    #[arg(
        long = "origin",
        alias = "classic-origin",
        value_name = "ORIGIN",
        help = "Lets pages from another origin use this node, such as https://bets.example (repeatable)"
    )]
    origins: Vec<String>,
    /// Another name by which browsers reach this node, besides localhost and IP addresses (repeatable)
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    #[arg(
        long,
        value_parser = parse::viewers(),
        value_name = "WHO",
        help = "Who can look at what this node shows, to browsers and to other nodes: everybody with its address, or \
            only players. The choice is kept in the home, and holds at once where the node runs already. Other nodes go \
            by what an organiser chose last"
    )]
    viewers: Option<Viewers>,
    #[command(flatten)]
    remind: RemindArgs,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    pub(crate) log: LogArgs,
}

impl NodeArgs {
    /// The wallet's passphrase where a home has a wallet, asked for if need be.
    pub(crate) fn known_passphrase(&self, dir: &Path) -> anyhow::Result<PassphraseArgs> {
        if !dir.is_dir() {
            return Ok(self.passphrase.clone());
        }
        self.passphrase.asked(&Home::open(dir)?)
    }

    /// The same as [`NodeArgs::keep`], in a home that is made only for that.
    pub(crate) fn keep_at(&self, dir: &Path) -> anyhow::Result<()> {
        match self.viewers {
            Some(_) => self.keep(&Home::open(dir)?),
            None => Ok(()),
        }
    }

    /// Keeps in the home what is to hold until it is said otherwise.
    pub(crate) fn keep(&self, home: &Home) -> anyhow::Result<()> {
        let Some(viewers) = self.viewers else {
            return Ok(());
        };
        home.set_viewers(viewers)?;
        if home.viewers()? != viewers {
            output::hint!(
                "note: an organiser chose that only players can look, and this node goes by that unless you are an \
                organiser, too"
            );
        }
        Ok(())
    }

    /// Puts the flags into a node's settings.
    pub(crate) fn apply(&self, home: &Home, config: &mut NodeConfig) -> anyhow::Result<()> {
        #[cfg(feature = "miner")]
        {
            config.searcher = Some(self.cores.searcher()?);
        }
        #[cfg(feature = "stratum")]
        {
            config.stratum = self.stratum.map(|at| (at, bolao_stratum::server()));
        }
        config.api.classic_anyone = self.classic_anyone;
        config.api.classic_origins.clone_from(&self.origins);
        config.api.hosts.clone_from(&self.hosts);
        config.remind = self.remind.config();
        config.api.page = bolao_page::page();
        self.passphrase
            .for_node(home)?
            .as_str()
            .clone_into(&mut config.passphrase);
        Ok(())
    }
}

#[cfg(unix)]
fn signals() -> std::io::Result<(unix::Signal, unix::Signal)> {
    use unix::{SignalKind, signal};
    Ok((
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    ))
}

#[cfg(windows)]
fn signals() -> std::io::Result<(windows::CtrlC, windows::CtrlClose)> {
    Ok((windows::ctrl_c()?, windows::ctrl_close()?))
}

/// Done at SIGINT (Ctrl-C) or SIGTERM; a second one ends the process at once.
pub(crate) fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = signals().context("cannot listen for signals")?;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut stop = Some(stop);
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            match stop.take() {
                Some(stop) => {
                    tracing::info!("stopping");
                    // Whoever waited may have failed meanwhile.
                    let _ = stop.send(());
                }
                None => std::process::exit(130),
            }
        }
    });
    Ok(async move {
        let _ = stopped.await;
    })
}

/// Starts a pool's node, says where it is, and runs it until a signal, with the other pools of its home.
pub(crate) async fn serve(
    hosted: HostedPool,
    only: Vec<String>,
    started: impl FnOnce(&Node) -> anyhow::Result<String> + Send,
) -> anyhow::Result<()> {
    let signal = stop_signal()?;
    let home = hosted.home.clone();
    // A node that cannot listen writes nothing into its home.
    let host = Host::open(&home, hosted.config.clone()).await?;
    let stop = CancellationToken::new();
    let stops = stop.clone();
    tokio::spawn(async move {
        signal.await;
        service::stopping();
        stops.cancel();
    });
    let others = OtherPools {
        host: host.clone(),
        dir: home.person_dir().to_owned(),
        but: bolao_node::pool_code(hosted.genesis.pool_id()),
        only,
        config: hosted.config.for_another_pool(),
    };
    let has_others = !others.wanted()?.0.is_empty();
    let others = tokio::spawn(others.run(stop.clone()));
    let (alive, pulse) = watch::channel(None);
    tokio::spawn(service::stay_alive(pulse));
    let chosen = ChosenPool {
        host: host.clone(),
        home,
        started: Some(started),
        alive,
        progress: None,
    };
    let first = async {
        match hosted.run(&host, &stop, chosen).await {
            // The others go on without it.
            Err(error) if has_others => {
                host.answer().await?;
                service::ready();
                hosting::keep_after(&error, &host, &hosted, &stop).await;
                Ok(())
            }
            over => over,
        }
    };
    let mut first = Box::pin(first);
    let served = tokio::select! {
        lost = host.lost() => {
            stop.cancel();
            first.await.and(Err(lost.into()))
        }
        over = &mut first => over,
    };
    stop.cancel();
    let _ = others.await;
    host.close().await?;
    served
}

/// Has the host answer with the chosen pool's first start, and shows how its node is.
struct ChosenPool<F> {
    host: Host,
    home: Home,
    started: Option<F>,
    alive: watch::Sender<Option<Liveness>>,
    progress: Option<AbortOnDropHandle<()>>,
}

impl<F: FnOnce(&Node) -> anyhow::Result<String> + Send> Follower for ChosenPool<F> {
    async fn started(&mut self, node: &Node) -> anyhow::Result<()> {
        self.host.answer().await?;
        self.home.set_trouble(None)?;
        match self.started.take().map(|started| started(node)) {
            // Whoever read it may have gone; the node's work is still wanted.
            Some(Ok(url)) => drop(output::line(url)),
            Some(Err(error)) => tracing::warn!("{}", sentence(&error)),
            None => {}
        }
        service::ready();
        self.alive.send_replace(Some(node.pulse()));
        let follow = follow(Client::new(&node.local_url())?, self.home.clone());
        self.progress = Some(AbortOnDropHandle::new(tokio::spawn(follow)));
        Ok(())
    }

    fn ended(&mut self) {
        self.alive.send_replace(None);
        self.progress = None;
    }
}

/// Whether a block holds the joining of the home's player; not known before there is a player.
async fn has_joined(client: &Client, home: &Home) -> Option<bool> {
    let account = home.profile().ok()?.account?;
    let path = format!("/api/v1/accounts/{account}/nonce");
    let nonce: NextNonce = client.read(&path).await.ok()?;
    Some(nonce.joined)
}

/// Shows how the node is: on a terminal in a line that renews itself, besides when it has joined and caught up, and now
/// and then how fast it mines.
async fn follow(client: Client, home: Home) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut bar: Option<Progress> = None;
    let line_below = std::io::stderr().is_terminal().then(StatusLine::default);
    let mut joined = has_joined(&client, &home).await;
    let mut logged = tokio::time::Instant::now();
    let mut told = String::new();
    let mut opens = String::new();
    loop {
        look.tick().await;
        let Ok(status) = client
            .get("/api/v1/status")
            .await
            .and_then(as_view::<Status>)
        else {
            continue;
        };
        let (done, all) = (status.sync.blocks.0, status.sync.target.0);
        let behind = all.saturating_sub(done);
        let peers = count(status.peers, "peer", "peers");
        let waiting = match status.pending {
            0 => String::new(),
            waiting => format!(", {waiting} waiting for a block"),
        };
        let line = format!("block {done} of {}, {peers}{waiting}", done.max(all));
        let link = opens::line(&status.link);
        if link != opens {
            output::hint(&link);
            opens = link;
        }
        if line != told {
            service::status(&line);
            if let Some(below) = &line_below {
                below.set(line.clone());
            }
            told = line;
        }
        if joined == Some(false) {
            joined = has_joined(&client, &home).await;
            if let (Some(true), Ok(Some(name))) = (joined, home.profile().map(|it| it.name)) {
                output::hint!("You are in the pool as {name}.");
            }
        }
        if behind > WORTH_A_BAR || (behind > 0 && bar.is_some()) {
            bar.get_or_insert_with(|| Progress::new("catching up"))
                .at(done, all);
        } else if bar.take().is_some() {
            tracing::info!(height = done, "caught up");
        }
        if status.mining.active && logged.elapsed() >= RATE_INTERVAL {
            logged = tokio::time::Instant::now();
            let rate = HashRate::of(status.mining.hashes_per_second);
            tracing::info!(%rate, height = done, "mining");
        }
    }
}
