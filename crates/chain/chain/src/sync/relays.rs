//! Others' messages that are passed on to one peer.
//!
//! Whoever is connected to all validators has heard them before, and says so. Then what is passed on to it waits twice as long
//! the next time, and by then the height is mostly decided: so many validators that all know one another do not drown in
//! their own echoes. Whoever is behind a router hears what is new to it at once.
//!
//! What it did not answer is kept, and sent again after a while, until it does or the vote is over: nobody repeats others' votes.

use std::{collections::VecDeque, sync::Arc};

/// After how long a message is passed on at first, in milliseconds.
const FIRST_MS: u64 = 50;
/// The longest that one waits, in milliseconds: this for each peer that there is. In a small pool echoes cost little, and
/// what reaches everybody twice is how a validator is found out that tells different peers different things.
const LONGEST_PER_PEER_MS: u64 = 75;
/// After how long what was not answered is sent again, in milliseconds.
const AGAIN_MS: u64 = 1_000;
/// The most that wait, and the most that are kept.
const MAX_QUEUED: usize = 2_048;

/// The queue of messages that wait for one peer.
#[derive(Debug)]
pub(super) struct Relays {
    /// When it is due, in milliseconds, and the message.
    queue: VecDeque<(u64, Arc<[u8]>)>,
    /// The same of those that were not answered.
    kept: VecDeque<(u64, Arc<[u8]>)>,
    wait_ms: u64,
}

impl Default for Relays {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            kept: VecDeque::new(),
            wait_ms: FIRST_MS,
        }
    }
}

impl Relays {
    pub(super) fn put(&mut self, now_ms: u64, message: Arc<[u8]>) {
        if self.queue.len() >= MAX_QUEUED {
            self.queue.pop_front();
        }
        let due_ms = now_ms.saturating_add(self.wait_ms);
        self.queue.push_back((due_ms, message));
    }

    /// Keeps messages that were not answered.
    pub(super) fn keep(&mut self, now_ms: u64, messages: &[Vec<u8>]) {
        let due_ms = now_ms.saturating_add(AGAIN_MS);
        for message in messages {
            if self.kept.len() >= MAX_QUEUED {
                self.kept.pop_front();
            }
            self.kept.push_back((due_ms, Arc::from(message.as_slice())));
        }
    }

    pub(super) fn clear(&mut self) {
        self.queue.clear();
        self.forget_kept();
    }

    pub(super) fn forget_kept(&mut self) {
        self.kept.clear();
    }

    /// When something is due.
    pub(super) fn next_ms(&self) -> Option<u64> {
        let fronts = self.queue.front().into_iter().chain(self.kept.front());
        fronts.map(|(due_ms, _)| *due_ms).min()
    }

    /// Takes the messages that are due; at most so many, and so many bytes of them.
    pub(super) fn take(&mut self, now_ms: u64, most: usize, room: usize) -> Vec<Vec<u8>> {
        let (mut taken, mut used) = (Vec::new(), 0_usize);
        for queue in [&mut self.queue, &mut self.kept] {
            while taken.len() < most
                && let Some((due_ms, next)) = queue.front()
                && *due_ms <= now_ms
            {
                used = used.saturating_add(next.len()).saturating_add(4);
                if used > room && !taken.is_empty() {
                    return taken;
                }
                taken.extend(queue.pop_front().map(|(_, message)| message.to_vec()));
            }
        }
        taken
    }

    /// Whether what was passed on last was news there, as far as that is known.
    pub(super) fn are_news(&self) -> bool {
        self.wait_ms == FIRST_MS
    }

    /// Notes whether what was passed on said anything new there, among so many peers; if so, the rest is due.
    pub(super) fn were(&mut self, news: bool, peers: usize) {
        if !news {
            let peers = u64::try_from(peers).unwrap_or(u64::MAX);
            let longest = LONGEST_PER_PEER_MS.saturating_mul(peers);
            self.wait_ms = longest.min(self.wait_ms.saturating_mul(2)).max(FIRST_MS);
            return;
        }
        self.wait_ms = FIRST_MS;
        for (due_ms, _) in self.queue.iter_mut().chain(&mut self.kept) {
            *due_ms = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_knows_it_all_is_told_later() {
        let mut relays = Relays::default();
        for wait in [50, 100, 200, 400, 800, 1_500, 1_500] {
            relays.put(7, Arc::from([1]));
            assert_eq!(relays.next_ms(), Some(7 + wait));
            assert!(relays.take(6 + wait, 9, 99).is_empty());
            assert_eq!(relays.take(7 + wait, 9, 99), [[1]]);
            relays.were(false, 20);
        }
        relays.put(0, Arc::from([1]));
        relays.were(true, 20);
        assert_eq!(relays.take(0, 9, 99), [[1]]);
        for message in 0..3 {
            relays.put(0, Arc::from([message; 10]));
        }
        assert_eq!(relays.take(50, 9, 28).len(), 2);
        assert_eq!(relays.take(50, 9, 28), [[2; 10]]);
    }

    #[test]
    fn what_was_not_answered_is_sent_again_until_the_vote_is_over() {
        let mut relays = Relays::default();
        relays.keep(5, &[vec![1], vec![2]]);
        assert_eq!(relays.next_ms(), Some(5 + AGAIN_MS));
        assert!(relays.take(4 + AGAIN_MS, 9, 99).is_empty());
        assert_eq!(relays.take(5 + AGAIN_MS, 9, 99), [[1], [2]]);
        relays.keep(5, &[vec![3]]);
        relays.forget_kept();
        assert_eq!(relays.next_ms(), None);
        let many = vec![vec![4]; MAX_QUEUED + 7];
        relays.keep(5, &many);
        assert_eq!(relays.kept.len(), MAX_QUEUED);
    }
}
