//! A pool in memory that is played block by block.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod acts;

use bolao_ledger::{
    Account, AccountId, Action, ApplyError, Bet, BetMode, Block, BlockContext, CheckedBlock, Chips,
    Coinbase, Consensus, Delta, Fixture, Genesis, Header, Height, Invitation, Ledger, Limits,
    Match, MatchCode, MatchNo, MatchResult, Membership, MemoryState, Name, Nonce, OpenBet, Outcome,
    Overlay, PoolId, Pos, Prediction, Quorum, Reason, Score, SealedBet, SetChange, Signature,
    SignedTicket, Standing, StateView, Status, TargetRule, Team, Text, Ticket, Totals, Transaction,
    TxBody, TxOutcome, UnixSeconds, Validator, ValidatorKey, Voting, actions, admission_bytes,
    check_invariants, item::Answer, merkle_root, seal_commitment, signing_bytes, table,
    ticket_bytes,
};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

pub(crate) use self::acts::*;

/// Who may schedule.
pub(crate) const ORGANISER: u8 = 1;

/// The secret of the ticket that invitations are made with.
pub(crate) const TICKET: u8 = 200;

/// When the first block comes.
pub(crate) const START: u64 = 1_560_000_000;

/// When match 3 begins.
pub(crate) const KICKOFF: u64 = START + 1_000;

pub(crate) fn key(who: u8) -> SigningKey {
    SigningKey::from([who; 32])
}

pub(crate) fn account(who: u8) -> AccountId {
    AccountId(VerificationKeyBytes::from(&key(who)).into())
}

pub(crate) fn signature(who: u8, message: &[u8]) -> Signature {
    Signature(key(who).sign(message).to_bytes())
}

pub(crate) fn sign(pool: PoolId, who: u8, body: TxBody) -> Transaction {
    let signature = signature(who, &signing_bytes(pool, &body));
    Transaction { body, signature }
}

/// An invitation of `who` by an organiser.
pub(crate) fn invitation(pool: PoolId, organiser: u8, who: u8, uses: u32) -> Invitation {
    let ticket = Ticket {
        key: account(TICKET),
        uses,
        expires: UnixSeconds(START + 500),
    };
    Invitation {
        given: SignedTicket {
            ticket,
            organiser: account(organiser),
            organiser_signature: signature(organiser, &ticket_bytes(pool, &ticket)),
        },
        ticket_signature: signature(TICKET, &admission_bytes(pool, &account(who))),
    }
}

pub(crate) fn fixture(no: u16, code: &str, kickoff: Option<u64>) -> Fixture {
    let team = |name: &str| Team {
        name: Text::new(name).unwrap(),
        code: None,
    };
    Fixture {
        no: MatchNo(no),
        code: MatchCode::new(code).unwrap(),
        home: team("Home"),
        away: team("Away"),
        kickoff: kickoff.map(UnixSeconds),
        stage: Text::new("Final").unwrap(),
    }
}

pub(crate) fn score(text: &str) -> Score {
    text.parse().unwrap()
}

/// A prediction in words: `2-1`, `1-1 home` (goes through), `option 3` or `number 12`.
pub(crate) fn predicted(text: &str) -> Prediction {
    let answer = |no: &str| Answer::try_from(no.parse::<u16>().unwrap()).unwrap();
    match text.split_once(' ') {
        Some(("option", place)) => Prediction::Option(answer(place)),
        Some(("number", number)) => Prediction::Number(answer(number)),
        Some((text, "home")) => Prediction::ThroughHome(score(text)),
        Some((text, "away")) => Prediction::ThroughAway(score(text)),
        _ => score(text).into(),
    }
}

pub(crate) fn played(text: &str) -> Outcome {
    Outcome::played(score(text))
}

pub(crate) fn called_off(status: Status) -> Outcome {
    Outcome::without_score(status, Some(Text::new("snow").unwrap()))
}

pub(crate) fn tip(no: u16, stake: u64) -> OpenBet {
    tip_on(no, "2-1", stake)
}

pub(crate) fn tip_on(no: u16, text: &str, stake: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: predicted(text),
        stake: Chips(stake),
    }
}

/// Tips for points alone on matches 0, 1, 2…
pub(crate) fn many_bets(count: usize) -> Vec<OpenBet> {
    (0..count)
        .map(|no| tip(no.try_into().unwrap(), 0))
        .collect()
}

