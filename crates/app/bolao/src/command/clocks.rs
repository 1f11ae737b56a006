//! The clocks of connected peers, where the node itself does not say that its own is off.

use bolao_api::{
    body::{DatedAhead, moment},
    clock_in_doubt,
};
use bolao_chain::ClockDoubt;
use bolao_rulebook::{Finding, Said, finding, part};
use jiff::Timestamp;

use crate::{time, view::Peer};

/// Clocks that differ by no more than these seconds show one time.
const ALIKE_S: u64 = 60;

/// The most matches that are named.
const NAMED: usize = 5;

/// The doubt for which a node that decides alone makes no block.
pub(super) fn in_doubt(doubt: &ClockDoubt) -> Finding {
    clock_in_doubt(doubt, &time::span(doubt.ahead_s.unsigned_abs()))
}

/// A block that names a time which is far from come.
pub(super) fn dated_ahead(found: &DatedAhead) -> Finding {
    let (block, time) = (found.block, moment(found.block.time));
    let since = |from: Timestamp| time.as_second().saturating_sub(from.as_second());
    let after = time::span(u64::try_from(since(moment(found.before))).unwrap_or(0));
    let named: Vec<&str> = found.closed.iter().map(|it| it.code.as_str()).collect();
    let passed = if named.is_empty() {
        part!("part-closed-none")
    } else {
        let first: Vec<&str> = named.iter().take(NAMED).copied().collect();
        let more = if named.len() > NAMED { ", …" } else { "" };
        let codes = format!("{}{more}", first.join(", "));
        let count = u64::try_from(named.len()).unwrap_or(u64::MAX);
        part!("part-closed", count: count, codes: codes)
    };
    let ahead = ahead(since(Timestamp::now()));
    finding!("block-dated-ahead", height: block.height, time: time, ahead: ahead, after: after, passed: passed)
}

/// On which side of another clock one is.
pub(super) fn ahead(ahead_s: i64) -> Said {
    let code = if ahead_s < 0 {
        "part-behind"
    } else {
        "part-ahead"
    };
    part!(code, span: time::span(ahead_s.unsigned_abs()))
}

/// The clocks that differ from this machine's. Where it agrees with those of validators (`agrees`), others are the wrong ones.
pub(super) fn told(peers: &[Peer], agrees: bool) -> Vec<Finding> {
    let off = || peers.iter().filter_map(|peer| peer.clock_ahead_s);
    if !agrees && is_own(&off().collect::<Vec<_>>(), peers.len()) {
        let nearest = off().min_by_key(|it| it.unsigned_abs()).unwrap_or(0);
        let peers = u64::try_from(off().count()).unwrap_or(u64::MAX);
        let ahead = ahead(nearest.saturating_neg());
        return vec![finding!("clock-probably-wrong", ahead: ahead, peers: peers)];
    }
    let of_peer = |peer: &Peer| {
        let ahead = ahead(peer.clock_ahead_s?);
        Some(finding!("clock-of-peer", address: &*peer.address, ahead: ahead))
    };
    peers.iter().filter_map(of_peer).collect()
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
        let told = told(&peers.collect::<Vec<_>>(), agrees);
        told.into_iter().map(|it| it.text).collect()
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
