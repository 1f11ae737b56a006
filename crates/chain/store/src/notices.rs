//! What was settled and is no more: for changes of branch that take away or change what people counted on.
//!
//! - Taking a block off the chain keeps what it and those above it had left of names, matches, bets and results, in the
//!   very write that takes it off: nothing is lost with a crash. The first value of each stays, which is the one before
//!   the change of branch.
//! - `bolao_chain` compares it with the state that the new branch leaves, writes a [`Notice`] where
//!   they differ, and forgets it.
//! - The last [`MAX_NOTICES`] notices are kept. They are this node's own: no block holds them. One that this program cannot
//!   read is logged and left out: nothing else depends on it.

use std::sync::Once;

use bolao_ledger::{
    AccountId, Act, BlockHash, Chips, Fixture, FoldedName, Height, Item, MatchCode, MatchNo,
    Outcome, Prediction, Team, Title, TxId, UnixSeconds, decode, encode,
    table::{Bets, Matches, Names, Results, Table},
};
use borsh::{BorshDeserialize, BorshSerialize, io};
use redb::{ReadableTable as _, ReadableTableMetadata as _};

use crate::{
    access::{Access, Tables, View},
    error::StoreError,
};

/// The most notices that are kept: the last ones.
pub const MAX_NOTICES: u64 = 1_000;

/// Something that people counted on is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Notice {
    /// When this node noticed, by its clock.
    pub time: UnixSeconds,
    /// The chain's height then.
    pub height: Height,
    /// The change that was noticed.
    pub change: NoticedChange,
}

/// The subject of a notice, as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The number that bets name.
    pub no: MatchNo,
    /// Its name for people and URLs.
    pub code: MatchCode,
    /// The title that people know it by.
    pub title: Title,
}

impl BorshSerialize for Named {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        // A fixture stood here before, whose code is never empty.
        (self.no, "", &self.code, &self.title).serialize(writer)
    }
}

impl BorshDeserialize for Named {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let (no, code) = <(MatchNo, String)>::deserialize_reader(reader)?;
        if code.is_empty() {
            let (code, title) = BorshDeserialize::deserialize_reader(reader)?;
            return Ok(Self { no, code, title });
        }
        let (home, away, _, _) =
            <(Team, Team, Option<UnixSeconds>, String)>::deserialize_reader(reader)?;
        Ok(Self {
            no,
            code: code.parse().map_err(io::Error::other)?,
            title: Title::Teams { home, away },
        })
    }
}

impl From<Item> for Named {
    fn from(item: Item) -> Self {
        Self {
            no: item.no,
            code: item.code,
            title: item.title,
        }
    }
}

impl From<&Fixture> for Named {
    fn from(fixture: &Fixture) -> Self {
        Self {
            no: fixture.no,
            code: fixture.code.clone(),
            title: fixture.into(),
        }
    }
}

