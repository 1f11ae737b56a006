//! What the node noticed, as a list, in the status and as events.

use std::sync::Arc;

use bolao_api::{ApiConfig, NodeEvent, ReadNode as _};
use bolao_ledger::{
    Act, BlockHash, Chips, Effect, FoldedName, Height, Match, MatchNo, Outcome, Score, TxId,
    UnixSeconds, Vote,
};
use bolao_store::{Durability, LoggedLink, Notice, NoticedChange, PlacedBet, StoreError};
use serde_json::json;

use crate::{
    app::{App, tip},
    node::{TestNode, account, easy},
};

impl TestNode {
    pub fn notice(&self, change: NoticedChange) -> (u64, Notice) {
        let notice = Notice {
            time: UnixSeconds(1_559_763_900),
            height: Height(7),
            change,
        };
        let number = self
            .store()
            .write::<_, StoreError>(Durability::Volatile, |tables| tables.put_notice(&notice));
        (number.unwrap(), notice)
    }
}

#[tokio::test]
async fn every_kind_has_its_sentence() {
    let app = App::new(easy(), ApiConfig::default());
    assert_eq!(app.json("/api/v1/notices").await, json!({"items": []}));
    assert_eq!(app.json("/api/v1/status").await["notices"], 0);
    let game = app.node.genesis.matches[0].clone();
    let placed = |home, chips| PlacedBet {
        prediction: Some(Score::new(home, 1).unwrap().into()),
        stake: Chips(chips),
    };
    let outcome = |home| Outcome::played(Score::new(home, 0).unwrap());
    let mut moved = game.clone();
    moved.kickoff = Some(UnixSeconds(1_559_763_900));
    let changes = [
        NoticedChange::Bet {
            about: (&game).into(),
            player: account("zoe"),
            was: placed(2, 5),
            is: None,
            begun: true,
        },
        NoticedChange::Bet {
            about: (&game).into(),
            player: account("zoe"),
            was: PlacedBet {
                prediction: None,
                stake: Chips(0),
            },
            is: Some(placed(3, 0)),
            begun: false,
        },
        NoticedChange::Result {
            about: (&game).into(),
            was: outcome(1),
            is: Some(outcome(7)),
        },
        NoticedChange::Schedule {
            was: moved.clone(),
            is: None,
        },
        NoticedChange::Name {
            name: FoldedName::of("Zoe").unwrap(),
            was: account("zoe"),
            is: None,
        },
        NoticedChange::LateBets {
            block: BlockHash([3; 32]),
            height: Height(7),
            time: UnixSeconds(1_559_760_300),
            matches: vec![MatchNo(1), MatchNo(2)],
        },
        NoticedChange::More { count: 12 },
        NoticedChange::Dated {
            block: BlockHash([3; 32]),
            height: Height(7),
            time: UnixSeconds(1_559_760_300),
            seen: UnixSeconds(1_559_763_900),
            clock_agrees: true,
        },
        NoticedChange::Dated {
            block: BlockHash([3; 32]),
            height: Height(8),
            time: UnixSeconds(1_559_763_900),
            seen: UnixSeconds(1_559_760_300),
            clock_agrees: false,
        },
        NoticedChange::HeldBack {
            player: account("zoe"),
            matches: vec![MatchNo(1)],
            since: UnixSeconds(1_559_760_300),
            block: Height(8),
        },
        NoticedChange::Mended {
            kept: Height(7),
            found: Height(8),
        },
        NoticedChange::Dropped {
            player: account("zoe"),
            tx: TxId([4; 32]),
            action: "opens sealed bets (2)".to_owned(),
            why: "another transaction took its nonce".to_owned(),
        },
        NoticedChange::BetsDropped {
            player: account("zoe"),
            tx: TxId([4; 32]),
            matches: vec![MatchNo(1)],
            why: "another transaction took its nonce".to_owned(),
        },
        NoticedChange::Void {
            player: account("zoe"),
            tx: TxId([4; 32]),
            about: (&game).into(),
            late: true,
        },
        NoticedChange::LateAct {
            player: account("zoe"),
            tx: TxId([4; 32]),
            action: "Zoe puts a joker on PtCh".to_owned(),
            matches: vec![MatchNo(1)],
        },
        NoticedChange::Signed(Box::new(Act {
            organiser: account("zoe"),
            signers: vec![account("ana"), account("zoe")],
            vote: Vote::Schedule(moved.clone()),
            match_no: game.no,
            effect: Some(Effect::Match {
                before: Some(Box::new(Match::new(game.clone(), None, 0).terms())),
                after: Box::new(Match::new(moved.clone(), None, 0).terms()),
            }),
            tx: TxId([5; 32]),
            height: Height(7),
            time: UnixSeconds(1_559_760_300),
        })),
    ];
    for change in changes {
        app.node.notice(change);
    }
    let list = app.json("/api/v1/notices").await;
    insta::assert_json_snapshot!(list);
    let status = app.json("/api/v1/status").await;
    assert_eq!(status["notices"], 16);
    assert_eq!(status["last_notice"], list["items"][0]);
    // By pages, the last first.
    let page = app.json("/api/v1/notices?limit=3").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = app
        .json(&format!("/api/v1/notices?limit=3&cursor={cursor}"))
        .await;
    assert_eq!(next["items"][0], list["items"][3]);
}

