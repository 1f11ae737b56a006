//! What players dealt to keepers, and what keepers gave of it, until the seals are opened.

use bolao_ledger::{AccountId, MatchNo, encode};
use bolao_openings::{Kept, SealId};
use redb::{AccessGuard, ReadableTable as _, ReadableTableMetadata as _, StorageError};

use crate::{
    access::{Access, Tables, View, decoded},
    error::StoreError,
    schema::{Bytes, SealKey},
};

const LEAST: [u8; 32] = [0; 32];
const GREATEST: [u8; 32] = [255; 32];

type Entry<'t> = (AccessGuard<'t, SealKey>, AccessGuard<'t, Bytes>);

fn key(seal: &SealId) -> (u16, &[u8; 32], &[u8; 32]) {
    (seal.match_no.0, &seal.account.0, &seal.commitment)
}

fn read(entry: Result<Entry<'_>, StorageError>) -> Result<Kept, StoreError> {
    let (key, bytes) = entry?;
    let (match_no, account, _) = key.value();
    let name = format_args!("({match_no}, {})", AccountId(*account)).to_string();
    decoded("openings", name, bytes.value())
}

impl<A: Access> View<A> {
    /// What was dealt of a seal.
    pub fn kept(&self, seal: &SealId) -> Result<Option<Kept>, StoreError> {
        let found = self.openings.get(key(seal))?;
        let name = |seal: &SealId| format!("({}, {})", seal.match_no, seal.account);
        found
            .map(|bytes| decoded("openings", name(seal), bytes.value()))
            .transpose()
    }

    /// What was dealt of the seals of a match.
    pub fn kept_of_match(&self, match_no: MatchNo) -> Result<Vec<Kept>, StoreError> {
        let all = (match_no.0, &LEAST, &LEAST)..=(match_no.0, &GREATEST, &GREATEST);
        self.openings
            .range::<(u16, &[u8; 32], &[u8; 32])>(all)?
            .map(read)
            .collect()
    }

    /// What was dealt of at most `limit` seals behind `after`, in order.
    pub fn kept_after(
        &self,
        after: Option<&SealId>,
        limit: usize,
    ) -> Result<Vec<Kept>, StoreError> {
        use std::ops::Bound::{Excluded, Unbounded};
        let first = after.map_or(Unbounded, |seal| Excluded(key(seal)));
        self.openings
            .range::<(u16, &[u8; 32], &[u8; 32])>((first, Unbounded))?
            .take(limit)
            .map(read)
            .collect()
    }

    /// Of how many seals something was dealt.
    pub fn kept_count(&self) -> Result<u64, StoreError> {
        Ok(self.openings.len()?)
    }
}

impl Tables<'_> {
    /// Keeps what was dealt of a seal, in place of what was there.
    pub fn put_kept(&mut self, kept: &Kept) -> Result<(), StoreError> {
        self.noting(|tables| {
            let bytes = encode(kept);
            tables
                .openings
                .insert(key(&kept.seal()), bytes.as_slice())?;
            Ok(())
        })
    }

    /// Forgets what was dealt of a seal.
    pub fn remove_kept(&mut self, seal: &SealId) -> Result<(), StoreError> {
        self.noting(|tables| {
            tables.openings.remove(key(seal))?;
            Ok(())
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bolao_ledger::{Genesis, Signature};
    use bolao_openings::{Deal, DealBody};

    use super::*;
    use crate::store::{Durability, Store};

    fn kept(no: u16, account: u8, commitment: u8, round: u8) -> Kept {
        let body = DealBody {
            account: AccountId([account; 32]),
            match_no: MatchNo(no),
            commitment: [commitment; 32],
            round,
            handed: Vec::new(),
        };
        let signature = Signature([3; 64]);
        Deal { body, signature }.into()
    }

    #[test]
    fn seals_stand_in_order_and_by_match() {
        let mut store = Store::in_memory(&Genesis::article()).unwrap();
        let all = [
            kept(1, 9, 1, 0),
            kept(2, 0, 7, 0),
            kept(2, 255, 255, 0),
            kept(258, 1, 1, 0),
        ];
        let write = |tables: &mut Tables<'_>| {
            all.iter().rev().try_for_each(|it| tables.put_kept(it))?;
            tables.put_kept(&kept(3, 1, 1, 0))?;
            tables.remove_kept(&kept(3, 1, 1, 0).seal())?;
            tables.put_kept(&kept(1, 9, 1, 4))
        };
        store.write(Durability::Volatile, write).unwrap();
        let view = store.reader().snapshot().unwrap();
        assert_eq!(view.kept_count().unwrap(), 4);
        let of_second = view.kept_of_match(MatchNo(2)).unwrap();
        assert_eq!(of_second, all[1..3]);
        let first = kept(1, 9, 1, 4);
        assert_eq!(view.kept(&first.seal()).unwrap(), Some(first.clone()));
        assert_eq!(view.kept(&kept(1, 9, 2, 0).seal()).unwrap(), None);
        assert_eq!(view.kept_after(None, 1).unwrap(), vec![first.clone()]);
        let behind = view.kept_after(Some(&first.seal()), 9).unwrap();
        assert_eq!(behind, all[1..]);
    }
}
