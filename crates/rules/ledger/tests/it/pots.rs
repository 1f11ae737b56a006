//! How a pot is shared.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{Chips, shares};
use proptest::prelude::*;

fn numbers(pot: u64, weights: &[u64]) -> Vec<u64> {
    shares(Chips(pot), weights)
        .into_iter()
        .map(|share| share.0)
        .collect()
}

#[test]
fn largest_remainders_have_what_is_left() {
    assert_eq!(
        numbers(450, &[400, 300, 100, 0, 140]),
        [191, 144, 48, 0, 67]
    );
    // Equal remainders: in the order of the accounts.
    assert_eq!(numbers(10, &[1, 1, 1]), [4, 3, 3]);
    assert_eq!(numbers(11, &[1, 1, 1]), [4, 4, 3]);
    assert_eq!(numbers(1, &[0, 5, 5]), [0, 1, 0]);
    assert_eq!(numbers(0, &[1, 2]), [0, 0]);
    assert_eq!(numbers(7, &[0, 0]), [0, 0]);
    assert_eq!(numbers(7, &[]), Vec::<u64>::new());
    assert_eq!(numbers(u64::MAX, &[u64::MAX]), [u64::MAX]);
    let half = u64::MAX / 2;
    assert_eq!(numbers(u64::MAX, &[u64::MAX, u64::MAX]), [half + 1, half]);
}

fn pots() -> impl Strategy<Value = (u64, Vec<u64>)> {
    let weight = prop_oneof![Just(0), 0_u64..20, 0_u64..1 << 59, any::<u64>()];
    let pot = prop_oneof![0_u64..100, 0_u64..1 << 41, any::<u64>()];
    (pot, proptest::collection::vec(weight, 0..20))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shares_are_the_pot_and_near_what_is_due((pot, weights) in pots()) {
        let shares = numbers(pot, &weights);
        prop_assert_eq!(shares.len(), weights.len());
        let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        let paid: u128 = shares.iter().map(|share| u128::from(*share)).sum();
        if sum == 0 {
            prop_assert_eq!(paid, 0);
            return Ok(());
        }
        prop_assert_eq!(paid, u128::from(pot));
        for (share, weight) in shares.iter().zip(&weights) {
            // The largest remainder is never a whole chip away from what is due.
            let due = u128::from(pot) * u128::from(*weight) / sum;
            let extra = u128::from(*share).checked_sub(due);
            prop_assert!(matches!(extra, Some(0 | 1)), "{} for {}", share, due);
            prop_assert!(*weight > 0 || *share == 0);
        }
    }

    #[test]
    fn more_weight_never_gets_less((pot, weights) in pots()) {
        let shares = numbers(pot, &weights);
        for (a, share_a) in weights.iter().zip(&shares) {
            for (b, share_b) in weights.iter().zip(&shares) {
                prop_assert!(a <= b || share_a >= share_b);
            }
        }
    }

    #[test]
    fn a_multiplier_on_all_changes_nothing(pot in 0_u64..1 << 41, weights in proptest::collection::vec(0_u64..1 << 40, 1..20), factor in 1_u64..=100) {
        let multiplied: Vec<u64> = weights.iter().map(|weight| weight * factor).collect();
        prop_assert_eq!(numbers(pot, &weights), numbers(pot, &multiplied));
    }
}
