//! Who votes on blocks, over the API.

use bolao_api::{
    ApiConfig,
    body::{
        ActBody, AttendanceBody, HistoryBody, PlayerPage, StatusBody, TransactionBody,
        ValidatorsBody,
    },
};
use bolao_chain::{Attendance, Attendee, LastVote};
use bolao_ledger::{
    Action, BetMode, BlockHash, BlockId, Chips, Consensus, Decision, DoubleSign, Genesis, Height,
    Hybrid, Pos, Quorum, SetChange, Signature, Statement, StatementKind, Voting, actions,
};
use serde_json::json;

use crate::{
    app::App,
    bodies::{each, one},
    certified::{offer, validator},
    node::{account, join, key},
    play::{act, at, genesis},
};

/// A pool in which Org1 votes with a weight of 5, and in which Ana has offered a key.
pub fn pool(change: SetChange) -> App {
    let voting = Voting {
        change,
        ..Pos::appointed([validator("Org1", 5)]).voting
    };
    pool_of(Consensus::Pos(Pos {
        voting,
        heartbeat_s: 3_600,
    }))
}

/// The same with blocks of work that Org1 makes final.
pub fn hybrid() -> App {
    pool_of(Consensus::Hybrid(Hybrid::appointed([validator("Org1", 5)])))
}

fn pool_of(consensus: Consensus) -> App {
    let genesis = Genesis {
        consensus,
        ..genesis(BetMode::Open)
    };
    let app = App::new(genesis, ApiConfig::default());
    for name in ["Org1", "Org2", "Org3", "Ana"] {
        act(&app, name, join(name));
    }
    act(&app, "Ana", offer(app.node.genesis.pool_id(), "Ana"));
    app.node.mine_at(at(10));
    app
}

/// Prevotes of Org1's key for a block and for none.
pub fn evidence(app: &App) -> Action {
    let voted = |decision| {
        let statement = Statement {
            kind: StatementKind::Prevote,
            height: Height(7),
            round: 0,
            decision,
        };
        let bytes = statement.signing_bytes(app.node.genesis.pool_id());
        let signature = key("key of Org1").sign(&bytes);
        (statement, Signature(signature.to_bytes()))
    };
    let decision = Decision {
        block: BlockId {
            height: Height(7),
            hash: BlockHash([1; 32]),
        },
        contested: false,
    };
    Action::Evidence(actions::Evidence {
        proof: Box::new(DoubleSign {
            key: validator("Org1", 0).key,
            first: voted(Some(decision)),
            second: voted(None),
        }),
    })
}

/// A block that becomes final is no new tip, and is another answer.
#[tokio::test]
async fn tags_change_when_a_block_becomes_final() {
    let app = hybrid();
    let path = "/api/v1/transactions";
    let before = app.get(path).await;
    let known = [("if-none-match", before.header("etag"))];
    assert_eq!(app.get_with(path, &known).await.status, 304);
    app.node.decide(1);
    let after = app.get_with(path, &known).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.body, before.body);
    let known = [("if-none-match", after.header("etag"))];
    assert_eq!(app.get_with(path, &known).await.status, 304);
}

#[tokio::test]
async fn who_votes_who_is_to_and_who_cheated() {
    let app = pool(SetChange::Appointed {
        quorum: Quorum::of(2),
    });
    let appoint = Action::Appoint(actions::Appoint {
        validator: validator("Ana", 3),
    });
    act(&app, "Org2", appoint.clone());
    act(&app, "Ana", evidence(&app));
    app.node.mine_at(at(20));
    let answer = app.json("/api/v1/validators").await;
    let voter = json!({
        "validator": {"account": account("Org1"), "name": "Org1"},
        "key": validator("Org1", 0).key.to_string(), "weight": 5, "staked": 0, "cheated": [7],
    });
    let ana = json!({"account": account("Ana"), "name": "Ana"});
    let key = validator("Ana", 0).key.to_string();
    assert_eq!(answer["validators"], json!([voter]));
    assert_eq!(
        answer["waiting"],
        json!([{
            "validator": ana, "key": key, "weight": 3,
            "signers": [{"account": account("Org2"), "name": "Org2"}], "signatures_needed": 2,
        }])
    );
    assert_eq!(
        answer["change"],
        json!({"by": "appointed", "signatures_needed": 2})
    );
    assert_eq!(answer["offers"], json!([{"player": ana, "key": key}]));
    let guilty = &answer["guilty"][0];
    assert_eq!(
        (&guilty["player"]["name"], &guilty["vote"], &guilty["cut"]),
        (&json!("Org1"), &json!(7), &json!(0))
    );
    let heard = app.json("/api/v1/attendance").await;
    assert_eq!(heard["validators"], json!([]), "it hears no votes");
    let said = heard["sentences"][0].as_str().unwrap();
    assert!(said.starts_with("Only Org1 makes the blocks"), "{said}");
    assert_eq!(app.json("/api/v1/status").await["guilty"], 1);
    one::<ValidatorsBody>(&app, "/api/v1/validators").await;
    let page = app.json("/api/v1/players/ana").await;
    let offer = json!({"key": key, "staked": 0, "waiting": 0});
    assert_eq!(page["offer"], offer);
    one::<PlayerPage>(&app, "/api/v1/players/ana").await;
    act(&app, "Org3", appoint);
    app.node.mine_at(at(30));
    let answer = app.json("/api/v1/validators").await;
    assert_eq!(answer["validators"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&answer["waiting"], &answer["offers"]),
        (&json!([]), &json!([]))
    );
    let log = app.json("/api/v1/log").await;
    let last = &log["items"][0];
    assert_eq!(
        (
            &last["type"],
            &last["effect"]["weight"]["before"],
            &last["about"]
        ),
        (&json!("appoint"), &json!(0), &json!(null))
    );
    assert_eq!(last["validator"]["account"], ana);
    each::<ActBody>(&app, "/api/v1/log").await;
    each::<TransactionBody>(&app, "/api/v1/transactions").await;
}

