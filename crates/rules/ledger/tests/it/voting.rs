//! Sets of validators, certificates, and proofs of cheating.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use bolao_ledger::{
    BlockHash, BlockId, Certificate, CertificateError, Conflict, Decision, DoubleSign, Height,
    PoolId, Signature, Statement, StatementKind, Validator, ValidatorKey, ValidatorSet,
    ValidatorSetError, decode, encode,
};

use serde_json::json;

use crate::{game, vectors};

const POOL: PoolId = PoolId([1; 32]);
const HEIGHT: Height = Height(7);

fn key(who: u8) -> ValidatorKey {
    ValidatorKey(game::account(who).0)
}

fn validator(who: u8, weight: u64) -> Validator {
    Validator {
        account: game::account(who),
        key: key(who),
        weight,
    }
}

fn set(weights: &[u64]) -> ValidatorSet {
    let validators = (1..)
        .zip(weights)
        .map(|(who, weight)| validator(who, *weight));
    ValidatorSet::new(validators).unwrap()
}

fn decision(hash: u8) -> Decision {
    Decision {
        block: BlockId {
            height: HEIGHT,
            hash: BlockHash([hash; 32]),
        },
        contested: false,
    }
}

fn sign(who: u8, statement: &Statement) -> Signature {
    game::signature(who, &statement.signing_bytes(POOL))
}

fn certificate(signers: &[u8], decision: Decision) -> Certificate {
    let mut certificate = Certificate::default();
    let statement = certificate.statement(HEIGHT, decision);
    let signed = signers
        .iter()
        .map(|who| (key(*who), sign(*who, &statement)));
    certificate.signatures = signed.collect();
    certificate
}

#[test]
fn a_certificate_needs_more_than_two_thirds_of_the_weight() {
    let equal = set(&[1, 1, 1, 1]);
    let good = certificate(&[1, 2, 4], decision(5));
    assert_eq!(good.verify(&equal, POOL, HEIGHT, decision(5)), Ok(()));
    assert_eq!(decode::<Certificate>(&encode(&good)).unwrap(), good);

    let two = certificate(&[1, 2], decision(5));
    let weight = |got, total| Err(CertificateError::Weight { got, total });
    assert_eq!(two.verify(&equal, POOL, HEIGHT, decision(5)), weight(2, 4));
    // Exactly two thirds are not enough.
    let third = set(&[1, 1, 1]);
    assert_eq!(two.verify(&third, POOL, HEIGHT, decision(5)), weight(2, 3));
    let heavy = set(&[5, 1, 1, 1]);
    let alone = certificate(&[1, 2], decision(5));
    assert_eq!(alone.verify(&heavy, POOL, HEIGHT, decision(5)), Ok(()));
    let none = Certificate::default();
    assert_eq!(none.verify(&equal, POOL, HEIGHT, decision(5)), weight(0, 4));
}

#[test]
fn a_certificate_proves_one_decision_of_one_height_of_one_pool() {
    let set = set(&[1, 1, 1, 1]);
    let good = certificate(&[1, 2, 3], decision(5));
    let bad = |result: Result<(), CertificateError>| {
        assert!(matches!(result, Err(CertificateError::Signature { .. })));
    };
    bad(good.verify(&set, POOL, HEIGHT, decision(6)));
    bad(good.verify(&set, POOL, HEIGHT.next(), decision(5)));
    bad(good.verify(&set, PoolId([2; 32]), HEIGHT, decision(5)));
    let contested = Decision {
        contested: true,
        ..decision(5)
    };
    bad(good.verify(&set, POOL, HEIGHT, contested));
    let later = Certificate {
        round: 1,
        ..good.clone()
    };
    bad(later.verify(&set, POOL, HEIGHT, decision(5)));
    let other = certificate(&[1, 2, 3, 9], decision(5));
    let stranger = Err(CertificateError::Stranger { key: key(9) });
    assert_eq!(other.verify(&set, POOL, HEIGHT, decision(5)), stranger);
}

#[test]
fn two_certificates_name_who_signed_both() {
    let set = set(&[1, 1, 1, 1]);
    let conflict = |second: Certificate, decided| Conflict {
        height: HEIGHT,
        first: (decision(5), certificate(&[1, 2, 3], decision(5))),
        second: (decided, second),
    };
    let both = conflict(certificate(&[2, 3, 4], decision(6)), decision(6));
    let mut wanted = [key(2), key(3)];
    wanted.sort();
    assert_eq!(both.signers(&set, POOL), wanted);
    let same = conflict(certificate(&[2, 3, 4], decision(5)), decision(5));
    assert_eq!(same.signers(&set, POOL), []);
    let forged = conflict(certificate(&[2, 3, 4], decision(5)), decision(6));
    assert_eq!(forged.signers(&set, POOL), []);
}

