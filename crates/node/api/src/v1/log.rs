//! What organisers did.

use bolao_ledger::{StateView, table::Acts};
use bolao_store::StoreError;

use super::{
    page::{Page, PageQuery, Paging},
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{body::ActBody, state::Api};

/// Everything that organisers did, the last act first.
#[utoipa::path(get, path = "/api/v1/log", tag = "pool", params(PageQuery),
    responses((status = OK, body = Page<ActBody>)))]
pub(crate) async fn log(api: Api, page: Paging<u64>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let count = snapshot.totals()?.acts;
        let end = page.after.map_or(count, |before| before.min(count));
        let acts = (0..end)
            .rev()
            .take(page.wanted())
            .filter_map(|seq| {
                let act = snapshot.get::<Acts>(&seq).transpose()?;
                Some(act.map(|act| (seq, act)))
            })
            .collect::<Result<_, StoreError>>()?;
        let mut lookup = Lookup::new(snapshot);
        let rules = &api.backend.reader().genesis().rules;
        page.page(acts, |(seq, _)| *seq)
            .map(|(seq, act)| Ok(ActBody::new(&mut lookup, rules, seq, &act)?))
    })
    .await
}
