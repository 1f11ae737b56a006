//! The pool's matches as a calendar.

use bolao_api::ApiConfig;
use bolao_fixtures::{ImportOptions, import, team_key};
use bolao_ledger::{Genesis, MatchCode, MatchDay, MatchNo, Outcome, Status, Text, UnixSeconds};

use crate::{
    app::{App, Reply},
    node::{easy, join},
    play::{self, act, result, score},
};

const PATH: &str = "/api/v1/players/ana/calendar.ics";

fn unix(at: &str) -> UnixSeconds {
    let at: jiff::Timestamp = at.parse().unwrap();
    UnixSeconds(at.as_second().unsigned_abs())
}

/// Matches with a kick-off but the last two: of one the day in Auckland is known, of the other nothing.
fn genesis() -> Genesis {
    let mut genesis = easy();
    genesis.name = Text::new(r"Cup; of \ friends, 2040").unwrap();
    genesis.organisers = vec![crate::node::account("Ana")];
    for (no, code, home, away) in [
        (3, "x-1", "Spain", "Brazil"),
        (4, "x_2", "Japan", "Côte d'Ivoire"),
    ] {
        let mut game = genesis.matches[0].clone();
        (game.no, game.code) = (MatchNo(no), MatchCode::new(code).unwrap());
        game.home.name = Text::new(home).unwrap();
        game.away.name = Text::new(away).unwrap();
        genesis.matches.push(game);
    }
    let begins = unix("2040-06-08T12:00:00Z");
    for (game, hours) in genesis.matches.iter_mut().zip(0..) {
        game.kickoff = Some(UnixSeconds(begins.0 + hours * 3_600));
        game.stage = Text::new("Quarter-finals").unwrap();
    }
    let last = genesis.matches.len() - 1;
    for game in &mut genesis.matches[last - 1..] {
        game.kickoff = None;
    }
    let ends = UnixSeconds(begins.0 + 86_400);
    genesis.days = Some(vec![MatchDay {
        match_no: genesis.matches[last].no,
        begins,
        ends,
    }]);
    genesis.check().unwrap();
    genesis
}

fn pool() -> App {
    let app = App::new(genesis(), ApiConfig::default());
    act(&app, "Ana", join("Ana"));
    app.node.mine_at(play::at(10));
    app
}

fn unfolded(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "text/calendar; charset=utf-8");
    let text = reply.text();
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    text.replace("\r\n ", "")
}

#[tokio::test]
async fn a_calendar_is_read_back_as_the_same_matches() {
    let (app, genesis) = (pool(), genesis());
    let reply = app.get(PATH).await;
    let read = import(&reply.text(), &ImportOptions::default()).unwrap();
    assert_eq!(read.name, genesis.name.as_str());
    assert_eq!((&read.warnings, &read.left_out), (&vec![], &vec![]));
    let last = genesis.matches.len() - 1;
    let mut dated = genesis.matches.clone();
    dated.remove(last - 1);
    assert_eq!(read.matches.len(), dated.len());
    for wanted in dated {
        let is_it = |it: &&bolao_fixtures::Fixture| {
            let teams = [&it.home, &it.away].map(|it| team_key(&it.to_string()));
            teams == [&wanted.home, &wanted.away].map(|it| team_key(it.name.as_str()))
        };
        let got = read.matches.iter().find(is_it).unwrap();
        let kickoff = got.kickoff.map(|it| UnixSeconds(it.0.unsigned_abs()));
        assert_eq!(kickoff, wanted.kickoff, "{got:?}");
        assert_eq!(got.stage, "Quarter-finals");
        if kickoff.is_none() {
            assert_eq!(got.date.unwrap().to_string(), "2040-06-09");
        }
    }
}

#[tokio::test]
async fn each_kickoff_has_an_alarm_and_nothing_else_has() {
    let (app, genesis) = (pool(), genesis());
    let text = unfolded(&app.get(PATH).await);
    let count = |part: &str| text.matches(part).count();
    let (all, timed) = (genesis.matches.len() - 1, genesis.matches.len() - 2);
    assert_eq!(count("BEGIN:VEVENT"), all);
    assert_eq!(count("DTEND:"), timed);
    assert_eq!(count("BEGIN:VALARM"), timed);
    assert_eq!(count("ACTION:DISPLAY"), timed);
    assert_eq!(count("TRIGGER:-PT3600S"), timed);
    assert_eq!(count("DTSTART;VALUE=DATE:20400609"), 1);
    assert_eq!(count("REFRESH-INTERVAL;VALUE=DURATION:PT1H"), 1);
    let first = &genesis.matches[0];
    let uid = format!("\nUID:{}-{}@bolao\r\n", genesis.pool_id(), first.no);
    assert_eq!(count(&uid), 1);
    let says = format!(
        r"DESCRIPTION:Quarter-finals\nhttp://localhost:9000/match/{}",
        first.code
    );
    assert_eq!(count(&says), 1, "{text}");
}

#[tokio::test]
async fn a_client_that_has_it_gets_nothing_again() {
    let app = pool();
    let first = app.get(PATH).await;
    let tag = first.header("etag").to_owned();
    // Another block, and another second.
    act(&app, "Ben", join("Ben"));
    app.node.mine_at(play::at(20));
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let again = app.get_with(PATH, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let other = app.get("/api/v1/players/BEN/calendar.ics").await;
    assert_eq!(other.text(), first.text());
}

#[tokio::test]
async fn it_says_nothing_of_scores() {
    let text = unfolded(&play::played().get(PATH).await);
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3);
    let said = text.lines().filter(|line| !line.contains("UID:"));
    for goals in ["2-2", "2:2", "1-1", "1:1", "2-1", "2:1"] {
        assert!(!said.clone().any(|line| line.contains(goals)), "{text}");
    }
}

#[tokio::test]
async fn what_is_off_has_no_alarm_and_what_is_put_off_no_place() {
    let app = play::tipped();
    for (no, status) in [(1, Status::Cancelled), (2, Status::Postponed)] {
        let outcome = Outcome {
            status,
            after_90: None,
            ..Outcome::played(score(0, 0))
        };
        act(&app, "Org1", result(no, outcome.clone()));
        act(&app, "Org2", result(no, outcome));
    }
    app.node.mine_at(play::at(30));
    let text = unfolded(&app.get(PATH).await);
    let count = |part: &str| text.matches(part).count();
    assert_eq!(count("STATUS:CANCELLED"), 1, "{text}");
    assert_eq!((count("BEGIN:VEVENT"), count("BEGIN:VALARM")), (2, 1));
    assert_eq!(count("/match/B1"), 0);
}

#[tokio::test]
async fn nobody_has_no_calendar() {
    let app = pool();
    let reply = app.get("/api/v1/players/zoe/calendar.ics").await;
    assert!(reply.problem(404).contains("nobody has joined"));
}
