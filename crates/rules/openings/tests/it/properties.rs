//! What holds of every deal.

use bolao_ledger::{decode, encode};
use bolao_openings::{CombineError, Deal, combine, needed};
use proptest::{prelude::*, sample::subsequence};

use super::*;

fn deals() -> impl Strategy<Value = (Opening, u8, Vec<u8>)> {
    let score = (0..=99_u64, 0..=99_u64);
    (any::<u16>(), score, any::<[u8; 32]>(), 1..=9_u8).prop_flat_map(
        |(no, (home, away), salt, count)| {
            let opening = Opening {
                salt,
                ..opening(no, home, away)
            };
            let all: Vec<u8> = (0..count).collect();
            let size = 0..=usize::from(count);
            (Just(opening), Just(count), subsequence(all, size))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any majority opens, and nobody else.
    #[test]
    fn a_majority_opens((opening, count, there) in deals()) {
        let keys = keepers(count);
        let deal = dealt(&opening, &keys);
        let shares = shares(&deal, there.iter().map(|place| &keys[usize::from(*place)]));
        let needed = needed(usize::from(count));
        let wanted = if there.len() < needed {
            Err(CombineError::TooFew { got: there.len(), needed })
        } else {
            Ok(opening)
        };
        prop_assert_eq!(combine(POOL, &deal, &shares), wanted);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(deal) = decode::<Deal>(&bytes) {
            prop_assert_eq!(encode(&deal), bytes);
        }
    }
}

#[test]
fn more_keepers_than_validators_can_be_do_not_decode() {
    let mut body = dealt(&opening(3, 2, 1), &keepers(1));
    body.handed = vec![body.handed[0].clone(); 65];
    let error = decode::<DealBody>(&encode(&body)).unwrap_err().to_string();
    assert!(
        error.contains("got 65 keepers, wanted at most 64"),
        "{error}"
    );
    body.handed.pop();
    assert_eq!(decode::<DealBody>(&encode(&body)).unwrap(), body);
}