/// A change that a notice tells of.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum NoticedChange {
    /// A bet is gone or another one.
    Bet {
        /// The thing that it was on.
        about: Named,
        /// The player who placed the bet.
        player: AccountId,
        /// The bet as it was.
        was: PlacedBet,
        /// The bet as it is; none if it is gone.
        is: Option<PlacedBet>,
        /// Whether that has begun, so that it cannot be placed again.
        begun: bool,
    },
    /// A record is gone or another one.
    Result {
        /// The thing that it was of.
        about: Named,
        /// The record as it was.
        was: Outcome,
        /// The record as it is; none if it is gone.
        is: Option<Outcome>,
    },
    /// A match is scheduled otherwise, or not at all.
    Schedule {
        /// As it was.
        was: Fixture,
        /// As it is.
        is: Option<Fixture>,
    },
    /// A member's name is nobody's or another account's.
    Name {
        /// The name, folded.
        name: FoldedName,
        /// The account that had the name.
        was: AccountId,
        /// The account that has the name; none if nobody has it.
        is: Option<AccountId>,
    },
    /// A block holds bets that this node had never seen, on matches that had begun when it came: its time may be false.
    LateBets {
        /// The hash of the block.
        block: BlockHash,
        /// The height of the block.
        height: Height,
        /// The time that it names.
        time: UnixSeconds,
        /// The matches of these bets.
        matches: Vec<MatchNo>,
    },
    /// So many more changes of one change of branch.
    More {
        /// The number of further changes.
        count: u64,
    },
    /// A block of validators names a time that is far from the one at which it reached this node, which would have had it
    /// before if it were older.
    Dated {
        /// The hash of the block.
        block: BlockHash,
        /// The height of the block.
        height: Height,
        /// The time that it names.
        time: UnixSeconds,
        /// When it, or word of it, reached this node.
        seen: UnixSeconds,
        /// Whether this node's clock agreed with its peers' then.
        clock_agrees: bool,
    },
    /// Bets waited at this node until their deadline, while validators made blocks without them.
    HeldBack {
        /// The player who placed the bets.
        player: AccountId,
        /// On these matches.
        matches: Vec<MatchNo>,
        /// Since when a block could hold them.
        since: UnixSeconds,
        /// The first block that had room for them.
        block: Height,
    },
    /// This node's store was damaged, and made anew from what could be read of it.
    Mended {
        /// Blocks up to here could be read.
        kept: Height,
        /// So high was the chain, as far as could be seen.
        found: Height,
    },
    /// A transaction that was given to this node waits no more, and no block holds it.
    Dropped {
        /// The player whose transaction it is.
        player: AccountId,
        /// The id of the transaction.
        tx: TxId,
        /// The purpose of the transaction, in a few words.
        action: String,
        /// Why, in a sentence.
        why: String,
    },
    /// A bet that was given to this node is void in its block.
    Void {
        /// The player who placed the bet.
        player: AccountId,
        /// The id of the transaction with the bet.
        tx: TxId,
        /// The thing that it was on.
        about: Named,
        /// Whether it came too late; else the chips did not reach for it.
        late: bool,
    },
    /// A transaction with bets that was given to this node waits no more, and no block holds it.
    BetsDropped {
        /// The player whose transaction it is.
        player: AccountId,
        /// The id of the transaction.
        tx: TxId,
        /// The matches of the bets.
        matches: Vec<MatchNo>,
        /// Why, in a sentence.
        why: String,
    },
    /// Organisers changed something other than a record.
    Signed(Box<Act>),
    /// A player's node opened a link of the pool, and met another key of TLS than the one that the link's own node has.
    Link {
        /// The link.
        url: String,
        /// The player whose node it is of.
        host: AccountId,
        /// The player whose node opened it.
        seer: AccountId,
        /// SHA-256 of the certificate that it met.
        certificate: [u8; 32],
    },
    /// A public log lists a certificate for a link's name, whose key is none that the link's own node has.
    Logged(Box<LoggedLink>),
    /// Parts of an act that places no bets, given to this node, came too late and are void in its block.
    LateAct {
        /// The player whose act it is.
        player: AccountId,
        /// The id of the transaction.
        tx: TxId,
        /// The act, in a few words.
        action: String,
        /// The matches for which it came too late.
        matches: Vec<MatchNo>,
    },
}

/// A certificate for a link's name that a public log lists.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LoggedLink {
    /// The link.
    pub url: String,
    /// The player whose node it is of.
    pub host: AccountId,
    /// A player whose node read it.
    pub reader: AccountId,
    /// SHA-256 of the certificate's key.
    pub key: [u8; 32],
    /// The server that lists it.
    pub log: String,
    /// Its name there.
    pub id: String,
    /// Whether it is for all names beside the link's.
    pub is_wildcard: bool,
    /// Whether the keys of the link are those of a proxy in front of its node.
    pub fronted: bool,
}

/// A bet as it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PlacedBet {
    /// The prediction; none while it is sealed.
    pub prediction: Option<Prediction>,
    /// The chips on it.
    pub stake: Chips,
}

/// Whether people count on what is under a key of the state.
fn is_counted_on(key: &[u8]) -> bool {
    key.first()
        .is_some_and(|table| [Names::ID, Matches::ID, Bets::ID, Results::ID].contains(table))
}

