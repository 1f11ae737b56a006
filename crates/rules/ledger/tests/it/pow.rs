//! Headers, targets, work and Merkle roots are those of the `bitcoin` crate.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bitcoin::{consensus::deserialize, hashes::Hash as _, merkle_tree::calculate_root};
use bolao_ledger::{
    BlockHash, CompactTarget, Header, Target, WitnessId, Work, merkle_root, sha256d,
};
use proptest::{array::uniform32, collection::vec, prelude::*};

fn any_header() -> impl Strategy<Value = [u8; 80]> {
    vec(any::<u8>(), 80).prop_map(|bytes| bytes.try_into().unwrap())
}

/// Numbers of all lengths.
fn number() -> impl Strategy<Value = [u8; 32]> {
    (uniform32(any::<u8>()), 0..32_usize).prop_map(|(mut bytes, zeros)| {
        bytes[..zeros].fill(0);
        bytes
    })
}

proptest! {
    #[test]
    fn any_80_bytes_are_the_same_header(bytes in any_header()) {
        let (ours, theirs) = (Header::from_bytes(&bytes), deserialize::<bitcoin::block::Header>(&bytes).unwrap());
        prop_assert_eq!(ours.to_bytes(), bytes);
        prop_assert_eq!(ours.hash().0, theirs.block_hash().to_byte_array());
        prop_assert_eq!(ours.previous.0, theirs.prev_blockhash.to_byte_array());
        prop_assert_eq!(ours.merkle_root, theirs.merkle_root.to_byte_array());
        prop_assert_eq!(ours.version, theirs.version.to_consensus());
        prop_assert_eq!(ours.time().0, u64::from(theirs.time));
        prop_assert_eq!(ours.bits().to_consensus(), theirs.bits.to_consensus());
        prop_assert_eq!(ours.nonce, theirs.nonce);
    }

    #[test]
    fn bits_stand_for_the_same_target(size in 0..=32_u32, first in 0..1_u32 << 24) {
        let bits = size << 24 | first;
        let ours = Target::from_compact(CompactTarget::from_consensus(bits));
        let theirs = bitcoin::Target::from_compact(bitcoin::CompactTarget::from_consensus(bits));
        prop_assert_eq!(ours.to_be_bytes(), theirs.to_be_bytes());
    }

    #[test]
    fn targets_give_the_same_bits_work_and_verdict(bytes in number(), hash in number()) {
        let (ours, theirs) = (Target::from_be_bytes(bytes), bitcoin::Target::from_be_bytes(bytes));
        prop_assert_eq!(ours.to_compact_lossy().to_consensus(), theirs.to_compact_lossy().to_consensus());
        let met = theirs.is_met_by(bitcoin::BlockHash::from_byte_array(hash));
        prop_assert_eq!(ours.is_met_by(BlockHash(hash)), met);
        if bytes > [&[0; 31][..], &[1]].concat().try_into().unwrap() {
            prop_assert_eq!(ours.to_work().to_be_bytes(), theirs.to_work().to_be_bytes());
            prop_assert_eq!(format!("{:x}", ours.to_work()), format!("{:x}", theirs.to_work()));
        }
    }

    #[test]
    fn leaves_have_the_same_root(leaves in vec(uniform32(any::<u8>()), 1..40)) {
        let ours: Vec<_> = leaves.iter().copied().map(WitnessId).collect();
        let theirs = leaves.into_iter().map(bitcoin::hashes::sha256d::Hash::from_byte_array);
        prop_assert_eq!(merkle_root(&ours), calculate_root(theirs).unwrap().to_byte_array());
    }

    #[test]
    fn data_has_the_same_hash(data in vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(sha256d(&data), bitcoin::hashes::sha256d::Hash::hash(&data).to_byte_array());
    }
}

#[test]
fn numbers_at_the_edge() {
    let target = |bits| Target::from_compact(CompactTarget::from_consensus(bits));
    let zero = Target::from_be_bytes([0; 32]);
    for negative_or_too_long in [0x0380_0000, 0x2080_0000, 0x2101_0000, 0x2200_0100, u32::MAX] {
        assert_eq!(target(negative_or_too_long), zero);
    }
    let mut high = [0; 32];
    high[0] = 0xff;
    // One byte more, whose high byte is 0, so that the number is not negative.
    assert_eq!(target(0x2100_ff00), Target::from_be_bytes(high));
    let most = Work::from_be_bytes([0xff; 32]);
    assert_eq!(zero.to_work(), most);
    assert_eq!(most + most, most);
    let one = Target::from_be_bytes([0xff; 32]).to_work().to_le_bytes();
    assert_eq!((one[0], &one[1..]), (1, [0; 31].as_slice()));
    assert_eq!(merkle_root(&[]), [0; 32]);
}
