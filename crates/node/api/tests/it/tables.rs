//! Ten thousand players.

use std::{collections::HashSet, sync::Arc};

use bolao_api::ApiConfig;
use serde_json::json;

use crate::{
    app::App,
    crowd::{PLAYERS, crowd, id},
    node::easy,
    v1::all,
};

#[tokio::test]
async fn ten_thousand_players_page_by_page() {
    let app = App::of(Arc::new(crowd(easy())), ApiConfig::default());
    let items = all(&app, "/api/v1/standings", 500).await;
    assert_eq!(items.len(), PLAYERS as usize);
    let accounts: HashSet<&str> = items
        .iter()
        .map(|item| item["player"]["account"].as_str().unwrap())
        .collect();
    assert_eq!(accounts.len(), PLAYERS as usize);
    for (index, pair) in items.windows(2).enumerate() {
        let key = |at: usize| {
            ["points", "exact", "differences", "tendencies"].map(|key| pair[at][key].as_u64())
        };
        assert!(key(0) >= key(1), "{pair:?}");
        let place = if key(0) == key(1) {
            &pair[0]["place"]
        } else {
            &json!(index + 2)
        };
        assert_eq!(pair[1]["place"], *place);
    }
    // From the only match with a score on: the whole table.
    let from = all(&app, "/api/v1/standings?from=ptch", 500).await;
    assert_eq!(from, items);
    let one = app.json(&format!("/api/v1/players/{}", id(7))).await;
    let listed = items
        .iter()
        .find(|item| item["player"]["account"] == id(7).to_string());
    assert_eq!(one["standing"]["place"], listed.unwrap()["place"]);
    let file = app.get("/api/v1/standings.csv").await.text();
    assert_eq!(file.lines().count(), PLAYERS as usize + 1);
    let tips = app.get("/api/v1/tips.csv").await.text();
    assert_eq!(tips.lines().count(), PLAYERS as usize + 1);
}
