//! Who votes on blocks.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    Cause, Consensus, Height, Quorum, SetChange, StateView, Validator, ValidatorSet, Vote,
    table::{Acts, Appointments, Cheats},
};

use crate::{
    dice::Dice,
    game::{
        self, Game, KICKOFF, account, appoint, bet, evidence, offer, played, result, stake, tip_on,
        unstake, validator, with_votes,
    },
};

pub(crate) const APPOINTED: SetChange = SetChange::Appointed {
    quorum: Quorum::of(2),
};
pub(crate) const STAKED: SetChange = SetChange::Stake {
    wait_s: 100,
    cut_percent: 100,
};

/// Players 1 to 64 vote; 70 has joined and offered a key.
pub(crate) fn full(change: SetChange) -> Game {
    let mut genesis = with_votes(change);
    let Consensus::Pos(pos) = &mut genesis.consensus else {
        unreachable!("it is pos");
    };
    pos.voting.validators = (1..=64)
        .map(|who| validator(who, 1 + u64::from(who == 2)))
        .collect();
    let mut game = Game::with(genesis);
    let joins = [1, 2, 3, 70].map(|who| game.join(who, 0, &format!("Player {who}")));
    game.play(joins.to_vec()).unwrap();
    game.plays(70, offer(game.pool, 70, 70)).unwrap();
    game
}

/// Players 1 to 5; 1 votes, 1 to 3 organise, 1 and 2 have offered keys.
fn game(change: SetChange) -> Game {
    let mut game = Game::joined_with(with_votes(change), 5);
    game.plays(2, offer(game.pool, 2, 2)).unwrap();
    game
}

/// In the order of their accounts.
fn sorted<const N: usize>(mut validators: [Validator; N]) -> [Validator; N] {
    validators.sort_by_key(|one| one.account);
    validators
}

#[test]
fn genesis_names_the_first_validators() {
    let game = Game::with(with_votes(APPOINTED));
    assert_eq!(game.validators(), [validator(1, 5)]);
    let set = game.state.validator_set_after(Height(0)).unwrap().unwrap();
    assert_eq!(set.validators(), [validator(1, 5)]);
    let without = Game::with(game::genesis());
    assert_eq!(without.validators(), []);
    let set = without.state.validator_set_after(Height(0)).unwrap();
    assert_eq!(set, None);
}

#[test]
fn organisers_appoint_by_signing_alike() {
    let mut game = game(APPOINTED);
    game.plays(1, appoint(2, 7)).unwrap();
    assert_eq!(game.validators(), [validator(1, 5)]);
    // Another weight is another appointment; a later signature takes the place of the earlier one.
    game.plays(3, appoint(2, 8)).unwrap();
    game.plays(1, appoint(2, 8)).unwrap();
    let two = sorted([validator(1, 5), validator(2, 8)]);
    assert_eq!(game.validators(), two);
    assert!(game.state.table::<Appointments>().unwrap().is_empty());
    let last = game
        .state
        .table::<Acts>()
        .unwrap()
        .into_values()
        .last()
        .unwrap();
    assert_eq!((last.about(), last.effect.is_some()), (None, true));
    assert_eq!(last.vote, Vote::Appoint(validator(2, 8)));
    // The first leaves. Each set stays readable under the height of its block.
    game.plays(2, appoint(1, 0)).unwrap();
    game.plays(3, appoint(1, 0)).unwrap();
    assert_eq!(game.validators(), [validator(2, 8)]);
    let after = |height| game.state.validators_after(Height(height)).unwrap();
    assert_eq!(after(0), [validator(1, 5)]);
    assert_eq!(after(4), [validator(1, 5)]);
    assert_eq!(after(5), two);
    assert_eq!(after(6), two);
    assert_eq!(after(7), [validator(2, 8)]);
}

