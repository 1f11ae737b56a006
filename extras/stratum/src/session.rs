//! One miner's conversation: lines and the time come in, lines and wishes go out. It has no
//! socket, no clock and no node.
//!
//! - `mining.subscribe` gives the extra nonce; `mining.authorize` names the worker, which the node
//!   must know; it has no control characters. After both, in either order, jobs are sent: the difficulty if it is another than
//!   was sent last, then the job.
//! - `mining.submit`: 25 before the subscription, 24 for another worker, 21 for a job that is not
//!   kept (all are dropped on a new block), 20 for bad parameters, 23 for too little work, 22 for a
//!   share that has been counted. A share that meets the block's target goes to the node, whose
//!   word is the answer.
//! - A share need have no more than the job's difficulty and no more than the present one: miners
//!   differ in whether a new difficulty holds for the job that they are at. It counts with the less.
//! - `mining.configure` (BIP 310) grants `version-rolling`, within the mask, and nothing else.
//! - One connection works for one worker, whose account is in the coinbase.

use std::{sync::Arc, time::Duration};

use bolao_limits::Bucket;
use bolao_work::{Job, meets_target, sha256d};
use serde_json::{Map, Value, json};

use crate::{
    config::StratumConfig,
    difficulty::Difficulty,
    job::{EXTRANONCE2_BYTES, Jobs},
    reject::Reject,
    rpc::{self, Request},
    source::Found,
    submission::Submission,
    vardiff::Vardiff,
};

/// The longest worker name, in bytes.
const MAX_WORKER_BYTES: usize = 100;

/// The step to take about a line.
#[derive(Debug)]
pub(crate) enum Step<B> {
    /// Send these lines.
    Send(Vec<String>),
    /// Ask the node for a job for this worker, then [`Session::authorized`].
    Authorize { id: Value, worker: String },
    /// Give the node this block, then [`Session::submitted`].
    Submit { id: Value, found: Found<B> },
    /// Not one more line of this.
    Close,
}

/// See the [module](self).
#[derive(Debug)]
pub(crate) struct Session<B> {
    config: Arc<StratumConfig>,
    extranonce1: [u8; 4],
    tag: [u8; 4],
    subscribed: bool,
    worker: Option<String>,
    version_mask: u32,
    /// The newest job and when it came.
    newest: Option<((Job, B), Duration)>,
    jobs: Jobs<B>,
    vardiff: Vardiff,
    /// The difficulty to begin with: the miner's wish, if it has one.
    start: Difficulty,
    /// The difficulty that the miner was sent last.
    sent: Option<Difficulty>,
    counted: Option<Difficulty>,
    /// The number of further shares that may come too late and cost nothing.
    late_left: u32,
    /// Whether the last line costs nothing.
    free: bool,
    bad_lines: Bucket,
}

impl<B: Clone> Session<B> {
    pub(crate) fn new(config: Arc<StratumConfig>, extranonce1: [u8; 4], tag: [u8; 4]) -> Self {
        Self {
            vardiff: Vardiff::new(
                config.start_difficulty,
                config.min_difficulty,
                config.shares_per_minute,
            ),
            jobs: Jobs::new(config.jobs, extranonce1),
            bad_lines: Bucket::new(config.bad_lines, Duration::from_mins(1), config.bad_lines),
            start: config.start_difficulty,
            config,
            extranonce1,
            tag,
            subscribed: false,
            worker: None,
            version_mask: 0,
            newest: None,
            sent: None,
            counted: None,
            late_left: 0,
            free: false,
        }
    }

    /// The worker, once the node has accepted it.
    pub(crate) fn worker(&self) -> Option<&str> {
        self.worker.as_deref()
    }

    /// The newest job's previous block and when it came.
    pub(crate) fn newest(&self) -> Option<([u8; 32], Duration)> {
        let ((job, _), since) = self.newest.as_ref()?;
        Some((job.previous(), *since))
    }

    /// Whether the newest job has had all its shares.
    pub(crate) fn is_job_spent(&self) -> bool {
        let limit = self.config.shares_per_job;
        self.jobs.last().is_some_and(|job| job.is_spent(limit))
    }

    /// On receiving a line.
    pub(crate) fn line(&mut self, line: &str, now: Duration) -> Step<B> {
        match rpc::parse(line) {
            // An answer to nothing.
            Ok(None) => Step::Send(Vec::new()),
            Ok(Some(request)) => self.request(request, now),
            // A browser, most likely, whose page has put a miner's lines below the lines of HTTP.
            Err(_) if self.worker.is_none() => Step::Close,
            Err(error) => self.bad_line(&Value::Null, error, now),
        }
    }

