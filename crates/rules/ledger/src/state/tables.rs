//! The tables of the state: what is kept under which key.

use std::{cmp::Reverse, fmt::Debug};

use borsh::{BorshDeserialize, BorshSerialize};

use super::{
    acts::{Act, Vote},
    entries::{Account, Bet, Match, MatchResult, Move, Objection, ResultVersion, Standing, Totals},
    key::StateKey,
    packed::{HistoryPage, MatchSet},
    recent::Recent,
    validators::{Cheat, Staked},
};
use crate::{
    account::AccountId,
    address::PageAddress,
    fixture::{FoldedCode, MatchNo},
    genesis::{Validator, ValidatorKey},
    item::{Question, Slot},
    name::FoldedName,
    text::Text,
    units::{Height, UnixSeconds},
};

/// A table of the state.
pub trait Table {
    /// The first byte of its keys.
    const ID: u8;
    /// Its name, for messages.
    const NAME: &'static str;
    /// The type of the key that its entries are found by.
    type Key: StateKey + Debug;
    /// The type of its entries.
    type Value: BorshSerialize + BorshDeserialize + Clone + PartialEq + Debug;
}

/// The bytes of a key, its table's first.
#[must_use]
pub fn key_bytes<T: Table>(key: &T::Key) -> Vec<u8> {
    prefix_bytes::<T>(key)
}

/// The bytes that all keys of a table with this first part begin with.
#[must_use]
pub fn prefix_bytes<T: Table>(part: &impl StateKey) -> Vec<u8> {
    let mut bytes = vec![T::ID];
    part.write(&mut bytes);
    bytes
}

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident = $id:literal: $key:ty => $value:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $table {}

            impl Table for $table {
                const ID: u8 = $id;
                const NAME: &'static str = stringify!($table);
                type Key = $key;
                type Value = $value;
            }
        )*

        /// A key for people: its table and what it is there.
        #[must_use]
        pub fn describe_key(key: &[u8]) -> String {
            let mut rest = key.get(1..).unwrap_or_default();
            match key.first() {
                $(Some(&$id) => match <$key>::read(&mut rest) {
                    Some(key) if rest.is_empty() => format!("{} {key:?}", stringify!($table)),
                    _ => format!("an unreadable key of {}", stringify!($table)),
                },)*
                _ => "a key of no table".to_owned(),
            }
        }

        /// The name of the table that a key belongs to.
        #[must_use]
        pub fn table_name(key: &[u8]) -> &'static str {
            match key.first() {
                $(Some(&$id) => stringify!($table),)*
                _ => "unknown",
            }
        }
    };
}

tables! {
    /// The counts of the whole chain.
    TotalsTable = 0: () => Totals;
    /// The accounts that have joined.
    Accounts = 1: AccountId => Account;
    /// The account that bears a name.
    Names = 2: FoldedName => AccountId;
    /// The matches of the pool.
    Matches = 3: MatchNo => Match;
    /// The number of the match that has a code, or the first of the question.
    Codes = 4: FoldedCode => MatchNo;
    /// Standing bets: match, player.
    Bets = 5: (MatchNo, AccountId) => Bet;
    /// The matches that a player has bet on, 64 of them in an entry.
    BetsByAccount = 6: (AccountId, u16) => MatchSet;
    /// The number of times that an invitation was used.
    Tickets = 7: [u8; 32] => u32;
    /// Votes that single organisers have signed and the quorum has not yet: kind, match, organiser.
    Votes = 8: (u8, MatchNo, AccountId) => Vote;
    /// The record of each match.
    Results = 9: MatchNo => MatchResult;
    /// Every record that a match ever had.
    ResultVersions = 10: (MatchNo, u32) => ResultVersion;
    /// When records become final.
    Due = 11: (UnixSeconds, MatchNo) => ();
    /// Objections: match, version, player.
    Objections = 12: (MatchNo, u32, AccountId) => Objection;
    /// Points of the whole pool.
    Standings = 13: AccountId => Standing;
    /// Points of one stage.
    RoundStandings = 14: (Text<64>, AccountId) => Standing;
    /// The number of matches of a stage that have a score.
    RoundScored = 15: Text<64> => u32;
    /// The acts of organisers.
    Acts = 16: u64 => Act;
    /// The changes of a player's chips, some lines in an entry.
    History = 17: (AccountId, u64) => HistoryPage;
    /// The validators after each block that changed them, in order of their accounts.
    Validators = 18: Reverse<Height> => Vec<Validator>;
    /// The key that an account votes with, or offers to.
    Offers = 19: AccountId => ValidatorKey;
    /// The account of every validator key that was ever offered.
    KeyOwners = 20: ValidatorKey => AccountId;
    /// Appointments that single organisers have signed and the quorum has not yet: validator, organiser.
    Appointments = 21: (AccountId, AccountId) => Validator;
    /// Chips that are locked as weights of votes.
    Stakes = 22: AccountId => Staked;
    /// When such chips are free again.
    StakesDue = 23: (UnixSeconds, AccountId) => ();
    /// Proven equivocations: the account that signed two votes of one number, that number.
    Cheats = 24: (AccountId, Height) => Cheat;
    /// The organisers, once they are others than those of genesis.
    Organisers = 25: () => Vec<AccountId>;
    /// Votes on who is an organiser that single organisers have signed and the quorum has not yet: about whom, by whom.
    OrganiserVotes = 26: (AccountId, AccountId) => bool;
    /// The tallies of what an account has sent within the time of the pool's bounds.
    RecentOf = 27: AccountId => Recent;
    /// The tallies of the accounts that have joined within the time of the pool's bounds.
    RecentJoins = 28: () => Recent;
    /// The changes of a match's kick-off, the last one first: match, number of the organiser's act.
    Moves = 29: (MatchNo, Reverse<u64>) => Move;
    /// The changes of validators that are to come, all at the same time.
    Coming = 30: (UnixSeconds, AccountId) => Validator;
    /// The most validators that there were at once, where organisers appoint them.
    MostValidators = 31: () => u64;
    /// The address of the pool's page, once organisers have signed one.
    Address = 32: () => PageAddress;
    /// The questions, by their first numbers.
    Questions = 33: MatchNo => Question;
    /// The slots of questions, each by its own number.
    Slots = 34: MatchNo => Slot;
    /// When an organiser has signed anything last, or was made one.
    LastSigned = 36: AccountId => UnixSeconds;
    /// Jokers: player, match.
    Jokers = 35: (AccountId, MatchNo) => ();
    /// Organisers who leave at a time unless they sign anything before, and who has asked for it.
    Leaving = 37: (UnixSeconds, AccountId) => AccountId;
    /// The players who have paid the entry fee, and the organiser who noted it last.
    Paid = 38: AccountId => AccountId;
    /// The bets on a match that can be read and predict a win of the first team, a draw, a win of the second; where points depend on that.
    Readable = 39: MatchNo => [u32; 3];
}
