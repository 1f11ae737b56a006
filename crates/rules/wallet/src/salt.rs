//! Sealed bets whose salts nobody has to keep: each is made from the account's key, so the backup words alone open it.
//!
//! A salt is the first 32 bytes of HMAC-SHA512, keyed with the account's 32-byte ed25519 seed, over
//! `"bolao/salt/1" ‖ pool id ‖ match ‖ nonce`: 32, 2 and 8 bytes, little-endian. The nonce is that of the transaction
//! that seals. It gives every seal a salt of its own: opening a bet tells nothing about the seals that it replaced,
//! which stay on the chain for good and could be guessed in some ten thousand tries by whoever knew their salts.

use bolao_ledger::{
    Action, BetMode, MatchNo, Nonce, OpenBet, Opening, PoolId, Prediction, SealedBet, TxBody,
    actions, encode, seal_commitment,
};

use crate::{Draft, Key, derive::hmac, domains};

impl Key {
    /// The salt of this account's bet on a match, sealed by its transaction with this nonce. Secret until the bet is
    /// opened.
    #[must_use]
    pub fn salt(&self, pool: PoolId, match_no: MatchNo, nonce: Nonce) -> [u8; 32] {
        let (match_no, nonce) = (encode(&match_no), encode(&nonce));
        let [salt, _] = hmac(self.seed(), &[domains::SALT, &pool.0, &match_no, &nonce]);
        *salt
    }

    /// Seals a bet for the transaction with this nonce.
    #[must_use]
    pub fn seal(&self, pool: PoolId, nonce: Nonce, bet: &OpenBet) -> SealedBet {
        let salt = self.salt(pool, bet.match_no, nonce);
        let account = self.account();
        SealedBet {
            match_no: bet.match_no,
            commitment: seal_commitment(pool, &account, bet.match_no, bet.prediction, &salt),
            stake: bet.stake,
        }
    }

    /// The prediction that this account sealed with the transaction of this nonce; none if the commitment has another salt
    /// or is another account's. Tries every prediction, the likely ones first.
    #[must_use]
    pub fn reopen(
        &self,
        pool: PoolId,
        match_no: MatchNo,
        nonce: Nonce,
        commitment: &[u8; 32],
    ) -> Option<Prediction> {
        self.opening(pool, match_no, nonce, commitment)
            .map(|opening| opening.prediction)
    }

    /// Gives the opening of the bet that [`Key::reopen`] finds.
    #[must_use]
    pub fn opening(
        &self,
        pool: PoolId,
        match_no: MatchNo,
        nonce: Nonce,
        commitment: &[u8; 32],
    ) -> Option<Opening> {
        let (account, salt) = (self.account(), self.salt(pool, match_no, nonce));
        Prediction::all()
            .find(|it| seal_commitment(pool, &account, match_no, *it, &salt) == *commitment)
            .map(|prediction| Opening {
                match_no,
                prediction,
                salt,
            })
    }
}

impl Draft {
    /// Seals bets by the account's key, for the nonce that the body carries.
    pub fn seal_bets(&mut self, key: &Key, pool: PoolId, bets: &[OpenBet]) -> TxBody {
        let nonce = self.next_nonce();
        let sealed = bets.iter().map(|bet| key.seal(pool, nonce, bet));
        self.body(Action::Seal(actions::Seal {
            bets: sealed.collect(),
        }))
    }

    /// Places or replaces bets, open or sealed as the pool's are.
    pub fn place(&mut self, key: &Key, pool: PoolId, mode: BetMode, bets: &[OpenBet]) -> TxBody {
        match mode {
            BetMode::Open => self.bet(bets.to_vec()),
            BetMode::Sealed => self.seal_bets(key, pool, bets),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bolao_ledger::Score;

    use super::*;

    #[test]
    fn every_prediction_is_tried_once() {
        let all: BTreeSet<Prediction> = Prediction::all().collect();
        assert_eq!(all.len(), Prediction::all().count());
        assert!(all.len() >= 30_000);
    }

    #[test]
    fn every_score_is_tried_once() {
        let all: Vec<Score> = Score::all().collect();
        assert_eq!(all.len(), 10_000);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 10_000);
        assert_eq!(all.first(), Score::new(0, 0).ok().as_ref());
        assert_eq!(all.last(), Score::new(99, 99).ok().as_ref());
    }
}
