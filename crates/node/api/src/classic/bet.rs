//! `POST /bet` and `POST /bet/broadcast`.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use bolao_ledger::{BetMode, Chips, FoldedCode, Match, Name, Score, StateView};
use bolao_store::{Snapshot, StoreError};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    fields::{Fields, Spellings, cut},
    render::Names,
    text,
};
use crate::{ClassicBet, NotTaken, extract::Body, problem::Problem, state::Api};

const EXAMPLE: &str = r#"{"playername":"John","matchid":"NlEn","teamonescore":1,"teamtwoscore":2}"#;
const NAME: Spellings = &["playername", "player", "player_name"];
const MATCH: Spellings = &["matchid", "match_id"];
const HOME: Spellings = &["teamonescore", "team_one_score"];
const AWAY: Spellings = &["teamtwoscore", "team_two_score"];
/// The article on betting with money says `amount`.
const STAKE: Spellings = &["stake", "amount"];
const KNOWN: [Spellings; 5] = [NAME, MATCH, HOME, AWAY, STAKE];
/// Match codes named in an error.
const CODES_NAMED: usize = 40;

/// The answer of both routes.
const CREATED: &str = "Bet created and broadcast successfully.";
/// The header by which a node that passes a bet on names its pool.
pub const POOL: &str = "bolao-pool";

/// Refuses a bet that comes by name from a node of the same pool, and names the pool: it comes from the peers as well, signed by its
/// player's key. Signed here it would be another player's.
pub(crate) async fn not_twice(State(api): State<Api>, request: Request, next: Next) -> Response {
    let pool = api.backend.reader().pool_id().to_string();
    match request.headers().get(POOL) {
        Some(named) if *named == *pool => {
            let detail = "this node has the same pool, and hears of its bets from its peers";
            let problem = Problem::new(StatusCode::CONFLICT, detail);
            ([(POOL, pool)], problem).into_response()
        }
        _ => next.run(request).await,
    }
}

/// `POST /bet`: signs with the key that the node's wallet has for the name. Other programs know of it: as in the article, whoever
/// broadcasts a bet posts it here, and it goes no further.
pub(crate) async fn bet(State(api): State<Api>, Body(body): Body) -> Result<Response, Problem> {
    make(&api, &body).await?;
    Ok(text(CREATED))
}

/// `POST /bet/broadcast`: the same, and posts it to the registered nodes of the article's own program, whose chains are their own. Bets
/// that are sealed here are told nobody.
pub(crate) async fn broadcast(
    State(api): State<Api>,
    Body(body): Body,
) -> Result<Response, Problem> {
    let posted = make(&api, &body).await?;
    let mut missed = Vec::new();
    if api.rules().bets == BetMode::Open {
        missed = api.backend.post_bet(posted.to_string()).await;
    }
    if missed.is_empty() {
        return Ok(text(CREATED));
    }
    let missed: Vec<String> = missed.iter().map(NotTaken::to_string).collect();
    let missed = missed.join("; ");
    Ok(Html(format!("{CREATED} Not taken by {missed}.")).into_response())
}

/// Makes a bet, and gives it as it is posted to other programs.
async fn make(api: &Api, body: &[u8]) -> Result<Value, Problem> {
    let fields = Fields::read(body, &KNOWN, EXAMPLE)?;
    let name = fields.text(NAME)?;
    let name =
        Name::new(name).map_err(|error| Problem::bad_request(format!("`playername`: {error}")))?;
    let code = fields.text(MATCH)?.to_owned();
    let score = Score::new(fields.goals(HOME)?, fields.goals(AWAY)?)
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let stake = Chips(fields.chips(STAKE)?);
    let (match_no, code) = api
        .read(move |snapshot| {
            let found = snapshot.match_by_code(&FoldedCode::of(code.trim()))?;
            match found {
                Some(no) => Ok((no, Names::new(snapshot).code(no)?)),
                None => Err(unknown_match(snapshot, &code)?),
            }
        })
        .await?;
    let mut posted = json!({
        "playername": name.as_str(), "matchid": code,
        "teamonescore": score.home(), "teamtwoscore": score.away(),
    });
    if let Some(posted) = posted.as_object_mut().filter(|_| stake.0 > 0) {
        // The article on betting with money calls it so.
        posted.insert("amount".to_owned(), stake.0.into());
        posted.insert("stake".to_owned(), stake.0.into());
    }
    let bet = ClassicBet {
        name,
        match_no,
        score,
        stake,
    };
    api.backend.classic_bet(bet).await?;
    Ok(posted)
}

fn unknown_match(snapshot: &Snapshot, code: &str) -> Result<Problem, StoreError> {
    let matches = snapshot.matches()?;
    let named: Vec<&str> = matches
        .iter()
        .take(CODES_NAMED)
        .map(|game: &Match| game.fixture.code.as_str())
        .collect();
    let more = match matches.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Ok(Problem::rejected(
        bolao_ledger::Reason::UnknownMatch,
        format!(
            "this pool has no match {:?}; its matches are {}{more}",
            cut(code),
            named.join(", ")
        ),
    ))
}