/// The article's pool with hashes that are quickly found, an organiser and a third match.
pub(crate) fn genesis() -> Genesis {
    let mut genesis = Genesis::article();
    genesis.target = TargetRule::Fixed { zero_bits: 1 };
    genesis.organisers = vec![account(ORGANISER)];
    genesis.limits = Limits {
        matches: 4,
        ..Limits::default()
    };
    genesis.rules.opening_window_s = 600;
    genesis.rules.dispute_window_s = 300;
    genesis.matches.push(fixture(3, "Soon", Some(KICKOFF)));
    genesis.check().unwrap();
    genesis
}

/// The same with sealed tips.
pub(crate) fn sealed() -> Genesis {
    let mut genesis = genesis();
    genesis.rules.bets = BetMode::Sealed;
    genesis
}

/// The same by invitation.
pub(crate) fn by_invitation() -> Genesis {
    let mut genesis = genesis();
    genesis.membership = Membership::Invite;
    genesis
}

/// The same with three organisers, players 1 to 3, of whom `quorum` must agree.
pub(crate) fn three_organisers(quorum: u8) -> Genesis {
    let mut genesis = genesis();
    genesis.organisers = (1..=3).map(account).collect();
    genesis.rules.results_quorum = Quorum::of(quorum);
    genesis.rules.schedule_quorum = Quorum::of(quorum);
    genesis
}

/// The same by other rules.
pub(crate) fn ruled(of: Genesis, change: impl FnOnce(&mut Genesis)) -> Genesis {
    let mut genesis = of;
    change(&mut genesis);
    genesis.check().unwrap();
    genesis
}

/// The same with votes: of the first organiser, player 1, with the key of 101 and the weight 5.
pub(crate) fn with_votes(change: SetChange) -> Genesis {
    let mut genesis = three_organisers(2);
    genesis.consensus = Consensus::Pos(Pos {
        voting: Voting {
            change,
            ..Pos::appointed([validator(1, 5)]).voting
        },
        heartbeat_s: 3_600,
    });
    genesis
}

/// Player `who` as a validator, with the key of `who` + 100.
pub(crate) fn validator(who: u8, weight: u64) -> Validator {
    Validator {
        account: account(who),
        key: ValidatorKey(account(who + 100).0),
        weight,
    }
}

#[derive(Clone)]
pub(crate) struct Game {
    pub(crate) genesis: Genesis,
    pub(crate) pool: PoolId,
    pub(crate) state: MemoryState,
    pub(crate) height: Height,
    pub(crate) time: u64,
}

impl Game {
    pub(crate) fn new() -> Self {
        Self::with(genesis())
    }

    pub(crate) fn with(genesis: Genesis) -> Self {
        genesis.check().unwrap();
        let mut state = MemoryState::default();
        let delta = Ledger::new(&genesis).genesis_delta(&state).unwrap();
        state.commit(&delta);
        Self {
            pool: genesis.pool_id(),
            genesis,
            state,
            height: Height(1),
            time: START,
        }
    }

    /// A game in which players 1 to `n` have joined.
    pub(crate) fn joined(n: u8) -> Self {
        Self::joined_with(genesis(), n)
    }

    pub(crate) fn joined_with(genesis: Genesis, n: u8) -> Self {
        let mut game = Self::with(genesis);
        let joins = (1..=n).map(|who| game.join(who, 0, &format!("Player {who}")));
        game.play(joins.collect()).unwrap();
        game
    }

    pub(crate) fn sign(&self, who: u8, nonce: u64, action: Action) -> Transaction {
        let body = TxBody {
            account: account(who),
            nonce: Nonce(nonce),
            action,
        };
        sign(self.pool, who, body)
    }

    /// With the account's next nonce.
    pub(crate) fn act(&self, who: u8, action: Action) -> Transaction {
        self.sign(who, self.nonce(who), action)
    }

    /// Plays one action in a block of its own.
    pub(crate) fn plays(&mut self, who: u8, action: Action) -> Result<TxOutcome, Reason> {
        let transaction = self.act(who, action);
        self.play(vec![transaction])
            .map(|mut outcomes| outcomes.pop().unwrap())
    }

    pub(crate) fn join(&self, who: u8, nonce: u64, name: &str) -> Transaction {
        let name = Name::new(name).unwrap();
        let invitation = None;
        self.sign(who, nonce, Action::Join(actions::Join { name, invitation }))
    }

