//! Signatures are checked once, and every one of them is.

use bolao_chain::{Input, Output, Request, Response, Submission};
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
    let no_tips = Player::new(3).sign(
        pool,
        1,
        bolao_ledger::Action::Bet(bolao_ledger::actions::Bet { bets: Vec::new() }),
    );
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

/// What each of some transactions is answered, and how many the core holds then.
fn answers(solo: &mut Solo, inputs: Vec<Input>) -> (Vec<(u64, Option<Reason>)>, usize) {
    let mut answers = Vec::new();
    for input in inputs {
        answers.extend(solo.handle(input).iter().filter_map(|output| match output {
            Output::Reply { token, result } => {
                Some((*token, result.as_ref().err().map(|it| it.reason)))
            }
            _ => None,
        }));
    }
    answers.sort_unstable_by_key(|(token, _)| *token);
    (answers, solo.core.pending())
}

#[test]
fn transactions_submitted_together_are_answered_as_one_after_the_other() {
    let (mut alone, mut together) = (Solo::new(), Solo::new());
    let (pool, anna) = (alone.pool(), Player::new(9));
    let mut transactions = joins(&alone, 3..6);
    let (first, taken) = (transactions[0].clone(), anna.join(pool, "Player 4"));
    transactions.extend([
        spoilt(first.clone()),
        first,
        taken,
        anna.join(pool, "Anna"),
        anna.bet(pool, 2, 1, 1),
        spoilt(anna.bet(pool, 1, 1, 1)),
        anna.bet(pool, 1, 1, 1),
        anna.bet(pool, 1, 2, 1),
        anna.bet(pool, 900, 2, 1),
    ]);
    let submissions = (0..).zip(transactions);
    let one_by_one = submissions.clone();
    let one_by_one = one_by_one.map(|(token, transaction)| Input::submit(token, transaction));
    let wanted = answers(&mut alone, one_by_one.collect());
    let submissions = submissions.map(|(token, transaction)| Submission { token, transaction });
    let input = Input::Submit(submissions.collect());
    assert_eq!(answers(&mut together, vec![input]), wanted);
    let refused: Vec<_> = wanted.0.iter().filter_map(|(_, reason)| *reason).collect();
    assert_eq!(
        refused,
        [
            Reason::AlreadyKnown,
            Reason::AlreadyKnown,
            Reason::NameTaken,
            Reason::BadSignature,
            Reason::NoncePending,
            Reason::BadNonce,
        ]
    );
    // All of them are on the disk.
    let snapshot = together.core.reader().snapshot().unwrap();
    assert_eq!(snapshot.pending().unwrap().len(), wanted.1);
}
