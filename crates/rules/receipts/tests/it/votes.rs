//! Receipts of pools whose blocks validators make: what a chain of them shows, and what it does not get past.

mod forged;
mod proofs;

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, Action, Block, BlockHash, Certificate, CertificateError, Coinbase, Consensus,
    Decision, GENESIS_VERSION, Genesis, Header, Height, Name, Nonce, PoolId, Pos, Signature,
    Transaction, TxBody, Validator, ValidatorKey, ValidatorSet, actions, encode, merkle_root,
    signing_bytes,
};
use bolao_receipts::{Proven, SLIP_CHANGES_MAX, SetChanged, SignedHeader, Slip, SlipError, verify};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use crate::{headers, no_bit_can_change, pool_and_text, vectors};

fn secret(who: u8) -> SigningKey {
    SigningKey::from([who; 32])
}

pub(crate) fn account(who: u8) -> AccountId {
    AccountId(VerificationKeyBytes::from(&secret(who)).into())
}

/// Player `who` votes with the key of `who` + 100.
pub(crate) fn validator(who: u8, weight: u64) -> Validator {
    Validator {
        account: account(who),
        key: ValidatorKey(account(who + 100).0),
        weight,
    }
}

pub(crate) fn set(who: &[u8]) -> ValidatorSet {
    ValidatorSet::new(who.iter().map(|who| validator(*who, 1))).unwrap()
}

pub(crate) fn pos_genesis() -> Genesis {
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed([validator(1, 1), validator(2, 1)])),
        ..Genesis::article()
    };
    genesis.check().unwrap();
    genesis
}

/// A block with its certificate, and who votes after it.
#[derive(Clone)]
struct Made {
    block: Block,
    certificate: Certificate,
    after: ValidatorSet,
}

impl Made {
    fn change(&self, offers: &[u8]) -> SetChanged {
        let offers = offers.iter().map(|who| offer(*who)).collect();
        SetChanged::new(
            &self.block,
            &encode(&self.certificate),
            &self.after,
            &offers,
        )
    }
}

/// The offer of a player to vote with the key that [`validator`] gives.
pub(crate) fn offer(who: u8) -> Transaction {
    offer_in(&pos_genesis(), who)
}

pub(crate) fn offer_in(genesis: &Genesis, who: u8) -> Transaction {
    let pool = genesis.pool_id();
    sign(
        pool,
        who,
        1,
        Action::offer(pool, &account(who), &secret(who + 100)),
    )
}

fn sign(pool: PoolId, who: u8, nonce: u64, action: Action) -> Transaction {
    let body = TxBody {
        account: account(who),
        nonce: Nonce(nonce),
        action,
    };
    let signature = Signature(secret(who).sign(&signing_bytes(pool, &body)).to_bytes());
    Transaction { body, signature }
}

/// The certificate of a decision by these, as they hold the rules or not.
pub(crate) fn precommit(
    genesis: &Genesis,
    number: Height,
    decision: Decision,
    signers: &[u8],
) -> Certificate {
    let mut certificate = Certificate {
        round: 2,
        ..Certificate::default()
    };
    let statement = certificate.statement(number, decision);
    let message = statement.signing_bytes(genesis.pool_id());
    let signed = signers.iter().map(|who| {
        let signature = Signature(secret(who + 100).sign(&message).to_bytes());
        (validator(*who, 0).key, signature)
    });
    certificate.signatures = signed.collect();
    certificate
}

fn certificate(genesis: &Genesis, block: &Block, signers: &[u8]) -> Certificate {
    let height = block.coinbase.height;
    let decision = Decision::plain(height, block.hash());
    precommit(genesis, height, decision, signers)
}

/// A chain in which 3 is appointed by block 3, 1 removed by block 4, and 4 appointed by block 6; block 7 is the last.
struct Chain {
    genesis: Genesis,
    made: BTreeMap<u64, Made>,
}

const APPOINTED: u64 = 3;
const REMOVED: u64 = 4;
const LAST: u64 = 7;

