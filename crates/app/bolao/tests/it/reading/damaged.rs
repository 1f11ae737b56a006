//! A stopped home whose files are damaged: whatever commands follow one another, none shows anything but the truth.

use std::{collections::BTreeMap, fs, path::Path, process::Output};

use bolao_chain::{Core, CoreConfig, Now};
use bolao_ledger::UnixSeconds;
use bolao_store::Store;

use super::pool::{Pool, succeeded, tip};
use crate::support::{free_port, run_node};

const PAGE: usize = 4_096;
const DAMAGES: u64 = 24;
const COMMANDS: [&[&str]; 5] = [
    &["bets", "--json"],
    &["standings", "--json"],
    &["matches", "--json"],
    &["log", "--json"],
    &["audit", "--json"],
];

/// xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Files of a store, by what is behind their names.
type Files = BTreeMap<&'static str, Vec<u8>>;

fn files(chain: &Path) -> Files {
    let read = |ending| (ending, fs::read(with(chain, ending)).unwrap());
    ["", ".sums"].map(read).into()
}

fn with(chain: &Path, ending: &str) -> std::path::PathBuf {
    let mut path = chain.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

fn lay(chain: &Path, whole: &Files, older: &Files, random: &mut Random, kind: u64) {
    let mut bytes = whole[""].clone();
    let page = random.below(bytes.len() / PAGE) * PAGE;
    match kind {
        0 | 1 => {
            let place = random.below(bytes.len());
            bytes[place] ^= 1 << random.below(8);
        }
        2 => bytes[page..page + PAGE].fill(0),
        3 => bytes.truncate(random.below(bytes.len())),
        4 => {
            let page = page.min(older[""].len() - PAGE);
            bytes[page..page + PAGE].copy_from_slice(&older[""][page..page + PAGE]);
        }
        _ => {
            for place in (page + 99..bytes.len()).step_by(PAGE) {
                bytes[place] ^= 1 << random.below(8);
            }
        }
    }
    fs::write(chain, bytes).unwrap();
    fs::write(with(chain, ".sums"), &whole[".sums"]).unwrap();
}

fn told(ended: &Output) -> String {
    String::from_utf8_lossy(&ended.stderr).into_owned()
}

#[test]
fn no_command_shows_what_a_damaged_store_says() {
    let mut pool = Pool::played();
    let older = files(&pool.chain());
    pool.reopen();
    pool.at(47);
    pool.mine();
    pool.close();
    let whole = files(&pool.chain());
    let truth = COMMANDS.map(|args| pool.ok(args));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut shown, mut refused, mut rebuilt) = (0, 0, 0);
    for number in 0..DAMAGES {
        lay(&pool.chain(), &whole, &older, &mut random, number % 6);
        for _ in 0..4 {
            let which = random.below(COMMANDS.len());
            let ended = pool.run_with(Some("home"), COMMANDS[which]);
            if ended.status.success() {
                let got = String::from_utf8(ended.stdout).unwrap();
                assert_eq!(got, truth[which], "damage {number}");
                shown += 1;
                continue;
            }
            let told = told(&ended);
            assert!(
                told.contains("damaged") && !told.contains("fault in bolao"),
                "damage {number}: {told}"
            );
            refused += 1;
        }
        let ended = pool.run_with(Some("home"), &["reindex"]);
        assert!(ended.status.success(), "damage {number}: {}", told(&ended));
        // What is there is good; what is not is said to be lost.
        let audit = pool.run_with(Some("home"), &["audit"]);
        let text = String::from_utf8_lossy(&audit.stdout).into_owned();
        let lost = text.contains("incomplete") && text.contains(" lost: ");
        assert!(audit.status.success() != lost, "{text}");
        if fs::remove_file(with(&pool.chain(), ".damaged")).is_ok() {
            rebuilt += 1;
            let told = told(&pool.run_with(Some("home"), &["matches"]));
            assert!(told.contains("was damaged and has been rebuilt"), "{told}");
        }
    }
    println!("{shown} shown, {refused} refused, {rebuilt} stores made anew");
    assert!(refused > DAMAGES && shown > 0, "{refused} {shown}");
}

