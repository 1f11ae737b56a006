//! Questions, what players answer, and what organisers say is right.

use bolao_api::ReadNode as _;
use bolao_ledger::{
    Action, BetMode, Chips, Consensus, MatchCode, MatchNo, OpenBet, Opening, Outcome, Prediction,
    PredictionKind, SealedBet, StateView as _, Status, Text, UnixSeconds, actions,
    item::{Answer, Asks, Question},
    seal_commitment,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    node::{account, join},
    play::{act, at, bet, result, score},
    recorded::{FAR, every_answer, pool},
    v1::all,
};

const CHAMPION: u16 = 0x4000;
const PODIUM: u16 = 0x4001;
const GOALS: u16 = 0x4010;
const VOID: u16 = 0x4020;
pub const LATER: u16 = 0x4021;

fn question(no: u16, code: &str, closes: UnixSeconds, asks: Asks) -> Action {
    let slots = if no == PODIUM { 2 } else { 1 };
    let question = Question {
        no: MatchNo(no),
        code: MatchCode::new(code).unwrap(),
        text: Text::new(format!("{code}?")).unwrap(),
        closes,
        points: 10,
        slots,
        asks,
    };
    question.check().unwrap();
    Action::Question(actions::Question {
        question: Box::new(question),
    })
}

fn choice(options: &[&str], misplaced: Option<u16>) -> Asks {
    let options = options.iter().map(|it| Text::new(*it).unwrap()).collect();
    let perfect = misplaced.unwrap_or(0);
    Asks::Choice {
        options,
        misplaced,
        perfect,
    }
}

const TEAMS: &[&str] = &["Portugal", "Spain", "France", "Curaçao"];

/// An answer as the question of a number takes it.
fn predicted(app: &App, no: u16, answer: u16) -> Prediction {
    let answer = Answer::try_from(answer).unwrap();
    let state = app.node.reader().snapshot().unwrap();
    let item = state.item(MatchNo(no)).unwrap();
    match item.map(|it| it.takes) {
        Some(PredictionKind::Number) => Prediction::Number(answer),
        _ => Prediction::Option(answer),
    }
}

fn answered(no: u16, right: &[u16]) -> Action {
    let right = right.iter().map(|it| Answer::try_from(*it).unwrap());
    let outcome = Outcome {
        right: right.collect(),
        ..Outcome::without_score(Status::Answered, None)
    };
    result(no, outcome)
}

fn cancelled(no: u16) -> Action {
    let reason = Some(Text::new("nobody can tell").unwrap());
    result(no, Outcome::without_score(Status::Cancelled, reason))
}

/// Signed by two organisers, which is enough.
fn both(app: &App, action: &Action) {
    for name in ["Org1", "Org2"] {
        act(app, name, action.clone());
    }
}

/// A block that takes all that waits.
fn mine(app: &App, seconds: u64) {
    app.node.mine_at(at(seconds));
    let waiting = app.node.reader().snapshot().unwrap().pending().unwrap();
    assert!(waiting.is_empty(), "{seconds}: {waiting:?}");
}

const SALT: [u8; 32] = [7; 32];

/// Answers, sealed where the pool's bets are.
pub fn answer(app: &App, name: &str, answers: &[(u16, u16)]) {
    let (genesis, stake) = (&app.node.genesis, Chips(0));
    let pairs = answers
        .iter()
        .map(|(no, answer)| (MatchNo(*no), predicted(app, *no, *answer)));
    let action = match genesis.rules.bets {
        BetMode::Open => Action::Bet(actions::Bet {
            bets: { pairs }
                .map(|(match_no, prediction)| OpenBet {
                    match_no,
                    prediction,
                    stake,
                })
                .collect(),
        }),
        BetMode::Sealed => Action::Seal(actions::Seal {
            bets: { pairs }
                .map(|(match_no, prediction)| SealedBet {
                    match_no,
                    commitment: seal_commitment(
                        genesis.pool_id(),
                        &account(name),
                        match_no,
                        prediction,
                        &SALT,
                    ),
                    stake,
                })
                .collect(),
        }),
    };
    act(app, name, action);
}

fn open(app: &App, name: &str, answers: &[(u16, u16)]) {
    let openings = answers.iter().map(|(no, answer)| Opening {
        match_no: MatchNo(*no),
        prediction: predicted(app, *no, *answer),
        salt: SALT,
    });
    let openings = openings.collect();
    act(app, name, Action::Open(actions::Open { openings }));
}

