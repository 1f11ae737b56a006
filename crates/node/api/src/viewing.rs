//! Who may look where the home lets only players: this machine, its owner's programs, and browsers with a player's pass.
//!
//! A pass is a word that the player has signed, in a cookie: so whatever a browser asks for carries it, events and downloads too.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bolao_ledger::{AccountId, Action, PoolId, Signature, StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use bolao_wallet::{LOOK, is_word_signed};
use http::{HeaderMap, HeaderValue, Method, header};
use quick_cache::sync::Cache;

use crate::{
    Code,
    body::Viewers,
    guard::is_local,
    problem::Problem,
    state::Api,
    v1::{game::clock, mine::carries_token},
};

/// The cookie's name begins so; the pool's id follows, since all ports of a host share their cookies.
const COOKIE: &str = "bolao-look-";
/// The longest time for which a pass is good, in seconds: thirty days.
const GOOD_S: u64 = 30 * 86_400;
/// The most seconds by which the clock that dated a pass may be ahead.
const AHEAD_S: u64 = 3_600;
/// Passes whose signatures are remembered.
const PASSES: usize = 1_024;

/// Routes that joining needs, moving a player to another device, and finding out what this is.
const OPEN: [(Method, &str); 15] = [
    (Method::GET, "/api/v1/pool"),
    (Method::GET, "/api/v1/pool/genesis"),
    (Method::GET, "/api/v1/pool/rules"),
    (Method::GET, "/api/v1/status"),
    (Method::GET, "/api/v1/invitations/{ticket}"),
    (Method::POST, "/api/v1/invitations"),
    (Method::GET, "/api/v1/accounts/{account}/nonce"),
    (Method::POST, "/api/v1/transactions"),
    (Method::GET, "/api/v1/transactions/{id}"),
    (Method::POST, "/api/v1/handovers"),
    (Method::DELETE, "/api/v1/handovers/{id}"),
    (Method::GET, "/api/v1/openapi.json"),
    (Method::GET, "/api/docs"),
    (Method::GET, "/api/docs/"),
    (Method::GET, "/api/docs/{*rest}"),
];

/// Marks a request of somebody who sees only what is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outsider;

/// The passes whose signatures are known to be good.
pub(crate) struct Passes(Cache<String, ()>);

impl Default for Passes {
    fn default() -> Self {
        Self(Cache::new(PASSES))
    }
}

/// Refuses whoever may not look, but for what is open.
pub(crate) async fn viewing(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    if api.backend.viewers() == Viewers::Everybody {
        return next.run(request).await;
    }
    match may_look(&api, &request) {
        Ok(true) => {}
        Ok(false) if is_open(&request) => {
            request.extensions_mut().insert(Outsider);
        }
        Ok(false) => {
            let challenge = [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))];
            let problem = Problem::coded(
                Code::PlayersOnly,
                "only players can look at this pool: join it by an invitation link, or bring your player to this device",
            );
            return (challenge, problem).into_response();
        }
        Err(error) => return Problem::from(error).into_response(),
    }
    next.run(request).await
}

fn is_open(request: &Request) -> bool {
    let method = match request.method() {
        &Method::HEAD => &Method::GET,
        method => method,
    };
    let path = request.extensions().get::<MatchedPath>();
    let mut open = OPEN.iter();
    path.is_some_and(|path| open.any(|it| it.0 == method && it.1 == path.as_str()))
}

fn may_look(api: &Api, request: &Request) -> Result<bool, StoreError> {
    let headers = request.headers();
    if is_local(request) || carries_token(headers, api.backend.token()) {
        return Ok(true);
    }
    let reader = api.backend.reader();
    let pool = reader.pool_id();
    let Some(given) = cookie(headers, &format!("{COOKIE}{pool}=")) else {
        return Ok(false);
    };
    match Pass::of(given) {
        Some(pass) if pass.is_in_time(clock()) && api.passes.is_signed(given, &pass, pool) => {
            plays(api, &reader.snapshot()?, &pass.account)
        }
        _ => Ok(false),
    }
}

/// The cookie that begins so, without that.
fn cookie<'a>(headers: &'a HeaderMap, begin: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter();
    let mut each = all
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(';'));
    each.find_map(|it| it.trim().strip_prefix(begin))
}

/// Whether an account is a player's or an organiser's, or its joining, which was tried, waits for a block.
fn plays(api: &Api, snapshot: &Snapshot, account: &AccountId) -> Result<bool, StoreError> {
    let genesis = api.backend.reader().genesis();
    if snapshot.account(account)?.is_some() || snapshot.organisers(genesis)?.contains(account) {
        return Ok(true);
    }
    let waiting = snapshot.ready_of(account)?;
    Ok(waiting
        .iter()
        .any(|it| matches!(it.body.action, Action::Join { .. })))
}

/// A word of an account, as its cookie has it: `ACCOUNT.TIME.SIGNATURE`.
struct Pass {
    account: AccountId,
    at: UnixSeconds,
    signature: Signature,
}

impl Pass {
    fn of(text: &str) -> Option<Self> {
        let (account, rest) = text.split_once('.')?;
        let (at, signed) = rest.split_once('.')?;
        let mut signature = Signature([0; _]);
        hex::decode_to_slice(signed, &mut signature.0).ok()?;
        Some(Self {
            account: account.parse().ok()?,
            at: UnixSeconds(at.parse().ok()?),
            signature,
        })
    }

    fn is_in_time(&self, now: UnixSeconds) -> bool {
        self.at.0 <= now.0.saturating_add(AHEAD_S) && now.0 <= self.at.0.saturating_add(GOOD_S)
    }
}

impl Passes {
    fn is_signed(&self, text: &str, pass: &Pass, pool: PoolId) -> bool {
        if self.0.get(text).is_some() {
            return true;
        }
        let good = is_word_signed(LOOK, pool, &pass.account, pass.at, &pass.signature);
        if good {
            self.0.insert(text.to_owned(), ());
        }
        good
    }
}