impl Chain {
    fn new() -> Self {
        Self::with(|_, _| {})
    }

    /// With every block as `change` leaves it before it is signed.
    fn with(change: impl Fn(u64, &mut Block)) -> Self {
        let genesis = pos_genesis();
        let mut previous: BlockHash = genesis.pool_id().into();
        let mut signers: &[u8] = &[1, 2];
        let mut made = BTreeMap::new();
        for height in 1..=LAST {
            let after: &[u8] = match height {
                APPOINTED => &[1, 2, 3],
                REMOVED => &[2, 3],
                6 => &[2, 3, 4],
                _ => signers,
            };
            let header = Header {
                version: 1,
                previous,
                merkle_root: [0; 32],
                time: u32::try_from(genesis.created.0 + 10 * height).unwrap(),
                bits: genesis.proof().initial_bits().to_consensus(),
                nonce: 0,
            };
            let coinbase = Coinbase {
                height: Height(height),
                miner: account(signers[0]),
                message: set(after).hash().0.to_vec(),
                extra_nonce: [0; 16],
            };
            let players = u8::try_from(10 * height).unwrap()..;
            let joins = players.take(3).map(|who| join(&genesis, who));
            let mut block = Block {
                header,
                coinbase,
                transactions: joins.collect(),
            };
            change(height, &mut block);
            block.header.merkle_root = merkle_root(&block.leaves());
            previous = block.hash();
            let certificate = certificate(&genesis, &block, signers);
            let after_block = set(after);
            let one = Made {
                block,
                certificate,
                after: after_block,
            };
            made.insert(height, one);
            signers = after;
        }
        Self { genesis, made }
    }

    fn headers(&self, up_to: u64) -> Vec<Header> {
        let above = self.made.range(..=up_to).map(|(_, made)| made.block.header);
        [self.genesis.header()].into_iter().chain(above).collect()
    }

    /// All changes below a block.
    fn changes(&self, below: u64) -> Vec<SetChanged> {
        let all: [(u64, &[u8]); 3] = [(APPOINTED, &[3]), (REMOVED, &[]), (6, &[4])];
        let under = all.into_iter().filter(|(at, _)| *at < below);
        under
            .map(|(at, offers)| self.made[&at].change(offers))
            .collect()
    }

    fn slip(&self, height: u64) -> Slip {
        self.slip_by(height, height)
    }

    /// The slip of a block by one above it.
    fn slip_by(&self, height: u64, top: u64) -> Slip {
        let certificate = encode(&self.made[&top].certificate);
        let (block, headers) = (&self.made[&height].block, self.headers(top));
        let changes = self.changes(top);
        Slip::of_votes(&self.genesis, &headers, block, 1, &certificate, changes).unwrap()
    }

    fn verify(&self, slip: &Slip) -> Result<(), SlipError> {
        verify(slip, self.genesis.pool_id()).map(drop)
    }

    /// What is said against the last block's slip once it was changed.
    fn why(&self, change: impl FnOnce(&mut Slip)) -> SlipError {
        let mut slip = self.slip(LAST);
        change(&mut slip);
        self.verify(&slip).unwrap_err()
    }
}

pub(crate) fn join(genesis: &Genesis, who: u8) -> Transaction {
    let name = Name::new(&format!("Player {who}")).unwrap();
    let invitation = None;
    sign(
        genesis.pool_id(),
        who,
        0,
        Action::Join(actions::Join { name, invitation }),
    )
}

fn changes(slip: &mut Slip) -> &mut Vec<SetChanged> {
    slip.changes.as_mut().unwrap()
}

fn block(slip: &mut Slip) -> &mut SignedHeader {
    slip.block.as_mut().unwrap()
}

