//! Reasons to refuse that follow from how a pool is played: tickets, seals, transfers, results.

use bolao_chain::Output;
use bolao_ledger::{
    Action, BetMode, Chips, Genesis, Invitation, MatchNo, Membership, Name, OpenBet, Opening,
    Outcome, PoolId, Prediction, Reason, Score, SealedBet, SignedTicket, Status, Text, Ticket,
    Transaction, UnixSeconds, actions, admission_bytes, item::Answer, seal_commitment,
    ticket_bytes,
};

use crate::pool::{ORGANISER, Player, START, Solo, at, fixture, genesis};

const LATE: MatchNo = MatchNo(3);

pub(crate) fn outcome(after_90: Option<Score>) -> Outcome {
    Outcome {
        after_90,
        ..Outcome::without_score(Status::Played, None)
    }
}

fn refused(solo: &mut Solo, transaction: Transaction) -> Reason {
    solo.submit(transaction).unwrap_err().reason
}

/// A pool that differs from the usual one, in which Anna and the organiser have joined.
pub(crate) fn joined(genesis: &Genesis) -> (Solo, PoolId) {
    genesis.check().unwrap();
    let mut solo = Solo::of(genesis);
    let pool = solo.pool();
    solo.submit(Player::new(3).join(pool, "Anna")).unwrap();
    solo.submit(Player::new(ORGANISER).join(pool, "Boss"))
        .unwrap();
    solo.mine();
    (solo, pool)
}

pub(crate) fn of_results() -> Vec<Reason> {
    let mut rules = genesis();
    rules.rules.deadline_lead_s = 100;
    let (mut solo, pool) = joined(&rules);
    let (anna, boss) = (Player::new(3), Player::new(ORGANISER));
    let result = |after_90| {
        let outcome = outcome(after_90);
        let action = Action::Result(actions::Result {
            match_no: LATE,
            outcome,
        });
        boss.sign(pool, 1, action)
    };
    let object = |nonce| {
        let text = Text::new("It was 2:1").unwrap();
        let action = Action::Object(actions::Object {
            match_no: LATE,
            text,
        });
        anna.sign(pool, nonce, action)
    };
    let transfer =
        |to, chips| anna.sign(pool, 1, Action::Transfer(actions::Transfer { to, chips }));
    let mut other_teams = fixture(3, "Late", Some(START + 1_000));
    other_teams.home.name = Text::new("Somebody else").unwrap();
    let fixture = other_teams;
    let score = Score::new(1, 0).ok();

    let number = OpenBet {
        match_no: LATE,
        prediction: Prediction::Number(Answer::try_from(21).unwrap()),
        stake: Chips(1),
    };
    let number = Action::Bet(actions::Bet { bets: vec![number] });

    let mut reasons = vec![
        refused(&mut solo, anna.sign(pool, 1, number)),
        refused(&mut solo, transfer(boss.id(), Chips::ZERO)),
        refused(&mut solo, transfer(Player::new(9).id(), Chips(1))),
        refused(&mut solo, result(score)),
        refused(&mut solo, object(1)),
    ];
    // Somebody's tip, whose meaning must not change.
    let cora = Player::new(4);
    solo.submit(cora.join(pool, "Cora")).unwrap();
    solo.submit(cora.bet(pool, 1, LATE.0, 1)).unwrap();
    solo.mine();
    solo.now = at(950);
    let change = boss.sign(pool, 1, Action::Schedule(actions::Schedule { fixture }));
    reasons.push(refused(&mut solo, change));
    solo.now = at(2_000);
    reasons.push(refused(&mut solo, result(None)));
    solo.submit(result(score)).unwrap();
    solo.mine();
    solo.submit(object(1)).unwrap();
    solo.mine();
    reasons.push(refused(&mut solo, object(2)));
    solo.now = at(2_000 + u64::from(rules.rules.dispute_window_s));
    // By the clock the record is final, though no block has said so yet.
    reasons.push(refused(&mut solo, object(2)));
    let correction = boss.sign(
        pool,
        2,
        Action::Result(actions::Result {
            match_no: LATE,
            outcome: outcome(Score::new(2, 0).ok()),
        }),
    );
    reasons.push(refused(&mut solo, correction));
    solo.mine();
    reasons.push(refused(&mut solo, object(2)));
    reasons
}

