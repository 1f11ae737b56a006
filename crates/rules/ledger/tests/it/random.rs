//! Random games under random rules: every action, good and bad, by players and up to three organisers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use bolao_ledger::{
    Action, Base, BetMode, BlockContext, Bounds, Genesis, Invitation, ItemKind, Ledger, MatchNo,
    MemoryState, Name, NobodyRight, Opening, Outcome, Overlay, PageAddress, Placed, Prediction,
    Quorum, SealedBet, StageRule, StateView, Status, Text, Transaction, UnixSeconds,
    actions::{self, SchemesRule, StageScheme},
    preset, seal_commitment, table,
};

use crate::{
    dice::Dice,
    game::{
        Game, account, day, fixture, genesis, invitation, object, organiser, predicted, result,
        schedule, tip, tip_on, transfer,
    },
    points,
    questions::{FIRST, answered, choice, number},
};

const NAMES: &[&str] = &[
    "Ana", "ana", "Bruno", "Chloé", "Ana B", "ana  b", "Σ", "σ", "Duarte", "Eva",
];
const CODES: [&str; 6] = ["PtCh", "NlEn", "Soon", "X1", "X2", "ptch"];
const SCORES: &[&str] = &["0-0", "1-0", "1-1", "2-1", "0-2"];
const PLAYERS: u64 = 7;

/// What players remember of their seals: the prediction and the salt.
pub(crate) type Secrets = BTreeMap<[u8; 32], (Prediction, [u8; 32])>;

/// Where two must sign, that may be two-once-two.
fn quorum(dice: &mut Dice, least: u64, most: u64) -> Quorum {
    match least + dice.below(most + 1 - least) {
        2 if dice.one_in(2) => Quorum::TWO_ONCE_TWO,
        number => Quorum::of(number.try_into().unwrap()),
    }
}

pub(crate) fn rules(dice: &mut Dice) -> Genesis {
    let mut drawn = genesis();
    let organisers = 1 + dice.below(3);
    drawn.organisers = (1..=organisers)
        .map(|who| account(who.try_into().unwrap()))
        .collect();
    let rules = &mut drawn.rules;
    rules.results_quorum = quorum(dice, 1, organisers);
    rules.schedule_quorum = quorum(dice, 1, organisers);
    rules.bets = dice.pick(&[BetMode::Open, BetMode::Sealed]);
    rules.deadline_lead_s = dice.pick(&[0, 0, 30]);
    rules.later_kickoff_reopens = dice.one_in(2);
    rules.opening_window_s = dice.pick(&[1, 60, 200]);
    rules.dispute_window_s = dice.pick(&[0, 40, 150]);
    rules.nobody_right = dice.pick(&[NobodyRight::Refund, NobodyRight::Rollover]);
    rules.awarded_counts = dice.one_in(2);
    rules.scoring = preset(dice.pick(&["kicktipp", "br10", "add", "wm543"])).unwrap();
    // What was drawn already says which other points count, so that the games stay as they are.
    let by_stage = match (rules.opening_window_s, rules.dispute_window_s) {
        (1, _) => None,
        (60, 0) => Some("superbru"),
        (60, _) => Some("nine"),
        (_, _) => Some("quota"),
    };
    if let Some(game) = by_stage {
        rules.features.schemes = Some(SchemesRule {
            stages: vec![StageScheme {
                stage: Text::new("Final").unwrap(),
                scoring: points::of(game),
            }],
        });
    }
    if rules.dispute_window_s == 150 {
        rules.scoring = points::of("quota");
    }
    rules.base = dice.pick(&[Base::After90, Base::After120]);
    if dice.one_in(2) {
        rules.stages.push(StageRule {
            stage: Text::new("Final").unwrap(),
            base: Base::After120,
            multiplier: 3,
        });
    }
    if dice.one_in(3) {
        drawn.membership = bolao_ledger::Membership::Invite;
    }
    drawn.limits.matches = 6;
    if !dice.one_in(3) {
        let rules = &mut drawn.rules;
        rules.short_bets_void = dice.one_in(2);
        rules.put_off_stays_open = dice.one_in(2);
        rules.notice_s = if dice.one_in(2) { 0 } else { 100 };
        rules.anybody_opens = dice.one_in(2);
        rules.organisers_quorum = quorum(dice, 0, organisers);
        let signing = rules.results_quorum.max(rules.schedule_quorum);
        if rules.organisers_quorum == Quorum::of(1) && signing == Quorum::TWO_ONCE_TWO {
            rules.organisers_quorum = signing;
        }
        drawn.bounds = dice.one_in(3).then_some(Bounds {
            window_s: 200,
            account_transactions: 8,
            account_bytes: 4_096,
            joins: 4,
        });
        drawn.days = (!dice.one_in(3)).then(Vec::new);
    }
    if !drawn.rules.features.is_empty() {
        drawn.version = drawn.rules.genesis_version();
    }
    drawn.matches[0].kickoff = Some(UnixSeconds(crate::game::START + 60 + dice.below(300)));
    drawn.check().unwrap();
    drawn
}

