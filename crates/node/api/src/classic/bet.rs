//! `POST /bet` and `POST /bet/broadcast`.

use axum::{extract::State, response::Response};
use bolao_ledger::{Chips, FoldedCode, Match, Name, Score, StateView};
use bolao_store::{Snapshot, StoreError};

use super::{
    fields::{Fields, Spellings, cut},
    text,
};
use crate::{ClassicBet, extract::Body, problem::Problem, state::Api};

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

/// `POST /bet`: signs with the key that the node's wallet has for the name.
pub(crate) async fn bet(State(api): State<Api>, Body(body): Body) -> Result<Response, Problem> {
    let fields = Fields::read(&body, &KNOWN, EXAMPLE)?;
    let name = fields.text(NAME)?;
    let name =
        Name::new(name).map_err(|error| Problem::bad_request(format!("`playername`: {error}")))?;
    let code = fields.text(MATCH)?.to_owned();
    let score = Score::new(fields.goals(HOME)?, fields.goals(AWAY)?)
    .map_err(|error| Problem::bad_request(error.to_string()))?;
    let stake = Chips(fields.chips(STAKE)?);
    let match_no = api
        .read(move |snapshot| {
            let found = snapshot.match_by_code(&FoldedCode::of(code.trim()))?;
            match found {
                Some(no) => Ok(no),
                None => Err(unknown_match(snapshot, &code)?),
            }
        })
        .await?;
    let bet = ClassicBet {
        name,
        match_no,
        score,
        stake,
    };
    api.backend.classic_bet(bet).await?;
    Ok(text("Bet created and broadcast successfully."))
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
