//! What a rehearsal says of many proposals. That it says of each transaction what a submission then answers, every test
//! that submits one sees ([`Solo::submit`]).

use std::cell::Cell;

use bolao_chain::{Effect, MAX_REHEARSED, Proposal, Rehearsed};
use bolao_ledger::{
    AccountId, Action, Chips, MatchNo, Name, Nonce, OpenBet, Outcome, Reason, Score,
    StateView as _, actions, table,
};
use bolao_store::StoreError;

use crate::pool::{ORGANISER, Player, Solo, at, fixture, genesis};

fn unsigned(account: AccountId, action: Action) -> Proposal {
    Proposal::Unsigned {
        account,
        nonce: None,
        action,
        alone: false,
    }
}

fn join(name: &str) -> Action {
    Action::Join(actions::Join {
        name: Name::new(name).unwrap(),
        invitation: None,
    })
}

fn bet(matches: &[u16], stake: u64) -> Action {
    let tip = |no: &u16| OpenBet {
        match_no: MatchNo(*no),
        prediction: Score::new(2, 1).unwrap().into(),
        stake: Chips(stake),
    };
    Action::Bet(actions::Bet {
        bets: matches.iter().map(tip).collect(),
    })
}

fn reasons(rehearsed: &[Rehearsed]) -> Vec<Option<Reason>> {
    let reason = |it: &Rehearsed| it.verdict.as_ref().err().map(|refused| refused.reason);
    rehearsed.iter().map(reason).collect()
}

/// The account's chips after what was rehearsed.
fn chips(it: &Rehearsed) -> (Option<Chips>, Chips) {
    let effect = it.verdict.as_ref().unwrap();
    let account = effect
        .delta
        .of::<table::Accounts>()
        .find(|changed| changed.key == it.body.account)
        .unwrap();
    (
        account.before.map(|account| account.chips),
        account.after.unwrap().chips,
    )
}

fn staked() -> bolao_ledger::Genesis {
    let mut genesis = genesis();
    genesis.starting_chips = Chips(100);
    genesis.rules.stake_max = Chips(80);
    genesis.check().unwrap();
    genesis
}

#[test]
fn each_stands_on_those_before_it_and_refused_ones_leave_no_trace() {
    let solo = Solo::of(&staked());
    let anna = Player::new(3).id();
    let rehearsed = solo.rehearse(vec![
        unsigned(anna, bet(&[1], 10)),
        unsigned(anna, join("Anna")),
        unsigned(anna, join("Anna")),
        unsigned(Player::new(4).id(), join("ANNA")),
        unsigned(anna, bet(&[1], 60)),
        unsigned(anna, bet(&[2], 50)),
        unsigned(anna, bet(&[1, 2], 50)),
        unsigned(anna, bet(&[2], 81)),
        unsigned(anna, bet(&[1, 1], 1)),
        unsigned(anna, bet(&[9], 1)),
        unsigned(anna, bet(&[], 1)),
    ]);
    assert_eq!(
        reasons(&rehearsed),
        [
            Some(Reason::UnknownAccount),
            None,
            Some(Reason::AlreadyJoined),
            Some(Reason::NameTaken),
            None,
            Some(Reason::NotEnoughChips),
            None,
            Some(Reason::BadStake),
            Some(Reason::DuplicateBet),
            Some(Reason::UnknownMatch),
            Some(Reason::NoBets),
        ]
    );
    assert_eq!(chips(&rehearsed[1]), (None, Chips(100)));
    assert_eq!(chips(&rehearsed[4]), (Some(Chips(100)), Chips(40)));
    assert_eq!(chips(&rehearsed[6]), (Some(Chips(40)), Chips(0)));
    assert_eq!(rehearsed[6].body.nonce, Nonce(2));
    let Ok(Effect { delta, ready, .. }) = &rehearsed[6].verdict else {
        panic!("{rehearsed:?}");
    };
    assert!(ready);
    let bets: Vec<_> = delta
        .of::<table::Bets>()
        .map(|bet| {
            let stake = |bet: bolao_ledger::Bet| bet.stake.0;
            (bet.key.0.0, bet.before.map(stake), bet.after.map(stake))
        })
        .collect();
    assert_eq!(bets, [(1, Some(60), Some(50)), (2, None, Some(50))]);
}

