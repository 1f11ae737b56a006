//! Importing again: the World Cup of before the tournament becomes the one of after it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bolao_ledger::{Genesis, Quorum, Rules, UnixSeconds};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use serde_json::Value;

use crate::{
    organising::{Friends, now, pool},
    support::{done, temp},
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/openfootball/");
const BEFORE: &str = "history/worldcup-2026-as-of-2026-03-20-326b3f8.json";
const AFTER: &str = "worldcup/2026/worldcup.json";

/// A file whose dates lie so many days later.
fn shifted(path: &str, days: i64) -> String {
    let text = fs::read_to_string(format!("{DATA}{path}")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    for game in file["matches"].as_array_mut().unwrap() {
        let date: Date = game["date"].as_str().unwrap().parse().unwrap();
        game["date"] = Value::String((date + days.days()).to_string());
    }
    file.to_string()
}

/// As many days as put the first match a year ahead.
fn ahead() -> i64 {
    let first: Timestamp = "2026-06-11T00:00:00Z".parse().unwrap();
    let now = Timestamp::from_second(now().cast_signed()).unwrap();
    (now.as_second() - first.as_second()) / 86_400 + 365
}

/// The pool that `bolao new` makes of a file, with more organisers.
fn made_of(file: &Path, rules: Rules) -> Genesis {
    let dir = temp();
    let home = dir.path().join("new").display().to_string();
    let path = file.display().to_string();
    done(["--home", &home, "new", "World Cup", "--fixtures", &path]);
    let text = fs::read_to_string(dir.path().join("new/genesis.json")).unwrap();
    Genesis {
        matches: Genesis::from_json(&text).unwrap().matches,
        ..pool(rules)
    }
}

type Meeting = (String, String, String);

fn meetings(matches: &Value) -> BTreeSet<Meeting> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let matches = matches.as_array().unwrap().iter();
    matches
        .map(|game| {
            let team = |side: &str| text(&game[side]["name"]);
            (team("home"), team("away"), text(&game["kickoff"]))
        })
        .collect()
}

/// The changes of matches that a plan has, and its results.
fn parts(plan: &Value) -> (Vec<&Value>, Vec<&Value>) {
    let all = plan["changes"].as_array().unwrap().iter();
    all.partition(|it| it["signs"][0]["type"] != "result")
}

#[tokio::test]
async fn the_world_cup_of_before_becomes_the_one_of_after() {
    let dir = temp();
    let (before, after) = (
        dir.path().join("before.json"),
        dir.path().join("after.json"),
    );
    let days = ahead();
    fs::write(&before, shifted(BEFORE, days)).unwrap();
    fs::write(&after, shifted(AFTER, days)).unwrap();
    let rules = Rules {
        schedule_quorum: Quorum::of(2),
        ..Rules::default()
    };
    let friends = Friends::start(made_of(&before, rules.clone()), 2).await;
    let path = after.display().to_string();

    let shown = friends.json(2, &["import", &path, "--dry-run", "--json"]);
    let (changes, _) = parts(&shown);
    assert!(
        changes.iter().all(|change| change["verdict"] == "sign"),
        "{shown}"
    );
    let said = friends.fails(2, 1, &["import", &path, "--yes"]);
    assert!(said.contains("only organisers"), "{said}");
    let said = friends.fails(0, 2, &["import", &path]);
    assert!(said.contains("--yes"), "{said}");

    // More than may wait at once: it goes on as blocks come.
    let said = friends.ok(0, &["import", &path, "--yes", "--wait"]);
    assert!(said.contains("2A → "), "{said}");
    assert!(
        said.contains("wait for one more organiser") && !said.contains("enough signatures"),
        "{said}"
    );
    friends.level().await;
    let said = friends.ok(0, &["import", &path, "--yes"]);
    assert!(
        said.contains("you signed it, others have not yet"),
        "{said}"
    );
    let count = |friend: usize| {
        let matches = friends.json(friend, &["matches", "--json"]);
        (meetings(&matches).len(), matches.as_array().unwrap().len())
    };
    assert_eq!(count(0), (104, 104));
    let said = friends.ok(1, &["import", &path, "--yes", "--wait"]);
    assert!(
        said.contains("have enough signatures") && !said.contains("more organiser"),
        "{said}"
    );
    friends.level().await;

    let matches = friends.json(2, &["matches", "--json"]);
    assert_eq!(matches.as_array().unwrap().len(), 104);
    let wanted = serde_json::to_value(made_of(&after, rules).matches).unwrap();
    let mut wanted = wanted;
    for game in wanted.as_array_mut().unwrap() {
        let at = Timestamp::from_second(game["kickoff"].as_i64().unwrap()).unwrap();
        game["kickoff"] = Value::String(at.to_string());
    }
    assert_eq!(meetings(&matches), meetings(&wanted));
    for friend in 0..2 {
        let said = friends.ok(friend, &["import", &path, "--yes"]);
        assert!(said.contains("Nothing changes."), "{said}");
        let shown = friends.json(friend, &["import", &path, "--dry-run", "--json"]);
        assert_eq!(parts(&shown).0, [&Value::Null; 0]);
    }
}

/// As it is today: every match is over, nobody tipped any, so only teams are filled in, and the file's scores are
/// proposals.
#[tokio::test]
async fn a_file_of_matches_that_are_over_fills_in_teams_and_proposes_results() {
    let before = PathBuf::from(format!("{DATA}{BEFORE}"));
    let rules = Rules {
        results_quorum: Quorum::of(2),
        ..Rules::default()
    };
    let friends = Friends::start(made_of(&before, rules), 2).await;
    let path = format!("{DATA}{AFTER}");
    let shown = friends.json(2, &["import", &path, "--dry-run", "--json"]);
    let (changes, results) = parts(&shown);
    let filled = |change: &&&Value| change["verdict"] == "sign";
    assert_eq!(changes.iter().filter(filled).count(), 50, "{shown}");
    let refused =
        |change: &Value| change["verdict"] == "refused" && change["code"] == "kickoff-in-the-past";
    assert!(
        changes
            .iter()
            .all(|change| filled(&change) || refused(change)),
        "{shown}"
    );
    assert!(results.len() > 100, "{}", results.len());
    assert!(results.iter().all(|result| result["verdict"] == "sign"));

    let said = friends.ok(0, &["import", &path, "--yes", "--wait"]);
    assert!(said.contains("bolao result A1-A2 "), "{said}");
    let log = friends.json(0, &["log", "--json"]);
    assert_eq!(log.as_array().unwrap().len(), 50, "only teams are signed");
    let matches = friends.json(0, &["matches", "--json"]);
    let matches = matches.as_array().unwrap();
    assert_eq!(matches.len(), 104);
    let last = matches.iter().find(|game| game["no"] == 104).unwrap();
    assert_ne!(last["home"]["name"], "W101");
    assert_eq!(last["status"], "closed");

    for friend in 0..2 {
        friends.ok(friend, &["import", &path, "--results", "--yes", "--wait"]);
        friends.level().await;
    }
    let again = friends.json(0, &["import", &path, "--dry-run", "--json"]);
    assert_eq!(parts(&again).1, [&Value::Null; 0]);
    let matches = friends.json(0, &["matches", "--json"]);
    let recorded = matches.as_array().unwrap().iter();
    assert_eq!(
        recorded.filter(|game| !game["record"].is_null()).count(),
        results.len()
    );
}

#[tokio::test]
async fn what_a_file_cannot_change_is_said() {
    let dir = temp();
    let at = |seconds: u64| {
        let at = Timestamp::from_second(seconds.cast_signed()).unwrap();
        at.strftime(r#""date": "%Y-%m-%d", "time": "%H:%M UTC+0""#)
            .to_string()
    };
    let (soon, later) = (at(now() + 86_400), at(now() + 2 * 86_400));
    let game = |teams: [&str; 2], when: &str, more: &str| {
        let [one, two] = teams;
        format!(r#"{{"round": "Finals", "team1": "{one}", "team2": "{two}", {when}{more}}}"#)
    };
    let file = |matches: &[String]| {
        let path = dir.path().join("file.json");
        let text = format!(
            r#"{{"name": "Finals", "matches": [{}]}}"#,
            matches.join(", ")
        );
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let friends = Friends::start(pool(Rules::default()), 1).await;
    let (ours, over) = (["Netherlands", "England"], ["Portugal", "Switzerland"]);

    // Codes are others than the pool's; one more match, and one that was called off.
    let path = file(&[
        game(ours, &later, ""),
        game(over, &later, r#", "status": "cancelled""#),
        game(["Aa", "Bb"], &soon, ""),
        game(["Cc", "Dd"], &soon, r#", "status": "cancelled""#),
    ]);
    let shown = friends.json(0, &["import", &path, "--dry-run", "--json"]);
    let (changes, results) = parts(&shown);
    assert_eq!(changes.len(), 2, "{shown}");
    assert_eq!(changes[0]["match"]["code"], "NlEn");
    assert_eq!(changes[1]["match"]["no"], 3);
    assert_eq!(results[0]["signs"][0]["outcome"]["status"], "cancelled");
    let said = friends.ok(0, &["import", &path, "--dry-run"]);
    assert!(
        said.contains("bolao result PtCh --status cancelled"),
        "{said}"
    );
    friends.ok(0, &["import", &path, "--yes", "--wait"]);
    let said = friends.ok(0, &["import", &path, "--yes"]);
    assert!(said.contains("Nothing changes."), "{said}");
    let matches = friends.json(0, &["matches", "--json"]);
    assert_eq!(matches.as_array().unwrap().len(), 3);

    // Without zones it is refused; another competition's too.
    let path = file(&[game(ours, r#""date": "2030-01-01", "time": "20:00""#, "")]);
    let said = friends.fails(0, 1, &["import", &path, "--dry-run"]);
    assert!(said.contains("--zone"), "{said}");
    friends.ok(
        0,
        &["import", &path, "--dry-run", "--zone", "Europe/Lisbon"],
    );
    let path = file(&[game(["Xx", "Yy"], &soon, "")]);
    let said = friends.fails(0, 1, &["import", &path, "--yes"]);
    assert!(said.contains("another competition"), "{said}");
}

/// Teams that meet in a match of the pool do not meet again within 36 hours: one of two such matches would never be played, or
/// a bet would mean the opposite.
#[tokio::test]
async fn a_match_of_the_same_teams_within_36_hours_is_never_proposed_as_new() {
    let dir = temp();
    let mut genesis = pool(Rules::default());
    let kickoff = (now() / 60 + 24 * 60) * 60;
    genesis.matches[1].kickoff = Some(UnixSeconds(kickoff));
    let friends = Friends::start(genesis, 1).await;
    let at = |hours: i64| {
        let at = kickoff.checked_add_signed(hours * 3_600).unwrap();
        Timestamp::from_second(at.cast_signed()).unwrap()
    };
    let game = |[one, two]: [&str; 2], hours: i64| {
        let when = at(hours).strftime(r#""date": "%Y-%m-%d", "time": "%H:%M UTC+0""#);
        format!(r#"{{"round": "Finals", "team1": "{one}", "team2": "{two}", {when}}}"#)
    };
    let (ours, turned) = (["Netherlands", "England"], ["England", "Netherlands"]);
    let games = [
        game(ours, 0),
        game(turned, 1),
        game(turned, -12),
        game(ours, 36),
        game(ours, 37),
        game(turned, 80),
    ];
    let path = dir.path().join("file.json");
    let text = format!(r#"{{"name": "Finals", "matches": [{}]}}"#, games.join(", "));
    fs::write(&path, text).unwrap();
    let path = path.display().to_string();

    let shown = friends.json(0, &["import", &path, "--dry-run", "--json"]);
    let changes = shown["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 5, "{shown}");
    let mut new = Vec::new();
    for change in changes {
        if change["verdict"] == "sign" {
            let kickoff = &change["signs"][0]["fixture"]["kickoff"];
            new.push(kickoff.as_str().unwrap().to_owned());
            continue;
        }
        assert_eq!(change["doubt"]["why"], "twin", "{change}");
        assert_eq!(change["doubt"]["code"], "NlEn", "{change}");
    }
    assert_eq!(new, [at(37), at(80)].map(|at| at.to_string()), "{shown}");
    let count = || {
        let matches = friends.json(0, &["matches", "--json"]);
        matches.as_array().unwrap().len()
    };
    for _ in 0..2 {
        friends.ok(0, &["import", &path, "--yes", "--wait"]);
        assert_eq!(count(), 4);
    }

    // Nor is it added by hand but by whoever means it.
    let hour_later = at(1).to_string();
    let by_hand = [
        "schedule",
        "Again",
        "--team1",
        "England",
        "--team2",
        "Netherlands",
        "--stage",
        "Finals",
        "--kickoff",
        &hour_later,
        "--yes",
        "--wait",
    ];
    let said = friends.fails(0, 1, &by_hand);
    assert!(
        said.contains("is in the pool already, within 36 hours, the other way round"),
        "{said}"
    );
    assert_eq!(count(), 4);
    friends.ok(0, &[&by_hand[..], &["--again"]].concat());
    assert_eq!(count(), 5);
}

/// A placeholder that is filled later than the rules' notice before betting ends takes the match away from whoever would bet on it.
#[tokio::test]
async fn a_change_by_which_bets_would_not_count_is_signed_only_where_that_is_meant() {
    let dir = temp();
    let mut genesis = pool(Rules {
        notice_s: 12 * 3_600,
        ..Rules::default()
    });
    let kickoff = (now() / 60 + 6 * 60) * 60;
    genesis.matches[1].kickoff = Some(UnixSeconds(kickoff));
    genesis.matches[1].home.name = "W1".parse().unwrap();
    genesis.matches[1].home.code = None;
    let friends = Friends::start(genesis, 1).await;
    let at = Timestamp::from_second(kickoff.cast_signed()).unwrap();
    let when = at.strftime(r#""date": "%Y-%m-%d", "time": "%H:%M UTC+0""#);
    let path = dir.path().join("file.json");
    let game =
        format!(r#"{{"round": "Finals", "team1": "Netherlands", "team2": "England", {when}}}"#);
    fs::write(
        &path,
        format!(r#"{{"name": "Finals", "matches": [{game}]}}"#),
    )
    .unwrap();
    let path = path.display().to_string();
    let known = || {
        let matches = friends.json(0, &["matches", "--json"]);
        let game = matches.as_array().unwrap().iter().find(|it| it["no"] == 2);
        let game = game.unwrap();
        (game["home"]["name"].clone(), game["lacks_notice"].clone())
    };

    let shown = friends.json(0, &["import", &path, "--dry-run", "--json"]);
    assert_eq!(parts(&shown).0[0]["doubt"]["why"], "late", "{shown}");
    let said = friends.ok(0, &["import", &path, "--yes", "--wait"]);
    assert!(
        said.contains("bets on it count as it stands, and would not count any more"),
        "{said}"
    );
    assert_eq!(known(), ("W1".into(), false.into()));
    let said = friends.ok(0, &["import", &path, "--yes", "--late", "--wait"]);
    assert!(said.contains("bets on it will not count"), "{said}");
    assert_eq!(known(), ("Netherlands".into(), true.into()));
}