fn outcome(dice: &mut Dice) -> Outcome {
    let score = |dice: &mut Dice| dice.pick(SCORES).parse().unwrap();
    let without = |status| Outcome::without_score(status, None);
    match dice.below(12) {
        0 => without(Status::Cancelled),
        1 | 2 => without(Status::Postponed),
        3 => without(Status::Abandoned),
        4 => Outcome {
            status: Status::Awarded,
            ..Outcome::played("2-1".parse().unwrap())
        },
        5 => Outcome {
            after_120: Some("3-1".parse().unwrap()),
            ..Outcome::played("1-1".parse().unwrap())
        },
        6 => dice.outcome(),
        _ => Outcome::played(score(dice)),
    }
}

fn join(game: &Game, dice: &mut Dice, who: u8) -> Action {
    let invitation: Option<Box<Invitation>> = (!dice.one_in(4)).then(|| {
        let uses = 3 + u32::try_from(dice.below(3)).unwrap();
        let organiser = if dice.one_in(8) { 9 } else { 1 };
        Box::new(invitation(game.pool, organiser, who, uses))
    });
    Action::Join(actions::Join {
        name: Name::new(dice.pick(NAMES)).unwrap(),
        invitation,
    })
}

fn tips(game: &Game, dice: &mut Dice, who: u8, secrets: &mut Secrets) -> Action {
    let matches = if dice.one_in(10) { 6 } else { 3 };
    let mut tips: Vec<_> = (1..=matches)
        .filter(|_| dice.one_in(2))
        .map(|no| tip(no, 0))
        .collect();
    if tips.is_empty() {
        tips.push(tip(1, 0));
    }
    for tip in &mut tips {
        tip.prediction = predicted(dice.pick(SCORES));
        tip.stake.0 = dice.below(400);
    }
    for no in FIRST..FIRST + 5 {
        if game.genesis.rules.notice_s > 0 && dice.one_in(3) {
            let kind = if no < FIRST + 4 { "option" } else { "number" };
            let answer = match dice.below(30) {
                0 => "0-1".to_owned(),
                _ => format!("{kind} {}", dice.below(3)),
            };
            tips.push(tip_on(no, &answer, u64::from(dice.one_in(30))));
        }
    }
    let there = |no| game.state.item(no).unwrap().is_some();
    tips.retain(|tip| tip.match_no.0 < FIRST || there(tip.match_no));
    let is_sealed = game.genesis.rules.bets == BetMode::Sealed;
    if is_sealed == dice.one_in(20) {
        return Action::Bet(actions::Bet { bets: tips });
    }
    let seals = tips.iter().map(|tip| {
        let salt = dice.bytes();
        let commitment = seal_commitment(
            game.pool,
            &account(who),
            tip.match_no,
            tip.prediction,
            &salt,
        );
        secrets.insert(commitment, (tip.prediction, salt));
        SealedBet {
            match_no: tip.match_no,
            commitment,
            stake: tip.stake,
        }
    });
    Action::Seal(actions::Seal {
        bets: seals.collect(),
    })
}

fn openings(
    state: &Overlay<&MemoryState>,
    dice: &mut Dice,
    who: u8,
    secrets: &Secrets,
) -> Vec<Opening> {
    let mut openings = Vec::new();
    for no in (1..=6).chain(FIRST..FIRST + 5) {
        let bet = state.bet(MatchNo(no), &account(who)).unwrap();
        let Some(Placed::Sealed(commitment)) = bet.map(|bet| bet.placed) else {
            continue;
        };
        let (mut prediction, salt) = secrets[&commitment];
        if dice.one_in(12) {
            prediction = dice.prediction();
        }
        if dice.one_in(2) || openings.is_empty() {
            openings.push(Opening {
                match_no: MatchNo(no),
                prediction,
                salt,
            });
        }
    }
    openings
}

