//! Stages, and who tipped what in them.

use bolao_ledger::StateView as _;
use bolao_store::StoreError;

use super::{
    game::now,
    page::{Page, PageQuery, Paging},
    read::{Reply, tagged_json},
    standings::{TableQuery, find_stage, index_cursor, next_index, table},
    views::Lookup,
};
use crate::{
    body::{BasisBody, CellBody, MatchBody, MatrixBody, MatrixRow, RoundBody, StandingBody},
    extract::InPath,
    state::Api,
};

/// Cells of one page of the matrix; a page ends before the player who would go beyond.
const CELLS_A_PAGE: usize = 20_000;

/// The stages with their matches, in the order in which they begin.
#[utoipa::path(get, path = "/api/v1/rounds", tag = "pool", params(PageQuery),
    responses((status = OK, body = Page<RoundBody>)))]
pub(crate) async fn rounds(api: Api, page: Paging<u64>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let rules = api.rules();
        let first = next_index(page.after);
        let mut stages = bolao_answers::rounds(snapshot, rules)?
            .into_iter()
            .skip(first);
        let items: Vec<RoundBody> = stages
            .by_ref()
            .take(page.limit)
            .map(|(stage, games)| RoundBody::new(rules, &stage, &games))
            .collect();
        let next = first.saturating_add(items.len());
        Ok(Page {
            items,
            next_cursor: stages.next().map(|_| index_cursor(next)),
        })
    })
    .await
}

/// Everybody's bets on the matches of a stage with what they earned, in order of the stage's
/// standings. A page may be shorter than `limit` where the stage has many matches.
#[utoipa::path(get, path = "/api/v1/rounds/{stage}/matrix", tag = "pool",
    params(("stage" = String, Path, description = "The stage, in any case"), PageQuery),
    responses((status = OK, body = MatrixBody)))]
pub(crate) async fn matrix(api: Api, InPath(stage): InPath<String>, page: Paging<u64>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let rules = api.rules();
        let stage = find_stage(snapshot, rules, &stage)?;
        let games = bolao_answers::round(snapshot, rules, &stage)?;
        let which = TableQuery {
            stage: Some(stage.to_string()),
            from: None,
        };
        let table = table(api, snapshot, &which)?;
        let first = next_index(page.after);
        let places = table.places.get(first..).unwrap_or_default();
        let rows = CELLS_A_PAGE / games.len().max(1);
        let items: Vec<MatrixRow> = places
            .iter()
            .take(page.limit.min(rows.max(1)))
            .map(|place| {
                let line = StandingBody::new(snapshot, &table, place)?;
                let cells = games.iter().map(|game| {
                    let bet = snapshot.bet(game.no(), &place.account)?;
                    Ok(bet.map(|bet| CellBody::new(rules, game, &bet)))
                });
                Ok(MatrixRow {
                    player: line.player,
                    tally: line.tally,
                    cells: cells.collect::<Result<_, StoreError>>()?,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let (mut lookup, now) = (Lookup::new(snapshot), now(snapshot)?);
        Ok(MatrixBody {
            stage: stage.to_string(),
            basis: BasisBody::new(&snapshot.tip()?.hash, &table),
            matches: games
                .iter()
                .map(|game| MatchBody::new(&mut lookup, game, now))
                .collect::<Result<_, StoreError>>()?,
            next_cursor: (places.len() > items.len())
                .then(|| index_cursor(first.saturating_add(items.len()))),
            items,
        })
    })
    .await
}