    pub(crate) fn join_with(&self, who: u8, invitation: Invitation) -> Transaction {
        let name = Name::new(&format!("Player {who}")).unwrap();
        let invitation = Some(Box::new(invitation));
        self.sign(who, 0, Action::Join(actions::Join { name, invitation }))
    }

    pub(crate) fn bet(&self, who: u8, nonce: u64, tips: &[OpenBet]) -> Transaction {
        let tips = tips.to_vec();
        self.sign(who, nonce, Action::Bet(actions::Bet { bets: tips }))
    }

    /// A seal, its salt made of `seed`.
    pub(crate) fn seal(&self, who: u8, no: u16, text: &str, seed: u8, stake: u64) -> Action {
        let (match_no, says) = (MatchNo(no), predicted(text));
        let commitment = seal_commitment(self.pool, &account(who), match_no, says, &[seed; 32]);
        Action::Seal(actions::Seal {
            bets: vec![SealedBet {
                match_no,
                commitment,
                stake: Chips(stake),
            }],
        })
    }

    pub(crate) fn schedule(&self, who: u8, nonce: u64, fixture: Fixture) -> Transaction {
        self.sign(who, nonce, Action::Schedule(actions::Schedule { fixture }))
    }

    pub(crate) fn coinbase(&self) -> Coinbase {
        Coinbase {
            height: self.height,
            miner: account(ORGANISER),
            message: Vec::new(),
            extra_nonce: [0; 16],
        }
    }

    /// The next block, its header found.
    pub(crate) fn block(&self, transactions: Vec<Transaction>) -> Block {
        let coinbase = Coinbase {
            message: self.message(&transactions),
            ..self.coinbase()
        };
        self.mine(coinbase, transactions)
    }

    /// What the coinbase of a block of these transactions says, as far as they apply.
    fn message(&self, transactions: &[Transaction]) -> Vec<u8> {
        if self.genesis.consensus.voting().is_none() {
            return Vec::new();
        }
        let context = BlockContext {
            height: self.height,
            time: UnixSeconds(self.time),
        };
        let ledger = Ledger::new(&self.genesis);
        let mut overlay = Overlay::new(&self.state);
        ledger.begin_block(&mut overlay, context).unwrap();
        for transaction in transactions {
            if let Ok(checked) = transaction.clone().check(&self.genesis, self.pool) {
                let _ = ledger.apply_transaction(&mut overlay, context, &checked);
            }
        }
        let set = overlay.validator_set_after(self.height).unwrap();
        set.unwrap().hash().0.to_vec()
    }

    pub(crate) fn mine(&self, coinbase: Coinbase, transactions: Vec<Transaction>) -> Block {
        let header = Header {
            version: 1,
            previous: self.pool.into(),
            merkle_root: [0; 32],
            time: self.time.try_into().unwrap(),
            bits: self.genesis.proof().initial_bits().to_consensus(),
            nonce: 0,
        };
        let mut block = Block {
            header,
            coinbase,
            transactions,
        };
        Self::find(&mut block);
        block
    }

    /// Commits the header to the body and searches a nonce.
    pub(crate) fn find(block: &mut Block) {
        let header = Header {
            version: 1,
            previous: block.header.previous,
            merkle_root: merkle_root(&block.leaves()),
            time: block.header.time().0.try_into().unwrap(),
            bits: block.header.bits().to_consensus(),
            nonce: 0,
        };
        block.header = (0..=u32::MAX)
            .map(|nonce| header.with_nonce(nonce))
            .find(Header::meets_own_target)
            .unwrap();
    }

    /// Checks, applies and commits a block; the laws are checked on what comes out.
    pub(crate) fn play_block(&mut self, block: Block) -> Result<Vec<TxOutcome>, Reason> {
        let checked = block
            .check(&self.genesis, self.pool)
            .map_err(|error| error.reason())?;
        let applied = Ledger::new(&self.genesis)
            .apply_block(&self.state, self.height, &checked)
            .map_err(|error: ApplyError<_>| error.reason().unwrap())?;
        let (delta, outcomes) = (applied.delta(), applied.outcomes().to_vec());
        assert_eq!(self.one_by_one(&checked), *delta);
        let before = self.state.clone();
        self.state.commit(delta);
        let after = self.state.clone();
        self.state.commit(&inverted(delta));
        assert_eq!(self.state, before);
        self.state = after;
        self.height = self.height.next();
        check_invariants(&self.genesis.rules, &self.state).unwrap();
        Ok(outcomes)
    }