#[test]
fn each_set_follows_from_the_one_before() {
    let chain = Chain::new();
    for (height, number, validators) in [(1, 0, 2), (3, 0, 2), (4, 1, 3), (5, 2, 2), (7, 3, 3)] {
        let slip = chain.slip(height);
        assert_eq!(Slip::from_json(&slip.to_json()).unwrap(), slip);
        let report = verify(&slip, chain.genesis.pool_id()).unwrap();
        assert_eq!(report.block, chain.made[&height].block.hash());
        let Proven::Votes(proven) = report.proven else {
            panic!("{:?}", report.proven);
        };
        assert_eq!((proven.changes, proven.validators), (number, validators));
        assert_eq!(proven.signers, validators);
    }
}

#[test]
fn a_changed_bit_anywhere_in_the_file_fails() {
    let (pool, text) = pool_and_text(&vectors()["good"]["votes after a change"]);
    no_bit_can_change(pool, &text);
}

#[test]
fn a_changed_bit_anywhere_in_what_it_holds_fails() {
    let chain = Chain::new();
    let parts: [fn(&mut Slip) -> &mut Vec<u8>; 11] = [
        |slip| &mut slip.transaction,
        |slip| &mut slip.path,
        |slip| &mut block(slip).header,
        |slip| &mut block(slip).certificate,
        |slip| &mut changes(slip)[1].block.header,
        |slip| &mut changes(slip)[1].block.certificate,
        |slip| &mut changes(slip)[1].coinbase,
        |slip| &mut changes(slip)[1].path,
        |slip| &mut changes(slip)[1].validators,
        |slip| &mut changes(slip)[2].offers,
        |slip| headers(slip),
    ];
    let mut slip = chain.slip(LAST);
    for (number, part) in parts.into_iter().enumerate() {
        for index in 0..part(&mut slip).len() {
            for bit in 0..8 {
                part(&mut slip)[index] ^= 1 << bit;
                let verdict = chain.verify(&slip);
                assert!(verdict.is_err(), "part {number}, byte {index}, bit {bit}");
                part(&mut slip)[index] ^= 1 << bit;
            }
        }
        let kept = part(&mut slip).pop().unwrap();
        assert!(chain.verify(&slip).is_err(), "part {number}");
        part(&mut slip).extend([kept, 0]);
        assert!(chain.verify(&slip).is_err(), "part {number}");
        part(&mut slip).pop();
    }
    chain.verify(&slip).unwrap();
}

#[test]
fn who_votes_no_more_proves_nothing() {
    let chain = Chain::new();
    // 1 and 2 were the first two, and sign a block of their own.
    let mut forged = chain.made[&LAST].block.clone();
    forged.transactions.pop();
    forged.header.merkle_root = merkle_root(&forged.leaves());
    let changed: Vec<_> = changes(&mut chain.slip(LAST)).clone();
    let slip = |signers: &[u8], changes: &[SetChanged]| {
        let certificate = encode(&certificate(&chain.genesis, &forged, signers));
        let headers = [chain.headers(LAST - 1), vec![forged.header]].concat();
        let changes = changes.to_vec();
        Slip::of_votes(&chain.genesis, &headers, &forged, 0, &certificate, changes).unwrap()
    };
    let error = chain.verify(&slip(&[1, 2], &changed)).unwrap_err();
    let stranger = |height, who| SlipError::Certificate {
        height: Height(height),
        source: CertificateError::Stranger {
            key: validator(who, 0).key,
        },
    };
    assert_eq!(error, stranger(LAST, 1));
    // Two thirds of the weight are not enough, and a change left out lacks its voters.
    let weight = |height, got, total| SlipError::Certificate {
        height: Height(height),
        source: CertificateError::Weight { got, total },
    };
    let error = chain.verify(&slip(&[2, 3], &changed)).unwrap_err();
    assert_eq!(error, weight(LAST, 2, 3));
    let error = chain.verify(&slip(&[2, 3, 4], &changed[1..])).unwrap_err();
    assert_eq!(error, stranger(REMOVED, 3));
    let error = chain.verify(&slip(&[2, 3, 4], &changed[..2])).unwrap_err();
    assert_eq!(error, stranger(LAST, 4));
    // Whoever still is more than two thirds can sign anything: that is the promise, and its limit.
    chain.verify(&slip(&[2, 3, 4], &changed)).unwrap();
}

