use std::collections::BTreeSet;

use bolao_api::{ApiConfig, KeepInvitations as _, Page};
use bolao_ledger::{AccountId, Genesis, Transaction, TxBody, TxId, decode, signing_bytes, verify};
use serde_json::Value;

use crate::{
    app::{App, classic_on, tip},
    invitations::{LATER, invitation, wallet_key},
    node::{account, easy},
    page::FILES,
};

const DESCRIPTION: &str = "/api/v1/openapi.json";

#[test]
fn the_description_changes_only_on_purpose() {
    insta::assert_json_snapshot!(bolao_api::openapi());
}

/// A path of the description with what a bet of John's and an invitation put into it, and the query that it needs.
fn filled(path: &str, ticket: &AccountId, id: &TxId) -> String {
    let john = account("John");
    let query = match path {
        "/api/v1/mining/template" => "?account=John".to_owned(),
        "/api/v1/openings" => format!("?account={john}"),
        _ => String::new(),
    };
    let filled = path
        .replace("{code}", "PtCh")
        .replace("{player}", "John")
        .replace("{account}", &john.to_string())
        .replace("{stage}", "Semi-finals")
        .replace("{block}", "1")
        .replace("{ticket}", &ticket.to_string())
        .replace("{id}", &id.to_string());
    assert!(!filled.contains('{'), "{path}");
    filled + &query
}

/// A node with a bet of John's, whose id it gives, in a block, and an invitation, whose ticket it gives.
async fn with_a_bet(config: ApiConfig) -> (App, AccountId, TxId) {
    let app = App::new(easy(), config);
    let id = app.node.bet("John", vec![tip(1, 1, 0)]);
    app.node.mine_now();
    let invite = invitation(&app, &wallet_key("John"), 5, LATER);
    let ticket = invite.public.given.ticket.key;
    app.node.keep_invitation(invite.public).await.unwrap();
    (app, ticket, id)
}

/// Every route that gives its answers a tag answers 304 to whoever has them, and the description says which do.
#[tokio::test]
async fn whoever_has_an_answer_is_told_that_it_is_the_same() {
    let config = ApiConfig {
        page: Page::new(&FILES),
        ..classic_on()
    };
    let (app, ticket, id) = with_a_bet(config).await;
    let description = app.json(DESCRIPTION).await;
    let paths = description["paths"].as_object().unwrap().iter();
    let gets = paths.filter_map(|(path, item)| Some((path.as_str(), item.get("get")?)));
    let streams = |path: &str| path == "/api/v1/events";
    let described = gets.filter(|(path, _)| !streams(path));
    let described = described.map(|(path, get)| (path, Some(get["responses"]["304"].is_object())));
    let others = ["/", "/blockchain", "/player/john", "/match/PtCh", "/nodes/"];
    let files = [DESCRIPTION, "/api/docs/", "/assets/a-1.png"];
    let others = others.into_iter().chain(files);
    let mut tagged = 0;
    for (path, is_described) in described.chain(others.map(|path| (path, None))) {
        let path = filled(path, &ticket, &id);
        let first = app.get(&path).await;
        if path.starts_with("/api/v1/questions/") {
            assert_eq!(first.status, 404, "no question is asked");
            continue;
        }
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        let tag = first.header("etag");
        if let Some(is_described) = is_described {
            assert_eq!(is_described, !tag.is_empty(), "{path}");
        }
        if tag.is_empty() {
            continue;
        }
        tagged += 1;
        let strong = tag.trim_start_matches("W/");
        let one_of = format!(r#""other", {tag}"#);
        for known in [tag, strong, "*", &one_of] {
            for method in ["GET", "HEAD"] {
                let headers = [("if-none-match", known), ("accept-encoding", "gzip")];
                let again = app.request(method, &path, &headers, "").await;
                let got = (again.status.as_u16(), again.body.len());
                assert_eq!(got, (304, 0), "{method} {path} {known}");
                assert_eq!(again.header("etag"), tag, "{path}");
                let kept = "cache-control";
                assert_eq!(again.header(kept), first.header(kept), "{path}");
            }
        }
        let other = app.get_with(&path, &[("if-none-match", r#"W/"x""#)]).await;
        assert_eq!(other.status, 200, "{path}");
        assert_eq!(other.header("etag"), tag, "{path}");
    }
    assert!(tagged > 40, "{tagged}");
}

#[tokio::test]
async fn every_described_route_answers() {
    let (app, ticket, id) = with_a_bet(ApiConfig::default()).await;
    let description = app.json(DESCRIPTION).await;
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() >= 15, "{}", paths.len());
    let mut ids = BTreeSet::new();
    for (path, item) in paths {
        let filled = filled(path, &ticket, &id);
        for (method, operation) in item.as_object().unwrap() {
            if path == "/api/v1/events" {
                continue;
            }
            let reply = app.request(&method.to_uppercase(), &filled, &[], "").await;
            let expected = match (path.as_str(), method.as_str()) {
                ("/api/v1/mine" | "/api/v1/clock/trust", "post") => 401,
                ("/api/v1/handovers/{id}", _) => 404,
                (path, _) if path.starts_with("/api/v1/questions/") => 404,
                (_, "post" | "delete") => 415,
                _ => 200,
            };
            assert_eq!(
                reply.status,
                expected,
                "{method} {filled}: {}",
                reply.text()
            );
            let id = operation["operationId"].as_str();
            assert!(ids.insert(id.expect(path)), "{path}: {id:?}");
            assert!(
                documented(operation, expected),
                "{method} {path} {expected}"
            );
        }
    }
}

/// Every `$ref` below a value.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(Into::into));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_answer_has_a_form() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let mut found = Vec::new();
    references(&description, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
    let text = description.to_string();
    assert!(!text.contains("\"allOf\""), "generators know no allOf");
    for pattern in ["^bolao1[02-9ac-hj-np-z]{58}$", "^[0-9a-f]{64}$"] {
        assert!(text.matches(pattern).count() > 5, "{pattern}");
    }
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    response["description"].is_string(),
                    "{method} {path} {status}"
                );
                if let Some(json) = response.pointer("/content/application~1json") {
                    assert!(json["schema"].is_object(), "{method} {path} {status}");
                } else if status == "200" {
                    assert!(response["content"].is_object(), "{method} {path}");
                }
            }
        }
    }
}

