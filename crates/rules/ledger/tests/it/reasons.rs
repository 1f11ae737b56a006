//! Every reason that the ledger gives, provoked; and what is allowed right beside it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod playing;
mod voting;

use std::collections::BTreeSet;

use bolao_ledger::{
    Block, BlockContext, BlockError, Coinbase, Height, Ledger, MAX_BETS, Overlay, PoolId, Reason,
    RuleError, Transaction, UnixSeconds, decode, encode, merkle_root,
    table::{TotalsTable, key_bytes},
};

use crate::game::{Game, ORGANISER, START, fixture, genesis, many_bets, sign, tip};

/// What the chain, the mempool and the API raise; their crates provoke it.
const ELSEWHERE: &[Reason] = &[
    Reason::BadEncoding,
    Reason::MisleadingName,
    Reason::BetAfterKickoff,
    Reason::OpeningTooLate,
    Reason::HighHash,
    Reason::BadTarget,
    Reason::TimeTooOld,
    Reason::TimeTooNew,
    Reason::InvalidAncestor,
    Reason::KnownInvalid,
    Reason::WeakBranch,
    Reason::AgainstFinal,
    Reason::NoCertificate,
    Reason::UnknownParent,
    Reason::AlreadyKnown,
    Reason::NoncePending,
    Reason::TooManyPending,
    Reason::MempoolFull,
];

/// Plays a block that must be refused, whole, and says why. The transaction that is refused leaves no trace of its own.
fn refused(mut game: Game, transactions: Vec<Transaction>) -> Reason {
    let before = game.state.clone();
    let reason = game.play(transactions.clone()).unwrap_err();
    assert_eq!(game.state, before);
    leaves_no_trace(&game, transactions);
    reason
}

fn leaves_no_trace(game: &Game, transactions: Vec<Transaction>) {
    let ledger = Ledger::new(&game.genesis);
    let context = BlockContext {
        height: game.height,
        time: UnixSeconds(game.time),
    };
    let mut overlay = Overlay::new(&game.state);
    ledger.begin_block(&mut overlay, context).unwrap();
    for transaction in transactions {
        let Ok(checked) = transaction.check(&game.genesis, game.pool) else {
            return;
        };
        let before = overlay.clone().into_delta();
        if ledger
            .apply_transaction(&mut overlay, context, &checked)
            .is_err()
        {
            assert_eq!(overlay.into_delta(), before);
            return;
        }
    }
}

fn refused_block(mut game: Game, block: Block) -> Reason {
    game.play_block(block).unwrap_err()
}

