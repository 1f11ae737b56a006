//! Two nodes that mined apart meet.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Classic, TIMEOUT, assert_audit_is_clean, eventually, players};

#[tokio::test]
async fn the_heavier_chain_replaces_the_lighter_and_no_bet_is_lost() {
    let (heavy, light) = (Classic::start().await, Classic::start().await);
    heavy.bet("John", "NlEn", 1, 2).await;
    heavy.mine().await;
    heavy.bet("Mary", "PtCh", 0, 1).await;
    heavy.mine().await;
    // John's name is taken on the heavier chain: that bet contradicts it. Paul's does not.
    light.bet("John", "PtCh", 3, 0).await;
    light.bet("Paul", "NlEn", 2, 0).await;
    light.mine().await;
    light.bet("Paul", "PtCh", 1, 1).await;
    let kept = heavy.chain().await;

    heavy.register(&light).await;
    assert_eq!(light.consensus().await, "This chain has been replaced.");
    assert_eq!(light.chain().await, kept);
    assert_eq!(heavy.chain().await, kept);
    assert_eq!(
        heavy.consensus().await,
        "Current chain has not been replaced."
    );
    assert_eq!(
        heavy.blockchain().await["network_nodes"],
        json!([light.daemon.url()])
    );
    assert_eq!(
        light.blockchain().await["network_nodes"],
        json!([heavy.daemon.url()])
    );

    let waiting = light.blockchain().await["pending_bets"].clone();
    let mut shown: Vec<Value> = waiting
        .as_array()
        .unwrap()
        .iter()
        .map(|bet| json!([bet["player"], bet["matchid"], bet["teamonescore"]]))
        .collect();
    shown.sort_by_key(Value::to_string);
    assert_eq!(
        shown,
        [json!(["paul", "NlEn", 2]), json!(["paul", "PtCh", 1])],
        "the lost branch's bets wait again, but for the contradicting one"
    );

    eventually("Paul's bets at the other node", TIMEOUT, async || {
        (heavy.pending().await == ["paul", "paul"]).then_some(())
    })
    .await;
    heavy.mine().await;
    eventually("the block at the other node", TIMEOUT, async || {
        (light.chain().await == heavy.chain().await).then_some(())
    })
    .await;
    assert_eq!(light.pending().await, Vec::<String>::new());
    let john = light.http().get("/player/john").await.json();
    assert_eq!(players(&john), ["john"]);
    assert_eq!(john[0]["matchid"], "NlEn");
    assert_eq!(
        light
            .http()
            .get("/player/paul")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );

    for mut node in [heavy, light] {
        node.daemon.kill();
        assert_audit_is_clean(node.home.path());
    }
}

/// Nobody bets or mines once they have met.
#[tokio::test]
async fn histories_of_equal_work_become_one_without_another_block() {
    let (one, two) = (Classic::start().await, Classic::start().await);
    one.bet("Ana", "NlEn", 1, 2).await;
    one.mine().await;
    two.bet("Rui", "PtCh", 1, 2).await;
    two.mine().await;
    one.register(&two).await;
    let within = Duration::from_secs(10);
    let one_chain = async || (one.chain().await == two.chain().await).then_some(());
    eventually("one chain", within, one_chain).await;
    eventually(
        "the other bet waiting again, everywhere",
        TIMEOUT,
        async || {
            let waiting = one.pending().await;
            (waiting.len() == 1 && two.pending().await == waiting).then_some(())
        },
    )
    .await;
    one.mine().await;
    eventually("both bets in one chain", TIMEOUT, one_chain).await;
    for player in ["ana", "rui"] {
        let bets = two.http().get(&format!("/player/{player}")).await.json();
        assert_eq!(players(&bets), [player]);
    }
}