impl<A: Access> View<A> {
    /// The values that blocks taken off the chain had left, by keys of the state, and that nobody has compared yet.
    #[allow(clippy::type_complexity)]
    pub fn taken_back(&self) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let all = self.taken_back.iter()?;
        all.map(|entry| {
            let (key, value) = entry?;
            Ok((key.value().to_vec(), value.value().to_vec()))
        })
        .collect()
    }

    /// At most `limit` notices with numbers below `before`, the last first. One that cannot be read is left out.
    pub fn notices(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Notice)>, StoreError> {
        self.notices
            .range(..before.unwrap_or(u64::MAX))?
            .rev()
            .filter_map(|entry| {
                let (number, bytes) = match entry {
                    Ok(entry) => entry,
                    Err(error) => return Some(Err(error.into())),
                };
                let number = number.value();
                match decode::<Notice>(bytes.value()) {
                    Ok(notice) => Some(Ok((number, notice))),
                    Err(error) => {
                        // It stays on the disk and is read again at each look.
                        static WARNED: Once = Once::new();
                        WARNED.call_once(|| {
                            tracing::warn!(number, %error, "a notice cannot be read; further ones are not logged");
                        });
                        None
                    }
                }
            })
            .take(limit)
            .collect()
    }

    /// The number of notices that there ever were.
    pub fn notice_count(&self) -> Result<u64, StoreError> {
        let last = self.notices.last()?.map(|(number, _)| number.value());
        Ok(last.map_or(0, |last| last.saturating_add(1)))
    }
}

