//! Who may look where the home lets only players: this machine, its owner's programs, and browsers with a player's pass.
//!
//! A pass is a word that the player has signed, in a cookie: so whatever a browser asks for carries it, events and downloads too.

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bolao_chain::may_look as account_may_look;
use bolao_ledger::{AccountId, PoolId, Signature, UnixSeconds};
use bolao_store::StoreError;
use bolao_wallet::{LOOK, is_word_signed};
use http::{HeaderMap, HeaderValue, Method, header};
use quick_cache::sync::Cache;

use crate::{
    Code,
    body::{OutsidePoolBody, Viewers},
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

/// The pool, of which outsiders are told only its rules.
const POOL: &str = "/api/v1/pool";

/// Routes that joining needs, moving a player to another device, and finding out what this is.
///
/// # Rule Y7: without a cookie are answered callers on the node's own machine, anyone who has the token of its home, and these.
const OPEN: [(Method, &str); 17] = [
    (Method::GET, POOL),
    (Method::GET, "/api/v1/pool/genesis"),
    (Method::GET, "/api/v1/pool/genesis.bin"),
    (Method::GET, "/api/v1/pool/rules"),
    (Method::GET, "/api/v1/status"),
    (Method::GET, "/api/v1/invitations/{ticket}"),
    (Method::GET, "/api/v1/invitations/{ticket}/inviter"),
    (Method::POST, "/api/v1/invitations"),
    (Method::GET, "/api/v1/accounts/{account}/nonce"),
    (Method::POST, "/api/v1/transactions"),
    (Method::POST, "/api/v1/clock"),
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
        Ok(false) if is_open(&request) && is_at(&request, POOL) => {
            let reader = api.backend.reader();
            return Json(OutsidePoolBody::new(reader.pool_id(), reader.genesis())).into_response();
        }
        Ok(false) if is_open(&request) => {
            request.extensions_mut().insert(Outsider);
        }
        Ok(false) => {
            let challenge = [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))];
            return (challenge, players_only()).into_response();
        }
        Err(error) => return Problem::from(error).into_response(),
    }
    next.run(request).await
}

/// Why somebody who may not look is refused.
pub(crate) fn players_only() -> Problem {
    Problem::coded(
        Code::PlayersOnly,
        "only players can look at this pool: join it by an invitation link, or bring your player to this device",
    )
}

fn is_at(request: &Request, path: &str) -> bool {
    let at = request.extensions().get::<MatchedPath>();
    at.is_some_and(|at| at.as_str() == path)
}

fn is_open(request: &Request) -> bool {
    let method = match request.method() {
        &Method::HEAD => &Method::GET,
        method => method,
    };
    let mut open = OPEN.iter();
    open.any(|it| it.0 == method && is_at(request, it.1))
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
            account_may_look(&reader.snapshot()?, reader.genesis(), &pass.account)
        }
        _ => Ok(false),
    }
}

/// The rest of the cookie that begins with this.
fn cookie<'a>(headers: &'a HeaderMap, begin: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter();
    let mut each = all
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(';'));
    each.find_map(|it| it.trim().strip_prefix(begin))
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

    /// # Rule Y6: its time is at most thirty days before the node's clock and at most an hour after it.
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
