//! The clocks of connected peers, where the node itself does not say that its own is off.

use crate::{output::count, time, view::Peer};

/// Clocks that differ by no more than these seconds show one time.
const ALIKE_S: u64 = 60;

/// The clocks that differ from this machine's.
pub(super) fn told(peers: &[Peer]) -> Vec<String> {
    let off = || peers.iter().filter_map(|peer| peer.clock_ahead_s);
    if is_own(&off().collect::<Vec<_>>(), peers.len()) {
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

    fn lines_of(clocks: &[Option<i64>]) -> Vec<String> {
        let peers = clocks.iter().map(|clock_ahead_s| Peer {
            id: "12D3KooWGQmdpzHXCqLno4mMxWXKNFQHASBeF99gTm2JR8Vu5Bdc".to_owned(),
            address: "127.0.0.1:19121".to_owned(),
            outbound: true,
            connected_for_s: 60,
            agent: "bolao".to_owned(),
            tip: None,
            clock_ahead_s: *clock_ahead_s,
        });
        told(&peers.collect::<Vec<_>>())
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
            let lines = lines_of(clocks);
            let [line] = &lines[..] else {
                panic!("{lines:?}");
            };
            assert!(line.contains(side), "{line}");
            assert!(line.contains("timedatectl set-ntp true"), "{line}");
        }
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
            let lines = lines_of(clocks);
            let owners = lines.iter().filter(|it| it.contains("its owner")).count();
            assert_eq!((lines.len(), owners), (named, named), "{lines:?}");
        }
    }
}
