//! A signature that was found good is not checked again.

use std::{fmt, sync::Arc};

use bolao_ledger::{PoolId, Signature, Statement, ValidatorKey};
use quick_cache::sync::Cache;

/// The most statements that are remembered, each some 200 bytes: the votes of 64 validators in some thirty rounds.
const MOST: usize = 4_096;

/// A statement with its signature.
pub(crate) type Signed = (ValidatorKey, Statement, Signature);

/// Statements whose signatures were checked here and found good: of each, the pool, the key, all that was signed and the
/// signature. Those of long ago are forgotten. Clones share what they know, for example those of many simulated nodes: whether
/// a signature is good depends on nothing else.
#[derive(Clone)]
pub struct Verified(Arc<Cache<(PoolId, Signed), ()>>);

impl Default for Verified {
    fn default() -> Self {
        Self(Arc::new(Cache::new(MOST)))
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verified").field(&self.0.len()).finish()
    }
}

impl Verified {
    /// Whether a validator's signature over this is good.
    #[must_use]
    pub fn is_signed(
        &self,
        pool: PoolId,
        key: ValidatorKey,
        statement: &Statement,
        signature: &Signature,
    ) -> bool {
        let signed = (pool, (key, *statement, *signature));
        if self.0.get(&signed).is_some() {
            return true;
        }
        let good = statement.is_signed(pool, key, signature);
        if good {
            self.0.insert(signed, ());
        }
        good
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use bolao_ledger::{BlockHash, Decision, Height, StatementKind};
    use ed25519_zebra::{SigningKey, VerificationKeyBytes};

    use super::*;

    fn validator(seed: u8) -> (SigningKey, ValidatorKey) {
        let key = SigningKey::from([seed; 32]);
        (key, ValidatorKey(VerificationKeyBytes::from(&key).into()))
    }

    #[test]
    fn only_what_was_signed_is_good_however_often_it_is_asked() {
        let verified = Verified::default();
        let (pool, ((key, public), (_, other))) = (PoolId([1; 32]), (validator(1), validator(2)));
        let statement = Statement {
            kind: StatementKind::Precommit,
            height: Height(3),
            round: 1,
            decision: Some(Decision::plain(Height(3), BlockHash([4; 32]))),
        };
        let signature = Signature(key.sign(&statement.signing_bytes(pool)).into());
        let mut forged = signature;
        forged.0[0] ^= 1;
        let changed = [
            Statement {
                kind: StatementKind::Prevote,
                ..statement
            },
            Statement {
                height: Height(4),
                ..statement
            },
            Statement {
                round: 2,
                ..statement
            },
            Statement {
                decision: None,
                ..statement
            },
            Statement {
                decision: Some(Decision {
                    contested: true,
                    ..Decision::plain(Height(3), BlockHash([4; 32]))
                }),
                ..statement
            },
        ];
        for _ in 0..3 {
            assert!(verified.is_signed(pool, public, &statement, &signature));
            assert!(!verified.is_signed(PoolId([2; 32]), public, &statement, &signature));
            assert!(!verified.is_signed(pool, other, &statement, &signature));
            assert!(!verified.is_signed(pool, public, &statement, &forged));
            for statement in &changed {
                assert!(!verified.is_signed(pool, public, statement, &signature));
            }
        }
        assert_eq!(verified.0.len(), 1, "what is not good is not remembered");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let verified = Verified::default();
        let (pool, (key, public)) = (PoolId([1; 32]), validator(1));
        for round in 0..6_000 {
            let statement = Statement {
                kind: StatementKind::Prevote,
                height: Height(1),
                round,
                decision: None,
            };
            let signature = Signature(key.sign(&statement.signing_bytes(pool)).into());
            assert!(verified.is_signed(pool, public, &statement, &signature));
        }
        assert!(verified.0.len() <= MOST, "{verified:?}");
    }
}
