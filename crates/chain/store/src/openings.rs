//! What players dealt to keepers, and what keepers gave of it, until the seals are opened.

use std::collections::BTreeMap;

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

/// The room that is taken by what was dealt of seals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptRoom {
    /// The room in bytes.
    pub bytes: u64,
    /// Of how many seals, by account.
    pub seals: BTreeMap<AccountId, u32>,
}

/// The length of what was dealt of a seal, before a write and after it, in bytes; 0 where there is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resized {
    account: AccountId,
    was: u64,
    is: u64,
}

impl KeptRoom {
    /// Follows a write.
    pub fn resized(&mut self, change: Resized) {
        let Resized { account, was, is } = change;
        self.bytes = self.bytes.saturating_sub(was).saturating_add(is);
        let seals = self.seals.entry(account).or_default();
        *seals = seals.saturating_add(u32::from(was == 0 && is > 0));
        *seals = seals.saturating_sub(u32::from(was > 0 && is == 0));
        if *seals == 0 {
            self.seals.remove(&account);
        }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

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
    /// Reads what was dealt of a seal.
    pub fn kept(&self, seal: &SealId) -> Result<Option<Kept>, StoreError> {
        let found = self.openings.get(key(seal))?;
        let name = |seal: &SealId| format!("({}, {})", seal.match_no, seal.account);
        found
            .map(|bytes| decoded("openings", name(seal), bytes.value()))
            .transpose()
    }

    /// Reads what was dealt of the seals of a match.
    pub fn kept_of_match(&self, match_no: MatchNo) -> Result<Vec<Kept>, StoreError> {
        let all = (match_no.0, &LEAST, &LEAST)..=(match_no.0, &GREATEST, &GREATEST);
        self.openings
            .range::<(u16, &[u8; 32], &[u8; 32])>(all)?
            .map(read)
            .collect()
    }

    /// Reads what was dealt of at most `limit` seals behind `after`, in order.
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

    /// The room that is taken by all of it.
    pub fn kept_room(&self) -> Result<KeptRoom, StoreError> {
        let mut room = KeptRoom::default();
        for entry in self.openings.iter()? {
            let (key, bytes) = entry?;
            let account = AccountId(*key.value().1);
            let (was, is) = (0, length(bytes.value()));
            room.resized(Resized { account, was, is });
        }
        Ok(room)
    }

    /// Of how many seals something was dealt.
    pub fn kept_count(&self) -> Result<u64, StoreError> {
        Ok(self.openings.len()?)
    }
}

impl Tables<'_> {
    /// Keeps what was dealt of a seal, in place of what was there.
    pub fn put_kept(&mut self, kept: &Kept) -> Result<Resized, StoreError> {
        self.noting(|tables| {
            let (seal, bytes) = (kept.seal(), encode(kept));
            let before = tables.openings.insert(key(&seal), bytes.as_slice())?;
            Ok(Resized {
                account: seal.account,
                was: before.map_or(0, |before| length(before.value())),
                is: length(&bytes),
            })
        })
    }

    /// Forgets what was dealt of a seal.
    pub fn remove_kept(&mut self, seal: &SealId) -> Result<Resized, StoreError> {
        self.noting(|tables| {
            let before = tables.openings.remove(key(seal))?;
            Ok(Resized {
                account: seal.account,
                was: before.map_or(0, |before| length(before.value())),
                is: 0,
            })
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
            let mut changes = Vec::new();
            for kept in all.iter().rev() {
                changes.push(tables.put_kept(kept)?);
            }
            changes.push(tables.put_kept(&kept(3, 1, 1, 0))?);
            changes.push(tables.remove_kept(&kept(3, 1, 1, 0).seal())?);
            changes.push(tables.remove_kept(&kept(3, 1, 1, 0).seal())?);
            changes.push(tables.put_kept(&kept(1, 9, 1, 4))?);
            Ok::<_, StoreError>(changes)
        };
        let changes = store.write(Durability::Volatile, write).unwrap();
        let view = store.reader().snapshot().unwrap();
        assert_eq!(view.kept_count().unwrap(), 4);
        let mut room = KeptRoom::default();
        for change in changes {
            room.resized(change);
        }
        assert_eq!(view.kept_room().unwrap(), room);
        let bytes: usize = all.iter().map(|kept| encode(kept).len()).sum();
        assert_eq!(room.bytes, bytes as u64);
        let seals =
            [(9, 1), (0, 1), (255, 1), (1, 1)].map(|(who, count)| (AccountId([who; 32]), count));
        assert_eq!(room.seals, seals.into());
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
