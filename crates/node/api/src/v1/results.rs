//! What became of a match: every record, and what players object to.

use bolao_ledger::{
    AccountId, StateView,
    table::{Objections, ResultVersions},
};

use super::{
    matches::{find_game, find_match},
    page::{Page, PageQuery, Paging},
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{ObjectionBody, VersionBody},
    extract::InPath,
    state::Api,
};

/// Every record that a match ever had, the first one first.
#[utoipa::path(get, path = "/api/v1/matches/{code}/results", tag = "pool", operation_id = "match_results",
    params(("code" = String, Path, description = "The match's code, in any case"), PageQuery),
    responses((status = OK, body = Page<VersionBody>)))]
pub(crate) async fn results(api: Api, InPath(code): InPath<String>, page: Paging<u32>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let rules = api.rules();
        let game = find_game(snapshot, rules, &code)?;
        let after = page.after.map(|version| (game.no(), version));
        let versions =
            snapshot.scan::<ResultVersions>(&game.no(), after.as_ref(), page.wanted())?;
        let mut lookup = Lookup::new(snapshot);
        page.page(versions, |((_, version), _)| *version)
            .map(|((_, version), record)| {
                Ok(VersionBody::new(
                    &mut lookup,
                    rules,
                    &game,
                    version,
                    record,
                )?)
            })
    })
    .await
}

/// The objections to a match's records, in order of the records, then of the accounts.
#[utoipa::path(get, path = "/api/v1/matches/{code}/objections", tag = "pool", operation_id = "match_objections",
    params(("code" = String, Path, description = "The match's code, in any case"), PageQuery),
    responses((status = OK, body = Page<ObjectionBody>)))]
pub(crate) async fn objections(
    api: Api,
    InPath(code): InPath<String>,
    page: Paging<(u32, AccountId)>,
) -> Reply {
    tagged_json(&api, move |_, snapshot| {
        let no = find_match(snapshot, &code)?;
        let after = page.after.map(|(version, id)| (no, version, id));
        let found = snapshot.scan::<Objections>(&no, after.as_ref(), page.wanted())?;
        let mut lookup = Lookup::new(snapshot);
        page.page(found, |((_, version, id), _)| (*version, *id))
            .map(|((_, version, id), objection)| {
                Ok(ObjectionBody::new(&mut lookup, version, &id, &objection)?)
            })
    })
    .await
}
