use bitcoin::{block::Header, consensus::deserialize};
use bolao_miner::SearchHeader;
use bolao_work::{meets_target, sha256d};
use serde_json::Value;

use crate::kernels_here;

struct Vector {
    name: String,
    header: [u8; 80],
    nonce: u32,
    hash: [u8; 32],
}

fn vectors() -> Vec<Vector> {
    let file: Value = serde_json::from_str(include_str!("../../vectors/headers.json")).unwrap();
    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let vectors = file["headers"].as_array().unwrap().iter().map(|vector| {
        let mut hash: [u8; 32] = hex::decode(text(vector, "hash"))
            .unwrap()
            .try_into()
            .unwrap();
        hash.reverse();
        Vector {
            name: text(vector, "name"),
            header: hex::decode(text(vector, "header"))
                .unwrap()
                .try_into()
                .unwrap(),
            nonce: vector["nonce"].as_u64().unwrap() as u32,
            hash,
        }
    });
    vectors.collect()
}

#[test]
fn published_headers_hash_to_their_published_hashes() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        assert_eq!(sha256d(&vector.header), vector.hash, "{}", vector.name);
    }
}

#[test]
fn every_kernel_finds_the_published_nonce_and_no_other_near_it() {
    let kernels = kernels_here();
    for vector in vectors() {
        let nonce = vector.nonce;
        let mut header = vector.header;
        let target = deserialize::<Header>(&header)
            .unwrap()
            .target()
            .to_le_bytes();
        header[76..].fill(0);
        let search = SearchHeader::new(&header, target);
        for kernel in kernels {
            let what = format!("{} by {}", vector.name, kernel.name());
            let scan = |nonces| kernel.scan(&search, nonces).unwrap();
            assert_eq!(scan(nonce - 5_000..=nonce + 5_000), Some(nonce), "{what}");
            assert_eq!(scan(nonce - 5_000..=nonce - 1), None, "{what}");
            assert_eq!(scan(nonce + 1..=nonce + 5_000), None, "{what}");
        }
    }
}

#[test]
fn every_kernel_follows_a_rolled_version_and_time() {
    let kernels = kernels_here();
    let Vector { header, .. } = vectors().remove(0);
    let mut target = [0xff; 32];
    target[31] = 0x03;
    for roll in 0..200_u32 {
        let mut header = header;
        header[..4].copy_from_slice(&(0x2000_0000 | (roll << 13)).to_le_bytes());
        header[68..72].copy_from_slice(&(1_231_006_505 + roll).to_le_bytes());
        let hit = (0..400_u32).find(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&sha256d(&header), &target)
        });
        let search = SearchHeader::new(&header, target);
        for kernel in kernels {
            assert_eq!(kernel.scan(&search, 0..=399), Ok(hit), "{}", kernel.name());
        }
    }
}

#[test]
fn targets_compare_as_the_bitcoin_crate_compares_them() {
    for vector in vectors() {
        let header: Header = deserialize(&vector.header).unwrap();
        let hash_as_target = bitcoin::Target::from_le_bytes(vector.hash);
        for target in [
            header.target(),
            hash_as_target,
            bitcoin::Target::MAX,
            bitcoin::Target::ZERO,
        ] {
            assert_eq!(
                meets_target(&vector.hash, &target.to_le_bytes()),
                target.is_met_by(header.block_hash()),
                "{} {target:x}",
                vector.name
            );
        }
    }
}