#[test]
fn what_is_judged_alone_leaves_no_trace() {
    let mut genesis = staked();
    genesis.limits.pending_per_account = 4;
    let solo = Solo::of(&genesis);
    let anna = Player::new(3).id();
    let alone = |matches: &[u16], stake| Proposal::Unsigned {
        account: anna,
        nonce: None,
        action: bet(matches, stake),
        alone: true,
    };
    let mut proposals = vec![unsigned(anna, join("Anna"))];
    // More than may wait, and more chips than there are.
    proposals.extend((0..9).map(|_| alone(&[1], 80)));
    proposals.extend([alone(&[9], 1), unsigned(anna, bet(&[2], 80))]);
    let rehearsed = solo.rehearse(proposals);
    let mut wanted = vec![None; 12];
    wanted[10] = Some(Reason::UnknownMatch);
    assert_eq!(reasons(&rehearsed), wanted);
    assert_eq!(rehearsed[9].body.nonce, Nonce(1));
    assert_eq!(chips(&rehearsed[9]), (Some(Chips(100)), Chips(20)));
    assert_eq!(chips(&rehearsed[11]), (Some(Chips(100)), Chips(20)));
}

#[test]
fn it_stands_on_what_waits() {
    let mut solo = Solo::of(&staked());
    let pool = solo.pool();
    let (anna, bert) = (Player::new(3), Player::new(4));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    // It waits for the one with the nonce 1.
    solo.submit(anna.stake(pool, 2, 2, 1, 70)).unwrap();
    let rehearsed = solo.rehearse(vec![
        unsigned(bert.id(), join("anna")),
        unsigned(anna.id(), bet(&[1], 20)),
        unsigned(anna.id(), bet(&[3], 20)),
    ]);
    assert_eq!(
        reasons(&rehearsed),
        [Some(Reason::NameTaken), None, Some(Reason::NotEnoughChips)]
    );
    assert_eq!(rehearsed[2].body.nonce, Nonce(3));
    let waits = Proposal::Unsigned {
        account: anna.id(),
        nonce: Some(Nonce(5)),
        action: bet(&[1], 20),
        alone: false,
    };
    let rehearsed = solo.rehearse(vec![waits]);
    assert!(!rehearsed[0].verdict.as_ref().unwrap().ready);
}

/// A waiting bet whose match has begun meanwhile is void in any block: its stake is free, for both.
#[test]
fn what_became_late_while_it_waited_counts_for_nothing() {
    let mut solo = Solo::of(&staked());
    let (pool, anna) = (solo.pool(), Player::new(3));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(anna.stake(pool, 1, 3, 1, 80)).unwrap();
    let refused = solo.submit(anna.stake(pool, 2, 1, 1, 80)).unwrap_err();
    assert_eq!(refused.reason, Reason::NotEnoughChips);
    solo.now = at(1_001);
    solo.submit(anna.stake(pool, 2, 1, 1, 80)).unwrap();
    assert_eq!(solo.mine().transactions.len(), 3);
    let snapshot = solo.core.reader().snapshot().unwrap();
    assert_eq!(
        snapshot.account(&anna.id()).unwrap().unwrap().chips,
        Chips(20)
    );
}

