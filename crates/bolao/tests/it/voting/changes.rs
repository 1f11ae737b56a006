//! Who votes, changed by commands: what is refused, several organisers, and stakes.

use std::{fs, path::Path};

use serde_json::Value;

use super::{FIXTURES, fails, friend_of, in_home, joined, offered};
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
    made(
        &ana,
        &["--organiser", account.trim(), "--appoint", "2-of-2"],
    );
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let other = friend("bento", &ana, &host).await;
    let clara = dir.path().join("clara");
    let third = friend("clara", &ana, &host).await;
    for name in ["bento", "clara"] {
        offered(&host, name).await;
    }
    let in_chain = |home: &Path, args: &[&str]| done(in_home(home, &[args, &["--wait"]].concat()));
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
    assert_eq!(
        validators(&clara)["validators"].as_array().unwrap().len(),
        2
    );

    // The vote moves to another home of the same player.
    fs::remove_file(clara.join("validator.key")).unwrap();
    let moved = in_chain(&clara, &["validators", "offer"]);
    assert!(moved.contains("You offer to vote"), "{moved}");
    drop((host, other, third));
    fails(&ana, &["validators", "offer"], "node is not running");
    let shown = done(in_home(&ana, &["validators"]));
    assert!(shown.contains("is not running"), "{shown}");
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
    let staked = done(in_home(&bento, &["stake", "3", "--wait"]));
    assert!(staked.contains("30 % of them"), "{staked}");
    let weights = |of: &Value| -> Vec<u64> {
        let all = of["validators"].as_array().unwrap().iter();
        let mut all: Vec<u64> = all.map(|one| one["weight"].as_u64().unwrap()).collect();
        all.sort_unstable();
        all
    };
    // Ana, whom genesis names, has the weight of what whoever joins could stake.
    assert_eq!(weights(&validators(&ana)), [3, 1_000]);
    done(in_home(&bento, &["unstake", "2", "--wait"]));
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
