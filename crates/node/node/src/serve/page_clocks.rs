//! The clocks of players' pages: over which nonce they tell the time, and which are listened to.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bolao_ledger::{AccountId, sha256d};

use crate::reach::local_addresses::LocalAddresses;

/// The time for which a nonce is the newest. The one before it is good still: what is said again is no older than two of these, and
/// so within what clocks may differ.
const NEWEST: Duration = Duration::from_mins(30);
/// The time between two words of one player that are listened to.
const APART: Duration = Duration::from_secs(2);
/// The most players of whom it is known that they told the time just now.
const MOST: usize = 1_024;

/// The clocks of players' pages.
#[derive(Debug)]
pub(crate) struct PageClocks {
    secret: [u8; 32],
    started: Instant,
    told: Mutex<BTreeMap<AccountId, Instant>>,
}

impl Default for PageClocks {
    fn default() -> Self {
        Self {
            secret: rand::random(),
            started: Instant::now(),
            told: Mutex::default(),
        }
    }
}

impl PageClocks {
    /// The nonces that are good now, the newest first.
    pub(crate) fn nonces(&self) -> Vec<String> {
        self.nonces_after(self.started.elapsed())
    }

    fn nonces_after(&self, ran: Duration) -> Vec<String> {
        let number = ran.as_secs() / NEWEST.as_secs();
        let numbers = [Some(number), number.checked_sub(1)];
        let nonces = numbers.into_iter().flatten().map(|number| {
            let hash = sha256d(&[self.secret.as_slice(), &number.to_le_bytes()].concat());
            hex::encode(hash.iter().take(16).copied().collect::<Vec<_>>())
        });
        nonces.collect()
    }

    /// Whether a caller's page is listened to that tells its player's time: one on this machine goes by the same clock.
    pub(crate) fn hears(
        &self,
        caller: IpAddr,
        player: AccountId,
        local_addresses: &LocalAddresses,
    ) -> bool {
        let here = local_addresses.now();
        if caller.is_loopback() || here.every().any(|own| own.ip() == caller) {
            return false;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| at.elapsed() < APART);
        if told.contains_key(&player) || told.len() >= MOST {
            return false;
        }
        told.insert(player, Instant::now());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_on_this_machine_says_nothing_of_its_clock() {
        let here = LocalAddresses::new(([192, 168, 1, 20], 9000).into(), Vec::new());
        let clocks = PageClocks::default();
        let hears = |caller: [u8; 4], player: u8| {
            clocks.hears(caller.into(), AccountId([player; 32]), &here)
        };
        assert!(!hears([127, 0, 0, 1], 1) && !hears([192, 168, 1, 20], 1));
        // A player's next word is not listened to at once, and another player's is.
        assert!(hears([192, 168, 1, 5], 1) && !hears([192, 168, 1, 6], 1));
        assert!(hears([192, 168, 1, 6], 2));
    }

    #[test]
    fn a_nonce_is_good_for_an_hour_at_most() {
        let clocks = PageClocks::default();
        let after = |minutes: u64| clocks.nonces_after(Duration::from_mins(minutes));
        assert_eq!(after(0).len(), 1);
        assert_eq!(after(29), after(0));
        assert_eq!(after(30).get(1), after(0).first());
        assert!(!after(60).contains(after(0).first().unwrap_or(&String::new())));
        assert_ne!(PageClocks::default().nonces(), after(0));
    }
}
