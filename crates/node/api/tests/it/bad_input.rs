use crate::app::App;

/// What the article's page sends, with one thing changed.
fn bet(key: &str, value: &str) -> String {
    let mut fields = vec![
        ("playername", r#""John""#.to_owned()),
        ("matchid", r#""NlEn""#.to_owned()),
        ("teamonescore", "1".to_owned()),
        ("teamtwoscore", "2".to_owned()),
    ];
    for (name, old) in &mut fields {
        if *name == key {
            value.clone_into(old);
        }
    }
    let fields: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .chain((key == "stake").then(|| format!("\"stake\":{value}")))
        .collect();
    format!("{{{}}}", fields.join(","))
}

#[tokio::test]
async fn bad_bets_are_told_what_is_wrong_and_change_nothing() {
    let app = App::classic();
    let long = format!("\"{}\"", "x".repeat(10_000));
    let cases: &[(String, &str)] = &[
        (String::new(), "empty body"),
        ("  \n".into(), "empty body"),
        ("{".into(), "not JSON"),
        ("playername=John".into(), "not JSON"),
        ("\u{feff}{}".into(), "`playername` is missing"),
        ("[]".into(), "a list"),
        ("null".into(), "null"),
        ("\"text\"".into(), "the text"),
        ("{}".into(), "`playername` is missing"),
        ("[".repeat(5_000), "not JSON"),
        (bet("playername", ""), "`playername` is missing"),
        (bet("matchid", ""), "`matchid` is missing"),
        (bet("teamonescore", ""), "`teamonescore` is missing"),
        (bet("teamtwoscore", "null"), "`teamtwoscore`: got null"),
        (bet("playername", "7"), "wanted a text"),
        (bet("playername", "[\"John\"]"), "wanted a text"),
        (bet("playername", "\"\""), "`playername`"),
        (bet("playername", "\"   \""), "`playername`"),
        (bet("playername", &long), "10000 bytes long"),
        (bet("playername", "\"a\\u0000b\""), "`playername`"),
        (bet("playername", "\"a\\nb\""), "`playername`"),
        (bet("playername", "\"\\u202ejohn\""), "`playername`"),
        (bet("matchid", "\"XxYy\""), "PtCh, NlEn"),
        (bet("matchid", &long), "PtCh, NlEn"),
        (bet("matchid", "12"), "wanted a text"),
        (
            bet("teamonescore", "-1"),
            "got -1, wanted a whole number from 0 to 99",
        ),
        (bet("teamonescore", "100"), "got 100, wanted"),
        (bet("teamonescore", "2.5"), "got 2.5, wanted"),
        (bet("teamonescore", "1e99"), "wanted a whole number"),
        (
            bet("teamonescore", "99999999999999999999999999"),
            "wanted a whole number",
        ),
        (bet("teamonescore", "\"two\""), "wanted a whole number"),
        (bet("teamonescore", "\"-2\""), "wanted a whole number"),
        (bet("teamonescore", "\"+2\""), "wanted a whole number"),
        (bet("teamonescore", "\"\""), "wanted a whole number"),
        (bet("teamonescore", "true"), "got true, wanted"),
        (bet("teamtwoscore", "[]"), "got a list, wanted"),
        (bet("teamtwoscore", "{}"), "got an object, wanted"),
        (bet("stake", "-5"), "chips"),
        (bet("stake", "1.5"), "chips"),
        (bet("stake", "\"all\""), "chips"),
    ];
    for path in ["/bet", "/bet/broadcast"] {
        for (body, said) in cases {
            let reply = app.post(path, body.clone()).await;
            let detail = reply.problem(400);
            let shown: String = body.chars().take(80).collect();
            assert!(detail.contains(said), "{shown}: {detail}");
            assert!(detail.len() < 500, "{shown}: {detail}");
        }
    }
    app.post("/bet", vec![0xff, 0xfe, 0x00]).await.problem(400);
    assert!(app.node.calls.lock().unwrap().is_empty());
    let chain = app.json("/blockchain").await;
    assert_eq!(chain["pending_bets"], serde_json::json!([]));
}

#[tokio::test]
async fn long_bodies_are_refused() {
    let app = App::classic();
    let long = "x".repeat(10 * 1024 * 1024);
    for path in [
        "/bet",
        "/bet/broadcast",
        "/receive-new-block",
        "/register-node",
        "/register-and-broadcast-node",
        "/register-nodes-bulk",
    ] {
        app.post(path, long.clone()).await.problem(413);
    }
    let kind = [("content-type", "application/octet-stream")];
    app.request("POST", "/api/v1/transactions", &kind, long.clone())
        .await
        .problem(413);
    assert_eq!(app.post("/nodes/", long.clone()).await.status, 413);
    assert_eq!(app.post("/", long).await.status, 413);
}

#[tokio::test]
async fn a_block_of_brackets_is_not_built() {
    let app = App::classic();
    let bets = r#"{"":0},"#.repeat(200_000);
    let body = format!(r#"{{"new_block":{{"bets":[{bets}0]}}}}"#);
    let answer = app.post("/receive-new-block", body).await;
    let problem = answer.problem(400);
    assert!(problem.contains("wanted at most"), "{problem}");
}

#[tokio::test]
async fn bad_registrations() {
    let app = App::classic();
    for url in [
        "",
        "localhost:9001",
        "ftp://localhost:9001",
        "https://localhost:9001",
        "http://",
        "http://user:secret@localhost:9001",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ] {
        let one = serde_json::json!({ "newnodeurl": url }).to_string();
        app.post("/register-node", one.clone()).await.problem(400);
        app.post("/register-and-broadcast-node", one)
            .await
            .problem(400);
        let many = serde_json::json!({ "all_network_nodes": ["http://localhost:9001", url] });
        app.post("/register-nodes-bulk", many.to_string())
            .await
            .problem(400);
    }
    for body in ["", "{}", "[]", "{", r#"{"newnodeurl":7}"#] {
        app.post("/register-node", body).await.problem(400);
    }
    for body in [
        "{}",
        r#"{"all_network_nodes":"http://localhost:9001"}"#,
        r#"{"all_network_nodes":[7]}"#,
    ] {
        app.post("/register-nodes-bulk", body).await.problem(400);
    }
    let many: Vec<String> = (0..300).map(|n| format!("http://h:{n}")).collect();
    let many = serde_json::json!({ "all_network_nodes": many }).to_string();
    app.post("/register-nodes-bulk", many).await.problem(400);
    for body in [
        "",
        "{}",
        "7",
        "{\"new_block\":7}",
        "{\"new_block\":",
        "{\"new_block\":null}",
    ] {
        app.post("/receive-new-block", body).await.problem(400);
    }
    assert!(app.node.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn wrong_methods_and_unknown_routes() {
    let app = App::classic();
    for (method, path, allowed) in [
        ("GET", "/bet", "POST"),
        ("DELETE", "/bet", "POST"),
        ("PUT", "/bet/broadcast", "POST"),
        ("POST", "/mine", "GET"),
        ("POST", "/blockchain", "GET"),
        ("GET", "/receive-new-block", "POST"),
        ("PATCH", "/consensus", "GET"),
        ("POST", "/player/john", "GET"),
        ("DELETE", "/match/nlen", "GET"),
        ("PUT", "/", "POST"),
        ("PUT", "/nodes/", "DELETE"),
        ("DELETE", "/api/v1/transactions", "GET"),
        ("POST", "/api/v1/status", "GET"),
        ("GET", "/api/v1/mine", "POST"),
    ] {
        let reply = app.request(method, path, &[], "").await;
        reply.problem(405);
        assert!(
            reply.header("allow").contains(allowed),
            "{method} {path}: {:?}",
            reply.headers
        );
    }
    for path in [
        "/nothing",
        "/api/v1/nothing",
        "/bet/",
        "/player/",
        "/api",
        "/blockchain/1",
    ] {
        app.get(path).await.problem(404);
    }
    let reply = app.get(&format!("/{}", "x".repeat(5_000))).await;
    assert!(reply.problem(404).len() < 300);
    app.get("/player/%ff").await.problem(400);
}

#[tokio::test]
async fn a_panic_is_a_problem_and_the_node_goes_on() {
    let app = App::classic();
    let body = bet("playername", "\"panic\"");
    app.post("/bet", body).await.problem(500);
    assert_eq!(app.get("/blockchain").await.status, 200);
}

#[tokio::test]
async fn bad_queries_and_transactions() {
    let app = App::classic();
    for path in [
        "/api/v1/bets?limit=0",
        "/api/v1/bets?limit=501",
        "/api/v1/bets?limit=-1",
        "/api/v1/bets?limit=x",
        "/api/v1/bets?cursor=x",
        "/api/v1/blocks?cursor=00",
        "/api/v1/players?cursor=%F0%9F%92%A9",
        "/api/v1/standings?cursor=x",
        "/api/v1/standings?limit=0",
        "/api/v1/standings?stage=a&from=b",
        "/api/v1/standings.csv?stage=a&from=b",
        "/api/v1/rounds?cursor=x",
        "/api/v1/rounds/Semi-finals/matrix?cursor=x",
        "/api/v1/matches/PtCh/tips?cursor=x",
        "/api/v1/matches/PtCh/results?cursor=00",
        "/api/v1/matches/PtCh/objections?cursor=x",
        "/api/v1/players/John/history?cursor=x",
        "/api/v1/players/John/bets?cursor=x",
        "/api/v1/log?cursor=x",
        "/api/v1/log?limit=501",
        "/api/v1/log?told_above=-1",
        "/api/v1/log?told_above=x",
        "/api/v1/votes?cursor=x",
        "/api/v1/votes?limit=0",
        "/api/v1/votes?player=John",
        "/api/v1/invitations?cursor=x",
        "/api/v1/transactions/x/slip",
        "/api/v1/transactions?state=maybe",
        "/api/v1/transactions/7",
        "/api/v1/blocks/first",
        "/api/v1/blocks/-1",
        "/api/v1/accounts/john/nonce",
    ] {
        app.get(path).await.problem(400);
    }
    for path in [
        "/api/v1/matches/XxYy",
        "/api/v1/players/nobody",
        "/api/v1/blocks/7",
        "/api/v1/blocks/18446744073709551615",
        "/api/v1/bets?match=XxYy",
        "/api/v1/votes?match=XxYy",
        "/api/v1/votes?match=65536",
        "/api/v1/bets?player=nobody",
        &format!("/api/v1/transactions/{}", "0".repeat(64)),
        &format!("/api/v1/blocks/{}", "a".repeat(64)),
    ] {
        app.get(path).await.problem(404);
    }
    let path = "/api/v1/transactions";
    app.post(path, "{}").await.problem(415);
    let send = async |kind: &str, body: &str| {
        let kind = [("content-type", kind)];
        app.request("POST", path, &kind, body.to_owned()).await
    };
    send("text/plain", "{}").await.problem(415);
    for body in ["", "{", "{}", "[]", r#"{"transaction":7}"#] {
        send("application/json", body).await.problem(400);
    }
    for body in [r#"{"transaction":"xx"}"#, r#"{"transaction":"00"}"#] {
        let reply = send("application/json; charset=utf-8", body).await;
        reply.problem(400);
        assert_eq!(reply.json()["code"], "bad-encoding");
    }
    let reply = send("application/octet-stream", "junk").await;
    reply.problem(400);
    assert!(app.node.calls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn queries_are_refused_in_plain_words() {
    let app = App::classic();
    for (path, said) in [
        (
            "/api/v1/standings?round=zz",
            "the query has a parameter `round`, wanted only `stage`, `from`, `cursor`, `limit`",
        ),
        (
            "/api/v1/transactions?account=zz",
            "`account`: got `zz`, wanted an account such as `bolao1…` (bech32m): parse failed",
        ),
        (
            "/api/v1/blocks?Limit=5",
            "the query has a parameter `Limit`, wanted only `cursor` or `limit`",
        ),
        (
            "/api/v1/standings.csv?round=1",
            "the query has a parameter `round`, wanted only `stage` or `from`",
        ),
        ("/api/v1/bets?limit=x", "`limit`: wanted a whole number"),
        (
            "/api/v1/bets?limit=99999999",
            "`limit`: wanted a smaller number",
        ),
        (
            "/api/v1/blocks?limit=1&limit=2",
            "the query has the parameter `limit` twice, wanted once",
        ),
        (
            "/api/v1/transactions?state=maybe",
            "`state`: got `maybe`, wanted `confirmed` or `pending`",
        ),
        (
            "/api/v1/mining/template",
            "the query lacks the parameter `account`",
        ),
    ] {
        assert_eq!(app.get(path).await.problem(400), said, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_not_waited_for() {
    let app = App::classic();
    for path in [
        "/bet",
        "/receive-new-block",
        "/nodes/",
        "/",
        "/register-node",
    ] {
        let chunks = futures::stream::once(async { Ok::<_, std::io::Error>("{") });
        let body = futures::StreamExt::chain(chunks, futures::stream::pending());
        let reply = app.post(path, axum::body::Body::from_stream(body)).await;
        assert!(reply.problem(408).contains("longer than"), "{path}");
    }
}

/// As Python's `json` reads them, and so the article's program.
#[tokio::test]
async fn bets_come_in_the_encodings_that_programs_write() {
    let plain = bet("teamonescore", "2.0");
    let wide =
        |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { plain.encode_utf16().flat_map(unit).collect() };
    let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
    for body in [
        plain.clone().into_bytes(),
        [&b"\xef\xbb\xbf"[..], plain.as_bytes()].concat(),
        [&b"\xff\xfe"[..], &little].concat(),
        [&b"\xfe\xff"[..], &big].concat(),
        little,
        big,
    ] {
        let app = App::classic();
        let reply = app.post("/bet", body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    // `é` in Latin-1: read as what stands for any character, two names would be one.
    let app = App::classic();
    let latin = plain
        .replace("John", "J\u{e9}")
        .chars()
        .map(|c| c as u8)
        .collect::<Vec<u8>>();
    let reply = app.post("/bet", latin).await;
    assert!(reply.problem(400).contains("UTF-8"));
}
