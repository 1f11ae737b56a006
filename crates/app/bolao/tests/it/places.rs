//! Fixtures from a file, from the web and pasted.

use std::{fs, net::SocketAddr};

use axum::{
    Router,
    http::StatusCode,
    response::{Html, Redirect},
    routing::get,
};
use serde_json::Value;

use crate::support::{bolao, done, feed, temp};

const TABLE: &str = "Match Number,Round Number,Date,Location,Home Team,Away Team,Group,Result
1,1,14/06/2099 21:00,Lisbon,Spain,Scotland,Group A,
2,1,15/06/2099 15:00,Porto,Hungary,Malta,Group A,
3,2,15/06/2099 18:00,Lisbon,Hungary,Scotlond,Group A,
51,Final,14/07/2099 21:00,Lisbon,To be announced,To be announced,,
";

/// Runs it to its failure; what it says.
fn failed(args: &[&str]) -> String {
    let output = bolao().args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_table_is_shown_checked_and_written() {
    let dir = temp();
    let file = dir.path().join("cup.csv");
    fs::write(&file, TABLE).unwrap();
    let (file, cup) = (file.to_str().unwrap(), dir.path().join("cup.json"));
    let cup = cup.to_str().unwrap();
    let error = failed(&["fixtures", file]);
    assert!(error.contains("--zone Europe/Lisbon"), "{error}");

    let lisbon = ["fixtures", file, "--zone", "Europe/Lisbon", "--write", cup];
    let output = bolao().env("TZ", "UTC").args(lisbon).output().unwrap();
    let [shown, odd] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    insta::assert_snapshot!(shown.replace(cup, "cup.json") + &odd);
    assert!(failed(&lisbon).contains("--force"));

    // What was written reads the same, without telling the zone.
    let read =
        |args: &[&str]| -> Value { serde_json::from_str(&done(args.iter().copied())).unwrap() };
    let [mut one, mut two] = [
        read(&["fixtures", file, "--zone", "Europe/Lisbon", "--json"]),
        read(&["fixtures", cup, "--json"]),
    ];
    assert_eq!(one["matches"][0]["kickoff"], "2099-06-14T20:00:00Z");
    for all in [&mut one, &mut two] {
        for game in all["matches"].as_array_mut().unwrap() {
            game.as_object_mut().unwrap().remove("date");
        }
    }
    assert_eq!(one["matches"], two["matches"]);
}

#[test]
fn what_is_pasted_makes_a_pool() {
    let dir = temp();
    let home = dir.path().join("home");
    let text = "14 June 2099 20:00 UTC Spain - Italy\n15 June 2099 18:00 UTC Malta - Chad\n";
    let mut new = bolao();
    new.arg("--home")
        .arg(&home)
        .args(["new", "Cup", "--fixtures", "-"]);
    assert!(feed(new, text).status.success());
    let genesis: Value =
        serde_json::from_str(&fs::read_to_string(home.join("genesis.json")).unwrap()).unwrap();
    assert_eq!(genesis["matches"][1]["home"]["name"], "Malta");
}

async fn serve() -> SocketAddr {
    let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Spain v Italy\r\nDTSTART:20990614T190000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let routes = Router::new()
        .route("/cup.ics", get(move || async move { ics }))
        .route("/moved", get(|| async { Redirect::to("/cup.ics") }))
        .route("/round", get(|| async { Redirect::to("/round") }))
        .route("/page", get(|| async { Html("<html>Fixtures!</html>") }))
        .route("/bytes", get(|| async { vec![0xFF_u8; 10] }))
        .route("/long", get(|| async { "x".repeat((8 << 20) + 1) }))
        .route("/none", get(|| async { StatusCode::NOT_FOUND }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, routes).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn fixtures_come_from_the_web_within_bounds() {
    let address = serve().await;
    let url = |path: &str| format!("http://{address}/{path}");
    for path in ["cup.ics", "moved"] {
        let shown = done(["fixtures", &url(path), "--json"]);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(shown["matches"][0]["home"]["team"]["name"], "Spain");
    }
    for (path, says) in [
        ("round", "too many times"),
        ("page", "a web page"),
        ("bytes", "which columns hold the teams"),
        ("long", "at most 8388608 bytes"),
        ("none", "404"),
    ] {
        let error = failed(&["fixtures", &url(path)]);
        assert!(error.contains(says), "{path}: {error}");
    }
    // TLS is spoken: what answers there does not.
    let error = failed(&["fixtures", &url("cup.ics").replace("http:", "https:")]);
    assert!(!error.contains("scheme"), "{error}");
}
