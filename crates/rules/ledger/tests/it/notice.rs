//! What organisers change needs notice: matches that are added or dated late, teams that are exchanged, validators that are removed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Act, Effect, Fixture, Genesis, MatchNo, Quorum, Reason, SetChange, StateView as _, Status,
    Terms, Text, UnixSeconds, Validator, table::Acts,
};

use crate::game::{
    Game, KICKOFF, ORGANISER, account, address, appoint, bet, called_off, day, fixture, genesis,
    offer, organiser, played, result, ruled, schedule, tip, validator, with_votes,
};

/// How much notice the pools below want, in seconds.
const NOTICE_S: u32 = 100;
const NOTICE: u64 = NOTICE_S as u64;

fn rules(genesis: Genesis) -> Genesis {
    ruled(genesis, |it| {
        it.rules.notice_s = NOTICE_S;
        it.rules.put_off_stays_open = true;
        it.rules.organisers_quorum = Quorum::of(1);
        it.days = Some(Vec::new());
    })
}

/// A pool of three players that wants notice, whose matches 1 and 2 have no kick-off.
pub(crate) fn with_notice() -> Game {
    let mut genesis = genesis();
    for fixture in &mut genesis.matches[..2] {
        fixture.kickoff = None;
    }
    Game::joined_with(rules(genesis), 3)
}

fn takes_bets(game: &mut Game, no: u16) -> bool {
    let outcome = game.plays(2, bet(&[tip(no, 1)])).unwrap();
    outcome.void_bets.is_empty()
}

fn acts(game: &Game) -> Vec<Act> {
    let acts = game.state.table::<Acts>().unwrap();
    acts.into_values().collect()
}

fn terms(act: &Act) -> (Option<Terms>, Terms) {
    match act.effect.clone().unwrap() {
        Effect::Match { before, after } => (before.map(|it| *it), *after),
        other => panic!("{other:?}"),
    }
}

/// Played already, added nine seconds before its "kick-off", bet on, recorded: full points for who knew.
#[test]
fn a_match_that_is_added_late_takes_no_bets() {
    for (ahead, counts) in [(9, false), (NOTICE - 1, false), (NOTICE, true)] {
        let mut game = with_notice();
        let at = game.time + ahead;
        game.plays(ORGANISER, schedule(fixture(4, "New", Some(at))))
            .unwrap();
        assert_eq!(takes_bets(&mut game, 4), counts, "{ahead} s ahead");
        let after = terms(&acts(&game)[0]).1;
        assert_eq!(after.lacks_notice(&game.genesis.rules), !counts);
        game.time = at;
        game.plays(ORGANISER, result(4, played("2-1"))).unwrap();
        assert_eq!(game.points(2) > 0, counts, "{ahead} s ahead");
    }
}

/// Without a day it takes no bets; with one that comes with notice it does.
#[test]
fn a_match_without_a_day_takes_bets_once_it_has_one_with_notice() {
    for (ahead, counts) in [(6, false), (NOTICE - 1, false), (NOTICE, true)] {
        let mut game = with_notice();
        assert!(!takes_bets(&mut game, 1));
        let at = game.time + ahead;
        let dated = fixture(1, "PtCh", Some(at));
        game.plays(ORGANISER, schedule(dated.clone())).unwrap();
        assert_eq!(takes_bets(&mut game, 1), counts, "{ahead} s ahead");
        // With a day that begins then, too.
        let mut game = with_notice();
        let at = game.time + ahead;
        game.plays(ORGANISER, day(1, Some((at, at + 50)))).unwrap();
        assert_eq!(takes_bets(&mut game, 1), counts, "a day {ahead} s ahead");
    }
    // A date that came too late is mended by a later one with notice, until the match has started.
    let mut game = with_notice();
    let at = game.time + 6;
    game.plays(ORGANISER, schedule(fixture(1, "PtCh", Some(at))))
        .unwrap();
    let at = game.time + NOTICE;
    game.plays(ORGANISER, schedule(fixture(1, "PtCh", Some(at))))
        .unwrap();
    assert!(takes_bets(&mut game, 1));
}

#[test]
fn a_match_that_started_takes_no_bets_by_a_later_date() {
    let mut game = with_notice();
    let at = game.time + 6;
    game.plays(ORGANISER, schedule(fixture(1, "PtCh", Some(at))))
        .unwrap();
    game.time = at;
    game.plays(ORGANISER, result(1, called_off(Status::Postponed)))
        .unwrap();
    let again = game.time + 10 * NOTICE;
    game.plays(ORGANISER, schedule(fixture(1, "PtCh", Some(again))))
        .unwrap();
    assert!(!takes_bets(&mut game, 1));
}