pub(crate) type Provoked = (Reason, &'static str, fn() -> Reason);

const PROVOKED: &[Provoked] = &[
    (Reason::UnknownAction, "a byte that is kept", || {
        let mut bytes = encode(&Game::joined(1).bet(1, 1, &[tip(1, 0)]));
        bytes[40] = 254;
        decode::<Transaction>(&bytes).unwrap_err().reason()
    }),
    (Reason::BadSignature, "altered signature", || {
        let game = Game::new();
        let mut join = game.join(2, 0, "Ana");
        join.signature.0[40] ^= 1;
        refused(game, vec![join])
    }),
    (
        Reason::WeakKey,
        "the identity as a key, with a signature that fits every message",
        || {
            let game = Game::new();
            let mut join = game.join(2, 0, "Anybody");
            let mut identity = [0; 32];
            identity[0] = 1;
            join.body.account = bolao_ledger::AccountId(identity);
            join.signature.0 = [0; 64];
            join.signature.0[0] = 1;
            let message = bolao_ledger::signing_bytes(game.pool, &join.body);
            assert!(bolao_ledger::verify(
                &join.body.account,
                &join.signature,
                &message
            ));
            refused(game, vec![join])
        },
    ),
    (Reason::BadSignature, "altered body", || {
        let game = Game::joined(2);
        let mut bet = game.bet(2, 1, &[tip(1, 5)]);
        bet.body.nonce.0 += 1;
        refused(game, vec![bet])
    }),
    (Reason::BadSignature, "signed for another pool", || {
        let game = Game::new();
        let body = game.join(2, 0, "Ana").body;
        refused(game, vec![sign(PoolId([1; 32]), 2, body)])
    }),
    (Reason::BadSignature, "signed by another", || {
        let game = Game::new();
        let body = game.join(2, 0, "Ana").body;
        let forged = sign(game.pool, 3, body);
        let genuine = game.join(4, 0, "Bruno");
        refused(game, vec![genuine, forged])
    }),
    (
        Reason::TxTooLarge,
        "a bet of 128 tips where 512 bytes are allowed",
        || {
            let mut genesis = genesis();
            genesis.limits.transaction_bytes = 512;
            let game = Game::with(genesis);
            let bet = game.bet(2, 0, &many_bets(MAX_BETS));
            refused(game, vec![bet])
        },
    ),
    (Reason::NoBets, "0 tips", || {
        let game = Game::joined(2);
        let bet = game.bet(2, 1, &[]);
        refused(game, vec![bet])
    }),
    (Reason::TooManyBets, "129 tips", || {
        let game = Game::joined(2);
        let bet = game.bet(2, 1, &many_bets(MAX_BETS + 1));
        refused(game, vec![bet])
    }),
    (Reason::DuplicateBet, "two tips for one match", || {
        let game = Game::joined(2);
        let bet = game.bet(2, 1, &[tip(1, 0), tip(2, 0), tip(1, 3)]);
        refused(game, vec![bet])
    }),
    (Reason::UnknownAccount, "a bet before joining", || {
        let game = Game::new();
        let bet = game.bet(2, 0, &[tip(1, 0)]);
        refused(game, vec![bet])
    }),
    (
        Reason::UnknownAccount,
        "an organiser schedules before joining",
        || {
            let game = Game::new();
            let schedule = game.schedule(ORGANISER, 0, fixture(4, "New", None));
            refused(game, vec![schedule])
        },
    ),
    (Reason::AlreadyJoined, "joins twice", || {
        let game = Game::joined(2);
        let join = game.join(2, 1, "Another name");
        refused(game, vec![join])
    }),
    (Reason::NameTaken, "the same name", || {
        let game = Game::joined(2);
        let join = game.join(3, 0, "Player 2");
        refused(game, vec![join])
    }),
    (Reason::NameTaken, "another case, more spaces", || {
        let game = Game::joined(2);
        let join = game.join(3, 0, "  pLAYER \u{a0}  2 ");
        refused(game, vec![join])
    }),
    (Reason::NameTaken, "wide letters, in one block", || {
        let game = Game::new();
        let joins = vec![game.join(2, 0, "Ana"), game.join(3, 0, "ＡＮＡ")];
        refused(game, joins)
    }),
    (Reason::BadNonce, "too low: a replay", || {
        let mut game = Game::joined(2);
        let bet = game.bet(2, 1, &[tip(1, 5)]);
        game.play(vec![bet.clone()]).unwrap();
        refused(game, vec![bet])
    }),
    (Reason::BadNonce, "a replayed join", || {
        let game = Game::joined(2);
        let join = game.join(2, 0, "Player 2");
        refused(game, vec![join])
    }),
    (Reason::BadNonce, "too high", || {
        let game = Game::joined(2);
        let bet = game.bet(2, 2, &[tip(1, 5)]);
        refused(game, vec![bet])
    }),
    (
        Reason::BadNonce,
        "a first transaction that is not number 0",
        || {
            let game = Game::new();
            let join = game.join(2, 1, "Ana");
            refused(game, vec![join])
        },
    ),
    (
        Reason::UnknownMatch,
        "one good tip, one for no match",
        || {
            let game = Game::joined(2);
            let bet = game.bet(2, 1, &[tip(1, 5), tip(99, 0)]);
            refused(game, vec![bet])
        },
    ),
    (Reason::NotEnoughChips, "one chip too many", || {
        let game = Game::joined(2);
        let bet = game.bet(2, 1, &[tip(1, 600), tip(2, 401)]);
        refused(game, vec![bet])
    }),
    (Reason::Overflow, "counts past the largest number", || {
        let mut game = Game::joined(2);
        let mut totals = game.totals();
        totals.transactions = u64::MAX;
        let key = key_bytes::<TotalsTable>(&());
        game.state.entries.insert(key, encode(&totals));
        let bet = game.bet(2, 1, &[tip(1, 1)]);
        refused(game, vec![bet])
    }),
    (Reason::NotAnOrganiser, "a player schedules", || {
        let game = Game::joined(2);
        let schedule = game.schedule(2, 1, fixture(4, "New", None));
        refused(game, vec![schedule])
    }),
    (Reason::KickoffInThePast, "now is not ahead", || {
        let game = Game::joined(1);
        let schedule = game.schedule(ORGANISER, 1, fixture(1, "PtCh", Some(START)));
        refused(game, vec![schedule])
    }),
    (
        Reason::MatchStarted,
        "at the second of the kick-off",
        || {
            let mut game = Game::joined(1);
            game.time = START + 1_000;
            let schedule = game.schedule(ORGANISER, 1, fixture(3, "Soon", Some(START + 9_000)));
            refused(game, vec![schedule])
        },
    ),
    (
        Reason::MatchNumberTaken,
        "another code for number 1",
        || {
            let game = Game::joined(1);
            let schedule = game.schedule(ORGANISER, 1, fixture(1, "Other", None));
            refused(game, vec![schedule])
        },
    ),
    (Reason::MatchCodeTaken, "a code in another case", || {
        let game = Game::joined(1);
        let schedule = game.schedule(ORGANISER, 1, fixture(4, "ptCH", None));
        refused(game, vec![schedule])
    }),
    (
        Reason::TooManyMatches,
        "a fifth of four, in one block",
        || {
            let game = Game::joined(1);
            let schedule = vec![
                game.schedule(ORGANISER, 1, fixture(4, "New", None)),
                game.schedule(ORGANISER, 2, fixture(5, "Newer", None)),
            ];
            refused(game, schedule)
        },
    ),
    (Reason::BadMerkleRoot, "another coinbase", || {
        let game = Game::new();
        let mut block = game.block(Vec::new());
        block.coinbase.extra_nonce[0] ^= 1;
        refused_block(game, block)
    }),
    (Reason::BadMerkleRoot, "a spoilt signature", || {
        let game = Game::new();
        let mut block = game.block(vec![game.join(2, 0, "Ana")]);
        block.transactions[0].signature.0[0] ^= 1;
        refused_block(game, block)
    }),
    (
        Reason::DuplicateTransaction,
        "a repeated tail, which leaves the root as it was",
        || {
            let game = Game::new();
            let mut block = game.block(vec![game.join(2, 0, "Ana"), game.join(3, 0, "Bruno")]);
            let root = merkle_root(&block.leaves());
            block.transactions.push(block.transactions[1].clone());
            assert_eq!(merkle_root(&block.leaves()), root);
            refused_block(game, block)
        },
    ),
    (Reason::TooManyTransactions, "voted twice", || {
        let mut genesis = genesis();
        genesis.limits.block_transactions = 1;
        let game = Game::with(genesis);
        let joins = vec![game.join(2, 0, "Ana"), game.join(3, 0, "Bruno")];
        refused(game, joins)
    }),
    (
        Reason::BlockTooLarge,
        "7 big bets where 10,000 bytes are allowed",
        || {
            let mut genesis = genesis();
            genesis.limits.block_bytes = 10_000;
            let game = Game::with(genesis);
            let bets = (0..7).map(|nonce| game.bet(2, nonce, &many_bets(MAX_BETS)));
            let bets = bets.collect();
            refused(game, bets)
        },
    ),
    (Reason::BadCoinbaseHeight, "height 2 in block 1", || {
        let game = Game::new();
        let coinbase = Coinbase {
            height: Height(2),
            ..game.coinbase()
        };
        let block = game.mine(coinbase, Vec::new());
        refused_block(game, block)
    }),
];

fn provoked() -> impl Iterator<Item = &'static Provoked> {
    PROVOKED
        .iter()
        .chain(playing::PROVOKED)
        .chain(voting::PROVOKED)
}

