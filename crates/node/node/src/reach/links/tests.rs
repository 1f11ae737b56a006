#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use bolao_chain::{Core, CoreConfig};
use bolao_ledger::Genesis;
use bolao_store::{Reader, Store};
use bolao_wallet::{Key, WalletFile};
use tokio_util::sync::CancellationToken;

use super::{room::MOST_OF_PLAYER, *};
use crate::{engine::Engine, home::Home, services::links::telling};

pub(crate) struct Setting {
    pub(crate) links: Arc<Links>,
    reader: Reader,
    engine: Engine,
    _home: tempfile::TempDir,
    _stop: tokio_util::sync::DropGuard,
}

pub(crate) fn ana() -> Key {
    Key::from_secret(&[1; 32])
}

fn bruno() -> Key {
    Key::from_secret(&[2; 32])
}

/// A node of a pool that its own player, Ana and Bruno organise.
pub(crate) fn setting() -> Setting {
    let home = tempfile::tempdir().unwrap();
    let wallet = WalletFile::create(home.path().join("wallet.json"), "").unwrap();
    let mut genesis = Genesis::article();
    let own = wallet.player().account();
    genesis.organisers = vec![own, ana().account(), bruno().account()];
    genesis.organisers.sort_unstable();
    let store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    let core = Core::new(store, CoreConfig::default(), now()).unwrap();
    let cancel = CancellationToken::new();
    let (engine, _, _) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    let signer = Signer::new(
        wallet,
        engine.clone(),
        reader.clone(),
        Home::open(home.path()).unwrap(),
    );
    Setting {
        links: Arc::new(Links::new(Arc::new(signer), "12D3own".to_owned())),
        reader,
        engine,
        _home: home,
        _stop: cancel.drop_guard(),
    }
}

impl Setting {
    /// Hears what a player says, so many seconds ago.
    fn hears(&self, key: &Key, ago_s: u64, text: String) {
        self.hears_at(key, UnixSeconds(now().unix.0 - ago_s), text);
    }

    pub(crate) fn hears_at(&self, key: &Key, time: UnixSeconds, text: String) {
        let signature = key.say(&text, self.reader.pool_id(), time);
        self.links.take(vec![Said {
            account: key.account(),
            time,
            text: text.into_bytes(),
            signature,
        }]);
    }

    /// The players whose nodes met another key than a link's own, by link.
    fn met(&self) -> Vec<(String, AccountId)> {
        let known = self.links.known().into_iter();
        let met = known.flat_map(|link| {
            let LinkWord::Key { url, .. } = link.word else {
                panic!("a link without a key");
            };
            link.met.into_iter().map(move |it| (url.clone(), it.seer))
        });
        met.collect()
    }
}

fn list(keys: &[u8]) -> String {
    let keys = keys.iter().map(|key| hex::encode([*key; 32]));
    keys.collect::<Vec<_>>().join(" ")
}

fn serves(url: &str, keys: &[u8]) -> String {
    format!("serves {url} {}", list(keys))
}

fn logged(url: &str, key: u8) -> String {
    let key = hex::encode([key; 32]);
    format!("logged {url} {key} {key} crt.sh 9876543210")
}

fn saw(url: &str, key: u8) -> String {
    let key = hex::encode([key; 32]);
    format!("saw {url} {key} {key}")
}

const URL: &str = "https://ana.relay.example";

#[tokio::test]
async fn a_key_that_is_not_the_links_own_is_known_with_who_met_it() {
    let setting = setting();
    setting.hears(&ana(), 30, serves(URL, &[1]));
    assert_eq!(setting.met(), []);
    setting.hears(&bruno(), 30, saw(URL, 1));
    assert_eq!(setting.met(), [], "it is the link's own");
    setting.hears(&bruno(), 20, saw(URL, 7));
    assert_eq!(setting.met(), [(URL.to_owned(), bruno().account())]);
    setting.hears(&bruno(), 25, saw(URL, 1));
    assert_eq!(setting.met().len(), 1, "the latest counts");
    setting.hears(&ana(), 10, serves(URL, &[7, 1]));
    assert_eq!(setting.met(), [], "her node has a new key");
}