/// A match that is put off with notice takes none while it has no date: else it is A3 again.
#[test]
fn a_match_that_is_put_off_waits_for_a_date_with_notice() {
    for (ahead, counts) in [(6, false), (NOTICE, true)] {
        let mut game = with_notice();
        assert!(takes_bets(&mut game, 3));
        game.time = KICKOFF - NOTICE;
        game.plays(ORGANISER, result(3, called_off(Status::Postponed)))
            .unwrap();
        assert!(!takes_bets(&mut game, 3));
        game.time = KICKOFF + 5_000;
        let at = game.time + ahead;
        game.plays(ORGANISER, schedule(fixture(3, "Soon", Some(at))))
            .unwrap();
        assert_eq!(takes_bets(&mut game, 3), counts);
    }
}

/// Everybody's sealed 3-0 would turn over.
#[test]
fn known_teams_stay_once_somebody_has_bet() {
    let turned = || {
        let mut turned = fixture(3, "Soon", Some(KICKOFF));
        std::mem::swap(&mut turned.home, &mut turned.away);
        schedule(turned)
    };
    let mut game = with_notice();
    game.plays(2, bet(&[tip(3, 1)])).unwrap();
    assert_eq!(game.plays(ORGANISER, turned()), Err(Reason::TeamsFixed));
    // Nobody has bet: with notice everybody can from now on, and without it nobody.
    for (before, counts) in [(NOTICE, true), (NOTICE - 1, false)] {
        let mut game = with_notice();
        game.time = KICKOFF - before;
        game.plays(ORGANISER, turned()).unwrap();
        let (before, after) = terms(&acts(&game)[0]);
        assert_eq!(before.unwrap().fixture.home, after.fixture.away);
        assert_eq!(takes_bets(&mut game, 3), counts);
    }
}

fn with_a_placeholder() -> (Game, impl Fn(&str) -> Fixture) {
    let named = |name: &str| {
        let mut named = fixture(3, "Soon", Some(KICKOFF));
        named.home.name = Text::new(name).unwrap();
        named
    };
    let mut genesis = genesis();
    genesis.matches[2] = named("Winner SF1");
    let mut game = Game::joined_with(rules(genesis), 3);
    game.plays(2, bet(&[tip(3, 1)])).unwrap();
    (game, named)
}

#[test]
fn a_placeholder_with_bets_is_filled_with_notice() {
    let (mut game, named) = with_a_placeholder();
    game.time = KICKOFF - NOTICE + 1;
    let late = game.clone().plays(ORGANISER, schedule(named("Spain")));
    assert_eq!(late, Err(Reason::TeamsFixed));
    game.time = KICKOFF - NOTICE;
    game.plays(ORGANISER, schedule(named("Spain"))).unwrap();
    // What is known now stays. A code may still be added, and then stays, too.
    for other in ["Brazil", "W12", "spain"] {
        let other = game.plays(ORGANISER, schedule(named(other)));
        assert_eq!(other, Err(Reason::TeamsFixed));
    }
    let coded = |code: &str| {
        let mut coded = named("Spain");
        coded.home.code = Some(Text::new(code).unwrap());
        schedule(coded)
    };
    game.time = KICKOFF - 1;
    game.plays(ORGANISER, coded("ESP")).unwrap();
    let other = game.plays(ORGANISER, coded("BRA"));
    assert_eq!(other, Err(Reason::TeamsFixed));
    // The bet that stood counts.
    assert!(takes_bets(&mut game, 3));
    let game = game.recorded(played("2-1"));
    assert!(game.points(2) > 0);
}

/// Its end comes sooner than the notice after its teams: the bets that stand give nothing, and their stakes go back.
#[test]
fn bets_on_what_comes_to_lack_notice_do_not_count() {
    let (mut game, named) = with_a_placeholder();
    game.time = KICKOFF - NOTICE;
    game.plays(ORGANISER, schedule(named("Spain"))).unwrap();
    let mut sooner = named("Spain");
    sooner.kickoff = Some(UnixSeconds(KICKOFF - 1));
    game.plays(ORGANISER, schedule(sooner)).unwrap();
    assert!(acts(&game)[1].is_short(&game.genesis.rules));
    assert!(!takes_bets(&mut game, 3));
    let chips = game.chips(2);
    game.time = KICKOFF;
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
    // Everybody is told that there is a score that gives nothing.
    assert!(acts(&game)[2].is_told(&game.genesis.rules));
    game.wait_until(KICKOFF + 5_000);
    assert_eq!((game.points(2), game.totals().scored), (0, 0));
    assert_eq!(game.chips(2), chips + 1);
}

