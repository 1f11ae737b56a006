use bitcoin::{block::Header, consensus::deserialize};
use bolao_miner::{Kernel, SearchHeader, Sha2Kernel, double_sha256, meets_target};
use serde_json::Value;

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
        assert_eq!(
            double_sha256(&vector.header),
            vector.hash,
            "{}",
            vector.name
        );
    }
}

#[test]
fn the_kernel_finds_the_published_nonce_and_no_other_near_it() {
    for Vector {
        name,
        mut header,
        nonce,
        ..
    } in vectors()
    {
        let target = deserialize::<Header>(&header)
            .unwrap()
            .target()
            .to_le_bytes();
        header[76..].fill(0);
        let search = SearchHeader::new(&header, target);
        let scan = |nonces| Sha2Kernel.scan(&search, nonces);
        assert_eq!(scan(nonce - 5_000..=nonce + 5_000), Some(nonce), "{name}");
        assert_eq!(scan(nonce - 5_000..=nonce - 1), None, "{name}");
        assert_eq!(scan(nonce + 1..=nonce + 5_000), None, "{name}");
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
