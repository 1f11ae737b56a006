//! The actions of a tournament, signed and played.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{
    Action, BetMode, Chips, Consensus, Genesis, Invitation, MatchNo, Membership, Name, OpenBet,
    Opening, PageAddress, Prediction, PredictionKind, SealedBet, SignedTicket, StateView, Ticket,
    TxOutcome, UnixSeconds, Validator, ValidatorKey, ValidatorsHash, actions, admission_bytes,
    item::{Answer, Question},
    seal_commitment, table, ticket_bytes,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    PlainBesides, PlainFees, PlainFixture, PlainNames, PlainNoted, PlainTicket, PlainUses,
    PlainValidator, PlainWon, Played, Tournament, outcome,
    tables::{compare_besides, compare_fees, compare_names, counting},
};
use crate::game::{
    Game, account, day, evidence, genesis, object, offer, organiser, result, schedule, score,
    signature, stake, transfer, unstake, with_votes,
};

/// Match, score, salt in a pool with sealed tips, stake.
type PlainTip = (u16, String, Option<u8>, u64);

pub(crate) struct Playing<'a> {
    pub(crate) name: &'a str,
    pub(crate) game: Game,
    pub(crate) players: &'a [u8],
    chips: Vec<Option<u64>>,
    pots: Vec<u64>,
    rollover: u64,
    points: Vec<u64>,
    validators: Vec<PlainValidator>,
    validators_hash: Option<ValidatorsHash>,
    staked: Vec<(u64, u64)>,
    organisers: Vec<u8>,
    page: Option<PageAddress>,
    jokers: Vec<(u8, u16)>,
    besides: Option<PlainBesides>,
    won: Option<PlainWon>,
    noted: Option<PlainNoted>,
    fees: Option<PlainFees>,
    names: Option<PlainNames>,
    tickets: Option<PlainUses>,
    /// The kinds of the answers to questions that blocks hold, by the numbers of their slots.
    asked: BTreeMap<u16, PredictionKind>,
}

fn validators(plain: &[PlainValidator]) -> Vec<Validator> {
    let validator = |(who, key, weight): &PlainValidator| Validator {
        account: account(*who),
        key: ValidatorKey(account(*key).0),
        weight: *weight,
    };
    let mut validators: Vec<_> = plain.iter().map(validator).collect();
    validators.sort_by_key(|one| one.account);
    validators
}

fn part<'a, T: Deserialize<'a>>(transaction: &'a [Value], at: usize) -> T {
    T::deserialize(&transaction[at]).unwrap()
}

impl<'a> Playing<'a> {
    pub(crate) fn new(name: &'a str, tournament: &'a Tournament) -> Self {
        let base = tournament.votes.as_ref().map_or_else(genesis, |votes| {
            let mut genesis = with_votes(votes.change);
            let Consensus::Pos(pos) = &mut genesis.consensus else {
                unreachable!("it is pos");
            };
            pos.voting.validators = validators(&votes.validators);
            genesis
        });
        let genesis = Genesis {
            version: tournament.rules.genesis_version(),
            membership: tournament.membership.unwrap_or(Membership::Open),
            starting_chips: Chips(tournament.starting_chips),
            rules: tournament.rules.clone(),
            organisers: (1..=tournament.organisers).map(account).collect(),
            matches: tournament
                .matches
                .iter()
                .map(PlainFixture::fixture)
                .collect(),
            limits: bolao_ledger::Limits::default(),
            bounds: tournament.bounds,
            days: tournament.days.clone(),
            ..base
        };
        Self {
            name,
            game: Game::with(genesis),
            players: &tournament.players,
            chips: Vec::new(),
            pots: Vec::new(),
            rollover: 0,
            points: Vec::new(),
            validators: Vec::new(),
            validators_hash: None,
            staked: Vec::new(),
            organisers: (1..=tournament.organisers).collect(),
            page: None,
            jokers: Vec::new(),
            besides: None,
            won: None,
            noted: None,
            fees: None,
            names: None,
            tickets: None,
            asked: BTreeMap::new(),
        }
    }