impl Tables<'_> {
    /// Keeps what is under a key before it is undone, unless something is kept already.
    pub(crate) fn keep_taken_back(&mut self, key: &[u8]) -> Result<(), StoreError> {
        if !is_counted_on(key) || self.taken_back.get(key)?.is_some() {
            return Ok(());
        }
        let value = self.state.get(key)?.map(|guard| guard.value().to_vec());
        if let Some(value) = value {
            self.taken_back.insert(key, value.as_slice())?;
        }
        Ok(())
    }

    /// Forgets what was compared.
    pub fn forget_taken_back(&mut self, key: &[u8]) -> Result<(), StoreError> {
        self.noting(|tables| {
            tables.taken_back.remove(key)?;
            Ok(())
        })
    }

    /// Keeps a notice, and forgets the first one past [`MAX_NOTICES`]. Returns its number.
    pub fn put_notice(&mut self, notice: &Notice) -> Result<u64, StoreError> {
        self.noting(|tables| {
            let number = tables.notice_count()?;
            let bytes = encode(notice);
            tables.notices.insert(number, bytes.as_slice())?;
            while tables.notices.len()? > MAX_NOTICES {
                tables.notices.pop_first()?;
            }
            Ok(number)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use bolao_ledger::{Effect, Genesis, Name, Score, Vote, sha256d};

    use super::*;
    use crate::store::{Durability, Store};

    fn notice(count: u64) -> Notice {
        Notice {
            time: UnixSeconds(1),
            height: Height(2),
            change: NoticedChange::More { count },
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let mut store = Store::in_memory(&Genesis::article()).unwrap();
        let write = |tables: &mut Tables<'_>| {
            // As a program to come may keep it.
            tables.put_notice(&notice(7))?;
            tables.notices.insert(1, [2; 5].as_slice())?;
            tables.put_notice(&notice(8))?;
            tables.notices.insert(3, [2; 5].as_slice())?;
            Ok::<_, StoreError>(())
        };
        store.write(Durability::Volatile, write).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        let all = vec![(2, notice(8)), (0, notice(7))];
        assert_eq!(snapshot.notices(None, 9).unwrap(), all);
        assert_eq!(snapshot.notices(None, 1).unwrap(), all[..1]);
        assert_eq!(snapshot.notice_count().unwrap(), 4);
    }

    /// In the order in which they came.
    fn every_kind() -> Vec<NoticedChange> {
        let game = Genesis::article().matches[0].clone();
        let player = AccountId([7; 32]);
        let was = PlacedBet {
            prediction: Some(Score::new(2, 1).unwrap().into()),
            stake: Chips(5),
        };
        let is = Some(PlacedBet {
            prediction: None,
            ..was
        });
        let outcome = Outcome::played(Score::new(1, 0).unwrap());
        vec![
            NoticedChange::Bet {
                about: (&game).into(),
                player,
                was,
                is,
                begun: true,
            },
            NoticedChange::Result {
                about: (&game).into(),
                was: outcome.clone(),
                is: Some(outcome),
            },
            NoticedChange::Schedule {
                was: game,
                is: None,
            },
            NoticedChange::Name {
                name: Name::new("Ana").unwrap().folded(),
                was: player,
                is: None,
            },
            NoticedChange::LateBets {
                block: BlockHash([3; 32]),
                height: Height(4),
                time: UnixSeconds(5),
                matches: vec![MatchNo(6)],
            },
            NoticedChange::More { count: 7 },
            NoticedChange::Dated {
                block: BlockHash([3; 32]),
                height: Height(4),
                time: UnixSeconds(5),
                seen: UnixSeconds(8),
                clock_agrees: true,
            },
            NoticedChange::HeldBack {
                player,
                matches: vec![MatchNo(6)],
                since: UnixSeconds(5),
                block: Height(4),
            },
            NoticedChange::Mended {
                kept: Height(3),
                found: Height(4),
            },
        ]
    }

    fn of_own() -> Vec<NoticedChange> {
        let player = AccountId([7; 32]);
        vec![
            NoticedChange::Dropped {
                player,
                tx: TxId([9; 32]),
                action: "opens sealed bets (2)".to_owned(),
                why: "another one took its nonce".to_owned(),
            },
            NoticedChange::Void {
                player,
                tx: TxId([9; 32]),
                about: (&Genesis::article().matches[0]).into(),
                late: true,
            },
            NoticedChange::BetsDropped {
                player,
                tx: TxId([9; 32]),
                matches: vec![MatchNo(6)],
                why: "another one took its nonce".to_owned(),
            },
            NoticedChange::Signed(Box::new(Act {
                organiser: player,
                signers: vec![player],
                vote: Vote::Organiser {
                    account: player,
                    added: true,
                },
                match_no: MatchNo(0),
                effect: Some(Effect::Organiser {
                    from: UnixSeconds(0),
                }),
                tx: TxId([9; 32]),
                height: Height(3),
                time: UnixSeconds(4),
            })),
            NoticedChange::Link {
                url: "https://ana.relay.example".to_owned(),
                host: player,
                seer: AccountId([8; 32]),
                certificate: [9; 32],
            },
            NoticedChange::Logged(Box::new(LoggedLink {
                url: "https://ana.relay.example".to_owned(),
                host: player,
                reader: AccountId([8; 32]),
                key: [9; 32],
                log: "crt.sh".to_owned(),
                id: "9876543210".to_owned(),
                is_wildcard: true,
                fronted: false,
            })),
            NoticedChange::LateAct {
                player,
                tx: TxId([9; 32]),
                action: "puts a joker on PtCh".to_owned(),
                matches: vec![MatchNo(6)],
            },
        ]
    }

    /// A notice on disk outlives the program that wrote it: a new kind of change comes last.
    #[test]
    fn the_format_stays() {
        let hash = |all: &[u8]| BlockHash(sha256d(all)).to_string();
        let fixture = Genesis::article().matches.swap_remove(0);
        let [named, before] = [encode(&Named::from(&fixture)), encode(&fixture)];
        let (mut all, mut older, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
        for change in every_kind().into_iter().chain(of_own()) {
            let notice = Notice {
                change,
                ..notice(0)
            };
            let bytes = encode(&notice);
            assert_eq!(decode::<Notice>(&bytes).unwrap(), notice);
            let mut parts = bytes.windows(named.len());
            let before = match parts.position(|part| part == named) {
                Some(at) => [&bytes[..at], &before, &bytes[at + named.len()..]].concat(),
                None => bytes.clone(),
            };
            assert_eq!(decode::<Notice>(&before).unwrap(), notice);
            all.extend(bytes);
            older.extend(before);
            hashes.push(hash(&older));
        }
        // Of the first six kinds, and of all, as they were written before.
        let wanted = [
            "f3d581954fb2a02b85a50958ce765b857cf49ba3c3fce861efc4e8df5cb51d82",
            "98653bfc7e4f302e96a5c13fd63e3ed3cf9ecb83cded4e3270a5f91773c304d5",
        ];
        assert_eq!([5, 12].map(|last| &hashes[last]), wanted);
        assert_eq!(
            hash(&all),
            "43d7cf7eee83dcc7e62d4d52e51c9ea3231b434f9e215c85a83dc6020111e04c"
        );
    }
}
