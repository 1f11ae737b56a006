//! A whole conversation without a socket and a node, for the fuzzer and for tests.

use std::{sync::Arc, time::Duration};

use bolao_work::{Job, sha256d};
use bytes::BytesMut;
use tokio_util::codec::{Decoder as _, LinesCodec};

use crate::{
    config::StratumConfig,
    reject::Reject,
    session::{Session, Step},
};

/// The time of every job.
pub const TIME: u32 = 1_900_000_000;

/// The connection's part of the extra nonce: every job's id begins with it.
pub const EXTRANONCE1: [u8; 4] = [1, 2, 3, 4];

/// Gives the lines that a miner who sends `input` gets for each of its own, until the server would hang up.
///
/// Every 16th hash makes a block; the node takes some, and its tip is another then. It knows every worker whose name does
/// not begin with `z`. A second passes with every tenth line.
#[must_use]
pub fn converse(input: &[u8]) -> Vec<Vec<String>> {
    let config = Arc::new(StratumConfig::default());
    let mut codec = LinesCodec::new_with_max_length(config.line_bytes);
    let mut input = BytesMut::from(input);
    let mut session = Session::new(config, EXTRANONCE1, [0xaa; 4]);
    let (mut now, mut tip) = (Duration::ZERO, 0);
    let mut turns = Vec::new();
    while let Ok(Some(line)) = codec.decode_eof(&mut input) {
        now += Duration::from_millis(100);
        let mut sent = match session.line(&line, now) {
            Step::Send(lines) => lines,
            Step::Authorize { id, worker } => {
                let known = if worker.starts_with('z') {
                    Err(Reject::Unauthorized("no player".into()))
                } else {
                    Ok(job(tip))
                };
                session.authorized(&id, worker, known, now)
            }
            Step::Submit { id, found } => {
                let [first, ..] = sha256d(&found.header);
                let result = match first % 4 {
                    0 => Ok(()),
                    1 => Err(Reject::Stale("the chain has moved on".into())),
                    2 => Err(Reject::Other("bad-merkle-root".into())),
                    _ => Err(Reject::not_taken("busy")),
                };
                let moved = result.is_ok();
                let mut lines = session.submitted(&id, result, now);
                if moved {
                    tip = found.block.wrapping_add(1);
                    lines.extend(session.renew(job(tip), now));
                }
                lines
            }
            Step::Close => break,
        };
        let _ = (session.take_counted(), session.take_free());
        if session.is_job_spent() {
            sent.extend(session.renew(job(tip), now));
        }
        sent.extend(session.tick(now));
        turns.push(sent);
    }
    turns
}

/// A job on a tip whose bytes are all `tip`.
pub(crate) fn job(tip: u8) -> (Job, u8) {
    let mut header = [0; 80];
    header[0] = 2;
    header[4..36].fill(tip);
    header[68..72].copy_from_slice(&TIME.to_le_bytes());
    let mut target = [0xff; 32];
    target[31] = 0x0f;
    let job = Job {
        coinbase_prefix: vec![7; 50],
        merkle_branch: vec![[8; 32], [9; 32]],
        min_time: TIME - 10,
        max_time: TIME + 10,
        ..Job::new(header, target)
    };
    (job, tip)
}

#[cfg(test)]
mod tests;
