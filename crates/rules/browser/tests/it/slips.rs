//! Receipts beside the chain that was read.

use bolao_ledger::{
    AccountId, Action, Block, BlockId, Certificate, Chips, Decision, Genesis, Header, Height,
    MatchNo, Nonce, OpenBet, Score, Signature, Transaction, TxBody, Validator, ValidatorKey,
    ValidatorSet, actions, decode, encode, merkle_root, sha256d, signing_bytes,
};
use bolao_receipts::{SetChanged, Slip};
use bolao_replay::{Record, TipRecord};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde_json::{Value, json};

use crate::recorded::{Asked, Recorded, end, part};

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

    /// Those who vote since block 3.
    fn voters(&self) -> Vec<(&'static str, Validator)> {
        let first = self.genesis.consensus.validators().iter();
        let first = first.map(|one| ("key of org1", *one));
        let second = Validator {
            account: AccountId(public("org2")),
            key: ValidatorKey(public("key of org2")),
            weight: 1,
        };
        first.chain([("key of org2", second)]).collect()
    }

    /// The change of validators, as the node writes it into slips.
    fn changes(&self) -> Vec<SetChanged> {
        let (changed, certificate) = &self.blocks[2];
        let voters = self.voters().into_iter().map(|(_, one)| one);
        let after = ValidatorSet::new(voters).unwrap();
        let (offered, _) = &self.blocks[1];
        let offers = offered.transactions[..1].to_vec();
        vec![SetChanged::new(changed, certificate, &after, &offers)]
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
        (&said["answer"], &said["void"]),
        (&json!("in_chain"), &json!([]))
    );
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
        assert_eq!(
            (&said["answer"], &said["void"]),
            (&json!("not_in_chain"), &Value::Null)
        );
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
        assert_eq!(
            (&said["answer"], &said["void"]),
            (&json!("not_compared"), &Value::Null)
        );
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

/// The chain with one more block, in which Ana bets on a match that has begun.
fn with_late_bet(pool: &Pool) -> (Vec<u8>, Block, Vec<u8>) {
    let (last, _) = pool.blocks.last().unwrap();
    let id = pool.genesis.pool_id();
    let body = TxBody {
        account: AccountId(public("ana")),
        nonce: Nonce(3),
        action: Action::Bet(actions::Bet {
            bets: vec![OpenBet {
                match_no: MatchNo(1),
                prediction: Score::new(1, 0).unwrap().into(),
                stake: Chips(0),
            }],
        }),
    };
    let signature = key("ana").sign(&signing_bytes(id, &body)).to_bytes();
    let mut block = last.clone();
    block.coinbase.height = block.coinbase.height.next();
    block.transactions = vec![Transaction {
        body,
        signature: Signature(signature),
    }];
    block.header.previous = last.header.hash();
    block.header.merkle_root = merkle_root(&block.leaves());
    let (height, mut certificate) = (block.coinbase.height, Certificate::default());
    let statement = certificate.statement(height, Decision::plain(height, block.hash()));
    let message = statement.signing_bytes(id);
    let signed = pool.voters().into_iter().map(|(name, one)| {
        let signature = key(name).sign(&message);
        (one.key, Signature(signature.to_bytes()))
    });
    certificate.signatures = signed.collect();
    let certificate = encode(&certificate);
    let mut records = pool.recorded.records();
    records.retain(|it| !matches!(it, Record::End { .. }));
    if let Some(Record::Tip(TipRecord { tip, .. })) = records.first_mut() {
        // A block of validators is one unit of work.
        for _ in tip.height.0..height.0 {
            tip.work = tip.work + block.header.work();
        }
        let hash = block.hash();
        tip.block = BlockId { height, hash };
    }
    records.push(Record::Block(encode(&block)));
    records.push(Record::Certificate(certificate.clone()));
    records.push(end(&records));
    (part(&records), block, certificate)
}

/// A tip that came too late is in the chain, and does not count: its receipt was as good as any.
#[test]
fn tips_that_came_too_late_are_named() {
    let pool = Pool::read();
    let (chain, block, certificate) = with_late_bet(&pool);
    let mut page = pool.recorded.opened();
    let ended = page.part(&chain).unwrap();
    assert_eq!(ended["more"], false, "{ended}");
    // Org2 votes since a change of validators: the slip that the node would write has it.
    let changes = pool.changes();
    let headers = pool.headers(pool.blocks.len(), &[&block]);
    let slip = Slip::of_votes(&pool.genesis, &headers, &block, 0, &certificate, changes);
    let said = verified(&mut page, &slip.unwrap().to_json());
    assert_eq!(
        (&said["answer"], &said["void"]),
        (&json!("in_chain"), &json!([1])),
        "{said}"
    );
}
