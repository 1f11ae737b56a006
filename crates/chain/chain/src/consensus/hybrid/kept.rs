//! Bets that this node can swear to: **kept** ones.
//!
//! A bet is kept that counted in the own best chain both `kept_s` before its deadline and at the deadline, with the node there both
//! times. It is forgotten once a final block's time has passed that deadline, and at every new final block that neither holds
//! it nor has a known descendant that does: nobody can bring it back.
//!
//! All of it is in the store: what came new at once, what is forgotten with the next votes. So whoever starts again is as good a
//! witness as before.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{Height, MatchNo, StateView as _, Transaction, TxId, UnixSeconds, table::Bets};
use bolao_store::{HeaderRecord, KeptBets, Snapshot, StoreError};

use crate::{
    chain::{Chain, ancestor_at, branch_of},
    consensus::hybrid::Checkpoints,
    context::Context,
    error::CoreError,
};

/// The most by which a look may come after its time, in seconds: whoever looks later was not there.
const SLACK_S: u64 = 2;

/// The most bets that are noted. Whoever does not note one is a witness less.
const MAX_NOTED: usize = 1 << 16;

#[derive(Debug, Default)]
pub(crate) struct Kept {
    noted: KeptBets,
    /// When to look next.
    pub(super) next: Option<UnixSeconds>,
    unwritten: Unwritten,
}

/// The kind of change that is not in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Unwritten {
    #[default]
    Nothing,
    /// Some are forgotten.
    Less,
    /// Some are new.
    More,
}

impl Kept {
    pub(super) fn load(snapshot: &Snapshot) -> Result<Self, StoreError> {
        Ok(Self {
            noted: snapshot.kept_bets()?,
            ..Self::default()
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.noted.kept.is_empty()
    }

    /// Takes the bets that are to be written now; `flush` if something else is.
    pub(crate) fn take_unwritten(&mut self, flush: bool) -> Option<&KeptBets> {
        let due = self.unwritten == Unwritten::More || (flush && self.unwritten == Unwritten::Less);
        due.then(|| {
            self.unwritten = Unwritten::Nothing;
            &self.noted
        })
    }

    fn room(&self) -> usize {
        let before = self.noted.before.values().map(BTreeSet::len);
        let noted = before.sum::<usize>().saturating_add(self.noted.kept.len());
        MAX_NOTED.saturating_sub(noted)
    }

    /// Bets that count before a deadline.
    fn note_before(&mut self, key: (MatchNo, UnixSeconds), bets: BTreeSet<TxId>) {
        if !bets.is_empty() {
            self.unwritten = Unwritten::More;
        }
        let bets = bets.into_iter().take(self.room()).collect();
        self.noted.before.insert(key, bets);
    }

    /// Bets that count at their deadline, too. One on several matches has to be in a chain by the first.
    fn keep<'a>(&mut self, bets: impl Iterator<Item = &'a TxId>, deadline: UnixSeconds) {
        for bet in bets {
            let first = self.noted.kept.entry(*bet).or_insert(deadline);
            *first = deadline.min(*first);
            self.unwritten = Unwritten::More;
        }
    }

    /// Forgets those of which this is not so.
    fn retain(&mut self, wanted: impl Fn(&TxId, UnixSeconds) -> bool) {
        let before = self.noted.kept.len();
        self.noted
            .kept
            .retain(|bet, deadline| wanted(bet, *deadline));
        if self.noted.kept.len() < before && self.unwritten == Unwritten::Nothing {
            self.unwritten = Unwritten::Less;
        }
    }
}

/// The bets on a match that count.
fn counting(snapshot: &Snapshot, no: MatchNo) -> Result<BTreeSet<TxId>, StoreError> {
    let bets = snapshot.scan::<Bets>(&no, None, usize::MAX)?;
    Ok(bets.into_iter().map(|(_, bet)| bet.tx).collect())
}

impl Checkpoints {
    /// Notes which bets count, at the times at which that matters.
    pub(super) fn look_kept(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        there: bool,
        tip_moved: bool,
    ) -> Result<(), CoreError> {
        let now = cx.now.unix;
        if !tip_moved && self.kept.next.is_none_or(|next| next > now) {
            return Ok(());
        }
        let kept_s = u64::from(self.rules.kept_s);
        let snapshot = chain.snapshot()?;
        let kept = &mut self.kept;
        let in_time = |at: UnixSeconds| now.0 <= at.0.saturating_add(SLACK_S);
        let mut next: Option<UnixSeconds> = None;
        let mut later = |at: UnixSeconds| next = Some(next.map_or(at, |next| next.min(at)));
        for item in snapshot.items()? {
            let (no, Some(deadline)) = (item.no, item.deadline) else {
                continue;
            };
            let first = UnixSeconds(deadline.0.saturating_sub(kept_s));
            let key = (no, deadline);
            if now < first {
                later(first);
            } else if now < deadline {
                later(deadline);
                if !kept.noted.before.contains_key(&key) {
                    let bets = if there && in_time(first) {
                        counting(&snapshot, no)?
                    } else {
                        BTreeSet::new()
                    };
                    kept.note_before(key, bets);
                }
            } else if let Some(before) = kept.noted.before.remove(&key)
                && there
                && in_time(deadline)
            {
                let still = counting(&snapshot, no)?;
                kept.keep(before.intersection(&still), deadline);
                chain.branches().judge_soon();
            }
        }
        // What was put off meanwhile is not looked at under its old deadline any more.
        kept.noted.before.retain(|(_, deadline), _| *deadline > now);
        kept.next = next;
        Ok(())
    }