/// Every `oneOf` below a value.
fn choices<'a>(value: &'a Value, found: &mut Vec<&'a Vec<Value>>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("oneOf").and_then(Value::as_array));
            fields.values().for_each(|value| choices(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| choices(value, found)),
        _ => {}
    }
}

/// What has the one form surely lacks something of the other, or says that it is another.
fn is_told_apart(one: &Value, other: &Value) -> bool {
    let (Some(properties), Some(required)) =
        (one["properties"].as_object(), other["required"].as_array())
    else {
        return true;
    };
    required
        .iter()
        .filter_map(Value::as_str)
        .any(|name| match properties.get(name) {
            None => true,
            Some(mine) => {
                mine["enum"].is_array() && mine["enum"] != other["properties"][name]["enum"]
            }
        })
}

/// Where an answer has one of several forms, it fits no other of them: else no answer is valid.
#[test]
fn one_of_several_is_one() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let mut found = Vec::new();
    choices(&description, &mut found);
    assert!(found.len() > 5, "{}", found.len());
    let resolved = |form: &Value| match form["$ref"].as_str() {
        Some(to) => description
            .pointer(to.trim_start_matches('#'))
            .unwrap()
            .clone(),
        None => form.clone(),
    };
    for forms in found {
        let forms: Vec<Value> = forms.iter().map(resolved).collect();
        for (at, one) in forms.iter().enumerate() {
            for other in forms.iter().skip(at + 1) {
                let apart = is_told_apart(one, other) && is_told_apart(other, one);
                assert!(apart, "{one} {other}");
            }
        }
    }
}

/// The bounds of `limit` that are described are those that are kept.
#[tokio::test]
async fn a_list_keeps_the_bounds_that_it_tells() {
    let app = App::new(easy(), ApiConfig::default());
    let description = app.json("/api/v1/openapi.json").await;
    let mut lists = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let Some(limit) = parameters.clone().find(|it| it["name"] == "limit") else {
            continue;
        };
        let [least, most] = ["minimum", "maximum"].map(|it| limit["schema"][it].as_u64().unwrap());
        let path = path
            .replace("matches/{code}", "matches/PtCh")
            .replace("{stage}", "Semi-finals")
            .replace("{block}", "0");
        if path.contains('{') {
            continue;
        }
        lists += 1;
        for (limit, status) in [(least, 200), (most, 200), (least - 1, 400), (most + 1, 400)] {
            let reply = app.get(&format!("{path}?limit={limit}")).await;
            assert_eq!(reply.status, status, "{path} {limit}: {}", reply.text());
        }
    }
    assert!(lists > 10, "{lists}");
}

