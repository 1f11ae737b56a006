//! One core, and what others may send it.

use bolao_chain::{
    CertifiedBlock, CoreError, FinalError, Input, Output, Request, Response, Status,
};
use bolao_finality as finality;
use bolao_ledger::{
    AccountId, Block, BlockId, Certificate, Decision, EXTRA_NONCE_BYTES, Genesis, Height,
    MAX_MESSAGE_BYTES, Reason, Signature, StatementKind, ValidatorKey, ValidatorSet, encode,
};
use ed25519_zebra::VerificationKeyBytes;

use super::{config, pool_of, vote};
use crate::pool::{Player, Recipe, START, Solo, peer};

/// The refusal of a block that somebody mined.
pub(crate) fn no_certificate() -> Reason {
    let mut solo = Solo::of(&pool_of(4));
    let miner = Player::new(1).id();
    let template = solo.core.template(solo.now, miner, b"").unwrap();
    let block = template.block(template.header(), [0; EXTRA_NONCE_BYTES]);
    let refused = solo.give(block).unwrap_err();
    assert!(refused.message.contains("validators make the blocks"));
    refused.reason
}

#[test]
fn what_is_mined_is_refused() {
    assert_eq!(no_certificate(), Reason::NoCertificate);
}

fn public(who: usize) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(&vote(who).key).into())
}

fn set_of(genesis: &Genesis) -> ValidatorSet {
    let voting = genesis.consensus.voting().unwrap();
    ValidatorSet::new(voting.validators.clone()).unwrap()
}

fn block(genesis: &Genesis, change: impl FnOnce(&mut Recipe)) -> Block {
    let mut recipe = Recipe::on(genesis.pool_id().into(), 1, 10);
    recipe.bits = genesis.proof().initial_bits().to_consensus();
    recipe.message = set_of(genesis).hash().0.to_vec();
    change(&mut recipe);
    recipe.unmined()
}

/// What the proposer of the first round says, if this is its block.
fn proposal(genesis: &Genesis, proposer: usize, block: &Block) -> Vec<Vec<u8>> {
    let config = finality::Config {
        pool: genesis.pool_id(),
        key: Some(vote(proposer).key),
        voting: genesis.consensus.voting().unwrap().clone(),
        verified: finality::Verified::default(),
    };
    let start = (Height(1), set_of(genesis));
    let (mut liar, _) = finality::Validator::new(config, 0, start, None).unwrap();
    liar.handle(0, finality::Input::Waiting);
    let built = finality::Input::Built {
        height: Height(1),
        round: 0,
        decision: Decision::plain(Height(1), block.hash()),
    };
    let outputs = liar.handle(0, built).into_iter();
    let sent = outputs.filter_map(|output| match output {
        finality::Output::Send(message) => Some(message.encode()),
        _ => None,
    });
    sent.collect()
}

/// What one who is not the proposer prevotes when it is given this block as a proposal.
fn prevote(change: impl FnOnce(&mut Recipe)) -> Option<Decision> {
    let genesis = pool_of(4);
    let first = set_of(&genesis)
        .proposer(genesis.pool_id(), Height(1), 0)
        .key;
    let proposer = (0..4).find(|who| public(*who) == first).unwrap();
    let own = (proposer + 1) % 4;
    let mut solo = Solo::with(&genesis, config(own));
    let block = block(&genesis, change);
    solo.now.unix.0 = START + 10;
    solo.handle(Input::PeerConnected { peer: peer("liar") });
    let push = Request::PushBlock(Box::new(block.clone()));
    let votes = Request::Votes(proposal(&genesis, proposer, &block));
    for request in [push, votes] {
        solo.handle(Input::Request {
            peer: peer("liar"),
            token: 1,
            request,
        });
    }
    let sent = solo.out.iter().find_map(|output| match output {
        Output::SendRequest {
            request: Request::Votes(votes),
            ..
        } => Some(votes),
        _ => None,
    });
    let mut sent = sent.unwrap().iter().flat_map(|bytes| {
        let message = finality::Message::decode(bytes).unwrap();
        message.statements()
    });
    let own = sent.find(|(key, _, _)| *key == public(own));
    let (_, statement, _) = own.unwrap();
    assert_eq!(statement.kind, StatementKind::Prevote);
    statement.decision
}

