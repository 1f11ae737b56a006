//! Whole seasons, hour by hour: every result as it was, none too early, none typed.

use bolao_fixtures::{Competition, is_knockout, pool};
use bolao_ledger::UnixSeconds;
use serde_json::{Value, json};

use crate::served::{Played, Server, Watched, data, read};

/// Seconds from kick-off to the end as the recording has it: the first half hour of play shows no score, then one that is not the
/// last.
const PLAYED_S: i64 = 124 * 60;
const LONGER_S: i64 = 185 * 60;
/// Seconds between two looks.
const STEP_S: i64 = 1_200;

/// The file as a service has it at a time: without the scores that are not there yet; of a match that is played one that is wrong.
fn as_of(file: &Value, list: &Competition, now: i64) -> String {
    let mut file = file.clone();
    let games = file["matches"].as_array_mut().unwrap();
    assert_eq!(games.len(), list.matches.len());
    for (game, read) in games.iter_mut().zip(&list.matches) {
        let Some(kickoff) = read.kickoff else {
            continue;
        };
        let longer = read.round.as_deref().is_some_and(is_knockout);
        let ends = kickoff.0 + if longer { LONGER_S } else { PLAYED_S };
        if now < kickoff.0 + 1_800 {
            game.as_object_mut().unwrap().remove("score");
        } else if now < ends {
            game["score"] = json!({"ft": [7, 7]});
        }
    }
    file.to_string()
}

async fn plays(path: &str, zone: &str) -> usize {
    let text = data(path);
    let file: Value = serde_json::from_str(&text).unwrap();
    let list = read(&text, zone);
    let begins = list
        .matches
        .iter()
        .filter_map(|it| it.kickoff)
        .min()
        .unwrap();
    let ends = list
        .matches
        .iter()
        .filter_map(|it| it.kickoff)
        .max()
        .unwrap();
    let server = Server::start().await;
    let mut blank = file.clone();
    for game in blank["matches"].as_array_mut().unwrap() {
        game.as_object_mut().unwrap().remove("score");
    }
    let blank = read(&blank.to_string(), zone);
    let start = u64::try_from(begins.0).unwrap() - 3_600;
    let mut pool = Watched::new(&blank, zone, &[&server], start);
    let mut signed = 0;
    while i64::try_from(pool.now.0).unwrap() < ends.0 + 86_400 {
        let now = i64::try_from(pool.now.0).unwrap() + STEP_S;
        // The time between is skipped: nothing ends, and all is signed.
        let busy = list
            .matches
            .iter()
            .filter_map(|it| it.kickoff)
            .any(|at| (4_000..5 * 3_600).contains(&(now - at.0)));
        if !busy {
            pool.now.0 += STEP_S.unsigned_abs();
            continue;
        }
        server.plays(Played::List(as_of(&file, &list, now)));
        let judged = pool.later(STEP_S.unsigned_abs()).await;
        for ready in judged.iter().filter(|it| it.why.is_none()) {
            let index = pool.known.iter().position(|it| it.fixture.no == ready.no);
            let kickoff = list.matches[index.unwrap()].kickoff.unwrap().0;
            assert!(now - kickoff >= 125 * 60, "{ready:?} is too early");
        }
        signed += pool.sign(&judged);
    }
    for (known, game) in pool.known.iter().zip(&list.matches) {
        let wanted = pool::outcome(game);
        match (&known.record, wanted) {
            (Some(record), Some(Ok(wanted))) => assert!(record.agrees_with(&wanted), "{game:?}"),
            (None, None | Some(Err(_))) => {}
            (record, wanted) => panic!("{game:?}: {record:?} for {wanted:?}"),
        }
    }
    signed
}

#[tokio::test]
async fn the_world_cup_of_2022_with_its_shootouts() {
    assert_eq!(plays("worldcup/2022/worldcup.json", "Asia/Qatar").await, 64);
}

#[tokio::test]
async fn a_league_of_380_matches() {
    let played = plays("football/2025/br.1.json", "America/Sao_Paulo").await;
    let list = read(&data("football/2025/br.1.json"), "America/Sao_Paulo");
    let scored = list.matches.iter().filter(|it| it.proposal.is_some());
    assert_eq!(played, scored.count());
    assert!(played > 300, "{played}");
}

/// A match that is put off, moved or late is not signed before it is over by the later of the two kick-offs.
#[tokio::test]
async fn a_kick_off_that_the_source_moved_counts() {
    let text = r#"{"name": "Cup", "matches": [{"round": "Matchday 1", "date": "2030-01-01", "time": "HOUR:00 UTC+0",
        "team1": "A", "team2": "B", "score": {"ft": [1, 0]}}]}"#;
    let list = read(&text.replace("HOUR", "12"), "UTC");
    let server = Server::start().await;
    let at = |hour: u64| 1_893_456_000 + hour * 3_600;
    let mut pool = Watched::new(&list, "UTC", &[&server], at(13));
    server.plays(Played::List(text.replace("HOUR", "14")));
    for (hour, ready) in [(14, false), (16, false), (17, false), (18, true)] {
        let judged = pool.later(at(hour) - pool.now.0).await;
        assert_eq!(judged[0].why.is_none(), ready, "{hour}: {judged:?}");
    }
    assert!(pool.now >= UnixSeconds(at(14) + 125 * 60));
}