    pub(crate) fn play(&mut self, index: usize, block: &Played) {
        let place = format!("{}, block {index}", self.name);
        self.game.time = block.time;
        let mut nonces: Vec<u64> = (0..=u8::MAX).map(|who| self.game.nonce(who)).collect();
        let mut transactions = Vec::new();
        let asked = block.txs.iter().filter(|plain| plain[1] == "question");
        for question in asked.map(|plain| part::<Question>(plain, 2)) {
            let numbers = question.numbers().map(|no| no.0);
            self.asked
                .extend(numbers.map(|no| (no, question.asks.takes())));
        }
        for plain in &block.txs {
            let (who, action) = self.action(plain);
            let nonce = &mut nonces[usize::from(who)];
            transactions.push(self.game.sign(who, *nonce, action));
            *nonce += 1;
        }
        let outcomes = self.game.play(transactions);
        let outcomes = outcomes.unwrap_or_else(|reason| panic!("{place}: {}", reason.code()));
        let void: Vec<Vec<u16>> = outcomes.iter().map(void_of).collect();
        assert_eq!(void, block.void, "{place}: void tips");
        self.expect(block);
        self.compare(&place);
        for (plain, codes) in &block.refused {
            if plain[1] == "question" && Question::deserialize(&plain[2]).is_err() {
                assert!(
                    codes.iter().any(|it| it == "bad-encoding"),
                    "{place}: {plain:?}"
                );
                continue;
            }
            let (who, action) = self.action(plain);
            let mut alone = self.game.clone();
            let got = match alone.plays(who, action) {
                Ok(_) => "nothing",
                Err(reason) => reason.code(),
            };
            assert!(
                codes.iter().any(|code| code == got),
                "{place}: got {got}, wanted one of {codes:?} for {plain:?}"
            );
        }
    }

    fn expect(&mut self, block: &Played) {
        self.chips = block
            .chips
            .clone()
            .unwrap_or(std::mem::take(&mut self.chips));
        self.pots = block.pots.clone().unwrap_or(std::mem::take(&mut self.pots));
        self.rollover = block.rollover.unwrap_or(self.rollover);
        self.points = block
            .points
            .clone()
            .unwrap_or(std::mem::take(&mut self.points));
        if let Some(validators) = &block.validators {
            self.validators.clone_from(validators);
        }
        self.validators_hash = block.validators_hash.or(self.validators_hash);
        self.page = block.page.clone().or(self.page.take());
        if let Some(organisers) = &block.organisers {
            self.organisers.clone_from(organisers);
        }
        if let Some(staked) = &block.staked {
            self.staked.clone_from(staked);
        }
        if let Some(jokers) = &block.jokers {
            self.jokers.clone_from(jokers);
        }
        self.besides = block.besides.clone().or(self.besides.take());
        self.won = block.won.clone().or(self.won.take());
        self.noted = block.noted.clone().or(self.noted.take());
        self.fees = block.fees.clone().or(self.fees.take());
        self.names = block.names.clone().or(self.names.take());
        self.tickets = block.tickets.clone().or(self.tickets.take());
    }

