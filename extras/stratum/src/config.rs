//! What a Stratum server may be made to spend, and how often miners report.

use std::time::Duration;

use crate::difficulty::Difficulty;

/// The bits of a header's version that BIP 320 sets aside for miners.
const BIP320_MASK: u32 = 0x1fff_e000;

/// The settings of a Stratum server. The defaults suit a pool among friends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StratumConfig {
    /// Connections from other machines at once.
    pub connections: usize,
    /// Connections at once from one IPv4 address or IPv6 /64 network.
    pub connections_per_address: usize,
    /// Connections from this machine at once, counted apart.
    pub connections_loopback: usize,
    /// The longest line that a miner may send, in bytes without its end.
    pub line_bytes: usize,
    /// From the connection until a worker is authorized.
    pub handshake_timeout: Duration,
    /// Lines until a worker is authorized; a miner needs less than ten.
    pub handshake_lines: u32,
    /// The time for which a connection that broke these rules is left unread before it is closed, so that it
    /// cannot come back at once.
    pub penalty: Duration,
    /// The longest time without a whole line from an authorized miner.
    pub idle_timeout: Duration,
    /// The time that a miner may take to accept what is sent to it.
    pub write_timeout: Duration,
    /// The time that the [`JobSource`](crate::JobSource) may take for one answer. A node that is busy lets a
    /// block wait for its turn.
    pub source_timeout: Duration,
    /// The time for which a connection keeps its place without a share that counts, when a newcomer finds none.
    pub share_timeout: Duration,
    /// Lines that one connection is heard for in a second, on average; more wait in its socket. A line counts once more
    /// for each 512 bytes. Shares that count are free, for they cost their miner more than the server.
    pub lines_per_second: u32,
    /// Lines that one connection is heard for at once.
    pub lines_burst: u32,
    /// Shares that come late for a tip that has gone and are not counted among the lines: a fast miner sends many before
    /// it hears of the new block, and its good ones wait behind them.
    pub late_shares: u32,
    /// Lines in a minute that are no Stratum request, or for no method that there is, before the connection ends.
    pub bad_lines: u32,
    /// The time after which a job is renewed for its time alone.
    pub refresh: Duration,
    /// The shortest time between two jobs on the same tip that a [`Change`](crate::Change) causes.
    pub refresh_min: Duration,
    /// Jobs that a connection may still submit shares for, all on the same tip.
    pub jobs: usize,
    /// Shares that one job takes; then the miner gets another job.
    pub shares_per_job: usize,
    /// The share difficulty of a new connection, as long as no block needs less.
    pub start_difficulty: Difficulty,
    /// The lowest share difficulty, as long as no block needs less.
    pub min_difficulty: Difficulty,
    /// The shares a minute that a miner's difficulty is set for.
    pub shares_per_minute: u32,
    /// The bits of a header's version that miners may roll (BIP 310); 0: none.
    pub version_mask: u32,
}

impl Default for StratumConfig {
    fn default() -> Self {
        Self {
            connections: 256,
            connections_per_address: 64,
            connections_loopback: 256,
            line_bytes: 8 * 1024,
            handshake_timeout: Duration::from_secs(15),
            handshake_lines: 20,
            penalty: Duration::from_secs(1),
            idle_timeout: Duration::from_mins(10),
            write_timeout: Duration::from_secs(10),
            source_timeout: Duration::from_secs(15),
            share_timeout: Duration::from_mins(3),
            lines_per_second: 50,
            lines_burst: 100,
            late_shares: 256,
            bad_lines: 20,
            refresh: Duration::from_secs(30),
            refresh_min: Duration::from_secs(10),
            jobs: 16,
            shares_per_job: 4096,
            start_difficulty: Difficulty::from_hashes(22),
            min_difficulty: Difficulty::from_hashes(12),
            shares_per_minute: 12,
            version_mask: BIP320_MASK,
        }
    }
}
