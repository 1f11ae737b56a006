use bitcoin::{
    hashes::{Hash, sha256d},
    merkle_tree::calculate_root,
};
use bolao_work::Job;
use proptest::{array::uniform16, array::uniform32, collection::vec, prelude::*};

/// The siblings on the way from leaf 0 to the root; an odd level repeats its last hash.
fn branch_of_first(mut level: Vec<sha256d::Hash>) -> Vec<[u8; 32]> {
    let mut branch = Vec::new();
    while level.len() > 1 {
        branch.push(level[1].to_byte_array());
        level = level
            .chunks(2)
            .map(|pair| calculate_root([pair[0], *pair.last().unwrap()].into_iter()).unwrap())
            .collect();
    }
    branch
}

proptest! {
    #[test]
    fn every_extra_nonce_gives_the_root_that_the_bitcoin_crate_computes(
        prefix in vec(any::<u8>(), 0..200),
        others in vec(uniform32(any::<u8>()), 0..20),
        extra_nonces in vec(uniform16(any::<u8>()), 1..4),
        base in vec(any::<u8>(), 80),
    ) {
        let leaves = |extra_nonce: &[u8]| {
            let coinbase = sha256d::Hash::hash(&[&prefix, extra_nonce].concat());
            let others = others.iter().copied().map(sha256d::Hash::from_byte_array);
            std::iter::once(coinbase).chain(others).collect::<Vec<_>>()
        };
        let mut template = Job {
            header: base.clone().try_into().unwrap(),
            target: [0; 32],
            coinbase_prefix: prefix.clone(),
            merkle_branch: Vec::new(),
            max_time: 0,
            ..Job::new([0; 80], [0; 32])
        };
        for extra_nonce in &extra_nonces {
            let leaves = leaves(extra_nonce);
            if leaves.len() == 2 {
                prop_assert_eq!(branch_of_first(leaves.clone()), vec![others[0]]);
            }
            template.merkle_branch = branch_of_first(leaves.clone());
            let root = calculate_root(leaves.into_iter()).unwrap().to_byte_array();
            prop_assert_eq!(template.merkle_root(extra_nonce), root);

            let header = template.header_with(extra_nonce, 0x0403_0201, 0x0807_0605);
            prop_assert_eq!(&header[..36], &base[..36]);
            prop_assert_eq!(&header[36..68], &root);
            prop_assert_eq!(&header[68..72], &[1, 2, 3, 4]);
            prop_assert_eq!(&header[72..76], &base[72..76]);
            prop_assert_eq!(&header[76..], &[5, 6, 7, 8]);
        }
    }
}
