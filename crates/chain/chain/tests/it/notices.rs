//! Nothing that people counted on is taken from them in silence.

use bolao_chain::{Event, Input};
use bolao_ledger::{
    Action, Effect, Genesis, MatchNo, Outcome, Score, Status, Transaction, UnixSeconds, Vote,
    actions,
};
use bolao_simulator::Sim;
use bolao_store::NoticedChange;

use crate::pool::{ORGANISER, Player, Recipe, Solo, at, chain, fixture, genesis, loser};

/// The match that kicks off at 1,000 seconds.
const LATE: u16 = 3;

impl Solo {
    fn pass(&mut self, seconds: u64) {
        self.now = at(seconds);
        self.handle(Input::Tick);
    }

    /// What is on disk, the first one first, which is what was told.
    fn notices(&self) -> Vec<NoticedChange> {
        let snapshot = self.core.reader().snapshot().unwrap();
        let mut notices = snapshot.notices(None, 100).unwrap();
        notices.reverse();
        notices
            .into_iter()
            .map(|(_, notice)| notice.change)
            .collect()
    }

    fn told(&self) -> Vec<NoticedChange> {
        self.events()
            .filter_map(|event| match event {
                Event::Noticed { notice, .. } => Some(notice.change.clone()),
                _ => None,
            })
            .collect()
    }

    /// A block with these on the tip, at this time.
    fn put(&mut self, seconds: u64, transactions: Vec<Transaction>) {
        let tip = self.core.tip();
        let mut recipe = Recipe::on(tip.hash, tip.height.0 + 1, seconds);
        recipe.transactions = transactions;
        self.give(recipe.mined()).unwrap();
    }
}

fn outcome(goals: u64) -> Outcome {
    Outcome::played(Score::new(goals, 0).unwrap())
}

fn result(player: &Player, genesis: &Genesis, nonce: u64, goals: u64) -> Transaction {
    let action = Action::Result(actions::Result {
        match_no: MatchNo(LATE),
        outcome: outcome(goals),
    });
    player.sign(genesis.pool_id(), nonce, action)
}

#[test]
fn a_bet_that_is_gone_after_kick_off_is_noticed() {
    let mut solo = Solo::new();
    let (pool, start, anna) = (solo.pool(), solo.tip(), Player::new(3));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(anna.stake(pool, 1, LATE, 2, 5)).unwrap();
    solo.mine();
    solo.pass(1_100);
    for block in chain(start, 1, 10, 2, 2) {
        solo.give(block).unwrap();
    }
    let told = solo.told();
    let [
        NoticedChange::Bet {
            about,
            player,
            was,
            is: None,
            begun: true,
        },
    ] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!((about.no.0, *player), (LATE, anna.id()));
    let predicted = was.prediction.unwrap().score().unwrap();
    assert_eq!((predicted.home(), was.stake.0), (2, 5));
    assert_eq!(solo.notices(), told);
    // It is mined again, void: that is no news.
    solo.mine();
    assert_eq!(solo.told(), []);
    let snapshot = solo.core.reader().snapshot().unwrap();
    assert_eq!(snapshot.taken_back().unwrap(), []);
}

#[test]
fn a_bet_that_another_block_takes_up_is_no_news_and_one_that_is_dropped_is() {
    for stolen in [false, true] {
        let mut solo = Solo::new();
        let (pool, start, anna) = (solo.pool(), solo.tip(), Player::new(3));
        solo.submit(anna.join(pool, "Anna")).unwrap();
        solo.submit(anna.bet(pool, 1, LATE, 2)).unwrap();
        solo.mine();
        let mut theirs = chain(start, 1, 10, 2, 1);
        let mut recipe = Recipe::on(theirs[0].hash(), 2, 11);
        if stolen {
            recipe.transactions = vec![Player::new(4).join(pool, "anna")];
        }
        theirs.push(recipe.mined());
        for block in theirs {
            solo.give(block).unwrap();
        }
        let told = solo.told();
        if stolen {
            let thief = Player::new(4).id();
            assert!(
                matches!(
                    &told[..],
                    [
                        NoticedChange::Name { was, is: Some(is), .. },
                        NoticedChange::Bet { player, is: None, begun: false, .. },
                    ] if *was == anna.id() && *is == thief && *player == anna.id()
                ),
                "{told:?}"
            );
        } else {
            assert_eq!(told, []);
            solo.mine();
            assert_eq!(solo.notices(), []);
            let snapshot = solo.core.reader().snapshot().unwrap();
            assert_eq!(snapshot.taken_back().unwrap(), []);
        }
    }
}

