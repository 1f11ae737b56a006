//! All that services do wrong, on purpose or not.

use bolao_feeds::{Heard, Place, Source, Sources, Why};
use bolao_ledger::{MatchNo, Side, UnixSeconds};
use serde_json::{Value, json};

use crate::served::{Played, Server, Watched, read};

const NOON: u64 = 1_893_499_200;
const HOUR: u64 = 3_600;

fn cup(round: &str, teams: [&str; 2], more: &Value) -> String {
    let mut game = json!({"round": round, "date": "2030-01-01", "time": "12:00 UTC+0", "team1": teams[0], "team2": teams[1]});
    let (game_map, more) = (game.as_object_mut().unwrap(), more.as_object().unwrap());
    game_map.extend(more.clone());
    json!({"name": "Cup", "matches": [game]}).to_string()
}

fn heard(pool: &Watched) -> Heard {
    pool.sources.told().heard().next().unwrap().clone()
}

fn scored(goals: [u8; 2]) -> Played {
    Played::List(cup(
        "Matchday 1",
        ["A", "B"],
        &json!({"score": {"ft": goals}}),
    ))
}

fn pool(round: &str, servers: &[&Server]) -> Watched {
    let list = read(&cup(round, ["A", "B"], &json!({})), "UTC");
    Watched::new(&list, "UTC", servers, NOON)
}

#[tokio::test]
async fn a_score_is_read_twice_and_the_server_asked_only_for_what_changed() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    server.plays(scored([2, 1]));
    let judged = pool.later(3 * HOUR).await;
    assert_eq!(judged[0].why, Some(Why::New));
    // Asked again too soon, it is not asked.
    pool.later(60).await;
    assert_eq!(server.answers(), [200]);
    let judged = pool.later(600).await;
    assert_eq!(judged[0].why, None);
    assert_eq!(server.answers(), [200, 304]);
    assert_eq!(
        judged[0]
            .outcome
            .as_ref()
            .unwrap()
            .after_90
            .unwrap()
            .to_string(),
        "2-1"
    );
    assert_eq!(judged[0].sources, ["127.0.0.1"]);
    pool.sign(&judged);
    assert!(pool.later(600).await.is_empty());
}

/// A file is read every ten seconds; sixty such reads were less than the ten minutes that a score must stay.
#[tokio::test]
async fn a_score_in_a_file_becomes_ready_and_waits_as_long() {
    let mut pool = pool("Matchday 1", &[]);
    let file = std::env::temp_dir().join(format!("bolao-scores-{}.json", std::process::id()));
    let Played::List(text) = scored([2, 1]) else {
        unreachable!("it is a list");
    };
    std::fs::write(&file, text).unwrap();
    let source = Source::new(&Place::File(file.clone()), None).unwrap();
    pool.sources = Sources::new(vec![source]);
    // It is heard from long before the match until it may be signed.
    let is_over = NOON + 125 * 60;
    pool.now.0 -= HOUR;
    let ready = loop {
        let judged = pool.later(10).await;
        if judged[0].why.is_none() {
            break pool.now.0;
        }
        assert!(pool.now.0 < is_over + HOUR, "{judged:?}");
    };
    std::fs::remove_file(file).unwrap();
    assert!((is_over + 600..is_over + 700).contains(&ready), "{ready}");
}

#[tokio::test]
async fn a_score_that_flaps_is_never_signed() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    pool.later(3 * HOUR).await;
    for turn in 0..20 {
        server.plays(scored(if turn % 2 == 0 { [2, 1] } else { [1, 2] }));
        let judged = pool.later(301).await;
        assert_ne!(judged.first().map(|it| it.why.is_none()), Some(true));
    }
}

#[tokio::test]
async fn sources_must_agree_and_all_of_them_must_know() {
    let (one, two) = (Server::start().await, Server::start().await);
    let mut pool = pool("Matchday 1", &[&one, &two]);
    one.plays(scored([2, 1]));
    two.plays(Played::List(cup("Matchday 1", ["A", "B"], &json!({}))));
    pool.later(3 * HOUR).await;
    let judged = pool.later(700).await;
    assert!(
        matches!(judged[0].why, Some(Why::Silent { .. })),
        "{judged:?}"
    );
    two.plays(scored([1, 2]));
    pool.later(700).await;
    let judged = pool.later(700).await;
    assert!(
        matches!(judged[0].why, Some(Why::Disagree { .. })),
        "{judged:?}"
    );
    two.plays(scored([2, 1]));
    pool.later(700).await;
    assert_eq!(pool.later(700).await[0].why, None);
}