#[test]
fn names_that_are_placeholders() {
    let is = |name: &str| {
        let mut fixture = fixture(1, "A", None);
        fixture.home.name = Text::new(name).unwrap();
        fixture.home.is_placeholder()
    };
    for name in [
        "1A",
        "3A/B/C/D/F",
        "W91",
        "L101",
        "?",
        "TBD",
        "n.n.",
        "To be decided",
        "Winner SF1",
        "UEFA Path C winner",
        "Sieger Spiel 3",
        "VENCEDOR 2",
        "Zweiter Gruppe A ?",
    ] {
        assert!(is(name), "{name}");
    }
    for name in [
        "Winner",
        "Winners",
        "1860 München",
        "1. FC Köln",
        "0A",
        "3A/b",
        "4A/B",
        "W0",
        "W12345",
        "Wales",
        "Lille",
        "Siegerland",
        "TBDs",
        "São",
        "Wales?",
    ] {
        assert!(!is(name), "{name}");
    }
}

/// The first organiser alone appoints and removes; the others, as [`validator`] has them, have offered.
fn voting(first: &[Validator], quorum: u8) -> Game {
    let mut genesis = rules(with_votes(SetChange::Appointed {
        quorum: Quorum::of(quorum),
    }));
    let bolao_ledger::Consensus::Pos(pos) = &mut genesis.consensus else {
        unreachable!("it is pos");
    };
    pos.voting.validators = first.to_vec();
    let mut game = Game::joined_with(genesis, 8);
    for who in 1..=8 {
        if first.iter().all(|one| one.account != account(who)) {
            game.plays(who, offer(game.pool, who, who)).unwrap();
        }
    }
    game.time += 10 * NOTICE;
    game
}

fn weights(game: &Game) -> Vec<u64> {
    (1..=8)
        .map(|who| {
            let validators = game.validators();
            let own = validators.iter().find(|one| one.account == account(who));
            own.map_or(0, |one| one.weight)
        })
        .collect()
}

fn passes(game: &mut Game, seconds: u64) {
    let to = game.time + seconds;
    game.wait_until(to);
}

#[test]
fn four_validators_are_still_four_after_one_organiser_removed_three() {
    let four: Vec<_> = (1..=4).map(|who| validator(who, 1)).collect();
    let mut game = voting(&four, 1);
    for who in 2..=4 {
        game.plays(ORGANISER, appoint(who, 0)).unwrap();
    }
    let due = UnixSeconds(game.time + NOTICE);
    let told: Vec<_> = acts(&game).into_iter().map(|act| act.effect).collect();
    let wanted = Effect::Weight {
        before: 1,
        from: due,
    };
    assert_eq!(told, vec![Some(wanted); 3]);
    passes(&mut game, NOTICE - 1);
    assert_eq!(weights(&game)[..4], [1; 4]);
    // One of them is taken back: who votes next is others than was told, and so they come so much later.
    game.plays(ORGANISER, appoint(3, 1)).unwrap();
    passes(&mut game, NOTICE - 1);
    assert_eq!(weights(&game)[..4], [1; 4]);
    passes(&mut game, 1);
    assert_eq!(weights(&game)[..4], [1, 0, 1, 0]);
    // A weight that is lowered waits, too.
    let mut game = voting(&[validator(1, 5), validator(2, 5)], 1);
    game.plays(ORGANISER, appoint(2, 1)).unwrap();
    assert_eq!(weights(&game)[..2], [5, 5]);
    passes(&mut game, NOTICE);
    assert_eq!(weights(&game)[..2], [5, 1]);
}

/// From one validator to four, once; each by one who weighs at most what each other does.
#[test]
fn a_pool_grows_to_four_validators_at_once() {
    let mut game = voting(&[validator(1, 2)], 1);
    for (who, weight) in [(2, 3), (2, 2), (3, 2), (4, 1)] {
        game.plays(ORGANISER, appoint(who, weight)).unwrap();
        let waits = weight == 3;
        assert_eq!(weights(&game)[usize::from(who) - 1] == 0, waits);
        if waits {
            // While a change is to come none is quick; taken back, it is as if it had not been signed.
            game.plays(ORGANISER, appoint(3, 2)).unwrap();
            assert_eq!(weights(&game)[..3], [2, 0, 0]);
            game.plays(ORGANISER, appoint(3, 0)).unwrap();
            game.plays(ORGANISER, appoint(2, 0)).unwrap();
        }
    }
    game.plays(ORGANISER, appoint(5, 1)).unwrap();
    assert_eq!(weights(&game)[..5], [2, 2, 2, 1, 0]);
    passes(&mut game, NOTICE);
    assert_eq!(weights(&game)[4], 1);
    // It does so once: who comes after others went waits.
    for who in 2..=5 {
        game.plays(ORGANISER, appoint(who, 0)).unwrap();
    }
    passes(&mut game, NOTICE);
    assert_eq!(weights(&game)[..5], [2, 0, 0, 0, 0]);
    game.plays(ORGANISER, appoint(2, 1)).unwrap();
    assert_eq!(weights(&game)[..2], [2, 0]);
}

