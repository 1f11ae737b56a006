//! Backups: written while a node works, and read as if a stranger had made them.

mod restored;

use std::{
    fs,
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bolao_ledger::{
    Chips, MatchNo, Name, Nonce, OpenBet, PoolId, Score, Transaction, TxId, encode,
};
use bolao_node::Home;
use bolao_store::Store;
use bolao_wallet::Draft;
use serde_json::{Value, json};
use tar::{Archive, Builder, EntryType, Header};

use crate::{
    support::{
        Daemon, Http, TIMEOUT, assert_audit_is_clean, done, eventually, new_key, run, run_node,
        temp,
    },
    voting::{friend_of, in_home, is_final, joined, new_pool, offered},
};

const PLAYERS: usize = 4;
/// As many a player.
const BETS: u64 = 50;
/// How long they bet around a backup.
const WHILE: Duration = Duration::from_secs(2);

async fn submit(http: &Http, transaction: &Transaction) -> (u16, String) {
    let body = json!({ "transaction": hex::encode(encode(transaction)) });
    let request = http.request("POST", "/api/v1/transactions").json(&body);
    let answer = http.send(request).await;
    (answer.status, answer.text)
}

/// Bets as one player after the other, as a pool takes only so much from each; notes what the node has taken.
async fn bet_on(http: Http, pool: PoolId, taken: Arc<Mutex<Vec<TxId>>>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::SeqCst) {
        let key = new_key();
        let mut draft = Draft::new(key.account(), Nonce::ZERO);
        let name = format!("bettor {}", hex::encode(&key.account().0[..4]));
        let mut next = draft.join(Name::new(&name).unwrap());
        for number in 0..BETS {
            let transaction = key.sign(pool, next);
            loop {
                match submit(&http, &transaction).await {
                    (202, _) => break,
                    (429 | 503, _) => tokio::time::sleep(Duration::from_millis(5)).await,
                    other => panic!("{other:?}"),
                }
            }
            taken.lock().unwrap().push(transaction.id());
            next = draft.bet(vec![OpenBet {
                match_no: MatchNo(1 + (number % 2) as u16),
                prediction: (Score::new(number % 10, number / 10 % 10).unwrap()).into(),
                stake: Chips::ZERO,
            }]);
        }
    }
}

fn restore(file: &Path, home: &Path) -> String {
    done(in_home(home, &["restore", &file.display().to_string()]))
}

