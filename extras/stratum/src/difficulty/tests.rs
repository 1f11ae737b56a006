#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

/// A target with this many zero bits in front.
fn target(zero_bits: usize) -> [u8; 32] {
    (U256::MAX >> zero_bits).to_le_bytes()
}

#[test]
fn known_difficulties() {
    let mut bitcoin_genesis = [0; 32];
    bitcoin_genesis[26..28].copy_from_slice(&[0xff, 0xff]);
    assert!((Difficulty::of_target(&bitcoin_genesis).value() - 1.0).abs() < 1e-15);
    // Bits 0x1b0404cb, the example of the Bitcoin wiki's page "Difficulty".
    let mut wiki = [0; 32];
    wiki[24..27].copy_from_slice(&[0xcb, 0x04, 0x04]);
    let difficulty = Difficulty::of_target(&wiki).value();
    assert!(
        (difficulty - 16_307.420_938_523_983).abs() < 1e-9,
        "{difficulty}"
    );
    // The easiest target of a pool: 16 zero bits.
    let easiest = Difficulty::of_target(&target(16)).value();
    assert!((easiest * 65_536.0 - 1.0).abs() < 1e-4, "{easiest}");
}

#[test]
fn odd_numbers_become_difficulties() {
    for odd in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, f64::MIN_POSITIVE] {
        assert_eq!(Difficulty::new(odd), Difficulty::MIN);
    }
    assert!(Difficulty::new(f64::INFINITY).value().is_finite());
    assert!(Difficulty::of_target(&[0; 32]).value().is_finite());
    assert_eq!(Difficulty::of_target(&[0xff; 32]), Difficulty::MIN);
}

/// Gives the target that pooler's cpuminer makes of a difficulty (`diff_to_target`).
fn cpuminer_target(mut difficulty: f64) -> U256 {
    let mut words = [0_u32; 8];
    let mut place = 6;
    while place > 0 && difficulty > 1.0 {
        difficulty /= 4_294_967_296.0;
        place -= 1;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let quotient = (4_294_901_760.0 / difficulty) as u64;
    words[place] = u32::try_from(quotient & 0xffff_ffff).unwrap();
    words[place + 1] = u32::try_from(quotient >> 32).unwrap();
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    U256::from_le_slice(&bytes)
}

proptest! {
    /// Whatever cpuminer takes for a share is one, and a block is always a share.
    #[test]
    fn miners_and_server_agree(zero_bits in 1_usize..100, low in any::<[u8; 12]>(), spread in 0.0_f64..1.0) {
        let mut block = target(zero_bits);
        block[..12].copy_from_slice(&low);
        let hardest = Difficulty::of_target(&block).eased();
        prop_assert!(cpuminer_target(hardest.value()) >= U256::from_le_bytes(block));
        prop_assert!(hardest.admits(&block));
        let easier = Difficulty::new(hardest.value() * spread);
        prop_assert!(easier.admits(&cpuminer_target(easier.value()).to_le_bytes()));
        let hash: U256 = cpuminer_target(hardest.value());
        let worse = hash.saturating_add(hash >> 14);
        prop_assert!(worse == U256::MAX || !hardest.admits(&worse.to_le_bytes()));
    }

    #[test]
    fn meeting_is_comparing_numbers(a in any::<[u8; 32]>(), b in any::<[u8; 32]>()) {
        prop_assert_eq!(bolao_work::meets_target(&a, &b), U256::from_le_bytes(a) <= U256::from_le_bytes(b));
        prop_assert!(bolao_work::meets_target(&a, &a));
    }
}
