//! Until when a template's transactions do what they did when it was made.

use std::time::Duration;

use bolao_chain::Template;
use bolao_ledger::{
    AccountId, Action, Block, Chips, Header, Invitation, MatchNo, Membership, Name, OpenBet,
    Reason, Score, SignedTicket, StateView as _, Text, Ticket, Transaction, UnixSeconds, actions,
    admission_bytes, table, ticket_bytes,
};

use crate::{
    pool::{ORGANISER, Player, START, Solo, at, fixture, genesis, grind},
    rule_reasons::{joined, outcome},
};

const LATE: MatchNo = MatchNo(3);
/// When that match kicks off.
const KICKOFF: u64 = START + 1_000;

fn template(solo: &Solo) -> Template {
    solo.core
        .template(solo.now, AccountId([1; 32]), b"")
        .unwrap()
}

/// The time that the header carries so many seconds later, and the latest that it may carry then.
fn times(template: &Template, seconds: u64) -> (u64, u64) {
    let job = template.job.clone().after(Duration::from_secs(seconds));
    (job.time().into(), job.max_time.into())
}

/// The template's block with a header of this time.
fn block(template: &Template, time: u64) -> Block {
    let header = Header {
        version: 1,
        previous: template.header().previous,
        merkle_root: template.header().merkle_root,
        time: time as u32,
        bits: template.header().bits().to_consensus(),
        nonce: 0,
    };
    template.block(grind(header), [0; 16])
}

/// A template of one transaction holds until a second before this time; a block of this time is refused.
fn holds_until(solo: &mut Solo, time: u64, reason: Reason) {
    let template = template(solo);
    assert_eq!(template.transactions.len(), 1);
    assert_eq!(u64::from(template.job.last_time), time - 1);
    assert_eq!(template.job.max_time, template.job.last_time);
    assert!(template.header().time() < UnixSeconds(time));
    let refused = solo.give(block(&template, time)).unwrap_err();
    assert_eq!(refused.reason, reason);
    solo.give(block(&template, time - 1)).unwrap();
    assert_eq!(solo.core.pending(), 0);
}

#[test]
fn a_header_never_passes_the_deadline_of_a_tip_in_its_block() {
    let (mut solo, pool) = joined(&genesis());
    let anna = Player::new(3);
    solo.now = at(990);
    solo.submit(anna.bet(pool, 1, 1, 1)).unwrap();
    // The first match has no kick-off yet.
    let open = template(&solo);
    assert_eq!((open.transactions.len(), open.job.last_time), (1, u32::MAX));
    assert_eq!(times(&open, 0).1, solo.now.unix.0 + 120);
    assert_eq!(times(&open, 30).1, solo.now.unix.0 + 150);
    solo.submit(anna.bet(pool, 2, LATE.0, 2)).unwrap();
    let made = template(&solo);
    assert_eq!(made.transactions.len(), 2);
    assert_eq!(times(&made, 0), (START + 990, KICKOFF - 1));
    assert_eq!(times(&made, 3), (START + 993, KICKOFF - 1));
    assert_eq!(times(&made, 30), (KICKOFF - 1, KICKOFF - 1));
    solo.give(block(&made, KICKOFF - 1)).unwrap();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let bet = snapshot.get::<table::Bets>(&(LATE, anna.id())).unwrap();
    assert_eq!(bet.unwrap().score(), Some(Score::new(2, 0).unwrap()));
}

#[test]
fn a_deadline_far_ahead_bounds_nothing_yet_and_one_that_has_passed_nothing_any_more() {
    let (mut solo, pool) = joined(&genesis());
    let anna = Player::new(3);
    solo.submit(anna.bet(pool, 1, LATE.0, 1)).unwrap();
    let early = template(&solo);
    assert_eq!(u64::from(early.job.last_time), KICKOFF - 1);
    assert_eq!(times(&early, 0).1, solo.now.unix.0 + 120);
    assert_eq!(times(&early, 10_000).1, KICKOFF - 1);
    solo.now.unix = UnixSeconds(KICKOFF);
    let void = template(&solo);
    assert_eq!(void.transactions.len(), 1);
    assert!(void.job.last_time >= void.job.max_time);
    assert_eq!(times(&void, 0).1, KICKOFF + 120);
}