/// A question of one or two slots, or what became of it.
fn drawn_question(game: &Game, dice: &mut Dice) -> Action {
    let place = u16::try_from(dice.below(3)).unwrap();
    let no = FIRST + 2 * place;
    if dice.one_in(2) {
        let right = [0, 1, 2].into_iter().skip(dice.index(2)).take(2);
        let right: Vec<u16> = right.collect();
        return match dice.below(8) {
            0 => result(no, Outcome::without_score(Status::Cancelled, None)),
            1 => result(no, answered(&[1])),
            2 => result(no, answered(&[2, 0])),
            _ => result(no, answered(&right)),
        };
    }
    let mut question = match place {
        0 => choice(2, 3, None, 5),
        1 => choice(2, 3, Some(4), 5),
        _ => number(0, 9, &[5, 3]),
    };
    question.no = MatchNo(no);
    question.code = CODES[3 + usize::from(place)].parse().unwrap();
    question.closes = UnixSeconds(game.time + 90 + 10 * dice.below(9));
    Action::Question(actions::Question {
        question: Box::new(question),
    })
}

/// A player's random move on top of what the block holds already; most are good, some are not.
fn draw_move(
    game: &Game,
    state: &Overlay<&MemoryState>,
    dice: &mut Dice,
    secrets: &mut Secrets,
) -> Option<Transaction> {
    let organisers = game.genesis.organisers.len().try_into().unwrap();
    let organises = dice.one_in(2);
    let among = if organises && !dice.one_in(9) {
        organisers
    } else {
        PLAYERS
    };
    let number = dice.below(among);
    let who = u8::try_from(1 + number).unwrap();
    let joined = state.account(&account(who)).unwrap();
    let mut nonce = joined.as_ref().map_or(0, |account| account.next_nonce.0);
    if dice.one_in(12) {
        nonce = dice.below(4);
    }
    let no = u16::try_from(1 + dice.below(3)).unwrap();
    let action = if joined.is_none() || dice.one_in(20) {
        join(game, dice, who)
    } else if organises && dice.one_in(3) {
        let index = dice.index(CODES.len());
        let kickoff = (!dice.one_in(4)).then(|| game.time - 10 + dice.below(300));
        let no = u16::try_from(1 + index).unwrap();
        schedule(fixture(no, CODES[index], kickoff))
    } else if organises && dice.one_in(4) && game.genesis.days.is_some() {
        let begins = game.time - 20 + dice.below(90);
        let known = (begins, begins + 1 + dice.below(90));
        day(no, (!dice.one_in(6)).then_some(known))
    } else if organises && dice.one_in(4) && game.genesis.rules.organisers_quorum != Quorum::of(0) {
        let whom = (1 + dice.below(PLAYERS)).try_into().unwrap();
        organiser(whom, !dice.one_in(3))
    } else if organises && dice.one_in(3) && game.genesis.rules.notice_s > 0 {
        drawn_question(game, dice)
    } else if organises && dice.one_in(6) && game.genesis.rules.notice_s > 0 {
        let host = dice.below(3);
        let address = PageAddress::new(&format!("https://pool-{host}.example")).unwrap();
        Action::Address(actions::Address { address })
    } else if organises {
        result(no, outcome(dice))
    } else {
        match dice.below(8) {
            0 => transfer(
                (1 + dice.below(PLAYERS)).try_into().unwrap(),
                dice.below(300),
            ),
            1 => object(no, "no"),
            2..=4 if game.genesis.rules.bets == BetMode::Sealed => {
                let opens_own = !game.genesis.rules.anybody_opens || dice.one_in(2);
                let other = 1 + dice.below(PLAYERS);
                let whose = if opens_own {
                    who
                } else {
                    other.try_into().unwrap()
                };
                let openings = openings(state, dice, whose, secrets);
                if opens_own {
                    Action::Open(actions::Open { openings })
                } else {
                    let player = account(whose);
                    Action::OpenFor(actions::OpenFor { player, openings })
                }
            }
            _ => tips(game, dice, who, secrets),
        }
    };
    // An opening of nothing has no form; the rest is for the state to judge.
    let transaction = game.sign(who, nonce, action);
    let has_form = transaction.clone().check(&game.genesis, game.pool).is_ok();
    has_form.then_some(transaction)
}