#[tokio::test]
async fn the_notice_of_a_transaction_that_another_nodes_block_holds_is_taken_back() {
    let app = App::new(easy(), ApiConfig::default());
    let tx = app.node.bet("zoe", vec![tip(1, 2, 1)]);
    let dropped = |tx| NoticedChange::BetsDropped {
        player: account("zoe"),
        tx,
        matches: vec![MatchNo(1)],
        why: "transactions before it are missing".to_owned(),
    };
    app.node.notice(dropped(TxId([4; 32])));
    app.node.notice(dropped(tx));
    let before = app.json("/api/v1/notices").await;
    assert_eq!(before["items"][0].get("taken_back"), None);
    app.node.mine_now();
    let list = app.json("/api/v1/notices").await;
    let [back, other] = [&list["items"][0], &list["items"][1]];
    assert_eq!(back["taken_back"], true);
    assert!(
        back["text"].as_str().unwrap().contains("in block 1"),
        "{back}"
    );
    assert_eq!(other.get("taken_back"), None);
}

#[tokio::test]
async fn the_notice_of_bets_that_are_made_again_is_taken_back() {
    let app = App::new(easy(), ApiConfig::default());
    app.node.bet("zoe", vec![tip(2, 0, 0)]);
    let block = app.node.mine_now();
    let (_, notice) = app.node.notice(NoticedChange::BetsDropped {
        player: account("zoe"),
        tx: TxId([4; 32]),
        matches: vec![MatchNo(1), MatchNo(2)],
        why: "another transaction took its nonce".to_owned(),
    });
    for _ in 0..notice.height.0 {
        app.node.mine_now();
    }
    let last = async || app.json("/api/v1/notices").await["items"][0].clone();
    let taken_back = async || last().await.get("taken_back").is_some();
    app.node.bet("zoe", vec![tip(1, 2, 1)]);
    app.node.mine_now();
    assert!(
        !taken_back().await,
        "{block}: the bet on NlEn is from before"
    );
    app.node.bet("zoe", vec![tip(2, 1, 1)]);
    app.node.mine_now();
    assert!(taken_back().await);
    // They may be others than those that were lost: another device's.
    let text = last().await["text"].as_str().unwrap().to_owned();
    assert!(
        text.ends_with("zoe has bet there since: check which bets count"),
        "{text}"
    );
}

