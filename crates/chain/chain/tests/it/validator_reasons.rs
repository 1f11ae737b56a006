//! Reasons to refuse what is signed about validators.

use bolao_ledger::{
    Action, BlockId, Chips, Consensus, Decision, DoubleSign, Genesis, Height, Pos, Quorum, Reason,
    SetChange, Statement, StatementKind, Validator, ValidatorKey, Voting, actions,
};
use ed25519_zebra::SigningKey;

use crate::pool::{ORGANISER, Player, Solo, genesis};

const APPOINTED: SetChange = SetChange::Appointed {
    quorum: Quorum::of(1),
};

fn key(seed: u8) -> ValidatorKey {
    ValidatorKey(Player::new(seed).id().0)
}

fn validator(seed: u8, weight: u64) -> Validator {
    Validator {
        account: Player::new(seed).id(),
        key: key(seed + 100),
        weight,
    }
}

/// A pool in which players 1 to `count` vote.
fn with_votes(change: SetChange, count: u8) -> Genesis {
    let mut genesis = genesis();
    genesis.consensus = Consensus::Pos(Pos {
        voting: Voting {
            change,
            ..Pos::appointed((1..=count).map(|seed| validator(seed, 1))).voting
        },
        heartbeat_s: 3_600,
    });
    genesis
}

/// What comes of a player's actions, one after another, none of which is in a block yet.
fn refused(genesis: &Genesis, seed: u8, actions: Vec<Action>) -> Vec<Reason> {
    let mut solo = Solo::of(genesis);
    let (pool, player) = (solo.pool(), Player::new(seed));
    solo.submit(player.join(pool, "Anna")).unwrap();
    let mut nonce = 1;
    let mut reasons = Vec::new();
    for action in actions {
        match solo.submit(player.sign(pool, nonce, action)) {
            Ok(_) => nonce += 1,
            Err(refusal) => reasons.push(refusal.reason),
        }
    }
    reasons
}

/// By the organiser, of a player's key.
fn offer(genesis: &Genesis, seed: u8) -> Action {
    let organiser = Player::new(ORGANISER).id();
    let key = SigningKey::from([seed + 100; 32]);
    Action::offer(genesis.pool_id(), &organiser, &key)
}

fn appoint(seed: u8, weight: u64) -> Action {
    let validator = validator(seed, weight);
    Action::Appoint(actions::Appoint { validator })
}

/// That a validator prevoted twice.
fn evidence(genesis: &Genesis, seed: u8) -> Action {
    let pool = genesis.pool_id();
    let voted = |decision| {
        let statement = Statement {
            kind: StatementKind::Prevote,
            height: Height(1),
            round: 0,
            decision,
        };
        let signer = Player::new(seed + 100);
        (statement, signer.sign_bytes(&statement.signing_bytes(pool)))
    };
    let decision = Decision {
        block: BlockId {
            height: Height(1),
            hash: pool.into(),
        },
        contested: false,
    };
    let (first, second) = (voted(Some(decision)), voted(None));
    let key = key(seed + 100);
    let proof = Box::new(DoubleSign { key, first, second });
    Action::Evidence(actions::Evidence { proof })
}

pub(crate) fn of_validators() -> Vec<Reason> {
    let appointed = with_votes(APPOINTED, 1);
    let Action::Evidence(actions::Evidence { proof: mut damaged }) = evidence(&appointed, 1) else {
        unreachable!("it is evidence");
    };
    damaged.second = damaged.first;
    let by_organiser = vec![
        offer(&appointed, 1),
        appoint(2, 1),
        appoint(2, 0),
        appoint(1, 0),
        appoint(1, 1),
        appoint(1, u64::MAX),
        Action::Evidence(actions::Evidence { proof: damaged }),
        evidence(&appointed, 1),
        evidence(&appointed, 1),
    ];
    let mut reasons = refused(&appointed, ORGANISER, by_organiser);
    let full = with_votes(APPOINTED, 64);
    let mut own = validator(70, 1);
    own.account = Player::new(ORGANISER).id();
    let appoint_self = Action::Appoint(actions::Appoint { validator: own });
    reasons.extend(refused(
        &full,
        ORGANISER,
        vec![offer(&full, 70), appoint_self],
    ));
    let staked = with_votes(
        SetChange::Stake {
            wait_s: 0,
            cut_percent: 100,
        },
        1,
    );
    let chips = Chips(1);
    // The key has signed for the organiser's account.
    let others = offer(&staked, 5);
    reasons.extend(refused(
        &staked,
        3,
        vec![others, Action::Unstake(actions::Unstake { chips })],
    ));
    reasons
}

#[test]
fn each_rule_has_its_reason() {
    assert_eq!(
        of_validators(),
        [
            Reason::ValidatorKeyTaken,
            Reason::NotOffered,
            Reason::UnknownValidator,
            Reason::LastValidator,
            Reason::AppointedAlready,
            Reason::BadWeight,
            Reason::BadEvidence,
            Reason::ProvenAlready,
            Reason::TooManyValidators,
            Reason::BadOffer,
            Reason::NotStaked,
        ]
    );
}
