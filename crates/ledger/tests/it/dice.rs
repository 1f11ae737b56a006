//! Values of every wire type, drawn from a seed: the same seed gives the same values for ever.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use bolao_ledger::{
    Account, AccountId, Action, Bet, Block, Change, Chips, Coinbase, Consensus, Delta, Fixture,
    Genesis, HEADER_BYTES, Header, Height, Limits, Match, MatchCode, MatchNo, Membership, Name,
    Nonce, Score, Signature, TargetRule, Team, Text, Tip, Totals, Transaction, TxBody, TxId,
    UnixSeconds,
};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};

pub(crate) struct Dice(ChaCha20Rng);

const LETTERS: &[char] = &[
    'a', 'b', 'C', 'D', 'é', 'Ç', 'ñ', 'Σ', 'я', 'ı', '中', '♚', '0', '9', '-', '\'', '.',
];

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n
    }

    pub(crate) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n.try_into().unwrap())).unwrap()
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    /// A number of any magnitude, not only huge ones.
    pub(crate) fn number(&mut self) -> u64 {
        let shift = self.below(65);
        self.0
            .next_u64()
            .checked_shr(shift.try_into().unwrap())
            .unwrap_or(0)
    }

    fn u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn u16(&mut self) -> u16 {
        u16::try_from(self.below(1 << 16)).unwrap()
    }

    fn u8(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    fn list<T>(&mut self, most: u64, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| item(self)).collect()
    }

    fn option<T>(&mut self, item: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.one_in(3) {
            None
        } else {
            Some(item(self))
        }
    }

    fn map<K: Ord, V>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> (K, V),
    ) -> BTreeMap<K, Change<V>> {
        (0..self.below(4))
            .map(|_| {
                let (key, first) = item(self);
                let (_, second) = item(self);
                let (before, after) = match self.below(3) {
                    0 => (None, Some(second)),
                    1 => (Some(first), None),
                    _ => (Some(first), Some(second)),
                };
                (key, Change { before, after })
            })
            .collect()
    }

    fn word(&mut self, longest: usize) -> String {
        (0..=self.index(longest))
            .map(|_| self.pick(LETTERS))
            .collect()
    }

    pub(crate) fn text<const MAX: usize>(&mut self) -> Text<MAX> {
        Text::new(self.word(MAX)).unwrap()
    }

    pub(crate) fn account(&mut self) -> AccountId {
        AccountId(self.bytes())
    }

    pub(crate) fn signature(&mut self) -> Signature {
        Signature(self.bytes())
    }

    pub(crate) fn header(&mut self) -> Header {
        Header::from_bytes(&self.bytes::<HEADER_BYTES>())
    }

    pub(crate) fn coinbase(&mut self) -> Coinbase {
        Coinbase {
            height: Height(self.number()),
            miner: self.account(),
            message: self.list(64, Self::u8),
            extra_nonce: self.bytes(),
        }
    }

    pub(crate) fn name(&mut self) -> Name {
        loop {
            let words = [self.word(9), self.word(9)].join("  ");
            if let Ok(name) = Name::new(&words) {
                return name;
            }
        }
    }

    pub(crate) fn code(&mut self) -> MatchCode {
        let letters: Vec<char> = ('a'..='z')
            .chain('A'..='Z')
            .chain('0'..='9')
            .chain(['-', '_'])
            .collect();
        let code: String = (0..=self.below(31)).map(|_| self.pick(&letters)).collect();
        MatchCode::new(&code).unwrap()
    }

    fn team(&mut self) -> Team {
        Team {
            name: self.text(),
            code: self.option(Self::text),
        }
    }

    pub(crate) fn fixture(&mut self) -> Fixture {
        Fixture {
            no: MatchNo(self.u16()),
            code: self.code(),
            home: self.team(),
            away: self.team(),
            kickoff: self.option(|dice| UnixSeconds(dice.number())),
            stage: self.text(),
        }
    }

    pub(crate) fn score(&mut self) -> Score {
        Score::new(self.below(100), self.below(100)).unwrap()
    }

    pub(crate) fn tip(&mut self) -> Tip {
        Tip {
            match_no: MatchNo(self.u16()),
            score: self.score(),
            stake: Chips(self.number()),
        }
    }

    pub(crate) fn action(&mut self) -> Action {
        match self.below(3) {
            0 => Action::Join { name: self.name() },
            1 => Action::Bet {
                tips: self.list(20, Self::tip),
            },
            _ => Action::Schedule {
                fixture: self.fixture(),
            },
        }
    }

    pub(crate) fn body(&mut self) -> TxBody {
        TxBody {
            account: self.account(),
            nonce: Nonce(self.number()),
            action: self.action(),
        }
    }

    pub(crate) fn transaction(&mut self) -> Transaction {
        Transaction {
            body: self.body(),
            signature: self.signature(),
        }
    }

    pub(crate) fn block(&mut self) -> Block {
        Block {
            header: self.header(),
            coinbase: self.coinbase(),
            transactions: self.list(4, Self::transaction),
        }
    }

    fn target(&mut self) -> TargetRule {
        if self.one_in(2) {
            TargetRule::Fixed {
                zero_bits: self.u8(),
            }
        } else {
            TargetRule::Asert {
                zero_bits_at_start: self.u8(),
                block_interval_s: self.u32(),
                half_life_s: self.u32(),
            }
        }
    }

    pub(crate) fn genesis(&mut self) -> Genesis {
        Genesis {
            version: self.u16(),
            name: self.text(),
            created: UnixSeconds(self.number()),
            consensus: Consensus::Pow,
            target: self.target(),
            max_future_s: self.u32(),
            limits: Limits {
                block_bytes: self.u32(),
                block_transactions: self.u32(),
                transaction_bytes: self.u32(),
                pending_per_account: self.u32(),
                matches: self.u16(),
            },
            membership: Membership::Open,
            starting_chips: Chips(self.number()),
            organisers: self.list(3, Self::account),
            matches: self.list(3, Self::fixture),
        }
    }

    pub(crate) fn account_state(&mut self) -> Account {
        Account {
            name: self.name(),
            next_nonce: Nonce(self.number()),
            chips: Chips(self.number()),
            joined: Height(self.number()),
        }
    }

    pub(crate) fn match_state(&mut self) -> Match {
        Match {
            fixture: self.fixture(),
            pot: Chips(self.number()),
            bets: self.u32(),
        }
    }

    pub(crate) fn bet(&mut self) -> Bet {
        Bet {
            score: self.score(),
            stake: Chips(self.number()),
            height: Height(self.number()),
            time: UnixSeconds(self.number()),
            tx: TxId(self.bytes()),
        }
    }

    pub(crate) fn totals(&mut self) -> Totals {
        Totals {
            accounts: self.number(),
            bets: self.number(),
            transactions: self.number(),
            chips_issued: Chips(self.number()),
        }
    }

    pub(crate) fn delta(&mut self) -> Delta {
        Delta {
            accounts: self.map(|dice| (dice.account(), dice.account_state())),
            names: self.map(|dice| (dice.name().folded(), dice.account())),
            matches: self.map(|dice| (MatchNo(dice.u16()), dice.match_state())),
            codes: self.map(|dice| (dice.code().folded(), MatchNo(dice.u16()))),
            bets: self.map(|dice| ((MatchNo(dice.u16()), dice.account()), dice.bet())),
            totals: self.option(|dice| (dice.totals(), dice.totals())),
        }
    }
}