#[test]
fn chips_that_a_changed_tip_frees_are_free_until_its_deadline() {
    let (mut solo, pool) = joined(&genesis());
    let anna = Player::new(3);
    let all = genesis().starting_chips;
    solo.submit(anna.stake(pool, 1, LATE.0, 1, all.0)).unwrap();
    solo.mine();
    solo.now = at(990);
    let tip = |match_no, stake| OpenBet {
        match_no,
        prediction: Score::new(1, 0).unwrap().into(),
        stake,
    };
    let tips = vec![tip(LATE, Chips::ZERO), tip(MatchNo(1), all)];
    solo.submit(anna.sign(pool, 2, Action::Bet(actions::Bet { bets: tips })))
        .unwrap();
    holds_until(&mut solo, KICKOFF, Reason::NotEnoughChips);
}

#[test]
fn a_ticket_bounds_the_join() {
    let mut invited = genesis();
    invited.membership = Membership::Invite;
    let mut solo = Solo::of(&invited);
    let pool = solo.pool();
    let (anna, boss, holder) = (Player::new(3), Player::new(ORGANISER), Player::new(50));
    let ticket = Ticket {
        key: holder.id(),
        uses: 1,
        expires: UnixSeconds(START + 20),
    };
    let invitation = Invitation {
        given: SignedTicket {
            ticket,
            organiser: boss.id(),
            organiser_signature: boss.sign_bytes(&ticket_bytes(pool, &ticket)),
        },
        ticket_signature: holder.sign_bytes(&admission_bytes(pool, &anna.id())),
    };
    let join = Action::Join(actions::Join {
        name: Name::new("Anna").unwrap(),
        invitation: Some(Box::new(invitation)),
    });
    solo.submit(anna.sign(pool, 0, join)).unwrap();
    holds_until(&mut solo, START + 20, Reason::TicketExpired);
}

#[test]
fn a_kickoff_is_set_before_it_comes() {
    let (mut solo, pool) = joined(&genesis());
    let fixture = fixture(4, "Soon", Some(START + 30));
    let schedule = Action::Schedule(actions::Schedule { fixture });
    let boss = Player::new(ORGANISER);
    solo.submit(boss.sign(pool, 1, schedule)).unwrap();
    holds_until(&mut solo, START + 30, Reason::KickoffInThePast);
}

/// A record of the match, which is final from 2,060 s on, and an account that has joined.
fn recorded() -> (Solo, Player) {
    let mut rules = genesis();
    rules.rules.dispute_window_s = 60;
    let (mut solo, pool) = joined(&rules);
    let boss = Player::new(ORGANISER);
    solo.now = at(2_000);
    let outcome = outcome(Score::new(1, 0).ok());
    let match_no = LATE;
    let result = Action::Result(actions::Result { match_no, outcome });
    solo.submit(boss.sign(pool, 1, result)).unwrap();
    solo.mine();
    (solo, Player::new(3))
}

fn objection(solo: &Solo, player: &Player) -> Transaction {
    let text = Text::new("It was 2:1").unwrap();
    let match_no = LATE;
    player.sign(
        solo.pool(),
        1,
        Action::Object(actions::Object { match_no, text }),
    )
}

#[test]
fn a_record_is_objected_to_before_it_is_final() {
    let (mut solo, anna) = recorded();
    let object = objection(&solo, &anna);
    solo.submit(object).unwrap();
    holds_until(&mut solo, START + 2_060, Reason::ResultFinal);
}

/// No block could hold it, and what its player signs next would wait behind it.
#[test]
fn a_peers_objection_to_what_is_final_is_refused() {
    for (time, waiting) in [(2_059, 1), (2_060, 0)] {
        let (mut solo, anna) = recorded();
        solo.now = at(time);
        let object = objection(&solo, &anna);
        solo.hear(&object);
        assert_eq!(solo.core.pending(), waiting, "{time}");
        let bet = anna.bet(solo.pool(), 1, 1, 1);
        assert_eq!(solo.submit(bet).is_ok(), waiting == 0, "{time}");
    }
}