#[test]
fn a_coinbase_names_who_votes_next_and_then_says_what_it_likes() {
    let mut game = game(APPOINTED);
    game.plays(1, appoint(2, 7)).unwrap();
    let mut block = game.block(vec![game.act(3, appoint(2, 7))]);
    let next = ValidatorSet::new([validator(1, 5), validator(2, 7)]).unwrap();
    assert_eq!(block.coinbase.message, next.hash().0);
    assert_eq!(block.coinbase.words(&game.genesis), b"");
    block.coinbase.message.extend([b'x'; 32]);
    assert_eq!(block.coinbase.words(&game.genesis), [b'x'; 32]);
    Game::find(&mut block);
    game.play_block(block).unwrap();
    assert_eq!(
        game.validators(),
        sorted([validator(1, 5), validator(2, 7)])
    );
}

#[test]
fn what_takes_effect_spends_all_that_was_signed_about_the_account() {
    let mut game = game(APPOINTED);
    game.plays(3, offer(game.pool, 3, 3)).unwrap();
    game.plays(1, appoint(2, 9)).unwrap();
    game.plays(1, appoint(3, 9)).unwrap();
    for who in [2, 3] {
        game.plays(who, appoint(2, 1)).unwrap();
    }
    let waiting = game.state.table::<Appointments>().unwrap();
    let waiting: Vec<_> = waiting.into_keys().collect();
    assert_eq!(waiting, [(account(3), account(1))]);
    game.plays(2, appoint(2, 9)).unwrap();
    assert!(game.validators().contains(&validator(2, 1)));
}

#[test]
fn a_validator_that_offers_a_key_votes_with_it_from_the_next_block_on() {
    let mut game = game(APPOINTED);
    let mut own = validator(1, 5);
    own.key = validator(4, 0).key;
    game.plays(1, game::offer(game.pool, 1, 4)).unwrap();
    assert_eq!(game.validators(), [own]);
    // Its old key stays its own.
    let evidence = evidence(game.pool, 1, 3);
    game.plays(2, evidence).unwrap();
    let cheats = game.state.table::<Cheats>().unwrap();
    let (who, cheat) = cheats.first_key_value().unwrap();
    assert_eq!(*who, (account(1), Height(3)));
    assert_eq!((cheat.key, cheat.cut.0), (validator(1, 0).key, 0));
    assert_eq!(game.validators(), [own]);
}

#[test]
fn staked_chips_weigh_and_are_free_again_after_a_time() {
    let mut game = game(STAKED);
    game.plays(2, stake(300)).unwrap();
    game.plays(1, stake(10)).unwrap();
    let two = sorted([validator(1, 15), validator(2, 300)]);
    assert_eq!(game.validators(), two);
    assert_eq!((game.chips(2), game.staked(2)), (700, (300, 0)));
    game.time += 10;
    game.plays(2, unstake(100)).unwrap();
    assert!(game.validators().contains(&validator(2, 200)));
    assert_eq!((game.chips(2), game.staked(2)), (700, (200, 100)));
    // What waits already waits anew with what follows.
    game.time += 60;
    game.plays(2, unstake(200)).unwrap();
    assert_eq!(game.validators(), [validator(1, 15)]);
    let unstaked = game.time;
    game.wait_until(unstaked + 99);
    assert_eq!((game.chips(2), game.staked(2)), (700, (0, 300)));
    game.wait_until(unstaked + 100);
    assert_eq!((game.chips(2), game.staked(2)), (1_000, (0, 0)));
    let line = game.state.history_line(&account(2), 2).unwrap().unwrap();
    assert_eq!((line.cause, line.amount.0), (Cause::Unlocked, 300));
}

#[test]
fn a_full_set_makes_room_for_a_larger_stake() {
    let mut game = full(STAKED);
    game.plays(70, stake(2)).unwrap();
    let validators = game.validators();
    assert_eq!(validators.len(), 64);
    assert!(validators.contains(&validator(70, 2)));
    let least = (1..=64).filter(|who| *who != 2).map(account).min().unwrap();
    assert!(validators.iter().all(|one| one.account != least));
    // Whoever is put out has its stake back after the time.
    let mut game = Game::with(full(STAKED).genesis);
    let joins = [1, 2, 3, 4].map(|who| game.join(who, 0, &format!("Player {who}")));
    game.play(joins.to_vec()).unwrap();
    let out = 65;
    for (who, chips) in [(out, 2), (66, 3)] {
        game.plays(who, game::join_as(who)).unwrap();
        game.plays(who, offer(game.pool, who, who)).unwrap();
        game.plays(who, stake(chips)).unwrap();
    }
    for who in 67..=130 {
        game.plays(who, game::join_as(who)).unwrap();
        game.plays(who, offer(game.pool, who, who)).unwrap();
        game.plays(who, stake(3)).unwrap();
        if game.staked(out).1 > 0 {
            assert_eq!(game.staked(out), (0, 2));
            return;
        }
    }
    unreachable!("the least was never put out");
}

