//! The entry fee: who has paid it, and what each place would get.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use std::collections::BTreeMap;

use bolao_ledger::{
    Action, Genesis, GenesisError, Quorum, Reason, StateView as _, Text,
    actions::{self, FeeRule, Money, PlaceShare},
    table,
};

use crate::{
    dice::Dice,
    game::{Game, ORGANISER, account, genesis, organiser, ruled},
};

const ANA: u8 = 2;

pub(crate) fn fee(hundredths: u64, split: &[u8]) -> FeeRule {
    FeeRule {
        amount: Money(hundredths),
        currency: Text::new("€").unwrap(),
        split: split.to_vec(),
    }
}

pub(crate) fn with(rule: FeeRule) -> Genesis {
    ruled(genesis(), |it| {
        it.rules.features.fee = Some(rule);
        it.version = it.rules.genesis_version();
    })
}

pub(crate) fn game() -> Game {
    Game::joined_with(with(fee(1_250, &[60, 30, 10])), 4)
}

pub(crate) fn paid(who: u8, paid: bool) -> Action {
    Action::Paid(actions::Paid {
        player: account(who),
        paid,
    })
}

fn noted(game: &Game) -> BTreeMap<bolao_ledger::AccountId, bolao_ledger::AccountId> {
    let all = game.state.scan::<table::Paid>(&(), None, 100);
    all.unwrap().into_iter().collect()
}

#[test]
fn an_organiser_notes_who_has_paid_and_takes_it_back() {
    let mut game = game();
    let before: Vec<u64> = (1..=4).map(|who| game.chips(who)).collect();
    game.plays(ORGANISER, paid(ANA, true)).unwrap();
    game.plays(ORGANISER, paid(ANA, true)).unwrap();
    game.plays(ORGANISER, paid(ORGANISER, true)).unwrap();
    let by = account(ORGANISER);
    assert_eq!(noted(&game), [(account(ANA), by), (by, by)].into());
    game.plays(ORGANISER, paid(ANA, false)).unwrap();
    game.plays(ORGANISER, paid(ANA, false)).unwrap();
    assert_eq!(noted(&game), [(by, by)].into());
    // No chips move.
    let after: Vec<u64> = (1..=4).map(|who| game.chips(who)).collect();
    assert_eq!(before, after);
}

#[test]
fn only_organisers_note_it_of_players_in_a_pool_with_a_fee() {
    let mut game = game();
    assert_eq!(
        game.plays(ANA, paid(ANA, true)),
        Err(Reason::NotAnOrganiser)
    );
    assert_eq!(
        game.plays(ORGANISER, paid(90, true)),
        Err(Reason::UnknownPayer)
    );
    assert_eq!(
        game.plays(ORGANISER, paid(90, false)),
        Err(Reason::UnknownPayer)
    );
    let without = Game::joined(2).plays(ORGANISER, paid(ANA, true));
    assert_eq!(without, Err(Reason::UnknownAction));
}

/// Whatever is signed, in whatever order, those have paid of whom it was noted last that they have.
#[test]
fn no_sequence_loses_who_has_paid() {
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let mut game = game();
        let mut wanted = BTreeMap::new();
        for _ in 0..40 {
            let (who, is_paid) = (1 + dice.below(6) as u8, dice.below(2) == 0);
            let by = 1 + dice.below(3) as u8;
            let done = game.plays(by, paid(who, is_paid));
            assert_eq!(done.is_ok(), by == ORGANISER && who <= 4, "{by} of {who}");
            if done.is_err() {
                continue;
            }
            if is_paid {
                wanted.insert(account(who), account(by));
            } else {
                wanted.remove(&account(who));
            }
            assert_eq!(noted(&game), wanted);
        }
    }
}

