//! Which sentences a node keeps where more are said than it has room for.
//!
//! A player may say only so many of a kind, and so may all together. Nobody may use that up to keep a warning from being told: a
//! sentence makes room for one that matters more, and one that says nothing any more makes room for every other.

use bolao_chain::MAX_SAID;
use bolao_ledger::AccountId;
use bolao_wallet::LinkWord;

use super::{Claim, Kind, Place, Table, claims::Owned};

/// The most sentences of a kind that one player may say.
pub(super) const MOST_OF_PLAYER: usize = 4;
/// The most about certificates in logs, of all links and of one.
const MOST_LOGGED: usize = 8;
const MOST_LOGGED_OF_LINK: usize = 2;

/// The weight of a sentence, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// The key that was found is the link's own after all.
    Settled,
    Other,
    /// An organiser's, or found at a link of one: most players use those.
    Organised,
    /// By which keys an organiser's node answers, and what the node itself says.
    First,
}

/// The facts by which sentences are weighed.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) own: AccountId,
    pub(super) owned: Owned,
    pub(super) claims: Vec<Claim>,
}

impl Room {
    fn weight(&self, account: &AccountId, word: &LinkWord) -> Weight {
        let by_organiser = self.owned.organisers.contains(account);
        let found = match word {
            LinkWord::Saw { url, key, .. } | LinkWord::Logged { url, key, .. } => Some((url, key)),
            LinkWord::Key { .. }
            | LinkWord::Owns { .. }
            | LinkWord::Runs { .. }
            | LinkWord::Viewers { .. } => None,
        };
        let Some((url, key)) = found else {
            let is_first = by_organiser && !matches!(word, LinkWord::Runs { .. });
            return match (is_first || *account == self.own, by_organiser) {
                (true, _) => Weight::First,
                (false, true) => Weight::Organised,
                (false, false) => Weight::Other,
            };
        };
        let mut of_link = self.claims.iter().filter(|it| it.url == *url).peekable();
        if of_link.peek().is_some() && of_link.all(|it| it.has(key)) {
            Weight::Settled
        } else if self.owned.urls.contains(url) {
            Weight::Organised
        } else {
            Weight::Other
        }
    }

    /// Makes room for a new sentence, if it has a right to some.
    pub(super) fn is_made(&self, table: &mut Table, place: &Place, word: &LinkWord) -> bool {
        let (account, kind, _) = place;
        let is_alike = |it: &Place, _: &LinkWord| it.0 == *account && it.1 == *kind;
        let of_link = |it: &Place, of: &LinkWord| is_alike(it, of) && of.url() == word.url();
        let weight = self.weight(account, word);
        let mut make = |most, counts: &dyn Fn(&Place, &LinkWord) -> bool| {
            let counted = table.iter().filter(|(it, (of, _))| counts(it, of));
            if counted.clone().count() < most {
                return true;
            }
            let weighed = counted.map(|(it, (of, _))| (self.weight(&it.0, of), it));
            let last = weighed.rev().min_by_key(|(weight, _)| *weight);
            match last.filter(|(least, _)| *least < weight) {
                Some((_, last)) => table.remove(&last.clone()).is_some(),
                None => false,
            }
        };
        let of_kind = match kind {
            Kind::Logged => make(MOST_LOGGED_OF_LINK, &of_link) && make(MOST_LOGGED, &is_alike),
            Kind::Key | Kind::Owns | Kind::Saw | Kind::Runs | Kind::Viewers => {
                make(MOST_OF_PLAYER, &is_alike)
            }
        };
        of_kind && make(MAX_SAID, &|_, _| true)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bolao_chain::Said;
    use bolao_ledger::{Signature, UnixSeconds};

    use super::{super::place, *};

    const ORGANISED: &str = "https://ana.relay.example";
    const ANA: AccountId = AccountId([1; 32]);
    const BRUNO: AccountId = AccountId([2; 32]);

    fn room(own_key: u8) -> Room {
        let mut claim = Claim::of(ORGANISED, ANA);
        claim.keys = vec![[own_key; 32]];
        Room {
            own: AccountId([3; 32]),
            owned: Owned {
                organisers: vec![ANA],
                urls: BTreeSet::from([ORGANISED.to_owned()]),
            },
            claims: vec![claim],
        }
    }

    fn takes(room: &Room, table: &mut Table, account: AccountId, word: LinkWord) -> bool {
        let place = place(account, &word);
        let is_made = room.is_made(table, &place, &word);
        if is_made {
            let said = Said {
                account,
                time: UnixSeconds(0),
                text: Vec::new(),
                signature: Signature([0; 64]),
            };
            table.insert(place, (word, said));
        }
        is_made
    }

    fn logged(url: &str, key: u8) -> LinkWord {
        LinkWord::Logged {
            url: url.to_owned(),
            key: [key; 32],
            certificate: [0; 32],
            log: "crt.sh".to_owned(),
            id: "1".to_owned(),
            is_wildcard: false,
        }
    }

    fn saw(url: &str, key: u8) -> LinkWord {
        LinkWord::Saw {
            url: url.to_owned(),
            key: [key; 32],
            certificate: [0; 32],
        }
    }

    fn other(number: u8) -> String {
        format!("https://{number}.relay.example")
    }

    /// A relay's owner who plays, too, can have many links with many certificates of his own.
    #[test]
    fn what_is_found_at_other_links_does_not_keep_back_what_is_found_at_an_organisers() {
        let (room, mut table) = (room(1), Table::new());
        let taken = (0..20).filter(|number| {
            let word = logged(&other(number / 4), 100 + number % 4);
            takes(&room, &mut table, BRUNO, word)
        });
        assert_eq!(taken.count(), MOST_LOGGED);
        let taken =
            (0..20).filter(|number| takes(&room, &mut table, BRUNO, saw(&other(*number), 9)));
        assert_eq!(taken.count(), MOST_OF_PLAYER);
        assert!(takes(&room, &mut table, BRUNO, logged(ORGANISED, 7)));
        assert!(takes(&room, &mut table, BRUNO, saw(ORGANISED, 7)));
        assert_eq!(table.len(), MOST_LOGGED + MOST_OF_PLAYER);
        // Nor do the others come back in their place.
        assert!(!takes(&room, &mut table, BRUNO, logged(&other(9), 9)));
    }

    #[test]
    fn what_is_settled_makes_room_for_what_is_not() {
        let (before, mut table) = (room(1), Table::new());
        for key in [7, 8] {
            assert!(takes(&before, &mut table, BRUNO, logged(ORGANISED, key)));
        }
        assert!(!takes(&before, &mut table, BRUNO, logged(ORGANISED, 9)));
        // Ana says that one of them is hers.
        let after = room(7);
        assert!(takes(&after, &mut table, BRUNO, logged(ORGANISED, 9)));
        assert!(!takes(&after, &mut table, BRUNO, logged(ORGANISED, 7)));
        assert_eq!(table.len(), MOST_LOGGED_OF_LINK);
    }

    #[test]
    fn an_organisers_keys_have_room_whatever_others_say() {
        let (room, mut table) = (room(1), Table::new());
        for number in 0..=u8::MAX {
            let account = AccountId([number; 32]);
            takes(&room, &mut table, account, saw(ORGANISED, 9));
        }
        assert_eq!(table.len(), MAX_SAID);
        let keys = LinkWord::Key {
            url: ORGANISED.to_owned(),
            keys: vec![[1; 32]],
            fronted: false,
        };
        assert!(!takes(&room, &mut table, BRUNO, keys.clone()));
        assert!(takes(&room, &mut table, ANA, keys));
        assert_eq!(table.len(), MAX_SAID);
    }
}