pub(crate) fn of_seals() -> Vec<Reason> {
    let anna = Player::new(3);
    let score = Score::new(2, 1).unwrap();
    let seal = |pool| {
        let tip = SealedBet {
            match_no: LATE,
            commitment: seal_commitment(pool, &anna.id(), LATE, score.into(), &[5; 32]),
            stake: Chips(1),
        };
        anna.sign(pool, 1, Action::Seal(actions::Seal { bets: vec![tip] }))
    };
    let (mut open, pool) = joined(&genesis());
    let mut reasons = vec![refused(&mut open, seal(pool))];

    let mut sealed = genesis();
    sealed.rules.bets = BetMode::Sealed;
    let (mut solo, pool) = joined(&sealed);
    let opening = |nonce, salt| {
        let opening = Opening {
            match_no: LATE,
            prediction: score.into(),
            salt,
        };
        let openings = vec![opening];
        anna.sign(pool, nonce, Action::Open(actions::Open { openings }))
    };
    reasons.push(refused(&mut solo, anna.bet(pool, 1, 3, 1)));
    reasons.push(refused(&mut solo, opening(1, [5; 32])));
    solo.submit(seal(pool)).unwrap();
    solo.mine();
    reasons.push(refused(&mut solo, opening(2, [5; 32])));
    solo.now = at(1_500);
    // The own clock alone opens nothing: it may be wrong.
    for nonce in [2, 3] {
        let early = refused(&mut solo, opening(nonce, [5; 32]));
        assert_eq!(early, Reason::OpeningTooEarly);
        assert!(
            !solo
                .out
                .iter()
                .any(|it| matches!(it, Output::Publish { .. }))
        );
    }
    solo.mine();
    reasons.push(refused(&mut solo, opening(2, [6; 32])));
    let window_s = u64::from(sealed.rules.opening_window_s);
    solo.submit(opening(2, [5; 32])).unwrap();
    let (mut solo, pool) = joined(&sealed);
    solo.submit(seal(pool)).unwrap();
    solo.mine();
    solo.now = at(1_000 + window_s);
    reasons.push(refused(&mut solo, opening(2, [5; 32])));
    reasons
}

pub(crate) fn of_tickets() -> Vec<Reason> {
    let mut invited = genesis();
    invited.membership = Membership::Invite;
    let mut solo = Solo::of(&invited);
    let pool = solo.pool();
    let (boss, holder) = (Player::new(ORGANISER), Player::new(50));
    let join = |seed, from: &Player, expires| {
        let player = Player::new(seed);
        let ticket = Ticket {
            key: holder.id(),
            uses: 1,
            expires: UnixSeconds(START + expires),
        };
        let invitation = Invitation {
            given: SignedTicket {
                ticket,
                organiser: from.id(),
                organiser_signature: from.sign_bytes(&ticket_bytes(pool, &ticket)),
            },
            ticket_signature: holder.sign_bytes(&admission_bytes(pool, &player.id())),
        };
        (player, invitation)
    };
    let signed = |(player, invitation): (Player, Invitation)| {
        let action = Action::Join(actions::Join {
            name: Name::new(&format!("Player {}", player.id().0[0])).unwrap(),
            invitation: Some(Box::new(invitation)),
        });
        player.sign(pool, 0, action)
    };
    let (anna, _) = join(3, &boss, 100);
    let (_, for_another) = join(4, &boss, 100);
    let reasons = vec![
        refused(&mut solo, anna.join(pool, "Anna")),
        refused(&mut solo, signed((anna, for_another))),
        refused(&mut solo, signed(join(3, &Player::new(9), 100))),
        refused(&mut solo, signed(join(3, &boss, 5))),
    ];
    solo.submit(signed(join(3, &boss, 100))).unwrap();
    solo.mine();
    let used_up = refused(&mut solo, signed(join(4, &boss, 100)));
    [reasons, vec![used_up]].concat()
}

#[test]
fn each_rule_has_its_reason() {
    assert_eq!(
        of_results(),
        [
            Reason::WrongPrediction,
            Reason::EmptyTransfer,
            Reason::UnknownReceiver,
            Reason::ResultTooEarly,
            Reason::NoResult,
            Reason::TeamsFixed,
            Reason::BadOutcome,
            Reason::ObjectedAlready,
            Reason::ResultFinal,
            Reason::ResultFinal,
            Reason::ResultFinal,
        ]
    );
    assert_eq!(
        of_seals(),
        [
            Reason::BetsAreOpen,
            Reason::BetsAreSealed,
            Reason::NothingToOpen,
            Reason::OpeningTooEarly,
            Reason::BadOpening,
            Reason::OpeningTooLate,
        ]
    );
    assert_eq!(
        of_tickets(),
        [
            Reason::InvitationNeeded,
            Reason::BadInvitation,
            Reason::NotInvitedByOrganiser,
            Reason::TicketExpired,
            Reason::TicketUsedUp,
        ]
    );
}