#[test]
fn who_signs_two_statements_of_a_kind_height_and_round_is_proven_guilty() {
    let vote = |kind, round, hash: Option<u8>| Statement {
        kind,
        height: HEIGHT,
        round,
        decision: hash.map(decision),
    };
    let proof = |first: Statement, second: Statement| DoubleSign {
        key: key(1),
        first: (first, sign(1, &first)),
        second: (second, sign(1, &second)),
    };
    let (prevote, precommit) = (StatementKind::Prevote, StatementKind::Precommit);
    let testified = StatementKind::Testified;
    let proposal = |valid_round| StatementKind::Proposal { valid_round };
    for (first, second, guilty) in [
        (vote(prevote, 0, Some(5)), vote(prevote, 0, Some(6)), true),
        (vote(precommit, 0, Some(5)), vote(precommit, 0, None), true),
        (
            vote(proposal(None), 2, Some(5)),
            vote(proposal(Some(1)), 2, Some(5)),
            true,
        ),
        (vote(prevote, 0, Some(5)), vote(prevote, 0, Some(5)), false),
        (vote(prevote, 0, Some(5)), vote(prevote, 1, Some(6)), false),
        (vote(prevote, 0, Some(5)), vote(precommit, 0, None), false),
        (vote(testified, 0, Some(5)), vote(testified, 0, None), false),
    ] {
        assert_eq!(
            proof(first, second).is_proof(POOL),
            guilty,
            "{first:?} {second:?}"
        );
    }
    let mut forged = proof(vote(prevote, 0, Some(5)), vote(prevote, 0, Some(6)));
    forged.second.1 = sign(2, &forged.second.0);
    assert!(!forged.is_proof(POOL));
}

#[test]
fn a_set_is_bounded_and_its_weights_stay_within_64_bits() {
    let count = |got| Err(ValidatorSetError::Count { got });
    assert_eq!(ValidatorSet::new([]), count(0));
    assert_eq!(ValidatorSet::new([validator(1, 0)]), count(0));
    assert_eq!(
        ValidatorSet::new((1..=65).map(|who| validator(who, 1))),
        count(65)
    );
    let twice = ValidatorSet::new([validator(1, 1), validator(1, 2)]);
    assert_eq!(twice, Err(ValidatorSetError::Twice { key: key(1) }));

    let mut weights = [u64::MAX; 64];
    weights[3] = 1;
    let huge = set(&weights);
    assert!(huge.total().checked_mul(3).is_some());
    assert_eq!(huge.get(&key(4)).unwrap().weight, 1);
    assert_eq!(huge.get(&key(65)), None);
    assert_eq!(set(&[5, 0, 7]).total(), 12);
}

#[test]
fn a_set_has_one_encoding_and_so_one_hash() {
    let good = set(&[1, 2, 3]);
    assert_eq!(decode::<ValidatorSet>(&encode(&good)).unwrap(), good);
    assert_ne!(good.hash(), set(&[1, 2, 4]).hash());
    let mut list = good.validators().to_vec();
    list.swap(0, 1);
    assert!(decode::<ValidatorSet>(&encode(&list)).is_err());
    list.swap(0, 1);
    list[0].weight = 0;
    assert!(decode::<ValidatorSet>(&encode(&list)).is_err());
    list[0].weight = u64::MAX;
    assert!(decode::<ValidatorSet>(&encode(&list)).is_err());
    assert!(decode::<ValidatorSet>(&encode(&Vec::<Validator>::new())).is_err());
}

#[test]
fn proposers_are_drawn_by_weight_and_each_has_a_turn() {
    let set = set(&[1, 2, 3, 6]);
    let mut first = BTreeMap::new();
    for height in 0..6_000 {
        let proposer = |round| set.proposer(POOL, Height(height), round).key;
        *first.entry(proposer(0)).or_insert(0_u32) += 1;
        let turns = |cycle: u32| {
            let mut turns: Vec<_> = (0..4).map(|turn| proposer(4 * cycle + turn)).collect();
            turns.sort();
            turns
        };
        assert_eq!(
            turns(0),
            set.validators()
                .iter()
                .map(|one| one.key)
                .collect::<Vec<_>>()
        );
        assert_eq!(turns(0), turns(1));
    }
    for (who, wanted) in (1..).zip([500_u32, 1_000, 1_500, 3_000]) {
        let got = first[&key(who)];
        assert!(
            got.abs_diff(wanted) < 150,
            "validator {who}: {got} of {wanted}"
        );
    }
}

/// Signatures, a certificate and the first proposers, for programs in other languages.
#[test]
fn vectors() {
    let proposal = |valid_round| StatementKind::Proposal { valid_round };
    let contested = Decision {
        contested: true,
        ..decision(5)
    };
    let statements = [
        (proposal(None), Some(decision(5))),
        (proposal(Some(2)), Some(contested)),
        (StatementKind::Prevote, Some(decision(5))),
        (StatementKind::Precommit, None),
    ];
    let statements = statements.map(|(kind, decision)| {
        let statement = Statement {
            kind,
            height: HEIGHT,
            round: 3,
            decision,
        };
        json!({
            "bytes": hex::encode(encode(&statement)),
            "signed": hex::encode(statement.signing_bytes(POOL)),
            "signature": sign(1, &statement),
        })
    });
    let set = set(&[1, 2, 3, 6]);
    let validators = set.validators().iter();
    let validators: Vec<_> = validators.map(|one| json!([one.key, one.weight])).collect();
    let proposer = |round| json!([7, round, set.proposer(POOL, HEIGHT, round).key]);
    let proposers: Vec<_> = (0..8).map(proposer).collect();
    let certificate = certificate(&[2, 3, 4], decision(5));
    assert_eq!(certificate.verify(&set, POOL, HEIGHT, decision(5)), Ok(()));
    let computed = json!({
        "pool": hex::encode(POOL.0),
        "key": key(1),
        "statements": statements,
        "validators": validators,
        "set": hex::encode(encode(&set)),
        "validators_hash": set.hash(),
        "proposers": proposers,
        "certificate": hex::encode(encode(&certificate)),
    });
    vectors::compare("voting", &computed);
}
