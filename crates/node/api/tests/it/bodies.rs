//! What the routes answer is what the public bodies read, to the last field.

use bolao_api::body::{
    ActBody, BetBody, BlockBody, HistoryBody, MatchBody, MatrixBody, NonceBody, ObjectionBody,
    PlayerBody, PlayerPage, PoolBody, RoundBody, RulesBody, StandingsBody, StatusBody,
    TransactionBody, ValidatorsBody, VersionBody, WaitingBody,
};
use bolao_ledger::{Action, BetMode, Day, Fixture, Outcome, actions};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    app::App,
    node::account,
    play::{act, at, genesis, played, result, score},
};

/// Reads an answer as a body, which must write the same again.
fn same<T: DeserializeOwned + Serialize>(answer: &Value) {
    let body: T = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(&serde_json::to_value(&body).unwrap(), answer);
}

pub(crate) async fn one<T: DeserializeOwned + Serialize>(app: &App, path: &str) {
    same::<T>(&app.json(path).await);
}

/// The same for each entry of a list that has some.
pub(crate) async fn each<T: DeserializeOwned + Serialize>(app: &App, path: &str) {
    let answer = app.json(path).await;
    let items = answer["items"].as_array().unwrap();
    assert!(!items.is_empty(), "{path}");
    items.iter().for_each(same::<T>);
}

#[tokio::test]
async fn answers_are_read_as_they_are_written() {
    let app = played();
    // The last kick-off that there can be, and a record that waits.
    let fixture = Fixture {
        kickoff: Some(Day::LATEST),
        ..genesis(BetMode::Open).matches[3].clone()
    };
    act(
        &app,
        "Org1",
        Action::Schedule(actions::Schedule { fixture }),
    );
    act(&app, "Org3", result(3, Outcome::played(score(1, 1))));
    app.node.mine_at(at(3_150));

    one::<StatusBody>(&app, "/api/v1/status").await;
    one::<PoolBody>(&app, "/api/v1/pool").await;
    one::<RulesBody>(&app, "/api/v1/pool/rules").await;
    each::<MatchBody>(&app, "/api/v1/matches").await;
    each::<BetBody>(&app, "/api/v1/bets").await;
    each::<VersionBody>(&app, "/api/v1/matches/a1/results").await;
    each::<ObjectionBody>(&app, "/api/v1/matches/a1/objections").await;
    each::<RoundBody>(&app, "/api/v1/rounds").await;
    one::<MatrixBody>(&app, "/api/v1/rounds/Final/matrix").await;
    one::<StandingsBody>(&app, "/api/v1/standings").await;
    one::<StandingsBody>(&app, "/api/v1/standings?limit=1").await;
    each::<PlayerBody>(&app, "/api/v1/players").await;
    one::<PlayerPage>(&app, "/api/v1/players/ana").await;
    let nonce = format!("/api/v1/accounts/{}/nonce", account("Nobody"));
    one::<NonceBody>(&app, &nonce).await;
    each::<HistoryBody>(&app, "/api/v1/players/ana/history").await;
    each::<BlockBody>(&app, "/api/v1/blocks").await;
    each::<TransactionBody>(&app, "/api/v1/transactions").await;
    each::<ActBody>(&app, "/api/v1/log").await;
    each::<WaitingBody>(&app, "/api/v1/votes").await;
    one::<ValidatorsBody>(&app, "/api/v1/validators").await;
}
