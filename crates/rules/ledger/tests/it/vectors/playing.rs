//! Seals, tickets, records, pots.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    Base, Chips, Genesis, MatchNo, Outcome, Prediction, Side, Status, admission_bytes, encode,
    seal_commitment, shares, ticket_bytes,
};
use serde_json::json;

use super::compare;
use crate::{
    dice::Dice,
    game::{TICKET, account, called_off, invitation, key, played, score},
};

#[test]
fn seals() {
    let pool = Genesis::article().pool_id();
    let mut dice = Dice::new(5);
    let rows: Vec<_> = [
        (1, 1, "2-1"),
        (1, 2, "0-0"),
        (2, 1, "2-1"),
        (3, 65_535, "99-99"),
    ]
    .into_iter()
    .map(|(who, no, predicted)| {
        let salt = dice.bytes();
        let seal = |salt| {
            seal_commitment(
                pool,
                &account(who),
                MatchNo(no),
                score(predicted).into(),
                salt,
            )
        };
        let commitment = seal(&salt);
        assert_ne!(seal(&[0; 32]), commitment);
        json!({
            "account": account(who),
            "match_no": no,
            "prediction": Prediction::from(score(predicted)),
            "salt": hex::encode(salt),
            "commitment": hex::encode(commitment),
        })
    })
    .collect();
    compare("seals", &json!({ "pool": pool, "seals": rows }));
}

#[test]
fn tickets() {
    let pool = Genesis::article().pool_id();
    let rows: Vec<_> = [(1, 2, 1), (1, 3, 20), (2, 3, u32::MAX)]
        .into_iter()
        .map(|(organiser, who, uses)| {
            let invitation = invitation(pool, organiser, who, uses);
            assert!(invitation.is_signed_for(pool, &account(who)));
            assert!(!invitation.is_signed_for(pool, &account(9)));
            json!({
                "account": account(who),
                "ticket": hex::encode(encode(&invitation.given.ticket)),
                "ticket_bytes": hex::encode(ticket_bytes(pool, &invitation.given.ticket)),
                "admission_bytes": hex::encode(admission_bytes(pool, &account(who))),
                "invitation": invitation,
                "bytes": hex::encode(encode(&invitation)),
            })
        })
        .collect();
    compare(
        "tickets",
        &json!({
            "pool": pool,
            "ticket_secret_key": hex::encode(<[u8; 32]>::from(key(TICKET))),
            "organiser_secret_key": hex::encode(<[u8; 32]>::from(key(1))),
            "tickets": rows,
        }),
    );
}

#[test]
fn outcomes() {
    let extra_time = Outcome {
        after_120: Some(score("3-1")),
        advances: Some(Side::Home),
        ..played("1-1")
    };
    let shootout = Outcome {
        half_time: Some(score("0-0")),
        after_120: Some(score("0-0")),
        shootout: Some(score("5-6")),
        advances: Some(Side::Away),
        ..played("0-0")
    };
    let awarded = Outcome {
        status: Status::Awarded,
        ..played("3-0")
    };
    let broken_off = Outcome {
        status: Status::Abandoned,
        ..played("1-0")
    };
    let rows: Vec<_> = [
        ("PtCh 2019", played("3-1")),
        ("NlEn 2019", extra_time),
        ("ChEn 2019", shootout),
        ("awarded", awarded),
        ("abandoned with a score", broken_off),
        ("cancelled", called_off(Status::Cancelled)),
        ("postponed", called_off(Status::Postponed)),
    ]
    .into_iter()
    .map(|(what, outcome)| {
        outcome.check().unwrap();
        json!({
            "what": what,
            "json": outcome,
            "bytes": hex::encode(encode(&outcome)),
            "after_90": outcome.counting_score(Base::After90, true),
            "after_120": outcome.counting_score(Base::After120, true),
            "after_90_awarded_does_not_count": outcome.counting_score(Base::After90, false),
        })
    })
    .collect();
    compare("outcomes", &json!(rows));
}

#[test]
fn pots() {
    let rows: Vec<_> = [
        (450, vec![400, 300, 100, 0, 140, 0]),
        (150, vec![40, 0, 0, 80, 0]),
        (150, vec![0, 80, 90, 0, 0]),
        (118, vec![20, 10, 0, 4, 0, 14]),
        (503, vec![0, 4, 2, 0, 4, 0]),
        (10, vec![1, 1, 1]),
        (1, vec![0, 5, 5]),
        (0, vec![1, 2]),
        (7, vec![0, 0]),
        ((1 << 53) - 1, vec![1 << 50, 3, 1 << 49]),
    ]
    .into_iter()
    .map(|(pot, weights)| {
        let shares: Vec<u64> = shares(Chips(pot), &weights).iter().map(|c| c.0).collect();
        json!({ "pot": pot, "weights": weights, "shares": shares })
    })
    .collect();
    compare("pots", &json!(rows));
}
