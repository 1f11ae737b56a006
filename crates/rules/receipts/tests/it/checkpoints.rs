//! Receipts of pools in which validators make blocks of work final.

use std::collections::BTreeMap;

use bolao_headers::{HeaderChain, HeaderError};
use bolao_ledger::{
    Block, Certificate, CertificateError, Coinbase, Conflict, Consensus, Decided, Decision,
    Genesis, Header, Height, Hybrid, TargetRule, UnixSeconds, encode, merkle_root,
};
use bolao_receipts::{
    Proof, ProofError, Proven, ProvenVotes, SLIP_CHANGES_MAX, SetChanged, SignedHeader, Slip,
    SlipError, verify,
};

use crate::{
    headers,
    votes::{account, join, offer_in, pos_genesis, precommit, set, validator},
};

/// Which block each vote decided, from vote 1 on.
const CHECKPOINTS: [u64; 4] = [2, 5, 6, 8];
const LAST: u64 = 9;

/// Who votes after a block: 3 is appointed by block 3, which is no checkpoint, and 1 removed by block 6, which is one.
fn after(height: u64) -> &'static [u8] {
    match height {
        0..3 => &[1, 2],
        3..6 => &[1, 2, 3],
        _ => &[2, 3],
    }
}

struct Chain {
    genesis: Genesis,
    blocks: BTreeMap<u64, Block>,
}

impl Chain {
    fn new() -> Self {
        Self::varied(0)
    }

    /// Another chain for each number.
    fn varied(variant: u8) -> Self {
        let genesis = Genesis {
            target: TargetRule::Fixed { zero_bits: 1 },
            consensus: Consensus::Hybrid(Hybrid::appointed([validator(1, 1), validator(2, 1)])),
            ..pos_genesis()
        };
        genesis.check().unwrap();
        let mut headers = HeaderChain::of_genesis(&genesis);
        let mut blocks = BTreeMap::new();
        for height in 1..=LAST {
            // Block 4 says an earlier time than the one below it.
            let seconds = if height == 4 { 25 } else { 10 * height };
            let time = u32::try_from(genesis.created.0 + seconds).unwrap();
            let bits = headers.next_bits(&genesis, UnixSeconds(time.into()));
            let coinbase = Coinbase {
                height: Height(height),
                miner: account(1),
                message: [set(after(height)).hash().0.as_slice(), &[variant]].concat(),
                extra_nonce: [0; 16],
            };
            let players = u8::try_from(10 * height).unwrap()..;
            let joins = players.take(3).map(|who| join(&genesis, who));
            let mut block = Block {
                header: Header {
                    version: 1,
                    previous: headers.tip().hash,
                    merkle_root: [0; 32],
                    time,
                    bits: bits.to_consensus(),
                    nonce: 0,
                },
                coinbase,
                transactions: joins.collect(),
            };
            block.header.merkle_root = merkle_root(&block.leaves());
            while !block.header.meets_own_target() {
                block.header.nonce += 1;
            }
            headers.push(headers.check(&genesis, &block.header).unwrap());
            blocks.insert(height, block);
        }
        Self { genesis, blocks }
    }

    fn headers(&self, up_to: u64) -> Vec<Header> {
        let above = self.blocks.range(..=up_to).map(|(_, block)| block.header);
        [self.genesis.header()].into_iter().chain(above).collect()
    }

    fn decided(&self, number: u64, height: u64, signers: &[u8]) -> Decided {
        let decision = Decision::plain(Height(height), self.blocks[&height].hash());
        Decided {
            height: Height(number),
            decision,
            certificate: precommit(&self.genesis, Height(number), decision, signers),
        }
    }