/// Draws the transactions of one block: those that apply. One that does not must leave no trace.
pub(crate) fn draw_block(game: &Game, dice: &mut Dice, secrets: &mut Secrets) -> Vec<Transaction> {
    let ledger = Ledger::new(&game.genesis);
    let context = BlockContext {
        height: game.height,
        time: UnixSeconds(game.time),
    };
    let mut overlay = Overlay::new(&game.state);
    ledger.begin_block(&mut overlay, context).unwrap();
    let mut taken = Vec::new();
    for _ in 0..dice.below(14) {
        let Some(transaction) = draw_move(game, &overlay, dice, secrets) else {
            continue;
        };
        let checked = transaction.clone().check(&game.genesis, game.pool).unwrap();
        let before = overlay.clone().into_delta();
        if ledger
            .apply_transaction(&mut overlay, context, &checked)
            .is_ok()
        {
            taken.push(transaction);
        } else {
            assert_eq!(overlay.clone().into_delta(), before);
        }
    }
    taken
}

/// Time goes on, sometimes far, and now and then a block says an earlier one.
pub(crate) fn pass_time(game: &mut Game, dice: &mut Dice) {
    match dice.below(10) {
        0 => game.time -= dice.below(40),
        1 => game.time += dice.below(600),
        _ => game.time += dice.below(60),
    }
}

#[test]
fn random_games_are_worth_their_name() {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut add =
        |what, more: usize| *counts.entry(what).or_default() += u64::try_from(more).unwrap();
    for seed in 0..64 {
        let dice = &mut Dice::new(seed);
        let mut game = Game::with(rules(dice));
        let mut secrets = Secrets::new();
        for _ in 0..24 {
            let transactions = draw_block(&game, dice, &mut secrets);
            for transaction in &transactions {
                let what = match transaction.body.action {
                    Action::Join(_) => "joins",
                    Action::Bet(_) => "bets",
                    Action::Seal(_) => "seals",
                    Action::Open(_) => "openings",
                    Action::OpenFor(_) => "openings for others",
                    Action::Organiser(_) => "organisers",
                    Action::Day(_) => "days",
                    Action::Schedule(_) => "schedules",
                    Action::Result(_) => "results",
                    Action::Transfer(_) => "transfers",
                    Action::Object(_) => "objections",
                    Action::Stake(_)
                    | Action::Unstake(_)
                    | Action::Appoint(_)
                    | Action::Evidence(_)
                    | Action::Offer(_) => unreachable!("nobody votes here"),
                    Action::Address(_) => "addresses",
                    Action::Question(_) => "questions",
                    Action::Joker(_) => "jokers",
                    Action::Paid(_) => "entry fees",
                };
                add(what, 1);
            }
            let outcomes = game.play(transactions).unwrap();
            add(
                "void",
                outcomes.iter().filter(|o| !o.void_bets.is_empty()).count(),
            );
            pass_time(&mut game, dice);
        }
        let results = game.state.table::<table::Results>().unwrap();
        add(
            "corrections",
            results.values().filter(|r| r.version > 0).count(),
        );
        add(
            "cosigned",
            results.values().filter(|r| r.signers.len() > 1).count(),
        );
        add(
            "settled",
            results.values().filter(|r| r.is_settled()).count(),
        );
        let kind = |no| game.genesis.rules.kind_of(no);
        for item in game.state.items().unwrap() {
            assert_eq!(kind(item.no), Some(item.kind()));
        }
        let is_question = |no: &MatchNo| kind(*no) == Some(ItemKind::Question);
        let asked = results.keys().filter(|no| is_question(no));
        add("settled questions", asked.count());
        let bets = game.state.table::<table::Bets>().unwrap();
        let answers = bets.keys().filter(|(no, _)| is_question(no));
        add("answers", answers.count());
        add(
            "opened",
            bets.values().filter(|bet| bet.opened.is_some()).count(),
        );
        let standings = game.state.table::<table::Standings>().unwrap();
        add(
            "scored",
            standings.values().filter(|s| s.points.0 > 0).count(),
        );
        add("rollovers", usize::from(game.totals().rollover.0 > 0));
        let history = game.state.table::<table::History>().unwrap();
        for line in history.values().flat_map(|page| &page.0) {
            match line.cause {
                bolao_ledger::Cause::Won(_) => add("won", 1),
                bolao_ledger::Cause::Refunded(_) => add("refunded", 1),
                bolao_ledger::Cause::Freed(_) => add("freed", 1),
                _ => {}
            }
        }
    }
    assert_eq!(counts.len(), 25, "{counts:?}");
    assert!(counts.values().all(|count| *count >= 5), "{counts:?}");
}
