//! What a node keeps of a deal: the deal, and what its keepers gave to it. Two nodes that have different parts of it put them
//! together, in whatever order, and have the same.

use std::collections::BTreeMap;

use bolao_ledger::{PoolId, Signature, encode, sha256d};
use borsh::{BorshDeserialize, BorshSerialize, io};

use crate::{CombineError, Deal, MAX_KEEPERS, SealId, Share, combine, is_held};

/// A deal, with the keepers' receipts, and with their shares once they were given out.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Kept {
    /// The deal that was kept.
    pub deal: Deal,
    /// Receipts by the places of their keepers.
    #[borsh(deserialize_with = "read_by_place")]
    pub receipts: BTreeMap<u8, Signature>,
    /// Shares by the places of their keepers.
    #[borsh(deserialize_with = "read_by_place")]
    pub shares: BTreeMap<u8, Share>,
}

/// A receipt or share that is not its keeper's: no honest node has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the keeper's {what} at place {place} is not good")]
pub struct NotKept {
    /// Receipt or share.
    pub what: &'static str,
    /// The place of the keeper.
    pub place: u8,
}

impl From<Deal> for Kept {
    fn from(deal: Deal) -> Self {
        Self {
            deal,
            receipts: BTreeMap::new(),
            shares: BTreeMap::new(),
        }
    }
}

impl Kept {
    /// Gives the identifier of the seal that it is of.
    #[must_use]
    pub fn seal(&self) -> SealId {
        self.deal.body.seal()
    }

    /// Whether this deal counts and the other one does not.
    #[must_use]
    pub fn replaces(&self, other: &Self) -> bool {
        let rank = |kept: &Self| (kept.deal.body.round, kept.deal.body.id());
        let ((round, id), (other_round, other_id)) = (rank(self), rank(other));
        // # Rule H6: the higher round, then the lesser id.
        round > other_round || (round == other_round && id < other_id)
    }

    /// The same for two nodes that neither lacks anything of the other's: of which deal it is, and whose receipts and shares are
    /// here. Signatures do not count: one key can sign one thing in many ways, and each node keeps what it got first.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let receipts: Vec<u8> = self.receipts.keys().copied().collect();
        let shares: Vec<u8> = self.shares.keys().copied().collect();
        sha256d(&encode(&(self.deal.body.id(), receipts, shares)))
    }

    /// Takes over what another has of the same deal, its shares only if it is time for them; whether there was anything new.
    pub fn merge(&mut self, pool: PoolId, other: Self, shares_too: bool) -> Result<bool, NotKept> {
        let (body, mut is_news) = (&self.deal.body, false);
        let id = body.id();
        for (place, receipt) in other.receipts {
            if self.receipts.contains_key(&place) {
                continue;
            }
            let keeper = body.handed.get(usize::from(place));
            if !keeper.is_some_and(|to| is_held(pool, id, &to.keeper, &receipt)) {
                let what = "receipt";
                return Err(NotKept { what, place });
            }
            self.receipts.insert(place, receipt);
            is_news = true;
        }
        for (place, share) in other.shares.into_iter().filter(|_| shares_too) {
            if self.shares.contains_key(&place) {
                continue;
            }
            if !body.hands(pool, place, &share) {
                return Err(NotKept {
                    what: "share",
                    place,
                });
            }
            self.shares.insert(place, share);
            is_news = true;
        }
        Ok(is_news)
    }

    /// Gives the opening of the seal, once enough shares are here.
    pub fn opening(&self, pool: PoolId) -> Result<bolao_ledger::Opening, CombineError> {
        combine(pool, &self.deal.body, &self.shares)
    }
}

/// By places that rise, so that one thing has one encoding; memory grows with the bytes that are there.
fn read_by_place<R: io::Read, T: BorshDeserialize>(reader: &mut R) -> io::Result<BTreeMap<u8, T>> {
    let invalid = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    let got = u32::deserialize_reader(reader)?;
    if usize::try_from(got).map_or(true, |got| got > MAX_KEEPERS) {
        let text = format!("got {got} of a deal's keepers, wanted at most {MAX_KEEPERS}");
        return Err(invalid(text));
    }
    let mut all = BTreeMap::new();
    for _ in 0..got {
        let place = u8::deserialize_reader(reader)?;
        if all.last_key_value().is_some_and(|(last, _)| *last >= place) {
            return Err(invalid(format!("the place {place} is out of order")));
        }
        all.insert(place, T::deserialize_reader(reader)?);
    }
    Ok(all)
}
