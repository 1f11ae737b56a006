//! A small pool that is played: three organisers of whom two must sign, four matches, three
//! players.

use bolao_api::{ApiConfig, ReadNode as _};
use bolao_ledger::{
    Action, Base, BetMode, Chips, Fixture, Genesis, MatchCode, MatchNo, OpenBet, Outcome, Quorum,
    Rules, Score, StageRule, StateView as _, Status, Text, UnixSeconds, actions,
};

use crate::{
    app::App,
    node::{account, easy, join, sign},
};

/// Seconds after the pool was made.
pub fn at(seconds: u64) -> UnixSeconds {
    UnixSeconds(easy().created.0 + seconds)
}

fn fixture(no: u16, code: &str, stage: &str, kickoff: Option<u64>) -> Fixture {
    let team = easy().matches[0].home.clone();
    Fixture {
        no: MatchNo(no),
        code: MatchCode::new(code).unwrap(),
        home: team.clone(),
        away: team,
        kickoff: kickoff.map(at),
        stage: Text::new(stage).unwrap(),
    }
}

pub fn genesis(tips: BetMode) -> Genesis {
    let genesis = Genesis {
        organisers: ["Org1", "Org2", "Org3"].map(account).to_vec(),
        matches: vec![
            fixture(1, "A1", "Group A/1", Some(1_000)),
            fixture(2, "B1", "Group A/1", Some(2_000)),
            fixture(3, "F1", "Final", Some(3_000)),
            fixture(4, "X1", "Final", None),
        ],
        rules: Rules {
            bets: tips,
            results_quorum: Quorum::of(2),
            dispute_window_s: 500,
            transfers: true,
            stages: vec![StageRule {
                stage: Text::new("Final").unwrap(),
                base: Base::After120,
                multiplier: 2,
            }],
            ..Rules::default()
        },
        ..easy()
    };
    genesis.check().unwrap();
    genesis
}

pub fn bet(no: u16, home: u64, away: u64, stake: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: score(home, away).into(),
        stake: Chips(stake),
    }
}

pub fn score(home: u64, away: u64) -> Score {
    Score::new(home, away).unwrap()
}

pub fn result(no: u16, outcome: Outcome) -> Action {
    Action::Result(actions::Result {
        match_no: MatchNo(no),
        outcome,
    })
}

/// Signs an action and lets it wait.
pub fn act(app: &App, name: &str, action: Action) {
    let snapshot = app.node.reader().snapshot().unwrap();
    let id = account(name);
    let waiting = snapshot.pending().unwrap();
    let waiting = waiting.iter().filter(|tx| tx.body.account == id).count() as u64;
    let known = snapshot.account(&id).unwrap();
    let nonce = known.map_or(0, |account| account.next_nonce.0) + waiting;
    app.node
        .put_pending(&sign(&app.node.genesis, name, nonce, action));
}

pub fn joined(tips: BetMode) -> App {
    let app = App::new(genesis(tips), ApiConfig::default());
    for name in ["Org1", "Org2", "Org3", "Ana", "Ben", "=Eva"] {
        act(&app, name, join(name));
    }
    app.node.mine_at(at(10));
    app
}

/// Everybody has tipped; nothing has begun.
pub fn tipped() -> App {
    let app = joined(BetMode::Open);
    let tips = |tips: &[OpenBet]| {
        Action::Bet(actions::Bet {
            bets: tips.to_vec(),
        })
    };
    act(
        &app,
        "Ana",
        tips(&[bet(1, 2, 1, 100), bet(2, 1, 1, 0), bet(3, 1, 0, 50)]),
    );
    act(&app, "Ben", tips(&[bet(1, 1, 0, 50), bet(3, 2, 1, 0)]));
    act(&app, "=Eva", tips(&[bet(1, 0, 0, 60)]));
    act(&app, "=Eva", tips(&[bet(1, 0, 0, 50)]));
    let (to, chips) = (account("Ben"), Chips(5));
    act(
        &app,
        "=Eva",
        Action::Transfer(actions::Transfer { to, chips }),
    );
    app.node.mine_at(at(20));
    app
}

/// A1 recorded as 2-1.
pub fn recorded() -> App {
    let app = tipped();
    let outcome = Outcome::played(score(2, 1));
    act(&app, "Org1", result(1, outcome.clone()));
    app.node.mine_at(at(1_100));
    act(&app, "Org2", result(1, outcome));
    app.node.mine_at(at(1_110));
    app
}

/// A1 corrected to 2-2 after an objection and final, B1 final with 1-1, F1 provisional with 2-1
/// after 120 minutes.
pub fn played() -> App {
    let app = recorded();
    let (match_no, text) = (MatchNo(1), Text::new("it was 2-2").unwrap());
    act(
        &app,
        "=Eva",
        Action::Object(actions::Object { match_no, text }),
    );
    app.node.mine_at(at(1_120));
    let outcome = Outcome {
        reason: Some(Text::new("read again").unwrap()),
        ..Outcome::played(score(2, 2))
    };
    act(&app, "Org2", result(1, outcome.clone()));
    act(&app, "Org3", result(1, outcome));
    app.node.mine_at(at(1_130));
    app.node.mine_at(at(1_700));
    for name in ["Org1", "Org3"] {
        act(&app, name, result(2, Outcome::played(score(1, 1))));
    }
    app.node.mine_at(at(2_100));
    let outcome = Outcome {
        status: Status::Played,
        after_120: Some(score(2, 1)),
        ..Outcome::played(score(1, 1))
    };
    for name in ["Org1", "Org2"] {
        act(&app, name, result(3, outcome.clone()));
    }
    app.node.mine_at(at(3_100));
    app
}
