//! The witnesses to the time besides the own clock, as far as they were heard, and what each kind of them says together.
//!
//! - The **network** that sets the machine's clock, where the kernel says that one does.
//! - **Dates** of answers over TLS, each server's newest.
//! - **Players**: their connected nodes, and the words that their pages signed. Each player counts once. Whoever is no player
//!   counts for nothing, since anybody may be many strangers.

use std::{collections::BTreeMap, sync::Arc};

use bolao_ledger::{AccountId, UnixSeconds};
use bolao_store::BootTime;

use super::{
    arrivals::{CONTRADICTS_S, TOLD_MS},
    proven::Moment,
};
use crate::io::{ClockWitness, Now, Testimony};

/// The most servers, and the most players with a page, whose last word is remembered.
const MOST: usize = 64;

/// The words of the witnesses of one kind, each as the number of seconds by which our clock is ahead of it.
#[derive(Debug, Default)]
pub(super) struct Side(Vec<i64>);

impl Side {
    fn of(words: impl IntoIterator<Item = i64>) -> Self {
        let mut words: Vec<i64> = words.into_iter().collect();
        words.sort_unstable();
        Self(words)
    }

    fn off(&self) -> impl Iterator<Item = i64> {
        self.0.iter().copied().filter(|it| contradicts(*it))
    }

    /// Whether they are even: as many contradict as agree.
    pub(super) fn is_even(&self) -> bool {
        self.off().count() * 2 == self.0.len()
    }

    pub(super) fn testimony(&self) -> Testimony {
        if self.0.is_empty() {
            Testimony::Silent
        } else if self.off().count() * 2 < self.0.len() {
            Testimony::Agrees
        } else {
            Testimony::Contradicts
        }
    }

    pub(super) fn agrees(&self) -> bool {
        self.testimony() == Testimony::Agrees
    }

    pub(super) fn contradicts(&self) -> bool {
        self.testimony() == Testimony::Contradicts
    }

    /// The nearest of those that contradict.
    pub(super) fn nearest_off(&self) -> i64 {
        self.off().min_by_key(|it| it.unsigned_abs()).unwrap_or(0)
    }

    /// The time that has passed by most of them, where they agree; no later than our clock's.
    pub(super) fn vouched(&self, now: UnixSeconds) -> Option<UnixSeconds> {
        // Of two in the middle, the one by which it is earlier.
        let middle = self.0.get(self.0.len() / 2).filter(|_| self.agrees())?;
        let ahead_s = u64::try_from(*middle).unwrap_or(0);
        Some(UnixSeconds(now.0.saturating_sub(ahead_s)))
    }
}

/// Whether a clock that is so far off cannot be right beside another.
pub(crate) fn contradicts(ahead_s: i64) -> bool {
    ahead_s.unsigned_abs() > CONTRADICTS_S
}

/// A time that somebody told, and when.
#[derive(Clone, Copy, Debug)]
struct Told {
    time: UnixSeconds,
    at_ms: u64,
}

impl Told {
    /// The number of seconds by which our clock is ahead of it now.
    fn ahead_s(self, now: Now) -> Option<i64> {
        let since_ms = now.mono_ms.saturating_sub(self.at_ms);
        let theirs = self.time.0.saturating_add(since_ms / 1_000);
        let counts = since_ms < TOLD_MS;
        now.unix.0.checked_signed_diff(theirs).filter(|_| counts)
    }
}

/// Notes the newest word of one; beyond the most that are remembered, the oldest goes.
fn note<K: Ord + Clone>(all: &mut BTreeMap<K, Told>, of: K, told: Told) {
    all.insert(of, told);
    if all.len() > MOST {
        let oldest = all.iter().min_by_key(|(_, told)| told.at_ms);
        let oldest = oldest.map(|(of, _)| of.clone());
        oldest.and_then(|of| all.remove(&of));
    }
}

/// The witnesses that were heard.
#[derive(Debug, Default)]
pub(super) struct Witnesses {
    /// The number of seconds by which our clock is ahead of the kernel's, and whether the network sets that.
    pub(super) kernel: Option<(i64, bool)>,
    /// The clock that counts from the machine's start, and when it was read.
    boot: Option<(BootTime, u64)>,
    dates: BTreeMap<Arc<str>, Told>,
    pages: BTreeMap<AccountId, Told>,
    /// When the operator said that the clock is right.
    pub(super) trusted: Option<(UnixSeconds, Moment)>,
}