    fn compare(&self, place: &str) {
        let game = &self.game;
        let chips: Vec<_> = self
            .players
            .iter()
            .map(|who| game.account(*who).map(|account| account.chips.0))
            .collect();
        assert_eq!(chips, self.chips, "{place}: chips");
        // Matches that organisers add come behind those of genesis.
        let pots: Vec<_> = self.matches().map(|no| game.pot(no)).collect();
        assert_eq!(pots, self.pots, "{place}: pots");
        assert_eq!(game.totals().rollover.0, self.rollover, "{place}: rollover");
        let points: Vec<_> = self.joined().map(|who| game.points(who)).collect();
        assert_eq!(points, self.points, "{place}: points");
        let wanted = validators(&self.validators);
        assert_eq!(game.validators(), wanted, "{place}: validators");
        let set = game.state.validator_set_after(game.height).unwrap();
        let hash = set.map(|set| set.hash());
        assert_eq!(
            hash, self.validators_hash,
            "{place}: hash of the validators"
        );
        let page = game.state.address().unwrap();
        assert_eq!(page, self.page, "{place}: address of the page");
        let organisers: BTreeSet<_> = self.organisers.iter().copied().map(account).collect();
        let there = game.state.organisers(&game.genesis).unwrap();
        let there: BTreeSet<_> = there.into_iter().collect();
        assert_eq!(there, organisers, "{place}: organisers");
        for (who, staked) in self.players.iter().zip(&self.staked) {
            assert_eq!(game.staked(*who), *staked, "{place}: staked by {who}");
        }
        assert_eq!(self.jokers_that_count(), self.jokers, "{place}: jokers");
        compare_besides(self, self.besides.as_ref(), self.won.as_ref(), place);
        compare_fees(self, self.noted.as_ref(), self.fees.as_ref(), place);
        compare_names(self, self.names.as_ref(), self.tickets.as_ref(), place);
    }

    /// All but those that are free again.
    fn jokers_that_count(&self) -> Vec<(u8, u16)> {
        let is_free = |no: &u16| {
            let record = self.game.record(*no);
            record.is_some_and(|it| it.is_settled()) && counting(self, *no).is_none()
        };
        let all = self.game.state.table::<table::Jokers>().unwrap();
        let numbers = |who: u8| {
            let id = account(who);
            let of_player = all.keys().filter(move |key| key.0 == id);
            of_player.map(move |(_, no)| (who, no.0))
        };
        let jokers = self.players.iter().copied().flat_map(numbers);
        jokers.filter(|(_, no)| !is_free(no)).collect()
    }

    pub(crate) fn matches(&self) -> impl Iterator<Item = u16> {
        let matches = self.game.state.table::<table::Matches>().unwrap();
        matches.into_keys().map(|no| no.0)
    }

    pub(crate) fn joined(&self) -> impl Iterator<Item = u8> {
        let joined = |who: &u8| self.game.state.account(&account(*who)).unwrap().is_some();
        self.players.iter().copied().filter(joined)
    }

    fn action(&self, plain: &[Value]) -> (u8, Action) {
        let who: u8 = part(plain, 0);
        let action = match part::<&str>(plain, 1) {
            "join" => self.join(who, plain),
            "bet" => self.tips(who, part(plain, 2)),
            "open" => Action::Open(actions::Open {
                openings: self.openings(part(plain, 2)),
            }),
            "open_for" => Action::OpenFor(actions::OpenFor {
                player: account(part(plain, 2)),
                openings: self.openings(part(plain, 3)),
            }),
            "organiser" => organiser(part(plain, 2), part(plain, 3)),
            "address" => Action::Address(actions::Address {
                address: part(plain, 2),
            }),
            "day" => day(part(plain, 2), part(plain, 3)),
            "joker" => Action::Joker(actions::Joker {
                off: part(plain, 2),
                on: part(plain, 3),
            }),
            "paid" => Action::Paid(actions::Paid {
                player: account(part(plain, 2)),
                paid: part(plain, 3),
            }),
            "question" => Action::Question(actions::Question {
                question: Box::new(part(plain, 2)),
            }),
            "schedule" => schedule(part::<PlainFixture>(plain, 2).fixture()),
            "result" => result(part(plain, 2), outcome(&plain[3])),
            "transfer" => transfer(part(plain, 2), part(plain, 3)),
            "object" => object(part(plain, 2), "No"),
            "offer" => offer(self.game.pool, who, part::<u8>(plain, 2) - 100),
            "stake" => stake(part(plain, 2)),
            "unstake" => unstake(part(plain, 2)),
            "appoint" => {
                let one = (part(plain, 2), part(plain, 3), part(plain, 4));
                let validator = validators(&[one]).remove(0);
                Action::Appoint(actions::Appoint { validator })
            }
            "evidence" => {
                let key: u8 = part(plain, 2);
                evidence(self.game.pool, key - 100, part(plain, 3))
            }
            other => panic!("{other}"),
        };
        (who, action)
    }

