//! Receipts beside the chain that was read.

use bolao_ledger::{
    AccountId, Block, Certificate, Decision, Genesis, Header, Height, Signature, ValidatorKey,
    decode, encode, merkle_root, sha256d,
};
use bolao_receipts::Slip;
use bolao_replay::Record;
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde_json::{Value, json};

use crate::recorded::{Asked, Recorded};

fn key(name: &str) -> SigningKey {
    SigningKey::from(sha256d(name.as_bytes()))
}

fn public(name: &str) -> [u8; 32] {
    VerificationKeyBytes::from(&key(name)).into()
}

/// A pool in which Org1 voted first, and Org2 votes since.
struct Pool {
    recorded: Recorded,
    genesis: Genesis,
    blocks: Vec<(Block, Vec<u8>)>,
}

impl Pool {
    fn read() -> Self {
        let recorded = Recorded::read("pos");
        let genesis = serde_json::from_str(&recorded.genesis).unwrap();
        let mut blocks = Vec::new();
        for record in recorded.records() {
            match record {
                Record::Block(bytes) => blocks.push((decode::<Block>(&bytes).unwrap(), Vec::new())),
                Record::Certificate(bytes) => blocks.last_mut().unwrap().1 = bytes,
                _ => {}
            }
        }
        Self {
            recorded,
            genesis,
            blocks,
        }
    }

    /// The headers from genesis to a height, and what is on top.
    fn headers(&self, up_to: usize, top: &[&Block]) -> Vec<Header> {
        let blocks = self.blocks.iter().take(up_to).map(|(block, _)| block);
        let above = blocks.chain(top.iter().copied()).map(|it| it.header);
        [self.genesis.header()].into_iter().chain(above).collect()
    }

    /// The slip of the first transaction of a block above so many of the chain's, by a certificate and no change of validators.
    fn slip(&self, below: usize, block: &Block, certificate: &[u8]) -> String {
        let headers = self.headers(below, &[block]);
        let slip = Slip::of_votes(&self.genesis, &headers, block, 0, certificate, Vec::new());
        slip.unwrap().to_json()
    }

    /// The slip of a block that Org1 signs with its first key, above so many of the chain's.
    fn forged(&self, below: usize) -> String {
        let (first, _) = self.blocks.first().unwrap();
        let mut block = first.clone();
        block.transactions.truncate(1);
        block.coinbase.height = Height(u64::try_from(below + 1).unwrap());
        let parent = *self.headers(below, &[]).last().unwrap();
        (block.header.previous, block.header.time) = (parent.hash(), parent.time);
        block.header.merkle_root = merkle_root(&block.leaves());
        let (height, mut certificate) = (block.coinbase.height, Certificate::default());
        let statement = certificate.statement(height, Decision::plain(height, block.hash()));
        let message = statement.signing_bytes(self.genesis.pool_id());
        let signature = Signature(key("key of org1").sign(&message).to_bytes());
        let org1 = ValidatorKey(public("key of org1"));
        certificate.signatures = [(org1, signature)].into();
        self.slip(below, &block, &encode(&certificate))
    }
}

fn verified(asked: &mut Asked, slip: &str) -> Value {
    asked.ok(json!({ "ask": "verify_slip", "json": slip, "pool": null }))
}

/// Green for the forged ones was what a page said that had read another block in their place.
#[test]
fn a_slip_is_compared_with_the_chain_that_was_read() {
    let pool = Pool::read();
    let tip = pool.blocks.len();
    let (first, certificate) = &pool.blocks[0];
    let good = pool.slip(0, first, certificate);
    let mut page = pool.recorded.checked();
    let said = verified(&mut page, &good);
    assert_eq!(said["own"], json!({ "is": "held" }), "{said}");
    assert_eq!(
        (&said["tips"], &said["places"]),
        (&json!([]), &json!(false))
    );
    assert_eq!(said["could_have_made"], Value::Null);
    for (below, own) in [
        (0, json!({ "is": "refuted", "height": 1 })),
        (3, json!({ "is": "refuted", "height": 4 })),
        (tip - 1, json!({ "is": "refuted", "height": tip })),
        // By the chain, Org1 has no say alone on what is above.
        (tip, json!({ "is": "other-validators", "height": tip })),
    ] {
        let said = verified(&mut page, &pool.forged(below));
        assert_eq!(said["own"], own);
        let made = &said["could_have_made"];
        assert_eq!(made["accounts"][0]["name"], "Org1", "{made}");
        assert_eq!(made["accounts"].as_array().unwrap().len(), 1);
    }
}

/// Where nothing was read, each slip of the pool says that its first validator could have made it.
#[test]
fn without_a_chain_it_says_who_could_have_made_it() {
    let pool = Pool::read();
    let (first, certificate) = &pool.blocks[0];
    let mut page = pool.recorded.opened();
    for slip in [pool.slip(0, first, certificate), pool.forged(7)] {
        let said = verified(&mut page, &slip);
        assert_eq!(said["own"], Value::Null);
        let made = &said["could_have_made"];
        let org1 = AccountId(public("org1"));
        assert_eq!(
            made["accounts"],
            json!([{ "account": org1, "name": null, "organiser": true }])
        );
        assert_eq!(
            (&made["validators"], &made["first_block"]),
            (&json!(1), &json!(1))
        );
    }
}