#[test]
fn another_record_and_another_schedule_are_noticed() {
    let genesis = genesis();
    let mut solo = Solo::new();
    let (pool, organiser) = (solo.pool(), Player::new(ORGANISER));
    solo.submit(organiser.join(pool, "Olga")).unwrap();
    solo.mine();
    let fork = solo.core.tip();
    solo.pass(1_200);
    let moved = Action::Schedule(actions::Schedule {
        fixture: fixture(1, "PtCh", Some(9_000 + crate::pool::START)),
    });
    solo.submit(organiser.sign(pool, 1, moved)).unwrap();
    solo.submit(result(&organiser, &genesis, 2, 1)).unwrap();
    let ours = solo.mine();
    let mut recipe = Recipe::on(fork.hash, 2, 1_100);
    recipe.transactions = vec![result(&organiser, &genesis, 1, 7)];
    let theirs = |miner| {
        Recipe {
            miner,
            ..recipe.clone()
        }
        .mined()
    };
    let theirs = theirs(loser(ours.hash(), theirs));
    let next = chain(theirs.hash(), 3, 1_101, 2, 1);
    for block in [theirs].into_iter().chain(next) {
        solo.give(block).unwrap();
    }
    let mut told = solo.told();
    // What organisers sign is told by itself.
    told.retain(|change| !matches!(change, NoticedChange::Signed(_)));
    let [
        NoticedChange::Result { about, was, is },
        NoticedChange::Schedule {
            was: before,
            is: Some(_),
        },
    ] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!(about.no.0, LATE);
    assert_eq!((was, is), (&outcome(1), &Some(outcome(7))));
    assert_eq!(before.no.0, 1);
    let mut kept = solo.notices();
    kept.retain(|change| !matches!(change, NoticedChange::Signed(_)));
    assert_eq!(kept, told);
}

