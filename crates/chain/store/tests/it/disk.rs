//! How much room a bet takes.

use bolao_ledger::{
    Fixture, Genesis, Limits, MatchCode, MatchNo, Nonce, StateView as _, Team, Text, UnixSeconds,
};
use bolao_store::{Arrival, Store};

use crate::game::{bet, connect, genesis, join, mine, sign};

const PLAYERS: u8 = 100;
const ROUNDS: u16 = 10;
const MATCHES_A_ROUND: u16 = 10;

fn a_season() -> Genesis {
    let name = |text: String| Team {
        name: Text::new(&text).unwrap(),
        code: None,
    };
    let matches = (1..=ROUNDS * MATCHES_A_ROUND)
        .map(|no| Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            home: name(format!("Home {no}")),
            away: name(format!("Away {no}")),
            kickoff: None,
            stage: Text::new("League").unwrap(),
        })
        .collect();
    Genesis {
        matches,
        limits: Limits::default(),
        ..genesis()
    }
}

/// 10,000 bets: 100 players, ten rounds of ten matches, ten players a block.
#[test]
fn ten_thousand_bets_take_little_room() {
    let genesis = a_season();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let mut store = Store::create(&path, &genesis).unwrap();
    let players: Vec<u8> = (0..PLAYERS).collect();
    store.now_is(Arrival {
        at: UnixSeconds(1_800_000_000),
        in_step: true,
        clock_agrees: true,
    });
    let mut add = |transactions| {
        let tip = store.reader().snapshot().unwrap().tip().unwrap();
        let block = mine(&genesis, &tip, transactions, b"");
        connect(&mut store, &block).unwrap();
    };
    add(players
        .iter()
        .map(|player| sign(&genesis, *player, Nonce::ZERO, join(*player)))
        .collect());
    for round in 0..ROUNDS {
        for some in players.chunks(10) {
            add(some
                .iter()
                .map(|player| {
                    let first = round * MATCHES_A_ROUND + 1;
                    let guesses = (first..first + MATCHES_A_ROUND).map(|no| (no, 2, 3));
                    sign(&genesis, *player, Nonce(u64::from(round) + 1), bet(guesses))
                })
                .collect());
        }
    }
    let totals = store
        .reader()
        .snapshot()
        .unwrap()
        .memory_state()
        .unwrap()
        .totals()
        .unwrap();
    assert_eq!(totals.bets, 10_000);
    drop(store);
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!("{bytes} bytes on disk, {} a bet", bytes / totals.bets);
    assert!(
        bytes / totals.bets < 900,
        "{} bytes a bet",
        bytes / totals.bets
    );
}
