//! Players.

use std::collections::{BTreeMap, btree_map::Entry};

use axum::Json;
use bolao_answers::Scope;
use bolao_ledger::{Account, AccountId, Action, FoldedName, Height, Invitation, Nonce, StateView};
use bolao_store::{Snapshot, StoreError};

use super::{
    page::{Page, PageQuery, Paging},
    read::{Reply, tagged_json},
    validators::offer,
    views::Lookup,
};
use crate::{
    body::{NonceBody, PlayerBody, PlayerPage, TallyBody},
    extract::InPath,
    problem::Problem,
    state::Api,
};

/// The joins of the blocks that were looked at.
#[derive(Default)]
struct Joins(BTreeMap<Height, BTreeMap<AccountId, Box<Invitation>>>);

impl Joins {
    /// The invitation that an account joined by, if it had one.
    fn invitation(
        &mut self,
        snapshot: &Snapshot,
        id: AccountId,
        account: &Account,
    ) -> Result<Option<Invitation>, StoreError> {
        let joins = match self.0.entry(account.joined) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let block = snapshot.block_at(account.joined)?;
                let transactions = block.map_or_else(Vec::new, |block| block.transactions);
                let joins = transactions
                    .into_iter()
                    .filter_map(|it| match it.body.action {
                        Action::Join { invitation, .. } => Some((it.body.account, invitation?)),
                        _ => None,
                    });
                entry.insert(joins.collect())
            }
        };
        Ok(joins.get(&id).map(|invitation| **invitation))
    }
}

/// A player as the list has it.
fn listed(
    snapshot: &Snapshot,
    joins: &mut Joins,
    id: AccountId,
    account: &Account,
) -> Result<PlayerBody, StoreError> {
    let invitation = joins.invitation(snapshot, id, account)?;
    PlayerBody::new(&mut Lookup::new(snapshot), id, account, invitation.as_ref())
}

/// The players, in order of their keys.
#[utoipa::path(get, path = "/api/v1/players", tag = "pool", params(PageQuery),
    responses((status = OK, body = Page<PlayerBody>)))]
pub(crate) async fn players(api: Api, page: Paging<AccountId>) -> Reply {
    tagged_json(&api, move |_, snapshot| {
        let accounts = snapshot.accounts(page.after, page.wanted())?;
        let mut joins = Joins::default();
        page.page(accounts, |(id, _)| *id)
            .map(|(id, account)| Ok(listed(snapshot, &mut joins, id, &account)?))
    })
    .await
}

/// One player.
#[utoipa::path(get, path = "/api/v1/players/{player}", tag = "pool",
    params(("player" = String, Path, description = "A name, in any case, or an account")),
    responses((status = OK, body = PlayerPage)))]
pub(crate) async fn player(api: Api, InPath(player): InPath<String>) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let (id, account) = find_player(snapshot, &player)?;
        let rules = api.rules();
        let table = api.tables.get(snapshot, rules, Scope::Pool)?;
        let place = table.places.iter().find(|place| place.account == id);
        let place = place.ok_or_else(Problem::internal)?;
        // Genesis bounds how many matches there are.
        let bets = snapshot.bets_of_account(&id, None, usize::MAX)?;
        let mut staked = 0_u64;
        for (no, bet) in bets.iter().filter(|(_, bet)| bet.stake.0 > 0) {
            let paid = snapshot
                .result(*no)?
                .is_some_and(|result| result.is_settled());
            staked = staked.saturating_add(if paid { 0 } else { bet.stake.0 });
        }
        Ok(PlayerPage {
            player: listed(snapshot, &mut Joins::default(), id, &account)?,
            standing: TallyBody::new(&table, place),
            players: table.places.len(),
            provisional: table.provisional,
            bets: bets.len(),
            staked,
            offer: offer(snapshot, &id)?,
        })
    })
    .await
}

/// The player with a name or account.
pub(super) fn find_player(snapshot: &Snapshot, who: &str) -> Result<(AccountId, Account), Problem> {
    let by_name = match FoldedName::of(who) {
        Ok(name) => snapshot.name_owner(&name)?,
        Err(_) => None,
    };
    // A name that looks like an account must not hide the account.
    let id = who.parse().ok().or(by_name);
    let found = match id {
        Some(id) => snapshot.account(&id)?.map(|account| (id, account)),
        None => None,
    };
    found.ok_or_else(|| {
        let who: String = who.chars().take(80).collect();
        Problem::not_found(format!("nobody has joined this pool as {who:?}"))
    })
}

/// The nonce that an account's next transaction must carry, waiting ones included.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/nonce", tag = "pool",
    params(("account" = String, Path, description = "An account, in bech32m; it need not have joined")),
    responses((status = OK, body = NonceBody)))]
pub(crate) async fn nonce(
    api: Api,
    InPath(account): InPath<String>,
) -> Result<Json<NonceBody>, Problem> {
    let id: AccountId = account
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}")))?;
    let body = api.read_few(|snapshot| {
        let account = snapshot.account(&id)?;
        let confirmed_nonce = account
            .as_ref()
            .map_or(Nonce::ZERO, |account| account.next_nonce);
        Ok(NonceBody {
            account: id,
            joined: account.is_some(),
            confirmed_nonce: confirmed_nonce.0,
            next_nonce: snapshot.next_nonce(&id)?.0,
        })
    })?;
    Ok(Json(body))
}