/// What the command line once judged by itself: kick-offs, schedules, results.
#[test]
fn time_judges_as_the_node_does() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let (anna, boss) = (Player::new(3), Player::new(ORGANISER));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(boss.join(pool, "Boss")).unwrap();
    solo.mine();
    let schedule = |code, kickoff| {
        let fixture = fixture(3, code, Some(kickoff));
        unsigned(boss.id(), Action::Schedule(actions::Schedule { fixture }))
    };
    let start = crate::pool::START;
    let result = |player: &Player| {
        let action = Action::Result(actions::Result {
            match_no: MatchNo(3),
            outcome: Outcome::played("2-1".parse().unwrap()),
        });
        unsigned(player.id(), action)
    };
    let proposals = || {
        vec![
            unsigned(anna.id(), bet(&[3], 0)),
            schedule("Late", start + 2_000),
            schedule("Late", start + 1),
            schedule("Other", start + 2_000),
            result(&boss),
            result(&anna),
        ]
    };
    assert_eq!(
        reasons(&solo.rehearse(proposals())),
        [
            None,
            None,
            Some(Reason::KickoffInThePast),
            Some(Reason::MatchNumberTaken),
            Some(Reason::ResultTooEarly),
            Some(Reason::NotAnOrganiser),
        ]
    );
    solo.now = at(1_500);
    assert_eq!(
        reasons(&solo.rehearse(proposals())),
        [
            Some(Reason::BetAfterKickoff),
            Some(Reason::MatchStarted),
            Some(Reason::KickoffInThePast),
            Some(Reason::MatchNumberTaken),
            None,
            Some(Reason::NotAnOrganiser),
        ]
    );
}

#[test]
fn nothing_is_written_and_no_more_than_the_most_is_rehearsed() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let anna = Player::new(3);
    solo.submit(anna.join(pool, "Anna")).unwrap();
    let state = |solo: &Solo| {
        let snapshot = solo.core.reader().snapshot().unwrap();
        let all = snapshot.scan_bytes(&[], None, usize::MAX).unwrap();
        (all, snapshot.pending().unwrap())
    };
    let before = state(&solo);
    let proposals = vec![unsigned(anna.id(), bet(&[1], 0)); MAX_REHEARSED + 1];
    assert_eq!(solo.rehearse(proposals).len(), MAX_REHEARSED);
    assert_eq!(state(&solo), before);
}

/// A result alone may change every bet of its match: the changes of all proposals together are never held, and whoever
/// asked may stop between any two.
#[test]
fn each_effect_is_given_away_before_the_next_and_the_caller_may_stop() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    solo.submit(Player::new(3).join(pool, "Anna")).unwrap();
    let anna = Player::new(3).id();
    let proposals = vec![unsigned(anna, bet(&[1], 0)); 100];
    let (asked, kept) = (Cell::new(0), Cell::new(0));
    let may_go_on = || {
        // Once for what waits, then before each proposal.
        assert!(asked.get() <= kept.get() + 1);
        asked.set(asked.get() + 1);
        match kept.get() {
            40 => Err(StoreError::AtGenesis),
            _ => Ok(()),
        }
    };
    let stopped = solo.rehearse_while(proposals.clone(), may_go_on, |rehearsed| {
        assert!(rehearsed.verdict.is_ok());
        kept.set(kept.get() + 1);
        Ok(())
    });
    assert!(matches!(stopped, Err(StoreError::AtGenesis)));
    assert_eq!((asked.get(), kept.get()), (42, 40));
    let before_any = solo.rehearse_while(
        proposals,
        || Err(StoreError::AtGenesis),
        |_| -> Result<(), _> { panic!("nothing is tried") },
    );
    assert!(before_any.is_err());
}

/// Rule S11 asks whether there are bets.
#[test]
fn a_schedule_is_judged_without_bets_that_come_too_late() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let (anna, boss) = (Player::new(3), Player::new(ORGANISER));
    solo.submit(boss.join(pool, "Boss")).unwrap();
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.mine();
    let mut fixture = fixture(3, "Late", Some(crate::pool::START + 1_000));
    fixture.home.name = bolao_ledger::Text::new("Winner A").unwrap();
    let fill = unsigned(boss.id(), Action::Schedule(actions::Schedule { fixture }));
    let submitted = anna.bet(pool, 1, 3, 1);
    let late = |solo: &mut Solo| {
        let now = std::mem::replace(&mut solo.now, at(1_001));
        let verdicts = reasons(&solo.rehearse(vec![fill.clone()]));
        solo.now = now;
        verdicts
    };
    assert_eq!(late(&mut solo), [None]);
    solo.submit(submitted).unwrap();
    assert_eq!(late(&mut solo), [None], "the bet that waits would be void");
    solo.mine();
    assert_eq!(late(&mut solo), [Some(Reason::KickoffInThePast)]);
}
