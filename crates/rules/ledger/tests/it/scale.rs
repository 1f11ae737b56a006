//! What a result costs: it touches the tips on its own match, however many others there are.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use bolao_ledger::{Fixture, Ledger, Limits, Text, Transaction, table::table_name};

use crate::game::{Game, KICKOFF, ORGANISER, START, bet, fixture, genesis, played, result, tip_on};

const PLAYERS: u8 = 40;
/// Players who tip the match that gets a result; everybody tips all others.
const TIPPERS: u8 = 30;
const NO: u16 = 10;

/// A pool with the match [`NO`] and so many others, half of them of its stage.
fn pool(others: u16) -> Game {
    let mut genesis = genesis();
    genesis.limits = Limits::default();
    genesis.matches = (NO..=NO + others)
        .map(|no| Fixture {
            stage: Text::new(["Groups", "Final"][usize::from(no % 2)]).unwrap(),
            ..fixture(no, &format!("M{no}"), Some(KICKOFF))
        })
        .collect();
    let mut game = Game::joined_with(genesis, PLAYERS);
    game.time = START + 1;
    for who in 1..=PLAYERS {
        let first = if who <= TIPPERS { NO } else { NO + 1 };
        let tips: Vec<_> = (first..=NO + others)
            .map(|no| tip_on(no, ["2-1", "1-1", "0-3"][usize::from(who % 3)], 1))
            .collect();
        game.plays(who, bet(&tips)).unwrap();
    }
    game.time = KICKOFF + 1;
    game
}

/// Plays a block, and says how many entries of which table it changed.
fn changed(game: &mut Game, transactions: Vec<Transaction>) -> BTreeMap<&'static str, usize> {
    let block = game.block(transactions);
    let checked = block.clone().check(&game.genesis, game.pool).unwrap();
    let applied = Ledger::new(&game.genesis)
        .apply_block(&game.state, game.height, &checked)
        .unwrap();
    game.play_block(block).unwrap();
    let mut tables = BTreeMap::new();
    for key in applied.delta().changes.keys() {
        *tables.entry(table_name(key)).or_default() += 1;
    }
    tables
}

fn result_changes(game: &mut Game) -> [BTreeMap<&'static str, usize>; 4] {
    let entered = game.act(ORGANISER, result(NO, played("2-1")));
    let entered = changed(game, vec![entered]);
    let corrected = game.act(ORGANISER, result(NO, played("1-1")));
    let corrected = changed(game, vec![corrected]);
    game.time += 1_000;
    let settled = changed(game, Vec::new());
    game.time += 1;
    [entered, corrected, settled, changed(game, Vec::new())]
}

#[test]
fn a_result_touches_only_what_its_match_is_about() {
    let (mut small, mut large) = (pool(1), pool(60));
    let changes = result_changes(&mut large);
    assert_eq!(result_changes(&mut small), changes);
    let tippers = usize::from(TIPPERS);
    let [entered, corrected, settled, empty] = changes;
    for scored in [&entered, &corrected] {
        assert!(scored["Standings"] <= tippers && scored["Standings"] >= tippers / 3);
        assert!(scored["RoundStandings"] <= tippers);
        assert!(!scored.contains_key("Bets"));
        // The organiser's account, the record and its versions, the log, counts, when it is final.
        assert!(
            scored.values().sum::<usize>() <= 2 * tippers + 10,
            "{scored:?}"
        );
    }
    // Those who were right get their share, with a line in their histories.
    assert_eq!(settled["Accounts"], tippers / 3);
    assert_eq!(settled["History"], tippers / 3);
    assert_eq!(settled["Matches"], 1);
    assert!(
        settled.values().sum::<usize>() <= 2 * tippers / 3 + 5,
        "{settled:?}"
    );
    // The clock alone.
    assert_eq!(empty.values().sum::<usize>(), 1, "{empty:?}");
}
