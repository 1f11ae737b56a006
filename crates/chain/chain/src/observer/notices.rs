//! Nothing that people counted on is taken from them in silence.
//!
//! - When blocks are taken off the chain, the store keeps what they had left of names, matches, bets and results. Once
//!   the new branch is here (a download is waited for, but not for ever), each entry is compared with what is there now.
//!   Where they differ there is a notice: kept on disk, sent as an event.
//! - A transaction that was given to this node and is dropped before any block holds it is noticed: it may have taken others of
//!   its account with it. So is a bet of such a transaction that is void in its block.
//! - A bet on a match that has not begun is waited for as long as its transaction waits for a block: another block will
//!   hold it. So is the opening of a sealed bet, until the time for openings is over.
//! - A block may name any time from the median of the eleven before on. Bets that this node had not seen in time, in a
//!   block that comes after their match has begun, are noticed too: their block may be dated back. Seen in time is what
//!   a block could hold here before the match began, and what was in a block of that time on the branch that is left; not
//!   what waited for lower nonces, nor what was void. A block that
//!   comes by sync is judged so only if the node was in touch with others at that time or in step with them after it, or if
//!   its own chain had passed it. More of blocks' times: [`super::times`].
//! - Every move of a kick-off is noticed when its block is connected.

mod own;

use std::{collections::BTreeMap, sync::Arc};

use bolao_ledger::{
    AccountId, AffectedAccounts, AppliedBlock, Bet, Block, Height, Item, MatchNo, Placed, Rules,
    StateKey, StateView as _, TxId, UnixSeconds, decode,
    table::{Acts, Bets, Matches, Names, Results, Table},
};
use bolao_store::{Notice, NoticedChange, PlacedBet, Reader, Snapshot, StoreError, Tables};

pub(crate) use own::of_own;

use crate::io::Now;

/// The time for which a download may keep us from comparing, in milliseconds.
const PATIENCE_MS: u64 = 30_000;
/// So long a move of a match is news, in seconds: a week.
const NEWS_S: u64 = 7 * 86_400;
/// Between two looks while something waits, in milliseconds.
const LOOK_MS: u64 = 10_000;
/// The most notices of one look; the rest is counted.
const MAX_AT_ONCE: usize = 250;

/// The facts that the core keeps for its notices.
#[derive(Debug)]
pub(super) struct Noticing {
    /// Whether blocks were taken off and not compared yet.
    open: bool,
    next_look_ms: u64,
    patience_ends_ms: u64,
}

/// Matches that had begun when a block came, with the ends of their betting.
pub(crate) type BettingClosed = BTreeMap<MatchNo, UnixSeconds>;

impl Noticing {
    pub(super) fn new(now: Now, open: bool) -> Self {
        Self {
            open,
            next_look_ms: 0,
            patience_ends_ms: now.mono_ms.saturating_add(PATIENCE_MS),
        }
    }

    /// When there may be something to say although nothing happens.
    pub(super) fn times(&self) -> impl Iterator<Item = u64> {
        let times = [self.next_look_ms, self.patience_ends_ms];
        times.into_iter().filter(|_| self.open)
    }

    /// The tip has moved.
    pub(super) fn moved(&mut self, now_ms: u64, blocks_taken_off: bool) {
        self.next_look_ms = 0;
        if blocks_taken_off && !self.open {
            self.open = true;
            self.patience_ends_ms = now_ms.saturating_add(PATIENCE_MS);
        }
    }
}

/// The late bets of a block that is about to be connected, if there are any that this node had not seen in time. `seen`:
/// since when a block could hold a transaction here.
pub(crate) fn late_bets(
    closed: &BettingClosed,
    seen: impl Fn(&TxId) -> Option<UnixSeconds>,
    height: Height,
    block: &Block,
) -> Option<NoticedChange> {
    let time = block.header.time();
    let mut matches = Vec::new();
    for transaction in &block.transactions {
        let placed = transaction.body.action.placed().into_iter();
        let ends = placed.filter_map(|bet| Some((bet.match_no, *closed.get(&bet.match_no)?)));
        let mut ends = ends.filter(|(_, end)| time < *end).peekable();
        if ends.peek().is_some() {
            let seen = seen(&transaction.id());
            let late = ends.filter(|(_, end)| seen.is_none_or(|at| at >= *end));
            matches.extend(late.map(|(no, _)| no));
        }
    }
    matches.sort_unstable();
    matches.dedup();
    (!matches.is_empty()).then(|| NoticedChange::LateBets {
        block: block.hash(),
        height,
        time,
        matches,
    })
}

