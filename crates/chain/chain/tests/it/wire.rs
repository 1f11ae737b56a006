//! The messages between nodes.

use bolao_chain::{
    CertifiedBlock, MAX_BLOCKS, MAX_HEADERS, MAX_KEPT, MAX_KEPT_IDS, MAX_LOCATOR,
    MAX_RESPONSE_BYTES, MAX_SAID, MAX_SAID_BYTES, MAX_VOTES, Pass, Question, Request, Response,
    Said, Status, TicketProof, Told, serve,
};
use bolao_ledger::{
    BlockHash, BlockId, Height, MatchNo, Ticket, TxId, UnixSeconds, ValidatorKey, decode, encode,
};
use bolao_openings::{Deal, DealBody, Kept};
use borsh::BorshDeserialize;
use proptest::prelude::*;

use crate::pool::{Player, Solo, chain, genesis};

fn kept() -> Kept {
    let body = DealBody {
        account: Player::new(3).id(),
        match_no: MatchNo(5),
        commitment: [6; 32],
        round: 7,
        handed: Vec::new(),
    };
    let signature = Player::new(3).sign_bytes(b"");
    Deal { body, signature }.into()
}

fn said(bytes: usize) -> Said {
    Said {
        account: Player::new(3).id(),
        time: UnixSeconds(7),
        text: vec![b'x'; bytes],
        signature: Player::new(3).sign_bytes(b""),
    }
}

fn status() -> Status {
    let pool = genesis().pool_id();
    let block = chain(pool.into(), 1, 10, 1, 1).remove(0);
    Status {
        pool,
        tip: BlockId {
            height: Height(1),
            hash: block.hash(),
        },
        work: block.header.work(),
        time: 2,
        pending_digest: [3; 32],
    }
}

fn pass() -> Pass {
    let signature = Player::new(3).sign_bytes(b"");
    Pass {
        time: UnixSeconds(7),
        signature,
        invited: Some(TicketProof {
            ticket: Ticket {
                key: Player::new(4).id(),
                uses: 5,
                expires: UnixSeconds(6),
            },
            organiser_signature: signature,
            signature,
        }),
    }
}

fn requests() -> Vec<Request> {
    let pool = genesis().pool_id();
    let block = chain(pool.into(), 1, 10, 1, 1).remove(0);
    vec![
        Request::Status(status()),
        Request::Headers {
            locator: vec![block.hash(); MAX_LOCATOR],
            limit: 5,
        },
        Request::Blocks {
            hashes: vec![block.hash(); MAX_BLOCKS],
        },
        Request::PendingIds {},
        Request::Transactions {
            ids: vec![TxId([1; 32])],
        },
        Request::PushTransactions(vec![Player::new(3).join(pool, "Anna")]),
        Request::PushBlock(Box::new(block)),
        Request::Votes(vec![vec![7; 300]; MAX_VOTES]),
        Request::Finals { from: Height(3) },
        Request::KeptIds { after: None },
        Request::KeptIds {
            after: Some(kept().seal()),
        },
        Request::Kept {
            seals: vec![kept().seal(); MAX_KEPT],
        },
        Request::PushKept(vec![kept(); MAX_KEPT]),
        Request::Told(Question {
            by: ValidatorKey([8; 32]),
            number: Height(9),
            nonce: [1; 32],
        }),
        Request::Said {},
        Request::Pass(pass()),
    ]
}

fn responses() -> Vec<Response> {
    let block = chain(genesis().pool_id().into(), 1, 10, 1, 1).remove(0);
    vec![
        Response::Status(status()),
        Response::Headers(vec![block.header; MAX_HEADERS]),
        Response::Blocks(vec![encode(&block); 3]),
        Response::PendingIds(vec![TxId([1; 32])]),
        Response::Transactions(vec![Player::new(3).join(genesis().pool_id(), "Anna")]),
        Response::Finals(vec![
            CertifiedBlock {
                block: encode(&block),
                certificate: vec![7; 300],
            };
            MAX_BLOCKS
        ]),
        Response::Ack,
        Response::Refused,
        Response::Known,
        Response::KeptIds(vec![(kept().seal(), [4; 32]); MAX_KEPT_IDS]),
        Response::Kept(vec![kept(); MAX_KEPT]),
        Response::Told(Told {
            messages: vec![vec![7; 300]],
            signed: None,
        }),
        Response::Said(vec![said(MAX_SAID_BYTES); MAX_SAID]),
        Response::PassNeeded,
    ]
}

/// The first bytes of all kinds of a message, as its decoder has them.
fn kinds<T: BorshDeserialize>() -> Vec<u8> {
    let is_kind = |kind: &u8| {
        let error = decode::<T>(&[*kind]).err();
        error.is_none_or(|it| !it.to_string().contains("Unexpected variant tag"))
    };
    (0..=u8::MAX).filter(is_kind).collect()
}

fn first_bytes<'a>(all: impl Iterator<Item = &'a Vec<u8>>) -> Vec<u8> {
    let mut firsts: Vec<u8> = all.map(|bytes| bytes[0]).collect();
    firsts.sort_unstable();
    firsts.dedup();
    firsts
}