/// The same teams meet every year: an old score is none of this match's.
#[tokio::test]
async fn a_match_of_another_day_is_no_partner() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    let more = json!({"date": "2029-01-01", "score": {"ft": [5, 0]}});
    server.plays(Played::List(cup("Matchday 1", ["A", "B"], &more)));
    pool.later(3 * HOUR).await;
    assert!(pool.later(HOUR).await.is_empty());
    assert_eq!(heard(&pool).known, 0);
}

#[tokio::test]
async fn a_result_of_another_year_is_none_of_a_match_with_a_day_alone() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    pool.known[0].fixture.kickoff = None;
    let day = |begins| bolao_ledger::Day {
        begins: UnixSeconds(begins),
        ends: UnixSeconds(begins + 24 * HOUR),
    };
    pool.known[0].day = Some(day(NOON - 12 * HOUR));
    let more = json!({"date": "2029-01-01", "score": {"ft": [4, 0]}});
    server.plays(Played::List(cup("Matchday 1", ["A", "B"], &more)));
    pool.later(40 * HOUR).await;
    assert!(pool.later(HOUR).await.is_empty());
    server.plays(scored([2, 1]));
    pool.later(HOUR).await;
    assert_eq!(pool.later(HOUR).await[0].why, None);
}

#[tokio::test]
async fn nothing_is_signed_of_teams_that_the_pool_does_not_know() {
    let server = Server::start().await;
    let list = read(
        &cup("Final", ["Winner SF1", "Winner SF2"], &json!({})),
        "UTC",
    );
    let mut pool = Watched::new(&list, "UTC", &[&server], NOON);
    let more = json!({"score": {"ft": [9, 0]}});
    server.plays(Played::List(cup("Final", ["Tuvalu", "Nauru"], &more)));
    pool.later(4 * HOUR).await;
    assert_eq!(pool.later(HOUR).await[0].why, Some(Why::NoTeams));
}

#[tokio::test]
async fn a_list_leads_to_no_other_host_without_a_certificate() {
    let (server, inner) = (Server::start().await, Server::start().await);
    inner.plays(scored([2, 1]));
    let mut pool = pool("Matchday 1", &[&server]);
    let address = inner.url.replace("127.0.0.1", "localhost");
    server.plays(Played::Moved(address));
    pool.later(3 * HOUR).await;
    assert!(inner.answers().is_empty());
    let problem = heard(&pool).problem.unwrap();
    assert!(problem.contains("another host without https"), "{problem}");
}

/// A list at one port led to a program at another one, of this machine too.
#[tokio::test]
async fn a_list_leads_to_no_other_port() {
    let (server, inner) = (Server::start().await, Server::start().await);
    inner.plays(scored([2, 1]));
    let mut pool = pool("Matchday 1", &[&server]);
    server.plays(Played::Moved(inner.url.clone()));
    pool.later(3 * HOUR).await;
    assert!(inner.answers().is_empty());
    let problem = heard(&pool).problem.unwrap();
    assert!(problem.contains("another port"), "{problem}");
}

/// `/api/v1/sources` is anybody's to read.
#[tokio::test]
async fn what_a_server_says_that_has_no_list_stays_private() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    for secret in ["admin password hunter2\n", "{\"token\": \"hunter2\"}"] {
        server.plays(Played::List(secret.to_owned()));
        pool.later(7 * HOUR).await;
        let problem = heard(&pool).problem.unwrap();
        assert!(problem.starts_with("its list cannot be read"), "{problem}");
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}

/// What one of them says wrongly was told of the other.
#[tokio::test]
async fn two_lists_of_one_host_have_names_of_their_own() {
    let (one, two) = (Server::start().await, Server::start().await);
    let pool = pool("Matchday 1", &[&one, &two]);
    let told = pool.sources.told();
    let names: Vec<_> = told.heard().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["127.0.0.1", "127.0.0.1 (2)"]);
}