    /// Forgets what the new final block has settled.
    pub(super) fn forget_kept(&mut self, chain: &Chain) -> Result<(), CoreError> {
        let snapshot = chain.snapshot()?;
        if self.kept.is_empty() {
            return Ok(());
        }
        let mut held = self.held(&snapshot, chain.tip().height.0, &[])?;
        for (leaf, _) in snapshot.leaves()? {
            let (fork, mut branch) = branch_of(&snapshot, leaf)?;
            let Some(top) = branch.first() else { continue };
            if ancestor_at(&snapshot, **top, self.base.height)? == Some(self.base.hash) {
                branch.reverse();
                held.extend(self.held(&snapshot, fork.height.0, &branch)?);
            }
        }
        let clock = self.clock;
        self.kept
            .retain(|bet, deadline| clock < deadline && held.contains(bet));
        Ok(())
    }

    /// Gives the kept bets that a branch above the last final block holds in time: our chain up to a height, and then `path`, the
    /// lowest block first.
    fn held(
        &self,
        snapshot: &Snapshot,
        up_to: u64,
        path: &[HeaderRecord],
    ) -> Result<BTreeSet<TxId>, StoreError> {
        let mut held = BTreeSet::new();
        let mut ours: BTreeMap<u64, Vec<TxId>> = BTreeMap::new();
        for bet in self.kept.noted.kept.keys() {
            match snapshot.transaction(bet)? {
                Some(record) if record.height <= self.base.height => drop(held.insert(*bet)),
                Some(record) => ours.entry(record.height.0).or_default().push(*bet),
                None => {}
            }
        }
        let mut clock = self.clock;
        let mut note = |time: UnixSeconds, bets: &mut dyn Iterator<Item = TxId>| {
            clock = clock.max(time);
            let kept = &self.kept.noted.kept;
            let counts = |bet: &TxId| kept.get(bet).is_some_and(|end| clock < *end);
            held.extend(bets.filter(counts));
        };
        for height in self.base.height.0.saturating_add(1)..=up_to {
            if let Some(header) = snapshot.header_at(Height(height))? {
                let bets = ours.get(&height).into_iter().flatten().copied();
                note(header.header.time(), &mut bets.into_iter());
            }
        }
        for record in path {
            let block = snapshot.block(&record.hash)?;
            let bets = block.iter().flat_map(|block| &block.transactions);
            note(record.header.time(), &mut bets.map(Transaction::id));
        }
        Ok(held)
    }

    /// A kept bet that a branch lacks, of those whose deadlines are not before `since`.
    pub(super) fn lacks_kept(
        &self,
        snapshot: &Snapshot,
        up_to: u64,
        path: &[HeaderRecord],
        since: Option<UnixSeconds>,
    ) -> Result<Option<TxId>, StoreError> {
        let held = self.held(snapshot, up_to, path)?;
        let mut bets = self.kept.noted.kept.iter();
        let lacking = bets.find(|(bet, deadline)| {
            !held.contains(bet) && since.is_none_or(|since| **deadline >= since)
        });
        Ok(lacking.map(|(bet, _)| *bet))
    }
}