fn tells_of(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|part| part == what)
}

/// The kinds of messages are found in the decoder: one that has no example here fails.
#[test]
fn whatever_its_kind_no_message_tells_a_stranger_of_the_pool() {
    let requests: Vec<Vec<u8>> = requests().iter().map(encode).collect();
    assert_eq!(first_bytes(requests.iter()), kinds::<Request>());
    let responses: Vec<Vec<u8>> = responses().iter().map(encode).collect();
    assert_eq!(first_bytes(responses.iter()), kinds::<Response>());
    assert!(kinds::<Request>().len() > 10 && kinds::<Response>().len() > 10);

    let asked = requests.iter().filter_map(|bytes| {
        let request = decode::<Request>(bytes).unwrap();
        request.for_stranger().map(|it| encode(&it))
    });
    let answered = responses.iter().map(|bytes| {
        let response = decode::<Response>(bytes).unwrap();
        encode(&response.for_stranger())
    });
    let secrets = [
        b"Anna".to_vec(),
        Player::new(3).id().0.to_vec(),
        status().pending_digest.to_vec(),
    ];
    for message in asked.chain(answered) {
        for secret in &secrets {
            assert!(!tells_of(&message, secret), "kind {}", message[0]);
        }
    }
    // Of what is answered nothing is longer than its kind.
    for response in responses {
        let response = decode::<Response>(&response).unwrap();
        assert_eq!(encode(&response.for_stranger()).len(), 1);
    }
}

#[test]
fn requests_there_and_back() {
    for request in requests() {
        let mut bytes = encode(&request);
        assert_eq!(decode::<Request>(&bytes).unwrap(), request);
        bytes.push(0);
        assert!(decode::<Request>(&bytes).is_err(), "trailing byte");
    }
}

#[test]
fn responses_there_and_back() {
    for response in responses() {
        let bytes = encode(&response);
        assert_eq!(decode::<Response>(&bytes).unwrap(), response);
    }
}

#[test]
fn lists_are_bounded() {
    let locator = vec![BlockHash::default(); MAX_LOCATOR + 1];
    let request = Request::Headers { locator, limit: 1 };
    assert!(decode::<Request>(&encode(&request)).is_err());
    let hashes = vec![BlockHash::default(); MAX_BLOCKS + 1];
    assert!(decode::<Request>(&encode(&Request::Blocks { hashes })).is_err());
    let header = genesis().header();
    let response = Response::Headers(vec![header; MAX_HEADERS + 1]);
    assert!(decode::<Response>(&encode(&response)).is_err());
    let seals = vec![kept().seal(); MAX_KEPT + 1];
    assert!(decode::<Request>(&encode(&Request::Kept { seals })).is_err());
    let request = Request::PushKept(vec![kept(); MAX_KEPT + 1]);
    assert!(decode::<Request>(&encode(&request)).is_err());
    for said in [vec![said(1); MAX_SAID + 1], vec![said(MAX_SAID_BYTES + 1)]] {
        assert!(decode::<Response>(&encode(&Response::Said(said))).is_err());
    }
    let response = Response::Blocks(vec![Vec::new(); MAX_BLOCKS + 1]);
    assert!(decode::<Response>(&encode(&response)).is_err());
}

#[test]
fn an_answer_ends_where_it_would_become_too_long() {
    let mut solo = Solo::new();
    let hashes: Vec<BlockHash> = (0..5).map(|_| solo.mine().hash()).collect();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let size = snapshot.block_bytes(&hashes[0]).unwrap().unwrap().len();
    let answer = |max_response_bytes, hashes: &[BlockHash]| {
        let hashes = hashes.to_vec();
        match serve(&snapshot, &Request::Blocks { hashes }, max_response_bytes).unwrap() {
            Response::Blocks(blocks) => blocks.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(answer(1 << 20, &hashes), 5);
    assert_eq!(answer(64 + 2 * (size + 4), &hashes), 2);
    assert_eq!(answer(0, &hashes), 1, "one is sent however long");
    let unknown = [hashes[0], BlockHash([9; 32]), hashes[1]];
    assert_eq!(answer(1 << 20, &unknown), 1);
}

#[test]
fn headers_follow_the_last_common_block() {
    let mut solo = Solo::new();
    let hashes: Vec<BlockHash> = (0..5).map(|_| solo.mine().hash()).collect();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let locator = vec![BlockHash([9; 32]), hashes[2], solo.pool().into()];
    let request = Request::Headers { locator, limit: 9 };
    let response = serve(&snapshot, &request, MAX_RESPONSE_BYTES).unwrap();
    let Response::Headers(headers) = response else {
        panic!("{response:?}");
    };
    let got: Vec<BlockHash> = headers.iter().map(bolao_ledger::Header::hash).collect();
    assert_eq!(got, hashes[3..]);
}

proptest! {
    #[test]
    fn garbage_is_an_error_or_canonical(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(request) = decode::<Request>(&bytes) {
            prop_assert_eq!(encode(&request), bytes.clone());
        }
        if let Ok(response) = decode::<Response>(&bytes) {
            prop_assert_eq!(encode(&response), bytes);
        }
    }
}