    /// Who votes on a checkpoint: those as of the one before.
    fn voters(number: u64) -> &'static [u8] {
        let before = usize::try_from(number).unwrap().checked_sub(2);
        after(before.map_or(0, |place| CHECKPOINTS[place]))
    }

    fn checkpoint(&self, number: u64) -> Decided {
        let place = usize::try_from(number).unwrap() - 1;
        self.decided(number, CHECKPOINTS[place], Self::voters(number))
    }

    fn change(&self, number: u64) -> SetChanged {
        let decided = self.checkpoint(number);
        let height = decided.decision.height.0;
        let block = &self.blocks[&height];
        // 3 is the only one whom genesis does not name.
        let offers: Vec<_> = match number {
            2 => vec![offer_in(&self.genesis, 3)],
            _ => Vec::new(),
        };
        SetChanged::new(block, &encode(&decided), &set(after(height)), &offers)
    }

    /// All changes by votes below a number.
    fn changes(&self, below: u64) -> Vec<SetChanged> {
        let numbers = [2, 3].into_iter().filter(|number| *number < below);
        numbers.map(|number| self.change(number)).collect()
    }

    fn slip_by(&self, height: u64, decided: &Decided, changes: Vec<SetChanged>) -> Slip {
        let headers = self.headers(decided.decision.height.0);
        let (block, certificate) = (&self.blocks[&height], encode(decided));
        Slip::of_votes(&self.genesis, &headers, block, 1, &certificate, changes).unwrap()
    }

    fn slip(&self, height: u64) -> Slip {
        let number = (1..).zip(CHECKPOINTS).find(|(_, at)| *at >= height);
        let (number, _) = number.unwrap();
        self.slip_by(height, &self.checkpoint(number), self.changes(number))
    }

    fn proven(&self, slip: &Slip) -> Result<ProvenVotes, SlipError> {
        let slip = Slip::from_json(&slip.to_json())?;
        match verify(&slip, self.genesis.pool_id())?.proven {
            Proven::Votes(proven) => Ok(proven),
            other => panic!("{other:?}"),
        }
    }

    /// What is said against the slip of block 7 once it was changed.
    fn why(&self, change: impl FnOnce(&mut Slip)) -> SlipError {
        let mut slip = self.slip(7);
        change(&mut slip);
        self.proven(&slip).unwrap_err()
    }
}

fn changes(slip: &mut Slip) -> &mut Vec<SetChanged> {
    slip.changes.as_mut().unwrap()
}

fn block(slip: &mut Slip) -> &mut SignedHeader {
    slip.block.as_mut().unwrap()
}

fn stranger(height: u64, who: u8) -> SlipError {
    SlipError::Certificate {
        height: Height(height),
        source: CertificateError::Stranger {
            key: validator(who, 0).key,
        },
    }
}

#[test]
fn the_first_checkpoint_above_makes_a_block_final() {
    let chain = Chain::new();
    for (height, signed, changes, validators) in [
        (1, 2, 0, 2),
        (2, 2, 0, 2),
        (3, 5, 0, 2),
        (4, 5, 0, 2),
        (6, 6, 1, 3),
        (7, 8, 2, 2),
        (8, 8, 2, 2),
    ] {
        let slip = chain.slip(height);
        let proven = chain.proven(&slip).unwrap();
        assert_eq!(proven.signed, Height(signed), "block {height}");
        assert_eq!((proven.changes, proven.validators), (changes, validators));
        assert_eq!((proven.signers, proven.contested), (validators, false));
        let report = verify(&slip, chain.genesis.pool_id()).unwrap();
        assert_eq!(report.block, chain.blocks[&height].hash());
    }
    // The pool's time does not go back with block 4's.
    let report = verify(&chain.slip(4), chain.genesis.pool_id()).unwrap();
    let created = chain.genesis.created.0;
    assert_eq!(
        (report.time.0, report.clock.0),
        (created + 25, created + 30)
    );
}

#[test]
fn a_block_that_is_not_final_yet_has_its_work() {
    let chain = Chain::new();
    let headers = chain.headers(LAST);
    let slip = Slip::of_work(&chain.genesis, &headers, &chain.blocks[&LAST], 1).unwrap();
    let report = verify(&slip, chain.genesis.pool_id()).unwrap();
    assert!(matches!(report.proven, Proven::Work(_)));
    assert_eq!(
        chain.why(|slip| slip.version = 2),
        SlipError::OtherProof {
            got: 2,
            wanted: "1 or 3"
        }
    );
    for part in [
        chain.why(|slip| slip.headers = None),
        chain.why(|slip| slip.block = None),
        chain.why(|slip| slip.changes = None),
        chain.why(|slip| slip.tip = Some(chain.blocks[&8].hash())),
    ] {
        assert_eq!(part, SlipError::Parts { version: 3 });
    }
}

#[test]
fn a_changed_bit_anywhere_in_the_file_fails() {
    let chain = Chain::new();
    let text = chain.slip(6).to_json();
    for index in 0..text.len() {
        let mut bytes = text.as_bytes().to_vec();
        bytes[index] ^= 1 << (index % 8);
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        let slip = Slip::from_json(&changed);
        let verdict = slip.and_then(|slip| verify(&slip, chain.genesis.pool_id()));
        assert!(verdict.is_err(), "byte {index}: {changed}");
    }
}

