//! How much one account sends, and how many join, in a time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{Bounds, Genesis, PoolFile, Reason, Text};

use crate::game::{Game, ORGANISER, START, bet, fixture, genesis, many_bets, ruled, schedule, tip};

const WINDOW_S: u64 = 100;

fn of(change: impl FnOnce(&mut Bounds)) -> Genesis {
    let mut bounds = Bounds {
        window_s: 100,
        account_transactions: 3,
        account_bytes: 100_000,
        joins: 2,
    };
    change(&mut bounds);
    ruled(genesis(), |it| it.bounds = Some(bounds))
}

#[test]
fn an_account_sends_so_many_in_any_window() {
    let mut game = Game::joined_with(of(|_| ()), 2);
    // The join was the first.
    let one = || bet(&[tip(1, 1)]);
    game.time = START + 50;
    game.plays(2, one()).unwrap();
    game.time = START + 99;
    game.plays(2, one()).unwrap();
    assert_eq!(game.plays(2, one()), Err(Reason::TooOften));
    // One comes free when the first is as old as the window, and not more.
    game.time = START + WINDOW_S;
    game.plays(2, one()).unwrap();
    assert_eq!(game.plays(2, one()), Err(Reason::TooOften));
    game.time = START + 50 + WINDOW_S - 1;
    assert_eq!(game.plays(2, one()), Err(Reason::TooOften));
    game.time = START + 50 + WINDOW_S;
    game.plays(2, one()).unwrap();
}

/// # Rule U3: a league is scheduled at once.
#[test]
fn organisers_are_not_bound() {
    let mut genesis = of(|_| ());
    genesis.limits.matches = 9;
    let mut game = Game::joined_with(genesis, 1);
    for no in 4..=9 {
        let added = fixture(no, &format!("M{no}"), None);
        game.plays(ORGANISER, schedule(added)).unwrap();
    }
}

#[test]
fn an_account_sends_so_many_bytes() {
    let mut genesis = of(|bounds| {
        bounds.account_bytes = 4_096;
        bounds.account_transactions = 99;
    });
    genesis.limits.matches = 200;
    genesis.matches = (0..180)
        .map(|no| fixture(no, &format!("M{no}"), None))
        .collect();
    let mut game = Game::joined_with(genesis, 2);
    let long = |game: &Game, count| game.bet(2, game.nonce(2), &many_bets(count));
    let bytes = |count: usize| 32 + 8 + 1 + 4 + 13 * count + 64;
    assert_eq!(long(&game, 128).body.signed_bytes(), bytes(128));
    game.time += WINDOW_S;
    for _ in 0..2 {
        let bet = long(&game, 128);
        game.play(vec![bet]).unwrap();
    }
    let left = 4_096 - 2 * bytes(128);
    let fits = (left - bytes(0)) / 13;
    let bet = long(&game, fits + 1);
    assert_eq!(game.play(vec![bet]), Err(Reason::TooOften));
    let bet = long(&game, fits);
    game.play(vec![bet]).unwrap();
}

/// A pool as it is made without a word about bounds.
fn new_pool(matches: u16) -> Genesis {
    let matches = (0..matches).map(|no| fixture(no, &format!("M{no}"), None));
    let (name, created) = (Text::new("Our cup").unwrap(), genesis().created);
    let organisers = genesis().organisers;
    let file = PoolFile::default();
    let made = file.genesis(name, created, organisers, matches.collect(), &[]);
    let made = made.unwrap();
    // Of the game that is played here only the bounds are a new pool's.
    ruled(genesis(), |it| {
        it.bounds = made.bounds;
        it.limits = made.limits;
        it.matches = made.matches;
    })
}

/// Forty accounts that one invitation let in filled 5.2 MB of blocks within seconds, and as much each hour.
#[test]
fn new_accounts_fill_little() {
    let mut game = Game::joined_with(new_pool(180), 2);
    let mut bytes = game.join(2, 0, "Player 2").body.signed_bytes();
    loop {
        let longest = game.bet(2, game.nonce(2), &many_bets(128));
        let long = longest.body.signed_bytes();
        match game.play(vec![longest]) {
            Ok(_) => bytes += long,
            Err(refused) => {
                assert_eq!(refused, Reason::TooOften);
                break;
            }
        }
    }
    assert!((30_000..=32_768).contains(&bytes), "{bytes}");
    assert!(40 * bytes < 1_400_000, "{bytes}");
}

/// A bet of its own on each match of a World Cup, and all of them changed at once a few times more.
#[test]
fn whoever_tips_is_not_bound_by_it() {
    let mut game = Game::joined_with(new_pool(104), 2);
    for no in 0..104 {
        game.plays(2, bet(&[tip(no, 1)])).unwrap();
    }
    for _ in 0..8 {
        let all: Vec<_> = (0..104).map(|no| tip(no, 1)).collect();
        game.plays(2, bet(&all)).unwrap();
    }
}

#[test]
fn so_many_join_in_any_window() {
    let mut game = Game::with(of(|_| ()));
    let join = |game: &mut Game, who: u8| {
        let join = game.join(who, 0, &format!("Player {who}"));
        game.play(vec![join])
    };
    join(&mut game, 2).unwrap();
    game.time = START + 60;
    join(&mut game, 3).unwrap();
    assert_eq!(join(&mut game, 4), Err(Reason::TooManyJoins));
    // An organiser is let in.
    join(&mut game, ORGANISER).unwrap();
    game.time = START + WINDOW_S;
    join(&mut game, 4).unwrap();
    assert_eq!(join(&mut game, 5), Err(Reason::TooManyJoins));
}