#[test]
fn a_proof_costs_what_is_staked_and_what_waits() {
    let mut game = game(SetChange::Stake {
        wait_s: 1_000,
        cut_percent: 50,
    });
    game.plays(2, stake(301)).unwrap();
    game.plays(2, unstake(100)).unwrap();
    let proof = evidence(game.pool, 2, 9);
    game.plays(4, proof).unwrap();
    assert_eq!(game.staked(2), (100, 50));
    assert!(game.validators().contains(&validator(2, 100)));
    assert_eq!(game.totals().rollover.0, 151);
    // For another number it costs again, in genesis' own weight too.
    let proof = evidence(game.pool, 1, 9);
    game.plays(4, proof).unwrap();
    assert!(game.validators().contains(&validator(1, 2)));
    // Whoever wins the next pot wins it.
    game.plays(4, bet(&[tip_on(3, "2-1", 10)])).unwrap();
    game.time = KICKOFF + 1;
    for who in [1, 2] {
        game.plays(who, result(3, played("2-1"))).unwrap();
    }
    game.wait_until(KICKOFF + 301);
    assert_eq!(game.chips(4), 1_151);
}

#[test]
fn the_last_validator_keeps_a_weight() {
    let mut game = Game::joined_with(with_votes(STAKED), 2);
    game.plays(1, stake(10)).unwrap();
    let proof = evidence(game.pool, 1, 9);
    game.plays(2, proof).unwrap();
    assert_eq!(game.validators(), [validator(1, 1)]);
    assert_eq!((game.staked(1), game.totals().rollover.0), ((0, 0), 10));
}

/// Anything by anybody, in both kinds of pools: what is refused leaves no trace, the laws hold, each block can be undone
/// (the game checks both), and somebody can always vote.
#[test]
fn random_games_with_votes() {
    let mut done = std::collections::BTreeMap::<&str, u32>::new();
    for seed in 0..24 {
        let dice = &mut Dice::new(seed);
        let cut_percent = dice.pick(&[0, 33, 100]);
        let change = if seed % 2 == 0 {
            APPOINTED
        } else {
            SetChange::Stake {
                wait_s: 60,
                cut_percent,
            }
        };
        let mut game = Game::joined_with(with_votes(change), 5);
        for _ in 0..60 {
            let number = |dice: &mut Dice, below| u8::try_from(1 + dice.below(below)).unwrap();
            let (who, whom) = (number(dice, 5), number(dice, 5));
            let action = match dice.below(8) {
                0 => offer(game.pool, who, whom),
                1 => offer(game.pool, who, whom + 100),
                2 | 3 if seed % 2 == 0 => appoint(whom, dice.below(3)),
                2 => stake(dice.below(300)),
                3 => unstake(1 + dice.below(200)),
                4 if seed % 2 == 0 => appoint(whom, dice.below(2)),
                4 => unstake(game.staked(who).0),
                5 => evidence(game.pool, whom, dice.below(3)),
                _ => bet(&[tip_on(3, "2-1", dice.below(20))]),
            };
            let kind = action.kind().name();
            if game.plays(who, action).is_ok() {
                *done.entry(kind).or_default() += 1;
            }
            let set = game.state.validator_set_after(game.height).unwrap();
            assert!(set.is_some());
            game.time += dice.below(30);
        }
    }
    assert_eq!(done.len(), 6, "{done:?}");
    assert!(done.values().all(|count| *count >= 10), "{done:?}");
}