#[test]
fn who_votes_no_more_or_not_yet_proves_nothing() {
    let chain = Chain::new();
    let why = |number, height, signers: &[u8], changes: &[SetChanged]| {
        let decided = chain.decided(number, height, signers);
        let slip = chain.slip_by(7, &decided, changes.to_vec());
        chain.proven(&slip).unwrap_err()
    };
    let all = chain.changes(4);
    assert_eq!(why(4, 8, &[1, 2], &all), stranger(8, 1));
    assert_eq!(
        why(4, 8, &[2], &all),
        SlipError::Certificate {
            height: Height(8),
            source: CertificateError::Weight { got: 1, total: 2 },
        }
    );
    // A change left out lacks its voters: those whom the next one names, and those who signed the block.
    assert_eq!(why(4, 8, &[2, 3], &all[1..]), stranger(6, 3));
    assert_eq!(why(4, 8, &[2, 3], &[]), stranger(8, 3));
    // All three of the set in between are still not the two who vote.
    assert_eq!(why(4, 8, &[1, 2, 3], &all), stranger(8, 1));
}

#[test]
fn a_certificate_counts_for_its_own_vote_and_block_alone() {
    let chain = Chain::new();
    let all = chain.changes(4);
    // Signed as vote 4, said to be of vote 5.
    let mut decided = chain.checkpoint(4);
    decided.height = Height(5);
    assert!(matches!(
        chain.proven(&chain.slip_by(7, &decided, all.clone())),
        Err(SlipError::Certificate {
            source: CertificateError::Signature { .. },
            ..
        })
    ));
    // Marked as contested, which nobody signed.
    let mut decided = chain.checkpoint(4);
    decided.decision.contested = true;
    assert!(matches!(
        chain.proven(&chain.slip_by(7, &decided, all.clone())),
        Err(SlipError::Certificate {
            source: CertificateError::Signature { .. },
            ..
        })
    ));
    // Of a block that is not the last header.
    let decided = chain.checkpoint(4);
    let other = chain.why(|slip| {
        let header = block(slip).header.clone();
        *block(slip) = SignedHeader {
            header,
            certificate: encode(&chain.checkpoint(3)),
        };
    });
    assert_eq!(
        other,
        SlipError::OtherDecision {
            height: Height(8),
            hash: decided.decision.hash,
            got: chain.checkpoint(3).decision,
        }
    );
    // Of a height that the headers do not have.
    let mut higher = decided.clone();
    higher.decision.block.height = Height(9);
    higher.certificate = precommit(&chain.genesis, higher.height, higher.decision, &[2, 3]);
    let error = chain.why(|slip| block(slip).certificate = encode(&higher));
    assert!(matches!(error, SlipError::OtherDecision { .. }), "{error}");
}

#[test]
fn a_contested_decision_is_told() {
    let chain = Chain::new();
    let mut decided = chain.checkpoint(4);
    decided.decision.contested = true;
    decided.certificate = precommit(&chain.genesis, Height(4), decided.decision, &[2, 3]);
    let slip = chain.slip_by(7, &decided, chain.changes(4));
    assert!(chain.proven(&slip).unwrap().contested);
}

#[test]
fn the_headers_are_one_chain_up_to_the_certificate() {
    let chain = Chain::new();
    let length = headers(&mut chain.slip(7)).len();
    let at = |height: usize| length / 8 * (height - 1);
    let short = chain.why(|slip| headers(slip).truncate(at(8)));
    assert!(matches!(short, SlipError::OtherTip { .. }), "{short}");
    let left_out = chain.why(|slip| drop(headers(slip).drain(at(3)..at(4))));
    assert!(
        matches!(
            left_out,
            SlipError::Header { .. } | SlipError::OtherTip { .. }
        ),
        "{left_out}"
    );
    let torn = chain.why(|slip| headers(slip).truncate(at(8) + 40));
    assert_eq!(torn, SlipError::TornHeader { height: Height(8) });
    // One for which no work was done.
    let lazy = (0..=u8::MAX).find_map(|nonce| {
        let error = |slip: &mut Slip| headers(slip)[at(8) + 36] = nonce;
        let mut slip = chain.slip(7);
        error(&mut slip);
        match chain.proven(&slip) {
            Err(SlipError::Header {
                height,
                source: HeaderError::HighHash { .. },
            }) => Some(height),
            _ => None,
        }
    });
    assert_eq!(lazy, Some(Height(8)));
    let above = chain.why(|slip| slip.height = Height(9));
    assert!(matches!(above, SlipError::NoSuchBlock { .. }), "{above}");
    assert_eq!(
        chain.why(|slip| slip.height = Height(6)),
        SlipError::BadPath
    );
    let short = chain.why(|slip| block(slip).header.truncate(79));
    let (height, got) = (Height(8), 79);
    assert_eq!(short, SlipError::HeaderBytes { height, got });
}