/// A relay's owner who shows his certificate only to browsers is met by no node, but stands in public logs.
#[tokio::test]
async fn a_logged_certificate_with_a_foreign_key_is_told_of_every_link_its_own_node_too() {
    let setting = setting();
    let keys = || -> Vec<u8> {
        let known = setting.links.known().into_iter();
        let logged = known.flat_map(|link| link.logged.into_iter().map(|it| it.found.key[0]));
        logged.collect()
    };
    setting.hears(&ana(), 60, serves(URL, &[1]));
    setting.hears(&bruno(), 50, logged(URL, 1));
    assert!(keys().is_empty(), "a renewed certificate has the same key");
    setting.hears(&bruno(), 40, logged(URL, 7));
    setting.hears(&bruno(), 40, logged("https://other.example", 8));
    assert_eq!(keys(), [7]);
    // Another one by the same player is not instead of it, and Ana's own node says of her link what it read.
    setting.hears(&bruno(), 30, logged(URL, 6));
    setting.hears(&ana(), 30, logged(URL, 7));
    let mut all = keys();
    all.sort_unstable();
    assert_eq!(all, [6, 7, 7]);
    let told = telling::tell(&setting.links, &setting.engine, None);
    told.await.unwrap();
    let told = telling::tell(&setting.links, &setting.engine, None);
    told.await.unwrap();
    let notices = { setting.reader.snapshot().unwrap() }.notices(None, 100);
    let mut told: Vec<u8> = { notices.unwrap().into_iter() }
        .map(|(_, notice)| match notice.change {
            bolao_store::NoticedChange::Logged(it) if it.host == ana().account() => it.key[0],
            other => panic!("{other:?}"),
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, [6, 7], "each once, however many nodes read it");
    // Ana calls one of them her own, as after a move to another machine.
    setting.hears(&ana(), 20, format!("owns {URL} {}", list(&[7])));
    assert_eq!(keys(), [6]);
    // Nobody else can.
    setting.hears(&bruno(), 10, format!("owns {URL} {}", list(&[6])));
    assert_eq!(keys(), [6]);
}

#[tokio::test]
async fn strangers_and_forgers_say_nothing() {
    let setting = setting();
    setting.hears(&ana(), 30, serves(URL, &[1]));
    let stranger = Key::from_secret(&[9; 32]);
    setting.hears(&stranger, 10, serves(URL, &[7]));
    setting.hears(&stranger, 10, saw(URL, 7));
    setting.hears(&stranger, 10, logged(URL, 7));
    setting.hears(&stranger, 10, format!("owns {URL} {}", list(&[7])));
    // A relay that says another key in Ana's name.
    let time = now().unix;
    let text = serves(URL, &[7]);
    let signature = stranger.say(&text, setting.reader.pool_id(), time);
    setting.links.take(vec![Said {
        account: ana().account(),
        time,
        text: text.into_bytes(),
        signature,
    }]);
    setting.hears(&bruno(), GOOD_S + 60, saw(URL, 7));
    let known = setting.links.known();
    assert_eq!(known.len(), 1);
    let link = known.first().unwrap();
    let LinkWord::Key { keys, .. } = &link.word else {
        panic!("{known:?}");
    };
    assert_eq!(keys, &[[1; 32]]);
    assert!(link.logged.is_empty() && link.owned.is_empty());
    assert_eq!(setting.met(), []);
}

/// A player who says what is not so is named, and gets no more than a few notices.
#[tokio::test]
async fn a_false_alarm_is_told_once_a_day() {
    let setting = setting();
    let url = |number: u8| format!("https://{number}.relay.example");
    for number in 0..8 {
        setting.hears(&ana(), 60, serves(&url(number), &[1]));
    }
    assert_eq!(setting.links.known().len(), MOST_OF_PLAYER);
    for ago_s in (0..40).rev() {
        for number in 0..8 {
            let key = u8::try_from(100 + ago_s).unwrap();
            setting.hears(&bruno(), ago_s, saw(&url(number), key));
        }
        let told = telling::tell(&setting.links, &setting.engine, None);
        told.await.unwrap();
    }
    let notices = setting
        .reader
        .snapshot()
        .unwrap()
        .notices(None, 100)
        .unwrap();
    assert_eq!(notices.len(), MOST_OF_PLAYER, "{notices:?}");
    for (_, notice) in notices {
        let bolao_store::NoticedChange::Link { host, seer, .. } = notice.change else {
            panic!("{notice:?}");
        };
        assert_eq!((host, seer), (ana().account(), bruno().account()));
    }
}

#[tokio::test]
async fn only_another_run_of_the_own_node_since_its_start_is_a_copy() {
    let setting = setting();
    setting
        .links
        .say(&LinkWord::Runs {
            node: "12D3own".to_owned(),
            run: setting.links.run,
        })
        .await;
    setting.hears(&ana(), 0, format!("runs 12D3own {}", "5c".repeat(16)));
    assert_eq!(setting.links.elsewhere(), None);
}

/// Started with a clock that is two hours behind or ahead, and then set right: a friend's node still tells what this one said before it
/// was started again.
#[tokio::test]
async fn what_it_said_before_its_start_is_no_copys_after_its_clock_was_set() {
    for set_s in [0, 7_200, -7_200] {
        let setting = setting();
        let pool = setting.reader.pool_id();
        let wallet = setting.links.signer.wallet().await;
        let own = |time| runs(&wallet.player(), "12D3own", pool, UnixSeconds(time));
        let hears = |said: Said, now: u64| {
            let is_new = setting.links.taken(vec![said], UnixSeconds(now));
            assert!(is_new.unwrap());
            setting.links.elsewhere()
        };
        let start = now().unix.0.saturating_add_signed(set_s);
        assert_eq!(hears(own(start - 300), start), None, "{set_s}");
        let of_ana = runs(&ana(), "12D3own", pool, UnixSeconds(start + 60));
        assert_eq!(hears(of_ana, start + 60), None);
        // A copy's clock is a second ahead.
        let heard = Some(UnixSeconds(start + 60));
        assert_eq!(hears(own(start + 61), start + 60), heard, "{set_s}");
    }
}

#[test]
fn of_an_organisers_link_no_other_player_says_the_keys() {
    let owned = Owned {
        organisers: vec![ana().account()],
        urls: BTreeSet::from([URL.to_owned()]),
    };
    assert!(owned.counts(&ana().account(), URL));
    assert!(!owned.counts(&bruno().account(), URL));
    assert!(owned.counts(&bruno().account(), "https://bruno.relay.example"));
}

#[tokio::test]
async fn who_may_look_is_for_organisers_to_say_and_the_last_word_holds() {
    let setting = setting();
    let said = || {
        let last = setting.links.viewers();
        last.map(|said| String::from_utf8(said.text).unwrap())
    };
    let [open, closed] = ["everybody", "players"].map(|who| format!("viewers {who}"));
    setting.hears(&Key::from_secret(&[3; 32]), 5, closed.clone());
    assert_eq!(said(), None);
    // However old it is.
    setting.hears(&ana(), 1_000_000_000, closed.clone());
    assert_eq!(said(), Some(closed.clone()));
    setting.hears(&bruno(), 50, open.clone());
    assert_eq!(said(), Some(open.clone()));
    setting.hears(&ana(), 60, closed.clone());
    assert_eq!(said(), Some(open), "it is older");
    setting.hears(&ana(), 40, closed.clone());
    assert_eq!(said(), Some(closed));
    // What is not from a link's node names no link.
    assert_eq!(setting.met(), []);
}

fn runs(key: &Key, node: &str, pool: bolao_ledger::PoolId, time: UnixSeconds) -> Said {
    let run = [5; 16];
    let text = LinkWord::Runs {
        node: node.to_owned(),
        run,
    };
    let text = text.to_string();
    Said {
        account: key.account(),
        time,
        signature: key.say(&text, pool, time),
        text: text.into_bytes(),
    }
}

/// The clock by which it was said may be wrong, and so may ours.
#[tokio::test]
async fn a_peer_is_a_players_node_if_the_player_signed_that_whenever_it_was() {
    let setting = setting();
    let pool = setting.reader.pool_id();
    let of = |said: Said| setting.links.player_of("12D3peer", &[said]);
    for time in [now().unix, UnixSeconds(now().unix.0 + 300 * 86_400)] {
        let said = runs(&ana(), "12D3peer", pool, time);
        assert_eq!(of(said), Some(ana().account()));
    }
    let time = now().unix;
    assert_eq!(of(runs(&ana(), "12D3another", pool, time)), None);
    let stranger = Key::from_secret(&[9; 32]);
    assert_eq!(of(runs(&stranger, "12D3peer", pool, time)), None);
    let mut forged = runs(&stranger, "12D3peer", pool, time);
    forged.account = ana().account();
    assert_eq!(of(forged), None);
}

#[tokio::test]
async fn a_node_goes_on_telling_whose_it_is() {
    let setting = setting();
    let word = LinkWord::Runs {
        node: "12D3own".to_owned(),
        run: [5; 16],
    };
    setting.links.say(&word).await;
    let first = |setting: &Setting| setting.links.all().first().cloned();
    let said = first(&setting).unwrap();
    assert_eq!(said.account, setting.links.signer.player());
    let later = UnixSeconds(now().unix.0 + 2 * GOOD_S);
    setting.links.taken(Vec::new(), later).unwrap();
    assert!(setting.links.table().is_empty());
    assert_eq!(first(&setting), Some(said));
}
