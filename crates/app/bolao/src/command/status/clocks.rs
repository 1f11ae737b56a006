//! The clocks of connected peers, where the node itself does not say that its own is off.

use bolao_api::body::DatedAheadBody;
use bolao_chain::ClockDoubt;
use jiff::Timestamp;

use crate::{output::count, time, view::Peer};

/// Clocks that differ by no more than these seconds show one time.
const ALIKE_S: u64 = 60;

/// The most matches that are named.
const NAMED: usize = 5;

/// The doubt for which a node that decides alone makes no block.
pub(in super::super) fn in_doubt(doubt: &ClockDoubt) -> String {
    format!(
        "this machine's clock is in doubt: it is {} {}. No block is made until that is settled, since no other node \
        decides on them: set the clock from the network (NTP: `timedatectl set-ntp true`), or, if it is right, say so \
        with `bolao clock trust`",
        time::ahead_of(doubt.ahead_s),
        doubt.cause.whom(),
    )
}

/// A block that names a time which is far from come.
pub(in super::super) fn dated_ahead(block: &DatedAheadBody) -> String {
    let before = block.before.as_second();
    let after = block.time.as_second().saturating_sub(before);
    let ahead = block
        .time
        .as_second()
        .saturating_sub(Timestamp::now().as_second());
    let passed = match &block.closed[..] {
        [] => "no betting has ended by that".to_owned(),
        closed => {
            let named: Vec<&str> = closed
                .iter()
                .take(NAMED)
                .map(|it| it.code.as_str())
                .collect();
            let more = if closed.len() > NAMED { ", …" } else { "" };
            let betting = count(closed.len(), "match", "matches");
            format!(
                "by that the betting on {betting} has ended: {}{more}",
                named.join(", ")
            )
        }
    };
    format!(
        "block {} is dated {}, {} this machine's clock, and {} after the block before it; {passed}. If this clock is \
        right, the one that made the block was wrong. A final block is never taken back: play what it has closed in \
        a new pool (`bolao new`)",
        block.height,
        time::local(block.time),
        time::ahead_of(ahead),
        time::span(u64::try_from(after).unwrap_or(0)),
    )
}

/// The clocks that differ from this machine's. Where it agrees with those of validators (`agrees`), others are the wrong ones.
pub(super) fn told(peers: &[Peer], agrees: bool) -> Vec<String> {
    let off = || peers.iter().filter_map(|peer| peer.clock_ahead_s);
    if !agrees && is_own(&off().collect::<Vec<_>>(), peers.len()) {
        let nearest = off().min_by_key(|it| it.unsigned_abs()).unwrap_or(0);
        return vec![format!(
            "{} those of {}, which agree with each other: this machine's clock is probably wrong. Set it from the \
            network (NTP: `timedatectl set-ntp true`), because deadlines and blocks depend on it",
            time::ahead_of(nearest.saturating_neg()),
            count(off().count(), "peer", "peers"),
        )];
    }
    let off = peers
        .iter()
        .filter_map(|peer| Some((&peer.address, peer.clock_ahead_s?)));
    let of_peer = |(address, ahead_s)| {
        format!(
            "that of {address} is {} yours; its owner should set it, because deadlines and blocks depend on it",
            time::ahead_of(ahead_s)
        )
    };
    off.map(of_peer).collect()
}

/// Whether two or more, and most of all peers, are nearer to one another than to this machine's clock.
fn is_own(off: &[i64], peers: usize) -> bool {
    let (Some(first), Some(last)) = (off.iter().min(), off.iter().max()) else {
        return false;
    };
    let nearest = first.unsigned_abs().min(last.unsigned_abs());
    off.len() > 1 && off.len() * 2 > peers && last.abs_diff(*first) <= nearest.min(ALIKE_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(clocks: &[Option<i64>], agrees: bool) -> Vec<String> {
        let peers = clocks.iter().map(|clock_ahead_s| Peer {
            id: "12D3KooWGQmdpzHXCqLno4mMxWXKNFQHASBeF99gTm2JR8Vu5Bdc".to_owned(),
            address: "127.0.0.1:19121".to_owned(),
            outbound: true,
            connected_for_s: 60,
            agent: "bolao".to_owned(),
            tip: None,
            clock_ahead_s: *clock_ahead_s,
        });
        told(&peers.collect::<Vec<_>>(), agrees)
    }

    #[test]
    fn where_most_peers_agree_with_one_another_it_is_the_own_clock_that_is_wrong() {
        for (clocks, side) in [
            (&[Some(3_600), Some(3_602)][..], "60 min behind those of 2"),
            (
                &[Some(-3_600), Some(-3_620), None][..],
                "60 min ahead of those of 2",
            ),
            (&[Some(6), Some(8), Some(7)][..], "6 s behind those of 3"),
        ] {
            let lines = lines_of(clocks, false);
            let [line] = &lines[..] else {
                panic!("{lines:?}");
            };
            assert!(line.contains(side), "{line}");
            assert!(line.contains("timedatectl set-ntp true"), "{line}");
        }
    }

    /// Anybody may be many nodes.
    #[test]
    fn strangers_do_not_contradict_validators() {
        let lines = lines_of(&[Some(28_800); 6], true);
        let is_others = |line: &String| line.contains("its owner should set it");
        assert!(lines.len() == 6 && lines.iter().all(is_others), "{lines:?}");
    }

    #[test]
    fn a_peer_that_stands_alone_is_named() {
        for (clocks, named) in [
            (&[Some(3_600)][..], 1),
            (&[Some(3_600), None, None][..], 1),
            (&[Some(3_600), Some(-3_600)][..], 2),
            (&[Some(6), Some(60)][..], 2),
            (&[Some(3_600), Some(3_602), None, None][..], 2),
            (&[None][..], 0),
        ] {
            let lines = lines_of(clocks, false);
            let owners = lines.iter().filter(|it| it.contains("its owner")).count();
            assert_eq!((lines.len(), owners), (named, named), "{lines:?}");
        }
    }
}