#[test]
#[allow(clippy::too_many_lines, reason = "some lines for each reason")]
fn reasons() {
    let chain = Chain::new();
    chain.verify(&chain.slip(LAST)).unwrap();
    let why = |change: fn(&mut Slip)| chain.why(change);
    let (third, sixth) = (Height(APPOINTED), Height(6));
    assert_eq!(
        why(|slip| slip.version = 1),
        SlipError::OtherProof {
            got: 1,
            wanted: "2"
        }
    );
    for part in [
        why(|slip| slip.changes = None),
        why(|slip| slip.headers = None),
        why(|slip| slip.tip = Some(BlockHash([0; 32]))),
    ] {
        assert_eq!(part, SlipError::Parts { version: 2 });
    }
    assert_eq!(
        why(|slip| changes(slip).swap(0, 1)),
        SlipError::Certificate {
            height: Height(REMOVED),
            source: CertificateError::Stranger {
                key: validator(3, 0).key
            },
        }
    );
    let doubled = why(|slip| {
        let last = changes(slip)[2].clone();
        changes(slip).push(last);
    });
    assert_eq!(
        doubled,
        SlipError::ChangeVote {
            got: sixth,
            above: sixth,
            below: Height(LAST)
        }
    );
    assert_eq!(why(|slip| slip.height = Height(6)), SlipError::BadPath);
    assert!(matches!(
        why(|slip| slip.height = Height(LAST + 1)),
        SlipError::NoSuchBlock { .. }
    ));
    assert!(matches!(
        why(|slip| changes(slip)[0].offers.push(0)),
        SlipError::OffersEncoding { .. }
    ));
    let many = why(|slip| {
        let one = changes(slip)[0].clone();
        *changes(slip) = vec![one; SLIP_CHANGES_MAX + 1];
    });
    assert_eq!(many, SlipError::TooManyChanges);
    assert_eq!(
        why(|slip| block(slip).header.truncate(79)),
        SlipError::HeaderBytes {
            height: Height(LAST),
            got: 79
        }
    );
    assert!(matches!(
        why(|slip| block(slip).certificate.push(0)),
        SlipError::CertificateEncoding { .. }
    ));
    assert!(matches!(
        why(|slip| changes(slip)[0].coinbase.push(0)),
        SlipError::CoinbaseEncoding { .. }
    ));
    assert!(matches!(
        why(|slip| changes(slip)[0].validators.push(0)),
        SlipError::SetEncoding { .. }
    ));
    assert_eq!(
        why(|slip| changes(slip)[0].path[0] ^= 1),
        SlipError::ChangePath { height: third }
    );
    assert_eq!(
        why(|slip| changes(slip)[0].validators = encode(&set(&[1, 2, 4]))),
        SlipError::OtherSet { height: third }
    );
    assert_eq!(why(|slip| slip.path[0] ^= 1), SlipError::BadPath);
    assert!(matches!(
        why(|slip| slip.position = 0),
        SlipError::Position { got: 0, .. }
    ));
    // The same signatures in another order.
    let reordered = why(|slip| {
        let bytes = &mut block(slip).certificate;
        let (first, second) = (8..104, 104..200);
        let (a, b) = (
            bytes[first.clone()].to_vec(),
            bytes[second.clone()].to_vec(),
        );
        bytes[first].copy_from_slice(&b);
        bytes[second].copy_from_slice(&a);
    });
    assert!(
        matches!(
            reordered,
            SlipError::Form | SlipError::CertificateEncoding { .. }
        ),
        "{reordered}"
    );
}

#[test]
fn a_block_that_changes_nothing_has_no_place_among_the_changes() {
    let chain = Chain::new();
    let mut slip = chain.slip(3);
    let second = &chain.made[&2];
    changes(&mut slip).push(second.change(&[]));
    assert_eq!(
        chain.verify(&slip).unwrap_err(),
        SlipError::NoChange { height: Height(2) }
    );
}
