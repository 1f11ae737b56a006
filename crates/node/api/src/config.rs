//! What the operator decides.

use std::time::Duration;

use crate::Page;

/// The operator's settings of the HTTP API.
#[derive(Clone, Debug, Default)]
pub struct ApiConfig {
    /// The page that browsers get.
    pub page: Page,
    /// True if the betting article's routes answer.
    pub classic: bool,
    /// True if they answer callers on other machines too. They sign without asking.
    pub classic_anyone: bool,
    /// Origins besides this machine's whose pages may call the classic routes, such as
    /// `https://bets.example`.
    pub classic_origins: Vec<String>,
    /// Names besides `localhost`, IP literals and those that [`crate::LiveNode::answers_to`] knows, under which this node may be addressed.
    pub hosts: Vec<String>,
}

/// Requests worked on at once, from this machine and from others; more are answered 503.
pub(crate) const REQUESTS_AT_ONCE: usize = 256;
/// Reads of the store at once; more wait within [`QUICK`].
pub(crate) const READS_AT_ONCE: usize = 16;
/// Long answers at once, each of which holds a snapshot and a thread.
pub(crate) const STREAMS_AT_ONCE: usize = 32;
/// Whole exports at once, from this machine and from others.
pub(crate) const EXPORTS_AT_ONCE: usize = 2;
/// Listeners to events at once, from this machine and from others.
pub(crate) const WATCHERS_AT_ONCE: usize = 128;
/// Those of them that one address may have. A newcomer takes the place of one of an address that has far more.
pub(crate) const WATCHERS_PER_ADDRESS: usize = 16;
/// Miners that wait for their next template, on this machine and on others.
pub(crate) const MINERS_AT_ONCE: usize = 64;
/// Those of them that one address may have, so that it cannot take every place.
pub(crate) const MINERS_PER_ADDRESS: usize = 16;
/// Calls that mine or ask peers at once; those of the classic routes wait for one another.
pub(crate) const SLOW_CALLS_AT_ONCE: usize = 8;
/// Until the head of an ordinary answer is ready, its request's body included.
pub(crate) const QUICK: Duration = Duration::from_secs(10);
/// The longest wait of a miner for its next template.
pub(crate) const LONG_POLL: Duration = Duration::from_secs(25);
/// Until a block that a miner found is answered: longer than the node lets it wait for a place in the core's queue, and
/// shorter than this program waits for an answer.
pub(crate) const SUBMIT_WORK: Duration = Duration::from_secs(18);
/// The same for calls that mine or ask peers.
pub(crate) const SLOW: Duration = Duration::from_mins(2);
/// The longest time to stream one answer, and so to hold a snapshot.
pub(crate) const STREAM_TIME: Duration = Duration::from_mins(10);
/// The time that browsers may keep the answer to a preflight.
pub(crate) const CORS_KEPT: Duration = Duration::from_mins(10);
/// Body of a classic request, bytes.
pub(crate) const CLASSIC_BODY: usize = 16 * 1024;
/// Body of a block handed to `/receive-new-block`, bytes.
pub(crate) const BLOCK_BODY: usize = 4 * 1024 * 1024;
/// Dry runs at once for callers elsewhere, of whom more are answered 503, and as many for those of this machine, who wait
/// for one another.
pub(crate) const DRY_RUNS_AT_ONCE: usize = 2;
/// Body of a request to submit or try transactions, bytes: as many as one dry run takes, each of a round of ten bets.
pub(crate) const SUBMIT_BODY: usize = 256 * 1024;
/// Bodies with files of fixtures that are received at once. One that comes slowly makes room for a newcomer.
pub(crate) const PLAN_BODIES_AT_ONCE: usize = 32;
/// Those of them that one address may have.
pub(crate) const PLAN_BODIES_PER_ADDRESS: usize = 2;
/// Plans for one address elsewhere, each of which may take a second: on and on, and in a row after a pause.
pub(crate) const PLANS_PER_MINUTE: u32 = 6;
/// See [`PLANS_PER_MINUTE`].
pub(crate) const PLANS_IN_A_ROW: u32 = 6;
/// Players that one address elsewhere hands over or takes over: on and on, and in a row after a pause.
pub(crate) const HANDOVERS_PER_MINUTE: u32 = 6;
/// See [`HANDOVERS_PER_MINUTE`].
pub(crate) const HANDOVERS_IN_A_ROW: u32 = 12;
/// Addresses whose pace is remembered at once.
pub(crate) const ADDRESSES_PACED: usize = 4_096;
/// Body of a request with such a file, bytes: hundreds of matches, however a calendar describes them.
pub(crate) const PLAN_BODY: usize = 1024 * 1024;
/// Body of a request to `/api/v1`, bytes.
pub(crate) const V1_BODY: usize = 64 * 1024;
