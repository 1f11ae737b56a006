//! One player's chips.

use bolao_ledger::{Cause, HistoryEntry, StateView as _};
use bolao_store::StoreError;

use super::{
    page::{Page, PageQuery, Paging},
    players::find_player,
    read::{Reply, chain_json},
    views::Lookup,
};
use crate::{
    body::{CauseKind, HistoryBody, moment},
    extract::InPath,
    state::Api,
};

impl HistoryBody {
    fn new(lookup: &mut Lookup<'_>, seq: u64, entry: &HistoryEntry) -> Result<Self, StoreError> {
        use CauseKind as K;
        let (cause, gained, about, other) = match entry.cause {
            Cause::Joined => (K::Joined, true, None, None),
            Cause::Staked(no) => (K::Staked, false, Some(no), None),
            Cause::Freed(no) => (K::Freed, true, Some(no), None),
            Cause::Won(no) => (K::Won, true, Some(no), None),
            Cause::Refunded(no) => (K::Refunded, true, Some(no), None),
            Cause::Sent(to) => (K::Sent, false, None, Some(to)),
            Cause::Received(from) => (K::Received, true, None, Some(from)),
            Cause::Locked => (K::Locked, false, None, None),
            Cause::Unlocked => (K::Unlocked, true, None, None),
        };
        let amount = i64::try_from(entry.amount.0).unwrap_or(i64::MAX);
        Ok(Self {
            seq,
            cause,
            r#match: about.map(|no| lookup.code(no)).transpose()?,
            other: other.map(|id| lookup.player(&id)).transpose()?,
            change: if gained { amount } else { -amount },
            balance: entry.balance.0,
            height: entry.height.0,
            time: moment(entry.time),
        })
    }
}

/// The changes of a player's chips, the last one first.
#[utoipa::path(get, path = "/api/v1/players/{player}/history", tag = "pool", operation_id = "player_history",
    params(("player" = String, Path, description = "A name, in any case, or an account"), PageQuery),
    responses((status = OK, body = Page<HistoryBody>)))]
pub(crate) async fn history(api: Api, InPath(player): InPath<String>, page: Paging<u64>) -> Reply {
    chain_json(&api, move |_, snapshot| {
        let (id, account) = find_player(snapshot, &player)?;
        let end = page
            .after
            .map_or(account.history, |before| before.min(account.history));
        let entries = (0..end)
            .rev()
            .take(page.wanted())
            .filter_map(|seq| {
                let entry = snapshot.history_line(&id, seq).transpose()?;
                Some(entry.map(|entry| (seq, entry)))
            })
            .collect::<Result<_, StoreError>>()?;
        let mut lookup = Lookup::new(snapshot);
        page.page(entries, |(seq, _)| *seq)
            .map(|(seq, entry)| Ok(HistoryBody::new(&mut lookup, seq, &entry)?))
    })
    .await
}