/// At once, in the block that moves it; a chain of long ago that a node fetches has no news.
#[test]
fn moves_of_matches_are_noticed() {
    let time = |seconds: u64| Some(UnixSeconds(seconds + crate::pool::START));
    for (passed, news) in [(60, 2), (8 * 86_400, 0)] {
        let mut solo = Solo::new();
        let (pool, organiser) = (solo.pool(), Player::new(ORGANISER));
        let moved = Action::Schedule(actions::Schedule {
            fixture: fixture(LATE, "Late", Some(9_000 + crate::pool::START)),
        });
        let off = Action::Result(actions::Result {
            match_no: MatchNo(LATE),
            outcome: Outcome {
                status: Status::Postponed,
                after_90: None,
                ..outcome(1)
            },
        });
        solo.pass(passed);
        let signed = vec![
            organiser.join(pool, "Olga"),
            organiser.sign(pool, 1, moved),
            organiser.sign(pool, 2, off),
        ];
        solo.put(60, signed);
        let told = solo.told();
        assert_eq!(told.len(), news, "{told:?}");
        let ways: Vec<_> = told
            .iter()
            .map(|change| match change {
                NoticedChange::Signed(act) => match &act.effect {
                    Some(Effect::Match { before, .. }) => (
                        before.as_ref().unwrap().fixture.kickoff,
                        matches!(act.vote, Vote::Result(_)),
                    ),
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            })
            .collect();
        let wanted = [(time(1_000), false), (time(9_000), true)];
        assert_eq!(ways, wanted[..news]);
    }
}

/// However many acts a block holds: what came with too little notice is among those that are named.
#[test]
fn an_act_without_notice_is_not_cut_off_behind_many_others() {
    let mut genesis = genesis();
    genesis.rules.notice_s = 100;
    let soon = |seconds: u64| fixture(4, "Soon", Some(seconds + crate::pool::START));
    genesis.matches.push(soon(120));
    let mut solo = Solo::of(&genesis);
    let (pool, organiser) = (solo.pool(), Player::new(ORGANISER));
    let moves = |nonce: u64, fixture| {
        organiser.sign(pool, nonce, Action::Schedule(actions::Schedule { fixture }))
    };
    let mut signed = vec![organiser.join(pool, "Olga")];
    signed.extend((1..=260).map(|nonce| {
        let kickoff = Some(1_000 + nonce + crate::pool::START);
        moves(nonce, fixture(LATE, "Late", kickoff))
    }));
    signed.push(moves(261, soon(90)));
    solo.pass(60);
    solo.put(60, signed);
    let told = solo.told();
    let [
        NoticedChange::Signed(first),
        ..,
        NoticedChange::More { count: 11 },
    ] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!(told.len(), 251);
    assert!(first.is_short(&genesis.rules), "{first:?}");
}

#[test]
fn bets_that_first_come_after_kick_off_are_noticed() {
    let mut solo = Solo::new();
    let (pool, anna) = (solo.pool(), Player::new(3));
    let (join, bet) = (anna.join(pool, "Anna"), anna.bet(pool, 1, LATE, 2));
    // One that was seen in time may take as long as it likes.
    solo.submit(join).unwrap();
    solo.submit(bet).unwrap();
    solo.pass(1_400);
    let template = vec![anna.join(pool, "Anna"), anna.bet(pool, 1, LATE, 2)];
    solo.put(900, template);
    assert_eq!(solo.notices(), []);
    // Within the time that a block may take.
    solo.now = at(1_059);
    solo.put(900, vec![anna.bet(pool, 2, LATE, 3)]);
    assert_eq!(solo.notices(), []);
    solo.now = at(1_060);
    solo.put(900, vec![anna.bet(pool, 3, LATE, 4)]);
    let told = solo.told();
    assert!(
        matches!(
            &told[..],
            [NoticedChange::LateBets { matches, .. }] if *matches == [MatchNo(LATE)]
        ),
        "{told:?}"
    );
    assert_eq!(solo.notices(), told);
    // Void by the rules, so nothing to be noticed.
    solo.put(1_050, vec![anna.bet(pool, 4, LATE, 5)]);
    assert_eq!(solo.told(), []);
}

fn is_late(told: &[NoticedChange]) -> bool {
    matches!(told, [NoticedChange::LateBets { matches, .. }] if *matches == [MatchNo(LATE)])
}

/// A bet that was in a block is seen from the time of that block on.
#[test]
fn a_bet_that_was_void_here_and_counts_on_another_branch_is_noticed() {
    for (mined, late) in [(900, false), (1_050, true)] {
        let mut solo = Solo::new();
        let (pool, anna) = (solo.pool(), Player::new(3));
        solo.put(10, vec![anna.join(pool, "Anna")]);
        let fork = solo.core.tip();
        solo.pass(if late { 1_100 } else { mined });
        solo.put(mined, vec![anna.bet(pool, 1, LATE, 2)]);
        solo.pass(1_100);
        // It waits again, which makes it no earlier.
        for block in chain(fork.hash, 2, 20, 2, 2) {
            solo.give(block).unwrap();
        }
        let tip = solo.core.tip();
        let mut recipe = Recipe::on(tip.hash, 4, 30);
        recipe.transactions = vec![anna.bet(pool, 1, LATE, 2)];
        solo.give(recipe.mined()).unwrap();
        assert_eq!(is_late(&solo.told()), late, "{mined}");

        // From one branch to the other at once.
        let mut solo = Solo::new();
        solo.put(10, vec![anna.join(pool, "Anna")]);
        let fork = solo.core.tip();
        solo.pass(if late { 1_100 } else { mined });
        solo.put(mined, vec![anna.bet(pool, 1, LATE, 2)]);
        solo.pass(1_100);
        let mut recipe = Recipe::on(fork.hash, 2, 20);
        recipe.transactions = vec![anna.bet(pool, 1, LATE, 2)];
        let theirs = recipe.mined();
        let next = chain(theirs.hash(), 3, 21, 2, 1);
        for block in [theirs].into_iter().chain(next) {
            solo.give(block).unwrap();
        }
        assert_eq!(is_late(&solo.notices()), late, "{mined}");
    }
}

#[test]
fn a_bet_that_could_be_in_no_block_in_time_is_noticed() {
    for gap_closes_late in [false, true] {
        let mut solo = Solo::new();
        let (pool, anna) = (solo.pool(), Player::new(3));
        solo.put(10, vec![anna.join(pool, "Anna")]);
        let bets: Vec<_> = (2..6).map(|it| anna.bet(pool, it, LATE, it)).collect();
        solo.pass(990);
        for bet in &bets {
            solo.submit(bet.clone()).unwrap();
        }
        // Soon enough that they wait still.
        solo.pass(1_061);
        let first = anna.bet(pool, 1, 1, 1);
        if gap_closes_late {
            solo.submit(first.clone()).unwrap();
        }
        assert_eq!(solo.core.pending(), 4 + usize::from(gap_closes_late));
        solo.put(900, vec![first, bets[0].clone()]);
        let told = solo.told();
        assert!(is_late(&told), "{told:?}");
    }
}

/// One that was ready in time is so whatever became of the chain below it.
#[test]
fn a_bet_that_was_ready_in_time_is_no_news_after_a_change_of_branch() {
    let mut solo = Solo::new();
    let (pool, anna) = (solo.pool(), Player::new(3));
    let (join, bet) = (anna.join(pool, "Anna"), anna.bet(pool, 1, LATE, 2));
    let fork = solo.core.tip();
    // The bet comes first, and its account's joining closes the gap.
    solo.submit(bet.clone()).unwrap();
    solo.submit(join.clone()).unwrap();
    solo.put(10, vec![join.clone()]);
    solo.pass(1_100);
    for block in chain(fork.hash, 1, 20, 2, 2) {
        solo.give(block).unwrap();
    }
    solo.put(900, vec![join, bet]);
    let told = solo.notices();
    assert!(!is_late(&told), "{told:?}");
}

#[test]
fn a_bet_that_its_player_replaced_before_kick_off_is_no_news() {
    for begun in [false, true] {
        let mut solo = Solo::new();
        let (pool, gil) = (solo.pool(), Player::new(3));
        solo.put(10, vec![gil.join(pool, "Gil")]);
        let fork = solo.core.tip();
        solo.put(20, vec![gil.bet(pool, 1, LATE, 3)]);
        if begun {
            solo.pass(1_010);
        }
        let mut recipe = Recipe::on(fork.hash, 2, 20);
        recipe.transactions = vec![gil.bet(pool, 1, LATE, 3), gil.bet(pool, 2, LATE, 4)];
        let theirs = recipe.mined();
        let next = chain(theirs.hash(), 3, 21, 2, 1);
        for block in [theirs].into_iter().chain(next) {
            solo.give(block).unwrap();
        }
        assert_eq!(solo.notices().len(), usize::from(begun));
        let snapshot = solo.core.reader().snapshot().unwrap();
        assert_eq!(snapshot.taken_back().unwrap(), []);
    }
}

/// A branch of many blocks comes by sync, in several pieces.
#[test]
fn what_came_by_sync_is_noticed_too() {
    let mut net = Sim::new(&genesis(), 3, 7);
    let pool = net.genesis().pool_id();
    let (anna, bela, carla) = (Player::new(3), Player::new(4), Player::new(5));
    // Mallory copies the chain while it is empty; the others bet in time.
    net.connect(0, 1);
    net.run_ms(1_000);
    for (player, name) in [(&anna, "Anna"), (&bela, "Bela")] {
        net.submit(0, player.join(pool, name));
        net.submit(0, player.bet(pool, 1, LATE, 1));
    }
    net.mine(0);
    net.run_ms(1_100_000);
    assert_eq!(net.tip(0), net.tip(1));
    // After kick-off: Bela's bet is in, Anna's is not, and Mallory's knows the score.
    let start = net.genesis().pool_id().into();
    let mut recipe = Recipe::on(start, 1, 20);
    recipe.transactions = vec![
        bela.join(pool, "Bela"),
        bela.bet(pool, 1, LATE, 1),
        carla.join(pool, "Carla"),
        carla.bet(pool, 1, LATE, 3),
    ];
    let mut branch = vec![recipe.mined()];
    branch.extend(chain(branch[0].hash(), 2, 21, 9, 60));
    for block in branch {
        let block = Box::new(block);
        net.input(2, Input::Mined { token: 1, block });
    }
    net.connect(0, 2);
    net.run_ms(60_000);
    for node in 0..2 {
        assert_eq!(net.tip(node), net.tip(2));
        let snapshot = net.core(node).reader().snapshot().unwrap();
        let notices = snapshot.notices(None, 100).unwrap();
        let mut late = false;
        let mut lost = Vec::new();
        for (_, notice) in notices {
            match notice.change {
                NoticedChange::LateBets { matches, .. } => late |= matches == [MatchNo(LATE)],
                NoticedChange::Bet { player, .. } => lost.push(player),
                other => panic!("{other:?}"),
            }
        }
        assert!(late, "node {node}");
        assert_eq!(lost, [anna.id()], "node {node}: Bela's bet stands");
        // Her joining waits for a block.
        assert_eq!(snapshot.taken_back().unwrap().len(), 1);
    }
}
