//! Web pages that call a node: the article's own, and others.

use crate::support::{Answer, Classic, FakeNode, done, run, run_node, temp};

const PAGE: &str = "http://localhost:3000";
const EVIL: &str = "https://evil.example";
const BET: &str = r#"{"playername":"John","matchid":"NlEn","teamonescore":1,"teamtwoscore":2}"#;

/// Every classic route: method, path, body.
const ROUTES: [(&str, &str, &str); 11] = [
    ("GET", "/blockchain", ""),
    ("POST", "/bet", BET),
    ("POST", "/bet/broadcast", BET),
    ("GET", "/mine", ""),
    ("POST", "/receive-new-block", r#"{"new_block":{}}"#),
    (
        "POST",
        "/register-node",
        r#"{"newnodeurl":"http://localhost:1"}"#,
    ),
    (
        "POST",
        "/register-and-broadcast-node",
        r#"{"newnodeurl":"http://localhost:1"}"#,
    ),
    (
        "POST",
        "/register-nodes-bulk",
        r#"{"all_network_nodes":["http://localhost:1"]}"#,
    ),
    ("GET", "/consensus", ""),
    ("GET", "/player/john", ""),
    ("GET", "/match/nlen", ""),
];

async fn call(
    node: &Classic,
    route: (&str, &str, &'static str),
    headers: &[(&str, &str)],
) -> Answer {
    let (method, path, body) = route;
    let mut request = node.http().request(method, path).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    node.http().send(request).await
}

#[tokio::test]
async fn the_articles_page_may_call() {
    let node = Classic::start().await;
    // As its `fetch` sends it: text, not JSON.
    let kind = ("content-type", "text/plain;charset=UTF-8");
    let answer = call(&node, ROUTES[2], &[("origin", PAGE), kind]).await;
    answer.assert_text("Bet created and broadcast successfully.");
    assert_eq!(answer.header("access-control-allow-origin"), PAGE);
    for origin in [PAGE, "http://127.0.0.1:3000"] {
        let answer = call(&node, ROUTES[0], &[("origin", origin)]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
    }
}

#[tokio::test]
async fn preflights_are_answered_on_every_route() {
    let node = Classic::start().await;
    for (method, path, _) in ROUTES {
        let asked = [
            ("origin", PAGE),
            ("access-control-request-method", method),
            ("access-control-request-headers", "content-type"),
        ];
        let answer = call(&node, ("OPTIONS", path, ""), &asked).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), PAGE, "{path}");
        let methods = answer.header("access-control-allow-methods").to_uppercase();
        assert!(methods.contains(method), "{path}: {methods}");
        let headers = answer.header("access-control-allow-headers").to_lowercase();
        assert!(headers.contains("content-type"), "{path}: {headers}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_not() {
    let node = Classic::start().await;
    let before = node.blockchain().await;
    for headers in [
        [("origin", EVIL), ("sec-fetch-site", "cross-site")].as_slice(),
        &[("origin", EVIL)],
        &[("origin", "null")],
        &[("origin", "http://localhost.evil.example")],
        &[("sec-fetch-site", "cross-site")],
    ] {
        for route in ROUTES {
            let answer = call(&node, route, headers).await;
            assert_eq!(answer.status, 403, "{route:?} {headers:?}: {answer:?}");
            assert_eq!(answer.header("access-control-allow-origin"), "");
            answer.problem();
        }
    }
    assert_eq!(node.blockchain().await, before);
}

#[tokio::test]
async fn names_that_were_not_allowed_are_no_host() {
    let node = Classic::with(&["--host", "bets.example"]).await;
    for (host, passes) in [
        ("localhost:9000", true),
        ("127.0.0.1", true),
        ("bets.example", true),
        ("evil.example", false),
    ] {
        for path in ["/blockchain", "/api/v1/status"] {
            let answer = call(&node, ("GET", path, ""), &[("host", host)]).await;
            assert_eq!(answer.status == 200, passes, "{host} {path}: {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_compared_with_the_programs_own() {
    let dir = temp();
    let fixtures = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../data/openfootball/handwritten/unl-2018-19-finals.json"
    );
    let home = dir.path().join("ana");
    let home_name = home.display().to_string();
    done([
        "--home",
        &home_name,
        "new",
        "Cup",
        "--fixtures",
        fixtures,
        "--as",
        "ana",
    ]);
    let (node, elsewhere) = (
        run_node(&home, &[]).await,
        FakeNode::start(Vec::new()).await,
    );
    let verify = |url: &str| run(["verify", "--page", url]);
    let same = verify(&node.url());
    let told = String::from_utf8_lossy(&same.stdout);
    assert!(
        same.status.success()
            && told.contains("gave this program is the page that it was built with")
            && told.contains("Whether browsers get the same cannot be seen from here"),
        "{told}"
    );
    let other = verify(&format!("http://{}", elsewhere.address()));
    let told = String::from_utf8_lossy(&other.stdout);
    assert_eq!(other.status.code(), Some(1), "{told}");
    assert!(
        told.contains("do not type your words")
            && told.contains("\n… and ")
            && told.lines().count() < 10,
        "{told}"
    );
    // Where nobody answers, nothing differs.
    let nobody = verify("http://127.0.0.1:1");
    let told = String::from_utf8_lossy(&nobody.stderr);
    assert!(
        told.contains("cannot reach") && !told.contains("different page"),
        "{told}"
    );
    assert_eq!(run(["verify"]).status.code(), Some(2));
}
