//! A pool whose only validator has lost its disk comes back by 24 words and a friend's node, as OPERATING says it word for word.

use std::{fs, path::Path, time::Duration};

use bolao_node::Home;

use crate::{
    support::{TIMEOUT, Terminal, bolao, done, eventually, run, run_node, section, temp},
    voting::{friend_of, in_home, is_final, joined, new_pool},
};

const OPERATING: &str = include_str!("../../../../../docs/OPERATING.md");
/// A home that does not know what it signed votes within this, once nobody has anything newer.
const QUIET: Duration = Duration::from_secs(100);

/// The commands of the page, with the link of a friend's node in them.
fn road(link: &str) -> [String; 2] {
    let blocks = section(OPERATING, "Without a backup");
    let blocks: Vec<String> = blocks.iter().map(|it| it.replace("LINK", link)).collect();
    blocks.try_into().unwrap()
}

/// What it finds, on one line.
fn doctor(home: &Path) -> String {
    let shown = String::from_utf8(run(in_home(home, &["doctor"])).stdout).unwrap();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_comes_back_by_words_and_a_friends_node() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let shown = done(in_home(&ana, &["status"]));
    assert!(shown.contains("the pool ends with it"), "{shown}");
    let status = host.status().await;
    assert_eq!(status["own_vote"], "only_here");
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&friend, "ana", (2, 1), TIMEOUT).await;
    let shown = doctor(&ana);
    assert!(
        shown.contains("only your 24 words together with"),
        "{shown}"
    );
    let words = done(in_home(&ana, &["wallet", "words", "--yes"]));
    let key = fs::read(ana.join("validator.key")).unwrap();
    host.kill();
    fs::remove_dir_all(&ana).unwrap();
    done(in_home(&bento, &["bet", "NlEn", "0-3"]));

    let user = dir.path().join("user");
    fs::create_dir(&user).unwrap();
    fs::write(user.join("words.txt"), words).unwrap();
    let url = Home::open(&bento).unwrap().running().unwrap().unwrap().url;
    let [restore, start] = road(&url);
    let told = Terminal::new(&user).follow(&restore);
    assert!(told.contains("The key is back"), "{told}");
    let home = user.join("home");
    assert_eq!(fs::read(home.join("validator.key")).unwrap(), key);
    assert_eq!(start, "bolao run\n");
    let node = run_node(&home, &[]).await;
    // It follows first.
    is_final(&node, "ana", (2, 1), TIMEOUT).await;
    assert_eq!(node.status().await["own_vote"], "waits");
    is_final(&friend, "bento", (0, 3), QUIET).await;
    eventually("its node again", TIMEOUT, async || {
        node.http.try_get("/api/v1/status").await.map(drop)
    })
    .await;
    done(in_home(&home, &["bet", "NlEn", "1-3"]));
    is_final(&friend, "ana", (1, 3), TIMEOUT).await;
    assert_eq!(friend.status().await["guilty"], 0);

    // Once there is a backup, nobody is warned.
    let file = dir.path().join("ana.tar").display().to_string();
    done(in_home(&home, &["backup", &file]));
    assert!(!doctor(&home).contains("24 words"));
    assert!(node.status().await["own_vote"].is_null());
}

/// Two homes with one player's words are nothing unusual: the second one does not take the vote.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_home_with_the_words_does_not_vote() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let words = done(in_home(&ana, &["wallet", "words", "--yes"]));
    let other = dir.path().join("other");
    let mut command = bolao();
    command.args(in_home(&other, &["wallet", "restore"]));
    assert!(crate::support::feed(command, &words).status.success());
    let url = Home::open(&ana).unwrap().running().unwrap().unwrap().url;
    done(in_home(&other, &["join", &url]));
    let node = run_node(&other, &[]).await;
    joined(&node, "ana").await;
    assert!(!other.join("validator.key").exists());
    let shown = done(in_home(&other, &["status"]));
    assert!(shown.contains("--old-home-gone"), "{shown}");
    // Nor does anybody else's home take it.
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    let resumed = run(in_home(
        &bento,
        &["validators", "resume", "--old-home-gone"],
    ));
    assert!(!resumed.status.success());
}