#[tokio::test]
async fn who_is_there_and_what_the_next_block_waits_for() {
    let app = pool(SetChange::Appointed {
        quorum: Quorum::of(1),
    });
    assert_eq!(app.json("/api/v1/status").await["waits"], json!(null));
    let last = LastVote {
        height: Height(3),
        time: at(30),
    };
    let attendance = Attendance {
        height: Height(4),
        waits_since: Some(at(40)),
        disagreement: None,
        copied: true,
        elsewhere: Some(Height(3)),
        validators: vec![Attendee {
            account: account("Org1"),
            last_vote: Some(last),
            away: true,
            twice: true,
        }],
    };
    *app.node.attendance.lock().unwrap() = Some(attendance.into());
    let moment = |seconds| {
        let seconds = i64::try_from(at(seconds).0).unwrap();
        serde_json::to_value(jiff::Timestamp::from_second(seconds).unwrap()).unwrap()
    };
    let answer = app.json("/api/v1/attendance").await;
    let voter = &answer["validators"][0];
    assert_eq!(voter["account"], json!(account("Org1")));
    assert_eq!(voter["last_vote"], json!({"height": 3, "time": moment(30)}));
    assert_eq!(
        (&voter["away"], &voter["twice"]),
        (&json!(true), &json!(true))
    );
    let waits = json!({
        "height": 4, "since": moment(40), "validators": 1, "disagree": false, "missing": [], "against": [], "copied": true,
        "away": [{"account": account("Org1"), "name": "Org1"}],
        "twice": [{"account": account("Org1"), "name": "Org1"}],
    });
    assert_eq!(answer["waits"], waits);
    let status = app.json("/api/v1/status").await;
    assert_eq!(
        (&status["waits"], &status["signed_elsewhere"]),
        (&waits, &json!(3))
    );
    one::<AttendanceBody>(&app, "/api/v1/attendance").await;
    one::<StatusBody>(&app, "/api/v1/status").await;
}

#[tokio::test]
async fn what_is_staked_and_what_waits() {
    let app = pool(SetChange::Stake {
        wait_s: 100,
        cut_percent: 100,
    });
    let chips = Chips(30);
    act(
        &app,
        "Ana",
        Action::Stake(actions::Stake { chips: Chips(100) }),
    );
    act(&app, "Ana", Action::Unstake(actions::Unstake { chips }));
    app.node.mine_at(at(20));
    let page = app.json("/api/v1/players/ana").await;
    let key = validator("Ana", 0).key.to_string();
    let free_at = i64::try_from(at(120).0).unwrap();
    let free_at = serde_json::to_value(jiff::Timestamp::from_second(free_at).unwrap());
    assert_eq!(
        page["offer"],
        json!({"key": key, "staked": 70, "waiting": 30, "free_at": free_at.unwrap()})
    );
    one::<PlayerPage>(&app, "/api/v1/players/ana").await;
    app.node.mine_at(at(120));
    let page = app.json("/api/v1/players/ana").await;
    let offer = json!({"key": key, "staked": 70, "waiting": 0});
    assert_eq!((&page["chips"], &page["offer"]), (&json!(930), &offer));
    let history = app.json("/api/v1/players/ana/history").await;
    let lines = history["items"].as_array().unwrap().iter();
    let causes: Vec<_> = lines.map(|line| line["cause"].clone()).collect();
    assert_eq!(causes, ["unlocked", "locked", "joined"]);
    each::<HistoryBody>(&app, "/api/v1/players/ana/history").await;
}