#[tokio::test]
async fn a_source_that_was_never_heard_keeps_a_result_waiting() {
    let (one, two) = (Server::start().await, Server::start().await);
    let mut pool = pool("Matchday 1", &[&one, &two]);
    one.plays(scored([2, 1]));
    pool.later(3 * HOUR).await;
    let judged = pool.later(700).await;
    assert!(
        matches!(judged[0].why, Some(Why::Silent { .. })),
        "{judged:?}"
    );
}

#[tokio::test]
async fn a_match_that_the_pool_put_off_waits_for_its_new_time() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    pool.known[0].postponed = true;
    pool.known[0].record = Some(bolao_ledger::Outcome::without_score(
        bolao_ledger::Status::Postponed,
        None,
    ));
    server.plays(scored([1, 0]));
    pool.later(3 * HOUR).await;
    assert_eq!(pool.later(700).await[0].why, Some(Why::PutOff));
    // Scheduled anew and played, it has a result like any other.
    pool.known[0].postponed = false;
    assert_eq!(pool.later(700).await[0].why, None);
}

#[tokio::test]
async fn other_teams_and_swapped_ones_are_no_partner() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    for teams in [["B", "A"], ["C", "D"]] {
        let list = cup("Matchday 1", teams, &json!({"score": {"ft": [3, 0]}}));
        server.plays(Played::List(list));
        assert!(pool.later(3 * HOUR).await.is_empty());
        assert!(pool.later(HOUR).await.is_empty());
        assert_eq!(heard(&pool).known, 0);
    }
}

#[tokio::test]
async fn a_correction_and_what_is_put_off_are_told_and_not_signed() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    server.plays(scored([2, 1]));
    pool.later(3 * HOUR).await;
    let judged = pool.later(700).await;
    pool.sign(&judged);
    server.plays(scored([2, 2]));
    pool.later(700).await;
    assert_eq!(pool.later(700).await[0].why, Some(Why::Correction));
    pool.known[0].record = None;
    let list = cup("Matchday 1", ["A", "B"], &json!({"status": "postponed"}));
    server.plays(Played::List(list));
    pool.later(700).await;
    assert!(matches!(
        pool.later(700).await[0].why,
        Some(Why::NotPlayed(_))
    ));
}

#[tokio::test]
async fn a_knock_out_round_needs_a_winner_and_more_time() {
    let server = Server::start().await;
    let mut pool = pool("Quarter-finals", &[&server]);
    let list =
        |score: Value| Played::List(cup("Quarter-finals", ["A", "B"], &json!({"score": score})));
    server.plays(list(json!({"ft": [1, 1]})));
    pool.later(2 * HOUR).await;
    let judged = pool.later(700).await;
    assert!(
        matches!(judged[0].why, Some(Why::TooEarly { .. })),
        "{judged:?}"
    );
    let judged = pool.later(HOUR).await;
    assert_eq!(judged[0].why, Some(Why::NoWinner));
    server.plays(list(json!({"ft": [1, 1], "et": [1, 1], "p": [4, 3]})));
    pool.later(700).await;
    assert_eq!(pool.later(700).await[0].why, None);
}

/// Where points hang on it, the winner of a single match goes on, and of one of two nobody does whom the list does not name.
#[tokio::test]
async fn who_goes_on_is_signed_where_points_hang_on_it() {
    let server = Server::start().await;
    let mut pool = pool("Quarter-finals", &[&server]);
    let list =
        |score: Value| Played::List(cup("Quarter-finals", ["A", "B"], &json!({"score": score})));
    server.plays(list(json!({"ft": [0, 2]})));
    pool.later(4 * HOUR).await;
    let judged = pool.later(700).await;
    assert_eq!(judged[0].outcome.as_ref().unwrap().advances, None);
    pool.known[0].asks_who_goes_on = true;
    pool.later(700).await;
    let judged = pool.later(700).await;
    let outcome = judged[0].outcome.as_ref().unwrap();
    assert_eq!(
        (outcome.advances, &judged[0].why),
        (Some(Side::Away), &None)
    );
    let mut second = pool.known[0].clone();
    second.fixture.no = MatchNo(90);
    std::mem::swap(&mut second.fixture.home, &mut second.fixture.away);
    pool.known.push(second);
    pool.later(700).await;
    let judged = pool.later(700).await;
    assert_eq!(judged[0].why, Some(Why::WhoGoesOn));
}

