//! One verdict on every signature, alone or in a batch: the ZIP-215 edge cases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    AccountId, PoolId, Signature, Signed, WitnessId, sha256d, verify, verify_batch,
};
use ed25519_zebra::SigningKey;
use proptest::prelude::*;
use serde_json::json;

use crate::{game, vectors};

/// The canonical encodings of the eight torsion points, then the six non-canonical ones of low order.
const LOW_ORDER: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// The order of the base point, little-endian: the smallest `s` that is not canonical.
const GROUP_ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

const MESSAGE: &[u8] = b"Zcash";

fn point(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn signature(r: [u8; 32], s: [u8; 32]) -> Signature {
    Signature([r, s].concat().try_into().unwrap())
}

struct Case {
    account: AccountId,
    signature: Signature,
    message: Vec<u8>,
}

impl Case {
    fn signed(&self) -> Signed<'_> {
        let leaf = [&self.account.0[..], &self.signature.0, &self.message].concat();
        Signed {
            account: self.account,
            signature: &self.signature,
            message: self.message.clone(),
            leaf: WitnessId(sha256d(&leaf)),
        }
    }

    fn alone(&self) -> bool {
        verify(&self.account, &self.signature, &self.message)
    }
}

fn batch(cases: &[Case]) -> bool {
    let signed: Vec<_> = cases.iter().map(Case::signed).collect();
    verify_batch(PoolId([9; 32]), &signed)
}

fn cases(s: [u8; 32]) -> Vec<Case> {
    LOW_ORDER
        .iter()
        .flat_map(|a| LOW_ORDER.iter().map(move |r| (point(a), point(r))))
        .map(|(a, r)| Case {
            account: AccountId(a),
            signature: signature(r, s),
            message: MESSAGE.to_vec(),
        })
        .collect()
}

#[test]
fn low_order_and_non_canonical_points_get_one_verdict() {
    let all = cases([0; 32]);
    assert_eq!(all.len(), 196);
    for case in &all {
        assert!(case.alone(), "{} {}", case.account, case.signature);
        assert!(batch(std::slice::from_ref(case)));
    }
    assert!(batch(&all));
    let rows: Vec<_> = all
        .iter()
        .map(|case| {
            json!({
                "public_key": hex::encode(case.account.0),
                "signature": case.signature.to_string(),
                "valid": true,
            })
        })
        .collect();
    vectors::compare(
        "zip215",
        &json!({
            "source": "https://zips.z.cash/zip-0215 (small-order cases)",
            "message": hex::encode(MESSAGE),
            "cases": rows,
        }),
    );
}

#[test]
fn a_scalar_past_the_group_order_is_refused_alone_and_in_a_batch() {
    let mut all = cases([0; 32]);
    for case in cases(point(GROUP_ORDER)) {
        assert!(!case.alone());
        assert!(!batch(std::slice::from_ref(&case)));
    }
    all.push(cases(point(GROUP_ORDER)).pop().unwrap());
    assert!(!batch(&all));
}

#[test]
fn a_key_that_is_no_point_is_refused_alone_and_in_a_batch() {
    let mut bytes = [0; 32];
    let bad = (2..=u8::MAX)
        .map(|first| {
            bytes[0] = first;
            bytes
        })
        .find(|bytes| ed25519_zebra::VerificationKey::try_from(*bytes).is_err())
        .unwrap();
    let case = Case {
        account: AccountId(bad),
        signature: signature(point(LOW_ORDER[0]), [0; 32]),
        message: Vec::new(),
    };
    assert!(!case.alone());
    assert!(!batch(&[case]));
}

#[test]
fn an_empty_batch_is_good() {
    assert!(batch(&[]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_is_good_exactly_when_each_is(
        damage in proptest::collection::vec((0_u8..5, any::<u8>(), any::<u8>()), 1..12),
    ) {
        let cases: Vec<_> = (1_u8..)
            .zip(damage)
            .map(|(who, (kind, at, mask))| {
                let key: SigningKey = game::key(who);
                let mut case = Case {
                    account: game::account(who),
                    message: vec![who; 20],
                    signature: Signature(key.sign(&[who; 20]).to_bytes()),
                };
                match kind {
                    0 => case.signature.0[usize::from(at % 64)] ^= mask,
                    1 if at % 4 == 0 => case.message[usize::from(at % 20)] ^= mask,
                    2 if at % 4 == 0 => case.account.0[usize::from(at % 32)] ^= mask,
                    _ => {}
                }
                case
            })
            .collect();
        prop_assert_eq!(batch(&cases), cases.iter().all(Case::alone));
    }
}
