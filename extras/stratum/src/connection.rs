//! One miner's socket: lines in, lines out, each within its time.
//!
//! Nothing queues up: a connection reads its next line when it has sent the answer to the last,
//! and ends if the miner does not take what is sent. A new block goes before the miner's lines.

use std::{io, sync::Arc, time::Duration};

use bolao_limits::{Bucket, Slot};
use bolao_node::Change;
use bolao_work::Job;
use futures::{SinkExt, StreamExt, stream};
use serde_json::Value;
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

use crate::{
    reject::Reject,
    session::{Session, Step},
    shared::Shared,
    source::JobSource,
};

/// The time between two looks at the difficulty when no share comes.
const TICK: Duration = Duration::from_secs(5);

/// The time after which the node is asked again when it had no job.
const RETRY: Duration = Duration::from_secs(2);

/// A line costs a token, and another for each so many bytes: what a line costs to read grows with its length.
const BYTES_PER_TOKEN: usize = 512;

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum End {
    #[error("the miner left")]
    Left,
    #[error("no worker was authorized in time")]
    Handshake,
    #[error("too many lines before a worker was authorized")]
    HandshakeLines,
    #[error("no line for too long")]
    Idle,
    #[error("the miner does not take what is sent")]
    Unread,
    #[error("too many lines that are no request, or for no method that there is")]
    BadLines,
    #[error("a line was too long")]
    LongLine,
    #[error("a line was no text")]
    NoText,
    #[error("another came, and this one had no share for too long")]
    Evicted,
    #[error("the node stops")]
    Stopped,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// See the [module](self).
pub(crate) struct Connection<S: JobSource> {
    shared: Arc<Shared<S>>,
    lines: Framed<TcpStream, LinesCodec>,
    session: Session<S::Block>,
    slot: Slot,
    changes: watch::Receiver<Change>,
    start: Instant,
    budget: Bucket,
    handshake_lines: u32,
    last_line: Duration,
    next_tick: Duration,
    /// When the node is to be asked for a job again.
    next_job: Duration,
}

impl<S: JobSource> Connection<S> {
    pub(crate) fn new(
        stream: TcpStream,
        shared: Arc<Shared<S>>,
        slot: Slot,
        extranonce1: [u8; 4],
    ) -> Self {
        let config = &shared.config;
        let codec = LinesCodec::new_with_max_length(config.line_bytes);
        Self {
            changes: shared.source.changes(),
            lines: Framed::new(stream, codec),
            session: Session::new(Arc::clone(config), extranonce1, shared.tag),
            slot,
            start: Instant::now(),
            budget: Bucket::new(
                config.lines_per_second,
                Duration::from_secs(1),
                config.lines_burst,
            ),
            handshake_lines: config.handshake_lines,
            last_line: Duration::ZERO,
            next_tick: TICK,
            next_job: Duration::MAX,
            shared,
        }
    }

    /// Talks with the miner to the end, and lets one who broke the rules wait for it.
    pub(crate) async fn run(mut self) -> End {
        let end = self.talk().await;
        if matches!(
            end,
            End::HandshakeLines | End::BadLines | End::LongLine | End::NoText
        ) {
            sleep(self.shared.config.penalty).await;
        }
        end
    }

    async fn talk(&mut self) -> End {
        loop {
            let now = self.now();
            let ready = self.budget.ready_at();
            let mut wake = self.next_tick.min(self.next_job).min(self.give_up_at());
            if ready > now {
                wake = wake.min(ready);
            }
            let done = tokio::select! {
                biased;
                changed = self.changes.changed() => match changed {
                    Ok(()) => self.changed().await,
                    Err(_) => Err(End::Stopped),
                },
                () = self.slot.evicted() => Err(End::Evicted),
                () = sleep_until(self.start + wake) => self.timer().await,
                line = self.lines.next(), if ready <= now => match line {
                    None => Err(End::Left),
                    Some(Ok(line)) => self.line(&line).await,
                    Some(Err(LinesCodecError::MaxLineLengthExceeded)) => Err(End::LongLine),
                    Some(Err(LinesCodecError::Io(error))) => Err(match error.kind() {
                        io::ErrorKind::InvalidData => End::NoText,
                        _ => End::Io(error),
                    }),
                },
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn give_up_at(&self) -> Duration {
        match self.session.worker() {
            None => self.shared.config.handshake_timeout,
            Some(_) => self.last_line + self.shared.config.idle_timeout,
        }
    }

    async fn timer(&mut self) -> Result<(), End> {
        let now = self.now();
        if now >= self.give_up_at() {
            return Err(match self.session.worker() {
                None => End::Handshake,
                Some(_) => End::Idle,
            });
        }
        if now >= self.next_job {
            self.renew().await?;
        }
        if now >= self.next_tick {
            self.next_tick = now + TICK;
            let lines = self.session.tick(now);
            self.send(lines).await?;
        }
        Ok(())
    }

    /// The node's chain, or what waits for its next block, is another.
    async fn changed(&mut self) -> Result<(), End> {
        let tip = self.changes.borrow_and_update().tip;
        let Some((previous, since)) = self.session.newest() else {
            return Ok(());
        };
        if previous != tip {
            return self.renew().await;
        }
        self.next_job = self.next_job.min(since + self.shared.config.refresh_min);
        Ok(())
    }

    /// Gets a new job and sends it.
    async fn renew(&mut self) -> Result<(), End> {
        let Some(worker) = self.session.worker().map(str::to_owned) else {
            return Ok(());
        };
        match self.job(&worker).await {
            Ok(job) => {
                let now = self.now();
                // Where the node announced its tip before it has jobs for it, ask again soon.
                let is_behind = job.0.previous() != self.changes.borrow().tip;
                let wait = if is_behind {
                    RETRY
                } else {
                    self.shared.config.refresh.min(job.0.lasts())
                };
                self.next_job = now + wait;
                let lines = self.session.renew(job, now);
                self.send(lines).await
            }
            Err(error) => {
                tracing::debug!(?worker, %error, "no new job");
                self.next_job = self.now() + RETRY;
                Ok(())
            }
        }
    }

    async fn job(&self, worker: &str) -> Result<(Job, S::Block), Reject> {
        timeout(
            self.shared.config.source_timeout,
            self.shared.source.job(worker),
        )
        .await
        .unwrap_or_else(|_| Err(Reject::no_work("the node does not answer")))
    }

    async fn line(&mut self, line: &str) -> Result<(), End> {
        let now = self.now();
        self.last_line = now;
        if self.session.worker().is_none() {
            let left = self.handshake_lines.checked_sub(1);
            self.handshake_lines = left.ok_or(End::HandshakeLines)?;
        }
        let step = self.session.line(line, now);
        let free = u32::from(self.session.take_free());
        self.budget.take(tokens(line) - free, now);
        let lines = match step {
            Step::Send(lines) => lines,
            Step::Authorize { id, worker } => self.authorize(&id, worker).await,
            Step::Submit { id, found } => {
                let worker = self.session.worker().unwrap_or_default().to_owned();
                let submitted = self.shared.source.submit(&worker, found);
                let result = timeout(self.shared.config.source_timeout, submitted)
                    .await
                    .unwrap_or_else(|_| Err(Reject::not_taken("it does not answer")));
                if let Err(error) = &result {
                    tracing::debug!(?worker, %error, "a miner's block was refused");
                }
                let now = self.now();
                self.session.submitted(&id, result, now)
            }
            Step::Close => return Err(End::BadLines),
        };
        if let Some(difficulty) = self.session.take_counted() {
            let worker = self.session.worker().unwrap_or_default();
            self.shared.source.share(worker, difficulty);
            self.slot.touch(self.shared.now());
        }
        self.send(lines).await?;
        if self.session.is_job_spent() {
            self.next_job = Duration::ZERO;
        }
        Ok(())
    }

    async fn authorize(&mut self, id: &Value, worker: String) -> Vec<String> {
        let result = self.job(&worker).await;
        match &result {
            Ok(_) if self.shared.may_log() => tracing::info!(?worker, "a miner joined"),
            Ok(_) => tracing::debug!(?worker, "a miner joined"),
            Err(error) if self.shared.may_log() => {
                tracing::warn!(?worker, %error, "a miner was turned away");
            }
            Err(error) => tracing::debug!(?worker, %error, "a miner was turned away"),
        }
        let now = self.now();
        if let Ok((job, _)) = &result {
            self.next_job = now + self.shared.config.refresh.min(job.lasts());
        }
        self.session.authorized(id, worker, result, now)
    }

    async fn send(&mut self, lines: Vec<String>) -> Result<(), End> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut lines = stream::iter(lines.into_iter().map(Ok::<String, LinesCodecError>));
        let sending = self.lines.send_all(&mut lines);
        match timeout(self.shared.config.write_timeout, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(LinesCodecError::Io(error))) => Err(End::Io(error)),
            Ok(Err(LinesCodecError::MaxLineLengthExceeded)) => Err(End::LongLine),
            Err(_) => Err(End::Unread),
        }
    }
}

/// Gives the number of tokens that a line costs.
fn tokens(line: &str) -> u32 {
    u32::try_from(line.len() / BYTES_PER_TOKEN)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}
