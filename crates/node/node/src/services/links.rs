//! Whose key of TLS is behind the pool's links: said, looked at and read in public logs among players' nodes, so that no relay opens
//! what is encrypted for its home unseen.
//!
//! - A node whose page has a link of HTTPS says by which keys, signed with its player's key ([`own`]). A relay that gets a
//!   certificate for the name has another key, and can sign nothing in the player's name.
//! - Every node asks its peers every few seconds for all that is said so. What comes is bounded: from players and organisers only,
//!   the last word of each about a link, a few of a kind each ([`crate::reach::links`]).
//! - Every node reads in public logs which certificates there are for the links' names ([`logs`]): what is only shown to browsers
//!   stands there, too. It also opens the links of others at times that nobody knows ([`looks`]). If it finds another key, it says
//!   so, under its player's name, once the link's node had the time to say that the key is its own ([`doubt`]).
//! - A node says when it starts, too, so that two with the keys of one home hear of each other ([`copies`]). It goes on telling that
//!   to whoever asks: by it a peer's node is known for a player's ([`crate::reach::links::Links::player_of`]), whatever the time is.
//! - What an organiser's node says about who may look goes the same way ([`crate::services::viewers`]).
//! - Whoever has both, a link's keys and that somebody found another, tells it: everybody does, soon, the link's own node as well
//!   ([`telling`]).

pub(crate) mod copies;
mod doubt;
pub(crate) mod logs;
pub(crate) mod looks;
pub(crate) mod own;
pub(crate) mod telling;

use std::{collections::BTreeMap, time::Duration};

use bolao_chain::Request;
use bolao_ledger::encode;
use bolao_network::{PeerId, PeerInfo};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{pool::Pool, reach::links::IDS, services::Service};

/// Between two looks who is connected.
const LOOKS: Duration = Duration::from_millis(500);
/// From one question to a peer to the next.
const ASKS: Duration = Duration::from_secs(10);

/// The service that asks every peer what is said, when it comes and every few seconds; what they answer comes by the bridge.
pub(crate) struct Asking;

impl Service for Asking {
    async fn run(self, pool: Pool) {
        let mut ticks = interval(LOOKS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let question = encode(&Request::Said {});
        let mut asked: BTreeMap<PeerId, Instant> = BTreeMap::new();
        for id in IDS.. {
            ticks.tick().await;
            let peers = pool.network.peers();
            asked.retain(|peer, _| peers.iter().any(|it| it.peer == *peer));
            for PeerInfo { peer, since, .. } in peers {
                let is_new = |at: &Instant| at.elapsed() < ASKS && *at >= since;
                if asked.get(&peer).is_some_and(is_new) {
                    continue;
                }
                asked.insert(peer, Instant::now());
                // One that cannot be asked now is asked the next time.
                let _ = pool.network.request(peer, id, question.clone());
            }
        }
    }
}