#[tokio::test]
async fn the_notice_of_a_bet_that_is_in_again_is_taken_back() {
    let app = App::new(easy(), ApiConfig::default());
    let game = app.node.genesis.matches[0].clone();
    app.node.bet("zoe", vec![tip(1, 2, 1)]);
    let gone = |home| NoticedChange::Bet {
        about: (&game).into(),
        player: account("zoe"),
        was: PlacedBet {
            prediction: Some(Score::new(home, 1).unwrap().into()),
            stake: tip(1, 2, 1).stake,
        },
        is: None,
        begun: true,
    };
    app.node.notice(gone(3));
    app.node.notice(gone(2));
    let last = app.json("/api/v1/status").await["last_notice"].clone();
    assert_eq!((&last["number"], last.get("taken_back")), (&json!(1), None));
    app.node.mine_now();
    let list = app.json("/api/v1/notices").await;
    let [back, other] = [&list["items"][0], &list["items"][1]];
    assert_eq!(back["taken_back"], true);
    assert!(
        back["text"]
            .as_str()
            .unwrap()
            .contains("in the chain again"),
        "{back}"
    );
    assert_eq!(
        other.get("taken_back"),
        None,
        "another bet than the one that was lost"
    );
    let status = app.json("/api/v1/status").await;
    assert_eq!(status["last_notice"]["number"], 0);
}

#[tokio::test]
async fn the_notice_of_a_bet_that_is_gone_is_taken_back_by_a_new_one() {
    let app = App::new(easy(), ApiConfig::default());
    let gone = |begun| NoticedChange::Bet {
        about: (&app.node.genesis.matches[0]).into(),
        player: account("zoe"),
        was: PlacedBet {
            prediction: None,
            stake: tip(1, 2, 1).stake,
        },
        is: None,
        begun,
    };
    app.node.bet("zoe", vec![tip(1, 0, 0)]);
    app.node.mine_now();
    app.node.notice(gone(true));
    let (_, notice) = app.node.notice(gone(false));
    let last = async || app.json("/api/v1/status").await["last_notice"]["number"].clone();
    assert_eq!(last().await, 1, "the bet is from before");
    for _ in 0..notice.height.0 {
        app.node.mine_now();
    }
    app.node.bet("zoe", vec![tip(1, 1, 1)]);
    app.node.mine_now();
    assert_eq!(last().await, 0, "what has begun cannot be bet on again");
    let list = app.json("/api/v1/notices").await;
    let text = list["items"][0]["text"].as_str().unwrap();
    assert!(text.contains("has bet again"), "{text}");
}

/// A log's server may be wrong: what is told names it, and is softer of a proxy, whose provider has several certificates.
#[tokio::test]
async fn a_certificate_in_a_public_log_is_told_in_the_words_of_the_server_that_lists_it() {
    let app = App::new(easy(), ApiConfig::default());
    let url = "https://ana.relay.example".to_owned();
    for (is_wildcard, fronted, code, level, says) in [
        (
            false,
            false,
            "logged-key",
            "bad",
            "a certificate for https://ana.relay.example",
        ),
        (
            true,
            false,
            "logged-wildcard",
            "bad",
            "for all names beside https://ana.relay.example",
        ),
        (
            false,
            true,
            "logged-key-of-proxy",
            "warning",
            "a new certificate for https://ana",
        ),
        (
            true,
            true,
            "logged-key-of-proxy",
            "warning",
            "a new certificate for https://ana",
        ),
    ] {
        app.node.notice(NoticedChange::Logged(Box::new(LoggedLink {
            url: url.clone(),
            host: account("Ana"),
            reader: account("Bruno"),
            key: [0xa7; 32],
            log: "crt.sh".to_owned(),
            id: "9876543210".to_owned(),
            is_wildcard,
            fronted,
        })));
        let list = app.json("/api/v1/notices").await;
        let told = &list["items"][0];
        assert_eq!(
            (&told["code"], &told["level"]),
            (&json!(code), &json!(level))
        );
        let text = told["text"].as_str().unwrap();
        let key = "a7".repeat(32);
        for part in ["according to crt.sh there is", says, "9876543210", &key] {
            assert!(text.contains(part), "{text}");
        }
    }
}

#[tokio::test]
async fn a_notice_is_an_event() {
    let app = App::new(easy(), ApiConfig::default());
    let (number, notice) = app.node.notice(NoticedChange::More { count: 1 });
    let notice = Arc::new(notice);
    let event = NodeEvent::Noticed { number, notice };
    let text = format!("{:?}", event.text(app.node.reader()).unwrap());
    assert!(
        text.contains("notice") && text.contains("1 more change"),
        "{text}"
    );
}