/// Within a block acts follow one another: a player who joins in it has paid in it, and what an organiser says last stands, also of
/// one who organises no more behind it.
#[test]
fn acts_of_one_block_follow_one_another() {
    let mut genesis = with(fee(1_000, &[100]));
    genesis.rules.organisers_quorum = Quorum::of(1);
    genesis.organisers = vec![account(ORGANISER), account(ANA)];
    let mut game = Game::joined_with(genesis, 3);
    let at = |game: &Game, who: u8, later: u64, act: Action| {
        game.sign(who, game.nonce(who) + later, act)
    };
    let block = vec![
        game.join(9, 0, "Nina"),
        at(&game, ORGANISER, 0, paid(9, true)),
        at(&game, ORGANISER, 1, paid(3, true)),
        at(&game, ANA, 0, paid(3, false)),
        at(&game, ANA, 1, paid(ANA, true)),
        at(&game, ORGANISER, 2, organiser(ANA, false)),
    ];
    game.play(block).unwrap();
    let (by, ana) = (account(ORGANISER), account(ANA));
    assert_eq!(noted(&game), [(account(9), by), (ana, ana)].into());
    assert_eq!(game.plays(ANA, paid(3, true)), Err(Reason::NotAnOrganiser));
    // Before the player joins, it is refused.
    let mut early = self::game();
    let block = vec![
        at(&early, ORGANISER, 0, paid(9, true)),
        early.join(9, 0, "Nina"),
    ];
    assert_eq!(early.play(block), Err(Reason::UnknownPayer));
    assert!(noted(&early).is_empty());
}

#[test]
fn equal_places_share_what_is_theirs() {
    let share = |place, shared_by, each| PlaceShare {
        place,
        shared_by,
        each: Money(each),
    };
    let rule = fee(1_000, &[60, 30, 10]);
    let of = |paid, places: &[u32]| rule.shares(paid, places.iter().copied());
    assert_eq!(
        of(9, &[1, 2, 3, 4]),
        [share(1, 1, 5_400), share(2, 1, 2_700), share(3, 1, 900)]
    );
    assert_eq!(
        of(9, &[1, 2, 2, 4]),
        [share(1, 1, 5_400), share(2, 2, 1_800)]
    );
    assert_eq!(
        of(7, &[1, 1, 3, 3, 3]),
        [share(1, 2, 3_150), share(3, 3, 233)]
    );
    // Nobody gets what is of places that nobody has.
    assert_eq!(of(9, &[1, 2]), [share(1, 1, 5_400), share(2, 1, 2_700)]);
    assert_eq!(of(0, &[1]), [share(1, 1, 0)]);
    assert_eq!(of(3, &[]), []);
}

/// What is given away is never more than what was paid, and less only by what cannot be shared in hundredths.
#[test]
fn no_table_gives_away_more_than_was_paid() {
    for seed in 0..2_000 {
        let mut dice = Dice::new(seed);
        let mut split = vec![100];
        for _ in 0..dice.below(4) {
            let last = split.pop().unwrap();
            split.extend([last - last / 3, last / 3]);
            split.sort_unstable_by(|a, b| b.cmp(a));
        }
        let rule = fee(1 + dice.below(5_000), &split);
        let (mut places, mut place) = (Vec::new(), 1);
        while places.len() < split.len() + 2 {
            let equal = 1 + dice.below(3) as u32;
            places.extend((0..equal).map(|_| place));
            place += equal;
        }
        let paid = dice.below(40);
        let shares = rule.shares(paid, places);
        let given: u64 = shares.iter().map(|it| it.each.0 * it.shared_by).sum();
        let pot = rule.amount.0 * paid;
        let lost: u64 = shares.iter().map(|it| it.shared_by).sum();
        assert!(
            given <= pot && pot - given <= lost,
            "{given} of {pot}: {shares:?}"
        );
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, hundredths, said) in [
        ("10", 1_000, "10"),
        ("12.5", 1_250, "12.50"),
        ("12,50", 1_250, "12.50"),
        ("0.05", 5, "0.05"),
    ] {
        let money: Money = text.parse().unwrap();
        assert_eq!((money, &*money.to_string()), (Money(hundredths), said));
    }
    for bad in ["", "-1", "1.234", "1.", ".5", "1e3", "1 000", "9999999999"] {
        assert!(bad.parse::<Money>().is_err(), "{bad}");
    }
}

#[test]
fn a_fee_that_cannot_be_shared_is_refused() {
    let problem = |rule| {
        let mut genesis = genesis();
        genesis.rules.features.fee = Some(rule);
        genesis.version = genesis.rules.genesis_version();
        genesis.check().unwrap_err()
    };
    for (rule, is_range) in [
        (fee(0, &[100]), true),
        (fee(100_000_001, &[100]), true),
        (fee(100, &[]), true),
        (fee(100, &[60, 30]), true),
        (fee(100, &[30, 60, 10]), false),
        (fee(100, &[100, 0]), false),
    ] {
        let error = problem(rule.clone());
        let is = matches!(error, GenesisError::Range { .. });
        assert_eq!(is, is_range, "{rule:?}: {error}");
    }
    with(fee(1, &[34, 33, 33]));
}
