//! Bets, with what they earned: one page of them, by match or by player or all.

use std::collections::{BTreeMap, btree_map::Entry};

use bolao_answers::Game;
use bolao_ledger::{AccountId, Bet, MatchNo, Rules, StateView};
use bolao_store::Snapshot;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    matches::{find_match, no_match},
    page::{Page, PageQuery, Paging},
    players::find_player,
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::BetBody,
    extract::{InPath, InQuery},
    problem::Problem,
    state::Api,
};

/// A query of bets, and of a page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct BetsQuery {
    /// Only those on the match with this code.
    r#match: Option<String>,
    /// Only those of this player: a name or an account.
    player: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    limit: Option<u16>,
}

/// A bet's place in every list.
type BetKey = (MatchNo, AccountId);

/// The standing bets, in order of matches, then of accounts.
#[utoipa::path(get, path = "/api/v1/bets", tag = "pool", params(BetsQuery),
    responses((status = OK, body = Page<BetBody>)))]
pub(crate) async fn bets(api: Api, InQuery(query): InQuery<BetsQuery>) -> Reply {
    let page = Paging::of(query.limit, query.cursor.as_deref())?;
    answer(&api, query.r#match, query.player, page).await
}

/// Everybody's standing bets on a match with what they earned, in order of the accounts. Sealed
/// ones are shown as sealed until they are opened.
#[utoipa::path(get, path = "/api/v1/matches/{code}/tips", tag = "pool", operation_id = "match_tips",
    params(("code" = String, Path, description = "The match's code, in any case"), PageQuery),
    responses((status = OK, body = Page<BetBody>)))]
pub(crate) async fn of_match(
    api: Api,
    InPath(code): InPath<String>,
    page: Paging<BetKey>,
) -> Reply {
    answer(&api, Some(code), None, page).await
}

/// A player's standing bets with what they earned, in order of matches.
#[utoipa::path(get, path = "/api/v1/players/{player}/bets", tag = "pool", operation_id = "player_bets",
    params(("player" = String, Path, description = "A name, in any case, or an account"), PageQuery),
    responses((status = OK, body = Page<BetBody>)))]
pub(crate) async fn of_player(
    api: Api,
    InPath(player): InPath<String>,
    page: Paging<BetKey>,
) -> Reply {
    answer(&api, None, Some(player), page).await
}

async fn answer(
    api: &Api,
    game: Option<String>,
    player: Option<String>,
    page: Paging<BetKey>,
) -> Reply {
    tagged_json(api, move |api, snapshot| {
        let game = game
            .as_deref()
            .map(|code| find_match(snapshot, code))
            .transpose()?;
        let player = player
            .as_deref()
            .map(|who| find_player(snapshot, who))
            .transpose()?;
        let wanted = page.wanted();
        let found: Vec<(BetKey, Bet)> = match (game, player) {
            (Some(no), Some((account, _))) => {
                let key = (no, account);
                let bet = snapshot.bet(no, &account)?;
                let ahead = page.after.is_none_or(|after| key > after);
                bet.filter(|_| ahead)
                    .map(|bet| (key, bet))
                    .into_iter()
                    .collect()
            }
            (None, Some((account, _))) => snapshot
                .bets_of_account(&account, page.after.map(|(no, _)| no), wanted)?
                .into_iter()
                .map(|(no, bet)| ((no, account), bet))
                .collect(),
            (game, None) => bets_by_match(snapshot, game, page.after, wanted)?,
        };
        bet_page(snapshot, api.rules(), found, &page)
    })
    .await
}

/// A page of bets, of which one more than `limit` was read.
fn bet_page(
    snapshot: &Snapshot,
    rules: &Rules,
    found: Vec<(BetKey, Bet)>,
    page: &Paging<BetKey>,
) -> Result<Page<BetBody>, Problem> {
    let mut lookup = Lookup::new(snapshot);
    let mut games: BTreeMap<MatchNo, Game> = BTreeMap::new();
    page.page(found, |(key, _)| *key)
        .map(|((no, account), bet)| {
            let game = match games.entry(no) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(
                    Game::load(snapshot, rules, no)?.ok_or_else(|| no_match(&no.to_string()))?,
                ),
            };
            Ok(BetBody::new(&mut lookup, rules, game, &account, &bet)?)
        })
}

fn bets_by_match(
    snapshot: &Snapshot,
    only: Option<MatchNo>,
    after: Option<BetKey>,
    wanted: usize,
) -> Result<Vec<(BetKey, Bet)>, Problem> {
    let numbers: Vec<MatchNo> = if let Some(no) = only {
        vec![no]
    } else {
        let games = snapshot.matches()?;
        games
            .iter()
            .filter(|game| game.bets > 0)
            .map(|game| game.fixture.no)
            .collect()
    };
    let mut found = Vec::new();
    for no in numbers {
        let from = match after {
            Some((last, _)) if last > no => continue,
            Some((last, account)) if last == no => Some(account),
            _ => None,
        };
        let room = wanted.saturating_sub(found.len());
        if room == 0 {
            break;
        }
        let bets = snapshot.bets_of_match(no, from, room)?;
        found.extend(bets.into_iter().map(|(account, bet)| ((no, account), bet)));
    }
    Ok(found)
}
