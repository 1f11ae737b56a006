//! The routes of the first run, and the page. `docs/START.md` describes them.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Query, Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use bolao_discovery::{Problem, guarded, within};
use bolao_fixtures::{ImportError, MAX_FILE_BYTES};
use bolao_ledger::{Genesis, PRESETS};
use bolao_wallet::WalletFile;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use jiff::tz::TimeZone;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::sync::{MutexGuard, oneshot};

use super::{
    First,
    body::{FixturesAsk, JoinAsk, PoolAsk},
};
use crate::{
    command::{fixtures, invite, join, new::words},
    exit::sentence,
    making::Made,
    qr,
};

/// Requests at once.
const AT_ONCE: usize = 16;
/// A body: a file of fixtures, each byte of which JSON may write as six, is rarely so bad.
const MAX_BODY: usize = 2 * MAX_FILE_BYTES;
/// How long an answer may take: a file from the web has half of it.
const PATIENCE: Duration = Duration::from_mins(1);

type Shared = State<Arc<First>>;
type Answer = Result<Json<Value>, Problem>;

pub(super) fn router(first: &Arc<First>) -> Router {
    let routes = Router::new()
        .route("/api/start/begin", post(begin))
        .route("/api/start/fixtures", post(fixtures))
        .route("/api/start/pool", post(pool))
        .route("/api/start/join", post(join))
        .layer((
            from_fn(|request, next: Next| within(PATIENCE, next.run(request))),
            DefaultBodyLimit::max(MAX_BODY),
        ))
        .fallback(page)
        .with_state(Arc::clone(first));
    let first = Arc::clone(first);
    guarded(routes, AT_ONCE, move |request: &Request| {
        first.access.check_host(request.headers())
    })
}

/// The page's files; whoever goes elsewhere is led to the beginning.
async fn page(request: Request) -> Response {
    let (request, _) = request.into_parts();
    match bolao_page::page().answer(&request) {
        Some(page) if page.status() != StatusCode::NOT_FOUND => page,
        Some(_) => Redirect::to("/start").into_response(),
        None => Problem::new(
            StatusCode::NOT_FOUND,
            "there is no pool here yet: make one, or join one, on the page that `bolao start` opened",
        )
        .into_response(),
    }
}

async fn begin(State(first): Shared, headers: HeaderMap) -> Answer {
    let token = first.access.exchange(&headers)?;
    let run = &first.run;
    Ok(Json(json!({
        "token": token,
        "home": run.home,
        "has_wallet": run.home.join("wallet.json").exists(),
        "url": run.node.own_url(),
        "zone": TimeZone::system().iana_name(),
        "schemes": PRESETS.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "rules": {
            "membership": "invite",
            "tips": "sealed",
            "opening_window": "3d",
            "consensus": "pos",
            "scheme": "kicktipp",
        },
    })))
}

async fn fixtures(State(first): Shared, headers: HeaderMap, body: Bytes) -> Answer {
    first.access.check(&headers)?;
    let ask: FixturesAsk = read(&body)?;
    let competition = ask.read().await.map_err(|error| refused(&error))?;
    let mut shown = fixtures::shown(&competition);
    let file = bolao_fixtures::json(&competition, &ask.day_zone());
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("file".to_owned(), file.into());
    }
    Ok(Json(shown))
}

#[derive(Deserialize)]
struct Mode {
    #[serde(default)]
    dry_run: bool,
}

async fn pool(
    State(first): Shared,
    Query(mode): Query<Mode>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    first.access.check(&headers)?;
    let ask: PoolAsk = read(&body)?;
    let wish = ask.wish().await.map_err(|error| refused(&error))?;
    // What cannot be made leaves not even a wallet behind.
    let draft = wish.draft(None).map_err(|error| refused(&error))?;
    if mode.dry_run {
        return Ok(Json(words::shown(&draft)));
    }
    let mut made = first.made.lock().await;
    let done = still_open(&mut made)?;
    let making = Arc::clone(&first);
    let answer = tokio::task::spawn_blocking(move || {
        let made = wish.make(&making.run.home, &making.run.passphrase)?;
        told(&making, &made)
    });
    let answer = answer.await.map_err(|_| Problem::internal())?;
    let answer = answer.map_err(|error| refused(&error));
    finish(&mut made, done, answer)
}

async fn join(State(first): Shared, headers: HeaderMap, body: Bytes) -> Answer {
    first.access.check(&headers)?;
    let ask: JoinAsk = read(&body)?;
    let mut made = first.made.lock().await;
    let done = still_open(&mut made)?;
    let run = &first.run;
    let joining = join::by_link(&ask.link, &ask.player, &run.home, &run.passphrase);
    let answer = Box::pin(joining).await.map(|(entered, genesis)| {
        let name = entered.name.as_deref();
        let mut answer = player(&first, &genesis, &entered.wallet, name);
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("may_enter".to_owned(), entered.may_enter.into());
        }
        answer
    });
    finish(&mut made, done, answer.map_err(|error| refused(&error)))
}

type Done = oneshot::Sender<()>;

/// The right to give the home a pool, once.
fn still_open(made: &mut MutexGuard<'_, Option<Done>>) -> Result<Done, Problem> {
    made.take().ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "the pool is made already, and its node starts: go to the page's front",
        )
    })
}

/// Ends the first run, unless it failed.
fn finish(made: &mut Option<Done>, done: Done, answer: Result<Value, Problem>) -> Answer {
    match answer {
        Ok(answer) => {
            // Nobody waits where the program is about to end.
            let _ = done.send(());
            Ok(Json(answer))
        }
        Err(problem) => {
            *made = Some(done);
            Err(problem)
        }
    }
}

/// What the page learns of a pool that was made: all that makes it the same player, and the link for friends.
fn told(first: &First, made: &Made) -> anyhow::Result<Value> {
    let (genesis, maker) = (&made.genesis, made.wallet.player());
    let link = invite::first(&first.run.node.own_url(), genesis, &maker)?.to_string();
    let name = made.home.profile()?.name;
    let mut answer = player(first, genesis, &made.wallet, name.as_deref());
    let shown = answer.as_object_mut().context("an answer is an object")?;
    shown.insert("qr".to_owned(), json!(qr::rows(&link)?));
    shown.insert("link".to_owned(), link.into());
    Ok(answer)
}

fn player(first: &First, genesis: &Genesis, wallet: &WalletFile, name: Option<&str>) -> Value {
    let words: Vec<_> = wallet.phrase().words().collect();
    json!({
        "pool": genesis.pool_id().to_string(),
        "name": genesis.name,
        "account": wallet.player().account().to_string(),
        "player": name,
        "words": words.join(" "),
        "url": first.run.node.own_url(),
    })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))
}

/// Why not, in a sentence, with a code where the page can ask for what is missing.
fn refused(error: &anyhow::Error) -> Problem {
    let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence(error));
    problem.code = match error.downcast_ref::<ImportError>() {
        Some(ImportError::ZoneNeeded { .. }) => "zone-needed",
        Some(ImportError::DateOrderNeeded { .. }) => "dates-needed",
        Some(_) => "bad-fixtures",
        None => "refused",
    };
    problem
}