#[test]
fn a_good_block_gets_its_vote_and_none_that_breaks_a_rule_does() {
    assert!(prevote(|_| {}).is_some());
    let nil = None;
    assert_eq!(prevote(|it| it.message[31] ^= 1), nil);
    assert!(prevote(|it| it.message.push(7)).is_some());
    assert_eq!(prevote(|it| it.height = 2), nil);
    assert_eq!(prevote(|it| it.bits = 0x1d00_ffff), nil);
    // Its signature is good, and its nonce is not the account's next.
    let pool = pool_of(4).pool_id();
    let early = Player::new(3).bet(pool, 7, 1, 1);
    assert_eq!(prevote(|it| it.transactions = vec![early]), nil);
    let mut unsigned = Player::new(3).join(pool, "Anna");
    unsigned.signature.0[3] ^= 1;
    assert_eq!(prevote(|it| it.transactions = vec![unsigned]), nil);
}

#[test]
fn a_block_is_dated_by_no_more_than_clocks_may_differ() {
    let dated = |seconds: u64| prevote(|it| it.time = START + seconds).is_some();
    assert_eq!([4, 5, 15, 16].map(dated), [false, true, true, false]);
}

#[test]
fn a_template_names_who_votes_after_it_and_then_says_what_its_maker_likes() {
    let genesis = pool_of(4);
    let solo = Solo::of(&genesis);
    let words = [b'x'; MAX_MESSAGE_BYTES];
    let template = solo.core.template(solo.now, AccountId([1; 32]), &words);
    let message = template.unwrap().coinbase.message;
    let hash = set_of(&genesis).hash().0;
    assert_eq!(message, [hash, [b'x'; 32]].concat());
}

/// What becomes of a peer that gives this for the first height.
fn given(change: impl FnOnce(&mut Certificate)) -> (u64, bool) {
    let genesis = pool_of(1);
    let mut validator = Solo::with(&genesis, config(0));
    let joined = Player::new(3).join(genesis.pool_id(), "Anna");
    validator.submit(joined).unwrap();
    let snapshot = validator.core.reader().snapshot().unwrap();
    let decided = snapshot.final_at(Height(1)).unwrap().unwrap();
    let mut certificate: Certificate = bolao_ledger::decode(decided.certificate.bytes()).unwrap();
    change(&mut certificate);
    let block = snapshot.block_at(Height(1)).unwrap().unwrap();
    let (mut solo, answer) = asked(&genesis, &[(block, certificate)]);
    solo.handle(answer);
    (solo.core.tip().height.0, solo.blamed().is_some())
}

/// A core that has asked a peer for these blocks, from the first one on, and the answer.
fn asked(genesis: &Genesis, blocks: &[(Block, Certificate)]) -> (Solo, Input) {
    let mut solo = Solo::of(genesis);
    let mallory = peer("mallory");
    solo.handle(Input::PeerConnected {
        peer: mallory.clone(),
    });
    let (last, _) = blocks.last().unwrap();
    let work = blocks.iter().map(|(block, _)| block.header.work());
    let work = work.fold(solo.core.tip().work, |all, work| all + work);
    solo.handle(Input::Request {
        peer: mallory.clone(),
        token: 1,
        request: Request::Status(Status {
            pool: genesis.pool_id(),
            tip: BlockId {
                height: last.coinbase.height,
                hash: last.hash(),
            },
            work,
            time: 0,
            pending_digest: [0; 32],
        }),
    });
    let asked = solo.out.iter().find_map(|output| match output {
        Output::SendRequest {
            id,
            request: Request::Finals { .. },
            ..
        } => Some(*id),
        _ => None,
    });
    let finals = blocks.iter().map(|(block, certificate)| CertifiedBlock {
        block: encode(block),
        certificate: encode(certificate),
    });
    let finals = finals.collect();
    let answer = Input::Response {
        peer: mallory,
        id: asked.unwrap(),
        result: Ok(Response::Finals(finals)),
    };
    (solo, answer)
}