fn standings(home: &Path) -> Value {
    serde_json::from_str(&done(in_home(home, &["standings", "--json"]))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_while_bets_are_placed_restores_equal() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    let pool = Home::open(&ana).unwrap().genesis().unwrap().pool_id();
    let (taken, stop) = (
        Arc::<Mutex<Vec<TxId>>>::default(),
        Arc::<AtomicBool>::default(),
    );
    let began = Instant::now();
    let bettors: Vec<_> = (0..PLAYERS)
        .map(|_| {
            let (taken, stop) = (Arc::clone(&taken), Arc::clone(&stop));
            tokio::spawn(bet_on(host.http.clone(), pool, taken, stop))
        })
        .collect();
    tokio::time::sleep(WHILE).await;
    let before = taken.lock().unwrap().clone();
    let file = dir.path().join("live.tar");
    let (from, to) = (ana.clone(), file.clone());
    let backed_up = tokio::task::spawn_blocking(move || {
        done(in_home(
            &from,
            &["backup", &to.display().to_string(), "--json"],
        ))
    });
    let said: Value = serde_json::from_str(&backed_up.await.unwrap()).unwrap();
    let while_it_ran = taken.lock().unwrap().len() - before.len();
    stop.store(true, Ordering::SeqCst);
    for bettor in bettors {
        bettor.await.unwrap();
    }
    let (all, took) = (taken.lock().unwrap().len(), began.elapsed());
    println!(
        "{all} transactions in {took:?}, {while_it_ran} during the backup of {} blocks",
        said["height"]
    );
    assert!(while_it_ran > 0, "nothing was placed meanwhile");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let home = dir.path().join("restored");
    let words = restore(&file, &home);
    assert!(words.contains("does not vote"), "{words}");
    assert_audit_is_clean(&home);
    for key in ["wallet.json", "node.key", "validator.key"] {
        assert_eq!(
            fs::read(home.join(key)).unwrap(),
            fs::read(ana.join(key)).unwrap()
        );
        let mode = fs::metadata(home.join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    let store = Store::open(&home.join("chain.redb")).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let tip = snapshot.tip().unwrap();
    assert_eq!(said["tip"], tip.hash.to_string());
    let height = tip.height;
    let theirs = host.http.get(&format!("/api/v1/blocks/{height}")).await;
    assert_eq!(theirs.json()["hash"], tip.hash.to_string());
    for id in before {
        let is_there = snapshot.confirmed_transaction(&id).unwrap().is_some()
            || snapshot.pending_transaction(&id).unwrap().is_some();
        assert!(is_there, "{id}");
    }
    drop((snapshot, store));

    // Once more where nothing changes, to compare all of it; and of the stopped home.
    let tip = host.tip().await;
    let mut host = host;
    for (name, running) in [("quiet", true), ("stopped", false)] {
        if !running {
            host.terminate().await;
        }
        let file = dir.path().join(format!("{name}.tar"));
        done(in_home(&ana, &["backup", &file.display().to_string()]));
        let home = dir.path().join(name);
        restore(&file, &home);
        let status: Value =
            serde_json::from_str(&done(in_home(&home, &["status", "--json"]))).unwrap();
        assert_eq!(status["tip"]["hash"], tip.as_str());
        assert_eq!(status["final"]["hash"], tip.as_str());
        assert_eq!(standings(&home), standings(&ana));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_block_is_in_a_backup() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    eventually("an empty mempool", TIMEOUT, async || {
        let offers = friend.http.get("/api/v1/validators").await.json();
        let waits = friend.status().await["pending"] != 0;
        (!waits && offers["offers"][0].is_object()).then_some(())
    })
    .await;
    host.terminate().await;
    done(in_home(&bento, &["bet", "PtCh", "1-1"]));
    assert_eq!(friend.status().await["pending"], 1);
    let file = dir.path().join("friend.tar");
    done(in_home(&bento, &["backup", &file.display().to_string()]));
    drop(friend);
    let home = dir.path().join("again");
    restore(&file, &home);
    let status: Value = serde_json::from_str(&done(in_home(&home, &["status", "--json"]))).unwrap();
    assert_eq!(status["pending"], 1, "{status}");
}

/// A home that has every secret, with a backup of it.
pub(crate) async fn backed_up(dir: &Path, flags: &[&str]) -> (PathBuf, PathBuf) {
    let ana = new_pool(dir);
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    host.terminate().await;
    fs::write(ana.join("relay.token"), "secret-of-the-relay").unwrap();
    let file = dir.join("backup.tar");
    let path = file.display().to_string();
    done(in_home(&ana, &[&["backup", &path], flags].concat()));
    (ana, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_without_keys_has_no_secret_in_it() {
    let dir = temp();
    let (ana, file) = backed_up(dir.path(), &["--no-keys"]).await;
    let bytes = fs::read(&file).unwrap();
    let holds = |text: &str| {
        let text = text.trim().as_bytes();
        assert!(text.len() >= 16);
        bytes.windows(text.len()).any(|window| window == text)
    };
    let wallet: Value =
        serde_json::from_slice(&fs::read(ana.join("wallet.json")).unwrap()).unwrap();
    let mut secrets: Vec<String> = ["node.key", "validator.key", "token", "relay.token"]
        .iter()
        .map(|name| fs::read_to_string(ana.join(name)).unwrap())
        .collect();
    strings(&wallet, &mut secrets);
    let words = done(in_home(&ana, &["wallet", "words", "--yes"]));
    secrets.push(words.clone());
    for secret in &secrets {
        assert!(!holds(secret), "{secret}");
        if let Ok(raw) = hex::decode(secret.trim()) {
            assert!(!bytes.windows(raw.len()).any(|window| window == raw));
        }
    }
    // The same look finds them in one with keys.
    let with = dir.path().join("with.tar");
    done(in_home(&ana, &["backup", &with.display().to_string()]));
    let bytes = fs::read(&with).unwrap();
    for name in ["node.key", "validator.key", "relay.token", "wallet.json"] {
        let text = fs::read(ana.join(name)).unwrap();
        assert!(
            bytes.windows(text.len()).any(|window| window == text),
            "{name}"
        );
    }
    let token = fs::read(ana.join("token")).unwrap();
    assert!(!bytes.windows(token.len()).any(|window| window == token));

    let home = dir.path().join("again");
    restore(&file, &home);
    assert!(!home.join("validator.key").exists());
    let failed = run(in_home(&home, &["run", "-p", "0"]));
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(said.contains("wallet restore"), "{said}");
    let mut command = crate::support::bolao();
    command.args(in_home(&home, &["wallet", "restore"]));
    assert!(crate::support::feed(command, &words).status.success());
    let node = run_node(&home, &[]).await;
    joined(&node, "ana").await;
}

/// Every long text in a JSON value.
fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() >= 16 => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|it| strings(it, into)),
        Value::Object(all) => all.values().for_each(|it| strings(it, into)),
        _ => {}
    }
}

/// A disk that is dying can be read only: that is when a backup is wanted.
#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_cannot_be_written_is_backed_up_and_restored_onto_a_new_disk() {
    let dir = temp();
    let ana = new_pool(dir.path());
    // Nothing takes its place.
    fs::create_dir(ana.join("backed-up")).unwrap();
    let file = dir.path().join("backup.tar");
    let backup = run(in_home(&ana, &["backup", &file.display().to_string()]));
    let said = String::from_utf8_lossy(&backup.stderr).into_owned();
    assert!(backup.status.success(), "{said}");
    assert!(said.contains("warning: the backup is whole"), "{said}");
    let disk = dir.path().join("disk");
    fs::create_dir_all(disk.join("lost+found")).unwrap();
    restore(&file, &disk);
    assert!(disk.join("genesis.json").exists() && disk.join("lost+found").exists());
    let other = dir.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("lost+found"), "a file").unwrap();
    let refused = run(in_home(&other, &["restore", &file.display().to_string()]));
    assert!(!refused.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_overwritten() {
    let dir = temp();
    let (ana, file) = backed_up(dir.path(), &[]).await;
    let path = file.display().to_string();
    let again = run(in_home(&ana, &["backup", &path]));
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        !again.status.success() && said.contains("--force"),
        "{said}"
    );
    let nowhere = run(in_home(&ana, &["backup", "-"]));
    let said = String::from_utf8_lossy(&nowhere.stderr);
    assert!(
        !nowhere.status.success() && said.contains("choose a name"),
        "{said}"
    );
    done(in_home(&ana, &["backup", &path, "--force"]));

    let was = contents(&ana);
    // Nothing but a backup is replaced, a file of the home least of all.
    for name in ["chain.redb", "wallet.json"] {
        let own = ana.join(name).display().to_string();
        let said = run(in_home(&ana, &["backup", &own, "--force"]));
        let words = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(!said.status.success(), "{name}");
        assert!(words.contains("is no backup"), "{words}");
    }
    refused(&file, &ana, "restore into a new or an empty directory");
    assert_eq!(contents(&ana), was);
    let other = dir.path().join("other");
    fs::create_dir(&other).unwrap();
    done(in_home(&other, &["wallet", "create"]));
    let was = contents(&other);
    refused(&file, &other, "wallet.json already exists");
    assert_eq!(contents(&other), was);
    // Keys do not come among somebody else's files.
    let mixed = dir.path().join("mixed");
    fs::create_dir(&mixed).unwrap();
    fs::write(mixed.join("notes.txt"), "mine").unwrap();
    refused(&file, &mixed, "notes.txt already exists");
    assert!(!mixed.join(".restoring").exists());
    fs::remove_file(mixed.join("notes.txt")).unwrap();
    restore(&file, &mixed);
}

/// Names and bytes of the files in a directory.
pub(crate) fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(all) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut all: Vec<_> = all
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    all.sort();
    all
}

/// Restores what cannot be; it must leave nothing, and say so in a sentence.
fn refused(file: &Path, home: &Path, words: &str) {
    let was = contents(home);
    let path = file.display().to_string();
    let output = run(in_home(home, &["restore", &path]));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains(words), "{words}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(contents(home), was, "{words}");
    println!("{}", said.trim_end());
}

type Entry = (Header, Vec<u8>);

fn entries(file: &Path) -> Vec<Entry> {
    let mut archive = Archive::new(fs::File::open(file).unwrap());
    let all = archive.entries().unwrap();
    all.map(|entry| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.header().clone(), bytes)
    })
    .collect()
}

