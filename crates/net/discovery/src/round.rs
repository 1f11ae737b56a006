//! The article's three steps.
//!
//! 1. Every known node is asked whether it is there; who does not answer twice is dropped, and
//!    candidates that answer become known.
//! 2. Known nodes are asked for theirs.
//! 3. Register with seed servers, and ask them for their nodes.
//!
//! Steps 2 and 3 are left out as soon as enough nodes are known. What is learnt in them is
//! checked before it counts.
//!
//! Where we deviate: the article drops a node at the first silence; and when nobody is known,
//! the nodes that were dropped last are tried again, so that a node finds back after its own
//! network was gone.

use std::net::{IpAddr, Ipv4Addr};

use futures::{StreamExt, stream};
use rand::seq::SliceRandom;

use crate::{
    Discovery, Node, Refused, Scope,
    client::{AskError, Heard},
    config::Chain,
};

/// Requests to known nodes and seed servers at once.
const AT_ONCE: usize = 32;
/// Checks of candidates at once; the limit of checks on request holds as well.
const CANDIDATES_AT_ONCE: usize = 8;
/// New nodes taken from one list per round.
const LEARN_FROM_ONE: usize = 64;

/// A report of one round, in numbers of nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoundReport {
    /// Known nodes that did not answer and were dropped.
    pub dropped: usize,
    /// Nodes that answered for the first time.
    pub added: usize,
    /// Known nodes that gave their lists.
    pub asked: usize,
    /// Seed servers that gave their lists.
    pub seeds: usize,
    /// Nodes and seed servers whose lists could not be had.
    pub failed: usize,
    /// Entries of lists that were not taken: no nodes, too many, or not theirs to name.
    pub refused: usize,
    /// The last step that was taken.
    pub last_step: u8,
    /// Known nodes at the end.
    pub known: usize,
}

impl Discovery {
    /// Takes the three steps once.
    pub async fn round(&self) -> RoundReport {
        let mut report = RoundReport {
            last_step: 1,
            ..RoundReport::default()
        };
        self.recall_former();
        report.dropped = self.drop_silent().await;
        report.added += self.check_candidates().await;
        if self.wants_more() {
            report.last_step = 2;
            self.ask_known(&mut report).await;
            report.added += self.check_candidates().await;
        }
        if self.wants_more() && !self.inner.config.seeds.is_empty() {
            report.last_step = 3;
            self.ask_seeds(&mut report).await;
            report.added += self.check_candidates().await;
        }
        report.known = self.known().len();
        report
    }

    fn wants_more(&self) -> bool {
        self.known().len() < self.inner.config.kn_limit
    }

    async fn drop_silent(&self) -> usize {
        let nodes: Vec<Node> = self.known().list().to_vec();
        let silent: Vec<Node> = stream::iter(nodes)
            .map(|node| async move { (!self.check_twice(&node).await).then_some(node) })
            .buffer_unordered(AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await;
        silent
            .into_iter()
            .filter(|node| {
                tracing::info!(%node, "a node is gone");
                self.drop_silent_node(node)
            })
            .count()
    }

    async fn check_candidates(&self) -> usize {
        stream::iter(self.known().candidates())
            .map(|node| async move {
                if self.check_on_request(&node).await {
                    let new = self.known().promote(&node);
                    if new {
                        tracing::info!(%node, "found a node");
                    }
                    usize::from(new)
                } else {
                    self.known().remove_candidate(&node);
                    0
                }
            })
            .buffer_unordered(CANDIDATES_AT_ONCE)
            .fold(0, async |sum, new| sum + new)
            .await
    }

    async fn ask_known(&self, report: &mut RoundReport) {
        let mut nodes: Vec<Node> = self.known().list().to_vec();
        nodes.shuffle(&mut rand::rng());
        let lists = stream::iter(nodes).map(|node| async move {
            let list = self.inner.client.nodes_of(&node).await;
            list.inspect_err(|error| tracing::debug!(%node, %error, "no list of nodes"))
        });
        let lists = lists.buffer_unordered(AT_ONCE).collect().await;
        report.asked = self.learn_all(lists, report);
    }

    async fn ask_seeds(&self, report: &mut RoundReport) {
        let lists = stream::iter(self.inner.config.seeds.clone()).map(|seed| async move {
            let list = self.inner.client.register_at(&seed, self.own()).await;
            list.inspect_err(|error| {
                tracing::warn!(%seed, error = %Chain(error), "no list from the seed server");
            })
        });
        let lists = lists.buffer_unordered(AT_ONCE).collect().await;
        report.seeds = self.learn_all(lists, report);
    }

    /// Notes what lists name; how many came.
    fn learn_all(&self, lists: Vec<Result<Heard, AskError>>, report: &mut RoundReport) -> usize {
        let mut came = 0;
        for list in lists {
            match list {
                Ok(heard) => {
                    came += 1;
                    report.refused += self.learn(heard);
                }
                Err(_) => report.failed += 1,
            }
        }
        came
    }

    /// Notes what a list names; how many entries were not taken.
    fn learn(&self, heard: Heard) -> usize {
        // An address that is not known counts as the outermost.
        let source = heard.from.unwrap_or(IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)));
        let mut refused = heard.skipped;
        let mut room = LEARN_FROM_ONE;
        for node in heard.nodes {
            if self.known().is_own(&node) {
                continue;
            }
            if room == 0 {
                refused += 1;
                continue;
            }
            match self.note(node, source) {
                Ok(true) => room -= 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::debug!(%error, "a node that was named is not taken");
                    refused += 1;
                }
            }
        }
        refused
    }

    fn note(&self, node: Node, source: IpAddr) -> Result<bool, Refused> {
        let new = self.known().add_candidate(node, source)?;
        // On this machine the list's own bounds are enough.
        if new && node.scope() != Scope::Loopback && !self.may_check(&node, None) {
            self.known().remove_candidate(&node);
            return Err(Refused::TooOften(node));
        }
        Ok(new)
    }
}
