//! Values of every wire type, drawn from a seed: the same seed gives the same values for ever.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod asked;
mod entries;
mod voting;

use bolao_ledger::{
    AccountId, Action, Additive, Base, BetMode, Block, Bounds, Chips, Coinbase, Consensus, Day,
    Features, Fixture, Genesis, HEADER_BYTES, Header, Height, Hybrid, Invitation, Limits,
    MatchCode, MatchDay, MatchNo, Membership, Move, Name, NobodyRight, Nonce, OpenBet, Opening,
    Outcome, PageAddress, Pos, Prediction, Quorum, Rules, Score, Scoring, SealedBet, SetChange,
    Side, Signature, SignedTicket, StageRule, Status, TargetRule, Team, Text, Ticket, TieBreak,
    Tiers, Transaction, TxBody, UnixSeconds, Validator, ValidatorKey, Voting, actions,
};
use chacha20::{
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

    /// One that is no number, as questions' are.
    pub(crate) fn lettered_code(&mut self) -> MatchCode {
        loop {
            let code = self.code();
            if !code.as_str().bytes().all(|it| it.is_ascii_digit()) {
                return code;
            }
        }
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

    pub(crate) fn prediction(&mut self) -> Prediction {
        match self.below(3) {
            0 => Prediction::Option(self.answer()),
            1 => Prediction::Number(self.answer()),
            _ => self.score().into(),
        }
    }

    pub(crate) fn tip(&mut self) -> OpenBet {
        OpenBet {
            match_no: MatchNo(self.u16()),
            prediction: self.prediction(),
            stake: Chips(self.number()),
        }
    }

    pub(crate) fn sealed_tip(&mut self) -> SealedBet {
        SealedBet {
            match_no: MatchNo(self.u16()),
            commitment: self.bytes(),
            stake: Chips(self.number()),
        }
    }

    pub(crate) fn opening(&mut self) -> Opening {
        Opening {
            match_no: MatchNo(self.u16()),
            prediction: self.prediction(),
            salt: self.bytes(),
        }
    }

    pub(crate) fn ticket(&mut self) -> Ticket {
        Ticket {
            key: self.account(),
            uses: self.u32(),
            expires: UnixSeconds(self.number()),
        }
    }

    pub(crate) fn invitation(&mut self) -> Invitation {
        Invitation {
            given: SignedTicket {
                ticket: self.ticket(),
                organiser: self.account(),
                organiser_signature: self.signature(),
            },
            ticket_signature: self.signature(),
        }
    }

    pub(crate) fn outcome(&mut self) -> Outcome {
        let status = self.pick(&Status::OF_MATCHES);
        Outcome {
            half_time: self.option(Self::score),
            after_90: self.option(Self::score),
            after_120: self.option(Self::score),
            shootout: self.option(Self::score),
            advances: self.option(|dice| dice.pick(&[Side::Home, Side::Away])),
            reason: self.option(Self::text),
            ..Outcome::without_score(status, None)
        }
    }

    pub(crate) fn action(&mut self) -> Action {
        match self.below(8) {
            0 => Action::Join(actions::Join {
                name: self.name(),
                invitation: self.option(|dice| Box::new(dice.invitation())),
            }),
            1 => Action::Bet(actions::Bet {
                bets: self.list(20, Self::tip),
            }),
            2 => Action::Seal(actions::Seal {
                bets: self.list(8, Self::sealed_tip),
            }),
            3 => Action::Open(actions::Open {
                openings: self.list(8, Self::opening),
            }),
            4 => Action::Schedule(actions::Schedule {
                fixture: self.fixture(),
            }),
            5 => Action::Result(actions::Result {
                match_no: MatchNo(self.u16()),
                outcome: self.outcome(),
            }),
            6 => Action::Transfer(actions::Transfer {
                to: self.account(),
                chips: Chips(self.number()),
            }),
            _ => Action::Object(actions::Object {
                match_no: MatchNo(self.u16()),
                text: self.text(),
            }),
        }
    }

    /// Those of validators, days, organisers and openings for others.
    pub(crate) fn later_action(&mut self) -> Action {
        match self.below(4) {
            0 => Action::Organiser(actions::Organiser {
                account: self.account(),
                added: self.one_in(2),
            }),
            1 => Action::OpenFor(actions::OpenFor {
                player: self.account(),
                openings: self.list(8, Self::opening),
            }),
            2 => Action::Address(actions::Address {
                address: self.address(),
            }),
            _ => Action::Day(actions::Day {
                match_no: MatchNo(self.u16()),
                day: self.option(Self::day),
            }),
        }
    }

    pub(crate) fn address(&mut self) -> PageAddress {
        let port = self.u16().max(1_000);
        PageAddress::new(&format!("https://pool-{}.example:{port}", self.u8())).unwrap()
    }

    pub(crate) fn day(&mut self) -> Day {
        Day {
            begins: UnixSeconds(self.number()),
            ends: UnixSeconds(self.number()),
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

    fn scoring(&mut self) -> Scoring {
        if self.one_in(2) {
            Scoring::Sum(Additive {
                exact: self.u16(),
                tendency: self.u16(),
                each_team: self.u16(),
                difference: self.u16(),
            })
        } else {
            Scoring::Best(Tiers {
                exact: self.u16(),
                difference: self.u16(),
                draw: self.u16(),
                winner_goals: self.u16(),
                loser_goals: self.u16(),
                tendency: self.u16(),
                one_team: self.u16(),
            })
        }
    }

    pub(crate) fn rules(&mut self) -> Rules {
        const BASES: &[Base] = &[Base::After90, Base::After120];
        const BREAKS: &[TieBreak] = &[
            TieBreak::Exact,
            TieBreak::Differences,
            TieBreak::Tendencies,
            TieBreak::FewerMissing,
        ];
        Rules {
            bets: self.pick(&[BetMode::Open, BetMode::Sealed]),
            deadline_lead_s: self.u32(),
            opening_window_s: self.u32(),
            later_kickoff_reopens: self.one_in(2),
            schedule_quorum: Quorum::of(self.u8()),
            results_quorum: Quorum::of(self.u8()),
            dispute_window_s: self.u32(),
            scoring: self.scoring(),
            base: self.pick(BASES),
            awarded_counts: self.one_in(2),
            stages: self.list(3, |dice| StageRule {
                stage: dice.text(),
                base: dice.pick(BASES),
                multiplier: dice.u8(),
            }),
            tie_breaks: self.list(4, |dice| dice.pick(BREAKS)),
            stake_min: Chips(self.number()),
            stake_max: Chips(self.number()),
            nobody_right: self.pick(&[NobodyRight::Refund, NobodyRight::Rollover]),
            transfers: self.one_in(2),
            short_bets_void: self.one_in(2),
            put_off_stays_open: self.one_in(2),
            notice_s: self.u32(),
            anybody_opens: self.one_in(2),
            organisers_quorum: Quorum::of(self.u8()),
            features: Features::default(),
        }
    }

    pub(crate) fn genesis(&mut self) -> Genesis {
        Genesis {
            version: 1,
            name: self.text(),
            created: UnixSeconds(self.number()),
            consensus: self.consensus(),
            target: self.target(),
            max_future_s: self.u32(),
            limits: Limits {
                block_bytes: self.u32(),
                block_transactions: self.u32(),
                transaction_bytes: self.u32(),
                pending_per_account: self.u32(),
                matches: self.u16(),
            },
            bounds: self.option(|dice| Bounds {
                window_s: dice.u32(),
                account_transactions: dice.u32(),
                account_bytes: dice.u32(),
                joins: dice.u32(),
            }),
            membership: self.pick(&[Membership::Open, Membership::Invite]),
            starting_chips: Chips(self.number()),
            rules: self.rules(),
            organisers: self.list(3, Self::account),
            matches: self.list(3, Self::fixture),
            days: self.option(|dice| {
                dice.list(3, |dice| MatchDay {
                    match_no: MatchNo(dice.u16()),
                    begins: UnixSeconds(dice.number()),
                    ends: UnixSeconds(dice.number()),
                })
            }),
        }
    }

    pub(crate) fn moved(&mut self) -> Move {
        Move {
            from: self.option(|dice| UnixSeconds(dice.number())),
            to: self.option(|dice| UnixSeconds(dice.number())),
            earliest: self.option(|dice| UnixSeconds(dice.number())),
            signers: self.list(3, Self::account),
            height: Height(self.number()),
            time: UnixSeconds(self.number()),
        }
    }

    pub(crate) fn consensus(&mut self) -> Consensus {
        match self.below(3) {
            0 => Consensus::Pow,
            1 => Consensus::Pos(Pos {
                voting: self.voting(),
                heartbeat_s: self.u32(),
            }),
            _ => Consensus::Hybrid(Hybrid {
                voting: self.voting(),
                grace_s: self.u32(),
                kept_s: self.u32(),
                there_s: self.u32(),
                patience_s: self.u32(),
            }),
        }
    }

    fn voting(&mut self) -> Voting {
        Voting {
            clock_s: self.u32(),
            propose_ms: self.u32(),
            vote_ms: self.u32(),
            round_ms: self.u32(),
            validators: self.list(4, |dice| Validator {
                account: dice.account(),
                key: ValidatorKey(dice.bytes()),
                weight: dice.number(),
            }),
            change: if self.one_in(2) {
                SetChange::Appointed {
                    quorum: Quorum::of(self.u8()),
                }
            } else {
                SetChange::Stake {
                    wait_s: self.u32(),
                    cut_percent: self.u8(),
                }
            },
        }
    }
}
