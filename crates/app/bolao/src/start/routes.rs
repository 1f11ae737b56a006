//! The routes of the first run, and the page. `README.md` beside this file describes them.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, Query, Request, State,
        rejection::{BytesRejection, QueryRejection},
    },
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bolao_api::body::{CompetitionBody, Viewers};
use bolao_discovery::{Problem, guarded, unfit, within};
use bolao_feeds::KnownError;
use bolao_fixtures::{ImportError, MAX_FILE_BYTES};
use bolao_ledger::{Genesis, PRESETS};
use bolao_node::Home;
use bolao_wallet::WalletFile;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{
    First, FirstRun,
    body::{FixturesAsk, JoinAsk, PoolAsk, TIMEOUT, patience},
};
use crate::{
    exit::{code, sentence},
    home, imported, joining,
    making::{self, Made},
    output, qr,
};

/// Requests at once.
const AT_ONCE: usize = 16;
/// A body: a file of fixtures, each byte of which JSON may write as six, is rarely so bad.
const MAX_BODY: usize = 2 * MAX_FILE_BYTES;

type Shared = State<Arc<First>>;
type Answer = Result<Json<Value>, Problem>;
type Asked<T> = Result<Query<T>, QueryRejection>;
type Sent = Result<Bytes, BytesRejection>;

