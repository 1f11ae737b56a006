//! The numbers that Prometheus scrapes.

use crate::support::{Http, TIMEOUT, eventually, free_port, new_pool, run, run_node, temp};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;
const ALERTS: &str = include_str!("../../../../../packaging/prometheus/alerts.yml");
const DASHBOARD: &str = include_str!("../../../../../packaging/prometheus/dashboard.json");

/// The names of the node's numbers in a text.
fn names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let mut names: Vec<String> = words
        .filter(|word| word.starts_with("bolao_"))
        .map(ToOwned::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_are_those_of_the_node_and_name_nobody() {
    let dir = temp();
    new_pool(dir.path(), CUP, &["--consensus", "pos"]);
    let home = dir.path().join("mary");
    let at = free_port();
    let place = format!("127.0.0.1:{}", at.number());
    let node = run_node(&home, &["--metrics", &place]).await;
    let refused = node.http.get("/api/v1/players/nobody").await;
    assert_eq!(refused.status, 404);
    let status = eventually("a final block", TIMEOUT, async || {
        let status = node.status().await;
        status["final"].is_object().then_some(status)
    })
    .await;
    let text = Http::new(format!("http://{place}"))
        .get("/metrics")
        .await
        .text;
    let pool = status["pool"].as_str().unwrap().get(..10).unwrap();
    let of = format!(r#"pool="{pool}""#);
    for wanted in [
        format!("bolao_tip_height{{{of}}} {}", status["tip"]["height"]),
        format!("bolao_peers{{{of}}} 0"),
        format!("bolao_reorgs_total{{{of}}} 0"),
        format!(r#"bolao_refused_total{{{of},code="not-found"}} 1"#),
        format!(r#"bolao_request_seconds_count{{{of},route="/api/v1/players/{{player}}"}} 1"#),
    ] {
        assert!(text.lines().any(|line| line == wanted), "{wanted}: {text}");
    }
    assert!(!text.contains("mary") && !text.contains("nobody"), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
    // A page elsewhere can point a name of its own here.
    let scraped = Http::new(format!("http://{place}"));
    let foreign = scraped.request("GET", "/metrics");
    let foreign = scraped.send(foreign.header("host", "evil.example")).await;
    assert_eq!(foreign.status, 421);

    let shown = names(&text);
    serde_json::from_str::<serde_json::Value>(DASHBOARD).unwrap();
    let wanted = names(&format!("{ALERTS} {DASHBOARD}"));
    assert!(wanted.len() >= 5, "{wanted:?}");
    for name in wanted {
        // Only a page with a certificate of its own has the end of one.
        assert!(
            shown.contains(&name) || name == "bolao_certificate_expires",
            "{name}: {shown:?}"
        );
    }

    let other = dir.path().join("other").display().to_string();
    let taken = run(["--home", &other, "run", "--metrics", "nonsense"]);
    let told = String::from_utf8_lossy(&taken.stderr);
    assert!(
        !taken.status.success() && told.contains("nonsense"),
        "{told}"
    );
}
