//! One player's chips.

use bolao_ledger::StateView as _;
use bolao_store::StoreError;

use super::{
    page::{Page, PageQuery, Paging},
    players::find_player,
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{body::HistoryBody, extract::InPath, state::Api};

/// The changes of a player's chips, the last one first.
#[utoipa::path(get, path = "/api/v1/players/{player}/history", tag = "pool", operation_id = "player_history",
    params(("player" = String, Path, description = "A name, in any case, or an account"), PageQuery),
    responses((status = OK, body = Page<HistoryBody>)))]
pub(crate) async fn history(api: Api, InPath(player): InPath<String>, page: Paging<u64>) -> Reply {
    tagged_json(&api, move |_, snapshot| {
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
