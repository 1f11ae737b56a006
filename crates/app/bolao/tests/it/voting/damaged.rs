//! Stores that are damaged while their node is away, or at work.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt as _,
    path::Path,
    time::{Duration, SystemTime},
};

use serde_json::Value;

use super::{host_and_friend, in_home, is_final, joined, new_pool, new_pool_of, same_tip};
use crate::support::{
    Daemon, TIMEOUT, assert_audit_is_clean, done, eventually, run, run_node, temp,
};

const PAGE: usize = 4_096;
/// A validator that makes a block of its own accord does it in a moment.
const LONG: Duration = Duration::from_secs(2);

/// Changes a byte in every second page of a store from the `from`th on, in place.
fn damage(home: &Path, from: usize) {
    let path = home.join("chain.redb");
    let length = fs::metadata(&path).unwrap().len() as usize;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    for place in (from * PAGE + 100..length).step_by(2 * PAGE) {
        let mut byte = [0];
        file.read_exact_at(&mut byte, place as u64).unwrap();
        file.write_all_at(&[byte[0] ^ 0x10], place as u64).unwrap();
    }
}

/// Changes every copy of these bytes in a store.
fn lose(home: &Path, what: &[u8]) {
    let path = home.join("chain.redb");
    let mut bytes = fs::read(&path).unwrap();
    let copies = bytes.windows(what.len()).enumerate();
    let copies: Vec<usize> = copies
        .filter_map(|(at, copy)| (copy == what).then_some(at))
        .collect();
    assert!(!copies.is_empty());
    for at in copies {
        bytes[at] ^= 0x10;
    }
    fs::write(path, bytes).unwrap();
}