    fn bad_line(&mut self, id: &Value, why: String, now: Duration) -> Step<B> {
        self.bad_lines.take(1, now);
        if self.bad_lines.ready_at() > now {
            return Step::Close;
        }
        Step::Send(vec![rpc::answer(id, Err(Reject::Other(why)))])
    }

    fn request(&mut self, request: Request, now: Duration) -> Step<B> {
        let Request { id, method, params } = request;
        let mut more = Vec::new();
        let result = match method.as_str() {
            "mining.subscribe" => {
                let result = self.subscribe();
                if !std::mem::replace(&mut self.subscribed, true) {
                    more = self.send_job();
                }
                Ok(result)
            }
            "mining.authorize" => match self.check_worker(&params) {
                Ok(Some(worker)) => return Step::Authorize { id, worker },
                Ok(None) => Ok(Value::Bool(true)),
                Err(reject) => Err(reject),
            },
            "mining.submit" => match self.submit(&params, now) {
                Ok(Some(found)) => return Step::Submit { id, found },
                Ok(None) => {
                    more = self.tick(now);
                    Ok(Value::Bool(true))
                }
                Err(reject) => {
                    let worker = self.worker.as_deref().unwrap_or_default();
                    tracing::debug!(worker, %reject, "a share was refused");
                    Err(reject)
                }
            },
            "mining.configure" => Ok(self.configure(&params)),
            "mining.suggest_difficulty" => {
                let wish = params.first().and_then(Value::as_f64);
                match wish.filter(|wish| *wish > 0.0) {
                    Some(wish) => {
                        self.start = Difficulty::new(wish);
                        self.vardiff.set(self.start, now);
                        more = self.send_job();
                        Ok(Value::Bool(true))
                    }
                    None => Err(Reject::Other("the difficulty is no number above 0".into())),
                }
            }
            // The extra nonce never changes, so that there will be nothing to tell.
            "mining.extranonce.subscribe" => Ok(Value::Bool(true)),
            "mining.ping" | "ping" => Ok(json!("pong")),
            "mining.get_transactions" => Ok(json!([])),
            _ => {
                let shown: String = method.chars().take(40).collect();
                return self.bad_line(&id, format!("there is no method {shown:?}"), now);
            }
        };
        more.insert(0, rpc::answer(&id, result));
        Step::Send(more)
    }

    fn subscribe(&self) -> Value {
        let name = hex::encode(self.extranonce1);
        let subscriptions = ["mining.set_difficulty", "mining.notify"].map(|of| [of, &name]);
        json!([subscriptions, name, EXTRANONCE2_BYTES])
    }

    /// The name to ask the node about, or none if it is the one already accepted.
    fn check_worker(&self, params: &[Value]) -> Result<Option<String>, Reject> {
        let worker = params.first().and_then(Value::as_str).unwrap_or_default();
        if worker.is_empty() || worker.len() > MAX_WORKER_BYTES {
            return Err(Reject::Unauthorized(format!(
                "the user name is {} bytes long, but 1 to {MAX_WORKER_BYTES} are wanted",
                worker.len()
            )));
        }
        if worker.contains(char::is_control) {
            return Err(Reject::Unauthorized(format!(
                "the user name {worker:?} has control characters: give one without"
            )));
        }
        match &self.worker {
            None => Ok(Some(worker.to_owned())),
            Some(own) if own == worker => Ok(None),
            Some(own) => Err(Reject::Unauthorized(format!(
                "this connection works for {own}: open another"
            ))),
        }
    }

    /// The node has answered to [`Step::Authorize`].
    pub(crate) fn authorized(
        &mut self,
        id: &Value,
        worker: String,
        result: Result<(Job, B), Reject>,
        now: Duration,
    ) -> Vec<String> {
        match result {
            Ok(job) => {
                self.worker = Some(worker);
                self.newest = Some((job, now));
                self.vardiff.set(self.start, now);
                let mut lines = vec![rpc::answer(id, Ok(Value::Bool(true)))];
                lines.extend(self.send_job());
                lines
            }
            Err(reject) => vec![rpc::answer(id, Err(reject))],
        }
    }

    /// The node has a newer job.
    pub(crate) fn renew(&mut self, job: (Job, B), now: Duration) -> Vec<String> {
        self.newest = Some((job, now));
        self.send_job()
    }

    /// Sends the newest job, if there is someone to take it.
    fn send_job(&mut self) -> Vec<String> {
        let (true, Some(_), Some((newest, since))) = (self.subscribed, &self.worker, &self.newest)
        else {
            return Vec::new();
        };
        let block = Difficulty::of_target(&newest.0.target);
        let difficulty = self.vardiff.difficulty(block);
        let (job, clean) = self.jobs.add(newest.clone(), difficulty, *since);
        let notify = rpc::notification("mining.notify", &job.notify(self.tag, clean));
        if clean {
            self.late_left = self.config.late_shares;
        }
        let mut lines = Vec::new();
        if self.sent.replace(difficulty) != Some(difficulty) {
            let params = json!([difficulty.value()]);
            lines.push(rpc::notification("mining.set_difficulty", &params));
        }
        lines.push(notify);
        lines
    }

