//! Players.

use axum::{Json, extract::State, response::Response};
use bolao_ledger::{Account, AccountId, FoldedName, Nonce, StateView};
use bolao_store::Snapshot;

use super::{
    page::{self, Page, PageQuery},
    read::chain_json,
};
use crate::{
    body::{NonceBody, PlayerBody, PlayerPage, TallyBody},
    extract::{InPath, InQuery},
    problem::{Problem, ProblemBody},
    ranking::Scope,
    state::Api,
};

impl PlayerBody {
    pub(crate) fn new(id: AccountId, account: &Account) -> Self {
        Self {
            account: id,
            name: account.name.as_str().to_owned(),
            joined: account.joined.0,
            chips: account.chips.0,
            next_nonce: account.next_nonce.0,
        }
    }
}

/// The players, in order of their keys.
#[utoipa::path(get, path = "/api/v1/players", tag = "pool", params(PageQuery), responses(
    (status = OK, body = Page<PlayerBody>),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn players(
    State(api): State<Api>,
    InQuery(query): InQuery<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<AccountId> = page::after(query.cursor.as_deref())?;
    chain_json(&api, move |snapshot| {
        let accounts = snapshot.accounts(after, limit.saturating_add(1))?;
        Page::of(accounts, limit, |(id, _)| *id)
            .map(|(id, account)| Ok(PlayerBody::new(id, &account)))
    })
    .await
}

/// One player.
#[utoipa::path(get, path = "/api/v1/players/{player}", tag = "pool",
    params(("player" = String, Path, description = "A name, in any case, or an account")),
    responses(
        (status = OK, body = PlayerPage),
        (status = NOT_MODIFIED, description = "The client's ETag is current"),
        (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn player(
    State(api): State<Api>,
    InPath(player): InPath<String>,
) -> Result<Response, Problem> {
    let shared = api.clone();
    chain_json(&api, move |snapshot| {
        let (id, account) = find_player(snapshot, &player)?;
        let rules = &shared.backend.reader().genesis().rules;
        let table = shared.tables.get(snapshot, rules, Scope::Pool)?;
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
            player: PlayerBody::new(id, &account),
            standing: TallyBody::new(&table, place),
            players: table.places.len(),
            provisional: table.provisional,
            bets: bets.len(),
            staked,
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
    responses(
        (status = OK, body = NonceBody),
        (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn nonce(
    State(api): State<Api>,
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