/// Who votes next is told so long before, as a whole: whatever changes it begins that time again.
#[test]
fn changes_of_validators_take_effect_together() {
    let mut game = voting(&[validator(1, 10), validator(2, 10)], 1);
    for step in 1..=40 {
        game.plays(ORGANISER, appoint(1, 10 + step)).unwrap();
        passes(&mut game, NOTICE / 50);
        assert_eq!(weights(&game)[..2], [10, 10], "after {step} steps");
    }
    game.plays(ORGANISER, appoint(3, 5)).unwrap();
    passes(&mut game, NOTICE - 1);
    assert_eq!(weights(&game)[..3], [10, 10, 0]);
    passes(&mut game, 1);
    assert_eq!(weights(&game)[..3], [50, 10, 5]);
    // What is signed is held against who votes next: nothing stands twice, and nobody is left out of it.
    game.plays(ORGANISER, appoint(2, 0)).unwrap();
    for (who, weight, reason) in [
        (2, 0, Reason::AppointedAlready),
        (3, 5, Reason::AppointedAlready),
        (4, 0, Reason::UnknownValidator),
    ] {
        let refused = game.plays(ORGANISER, appoint(who, weight));
        assert_eq!(refused, Err(reason), "{who} {weight}");
    }
}

/// Who is no validator any more when a change is due, or votes with another key, is not brought back by it.
#[test]
fn a_change_that_is_due_finds_the_validators_of_that_time() {
    let mut game = voting(&[validator(1, 1), validator(2, 1)], 1);
    game.plays(ORGANISER, appoint(3, 9)).unwrap();
    game.plays(3, offer(game.pool, 3, 30)).unwrap();
    passes(&mut game, NOTICE);
    let key = |who: u8| validator(who, 9).key;
    let third = game.validators();
    let third = third.iter().find(|one| one.account == account(3)).unwrap();
    assert_eq!((third.key, third.weight), (key(30), 9));
    // Of two who are removed one after the other, the second stays.
    let mut game = voting(&[validator(1, 1), validator(2, 1)], 1);
    game.plays(ORGANISER, appoint(1, 0)).unwrap();
    let refused = game.plays(ORGANISER, appoint(2, 0));
    assert_eq!(refused, Err(Reason::LastValidator));
    passes(&mut game, NOTICE);
    assert_eq!(weights(&game)[..2], [0, 1]);
}

#[test]
fn the_address_of_the_page_is_signed_by_as_many_as_change_organisers() {
    let mut game = Game::joined_with(
        ruled(
            rules(with_votes(SetChange::Appointed {
                quorum: Quorum::of(1),
            })),
            |it| {
                it.rules.organisers_quorum = Quorum::of(2);
            },
        ),
        5,
    );
    let page = || game_address(&game);
    assert_eq!(page(), None);
    game.plays(1, address("https://pool.example")).unwrap();
    assert_eq!(game_address(&game), None);
    assert_eq!(
        game.plays(5, address("https://pool.example")),
        Err(Reason::NotAnOrganiser)
    );
    game.plays(2, address("https://pool.example")).unwrap();
    assert_eq!(game_address(&game).as_deref(), Some("https://pool.example"));
    // What one who is removed has signed is spent.
    game.plays(1, address("https://evil.example")).unwrap();
    for by in 2..=3 {
        game.plays(by, organiser(4, true)).unwrap();
    }
    for by in 2..=3 {
        game.plays(by, organiser(1, false)).unwrap();
    }
    game.plays(2, address("https://evil.example")).unwrap();
    assert_eq!(game_address(&game).as_deref(), Some("https://pool.example"));
}

fn game_address(game: &Game) -> Option<String> {
    let address = game.state.address().unwrap();
    address.map(|it| it.to_string())
}

/// Whoever moves a block's time past one of the times that an item names applies its transactions again.
#[test]
fn a_change_is_refused_from_a_time_on_that_its_match_names() {
    let (mut game, named) = with_a_placeholder();
    let late = UnixSeconds(KICKOFF - NOTICE + 1);
    let item = game.state.item(MatchNo(3)).unwrap().unwrap();
    assert!(item.turns(&game.genesis.rules).any(|at| at == late));
    game.time = late.0 - 1;
    let mut in_time = game.clone();
    in_time.plays(ORGANISER, schedule(named("Spain"))).unwrap();
    game.time = late.0;
    let refused = game.plays(ORGANISER, schedule(named("Spain")));
    assert_eq!(refused.unwrap_err(), Reason::TeamsFixed);
}
