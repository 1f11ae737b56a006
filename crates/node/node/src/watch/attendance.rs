//! Who of the validators is there: kept for whoever asks, and said in the log when somebody goes or comes.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
};

use bolao_chain::Attendance;
use bolao_ledger::{AccountId, StateView as _};
use bolao_store::StoreError;

use super::Watch;

impl Watch {
    /// The validators, and those of them that are there; none in a pool without votes.
    pub(crate) fn attendance(&self) -> Option<Arc<Attendance>> {
        let kept = self.attendance.lock();
        kept.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn attend(&self, now: Arc<Attendance>) -> Result<(), StoreError> {
        let kept = self.attendance.lock();
        let before = kept
            .unwrap_or_else(PoisonError::into_inner)
            .replace(Arc::clone(&now));
        self.say_who_signed_twice(before.as_deref(), &now)?;
        let away_of = |attendance: &Attendance| attendance.away().collect::<BTreeSet<_>>();
        let away = away_of(&now);
        if before.as_deref().map(away_of).unwrap_or_default() == away {
            return Ok(());
        }
        let height = now.height;
        if away.is_empty() {
            tracing::info!(%height, "every validator is online again");
            return Ok(());
        }
        let away = self.names(&away)?;
        if now.disagreement.is_some() {
            tracing::warn!(%height, away, "a block is waiting although enough validators are online; which votes \
                are missing, and whose, this log says, too");
        } else if now.waits_since.is_some() {
            tracing::warn!(%height, away, "a block is waiting for validators that are offline");
        } else {
            tracing::warn!(%height, away, "some validators are offline; blocks go on without them");
        }
        Ok(())
    }

    /// Says who newly signed two different votes.
    fn say_who_signed_twice(
        &self,
        before: Option<&Attendance>,
        now: &Attendance,
    ) -> Result<(), StoreError> {
        let known: BTreeSet<_> = before.into_iter().flat_map(Attendance::twice).collect();
        let new: BTreeSet<_> = now.twice().filter(|id| !known.contains(id)).collect();
        if !new.is_empty() {
            let who = self.names(&new)?;
            tracing::warn!(height = %now.height, who, "a validator's key signed two different votes: it runs on two machines, or the validator cheats");
        }
        Ok(())
    }

    /// The names of accounts, with commas.
    fn names(&self, accounts: &BTreeSet<AccountId>) -> Result<String, StoreError> {
        let snapshot = self.reader.snapshot()?;
        let names = accounts.iter().map(|id| {
            let account = snapshot.account(id)?;
            Ok(account.map_or_else(|| id.to_string(), |account| account.name.to_string()))
        });
        Ok(names.collect::<Result<Vec<_>, StoreError>>()?.join(", "))
    }
}
