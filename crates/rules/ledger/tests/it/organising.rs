//! Who the organisers are, where they can change.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{Genesis, Quorum, Reason, StateView as _, table};

use crate::game::{
    Game, KICKOFF, account, by_invitation, genesis, invitation, organiser, played, result, ruled,
    three_organisers,
};

fn of(genesis: Genesis, quorum: u8, players: u8) -> Game {
    let genesis = ruled(genesis, |it| {
        it.rules.organisers_quorum = Quorum::of(quorum);
    });
    Game::joined_with(genesis, players)
}

/// Players 1 to 3 organise, two of them sign; players 4 and 5 have joined.
fn two_of_three() -> Game {
    of(three_organisers(2), 2, 5)
}

fn organisers(game: &Game) -> Vec<bolao_ledger::AccountId> {
    game.state.organisers(&game.genesis).unwrap()
}

fn accounts(who: &[u8]) -> Vec<bolao_ledger::AccountId> {
    who.iter().copied().map(account).collect()
}

#[test]
fn a_quorum_adds_and_removes() {
    let mut game = two_of_three();
    assert_eq!(organisers(&game), accounts(&[1, 2, 3]));
    game.plays(1, organiser(4, true)).unwrap();
    assert_eq!(organisers(&game), accounts(&[1, 2, 3]));
    let not_yet = game.plays(4, organiser(5, true));
    assert_eq!(not_yet, Err(Reason::NotAnOrganiser));
    game.plays(2, organiser(4, true)).unwrap();
    assert_eq!(organisers(&game), accounts(&[1, 2, 3, 4]));
    // The new one signs like the others; who lost the words goes.
    game.plays(4, organiser(1, false)).unwrap();
    game.plays(3, organiser(1, false)).unwrap();
    assert_eq!(organisers(&game), accounts(&[2, 3, 4]));
    game.time = KICKOFF;
    let gone = game.plays(1, result(3, played("2-1")));
    assert_eq!(gone, Err(Reason::NotAnOrganiser));
    for who in [2, 4] {
        game.plays(who, result(3, played("2-1"))).unwrap();
    }
    assert!(game.record(3).is_some());
}

/// # Rule S16: what has taken effect stands; what waits is spent, and does not come back with its signer.
#[test]
fn what_a_removed_one_signed_is_spent() {
    let mut game = two_of_three();
    game.time = KICKOFF;
    game.plays(1, result(3, played("2-1"))).unwrap();
    game.plays(1, organiser(5, true)).unwrap();
    for (who, whom) in [(2, 4), (3, 4)] {
        game.plays(who, organiser(whom, true)).unwrap();
    }
    for who in [2, 3] {
        game.plays(who, organiser(1, false)).unwrap();
    }
    let votes = game.state.table::<table::Votes>().unwrap();
    let about = game.state.table::<table::OrganiserVotes>().unwrap();
    assert!(votes.is_empty() && about.is_empty());
    for who in [2, 3] {
        game.plays(who, organiser(1, true)).unwrap();
    }
    game.plays(2, result(3, played("2-1"))).unwrap();
    assert!(game.record(3).is_none());
    game.plays(3, result(3, played("2-1"))).unwrap();
    assert!(game.record(3).is_some());
}

#[test]
fn as_many_are_left_as_must_sign() {
    let mut game = two_of_three();
    for who in [1, 2] {
        game.plays(who, organiser(3, false)).unwrap();
    }
    let last = game.plays(1, organiser(2, false));
    assert_eq!(last, Err(Reason::TooFewOrganisers));
    let mut alone = of(genesis(), 1, 2);
    let last = alone.plays(1, organiser(1, false));
    assert_eq!(last, Err(Reason::TooFewOrganisers));
    alone.plays(1, organiser(2, true)).unwrap();
    alone.plays(2, organiser(1, false)).unwrap();
    assert_eq!(organisers(&alone), accounts(&[2]));
}

#[test]
fn tickets_are_good_while_their_signer_organises() {
    let mut game = of(by_invitation(), 1, 1);
    let join = |game: &mut Game, who, from| {
        let invitation = invitation(game.pool, from, who, 9);
        let join = game.join_with(who, invitation);
        game.play(vec![join])
    };
    join(&mut game, 2, 1).unwrap();
    assert_eq!(join(&mut game, 3, 2), Err(Reason::NotInvitedByOrganiser));
    game.plays(1, organiser(2, true)).unwrap();
    join(&mut game, 3, 2).unwrap();
    game.plays(2, organiser(1, false)).unwrap();
    assert_eq!(join(&mut game, 4, 1), Err(Reason::NotInvitedByOrganiser));
    join(&mut game, 4, 2).unwrap();
}
