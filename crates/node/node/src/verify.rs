//! Signatures of blocks, on two threads where there are many: rules start no threads.

use std::thread;

use bolao_ledger::{PoolId, Signed, verify_batch};

/// Fewer signatures are verified sooner than a thread is started.
const WORTH_A_THREAD: usize = 32;

/// Whether every signature is good, as [`verify_batch`] says of all of them.
#[must_use]
pub fn verify_in_halves(pool: PoolId, signed: &[Signed<'_>]) -> bool {
    if signed.len() < WORTH_A_THREAD {
        return verify_batch(pool, signed);
    }
    let (first, second) = signed.split_at(signed.len() / 2);
    thread::scope(|scope| {
        let helper = thread::Builder::new()
            .name("bolao-verify".into())
            .spawn_scoped(scope, || verify_batch(pool, second));
        let first_good = verify_batch(pool, first);
        let second_good = match helper {
            // Without a verdict they count as bad: then they are verified one by one.
            Ok(helper) => helper.join().unwrap_or(false),
            Err(_) => verify_batch(pool, second),
        };
        first_good && second_good
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{
        AccountId, Action, Nonce, Signature, TxBody, WitnessId, actions, signing_bytes,
    };
    use ed25519_zebra::{SigningKey, VerificationKeyBytes};

    use super::*;

    #[test]
    fn a_bad_signature_is_found_in_either_half() {
        let pool = PoolId([7; 32]);
        let key = SigningKey::from([3; 32]);
        let account = AccountId(VerificationKeyBytes::from(&key).into());
        for count in [0_usize, 1, 31, 32, 33, 100] {
            let bodies: Vec<TxBody> = (0..count)
                .map(|nonce| TxBody {
                    account,
                    nonce: Nonce(nonce as u64),
                    action: Action::Bet(actions::Bet { bets: Vec::new() }),
                })
                .collect();
            let mut signatures: Vec<Signature> = bodies
                .iter()
                .map(|body| Signature(key.sign(&signing_bytes(pool, body)).into()))
                .collect();
            let good = |signatures: &[Signature]| {
                let signed: Vec<Signed<'_>> = bodies
                    .iter()
                    .zip(signatures)
                    .map(|(body, signature)| Signed {
                        account,
                        signature,
                        message: signing_bytes(pool, body),
                        leaf: WitnessId(body.id().0),
                    })
                    .collect();
                verify_in_halves(pool, &signed)
            };
            assert!(good(&signatures), "{count}");
            for bad in [0, count / 2, count.saturating_sub(1)] {
                if count == 0 {
                    continue;
                }
                signatures[bad].0[0] ^= 1;
                assert!(!good(&signatures), "{bad} of {count}");
                signatures[bad].0[0] ^= 1;
            }
        }
    }
}
