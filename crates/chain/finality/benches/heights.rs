//! Heights a second of validators that share one core and wait for nobody: ours, with messages encoded and read and a log in
//! memory, beside the bare engine in the same run, which passes values by hand, checks every signature that it is asked to
//! check, and keeps nothing.
//!
//! `cargo bench -p bolao-finality`
#![allow(
    missing_docs,
    dead_code,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::disallowed_types
)]

#[path = "heights/bare.rs"]
mod bare;
#[path = "../src/context.rs"]
mod context;
#[path = "heights/ours.rs"]
mod ours;

use std::time::{Duration, Instant};

use bolao_ledger::{
    AccountId, BlockHash, BlockId, Decision, Height, PoolId, Validator, ValidatorKey, ValidatorSet,
    sha256d,
};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

const POOL: PoolId = PoolId([9; 32]);
/// How long each of the two is measured at a time, and how often.
const SPAN: Duration = Duration::from_millis(500);
const TURNS: usize = 6;

fn key(who: usize) -> SigningKey {
    SigningKey::from([who as u8 + 1; 32])
}

fn public(who: usize) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(&key(who)).into())
}

fn set(count: usize) -> ValidatorSet {
    let validators = (0..count).map(|who| Validator {
        account: AccountId([who as u8 + 1; 32]),
        key: public(who),
        weight: 1,
    });
    ValidatorSet::new(validators).unwrap()
}

fn decision(height: Height) -> Decision {
    Decision {
        block: BlockId {
            height,
            hash: BlockHash(sha256d(&height.0.to_le_bytes())),
        },
        contested: false,
    }
}

/// Heights a second.
fn rate(heights: &mut Vec<f64>, mut height: impl FnMut()) {
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < SPAN {
        height();
        count += 1;
    }
    heights.push(f64::from(count) / start.elapsed().as_secs_f64());
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn main() {
    println!("## Heights a second, all validators on one core\n");
    println!("| validators | ours | the bare engine | ours : bare |\n|---|---|---|---|");
    for count in [1, 4, 10] {
        let (mut ours, mut bare) = (ours::Net::new(count), bare::Net::new(count));
        let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            rate(&mut of_ours, || ours.height());
            rate(&mut of_bare, || bare.height());
        }
        let (ours, bare) = (median(of_ours), median(of_bare));
        println!("| {count} | {ours:.0} | {bare:.0} | {:.2} |", ours / bare);
    }
}
