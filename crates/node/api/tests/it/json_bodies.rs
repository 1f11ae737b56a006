//! Bodies that are no JSON, or other JSON than a route takes: each is told what is wrong in plain words.

use bolao_api::ApiConfig;
use serde_json::{Value, json};

use crate::{
    app::{App, classic_on},
    node::easy,
};

/// What parsers and their types say.
const INNER: [&str; 22] = [
    "EOF",
    " expected",
    "invalid type",
    "invalid value",
    "invalid length",
    "unknown field",
    "missing field",
    "duplicate field",
    "variant",
    "struct",
    "enum",
    "sequence",
    "integer `",
    "floating point",
    "boolean `",
    "trailing",
    "recursion",
    "escape",
    "control character",
    "code point",
    " u16",
    " u64",
];

/// Routes that take JSON and stand in no description. `POST /` answers `{}` to whatever is wrong, as the article has it.
const OTHERS: [(&str, &str); 8] = [
    ("POST", "/bet"),
    ("POST", "/bet/broadcast"),
    ("POST", "/receive-new-block"),
    ("POST", "/register-node"),
    ("POST", "/register-and-broadcast-node"),
    ("POST", "/register-nodes-bulk"),
    ("POST", "/nodes/"),
    ("DELETE", "/nodes/"),
];

/// The fields of a form, with those of the forms that it names.
fn fields(description: &Value, schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(parts) => {
            if let Some(to) = parts.get("$ref").and_then(Value::as_str) {
                let named = description.pointer(to.trim_start_matches('#')).unwrap();
                fields(description, named, found);
            }
            if let Some(Value::Object(properties)) = parts.get("properties") {
                found.extend(properties.keys().cloned());
            }
            for (name, part) in parts {
                if name != "properties" && name != "example" {
                    fields(description, part, found);
                }
            }
        }
        Value::Array(parts) => parts
            .iter()
            .for_each(|part| fields(description, part, found)),
        _ => {}
    }
}

/// Bodies of which no route takes any, with those that have one of these fields alone.
fn bodies(fields: &[String]) -> Vec<Vec<u8>> {
    let deep = "[".repeat(400);
    let odd = [
        "",
        " \n",
        "{",
        "[",
        "x",
        "name=John",
        "{}x",
        "{\"a\":",
        "{\"a\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1e999}",
        "{\"a\":01}",
        "{a:1}",
        "[1,]",
        "null",
        "true",
        "7",
        "-1.5",
        "\"x\"",
        "[]",
        "[1]",
        "{}",
        "{\"\":1}",
        &deep,
    ];
    let mut all: Vec<Vec<u8>> = odd.iter().map(|body| body.as_bytes().to_vec()).collect();
    all.push(b"{\"a\":\"\xff\"}".to_vec());
    let wrong = json!([7, -1, 1.5, 1e99, true, null, "x", "", [], [1], {}, {"x": 1}]);
    for field in fields {
        for value in wrong.as_array().unwrap() {
            let mut body = json!({});
            body[field] = value.clone();
            all.push(body.to_string().into_bytes());
        }
        all.push(format!("{{\"{field}\":1,\"{field}\":1}}").into_bytes());
    }
    all
}

#[tokio::test]
async fn every_route_says_in_plain_words_what_is_wrong() {
    let app = App::new(easy(), classic_on());
    let description = app.json("/api/v1/openapi.json").await;
    let mut routes = OTHERS
        .map(|(method, path)| (method.to_owned(), path.to_owned(), Vec::new()))
        .to_vec();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let json = operation.pointer("/requestBody/content/application~1json/schema");
            if let Some(schema) = json {
                let mut found = Vec::new();
                fields(&description, schema, &mut found);
                assert!(!found.is_empty(), "{path}");
                routes.push((method.to_uppercase(), path.clone(), found));
            }
        }
    }
    assert_eq!(routes.len(), OTHERS.len() + 11, "{routes:?}");
    let json = [("content-type", "application/json")];
    let mut told = 0;
    for (method, path, fields) in &routes {
        for body in bodies(fields) {
            let reply = app.request(method, path, &json, body.clone()).await;
            if reply.status.is_success() || reply.status == 404 {
                continue;
            }
            assert!(reply.status.is_client_error(), "{}", reply.text());
            let (_, detail) = reply.coded(reply.status.as_u16());
            let body = String::from_utf8_lossy(&body);
            let inner = INNER.iter().find(|inner| detail.contains(**inner));
            assert_eq!(inner, None, "{method} {path} {body}: {detail}");
            assert!(detail.len() < 700, "{method} {path} {body}: {detail}");
            told += 1;
        }
    }
    assert!(told > 700, "{told}");
    let plain = App::new(easy(), ApiConfig::default());
    let (_, detail) = plain
        .request("POST", "/api/v1/words", &json, "{\"at\":")
        .await
        .coded(400);
    assert!(detail.contains("line 1, column 6"), "{detail}");
}
