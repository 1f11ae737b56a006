//! What strangers try on the routes for miners.

use std::time::{Duration, Instant};

use bolao_ledger::AccountId;
use bolao_work::{Job, meets_target, sha256d};
use serde_json::{Value, json};

use super::miner_at;
use crate::support::{Answer, Classic, Http};

const TEMPLATE: &str = "/api/v1/mining/template";
const SUBMIT: &str = "/api/v1/mining/submit";

async fn template(http: &Http, more: &str) -> Value {
    let account = AccountId([7; 32]);
    http.get(&format!("{TEMPLATE}?account={account}{more}"))
        .await
        .json()
}

fn hex32(value: &Value) -> [u8; 32] {
    let mut bytes = [0; 32];
    hex::decode_to_slice(value.as_str().unwrap(), &mut bytes).unwrap();
    bytes
}

/// Finds what the template wants, and gives the request's body.
fn solve(template: &Value, extra_nonce: [u8; 16]) -> Value {
    let mut target = hex32(&template["target"]);
    target.reverse();
    let mut header = [0; 80];
    hex::decode_to_slice(template["header"].as_str().unwrap(), &mut header).unwrap();
    let work = Job {
        coinbase_prefix: hex::decode(template["coinbase_prefix"].as_str().unwrap()).unwrap(),
        merkle_branch: template["merkle_branch"]
            .as_array()
            .unwrap()
            .iter()
            .map(hex32)
            .collect(),
        ..Job::new(header, target)
    };
    let mut header = work.header_with(&extra_nonce, work.time(), 0);
    let nonce = (0..=u32::MAX)
        .find(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&sha256d(&header), &target)
        })
        .unwrap();
    json!({
        "template": template["id"], "extra_nonce": hex::encode(extra_nonce),
        "time": work.time(), "nonce": nonce,
    })
}

async fn submit(http: &Http, body: &Value) -> Answer {
    let request = http.request("POST", SUBMIT).json(body);
    http.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_gain_nothing_on_the_routes_for_miners() {
    let node = Classic::start().await;
    let http = node.http();
    node.bet("John", "NlEn", 1, 2).await;
    let account = AccountId([7; 32]);

    for bad in [
        "",
        "?account=",
        "?account=nobody",
        "?known=1",
        "?account=%00",
        "?account=%ff",
    ] {
        http.get(&format!("{TEMPLATE}{bad}")).await.problem();
    }
    let long = "x".repeat(4_000);
    http.get(&format!("{TEMPLATE}?account={long}"))
        .await
        .problem();
    // What is known is only compared.
    for known in ["", "1", "%00", &long, "0000000000000000-x"] {
        assert_eq!(
            template(http, &format!("&known={known}")).await["height"],
            1
        );
    }

    let first = template(http, "").await;
    let good = solve(&first, [1; 16]);
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    let id = first["id"].as_str().unwrap();
    let bodies = [
        json!(null),
        json!([]),
        json!({}),
        with("template", json!("")),
        with("template", json!("x".repeat(60_000))),
        with("template", json!(format!("{id}0"))),
        with("template", json!(id.replace('-', "_"))),
        with("template", json!(7)),
        with("extra_nonce", json!("")),
        with("extra_nonce", json!("00".repeat(15))),
        with("extra_nonce", json!("zz".repeat(16))),
        with("extra_nonce", json!("ff".repeat(16))),
        with("time", json!(0)),
        with("time", json!(u32::MAX)),
        with("time", json!(-1)),
        with("time", json!(u64::MAX)),
        with("nonce", json!(u64::MAX)),
        with("nonce", json!(good["nonce"].as_u64().unwrap() ^ 1)),
        with("nonce", json!("1")),
        with("surplus", json!(1)),
    ];
    for body in &bodies {
        submit(http, body).await.problem();
    }
    for text in ["", "{", "\u{0}", &"[".repeat(60_000), "nonsense"] {
        let request = http
            .request("POST", SUBMIT)
            .header("content-type", "application/json");
        http.send(request.body(text.to_owned())).await.problem();
    }
    // Without a content type, and longer than any solution.
    http.post(SUBMIT, good.to_string()).await.problem();
    let request = http
        .request("POST", SUBMIT)
        .header("content-type", "application/json");
    let giant = http.try_send(request.body(vec![b'['; 8 << 20])).await;
    if let Some(answer) = giant {
        assert_eq!(answer.status, 413);
        answer.problem();
    }
    assert_eq!(
        node.daemon.height().await,
        Some(0),
        "none of them was a block"
    );

    // The good one counts once, however often it comes; each time the answer is the same.
    let answers = futures::future::join_all((0..50).map(|_| submit(http, &good))).await;
    let tip = node.daemon.tip().await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["hash"], tip.as_str());
    }
    // Its template is of the past then.
    let another = solve(&first, [2; 16]);
    assert_eq!(submit(http, &another).await.status, 409);
    assert_eq!(node.daemon.height().await, Some(1));
    let log = node.daemon.log();
    assert_eq!(log.matches("a miner found a block").count(), 1, "{log}");
    assert_eq!(miner_at(&node.daemon, 1).await, account.to_string());

    flood(&node, account).await;
    let next = template(http, "").await;
    assert_eq!(next["height"], 2);
    let taken = submit(http, &solve(&next, [3; 16])).await;
    assert_eq!(taken.json()["hash"], node.daemon.tip().await.as_str());
    // On the chain is enough, it need not be the tip.
    let again = submit(http, &good).await;
    assert_eq!((again.status, &again.json()["hash"]), (200, &tip.into()));
}

/// More miners than there are places wait, others ask for one account after the other, and the node goes on answering.
async fn flood(node: &Classic, account: AccountId) {
    let http = node.http();
    let current = template(http, "").await;
    let known = current["id"].as_str().unwrap();
    let waiting: Vec<_> = (0..150)
        .map(|_| {
            let (http, path) = (
                http.clone(),
                format!("{TEMPLATE}?account={account}&known={known}"),
            );
            tokio::spawn(async move { http.try_get(&path).await.map(|answer| answer.status) })
        })
        .collect();
    let asking: Vec<_> = (0..8_u8)
        .map(|asker| {
            let http = http.clone();
            tokio::spawn(async move {
                for other in 0..100_u8 {
                    let account = AccountId([asker.wrapping_mul(31) ^ other; 32]);
                    let answer = http.get(&format!("{TEMPLATE}?account={account}")).await;
                    assert!([200, 503].contains(&answer.status), "{answer:?}");
                }
            })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(http.get("/api/v1/status").await.status, 200);
        slowest = slowest.max(asked.elapsed());
    }
    println!("the slowest of 20 answers during the flood took {slowest:?}");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    for asker in asking {
        asker.await.unwrap();
    }
    let mut refused = 0;
    for waiter in waiting {
        // Those with a place waited until the client had enough.
        match waiter.await.unwrap() {
            None => {}
            Some(503) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(refused >= 50, "{refused} of 150 were refused");
}
