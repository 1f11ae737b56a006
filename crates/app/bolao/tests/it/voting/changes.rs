//! Who votes, changed by commands: what is refused, several organisers, and stakes.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    FIXTURES, fails, friend_of, in_home, joined, offered,
    pool::{NAMES, Pool},
};
use crate::support::{Daemon, OPEN, TIMEOUT, done, eventually, run_node, temp};

/// A home with a new pool by these flags.
fn made(home: &Path, flags: &[&str]) {
    let file = home.with_extension("fixtures.json");
    fs::write(&file, FIXTURES).unwrap();
    let file = file.display().to_string();
    let new = ["new", "Finals", "--fixtures", &file, "--as", "ana"];
    done(in_home(home, &[&new[..], flags, &OPEN].concat()));
}

/// A node of somebody who joins the pool of another home.
async fn friend(name: &str, home: &Path, host: &Daemon) -> Daemon {
    let node = run_node(&friend_of(host, home, name), &[]).await;
    joined(&node, name).await;
    node
}

fn validators(home: &Path) -> Value {
    serde_json::from_str(&done(in_home(home, &["validators", "--json"]))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn organisers_appoint_together_and_clear_words_refuse_the_rest() {
    let dir = temp();
    let (ana, bento) = (dir.path().join("ana"), dir.path().join("bento"));
    done(in_home(&bento, &["wallet", "create"]));
    let account = done(in_home(&bento, &["wallet", "account"]));
    let rules = dir.path().join("rules.toml");
    fs::write(&rules, "reopen_notice = \"4s\"\n").unwrap();
    let rules = rules.display().to_string();
    made(
        &ana,
        &[
            "--organiser",
            account.trim(),
            "--appoint",
            "2-of-2",
            "--rules",
            &rules,
        ],
    );
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let other = friend("bento", &ana, &host).await;
    let clara = dir.path().join("clara");
    let third = friend("clara", &ana, &host).await;
    for name in ["bento", "clara"] {
        offered(&host, name).await;
    }
    let in_chain =
        |home: &Path, args: &[&str]| done(in_home(home, &[args, &["--yes", "--wait"]].concat()));
    for (home, args, words) in [
        (
            &clara,
            &["validators", "appoint", "clara"][..],
            "only organisers can appoint",
        ),
        (&ana, &["validators", "appoint", "nobody"], "nobody"),
        (
            &ana,
            &["validators", "appoint", "bento", "--weight", "0"],
            "validators remove",
        ),
        (
            &ana,
            &["validators", "appoint", "ana"],
            "is already a validator with the weight 1",
        ),
        (
            &ana,
            &["validators", "remove", "bento"],
            "bento is not a validator",
        ),
        (
            &ana,
            &["validators", "remove", "ana"],
            "nobody would be left",
        ),
        (
            &bento,
            &["validators", "offer"],
            "already offered this home's key",
        ),
        (&ana, &["stake", "5"], "chips are not votes in this pool"),
    ] {
        fails(home, args, words);
    }

    let dry = done(in_home(
        &ana,
        &["validators", "appoint", "bento", "clara", "--dry-run"],
    ));
    assert!(dry.contains("Nothing was sent"), "{dry}");
    let signed = in_chain(&ana, &["validators", "appoint", "bento", "clara"]);
    assert!(
        signed.contains(
            "once 1 more of bento has signed it too (bolao validators appoint bento --weight 1)"
        ),
        "{signed}"
    );
    assert_eq!(validators(&ana)["validators"].as_array().unwrap().len(), 1);
    let shown = done(in_home(&bento, &["validators"]));
    assert!(
        shown.contains("Signed by 1 of 2 organisers: bento is a validator"),
        "{shown}"
    );
    let second = in_chain(&bento, &["validators", "appoint", "bento", "clara"]);
    assert!(second.contains("ana signed it before you"), "{second}");
    // Of three equal ones, more than two thirds are all three.
    let needed = "nothing becomes final while the node of bento or clara is off";
    assert!(second.contains(needed), "{second}");
    assert!(!signed.contains("nothing becomes final"), "{signed}");
    assert_eq!(validators(&ana)["validators"].as_array().unwrap().len(), 3);
    let removes = ["validators", "remove", "clara"];
    in_chain(&ana, &removes);
    let removed = in_chain(&bento, &removes);
    assert!(
        removed.contains("clara is no longer a validator"),
        "{removed}"
    );
    assert!(
        removed.contains("takes effect 4 s after it is signed"),
        "{removed}"
    );
    eventually("two validators", TIMEOUT, async || {
        let left = validators(&clara)["validators"].as_array()?.len();
        (left == 2).then_some(())
    })
    .await;

    // The vote moves to another home of the same player.
    fs::remove_file(clara.join("validator.key")).unwrap();
    let moved = in_chain(&clara, &["validators", "offer"]);
    assert!(moved.contains("You offer to vote"), "{moved}");
    drop((host, other, third));
    fails(&ana, &["validators", "offer"], "node is not running");
    let shown = done(in_home(&ana, &["validators"]));
    assert!(shown.contains("is not running"), "{shown}");
}

/// Four validators are still four after an organiser alone has removed three of them, and everybody is told in time to do
/// something about it.
#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_who_removes_the_others_is_told_of_and_decides_nothing_alone() {
    let mut pool = Pool::start(&[]).await;
    let others = &NAMES[1..];
    let remove = [&["validators", "remove"], others, &["--yes", "--wait"]].concat();
    let said = pool.command(0, &remove);
    let answered = Instant::now();
    assert!(
        said.contains("takes effect 12 h after it is signed"),
        "{said}"
    );
    for node in &pool.nodes {
        let left = Duration::from_secs(2).saturating_sub(answered.elapsed());
        let told = eventually("word of the removals", left, async || {
            let notices = node.http.try_get("/api/v1/notices").await?;
            let notices: Value = serde_json::from_str(&notices.text).ok()?;
            let texts = notices["items"].as_array()?.iter();
            let texts: Vec<String> = { texts }
                .filter_map(|notice| notice["text"].as_str().map(str::to_owned))
                .filter(|text| text.contains("stops being a validator"))
                .collect();
            (texts.len() == others.len()).then_some(texts)
        })
        .await;
        for name in others {
            let words = format!("ana: {name} stops being a validator. It takes effect ");
            assert!(told.iter().any(|it| it.starts_with(&words)), "{told:?}");
        }
    }
    for who in 0..NAMES.len() {
        let status = pool.command(who, &["status"]);
        for name in others {
            let words = format!("ana: {name} stops being a validator. It takes effect ");
            assert!(status.contains(&words), "{name}: {status}");
            let coming = format!("{name} is no longer a validator");
            assert!(status.contains(&coming), "{name}: {status}");
        }
        assert_eq!(voters(&pool.validators(who).await), NAMES);
    }

    assert!(
        said.contains("bolao validators appoint clara --weight 1"),
        "{said}"
    );
    assert!(!said.contains("next block"), "{said}");
    let coming = pool.command(1, &["validators"]);
    let later = coming.matches("Signed, and takes effect in ").count();
    assert_eq!(later, others.len(), "{coming}");

    // She can take it back, which everybody is told as well.
    let back = pool.command(0, &["validators", "appoint", "clara", "--yes", "--wait"]);
    assert!(!back.contains("takes effect 12 h"), "{back}");
    let words = "ana: clara keeps the weight 1 as a validator: what was to change is taken back.";
    eventually("word that it is taken back", TIMEOUT, async || {
        pool.command(3, &["status"]).contains(words).then_some(())
    })
    .await;
    fails(
        &pool.homes[0],
        &["validators", "appoint", "clara"],
        "clara is already a validator with the weight 1",
    );

    // The three whom she removed decide without her.
    pool.nodes[0].kill();
    let score = pool.bet(1);
    pool.is_final(2, 1, score, TIMEOUT).await;
    pool.nodes[0].spawn();
    pool.nodes[0].wait().await;
    pool.agree(&[0, 1, 2, 3]).await;
    for who in 0..NAMES.len() {
        assert_eq!(voters(&pool.validators(who).await), NAMES);
    }
    pool.end_clean();
}

/// The names of those who vote.
fn voters(body: &Value) -> Vec<&str> {
    let all = body["validators"].as_array().unwrap().iter();
    let mut names: Vec<&str> = all
        .map(|one| one["validator"]["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn chips_weigh_where_the_rules_say_so() {
    let dir = temp();
    let (ana, bento) = (dir.path().join("ana"), dir.path().join("bento"));
    let rules = dir.path().join("rules.toml");
    fs::write(
        &rules,
        "change = \"stake\"\nstake_wait = \"1s\"\nstake_cut = 30\n",
    )
    .unwrap();
    made(&ana, &["--rules", &rules.display().to_string()]);
    let said = done(in_home(&ana, &["rules"]));
    assert!(
        said.contains("the chips that a player has staked"),
        "{said}"
    );
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let other = friend("bento", &ana, &host).await;
    offered(&host, "bento").await;
    fails(
        &ana,
        &["validators", "appoint", "bento"],
        "bolao stake CHIPS",
    );
    fails(&bento, &["stake", "0"], "at least 1");
    fails(&bento, &["stake", "5000"], "chips");
    fails(&bento, &["unstake", "5"], "stake");
    let staked = done(in_home(&bento, &["stake", "3", "--yes", "--wait"]));
    assert!(staked.contains("30 % of them"), "{staked}");
    let weights = |of: &Value| -> Vec<u64> {
        let all = of["validators"].as_array().unwrap().iter();
        let mut all: Vec<u64> = all.map(|one| one["weight"].as_u64().unwrap()).collect();
        all.sort_unstable();
        all
    };
    // Ana, whom genesis names, has the weight of what whoever joins could stake.
    assert_eq!(weights(&validators(&ana)), [3, 1_000]);
    done(in_home(&bento, &["unstake", "2", "--yes", "--wait"]));
    let chips = async || {
        let page = other.http.try_get("/api/v1/players/bento").await?;
        serde_json::from_str::<Value>(&page.text).ok()
    };
    let page = chips().await.unwrap();
    assert_eq!(page["offer"]["staked"], 1);
    // They are free in the first block after the wait.
    eventually("the chips", TIMEOUT, async || {
        done(in_home(&bento, &["bet", "PtCh", "1-0"]));
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        (chips().await?["chips"] == 999).then_some(())
    })
    .await;
    drop(host);
}