#[test]
fn bytes_are_no_list_of_numbers() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let of = |pointer: &str| description.pointer(pointer).unwrap().clone();
    for pointer in [
        "/paths/~1api~1v1~1transactions/post/requestBody/content/application~1octet-stream/schema",
        "/paths/~1api~1v1~1export/get/responses/200/content/application~1octet-stream/schema",
    ] {
        let reference = of(pointer)["$ref"].as_str().unwrap().to_owned();
        let schema = of(reference.strip_prefix('#').unwrap());
        assert_eq!(
            (&schema["type"], &schema["format"]),
            (&"string".into(), &"binary".into())
        );
    }
    assert_eq!(of("/servers/0/url"), "../..");
}

/// The example can be sent: its bytes are a transaction, signed for the articles' pool.
#[test]
fn the_example_is_a_transaction() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    let pointer = "/components/schemas/Submission/properties/transaction/example";
    let example = description.pointer(pointer).unwrap().as_str().unwrap();
    let transaction: Transaction = decode(&hex::decode(example).unwrap()).unwrap();
    let pool = Genesis::article().pool_id();
    let TxBody { account, .. } = transaction.body;
    let signed = signing_bytes(pool, &transaction.body);
    assert!(verify(&account, &transaction.signature, &signed));
    let id = "/paths/~1api~1v1~1transactions~1{id}/get/parameters/0/schema/example";
    assert_eq!(
        description.pointer(id).unwrap().as_str(),
        Some(transaction.id().to_string().as_str())
    );
}

#[test]
fn a_tip_of_a_player_is_no_tip_of_the_chain() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    for property in [
        "ChainTipBody/properties/work",
        "TipBody/properties/prediction",
    ] {
        let pointer = format!("/components/schemas/{property}");
        assert!(description.pointer(&pointer).is_some(), "{property}");
    }
    let tip = description.pointer("/components/schemas/StatusBody/properties/tip/$ref");
    assert_eq!(tip.unwrap(), "#/components/schemas/ChainTipBody");
}

fn documented(operation: &Value, status: u16) -> bool {
    let responses = &operation["responses"];
    responses.get(status.to_string()).is_some() || responses.get("default").is_some()
}

#[tokio::test]
async fn the_docs_page_is_in_the_binary() {
    let app = App::new(easy(), ApiConfig::default());
    let page = app.get("/api/docs").await;
    assert_eq!(page.header("location"), "docs/");
    let page = app.get("/api/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let settings = app.get("/api/docs/swagger-initializer.js").await;
    assert!(
        settings.text().contains(r#""validatorUrl": "none""#),
        "the description would be shown to a checker on the web"
    );
    for file in [
        "swagger-ui-bundle.js",
        "swagger-ui.css",
        "swagger-initializer.js",
    ] {
        assert!(page.text().contains(file), "{file}");
        let file = app.get(&format!("/api/docs/{file}")).await;
        assert_eq!(file.status, 200);
    }
    app.get("/api/docs/nothing.js").await.problem(404);
    let script = app.get("/api/docs/swagger-initializer.js").await.text();
    assert!(script.contains("\"../v1/openapi.json\""));
    assert!(!page.text().contains("https://"), "nothing from elsewhere");
}

/// The description and the table of queries name the same paths and parameters.
#[test]
fn every_query_to_the_chain_is_described() {
    let description = serde_json::to_value(bolao_api::openapi()).unwrap();
    for route in bolao_answers::ROUTES {
        let get = &description["paths"][route.path]["get"];
        assert!(get.is_object(), "{}", route.path);
        let parameters = get["parameters"].as_array().into_iter().flatten();
        let of_query = parameters.filter(|it| it["in"] == "query");
        let mut described: Vec<_> = of_query.map(|it| it["name"].as_str().unwrap()).collect();
        let mut known = route.query.to_vec();
        described.sort_unstable();
        known.sort_unstable();
        assert_eq!(described, known, "{}", route.path);
    }
}