/// A pool with a question of each kind: one corrected and final, one ordered and with a seal that nobody opened, one of a number and
/// provisional, one called off, one still open and changed, and one that waits.
pub fn asked(tips: BetMode) -> App {
    let app = pool(Consensus::Pow, tips);
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben", "=Eva"] {
        act(&app, name, join(name));
    }
    mine(&app, 10);
    let soon = at(1_000);
    both(
        &app,
        &question(CHAMPION, "Champion", soon, choice(TEAMS, None)),
    );
    both(
        &app,
        &question(PODIUM, "podium", soon, choice(TEAMS, Some(3))),
    );
    let (least, most, near) = (0, 400, vec![5, 3]);
    let number = Asks::Number { least, most, near };
    both(&app, &question(GOALS, "goals", soon, number));
    both(&app, &question(VOID, "void", soon, choice(TEAMS, None)));
    both(
        &app,
        &question(LATER, "later", FAR, choice(&TEAMS[..2], None)),
    );
    mine(&app, 20);
    let ana = [(CHAMPION, 1), (PODIUM, 0), (PODIUM + 1, 2), (GOALS, 170)];
    let ben = [(CHAMPION, 2), (GOALS, 172)];
    answer(&app, "Ana", &ana);
    answer(&app, "Ana", &[(VOID, 1), (LATER, 0)]);
    answer(&app, "Ben", &ben);
    answer(&app, "Ben", &[(PODIUM, 1)]);
    answer(&app, "=Eva", &[(CHAMPION, 1)]);
    if tips == BetMode::Open {
        let bets = vec![bet(1, 2, 0, 10)];
        act(&app, "Ana", Action::Bet(actions::Bet { bets }));
    }
    mine(&app, 30);
    both(&app, &cancelled(VOID));
    both(&app, &question(LATER, "later", FAR, choice(TEAMS, None)));
    mine(&app, 40);
    mine(&app, 1_010);
    if tips == BetMode::Sealed {
        open(&app, "Ana", &ana);
        open(&app, "Ben", &ben);
        open(&app, "=Eva", &[(CHAMPION, 1)]);
        mine(&app, 1_020);
    }
    both(&app, &answered(CHAMPION, &[1]));
    both(&app, &result(1, Outcome::played(score(2, 0))));
    mine(&app, 1_100);
    let (match_no, text) = (MatchNo(CHAMPION), Text::new("it was France").unwrap());
    act(
        &app,
        "=Eva",
        Action::Object(actions::Object { match_no, text }),
    );
    mine(&app, 1_110);
    for name in ["Org2", "Org3"] {
        act(&app, name, answered(CHAMPION, &[2]));
    }
    mine(&app, 1_120);
    both(&app, &answered(PODIUM, &[2, 1]));
    both(&app, &answered(GOALS, &[171]));
    act(
        &app,
        "Org1",
        question(0x4030, "next", FAR, choice(TEAMS, None)),
    );
    act(&app, "Org2", cancelled(LATER));
    mine(&app, 1_700);
    app
}

#[tokio::test]
async fn questions_and_what_became_of_them() {
    for tips in [BetMode::Open, BetMode::Sealed] {
        let app = asked(tips);
        let questions = all(&app, "/api/v1/questions", 2).await;
        let brief: Vec<Value> = { questions.iter() }
            .map(|it| {
                json!([
                    it["no"],
                    it["code"],
                    it["status"],
                    it["answered"],
                    it["record"]["outcome"]["right"]
                ])
            })
            .collect();
        assert_eq!(
            brief,
            [
                json!([CHAMPION, "Champion", "final", 3, [2]]),
                json!([PODIUM, "podium", "provisional", 2, [2, 1]]),
                json!([GOALS, "goals", "provisional", 2, [171]]),
                json!([VOID, "void", "final", 1, null]),
                json!([LATER, "later", "open", 1, null]),
            ]
        );
        assert_eq!(questions[4]["asks"]["options"][3], "Curaçao");
        assert_eq!(questions[1]["unopened"], u32::from(tips == BetMode::Sealed));
        let one = app.json("/api/v1/questions/CHAMPION").await;
        assert_eq!(one, questions[0]);
        assert_eq!(one["record"]["objections"], 1);
        assert_eq!(
            one["changeable_until"],
            json!(bolao_api::body::moment(at(900)))
        );

        let answers = all(&app, "/api/v1/questions/champion/answers", 2).await;
        let mut points: Vec<Value> = { answers.iter() }
            .map(|it| json!([it["player"]["name"], it["points"], it["provisional"]]))
            .collect();
        points.sort_by_key(Value::to_string);
        let wanted = [("=Eva", 0), ("Ana", 0), ("Ben", 10)];
        assert_eq!(
            points,
            wanted.map(|(name, points)| json!([name, points, false]))
        );

        let versions = all(&app, "/api/v1/questions/champion/results", 1).await;
        let right = |at: usize| (&versions[at]["outcome"]["right"], &versions[at]["current"]);
        assert_eq!(right(0), (&json!([1]), &json!(false)));
        assert_eq!(right(1), (&json!([2]), &json!(true)));
        let objections = all(&app, "/api/v1/questions/champion/objections", 1).await;
        assert_eq!(objections[0]["text"], "it was France");
        let waiting = all(&app, "/api/v1/votes?match=champion", 5).await;
        assert_eq!(waiting, [Value::Null; 0]);
        app.get("/api/v1/questions/A1").await.problem(404);
        app.get("/api/v1/questions/nothing/answers")
            .await
            .problem(404);
        app.get("/api/v1/matches/champion").await.problem(404);
    }
}