pub(super) fn router(first: &Arc<First>) -> Router {
    let routes = Router::new()
        .route("/api/start/competitions", get(competitions))
        .route("/api/start/fixtures", post(fixtures))
        .route("/api/start/text", post(text))
        .route("/api/start/pool", post(pool))
        .route("/api/start/join", post(join))
        .route_layer(from_fn_with_state(Arc::clone(first), known))
        .route("/api/start/begin", post(begin))
        .layer((
            from_fn(|request, next: Next| within(TIMEOUT, next.run(request))),
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

/// Lets in who has the token, before a byte of a body is read.
async fn known(State(first): Shared, request: Request, next: Next) -> Result<Response, Problem> {
    first.access.check(request.headers())?;
    Ok(next.run(request).await)
}

async fn begin(State(first): Shared, headers: HeaderMap) -> Answer {
    let token = first.access.exchange(&headers)?;
    let run = &first.run;
    Ok(Json(json!({
        "token": token,
        "home": run.home,
        "has_wallet": run.home.join("wallet.json").exists(),
        "url": run.node.page_url(),
        "viewers": viewers(&run.home)?,
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

/// Those who may look, as it was said on the command line. Before there is a pool there may be no home.
fn viewers(dir: &Path) -> Result<Viewers, Problem> {
    if !dir.is_dir() {
        return Ok(Viewers::default());
    }
    let kept = Home::open(dir).and_then(|home| home.viewers());
    kept.map_err(|error| refused(&error.into()))
}

/// The competitions that are played now or come next.
async fn competitions() -> Json<Vec<CompetitionBody>> {
    let known = bolao_feeds::search("", imported::today());
    Json(known.iter().map(CompetitionBody::from).collect())
}

async fn fixtures(body: Sent) -> Answer {
    let ask: FixturesAsk = read(body)?;
    let (competition, copy) = ask.read().await.map_err(|error| refused(&error))?;
    let mut shown = imported::shown(&competition, &ask.day_zone());
    let file = bolao_fixtures::json(&competition, &ask.day_zone());
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("file".to_owned(), file.into());
        shown.insert("copy".to_owned(), json!(copy));
    }
    Ok(Json(shown))
}

/// The text of a file that somebody chose.
async fn text(file: Sent) -> Answer {
    let file = file?;
    let patience = patience();
    let read = tokio::task::spawn_blocking(move || {
        let decoded = bolao_fixtures::decode(&file, &patience)?;
        let (text, unseen) = (decoded.text, decoded.unseen);
        Ok::<_, ImportError>(Json(json!({ "text": text, "unseen": unseen })))
    });
    let read = read.await.map_err(|_| Problem::internal())?;
    read.map_err(|error| refused(&error.into()))
}

#[derive(Deserialize)]
struct Mode {
    #[serde(default)]
    dry_run: bool,
}

async fn pool(State(first): Shared, mode: Asked<Mode>, body: Sent) -> Answer {
    let Query(mode) =
        mode.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "`dry_run`: wanted true or false"))?;
    let ask: PoolAsk = read(body)?;
    let wish = ask.wish().await.map_err(|error| refused(&error))?;
    // What cannot be made leaves not even a wallet behind.
    let draft = wish.draft(None).map_err(|error| refused(&error))?;
    if mode.dry_run {
        return Ok(Json(making::shown(&draft)));
    }
    let making = Arc::clone(&first);
    give(&first, async move {
        let made = tokio::task::spawn_blocking(move || {
            let run = &making.run;
            let made = wish.make(&run.home, &run.passphrase);
            let made = made.map_err(|error| refused(&error))?;
            told(run, &made).map_err(|error| {
                let detail = format!("the pool is made; {}", sentence(&error));
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
            })
        });
        made.await.map_err(|_| Problem::internal())?
    })
    .await
}

async fn join(State(first): Shared, body: Sent) -> Answer {
    let ask: JoinAsk = read(body)?;
    let joining = Arc::clone(&first);
    give(&first, async move {
        let run = &joining.run;
        let joined = joining::by_link(&ask.link, &ask.player, &run.home, &run.passphrase);
        let (entered, genesis) = Box::pin(joined).await.map_err(|error| refused(&error))?;
        let mut answer = player(run, &genesis, &entered.wallet, entered.name.as_deref());
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("may_enter".to_owned(), entered.may_enter.into());
        }
        Ok(answer)
    })
    .await
}

/// Gives the home a pool, once, and ends the first run with it. What is begun comes to its end though nobody waits for it any
/// more: a friend's node may be slow, and the page's tab closed meanwhile.
async fn give(
    first: &Arc<First>,
    making: impl Future<Output = Result<Value, Problem>> + Send + 'static,
) -> Answer {
    let mut has_pool = Arc::clone(&first.has_pool).lock_owned().await;
    if *has_pool {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "the pool is ready, and its node is starting: go to the front page",
        ));
    }
    let (reply, answer) = oneshot::channel();
    let first = Arc::clone(first);
    tokio::spawn(async move {
        let made = match tokio::spawn(making).await {
            Ok(made) => made,
            Err(_) => Err(Problem::internal()),
        };
        // The disk knows, also of one that failed half-way.
        *has_pool = made.is_ok() || matches!(home::pool(&first.run.home), Ok(Some(_)));
        let nobody_waits = reply.send(made.map(Json)).is_err();
        if *has_pool {
            if nobody_waits {
                output::hint(
                    "note: the page was closed before it had its player: `bolao wallet words` shows the words that \
                    bring the player there",
                );
            }
            first.made.notify_one();
        }
    });
    answer.await.unwrap_or_else(|_| Err(Problem::internal()))
}

/// The page's answer about a pool that was made: all that makes it the same player, and the link for friends.
fn told(run: &FirstRun, made: &Made) -> anyhow::Result<Value> {
    let link = made.link(&run.node.page_url())?.to_string();
    let mut answer = player(run, &made.genesis, &made.wallet, made.name.as_deref());
    let shown = answer.as_object_mut().context("an answer is an object")?;
    shown.insert("qr".to_owned(), json!(qr::rows(&link)?));
    shown.insert("link".to_owned(), link.into());
    Ok(answer)
}

fn player(run: &FirstRun, genesis: &Genesis, wallet: &WalletFile, name: Option<&str>) -> Value {
    let words: Vec<_> = wallet.phrase().words().collect();
    json!({
        "pool": genesis.pool_id().to_string(),
        "name": genesis.name,
        "account": wallet.player().account().to_string(),
        "player": name,
        "words": words.join(" "),
        "url": run.node.page_url(),
    })
}

fn read<T: DeserializeOwned>(body: Sent) -> Result<T, Problem> {
    serde_json::from_slice(&body?)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, unfit(&error)))
}

/// Why not, in a sentence, with the code by which the page tells it.
fn refused(error: &anyhow::Error) -> Problem {
    let fixtures = error.downcast_ref::<ImportError>();
    let code = match error.downcast_ref() {
        Some(KnownError::Unread { source, .. }) if source.is_unasked() => Some("offline"),
        _ => fixtures.map_or_else(|| code(error), |error| Some(error.code().code())),
    };
    Problem {
        code: Some(code.unwrap_or("refused").into()),
        line: fixtures.and_then(ImportError::line),
        ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence(error))
    }
}
