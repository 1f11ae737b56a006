//! Nonces of players.

use axum::Json;
use bolao_ledger::{AccountId, Nonce, StateView as _};

use crate::{body::NonceBody, extract::InPath, problem::Problem, state::Api};

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