fn written(file: &Path, entries: &[Entry]) {
    let mut tar = Builder::new(fs::File::create(file).unwrap());
    for (header, bytes) in entries {
        tar.append(header, bytes.as_slice()).unwrap();
    }
    tar.finish().unwrap();
}

/// The header of a file, under a name that no library would write.
fn header(name: &str, bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_size(bytes);
    header.set_cksum();
    header
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_backups_are_refused_and_leave_nothing() {
    let dir = temp();
    let (_, good) = backed_up(dir.path(), &[]).await;
    let all = entries(&good);
    let names: Vec<_> = all
        .iter()
        .map(|(it, _)| it.path().unwrap().into_owned())
        .collect();
    println!("{names:?}");
    let home = dir.path().join("victim");
    let bad = dir.path().join("bad.tar");
    let refused_with = |change: &dyn Fn(&mut Vec<Entry>), words: &str| {
        let mut all = all.clone();
        change(&mut all);
        written(&bad, &all);
        refused(&bad, &home, words);
        assert!(!home.exists(), "{words}");
    };
    for name in [
        "../x",
        "/etc/x",
        "./genesis.json",
        "chain.redb",
        "token",
        "validator.waits",
        "a",
    ] {
        refused_with(
            &|all| all.insert(1, (header(name, 1), b"x".to_vec())),
            &format!("it holds {name:?}"),
        );
    }
    assert!(!dir.path().join("x").exists());
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
    ] {
        let link = |all: &mut Vec<Entry>| {
            let mut header = header("names.json", 0);
            header.set_entry_type(kind);
            header.set_link_name("/etc/passwd").unwrap();
            header.set_cksum();
            all.insert(1, (header, Vec::new()));
        };
        refused_with(&link, "no plain file");
    }
    // A long name, which would say what the next entry is called.
    let long = |all: &mut Vec<Entry>| {
        let mut header = header("././@LongLink", 4);
        header.set_entry_type(EntryType::GNULongName);
        header.set_cksum();
        all.insert(1, (header, b"../x".to_vec()));
    };
    refused_with(&long, "LongLink");
    let place = |name: &str| names.iter().position(|it| it == Path::new(name)).unwrap();
    let genesis = place("genesis.json");
    refused_with(&|all| all.insert(2, all[genesis].clone()), "twice");
    refused_with(&|all| drop(all.remove(0)), "not in its place");
    refused_with(&|all| drop(all.remove(genesis)), "genesis.json");
    refused_with(&|all| drop(all.pop()), "cut off");
    refused_with(
        &|all| all.push((header("names.json", 2), b"[]".to_vec())),
        "not in its place",
    );
    refused_with(
        &|all| all.insert(1, (header("names.json", 9 << 20), vec![b' '; 9 << 20])),
        "longer than any",
    );
    refused_with(
        &|all| all.insert(1, (header("names.json", 3), b"{x}".to_vec())),
        "names.json",
    );
    refused_with(
        &|all| all.insert(1, (header("names.json", 2), vec![0xff, 0xfe])),
        "no text",
    );
    let newer = br#"{"format":3,"keys":true}"#;
    let newer = |all: &mut Vec<Entry>| {
        all[0] = (
            header("bolao-backup.json", newer.len() as u64),
            newer.to_vec(),
        );
    };
    refused_with(&newer, "another version of this program");
    // A digit of the key is another: it would be a key of nobody's.
    let key = place("validator.key");
    let digit = |all: &mut Vec<Entry>| {
        let (_, bytes) = &mut all[key];
        bytes[5] = if bytes[5] == b'0' { b'1' } else { b'0' };
    };
    refused_with(&digit, "its validator.key is not as it was written");
    refused_with(&|all| drop(all.remove(key)), "it has no validator.key");
    // A bit of the chain, in the middle of its blocks.
    let flip = |all: &mut Vec<Entry>| {
        let (_, bytes) = all.last_mut().unwrap();
        bytes[400] ^= 1;
    };
    refused_with(&flip, "cannot be restored");

    let bytes = fs::read(&good).unwrap();
    for length in [0, 100, 512, 700, bytes.len() / 2, bytes.len() - 2_048] {
        fs::write(&bad, &bytes[..length]).unwrap();
        refused(&bad, &home, "cannot be restored");
    }
    let mut huge = bytes.clone();
    let mut claims = header("bolao-backup.json", 24);
    claims.set_size(1 << 50);
    claims.set_cksum();
    huge[..512].copy_from_slice(claims.as_bytes());
    fs::write(&bad, huge).unwrap();
    refused(&bad, &home, "its bolao-backup.json is");
    fs::write(&bad, "no tar at all".repeat(1_000)).unwrap();
    refused(&bad, &home, "not a backup");
    fs::copy(dir.path().join("ana/chain.redb"), &bad).unwrap();
    refused(&bad, &home, "not a backup");
    refused(&dir.path().join("none"), &home, "cannot read");
    refused(dir.path(), &home, "");
    assert!(!home.exists());

    // The chain of another pool, whole as it is.
    let other = temp();
    let (_, other) = backed_up(other.path(), &[]).await;
    let chain = entries(&other).pop().unwrap();
    refused_with(
        &|all| *all.last_mut().unwrap() = chain.clone(),
        "it is of pool",
    );
    // The good one is taken after all that.
    restore(&good, &home);
    assert_audit_is_clean(&home);
}