async fn says_that_it_was_mended(node: &Daemon) {
    let notices = node.http.get("/api/v1/notices").await.text;
    assert!(notices.contains("\"store-mended\""), "{notices}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_node_is_well_again_by_itself() {
    let dir = temp();
    let ((_, host), (bento, mut friend)) = host_and_friend(dir.path()).await;
    done(in_home(&bento, &["bet", "PtCh", "2-1"]));
    is_final(&friend, "bento", (2, 1), TIMEOUT).await;
    let wallet = fs::read(bento.join("wallet.json")).unwrap();

    // While it is away.
    friend.terminate().await;
    damage(&bento, 1);
    let left = bento.join(".wallet.json.Ab3dEf");
    let hour_ago = SystemTime::now() - Duration::from_hours(1);
    File::create(&left).unwrap().set_modified(hour_ago).unwrap();
    friend.spawn();
    friend.wait().await;
    same_tip(&friend, &host).await;
    says_that_it_was_mended(&friend).await;
    assert!(bento.join("chain.redb.damaged").exists());
    eventually("the half-written file to go", TIMEOUT, async || {
        (!left.exists()).then_some(())
    })
    .await;

    // While it is at work: it goes on, on the same port.
    damage(&bento, 2);
    eventually("the mending", TIMEOUT, async || {
        friend.log().contains("repairs its store").then_some(())
    })
    .await;
    same_tip(&friend, &host).await;
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));
    is_final(&host, "bento", (0, 3), TIMEOUT).await;
    is_final(&friend, "bento", (0, 3), TIMEOUT).await;
    friend.terminate().await;
    assert_eq!(fs::read(bento.join("wallet.json")).unwrap(), wallet);
    assert_audit_is_clean(&bento);
    assert!(!friend.log().contains("panicked"), "{}", friend.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_whose_store_was_damaged_follows_until_it_has_what_it_had() {
    let dir = temp();
    let ((ana, mut host), (bento, friend)) = host_and_friend(dir.path()).await;
    same_tip(&friend, &host).await;

    host.kill();
    drop(friend);
    damage(&ana, 1);
    host.spawn();
    host.wait().await;
    let before = host.height().await;
    // It has something to decide, and nobody to ask.
    let output = run(in_home(&ana, &["bet", "PtCh", "2-1"]));
    assert!(output.status.success(), "{output:?}");
    tokio::time::sleep(LONG).await;
    assert_eq!(host.height().await, before);
    assert!(ana.join("validator.waits").exists());

    // It starts again by itself.
    let friend = run_node(&bento, &[]).await;
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    is_final(&friend, "ana", (2, 1), TIMEOUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_does_not_vote_on_what_the_others_have_not_seen_of_its_damaged_store() {
    let dir = temp();
    let ((ana, mut host), (_, mut friend)) = host_and_friend(dir.path()).await;
    same_tip(&friend, &host).await;
    let known = friend.height().await;
    friend.terminate().await;
    let known = known.unwrap();
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    let seen = host.height().await.unwrap();
    assert!(seen > known, "{seen} {known}");

    let last = host
        .http
        .get(&format!("/api/v1/blocks/{seen}/transactions"))
        .await;
    let last = last.json()["items"][0]["signature"].clone();

    host.kill();
    // The last block cannot be found any more, but its header can.
    lose(&ana, &hex::decode(last.as_str().unwrap()).unwrap());
    damage(&ana, 1);
    host.spawn();
    host.wait().await;
    let waits = fs::read(ana.join("validator.waits")).unwrap();
    let waits: Value = serde_json::from_slice(&waits).unwrap();
    assert_eq!(waits["up_to"], seen);
    // Nobody has the rest.
    let kept = host.height().await.unwrap();
    assert!(kept < seen, "{kept}");
    friend.spawn();
    friend.wait().await;
    same_tip(&host, &friend).await;
    tokio::time::sleep(LONG).await;
    assert!(
        host.log().contains("follows without voting"),
        "{}",
        host.log()
    );
    assert!(ana.join("validator.waits").exists());
    host.terminate().await;
    host.spawn();
    host.wait().await;
    let before = host.height().await;
    let output = run(in_home(&ana, &["bet", "PtCh", "1-1"]));
    assert!(output.status.success(), "{output:?}");
    tokio::time::sleep(LONG).await;
    assert_eq!(host.height().await, before);

    // A person knows that no other node has it.
    done(in_home(&ana, &["validators", "resume", "--nothing-newer"]));
    is_final(&friend, "ana", (1, 1), TIMEOUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_alone_is_told_what_is_lost() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let only = host.http.get("/api/v1/blocks/1/transactions").await;
    let only = only.json()["items"][0]["signature"].clone();
    host.terminate().await;
    lose(&ana, &hex::decode(only.as_str().unwrap()).unwrap());
    damage(&ana, 1);
    let audit = run(in_home(&ana, &["audit"]));
    let text = String::from_utf8_lossy(&audit.stderr).into_owned();
    assert_eq!(audit.status.code(), Some(1), "{audit:?}");
    assert!(
        text.contains("damaged") && text.contains("reindex"),
        "{text}"
    );
    assert!(
        !text.contains("panicked") && !text.contains("a fault in bolao"),
        "{text}"
    );
    let told = done(in_home(&ana, &["reindex"]));
    assert!(
        told.contains("could be read") && told.contains("chain.redb.damaged"),
        "{told}"
    );
    let audit = run(in_home(&ana, &["audit"]));
    let text = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert_eq!(audit.status.code(), Some(1), "{text}");
    assert!(
        text.contains("incomplete") && text.contains("lost"),
        "{text}"
    );
}

/// Blocks are lost, and nobody else has them: each command says so until there are as many again, no backup takes the place of a longer
/// one, and the pool goes on by what `status` says.
#[tokio::test(flavor = "multi_thread")]
async fn a_lone_host_goes_on_after_damage_by_what_it_is_told() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    for goals in 1..=9_u8 {
        done(in_home(&ana, &["bet", "PtCh", &format!("{goals}-0")]));
        is_final(&host, "ana", (goals, 0), TIMEOUT).await;
    }
    let file = dir.path().join("ana.tar").display().to_string();
    done(in_home(&ana, &["backup", &file]));
    let seen = host.height().await.unwrap();
    let last = host
        .http
        .get(&format!("/api/v1/blocks/{}/transactions", seen - 3))
        .await;
    let last = last.json()["items"][0]["signature"].clone();
    host.terminate().await;
    lose(&ana, &hex::decode(last.as_str().unwrap()).unwrap());
    host.spawn();
    host.wait().await;
    let kept = host.height().await.unwrap();
    assert!(kept < seen, "{kept} {seen}");

    let lost = format!("blocks {} to {seen} are lost", kept + 1);
    let told = |args: &[&str]| {
        let output = run(in_home(&ana, args));
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        (output.status.code(), words.join(" "))
    };
    for command in ["audit", "doctor"] {
        let (code, text) = told(&[command]);
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains(&lost), "{text}");
        assert!(!text.contains("clean"), "{text}");
    }
    let whole = fs::read(&file).unwrap();
    let (code, text) = told(&["backup", &file, "--force"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&format!("up to block {seen}")), "{text}");
    assert_eq!(fs::read(&file).unwrap(), whole);
    let other = dir.path().join("other.tar").display().to_string();
    let (code, text) = told(&["backup", &other]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(&lost), "{text}");

    assert_eq!(told(&["bet", "NlEn", "1-1"]).0, Some(0));
    tokio::time::sleep(LONG).await;
    assert_eq!(host.height().await, Some(kept));
    for command in ["status", "doctor", "validators"] {
        let (_, text) = told(&[command]);
        assert!(
            text.contains("bolao validators resume --nothing-newer"),
            "{text}"
        );
        assert!(!text.contains("has not heard from any"), "{text}");
    }
    done(in_home(&ana, &["validators", "resume", "--nothing-newer"]));
    is_final(&host, "ana", (1, 1), TIMEOUT).await;
    for goals in 1..=5_u8 {
        done(in_home(&ana, &["bet", "PtCh", &format!("0-{goals}")]));
        is_final(&host, "ana", (0, goals), TIMEOUT).await;
    }
    assert!(host.height().await >= Some(seen));
    let (code, text) = told(&["audit"]);
    assert!(code == Some(0) && text.contains("clean"), "{text}");
    assert!(!told(&["doctor"]).1.contains("are lost"));
}

/// What is left of a file shows less than it had; an older one shows nothing of what came after. A friend's node that is off has those
/// blocks, and two histories would end the pool.
#[tokio::test(flavor = "multi_thread")]
async fn a_lone_validator_waits_for_blocks_of_which_its_file_shows_nothing() {
    let dir = temp();
    let ((ana, mut host), (bento, mut friend)) = host_and_friend(dir.path()).await;
    let store = ana.join("chain.redb");
    host.terminate().await;
    let old = fs::read(&store).unwrap();
    host.spawn();
    host.wait().await;
    for goals in 1..=4_u8 {
        done(in_home(&bento, &["bet", "PtCh", &format!("{goals}-0")]));
        is_final(&friend, "bento", (goals, 0), TIMEOUT).await;
    }
    for left in [&old[..2 * PAGE], &old] {
        let seen = eventually("the mark of the height", TIMEOUT, async || {
            let mark = fs::read_to_string(ana.join("validator.used")).ok()?;
            let tips = (host.height().await, friend.height().await);
            let mark = mark.trim().parse().ok();
            (tips == (mark, mark)).then_some(mark?)
        })
        .await;
        friend.terminate().await;
        host.terminate().await;
        fs::write(&store, left).unwrap();
        host.spawn();
        host.wait().await;
        let kept = host.height().await.unwrap();
        assert!(kept < seen, "{kept}");
        run(in_home(&ana, &["bet", "NlEn", "1-1"]));
        tokio::time::sleep(LONG).await;
        assert_eq!(host.height().await, Some(kept));
        let said = run(in_home(&ana, &["status"]));
        let said = String::from_utf8(said.stdout).unwrap();
        let words: Vec<&str> = said.split_whitespace().collect();
        let wanted = format!("given it the blocks up to {seen}");
        assert!(words.join(" ").contains(&wanted), "{said}");
        friend.spawn();
        friend.wait().await;
        same_tip(&host, &friend).await;
        let goals = u8::try_from(seen).unwrap();
        done(in_home(&bento, &["bet", "NlEn", &format!("{goals}-1")]));
        is_final(&friend, "bento", (goals, 1), TIMEOUT).await;
        assert!(host.height().await >= Some(seen));
    }
}

/// Of mined blocks a power cut takes from the store what made the last ones final, many at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_lone_validator_of_mined_blocks_goes_on_where_the_last_are_not_final_in_its_store() {
    let dir = temp();
    let ana = new_pool_of(dir.path(), "hybrid");
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    host.terminate().await;
    fs::write(ana.join("validator.used"), "1000").unwrap();
    host.spawn();
    host.wait().await;
    done(in_home(&ana, &["bet", "PtCh", "3-1"]));
    is_final(&host, "ana", (3, 1), TIMEOUT).await;
}