/// What ends a node whose validators have decided a block that does not name them.
pub(crate) fn bad_validators_hash() -> Reason {
    let genesis = pool_of(1);
    let block = block(&genesis, |it| it.message.clear());
    let decision = Decision::plain(Height(1), block.hash());
    let mut certificate = Certificate::default();
    let statement = certificate.statement(Height(1), decision);
    let signature = vote(0)
        .key
        .sign(&statement.signing_bytes(genesis.pool_id()));
    let signature = Signature(signature.to_bytes());
    certificate.signatures.insert(public(0), signature);
    let (mut solo, answer) = asked(&genesis, &[(block, certificate)]);
    match solo.core.handle(solo.now, answer) {
        Err(CoreError::Final(FinalError::Invalid { why, .. })) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn validators_who_decide_a_block_that_does_not_name_them_are_not_followed() {
    assert_eq!(bad_validators_hash(), Reason::BadValidatorsHash);
}

#[test]
fn a_certificate_that_proves_nothing_connects_nothing() {
    assert_eq!(given(|_| {}), (1, false));
    assert_eq!(given(|it| it.round = 1), (0, true));
    assert_eq!(given(|it| it.signatures.clear()), (0, true));
}

const BLOCKS: usize = 6;

/// What becomes of a peer that gives these blocks, each with a player who joins, and the number of writes.
fn given_all(change: impl FnOnce(&mut Vec<(Block, Certificate)>)) -> (u64, Option<Reason>, u64) {
    let genesis = pool_of(1);
    let mut validator = Solo::with(&genesis, config(0));
    for who in 1..=u8::try_from(BLOCKS).unwrap() {
        let joined = Player::new(who).join(genesis.pool_id(), &format!("Player {who}"));
        validator.submit(joined).unwrap();
    }
    let snapshot = validator.core.reader().snapshot().unwrap();
    let blocks = (1..=BLOCKS as u64).map(|height| {
        let decided = snapshot.final_at(Height(height)).unwrap().unwrap();
        let certificate = bolao_ledger::decode(decided.certificate.bytes()).unwrap();
        let block = snapshot.block_at(Height(height)).unwrap().unwrap();
        (block, certificate)
    });
    let mut blocks = blocks.collect();
    change(&mut blocks);
    let (mut solo, answer) = asked(&genesis, &blocks);
    let reader = solo.core.reader();
    let before = reader.version().write;
    solo.handle(answer);
    let blamed = solo.blamed().map(|it| it.reason);
    let tip = solo.core.tip();
    let snapshot = reader.snapshot().unwrap();
    let last = snapshot.last_final().unwrap().map(|last| last.height);
    assert_eq!(last.unwrap_or_default(), tip.height);
    (tip.height.0, blamed, reader.version().write - before)
}

#[test]
fn the_blocks_of_an_answer_are_one_write() {
    assert_eq!(given_all(|_| {}), (6, None, 1));
}

/// Those below are taken, and who gave it hears of the first that is not good.
#[test]
fn a_block_of_an_answer_that_is_not_good_ends_it() {
    let reached = |height, reason, change: fn(&mut Vec<(Block, Certificate)>)| {
        let (tip, blamed, _) = given_all(change);
        assert_eq!((tip, blamed), (height, Some(reason)));
    };
    reached(3, Reason::NoCertificate, |blocks| {
        let signature = blocks[3].1.signatures.values_mut().next().unwrap();
        signature.0[1] ^= 1;
        // What comes behind it is not looked at.
        blocks[5].1.signatures.clear();
    });
    reached(0, Reason::NoCertificate, |blocks| {
        blocks[0].1.signatures.clear();
    });
    reached(4, Reason::NoCertificate, |blocks| {
        let other = blocks[3].1.clone();
        blocks[4].1 = other;
    });
    reached(2, Reason::BadMerkleRoot, |blocks| {
        blocks[2].0.transactions[0].signature.0[0] ^= 1;
    });
}

#[test]
fn what_is_not_the_next_block_of_an_answer_is_left_out() {
    // A gap: what is behind it comes with the next answer.
    let (tip, blamed, _) = given_all(|blocks| {
        blocks.remove(2);
    });
    assert_eq!((tip, blamed), (2, None));
    let (tip, blamed, _) = given_all(|blocks| {
        let first = blocks[0].clone();
        blocks.insert(4, first);
    });
    assert_eq!((tip, blamed), (6, None));
}
