//! Proofs that validators cheated.

use bolao_headers::HeaderError;
use bolao_ledger::{Conflict, DoubleSign, Statement, StatementKind};
use bolao_receipts::{Proof, ProofError, ProofReport};

use super::*;

/// Another block in place of one of the chain's, with the certificate of these.
pub(super) fn other(chain: &Chain, height: u64, signers: &[u8]) -> (Decision, Certificate) {
    let mut block = chain.made[&height].block.clone();
    block.header.nonce += 1;
    let decision = Decision::plain(Height(height), block.hash());
    (decision, certificate(&chain.genesis, &block, signers))
}

pub(super) fn histories(chain: &Chain, height: u64, second: (Decision, Certificate)) -> Proof {
    let made = &chain.made[&height];
    let first = Decision::plain(Height(height), made.block.hash());
    let conflict = Conflict {
        height: Height(height),
        first: (first, made.certificate.clone()),
        second,
    };
    let changes = chain.changes(height);
    Proof::of_histories(&chain.genesis, &conflict, changes)
}

/// As whoever is given the file.
pub(super) fn read(chain: &Chain, proof: &Proof) -> Result<ProofReport, ProofError> {
    Proof::from_json(&proof.to_json())?.verify(chain.genesis.pool_id())
}

fn accounts(report: &ProofReport) -> Vec<AccountId> {
    let mut all: Vec<_> = report
        .signed_both
        .iter()
        .filter_map(|(_, it)| *it)
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn who_signed_two_histories_is_named() {
    let chain = Chain::new();
    for (height, signers) in [(1, vec![1, 2]), (LAST, vec![2, 3, 4])] {
        let proof = histories(&chain, height, other(&chain, height, &signers));
        let report = read(&chain, &proof).unwrap();
        assert!(report.both_final);
        assert_eq!(report.height, Height(height));
        let mut wanted: Vec<_> = signers.iter().map(|who| account(*who)).collect();
        wanted.sort_unstable();
        assert_eq!(accounts(&report), wanted);
        assert!(report.same_round());
    }
}

/// Of two rounds an honest validator may have signed both.
#[test]
fn what_was_decided_in_two_rounds_is_reported_as_such() {
    let chain = Chain::new();
    let (decision, mut later) = other(&chain, LAST, &[2, 3, 4]);
    later.round = 3;
    let pool = chain.genesis.pool_id();
    let message = later.statement(Height(LAST), decision).signing_bytes(pool);
    let signed = [2, 3, 4].map(|who| {
        let signature = secret(who + 100).sign(&message);
        (validator(who, 0).key, Signature(signature.to_bytes()))
    });
    later.signatures = signed.into();
    let report = read(&chain, &histories(&chain, LAST, (decision, later))).unwrap();
    assert_eq!((report.rounds, report.same_round()), ([2, 3], false));
    // Who voted is the word of those before them, so that nobody is named.
    assert_eq!((report.signed_both.len(), accounts(&report).len()), (3, 0));
}

#[test]
fn what_is_no_conflict_proves_nothing() {
    let chain = Chain::new();
    let nothing = |second| read(&chain, &histories(&chain, LAST, second)).unwrap_err();
    // The same block twice; too few; those who voted before.
    let made = &chain.made[&LAST];
    let same = Decision::plain(Height(LAST), made.block.hash());
    for second in [
        (same, made.certificate.clone()),
        other(&chain, LAST, &[2]),
        other(&chain, LAST, &[1, 2]),
    ] {
        assert_eq!(nothing(second), ProofError::NoConflict);
    }
    // Without the changes the validators are others.
    let mut proof = histories(&chain, LAST, other(&chain, LAST, &[2, 3, 4]));
    if let Proof::TwoHistories { changes, .. } = &mut proof {
        changes.pop();
    }
    assert_eq!(read(&chain, &proof).unwrap_err(), ProofError::NoConflict);
    let other = proof.verify(PoolId([7; 32])).unwrap_err();
    assert!(matches!(other, ProofError::OtherPool { .. }));
}

fn two_votes(chain: &Chain, second: Option<Decision>) -> Proof {
    let pool = chain.genesis.pool_id();
    let signed = |decision| {
        let statement = Statement {
            kind: StatementKind::Prevote,
            height: Height(4),
            round: 1,
            decision,
        };
        let signature = secret(101).sign(&statement.signing_bytes(pool));
        (statement, Signature(signature.to_bytes()))
    };
    let decision = Decision::plain(Height(4), BlockHash([4; 32]));
    let proof = DoubleSign {
        key: validator(1, 1).key,
        first: signed(Some(decision)),
        second: signed(second),
    };
    Proof::of_votes(pool, &proof)
}

#[test]
fn two_votes_of_one_key_are_proof_and_one_twice_is_none() {
    let chain = Chain::new();
    let report = read(&chain, &two_votes(&chain, None)).unwrap();
    assert!(!report.both_final);
    assert_eq!(report.signed_both, [(validator(1, 1).key, None)]);
    let same = Decision::plain(Height(4), BlockHash([4; 32]));
    let error = read(&chain, &two_votes(&chain, Some(same))).unwrap_err();
    assert_eq!(error, ProofError::NoDoubleVote);
}

#[test]
fn a_changed_bit_anywhere_in_the_file_fails() {
    let chain = Chain::new();
    let histories = histories(&chain, 1, other(&chain, 1, &[1, 2]));
    for proof in [histories, two_votes(&chain, None)] {
        let text = proof.to_json();
        for index in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[index] ^= 1 << (index % 8);
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let result = Proof::from_json(&changed);
            let result = result.and_then(|proof| proof.verify(chain.genesis.pool_id()));
            assert!(result.is_err(), "byte {index}: {changed}");
        }
    }
}

#[test]
fn changes_in_headers_that_no_honest_validator_signs_are_refused() {
    let refused = |change: fn(&mut Header)| {
        let chain = Chain::with(|height, block| {
            if height == REMOVED {
                change(&mut block.header);
            }
        });
        let proof = histories(&chain, LAST, other(&chain, LAST, &[2, 3, 4]));
        match read(&chain, &proof).unwrap_err() {
            ProofError::Validators {
                source:
                    SlipError::Header {
                        height: Height(REMOVED),
                        source,
                    },
            } => source,
            other => panic!("{other:?}"),
        }
    };
    let parent = refused(|header| header.previous.0[0] ^= 1);
    assert!(matches!(parent, HeaderError::UnknownParent { .. }));
    let bits = refused(|header| header.bits = 0x1d00_ffff);
    assert!(matches!(bits, HeaderError::BadTarget { .. }));
    let time = refused(|header| header.time -= 11);
    assert!(matches!(time, HeaderError::TimeTooOld { .. }));
}