    /// From time to time: a new difficulty, if one is due.
    pub(crate) fn tick(&mut self, now: Duration) -> Vec<String> {
        let Some(last) = self.jobs.last() else {
            return Vec::new();
        };
        let block = Difficulty::of_target(&last.job.target);
        if self.vardiff.retarget(block, now) {
            self.send_job()
        } else {
            Vec::new()
        }
    }

    /// Counts a share, or gives a block for the node to look at.
    fn submit(&mut self, params: &[Value], now: Duration) -> Result<Option<Found<B>>, Reject> {
        if !self.subscribed {
            return Err(Reject::NotSubscribed);
        }
        let submission = Submission::read(params)?;
        match &self.worker {
            Some(own) if own == submission.worker => {}
            Some(own) => {
                return Err(Reject::Unauthorized(format!(
                    "this connection works for {own}"
                )));
            }
            None => return Err(Reject::Unauthorized("send mining.authorize first".into())),
        }
        let rolled = submission.version_bits.unwrap_or(0);
        if rolled & !self.version_mask != 0 {
            return Err(Reject::Other(format!(
                "version bits {rolled:08x} are outside the mask {:08x}",
                self.version_mask
            )));
        }
        let mask = submission.version_bits.map_or(0, |_| self.version_mask);
        let Some(assigned) = self.jobs.get_mut(submission.job) else {
            self.free = self.late_left > 0;
            self.late_left = self.late_left.saturating_sub(1);
            return Err(Reject::Stale(
                "the job is not of this tip, or too old".into(),
            ));
        };
        let extra_nonce = assigned.extra_nonce(self.extranonce1, submission.extranonce2, self.tag);
        assigned.check_time(submission.time, now)?;
        let job = &assigned.job;
        let version = job.version() & !mask | rolled;
        let header = assigned.solve(&extra_nonce, version, submission.time, submission.nonce);
        let hash = sha256d(&header);
        let difficulty = self
            .sent
            .unwrap_or(assigned.difficulty)
            .min(assigned.difficulty);
        if !difficulty.admits(&hash) {
            return Err(Reject::LowDifficulty);
        }
        let is_block = meets_target(&hash, &job.target);
        assigned.remember(hash, self.config.shares_per_job, is_block)?;
        let found = is_block.then(|| Found {
            block: assigned.block.clone(),
            header,
            extra_nonce,
        });
        self.vardiff.share(difficulty);
        self.counted = Some(difficulty);
        self.free = true;
        Ok(found)
    }

    /// The difficulty of the share that was counted since the last call, if one was.
    pub(crate) fn take_counted(&mut self) -> Option<Difficulty> {
        self.counted.take()
    }

    /// Whether the last line was a share that costs nothing: one that counts, for it took thousands of hashes to make, or
    /// one of some that came too late.
    pub(crate) fn take_free(&mut self) -> bool {
        std::mem::take(&mut self.free)
    }

    /// The node has answered to [`Step::Submit`].
    pub(crate) fn submitted(
        &mut self,
        id: &Value,
        result: Result<(), Reject>,
        now: Duration,
    ) -> Vec<String> {
        let result = result.map(|()| Value::Bool(true));
        let mut lines = vec![rpc::answer(id, result)];
        lines.extend(self.tick(now));
        lines
    }

    fn configure(&mut self, params: &[Value]) -> Value {
        let mut granted = Map::new();
        let wanted = params.first().and_then(Value::as_array);
        let options = params.get(1);
        for extension in wanted
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .take(16)
        {
            if extension == "version-rolling" {
                let mask = options
                    .and_then(|options| options.get("version-rolling.mask"))
                    .and_then(Value::as_str)
                    .map_or(Ok(u32::MAX), |mask| u32::from_str_radix(mask, 16))
                    .unwrap_or(0);
                self.version_mask = mask & self.config.version_mask;
                let is_granted = self.version_mask != 0;
                granted.insert(extension.into(), is_granted.into());
                if is_granted {
                    let mask = format!("{:08x}", self.version_mask);
                    granted.insert("version-rolling.mask".into(), mask.into());
                }
            } else {
                // No more of it than an extension's name can be long.
                let name: String = extension.chars().take(40).collect();
                granted.insert(name, false.into());
            }
        }
        granted.into()
    }
}

#[cfg(test)]
mod tests;