#[tokio::test]
async fn servers_that_fail_are_asked_ever_less_and_what_was_heard_stays() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    server.plays(scored([2, 1]));
    pool.later(3 * HOUR).await;
    server.plays(Played::Status(500));
    let before = server.answers().len();
    for _ in 0..(24 * 12) {
        pool.later(301).await;
    }
    let asked = server.answers().len() - before;
    assert!((5..=12).contains(&asked), "{asked} in a day");
    let last = heard(&pool);
    assert!(last.problem.as_deref().unwrap().contains("500"), "{last:?}");
    assert_eq!(last.matches, 1);
    server.plays(Played::RetryAfter(4 * HOUR));
    pool.later(7 * HOUR).await;
    let last = heard(&pool);
    assert!(last.next.0 - pool.now.0 >= 4 * HOUR);
    server.plays(Played::List("no list at all".to_owned()));
    pool.later(7 * HOUR).await;
    let problem = heard(&pool).problem.clone().unwrap();
    assert!(problem.starts_with("its list cannot be read"), "{problem}");
    server.plays(scored([2, 1]));
    pool.later(7 * HOUR).await;
    assert_eq!(heard(&pool).problem, None);
}

/// It has no trouble from being asked: once the net is back, what was played meanwhile is there within minutes.
#[tokio::test]
async fn a_server_that_is_not_reached_is_asked_soon_after_the_net_is_back() {
    let mut pool = pool("Matchday 1", &[]);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}/list", free.local_addr().unwrap());
    drop(free);
    let place: Place = away.parse().unwrap();
    pool.sources = Sources::new(vec![Source::new(&place, None).unwrap()]);
    for _ in 0..(24 * 12) {
        pool.later(301).await;
    }
    let last = heard(&pool);
    assert!(last.problem.is_some(), "{last:?}");
    assert!(last.next.0 - pool.now.0 <= 300, "{last:?}");
}

#[tokio::test]
async fn five_gigabytes_are_not_read() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    server.plays(Played::Endless);
    pool.later(HOUR).await;
    let problem = heard(&pool).problem.clone().unwrap();
    assert!(problem.contains("at most 4194304 bytes"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stalls_is_left() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    server.plays(Played::Silence);
    pool.later(HOUR).await;
    let problem = heard(&pool).problem.clone().unwrap();
    assert!(problem.contains("30 seconds"), "{problem}");
}

#[tokio::test]
async fn a_live_score_is_shown_while_it_is_played_and_never_signed() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    let more = json!({"status": "live", "live": [1, 0], "minute": 63});
    server.plays(Played::List(cup("Matchday 1", ["A", "B"], &more)));
    assert!(pool.later(HOUR).await.is_empty());
    let told = pool.sources.told();
    let live = told.live(&pool.known, pool.now);
    assert_eq!((live[0].1.goals, live[0].1.minute), ([1, 0], Some(63)));
    // Twenty minutes without news end it.
    pool.now.0 += 20 * 60;
    assert!(told.live(&pool.known, pool.now).is_empty());
    assert!(pool.later(5 * HOUR).await.is_empty());
    assert!(pool.sources.told().live(&pool.known, pool.now).is_empty());
}

/// A match that has begun and is none of the pool's is not proposed to it.
#[tokio::test]
async fn matches_of_the_past_are_not_added() {
    let server = Server::start().await;
    let mut pool = pool("Matchday 1", &[&server]);
    let text = json!({"name": "Cup", "matches": [
        {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "A", "team2": "B"},
        {"round": "Matchday 1", "date": "2030-01-01", "time": "11:00 UTC+0", "team1": "C", "team2": "D"},
        {"round": "Matchday 2", "date": "2030-02-01", "time": "11:00 UTC+0", "team1": "A", "team2": "C"},
    ]});
    server.plays(Played::List(text.to_string()));
    pool.later(HOUR).await;
    let list = pool.sources.told().to_sign(&pool.known, pool.now).unwrap();
    let teams: Vec<String> = list.matches.iter().map(|it| it.away.to_string()).collect();
    assert_eq!(teams, ["B", "C"]);
}
