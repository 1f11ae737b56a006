//! Questions: asked and settled by organisers, answered by players, in the table and nowhere read as a score.

use bolao_ledger::{BetMode, Quorum, Rules};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    organising::{Friends, HOUR, confirmation, now, pool},
    support::{TIMEOUT, assert_audit_is_clean, eventually},
};

/// So many seconds from now.
fn in_s(seconds: u64) -> String {
    let at = i64::try_from(now() + seconds).unwrap();
    Timestamp::from_second(at).unwrap().to_string()
}

fn rules(quorum: u8) -> Rules {
    Rules {
        results_quorum: Quorum::of(quorum),
        notice_s: 1,
        dispute_window_s: 600,
        ..Rules::default()
    }
}

/// Waits until a question has a status.
async fn is(friends: &Friends, code: &str, wanted: &str) -> Value {
    eventually(wanted, 3 * TIMEOUT, async || {
        let shown = friends.json(2, &["questions", code, "--json"]);
        (shown["question"]["status"] == wanted).then_some(shown)
    })
    .await
}

/// Every prediction that is a score of something with a question's number.
fn scores(value: &Value, found: &mut Vec<Value>) {
    let number = value["match"]["no"].as_u64().or(value["no"].as_u64());
    let is_score = |it: &Value| it["score"].is_object() || it["score"].is_string();
    if number.is_some_and(|no| no >= 0x4000) && is_score(value) {
        found.push(value.clone());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|it| scores(it, found)),
        Value::Object(fields) => fields.values().for_each(|it| scores(it, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_question_is_asked_answered_settled_and_in_the_table() {
    let friends = Friends::start(pool(rules(2)), 2).await;
    assert!(friends.ok(2, &["questions"]).contains("asked nothing"));

    // One signature asks nothing; the second signs the same.
    let (hour, text) = (in_s(HOUR), "Who becomes champion?");
    let champion = |verb: &str| {
        let all = [
            "question", verb, "champion", "--text", text, "--teams", "--points", "10",
        ];
        all.map(str::to_owned).to_vec()
    };
    let mut add = champion("add");
    add.extend(["--closes", &hour, "--yes", "--wait"].map(str::to_owned));
    let add: Vec<&str> = add.iter().map(String::as_str).collect();
    let refused = friends.fails(2, 1, &add);
    assert!(
        refused.contains("only organisers can ask questions"),
        "{refused}"
    );
    let said = friends.ok(0, &add);
    assert!(
        said.contains("Portugal") && said.contains("1 of 2 needed"),
        "{said}"
    );
    friends.level().await;
    let status = friends.ok(1, &["status"]);
    assert!(
        status.contains("champion question: Who becomes champion?"),
        "{status}"
    );
    let said = friends.fails(1, 2, &["question", "add", "champion", "--confirm"]);
    let confirm = confirmation(&said);
    let said = friends.ok(
        1,
        &["question", "add", "champion", &confirm, "--yes", "--wait"],
    );
    assert!(said.contains("2 of 2 needed"), "{said}");

    // Two more, of the other kinds.
    let ask = |code, more: &[&str]| {
        let text = format!("And the {code}?");
        let mut all = vec!["question", "add", code, "--text", &text, "--closes", &hour];
        all.extend(more);
        let mut first = all.clone();
        first.extend(["--yes", "--wait"]);
        friends.ok(1, &first);
    };
    ask(
        "goals",
        &["--number", "0-400", "--near", "5,3,1", "--points", "8"],
    );
    ask(
        "finals",
        &[
            "--teams",
            "--slots",
            "2",
            "--ordered",
            "--misplaced",
            "1",
            "--perfect",
            "4",
            "--points",
            "3",
        ],
    );
    friends.level().await;
    for code in ["goals", "finals"] {
        let said = friends.fails(0, 2, &["question", "add", code, "--confirm"]);
        friends.ok(
            0,
            &[
                "question",
                "add",
                code,
                &confirmation(&said),
                "--yes",
                "--wait",
            ],
        );
    }
    friends.level().await;

    // Whoever has not answered is told so, and what he means is found.
    let missing = friends.ok(2, &["missing"]);
    assert!(
        missing.contains("champion") && missing.contains("goals"),
        "{missing}"
    );
    friends.fails(2, 3, &["missing", "2"]);
    for (status, answer, wanted) in [
        (1, ["champion", "Portugl"], "Did you mean Portugal?"),
        (
            1,
            ["champion", "Brazil"],
            "no answer to champion called `Brazil`: there are England",
        ),
        (1, ["goal", "nine"], "goals needs a number from 0 to 400"),
        (2, ["goals", "401"], "goals needs a number from 0 to 400"),
        (2, ["finals", "Portugal"], "finals needs 2 answers"),
        (2, ["finals", "Portugal,portugal"], "there twice"),
        (
            1,
            ["winner", "Portugal"],
            "no question called `winner`: there are champion",
        ),
    ] {
        let status = if answer[0] == "goal" { 2 } else { status };
        let said = friends.fails(2, status, &["answer", answer[0], answer[1]]);
        assert!(said.contains(wanted), "{said}");
    }
    friends.fails(2, 2, &["answer", "champion"]);
    let said = friends.ok(
        2,
        &[
            "answer", "champion", "portug", "goals", "172", "finals", "Neth,eng", "--wait",
        ],
    );
    assert!(said.contains("Portugal  (champion;"), "{said}");
    assert!(said.contains("Netherlands, England  (finals;"), "{said}");
    let missing = friends.ok(2, &["missing"]);
    assert!(!missing.contains("champion"), "{missing}");
    friends.level().await;
    let other = friends.json(0, &["answer", "champion", "England", "--wait", "--json"]);
    assert_eq!(other["answers"][0]["question"]["code"], "champion");
    assert!(other["transactions"][0]["height"].is_u64(), "{other}");

    // What was answered stays; it closes earlier, with notice.
    friends.level().await;
    let said = friends.fails(
        0,
        1,
        &["question", "change", "champion", "--points", "20", "--yes"],
    );
    assert!(said.contains("teams-fixed"), "{said}");
    let said = friends.fails(
        0,
        1,
        &["question", "settle", "champion", "Portugal", "--yes"],
    );
    assert!(said.contains("result-too-early"), "{said}");
    let soon = in_s(20);
    friends.ok(
        0,
        &[
            "question", "change", "champion", "--closes", &soon, "--yes", "--wait",
        ],
    );
    friends.level().await;
    let said = friends.fails(1, 2, &["question", "change", "champion", "--confirm"]);
    friends.ok(
        1,
        &[
            "question",
            "change",
            "champion",
            &confirmation(&said),
            "--yes",
            "--wait",
        ],
    );
    is(&friends, "champion", "closed").await;
    let said = friends.fails(2, 1, &["answer", "champion", "England"]);
    assert!(
        said.contains("champion takes no answers any more (closed, ")
            && said.contains("bet-after-kickoff"),
        "{said}"
    );

    friends.ok(
        0,
        &[
            "question", "settle", "champion", "Portugal", "--yes", "--wait",
        ],
    );
    friends.level().await;
    let said = friends.fails(1, 2, &["question", "settle", "champion", "--confirm"]);
    assert!(said.contains("Who becomes champion?: Portugal"), "{said}");
    let confirm = confirmation(&said);
    friends.ok(
        1,
        &[
            "question", "settle", "champion", "Portugal", &confirm, "--yes", "--wait",
        ],
    );
    let shown = is(&friends, "champion", "provisional").await;
    assert_eq!(shown["question"]["record"]["outcome"]["status"], "answered");
    let points = shown["answers"].as_array().unwrap().iter();
    let mut points: Vec<_> = points.map(|it| it["points"].as_u64().unwrap()).collect();
    points.sort_unstable();
    assert_eq!(points, [0, 10]);
    let shown = friends.ok(2, &["questions", "champion"]);
    assert!(shown.contains("Right: Portugal, as "), "{shown}");
    let standings = friends.json(2, &["standings", "--json"]);
    assert_eq!(standings["items"][0]["player"]["name"], "carla");
    assert_eq!(standings["items"][0]["points"], 10);

    friends.ok(
        2,
        &["object", "champion", "it was", "a draw", "--yes", "--wait"],
    );
    friends.ok(
        0,
        &[
            "question",
            "void",
            "goals",
            "--reason",
            "nobody counted",
            "--yes",
            "--wait",
        ],
    );
    friends.level().await;
    let said = friends.fails(1, 2, &["question", "settle", "goals", "--confirm"]);
    friends.ok(
        1,
        &[
            "question",
            "void",
            "goals",
            &confirmation(&said),
            "--yes",
            "--wait",
        ],
    );
    let shown = is(&friends, "goals", "provisional").await;
    assert_eq!(
        shown["question"]["record"]["outcome"]["reason"],
        "nobody counted"
    );
    let list = friends.ok(2, &["questions"]);
    assert!(
        list.contains("Portugal") && list.contains("cancelled"),
        "{list}"
    );
    let shown = friends.ok(2, &["questions", "champion"]);
    assert!(shown.contains("it was a draw"), "{shown}");

    // A receipt proves an answer, by its option's place.
    let slip = friends.dir.path().join("champion.json");
    let slip = slip.to_str().unwrap();
    let said = friends.ok(2, &["slip", "champion", "--output", slip]);
    assert!(said.contains("carla bet Portugal on champion"), "{said}");
    let pool = friends.genesis.pool_id().to_string();
    let told = friends.json(2, &["verify", slip, "--pool", &pool, "--json"]);
    assert_eq!(told["verdict"], "in_chain");
    let answer = told["tips"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["no"] == 16384);
    let answer = answer.unwrap_or_else(|| panic!("{told}"));
    assert_eq!(
        (&answer["score"], &answer["answer"]),
        (&Value::Null, &json!(2))
    );
    let said = friends.ok(2, &["verify", slip, "--pool", &pool]);
    assert!(said.contains("option 3 on number 16384"), "{said}");
    assert!(
        said.contains("In your chain: these answers are in"),
        "{said}"
    );

    // An answer is nowhere a score, nor a question a match.
    friends.level().await;
    let mut found = Vec::new();
    for path in [
        "transactions",
        "bets",
        "players/carla/bets",
        "log",
        "questions",
    ] {
        let answer = friends.json(2, &["api", path]);
        assert!(answer["items"].is_array(), "{answer}");
        scores(&answer, &mut found);
    }
    assert_eq!(found, Vec::<Value>::new());
    assert_eq!(friends.json(2, &["bets", "--json"]), json!([]));
    for shown in [&["log"][..], &["matches"], &["bets"], &["export", "tips"]] {
        let shown = friends.ok(2, shown);
        assert!(
            !shown.contains("1-72") && !shown.contains("16384"),
            "{shown}"
        );
    }
    assert_audit_is_clean(&friends.home(2));
}

#[tokio::test]
async fn an_answer_is_sealed_where_bets_are_and_opens_once_the_question_has_closed() {
    let rules = Rules {
        bets: BetMode::Sealed,
        ..rules(1)
    };
    let friends = Friends::start(pool(rules), 1).await;
    let closes = in_s(30);
    let add = [
        "question", "add", "champion", "--text", "Who?", "--teams", "--points", "10", "--closes",
        &closes,
    ];
    let mut add = add.to_vec();
    add.extend(["--yes", "--wait"]);
    friends.ok(0, &add);
    friends.level().await;
    let said = friends.ok(2, &["answer", "champion", "Portugal"]);
    assert!(said.contains("Sealed: only you see it"), "{said}");
    eventually("the answer", TIMEOUT, async || {
        let own = friends.ok(2, &["questions", "champion"]);
        own.contains("Portugal (sealed; only you see it)")
            .then_some(())
    })
    .await;
    friends.level().await;
    let other = friends.ok(0, &["questions", "champion"]);
    assert!(
        other.contains("carla") && !other.contains("Portugal (sealed; only you see it)"),
        "{other}"
    );
    let missing = friends.ok(2, &["missing"]);
    assert!(!missing.contains("champion"), "{missing}");
    is(&friends, "champion", "closed").await;
    eventually("the opening", TIMEOUT, async || {
        let shown = friends.json(0, &["questions", "champion", "--json"]);
        (shown["answers"][0]["answers"][0]["answer"].is_u64()).then_some(())
    })
    .await;
    friends.ok(
        0,
        &["question", "settle", "champion", "Port", "--yes", "--wait"],
    );
    friends.level().await;
    let standings = friends.json(2, &["standings", "--json"]);
    assert_eq!(standings["items"][0]["player"]["name"], "carla");
    assert_eq!(standings["items"][0]["points"], 10);
    assert_audit_is_clean(&friends.home(0));
}