/// Gives what organisers' acts in a block that was just connected have changed, but for records that they made. What happened long
/// ago is no news, as to a node that fetches a whole chain. Of more than a look may notice, those with less notice than the rules ask
/// for come first.
pub(crate) fn signed(
    tables: &Tables<'_>,
    rules: &Rules,
    now: Now,
    applied: &AppliedBlock<'_>,
) -> Result<Vec<NoticedChange>, StoreError> {
    let (mut acts, height) = (Vec::new(), applied.height());
    let mut changed = applied.delta().changes.keys();
    if !changed.any(|key| key.first() == Some(&Acts::ID)) {
        return Ok(Vec::new());
    }
    for seq in (0..tables.totals()?.acts).rev() {
        let Some(act) = tables.get::<Acts>(&seq)? else {
            break;
        };
        if act.height != height || now.unix.0 > act.time.0.saturating_add(NEWS_S) {
            break;
        }
        if act.is_told(rules) {
            acts.push(act);
        }
    }
    acts.reverse();
    let more = acts.len().saturating_sub(MAX_AT_ONCE);
    if more > 0 {
        acts.sort_by_key(|act| !act.is_short(rules));
        acts.truncate(MAX_AT_ONCE);
    }
    let told = acts.into_iter().map(Box::new).map(NoticedChange::Signed);
    let count = u64::try_from(more).unwrap_or(u64::MAX);
    let more = (more > 0).then_some(NoticedChange::More { count });
    Ok(told.chain(more).collect())
}

/// Keeps what was noticed while blocks were connected, and gives it with its number.
pub(crate) fn keep(
    tables: &mut Tables<'_>,
    now: Now,
    height: Height,
    change: NoticedChange,
) -> Result<(u64, Arc<Notice>), StoreError> {
    let notice = Notice {
        time: now.unix,
        height,
        change,
    };
    Ok((tables.put_notice(&notice)?, Arc::new(notice)))
}

/// An entry of a table, if it is one of this table.
fn entry<T: Table>(key: &[u8], value: &[u8]) -> Option<(T::Key, T::Value)> {
    let (table, mut rest) = key.split_first()?;
    let key = T::Key::read(&mut rest).filter(|_| *table == T::ID && rest.is_empty())?;
    Some((key, decode(value).ok()?))
}

fn placed(bet: &Bet) -> PlacedBet {
    PlacedBet {
        prediction: bet.prediction(),
        stake: bet.stake,
    }
}

/// Compares entries with the state.
struct Comparison<'a> {
    state: &'a Snapshot,
    /// Items as they were.
    were: BTreeMap<MatchNo, Item>,
    now: UnixSeconds,
    rules: &'a Rules,
    changes: Vec<NoticedChange>,
}

impl Comparison<'_> {
    /// Notes what became of an entry. False while it may come back by itself.
    fn is_settled(&mut self, key: &[u8], value: &[u8]) -> Result<bool, StoreError> {
        if let Some(((no, player), was)) = entry::<Bets>(key, value) {
            let is = self.state.bet(no, &player)?;
            return self.is_bet_settled(no, player, &was, is.as_ref());
        }
        if let Some((no, was)) = entry::<Results>(key, value) {
            let is = self.state.result(no)?.map(|result| result.outcome);
            let was = was.outcome;
            if is.as_ref() != Some(&was)
                && let Some(about) = self.item(no)?
            {
                let about = about.into();
                self.changes.push(NoticedChange::Result { about, was, is });
            }
        } else if let Some((no, was)) = entry::<Matches>(key, value) {
            let is = self.state.match_by_no(no)?.map(|game| game.fixture);
            let was = was.fixture;
            if is.as_ref() != Some(&was) {
                self.changes.push(NoticedChange::Schedule { was, is });
            }
        } else if let Some((name, was)) = entry::<Names>(key, value) {
            let is = self.state.name_owner(&name)?;
            let waiting = self.state.pending_of(&was)?;
            let first = waiting.first().map(|first| first.body.action.concerns());
            if is.is_none() && first == Some(AffectedAccounts::Newcomers) {
                return Ok(false);
            }
            if is != Some(was) {
                self.changes.push(NoticedChange::Name { name, was, is });
            }
        } else {
            tracing::error!("an entry that blocks had left cannot be read");
        }
        Ok(true)
    }

    fn is_bet_settled(
        &mut self,
        no: MatchNo,
        player: AccountId,
        was: &Bet,
        is: Option<&Bet>,
    ) -> Result<bool, StoreError> {
        let item = self.state.item(no)?;
        if let Some(is) = is {
            let opened = |bet: &Bet| matches!(bet.placed, Placed::Open(_));
            if is.tx == was.tx {
                // The same bet. If its opening is lost, it can be opened again for some time.
                let end = item.as_ref();
                let end = end.and_then(|item| item.openings_end(self.rules.opening_window_s));
                if !opened(was) || opened(is) {
                    return Ok(true);
                }
                if end.is_none_or(|end| self.now <= end) {
                    return Ok(false);
                }
            } else if opened(was) && opened(is) && placed(was) == placed(is) {
                return Ok(true);
            }
        }
        let Some(about) = self.item(no)? else {
            return Ok(true);
        };
        let begun = about.has_begun_at(self.now)
            || item.is_some_and(|item| !item.is_open_at(self.now, self.rules));
        if !begun && self.state.pending_transaction(&was.tx)?.is_some() {
            return Ok(false);
        }
        // Both are on this branch, the one that counts behind the other: the player has replaced his bet himself.
        if !begun
            && let (Some(is), Some(before)) = (is, self.state.transaction(&was.tx)?)
            && let Some(after) = self.state.transaction(&is.tx)?
            && (after.height, after.index) > (before.height, before.index)
        {
            return Ok(true);
        }
        self.changes.push(NoticedChange::Bet {
            about: about.into(),
            player,
            was: placed(was),
            is: is.map(placed),
            begun,
        });
        Ok(true)
    }

    /// The item with a number, as it was, else as it is.
    fn item(&self, no: MatchNo) -> Result<Option<Item>, StoreError> {
        match self.were.get(&no) {
            Some(item) => Ok(Some(item.clone())),
            None => self.state.item(no),
        }
    }
}