#[test]
fn each_reason_is_given_where_it_should_be() {
    for (reason, how, provoke) in provoked() {
        assert_eq!(provoke(), *reason, "{how}");
    }
}

#[test]
fn every_reason_is_provoked() {
    let here: BTreeSet<_> = provoked().map(|(reason, ..)| *reason).collect();
    let elsewhere: BTreeSet<_> = ELSEWHERE.iter().copied().collect();
    assert_eq!(here.intersection(&elsewhere).count(), 0);
    assert_eq!(
        here.union(&elsewhere).copied().collect::<BTreeSet<_>>(),
        Reason::all().collect()
    );
}

#[test]
fn codes_are_unique_words_with_hyphens() {
    let codes: BTreeSet<_> = Reason::all().map(Reason::code).collect();
    assert_eq!(codes.len(), Reason::all().count());
    for code in codes {
        assert!(
            code.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{code}"
        );
    }
}

#[test]
fn only_a_body_is_blamed_for_what_a_mutation_can_do() {
    let game = Game::new();
    let join = || vec![game.join(2, 0, "Ana"), game.join(3, 0, "Bruno")];
    let genuine = game.block(join());

    let mut repeated = genuine.clone();
    repeated.transactions.push(repeated.transactions[1].clone());
    let mut other = genuine.clone();
    other.transactions.pop();
    for mutated in [repeated, other] {
        assert_eq!(mutated.hash(), genuine.hash());
        let error = mutated.check(&game.genesis, game.pool).unwrap_err();
        assert!(error.is_body_mutation(), "{error}");
    }

    let mut unsigned = genuine;
    unsigned.transactions[1].signature.0[0] ^= 1;
    Game::find(&mut unsigned);
    let error = unsigned.check(&game.genesis, game.pool).unwrap_err();
    assert!(matches!(error, BlockError::Transaction { index: 1, .. }));
    assert!(!error.is_body_mutation());
}

#[test]
fn errors_say_where_and_what_in_a_sentence() {
    let game = Game::joined(2);
    let block = game.block(vec![
        game.bet(2, 1, &[tip(1, 0)]),
        game.bet(2, 7, &[tip(1, 0)]),
    ]);
    let checked = block.check(&game.genesis, game.pool).unwrap();
    let error = Ledger::new(&game.genesis)
        .apply_block(&game.state, game.height, &checked)
        .unwrap_err();
    let error: Box<dyn std::error::Error> = error.into();
    assert_eq!(
        error.to_string(),
        "transaction 1 of the block: got the nonce 7, the account's next is 2"
    );
    assert!(error.source().unwrap().is::<RuleError>());
}