/// Damage that the store's opening does not meet, and the node's start does.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_mends_what_it_meets_on_its_start() {
    let mut pool = Pool::played();
    pool.reopen();
    // So many wait that they take more than the page that is read when their table is opened.
    for goals in 0..10 {
        for name in ["mary", "john", "zoe", "ben", "=Eva"] {
            pool.act(name, |draft| draft.bet(vec![tip(3, (goals, 0), 5)]));
        }
    }
    pool.close();
    let (chain, whole) = (pool.chain(), files(&pool.chain()));
    let lay = |page: usize| {
        let mut bytes = whole[""].clone();
        bytes[page * PAGE + 50] ^= 1;
        fs::write(&chain, bytes).unwrap();
        fs::write(with(&chain, ".sums"), &whole[".sums"]).unwrap();
    };
    let now = Now {
        unix: UnixSeconds(1_600_000_000),
        mono_ms: 0,
    };
    let starts = |store| Core::new(store, CoreConfig::default(), now).is_ok();
    let met = (1..whole[""].len() / PAGE).find(|page| {
        lay(*page);
        Store::open(&chain).is_ok_and(|store| !starts(store))
    });
    lay(met.unwrap());
    let mut node = run_node(&pool.home(), &[]).await;
    node.terminate().await;
    assert!(
        node.log().contains("the store is repaired"),
        "{}",
        node.log()
    );
    assert!(with(&chain, ".damaged").exists());
    pool.ok(&["audit"]);
}

/// As on a disk of which somebody has a look at what is there.
#[cfg(unix)]
#[test]
fn a_home_that_may_only_be_read_is_audited() {
    use std::os::unix::fs::PermissionsExt as _;
    let pool = Pool::played();
    let before = files(&pool.chain());
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let home = pool.home();
    for entry in fs::read_dir(&home).unwrap() {
        mode(&entry.unwrap().path(), 0o444);
    }
    mode(&home, 0o555);
    let audit = pool.run_with(Some("home"), &["audit"]);
    mode(&home, 0o755);
    succeeded(audit, &["audit"]);
    // An owner of everything may write even so.
    if fs::OpenOptions::new()
        .write(true)
        .open(pool.chain())
        .is_err()
    {
        assert_eq!(files(&pool.chain()), before);
    }
}

#[test]
fn a_chain_that_is_gone_is_not_an_empty_one() {
    let pool = Pool::played();
    fs::remove_file(pool.chain()).unwrap();
    let told = pool.fails(1, &["bets"]);
    assert!(
        told.contains("is missing") && told.contains("bolao run"),
        "{told}"
    );
}

#[test]
fn a_wallet_that_is_damaged_or_gone_is_named_so() {
    let pool = Pool::played();
    let wallet = pool.home().join("wallet.json");
    let text = fs::read_to_string(&wallet).unwrap();
    let place = text.find("\"ciphertext\": \"").unwrap() + 20;
    let mut bytes = text.into_bytes();
    bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
    fs::write(&wallet, &bytes).unwrap();
    for args in [&["wallet", "account"][..], &["wallet", "words", "--yes"]] {
        let told = pool.fails(1, args);
        assert!(
            told.contains("it is damaged") && told.contains("bolao wallet restore"),
            "{args:?}: {told}"
        );
    }
    fs::remove_file(&wallet).unwrap();
    let port = free_port();
    let port = port.number().to_string();
    for args in [&["wallet", "account"][..], &["run", "-p", &port]] {
        let told = pool.fails(1, args);
        assert!(
            told.contains("is missing") && told.contains("bolao wallet restore"),
            "{args:?}: {told}"
        );
        assert!(!wallet.exists(), "{args:?}");
    }
}