/// Ranks a change: what matters to most people comes first, should there be too many.
fn rank(change: &NoticedChange) -> u8 {
    match change {
        NoticedChange::LateBets { .. }
        | NoticedChange::Dated { .. }
        | NoticedChange::HeldBack { .. }
        | NoticedChange::Mended { .. }
        | NoticedChange::Dropped { .. }
        | NoticedChange::BetsDropped { .. }
        | NoticedChange::Void { .. }
        | NoticedChange::LateAct { .. }
        | NoticedChange::Link { .. }
        | NoticedChange::Logged(_)
        | NoticedChange::Result { .. } => 0,
        NoticedChange::Signed(_) | NoticedChange::Schedule { .. } => 1,
        NoticedChange::Name { .. } => 2,
        NoticedChange::Bet { begun, .. } => 3 + u8::from(!begun),
        NoticedChange::More { .. } => u8::MAX,
    }
}

/// The end of entries that blocks had left which were taken off.
#[derive(Debug)]
pub(crate) struct Settled {
    /// Their keys, which need not be kept any more.
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) changes: Vec<NoticedChange>,
}

impl Noticing {
    /// Compares what blocks that were taken off had left with what is there now, and notes what differs, for the chain to keep.
    /// `syncing`: whether a download is on its way.
    pub(super) fn compare_taken_back(
        &mut self,
        reader: &Reader,
        rules: &Rules,
        now: Now,
        syncing: bool,
    ) -> Result<Option<Settled>, StoreError> {
        let mono = now.mono_ms;
        let waits = syncing && mono < self.patience_ends_ms;
        if !self.open || waits || mono < self.next_look_ms {
            return Ok(None);
        }
        self.next_look_ms = mono.saturating_add(LOOK_MS);
        let snapshot = reader.snapshot()?;
        let kept = snapshot.taken_back()?;
        let were = kept.iter().filter_map(|(key, value)| {
            let (no, game) = entry::<Matches>(key, value)?;
            Some((no, game.into()))
        });
        let mut comparison = Comparison {
            were: were.collect(),
            state: &snapshot,
            now: now.unix,
            rules,
            changes: Vec::new(),
        };
        let (mut done, before) = (Vec::new(), kept.len());
        for (key, value) in kept {
            if comparison.is_settled(&key, &value)? {
                done.push(key);
            }
        }
        let mut changes = comparison.changes;
        self.open = done.len() < before;
        if done.is_empty() {
            return Ok(None);
        }
        changes.sort_by_key(rank);
        let more = changes.len().saturating_sub(MAX_AT_ONCE);
        if more > 0 {
            changes.truncate(MAX_AT_ONCE);
            let count = u64::try_from(more).unwrap_or(u64::MAX);
            changes.push(NoticedChange::More { count });
        }
        Ok(Some(Settled {
            entries: done,
            changes,
        }))
    }
}