fn backup_of(home: &Path) -> PathBuf {
    let file = home.with_extension("tar");
    let file_name = file.display().to_string();
    done(in_home(home, &["backup", &file_name, "--force"]));
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_validator_from_a_backup_waits_for_its_owners_word() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let file = backup_of(&ana);
    // Signed after the backup: the restored home must not sign another block at this height by itself.
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&host, "ana", (2, 1), TIMEOUT).await;
    host.terminate().await;

    let home = dir.path().join("restored");
    assert!(restore(&file, &home).contains("does not vote"));
    let mut node = run_node(&home, &[]).await;
    let before = node.status().await["tip"]["height"].clone();
    let bet = run(in_home(&home, &["bet", "PtCh", "1-0"]));
    assert!(bet.status.success());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(node.status().await["tip"]["height"], before);
    let shown = done(in_home(&home, &["status"]));
    assert!(shown.contains("resume --nothing-newer"), "{shown}");
    assert!(!run(in_home(&home, &["doctor"])).status.success());
    assert!(
        !run(in_home(&home, &["validators", "resume"]))
            .status
            .success()
    );

    done(in_home(&home, &["validators", "resume", "--nothing-newer"]));
    is_final(&node, "ana", (1, 0), TIMEOUT).await;
    let again = done(in_home(&home, &["validators", "resume", "--nothing-newer"]));
    assert!(again.contains("votes already"), "{again}");
    // The word may come before the node, too.
    node.terminate().await;
    let other = dir.path().join("other");
    restore(&file, &other);
    done(in_home(
        &other,
        &["validators", "resume", "--nothing-newer"],
    ));
    let node = run_node(&other, &[]).await;
    done(in_home(&other, &["bet", "PtCh", "1-0"]));
    is_final(&node, "ana", (1, 0), TIMEOUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_from_a_backup_votes_once_nobody_has_anything_newer() {
    let dir = temp();
    let ana = new_pool(dir.path());
    let mut host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let bento = friend_of(&host, &ana, "bento");
    let friend = run_node(&bento, &[]).await;
    joined(&friend, "bento").await;
    let file = backup_of(&ana);
    done(in_home(&ana, &["bet", "PtCh", "2-1"]));
    is_final(&friend, "ana", (2, 1), TIMEOUT).await;
    host.terminate().await;

    let home = dir.path().join("restored");
    restore(&file, &home);
    fs::write(home.join("nodes.json"), json!([friend.node()]).to_string()).unwrap();
    let node = run_node(&home, &[]).await;
    // What was signed since then comes from the friend.
    is_final(&node, "ana", (2, 1), TIMEOUT).await;
    assert!(node.log().contains("came from a backup"), "{}", node.log());
    votes(&node, &home, QUIET).await;
    done(in_home(&home, &["bet", "PtCh", "3-1"]));
    is_final(&node, "ana", (3, 1), TIMEOUT).await;
    is_final(&friend, "ana", (3, 1), TIMEOUT).await;
    assert_eq!(friend.status().await["guilty"], 0);
}

/// How long a home waits that does not know what it signed, at most.
const QUIET: Duration = Duration::from_secs(100);

/// Waits until a home's node has started again by itself, and votes.
async fn votes(node: &Daemon, home: &Path, patience: Duration) {
    eventually("its vote", patience, async || {
        let waits = home.join("validator.waits").exists();
        let answers = node.http.try_get("/api/v1/status").await.is_some();
        (answers && !waits).then_some(())
    })
    .await;
    assert!(
        node.log().contains("it votes from now on"),
        "{}",
        node.log()
    );
}

/// A pool of validators of one weight, with their homes, nodes and, of all but the first, names.
async fn equal_validators(dir: &Path, names: &[&str]) -> (PathBuf, Daemon, Vec<(PathBuf, Daemon)>) {
    let ana = new_pool(dir);
    let host = run_node(&ana, &[]).await;
    joined(&host, "ana").await;
    let mut friends = Vec::new();
    for name in names {
        let home = friend_of(&host, &ana, name);
        let node = run_node(&home, &[]).await;
        offered(&host, name).await;
        friends.push((home, node));
    }
    let appoint = ["validators", "appoint"];
    done(in_home(
        &ana,
        &[&appoint[..], names, &["--yes", "--wait"]].concat(),
    ));
    (ana, host, friends)
}

/// The machine of one of two, or of three, dies in the midst of bets: its backup goes on with the others by what `status` says, and signs
/// nothing twice.
async fn goes_on_from_its_backup(names: &[&str]) {
    let dir = temp();
    let (ana, mut host, friends) = equal_validators(dir.path(), names).await;
    let file = backup_of(&ana);
    let (bento, friend) = &friends[0];
    done(in_home(bento, &["bet", "PtCh", "2-1"]));
    is_final(friend, "bento", (2, 1), TIMEOUT).await;
    done(in_home(bento, &["bet", "PtCh", "2-2"]));
    host.kill();
    fs::remove_dir_all(&ana).unwrap();
    done(in_home(bento, &["bet", "NlEn", "0-3"]));

    let home = dir.path().join("restored");
    restore(&file, &home);
    let nodes: Vec<Value> = friends.iter().map(|(_, node)| node.node()).collect();
    fs::write(home.join("nodes.json"), json!(nodes).to_string()).unwrap();
    let node = run_node(&home, &[]).await;
    let shown = done(in_home(&home, &["status"]));
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("connected for a minute and told it what it signed"),
        "{shown}"
    );
    is_final(friend, "bento", (0, 3), QUIET).await;
    done(in_home(&home, &["bet", "NlEn", "1-3"]));
    is_final(friend, "ana", (1, 3), TIMEOUT).await;
    is_final(&node, "ana", (1, 3), TIMEOUT).await;
    for node in friends.iter().map(|(_, node)| node).chain([&node]) {
        assert_eq!(node.status().await["guilty"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_equal_validators_goes_on_from_its_backup() {
    goes_on_from_its_backup(&["bento"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_equal_validators_goes_on_from_its_backup() {
    goes_on_from_its_backup(&["bento", "clara"]).await;
}

/// It may have signed for the block that the others still decide, and they are not there to tell.
#[tokio::test(flavor = "multi_thread")]
async fn where_others_vote_and_are_gone_the_risk_is_named() {
    let dir = temp();
    let (ana, mut host, friends) = equal_validators(dir.path(), &["bento"]).await;
    let file = backup_of(&ana);
    host.terminate().await;
    drop(friends);
    let home = dir.path().join("restored");
    restore(&file, &home);
    for flags in [&[][..], &["--nothing-newer"]] {
        let resumed = run(in_home(&home, &[&["validators", "resume"], flags].concat()));
        let told = String::from_utf8_lossy(&resumed.stderr);
        assert!(!resumed.status.success(), "{told}");
        assert!(told.contains("--risk-voting-twice"), "{told}");
    }
    done(in_home(
        &home,
        &["validators", "resume", "--risk-voting-twice"],
    ));
    let node = run_node(&home, &[]).await;
    votes(&node, &home, TIMEOUT).await;
}
