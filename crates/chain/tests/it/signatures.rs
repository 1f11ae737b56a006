//! Signatures are checked once, and every one of them is.

use bolao_chain::{Input, Request, Response};
use bolao_ledger::{CheckedTransaction, Reason, Transaction};

use crate::pool::{Player, Solo, genesis, peer};

fn joins(solo: &Solo, players: std::ops::Range<u8>) -> Vec<Transaction> {
    let pool = solo.pool();
    let join = |seed| Player::new(seed).join(pool, &format!("Player {seed}"));
    players.map(join).collect()
}

fn spoilt(mut transaction: Transaction) -> Transaction {
    transaction.signature.0[40] ^= 1;
    transaction
}

/// Whether the core took what a peer pushed.
fn push(solo: &mut Solo, transactions: Vec<Transaction>) -> bool {
    let peer = peer("mallory");
    solo.handle(Input::PeerConnected { peer: peer.clone() });
    let request = Request::PushTransactions(transactions);
    let outputs = solo.handle(Input::Request {
        peer,
        token: 1,
        request,
    });
    outputs.iter().any(|output| {
        matches!(
            output,
            bolao_chain::Output::Respond {
                response: Response::Ack,
                ..
            }
        )
    })
}

#[test]
fn a_block_with_what_waits_is_taken() {
    let mut solo = Solo::new();
    let transactions = joins(&solo, 3..6);
    assert!(push(&mut solo, transactions.clone()));
    let mut recipe = solo.on_tip();
    recipe.transactions = transactions;
    solo.give(recipe.mined()).unwrap();
    assert_eq!(solo.core.pending(), 0);
}

#[test]
fn the_body_of_what_waits_with_a_spoilt_signature_is_refused_in_a_block() {
    let mut solo = Solo::new();
    let mut transactions = joins(&solo, 3..6);
    assert!(push(&mut solo, transactions.clone()));
    transactions[1] = spoilt(transactions[1].clone());
    let mut recipe = solo.on_tip();
    recipe.transactions = transactions;
    let block = recipe.mined();
    let refused = solo.give(block).unwrap_err();
    assert_eq!(refused.reason, Reason::BadSignature);
    assert!(refused.message.contains("transaction 1"), "{refused:?}");
}

#[test]
fn one_that_was_never_seen_is_checked_beside_those_that_wait() {
    let mut solo = Solo::new();
    let mut transactions = joins(&solo, 3..6);
    assert!(push(&mut solo, transactions.clone()));
    transactions.extend(joins(&solo, 6..7).into_iter().map(spoilt));
    let mut recipe = solo.on_tip();
    recipe.transactions = transactions;
    let refused = solo.give(recipe.mined()).unwrap_err();
    assert_eq!(refused.reason, Reason::BadSignature);
    assert!(refused.message.contains("transaction 3"), "{refused:?}");
}

#[test]
fn a_push_is_taken_up_to_its_first_bad_signature() {
    let mut solo = Solo::new();
    let mut transactions = joins(&solo, 3..8);
    // The same twice is no fault.
    transactions.insert(1, transactions[0].clone());
    transactions[4] = spoilt(transactions[4].clone());
    assert!(!push(&mut solo, transactions.clone()));
    assert_eq!(solo.blamed().unwrap().reason, Reason::BadSignature);
    assert_eq!(solo.core.pending(), 3);
    let on_disk = solo.core.reader().snapshot().unwrap().pending().unwrap();
    assert_eq!(on_disk, [0, 2, 3].map(|index| transactions[index].clone()));
}

#[test]
fn many_have_the_verdicts_that_each_alone_has() {
    let genesis = genesis();
    let pool = genesis.pool_id();
    let solo = Solo::new();
    let good = joins(&solo, 3..9);
    let no_tips = Player::new(3).sign(pool, 1, bolao_ledger::Action::Bet { tips: Vec::new() });
    let mut mixed = good.clone();
    mixed[2] = spoilt(mixed[2].clone());
    mixed.push(no_tips.clone());
    let mut without_spoilt = good.clone();
    without_spoilt.insert(1, no_tips);
    for transactions in [Vec::new(), good, mixed, without_spoilt] {
        let alone: Vec<Result<CheckedTransaction, _>> = transactions
            .iter()
            .map(|transaction| transaction.clone().check(&genesis, pool))
            .collect();
        assert_eq!(Transaction::check_all(transactions, &genesis, pool), alone);
    }
}