    /// Under the usual name and without a ticket where it says none.
    fn join(&self, who: u8, plain: &[Value]) -> Action {
        let name = match plain.get(2) {
            Some(_) => part(plain, 2),
            None => Name::new(&format!("Player {who}")).unwrap(),
        };
        let ticket = plain.get(3).and_then(|_| part::<Option<_>>(plain, 3));
        let invitation = ticket.map(|it| Box::new(self.invitation(&it)));
        Action::Join(actions::Join { name, invitation })
    }

    fn invitation(&self, plain: &PlainTicket) -> Invitation {
        let pool = self.game.pool;
        let ticket = Ticket {
            key: account(plain.key),
            uses: plain.uses,
            expires: UnixSeconds(plain.expires),
        };
        let admitted = admission_bytes(pool, &account(plain.r#for));
        Invitation {
            given: SignedTicket {
                ticket,
                organiser: account(plain.by),
                organiser_signature: signature(plain.by, &ticket_bytes(pool, &ticket)),
            },
            ticket_signature: signature(plain.key, &admitted),
        }
    }

    /// The prediction of a text of the referee's, who writes the answer 172 as `1-72`, and a score with the team that goes
    /// through as `1-1>home`.
    fn predicted(&self, no: u16, text: &str) -> Prediction {
        if let Some((text, team)) = text.split_once('>') {
            return match team {
                "home" => Prediction::ThroughHome(score(text)),
                "away" => Prediction::ThroughAway(score(text)),
                other => panic!("{other}"),
            };
        }
        let score = score(text);
        let item = self.game.state.item(MatchNo(no)).unwrap();
        let kind = item.map(|it| it.takes);
        let answer = u16::from(score.home()) * 100 + u16::from(score.away());
        let answer = Answer::try_from(answer).unwrap();
        match kind.or_else(|| self.asked.get(&no).copied()) {
            Some(PredictionKind::Option) => Prediction::Option(answer),
            Some(PredictionKind::Number) => Prediction::Number(answer),
            Some(PredictionKind::Score) | None => score.into(),
        }
    }

    fn openings(&self, openings: Vec<(u16, String, u8)>) -> Vec<Opening> {
        let opening = |(no, predicted, salt): (u16, String, u8)| Opening {
            match_no: MatchNo(no),
            prediction: self.predicted(no, &predicted),
            salt: [salt; 32],
        };
        openings.into_iter().map(opening).collect()
    }

    fn tips(&self, who: u8, tips: Vec<PlainTip>) -> Action {
        if self.game.genesis.rules.bets == BetMode::Open {
            let tip = |(no, predicted, _, stake): PlainTip| OpenBet {
                match_no: MatchNo(no),
                prediction: self.predicted(no, &predicted),
                stake: Chips(stake),
            };
            return Action::Bet(actions::Bet {
                bets: tips.into_iter().map(tip).collect(),
            });
        }
        let seal = |(no, predicted, salt, stake): PlainTip| {
            let (match_no, salt) = (MatchNo(no), [salt.unwrap(); 32]);
            let prediction = self.predicted(no, &predicted);
            SealedBet {
                match_no,
                commitment: seal_commitment(
                    self.game.pool,
                    &account(who),
                    match_no,
                    prediction,
                    &salt,
                ),
                stake: Chips(stake),
            }
        };
        Action::Seal(actions::Seal {
            bets: tips.into_iter().map(seal).collect(),
        })
    }
}

fn void_of(outcome: &TxOutcome) -> Vec<u16> {
    outcome.void_bets.iter().map(|no| no.0).collect()
}
