//! Handing what opens a sealed bet to the pool's keepers, for when this machine is off at kick-off.

use bolao_ledger::{Opening, PoolId, ValidatorKey};
use bolao_openings::{Deal, DealError, Entropy, deal};

use crate::Key;

impl Key {
    /// Splits what opens a seal of this account's among keepers, encrypts it to them and signs it. `round` is one more than that of
    /// the last deal of this seal, or 0; `entropy` is new for each.
    pub fn deal(
        &self,
        pool: PoolId,
        opening: &Opening,
        round: u8,
        keepers: &[ValidatorKey],
        entropy: &Entropy,
    ) -> Result<Deal, DealError> {
        let body = deal(pool, self.account(), opening, round, keepers, entropy)?;
        let signature = self.sign_bytes(&body.signing_bytes(pool));
        Ok(Deal { body, signature })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bolao_ledger::{MatchNo, Nonce, Score};

    use super::*;
    use crate::{KeyIndex, Keyring, Phrase};

    #[test]
    fn a_deal_is_the_accounts_and_of_its_seal() {
        let words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        let key = Keyring::new(&Phrase::parse(words).unwrap()).key(KeyIndex::PLAYER);
        let (pool, match_no) = (PoolId([1; 32]), MatchNo(3));
        let opening = Opening {
            match_no,
            prediction: Score::new(2, 1).unwrap().into(),
            salt: key.salt(pool, match_no, Nonce(4)),
        };
        let keeper = ValidatorKey(key.account().0);
        let deal = key.deal(pool, &opening, 0, &[keeper], &Entropy([7; 32]));
        let deal = deal.unwrap();
        assert_eq!(deal.check(pool), Ok(()));
        let seal = deal.body.commitment;
        assert_eq!(key.opening(pool, match_no, Nonce(4), &seal), Some(opening));
        assert_eq!(key.opening(pool, match_no, Nonce(5), &seal), None);
    }
}