impl Witnesses {
    pub(super) fn hear(&mut self, now: Now, witness: ClockWitness) {
        let told = |time| Told {
            time,
            at_ms: now.mono_ms,
        };
        match witness {
            ClockWitness::Kernel {
                ahead_s,
                synchronised,
            } => self.kernel = Some((ahead_s, synchronised)),
            ClockWitness::Boot(boot) => self.boot = Some((boot, now.mono_ms)),
            ClockWitness::Date { server, time } => note(&mut self.dates, server, told(time)),
            ClockWitness::Page { player, time } => note(&mut self.pages, player, told(time)),
            ClockWitness::Operator => self.trusted = Some((now.unix, self.moment(now))),
        }
    }

    /// Now, by the clocks that no network sets.
    pub(super) fn moment(&self, now: Now) -> Moment {
        Moment {
            mono_ms: Some(now.mono_ms),
            boot: self.boot.map(|(boot, read_ms)| BootTime {
                ms: boot.ms.saturating_add(now.mono_ms.saturating_sub(read_ms)),
                ..boot
            }),
        }
    }

    /// The clock was set, or the machine slept: what was told before is measured by neither clock.
    pub(super) fn leapt(&mut self) {
        self.dates.clear();
        self.pages.clear();
    }

    pub(super) fn dates(&self, now: Now) -> Side {
        Side::of(self.dates.values().filter_map(|told| told.ahead_s(now)))
    }

    /// The side of the players, of whom these have connected nodes: a page counts where its player has none.
    pub(super) fn players(&self, now: Now, nodes: &[(AccountId, i64)]) -> Side {
        let mut words: BTreeMap<AccountId, i64> = BTreeMap::new();
        for (player, told) in &self.pages {
            words.extend(told.ahead_s(now).map(|ahead_s| (*player, ahead_s)));
        }
        let mut of_nodes: BTreeMap<AccountId, i64> = BTreeMap::new();
        for (player, ahead_s) in nodes {
            let known = of_nodes.entry(*player).or_insert(*ahead_s);
            if ahead_s.unsigned_abs() > known.unsigned_abs() {
                *known = *ahead_s;
            }
        }
        words.extend(of_nodes);
        Side::of(words.into_values())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_000_000);

    fn vouched(words: &[i64]) -> Option<u64> {
        Side::of(words.iter().copied()).vouched(NOW).map(|it| it.0)
    }

    #[test]
    fn most_of_a_kind_decide_and_what_even_half_deny_has_not_passed() {
        assert_eq!(vouched(&[]), None);
        assert_eq!(vouched(&[1_200]), Some(NOW.0 - 1_200));
        assert_eq!(vouched(&[-1_200]), Some(NOW.0), "not later than our clock");
        assert_eq!(vouched(&[0, 1_200]), Some(NOW.0 - 1_200));
        assert_eq!(vouched(&[0, 0, 1_200]), Some(NOW.0));
        assert_eq!(vouched(&[0, 8_000]), None, "they are even");
        assert_eq!(vouched(&[0, 60, 8_000]), Some(NOW.0 - 60));
        let side = Side::of([-9_000, 8_000]);
        assert!(side.contradicts() && !side.is_even());
        assert_eq!(side.nearest_off(), 8_000);
    }

    /// Of a stranger there is no word at all.
    #[test]
    fn a_player_counts_once_however_many_nodes_and_pages_he_has() {
        let mut witnesses = Witnesses::default();
        let now = Now {
            unix: NOW,
            mono_ms: 0,
        };
        let [ana, bento] = [AccountId([1; 32]), AccountId([2; 32])];
        let page = |player, ahead_s: u64| ClockWitness::Page {
            player,
            time: UnixSeconds(NOW.0 - ahead_s),
        };
        witnesses.hear(now, page(ana, 9_000));
        witnesses.hear(now, page(bento, 0));
        let even = witnesses.players(now, &[]);
        assert!(even.is_even() && even.contradicts());
        assert!(witnesses.players(now, &[(ana, 0), (ana, 3)]).agrees());
        assert!(
            witnesses
                .players(now, &[(bento, 9_000), (bento, 0)])
                .contradicts()
        );
        witnesses.leapt();
        assert_eq!(witnesses.players(now, &[]).testimony(), Testimony::Silent);
    }

    #[test]
    fn only_so_many_are_remembered() {
        let mut witnesses = Witnesses::default();
        for number in 0..=u8::MAX {
            let now = Now {
                unix: NOW,
                mono_ms: number.into(),
            };
            let (player, time) = (AccountId([number; 32]), NOW);
            witnesses.hear(now, ClockWitness::Page { player, time });
        }
        assert_eq!(witnesses.pages.len(), MOST);
        assert!(witnesses.pages.contains_key(&AccountId([u8::MAX; 32])));
    }
}