    /// The changes of a block whose transactions are applied one by one, as a template does.
    fn one_by_one(&self, block: &CheckedBlock) -> Delta {
        let ledger = Ledger::new(&self.genesis);
        let context = BlockContext {
            height: self.height,
            time: block.get().header.time(),
        };
        let mut overlay = Overlay::new(&self.state);
        ledger.begin_block(&mut overlay, context).unwrap();
        for transaction in &block.get().transactions {
            let checked = transaction.clone().check(&self.genesis, self.pool).unwrap();
            ledger
                .apply_transaction(&mut overlay, context, &checked)
                .unwrap();
        }
        overlay.into_delta()
    }

    pub(crate) fn play(
        &mut self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<TxOutcome>, Reason> {
        let block = self.block(transactions);
        self.play_block(block)
    }

    /// A block of what of these can be applied, without signatures and hashes; gives what was.
    pub(crate) fn plays_unsigned<'a>(
        &mut self,
        acts: &'a [(AccountId, Action)],
    ) -> Vec<&'a Action> {
        let context = BlockContext {
            height: self.height,
            time: UnixSeconds(self.time),
        };
        let ledger = Ledger::of_pool(&self.genesis, self.pool);
        let mut overlay = Overlay::new(&self.state);
        ledger.begin_block(&mut overlay, context).unwrap();
        let mut done = Vec::new();
        for (account, action) in acts {
            let known = overlay.account(account).unwrap().unwrap();
            let body = TxBody {
                account: *account,
                nonce: known.next_nonce,
                action: action.clone(),
            };
            if let Ok((_, delta)) = ledger.rehearse(&overlay, context, &body) {
                overlay.absorb(delta);
                done.push(action);
            }
        }
        let delta = overlay.into_delta();
        self.state.commit(&delta);
        self.height = self.height.next();
        done
    }

    /// An empty block at a time.
    pub(crate) fn wait_until(&mut self, time: u64) {
        self.time = time;
        self.play(Vec::new()).unwrap();
    }

    /// Match 3 has a record by the organiser, one second after kick-off.
    pub(crate) fn recorded(mut self, outcome: Outcome) -> Self {
        self.time = KICKOFF + 1;
        self.plays(ORGANISER, result(3, outcome)).unwrap();
        self
    }

    pub(crate) fn account(&self, who: u8) -> Option<Account> {
        self.state.account(&account(who)).unwrap()
    }

    pub(crate) fn chips(&self, who: u8) -> u64 {
        self.account(who).unwrap().chips.0
    }

    pub(crate) fn nonce(&self, who: u8) -> u64 {
        self.account(who).map_or(0, |account| account.next_nonce.0)
    }

    pub(crate) fn game(&self, no: u16) -> Match {
        self.state.match_by_no(MatchNo(no)).unwrap().unwrap()
    }

    pub(crate) fn pot(&self, no: u16) -> u64 {
        self.game(no).pot.0
    }

    pub(crate) fn bet_of(&self, no: u16, who: u8) -> Option<Bet> {
        self.state.bet(MatchNo(no), &account(who)).unwrap()
    }

    pub(crate) fn record(&self, no: u16) -> Option<MatchResult> {
        self.state.result(MatchNo(no)).unwrap()
    }

    /// The chips that an account has staked, and those of it that wait to be free.
    pub(crate) fn staked(&self, who: u8) -> (u64, u64) {
        let staked = self.state.get::<table::Stakes>(&account(who)).unwrap();
        let staked = staked.unwrap_or_default();
        (staked.chips.0, staked.waiting.0)
    }

    /// Who votes after the last block.
    pub(crate) fn validators(&self) -> Vec<Validator> {
        self.state.validators_after(Height(u64::MAX)).unwrap()
    }

    pub(crate) fn totals(&self) -> Totals {
        self.state.totals().unwrap()
    }

    pub(crate) fn standing(&self, who: u8) -> Standing {
        let standing = self.state.get::<table::Standings>(&account(who)).unwrap();
        standing.unwrap_or_default()
    }

    pub(crate) fn points(&self, who: u8) -> u64 {
        self.standing(who).points.0
    }
}

/// The change that takes this one back.
pub(crate) fn inverted(delta: &Delta) -> Delta {
    let mut back = delta.clone();
    for change in back.changes.values_mut() {
        std::mem::swap(&mut change.before, &mut change.after);
    }
    back
}
