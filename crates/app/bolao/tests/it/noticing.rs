//! A node whose branch has lost says what that took from people, in the log, over the API and to its owner.

use std::fs;

use bolao_ledger::{
    Action, Chips, Genesis, MatchNo, Name, Nonce, OpenBet, Outcome, Score, UnixSeconds, actions,
};
use bolao_node::{Home, Profile};
use bolao_wallet::{Draft, Key, WalletFile};
use serde_json::{Value, json};

use crate::support::{
    Grower, TIMEOUT, done, easy_pool, eventually, new_key, run_node, temp, unix_now,
};

const GAME: MatchNo = MatchNo(1);
/// Since the kick-off of the match, in seconds.
const BEGUN: u64 = 3_600;

fn record(goals: u64) -> Outcome {
    Outcome::played(Score::new(goals, 0).unwrap())
}

/// Two homes of one pool, apart since before the match: on the one Ana has bet and the record is 1–0, on the other she
/// has not, the record is 7–0, and there are so many blocks besides. Whether the other is the better one.
fn apart(light: &Home, heavy: &Home, more: u64) -> bool {
    let (start, olga) = (UnixSeconds(unix_now().0 - 2 * BEGUN), new_key());
    let kickoff = UnixSeconds(start.0 + BEGUN);
    let mut genesis = Genesis {
        created: start,
        organisers: vec![olga.account()],
        ..easy_pool()
    };
    genesis.matches[0].kickoff = Some(kickoff);
    for home in [light, heavy] {
        home.set_genesis(&genesis).unwrap();
    }
    let ana = WalletFile::create(light.wallet_path(), "")
        .unwrap()
        .player();
    light
        .set_profile(&Profile {
            name: Some("Ana".to_owned()),
            account: Some(ana.account()),
            zone: None,
        })
        .unwrap();
    let after = |time: UnixSeconds, seconds| UnixSeconds(time.0 + seconds);
    let join =
        |key: &Key, name| Draft::new(key.account(), Nonce::ZERO).join(Name::new(name).unwrap());
    Grower::open(light)
        .at(after(start, 60))
        .submit(&olga, join(&olga, "Olga"))
        .submit(&ana, join(&ana, "Ana"))
        .mine(&olga);
    fs::copy(light.chain_path(), heavy.chain_path()).unwrap();
    let next = |key: &Key| Draft::new(key.account(), Nonce(1));
    let bet = OpenBet {
        match_no: GAME,
        prediction: Score::new(2, 1).unwrap().into(),
        stake: Chips::ZERO,
    };
    let mut one = Grower::open(light);
    one.at(after(start, 600))
        .submit(&ana, next(&ana).bet(vec![bet]))
        .mine(&olga)
        .at(after(kickoff, 600))
        .submit(
            &olga,
            next(&olga).body(Action::Result(actions::Result {
                match_no: GAME,
                outcome: record(1),
            })),
        )
        .mine(&olga);
    let mut other = Grower::open(heavy);
    other
        .at(after(kickoff, 700))
        .submit(
            &olga,
            next(&olga).body(Action::Result(actions::Result {
                match_no: GAME,
                outcome: record(7),
            })),
        )
        .mine(&olga);
    for _ in 0..more {
        other.mine(&olga);
    }
    other.tip().rank() > one.tip().rank()
}

/// What a node must say whose branch loses when it meets the other.
async fn notices(more: u64) {
    let (_dirs, [light, heavy]) = loop {
        let dirs = [temp(), temp()];
        let homes = [0, 1].map(|home: usize| Home::open(dirs[home].path()).unwrap());
        if apart(&homes[0], &homes[1], more) {
            break (dirs, homes);
        }
    };
    let flags = ["--mine", "manual", "--no-join"];
    let heavy_node = run_node(heavy.dir(), &flags).await;
    fs::write(
        light.dir().join("nodes.json"),
        json!([heavy_node.node()]).to_string(),
    )
    .unwrap();
    let light_node = run_node(light.dir(), &flags).await;
    let at = |home: &Home, command| done(["--home", &home.dir().display().to_string(), command]);
    let tip = heavy_node.tip().await;
    eventually("the heavier branch", TIMEOUT, async || {
        (light_node.tip().await == tip).then_some(())
    })
    .await;

    // The node looks at what the change took right after it.
    let listed = eventually("the notices", TIMEOUT, async || {
        let listed = light_node.http.get("/api/v1/notices").await.json();
        let is_logged = light_node.log().contains("(this node's own player)");
        (listed["items"].as_array()?.len() >= 2 && is_logged).then_some(listed)
    })
    .await;
    let texts: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["text"].as_str().unwrap())
        .collect();
    let bet = "Ana's bet 2-1 on Portugal – Switzerland (PtCh) is gone: the match has started";
    let result =
        "the record of Portugal – Switzerland (PtCh) was 1-0, played and is now 7-0, played";
    let (status, log) = (at(&light, "status"), at(&light, "log"));
    for wanted in [bet, result] {
        assert!(
            texts.iter().any(|text| text.starts_with(wanted)),
            "{texts:?}"
        );
        assert!(status.contains(wanted) || wanted == result, "{status}");
        assert!(log.contains(wanted), "{log}");
        assert!(light_node.log().contains(wanted), "{}", light_node.log());
    }
    assert!(
        status.contains(&format!("{} notices", texts.len())),
        "{status}"
    );
    let own = format!("{bet}, so it cannot be placed again (this node's own player)");
    assert!(light_node.log().contains(&own), "{}", light_node.log());
    // Nothing was taken from the others.
    let none = heavy_node.http.get("/api/v1/notices").await.json();
    assert_eq!(none["items"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn what_a_long_branch_takes_is_noticed() {
    notices(40).await;
}

#[tokio::test]
async fn what_a_branch_of_equal_work_takes_is_noticed() {
    notices(1).await;
}
