//! How fast blocks of bets are checked and applied, beside bare batch verification of the same signatures.
#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::cast_precision_loss,
    clippy::disallowed_methods
)]

use std::{
    cell::Cell,
    hint::black_box,
    time::{Duration, Instant},
};

use bolao_ledger::{
    AccountId, Action, Block, Chips, Coinbase, Genesis, Header, Height, Ledger, MatchNo,
    MemoryState, Name, Nonce, OpenBet, PoolId, Score, Signature, TargetRule, Transaction, TxBody,
    actions, merkle_root, signing_bytes,
};
use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
use criterion::{Criterion, Throughput};
use ed25519_zebra::{SigningKey, VerificationKeyBytes, batch};

const PLAYERS: u16 = 1_000;

fn key(who: u16) -> SigningKey {
    let mut seed = [7; 32];
    let [high, low] = who.to_be_bytes();
    (seed[0], seed[1]) = (high, low);
    SigningKey::from(seed)
}

fn sign(pool: PoolId, who: u16, nonce: u64, action: Action) -> Transaction {
    let key = key(who);
    let body = TxBody {
        account: AccountId(VerificationKeyBytes::from(&key).into()),
        nonce: Nonce(nonce),
        action,
    };
    let signature = Signature(key.sign(&signing_bytes(pool, &body)).to_bytes());
    Transaction { body, signature }
}

fn block(genesis: &Genesis, height: u64, transactions: Vec<Transaction>) -> Block {
    let fields = Header {
        version: 1,
        previous: genesis.pool_id().into(),
        merkle_root: [0; 32],
        time: 1_560_000_000,
        bits: genesis.proof().initial_bits().to_consensus(),
        nonce: 0,
    };
    let mut block = Block {
        header: fields,
        coinbase: Coinbase {
            height: Height(height),
            miner: AccountId([1; 32]),
            message: Vec::new(),
            extra_nonce: [0; 16],
        },
        transactions,
    };
    let merkle_root = merkle_root(&block.leaves());
    let header = Header {
        merkle_root,
        ..fields
    };
    block.header = (0..=u32::MAX)
        .map(|nonce| header.with_nonce(nonce))
        .find(Header::meets_own_target)
        .unwrap();
    block
}

/// The time of the fastest round.
#[derive(Default)]
struct Best(Cell<Option<Duration>>);

impl Best {
    fn time(&self, run: impl FnOnce()) -> Duration {
        let start = Instant::now();
        run();
        let elapsed = start.elapsed();
        let best = self.0.get().map_or(elapsed, |best| best.min(elapsed));
        self.0.set(Some(best));
        elapsed
    }

    fn per_second(&self) -> Option<f64> {
        let best = self.0.get()?;
        Some(f64::from(PLAYERS) / best.as_secs_f64())
    }
}

fn main() {
    let mut genesis = Genesis::article();
    genesis.target = TargetRule::Fixed { zero_bits: 1 };
    let pool = genesis.pool_id();
    let ledger = Ledger::new(&genesis);

    let mut state = MemoryState::default();
    state.commit(&ledger.genesis_delta(&state).unwrap());
    let joins = (0..PLAYERS)
        .map(|who| {
            let name = Name::new(&format!("Player {who}")).unwrap();
            let invitation = None;
            sign(
                pool,
                who,
                0,
                Action::Join(actions::Join { name, invitation }),
            )
        })
        .collect();
    let joined = block(&genesis, 1, joins).check(&genesis, pool).unwrap();
    let applied = ledger.apply_block(&state, Height(1), &joined).unwrap();
    state.commit(applied.delta());

    let bets: Vec<_> = (0..PLAYERS)
        .map(|who| {
            let tips = vec![OpenBet {
                match_no: MatchNo(1 + who % 2),
                prediction: (Score::new(u64::from(who % 7), 1).unwrap()).into(),
                stake: Chips(u64::from(who % 50)),
            }];
            sign(pool, who, 1, Action::Bet(actions::Bet { bets: tips }))
        })
        .collect();
    let signed: Vec<_> = bets
        .iter()
        .map(|bet| {
            (
                VerificationKeyBytes::from(bet.body.account.0),
                ed25519_zebra::Signature::from(bet.signature.0),
                signing_bytes(pool, &bet.body),
            )
        })
        .collect();
    let bets = block(&genesis, 2, bets);

    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .without_plots()
        .configure_from_args();
    let mut group = criterion.benchmark_group("block of 1,000 bets");
    group.throughput(Throughput::Elements(PLAYERS.into()));

    let bare = Best::default();
    group.bench_function("bare batch verification", |bench| {
        bench.iter_custom(|rounds| {
            (0..rounds)
                .map(|_| {
                    bare.time(|| {
                        let mut verifier = batch::Verifier::new();
                        for (account, signature, message) in black_box(&signed) {
                            verifier.queue((*account, *signature, message.as_slice()));
                        }
                        verifier.verify(ChaCha20Rng::from_seed([3; 32])).unwrap();
                    })
                })
                .sum()
        });
    });
    let whole = Best::default();
    group.bench_function("check and apply", |bench| {
        bench.iter_custom(|rounds| {
            (0..rounds)
                .map(|_| {
                    let block = black_box(&bets).clone();
                    whole.time(|| {
                        let checked = block.check(&genesis, pool).unwrap();
                        black_box(ledger.apply_block(&state, Height(2), &checked).unwrap());
                    })
                })
                .sum()
        });
    });
    group.finish();

    if let (Some(bare), Some(whole)) = (bare.per_second(), whole.per_second()) {
        println!(
            "check and apply: {whole:.0} transactions/s, bare batch: {bare:.0}/s, ratio {:.2}",
            whole / bare
        );
    }
}