#[tokio::test]
async fn a_players_answers_slot_by_slot() {
    let app = asked(BetMode::Sealed);
    let given = |answers: &[Value]| -> Vec<Value> {
        { answers.iter() }
            .map(|it| {
                let slots = it["answers"].as_array().unwrap().iter();
                let slots: Vec<&Value> = slots.map(|it| &it["answer"]).collect();
                json!([
                    it["question"]["code"],
                    slots,
                    it["points"],
                    it["provisional"]
                ])
            })
            .collect()
    };
    let ana = all(&app, "/api/v1/players/ana/answers", 2).await;
    assert_eq!(
        given(&ana),
        [
            json!(["Champion", [1], 0, false]),
            // The second of these is right, in a wrong place.
            json!(["podium", [0, 2], 3, true]),
            json!(["goals", [170], 5, true]),
            json!(["void", [null], null, false]),
            json!(["later", [null], null, false]),
        ]
    );
    assert_eq!(ana[3]["answers"][0]["sealed"], true);
    let ben = all(&app, "/api/v1/players/ben/answers", 500).await;
    let podium = &ben[1];
    assert_eq!(podium["answers"][0]["sealed"], true);
    assert_eq!(
        (&podium["answers"][1], &podium["points"]),
        (&Value::Null, &Value::Null)
    );
}

/// Points of questions are in the table, in one from a match on if they close late enough, and in no stage.
#[tokio::test]
async fn tables_count_answers() {
    let app = asked(BetMode::Open);
    let points = async |path: &str| {
        let table = app.json(&format!("/api/v1/standings{path}")).await;
        let rows = table["items"].as_array().unwrap();
        let of = |name: &str| {
            let row = rows.iter().find(|it| it["player"]["name"] == name);
            row.unwrap()["points"].as_u64().unwrap()
        };
        let provisional = table["provisional"].as_u64().unwrap();
        ["Ana", "Ben", "=Eva"].map(of).map(|it| (it, provisional))[..].to_vec()
    };
    let of_match = points("?stage=Group%20A%2F1").await;
    let whole = points("").await;
    let questions = [8, 10 + 3 + 5, 0];
    let both: Vec<(u64, u64)> = { of_match.iter().zip(questions) }
        .map(|((of_match, _), more)| (of_match + more, 2))
        .collect();
    assert_eq!(whole, both);
    assert_eq!(points("?from=A1").await, both);
    assert_eq!(points("?from=B1").await, [(0, 0); 3]);
    let page = app.json("/api/v1/players/ben").await;
    assert_eq!(page["standing"]["points"], whole[1].0);
}

/// The places in an answer where a score stands beside the number of a question.
fn scores_of_questions(answer: &Value, found: &mut Vec<String>) {
    match answer {
        Value::Object(fields) => {
            let no = |of: &Value| of.as_u64().or_else(|| of["no"].as_u64());
            let about = ["no", "match_no", "match", "question"];
            let of_question = { about.iter() }
                .any(|it| fields.get(*it).and_then(no).is_some_and(|no| no >= 0x4000));
            let says =
                |(name, value): (&String, &Value)| name.contains("score") && !value.is_null();
            if of_question && fields.iter().any(says) {
                found.push(answer.to_string());
            }
            fields
                .values()
                .for_each(|it| scores_of_questions(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| scores_of_questions(it, found)),
        _ => {}
    }
}

#[tokio::test]
async fn no_answer_to_a_question_is_shown_as_a_score() {
    for tips in [BetMode::Open, BetMode::Sealed] {
        let answers = every_answer(&asked(tips)).await;
        let answers: Value = serde_json::from_str(&answers).unwrap();
        let mut found = Vec::new();
        scores_of_questions(&answers, &mut found);
        assert_eq!(found, [""; 0]);
        let text = answers.to_string();
        for number in [CHAMPION, PODIUM, PODIUM + 1, GOALS, LATER] {
            assert!(!text.contains(&format!("match {number}")), "{number}");
        }
        assert!(text.contains(r#""answer":170"#), "no answer is there");
    }
}
