//! The chain of a pool with one validator, made at once.

use std::error::Error;

use bolao_headers::HeaderChain;
use bolao_ledger::{
    Block, Certificate, Chips, Coinbase, Consensus, Decision, Fixture, GENESIS_VERSION, Genesis,
    Header, MatchCode, MatchNo, Name, Nonce, OpenBet, PoolId, Pos, Score, Signature, Transaction,
    UnixSeconds, Validator, ValidatorKey, ValidatorSet, encode, merkle_root,
};
use bolao_replay::{Record, TipRecord};
use bolao_wallet::{Draft, Key};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

const MATCHES: u16 = 100;

/// Everybody joins, and then tips every match.
fn transactions(pool: PoolId, players: u64, tips: u16) -> Result<Vec<Transaction>, Box<dyn Error>> {
    let keys: Vec<Key> = (1..=players)
        .map(|seed| {
            let mut secret = [7; 32];
            secret[..8].copy_from_slice(&seed.to_le_bytes());
            Key::from_secret(&secret)
        })
        .collect();
    let mut transactions = Vec::new();
    for (number, key) in keys.iter().enumerate() {
        let name = Name::new(&format!("Player {number}"))?;
        transactions.push(key.sign(pool, Draft::new(key.account(), Nonce(0)).join(name)));
    }
    let all: Vec<u16> = (1..=MATCHES).collect();
    for (nonce, part) in (1..).zip(all.chunks(tips.into())) {
        for key in &keys {
            let bet = |no: &u16| {
                Ok(OpenBet {
                    match_no: MatchNo(*no),
                    prediction: (Score::new(u64::from(no % 5), nonce % 3)?).into(),
                    stake: Chips(0),
                })
            };
            let bets: Result<Vec<OpenBet>, Box<dyn Error>> = part.iter().map(bet).collect();
            let body = Draft::new(key.account(), Nonce(nonce)).bet(bets?);
            transactions.push(key.sign(pool, body));
        }
    }
    Ok(transactions)
}

fn key_of(validator: &SigningKey) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(validator).into())
}

fn validator_of(key: &SigningKey) -> Validator {
    Validator {
        account: Key::from_secret(&[9; 32]).account(),
        key: key_of(key),
        weight: 1,
    }
}

/// The article's pool, with more matches and one validator.
fn genesis(validator: &SigningKey) -> Result<Genesis, Box<dyn Error>> {
    let article = Genesis::article();
    let first = article.matches.first().ok_or("the article has matches")?;
    let matches = (1..=MATCHES).map(|no| {
        Ok(Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}"))?,
            ..first.clone()
        })
    });
    Ok(Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed([validator_of(validator)])),
        matches: matches.collect::<Result<_, Box<dyn Error>>>()?,
        ..article
    })
}

/// The pool, its rules, and what a node sends of its chain, where so many players act so often, with so many tips in each act and so many
/// acts in each block. The validator signs every block as `forge` leaves it.
pub(crate) fn season(
    players: u64,
    tips: u16,
    acts: usize,
    mut forge: impl FnMut(&mut Block),
) -> Result<(PoolId, Genesis, Vec<Record>), Box<dyn Error>> {
    let validator = SigningKey::from([8; 32]);
    let genesis = genesis(&validator)?;
    let pool = genesis.pool_id();
    let transactions = transactions(pool, players, tips)?;
    // It stays the only one.
    let voters = ValidatorSet::new([validator_of(&validator)])?.hash();
    let mut chain = HeaderChain::of_genesis(&genesis);
    let mut records = Vec::new();
    for part in transactions.chunks(acts) {
        let height = chain.tip().height.next();
        let time = UnixSeconds(genesis.created.0 + height.0);
        let mut block = Block {
            header: Header {
                version: 1,
                previous: chain.tip().hash,
                merkle_root: [0; 32],
                time: u32::try_from(time.0)?,
                bits: chain.next_bits(&genesis, time).to_consensus(),
                nonce: 0,
            },
            coinbase: Coinbase {
                height,
                miner: Key::from_secret(&[9; 32]).account(),
                message: voters.0.to_vec(),
                extra_nonce: [0; 16],
            },
            transactions: part.to_vec(),
        };
        forge(&mut block);
        block.header.merkle_root = merkle_root(&block.leaves());
        let mut certificate = Certificate::default();
        let decision = Decision::plain(height, block.hash());
        let statement = certificate.statement(height, decision).signing_bytes(pool);
        let signature = Signature(validator.sign(&statement).into());
        certificate.signatures.insert(key_of(&validator), signature);
        chain.push(chain.check(&genesis, &block.header)?);
        records.push(Record::Block(encode(&block)));
        records.push(Record::Certificate(encode(&certificate)));
    }
    let tip = chain.tip();
    records.insert(
        0,
        Record::Tip(TipRecord {
            pool,
            tip: tip.into(),
        }),
    );
    records.push(Record::End {
        blocks: tip.height.0,
        entries: 0,
    });
    Ok((pool, genesis, records))
}