/// Those who voted first sign a checkpoint of their own branch, which names others: good as it is, and of no use in another
/// chain.
#[test]
fn changes_are_of_the_slips_own_chain_and_in_order() {
    let (chain, other) = (Chain::new(), Chain::varied(1));
    assert_eq!(chain.genesis, other.genesis);
    let foreign = chain.why(|slip| changes(slip)[0] = other.change(2));
    assert_eq!(foreign, SlipError::ChangeElsewhere { height: Height(5) });
    assert_eq!(chain.why(|slip| changes(slip).swap(0, 1)), stranger(6, 3));
    let order = |got, above, below| SlipError::ChangeVote {
        got: Height(got),
        above: Height(above),
        below: Height(below),
    };
    let twice = chain.why(|slip| {
        let last = changes(slip)[1].clone();
        changes(slip).push(last);
    });
    assert_eq!(twice, order(3, 3, 4));
    let slip = chain.slip_by(6, &chain.checkpoint(3), chain.changes(4));
    assert_eq!(chain.proven(&slip).unwrap_err(), order(3, 2, 3));
    // A checkpoint that changes nothing has no place.
    let first = chain.checkpoint(1);
    let none = SetChanged::new(
        &chain.blocks[&2],
        &encode(&first),
        &set(&[1, 2]),
        &Vec::new(),
    );
    let error = chain.why(|slip| changes(slip).insert(0, none));
    assert_eq!(error, SlipError::NoChange { height: Height(2) });
    // Its coinbase says who votes, and is the block's.
    let (fifth, others) = (Height(5), encode(&set(&[1, 2, 4])));
    let error = chain.why(|slip| changes(slip)[0].validators = others);
    assert_eq!(error, SlipError::OtherSet { height: fifth });
    let error = chain.why(|slip| changes(slip)[0].path[0] ^= 1);
    assert_eq!(error, SlipError::ChangePath { height: fifth });
    let error = chain.why(|slip| changes(slip)[0].coinbase = encode(&chain.blocks[&6].coinbase));
    assert!(matches!(error, SlipError::OtherDecision { .. }), "{error}");
    let many = chain.why(|slip| {
        let one = changes(slip)[0].clone();
        *changes(slip) = vec![one; SLIP_CHANGES_MAX + 1];
    });
    assert_eq!(many, SlipError::TooManyChanges);
}

/// Two blocks of one vote, and how the validators came to be.
fn histories(chain: &Chain, number: u64, changes: Vec<SetChanged>) -> Result<usize, ProofError> {
    let (first, second) = (chain.checkpoint(number), Chain::varied(1));
    let second = second.decided(number, 7, Chain::voters(number));
    let by =
        |decided: Decided| -> (Decision, Certificate) { (decided.decision, decided.certificate) };
    let conflict = Conflict {
        height: Height(number),
        first: by(first),
        second: by(second),
    };
    let proof = Proof::of_histories(&chain.genesis, &conflict, changes);
    let report = Proof::from_json(&proof.to_json())?.verify(chain.genesis.pool_id())?;
    assert_eq!(report.height, Height(number));
    Ok(report.signed_both.len())
}

#[test]
fn who_signed_two_histories_is_named_whoever_voted_first() {
    let chain = Chain::new();
    for (number, signed_both) in [(1, 2), (2, 2), (3, 3), (4, 2)] {
        let changes = chain.changes(number);
        assert_eq!(histories(&chain, number, changes), Ok(signed_both));
    }
    // Without the changes, or with one of a vote that comes later, nobody is.
    let error = histories(&chain, 4, chain.changes(3)).unwrap_err();
    assert_eq!(error, ProofError::NoConflict);
    let error = histories(&chain, 3, chain.changes(4)).unwrap_err();
    assert!(matches!(error, ProofError::Validators { .. }), "{error}");
}
