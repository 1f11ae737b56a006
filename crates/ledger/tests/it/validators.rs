//! Who votes on blocks.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{Consensus, Height, SetChange, StateView};

use crate::game::{self, Game, validator, with_votes};

const APPOINTED: SetChange = SetChange::Appointed { quorum: 2 };

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
fn a_pool_with_votes_is_for_tests_until_it_can_be_played() {
    let mut genesis = with_votes(APPOINTED);
    genesis.check_with_votes().unwrap();
    let error = genesis.check().unwrap_err().to_string();
    assert!(error.contains("`pos`"), "{error}");
    genesis.version = 1;
    genesis.v2 = None;
    let error = genesis.check_with_votes().unwrap_err().to_string();
    assert!(error.contains("wanted version 2"), "{error}");
    let mut genesis = with_votes(APPOINTED);
    genesis.consensus = Consensus::Pow;
    genesis.check().unwrap();
}
