#![allow(clippy::unwrap_used)]

use bolao_chain::CoreConfig;
use bolao_ledger::{Action, Fixture, Genesis, MatchCode, MatchNo, Name, Nonce, Quorum, actions};
use bolao_wallet::{Draft, Key};

use super::*;
use crate::services::opening::tests::{Setting, setting_of};

fn told(setting: &Setting, own: AccountId, seen: &mut Seen) -> Option<String> {
    look(&setting.reader, own, seen, setting.started).unwrap()
}

/// Has an organiser sign that the first match is an hour later, in a block.
async fn move_first(setting: &Setting, key: &Key, nonce: u64) {
    let pool = setting.signer.pool();
    let mut draft = Draft::new(key.account(), Nonce(nonce));
    let mut bodies = Vec::new();
    if nonce == 0 {
        let name = format!("friend {}", hex::encode(&key.account().0[..4]));
        bodies.push(draft.join(Name::new(&name).unwrap()));
    }
    let game = setting.reader.snapshot().unwrap().matches().unwrap();
    let before = game.first().unwrap().fixture.clone();
    let kickoff = before.kickoff.map(|at| UnixSeconds(at.0 + 3_600));
    let fixture = Fixture { kickoff, ..before };
    bodies.push(draft.body(Action::Schedule(actions::Schedule { fixture })));
    for body in bodies {
        setting.signer.submit(key.sign(pool, body)).await.unwrap();
    }
    setting.mine(setting.started).await;
}

#[tokio::test]
async fn that_a_signature_is_wanted_is_told_once() {
    let others = [Key::generate().unwrap(), Key::generate().unwrap()];
    let [second, third] = others.each_ref().map(Key::account);
    let organise = |genesis: &mut Genesis, own| {
        genesis.organisers = vec![own, second, third];
        genesis.rules.schedule_quorum = Quorum::of(3);
    };
    let setting = setting_of(organise, CoreConfig::default()).await;
    let own = setting.signer.player();
    let mut seen = Seen::default();
    assert_eq!(told(&setting, own, &mut seen), None);

    let [one, other] = &others;
    move_first(&setting, one, 0).await;
    let said = told(&setting, own, &mut seen).unwrap();
    let wanted = "needed for the schedule of PtCh, which has 1 of 3: `bolao status` says how";
    assert!(said.ends_with(wanted), "{said}");
    assert_eq!(
        told(&setting, second, &mut Seen::default()),
        None,
        "it has signed"
    );
    let stranger = AccountId([9; 32]);
    assert_eq!(told(&setting, stranger, &mut Seen::default()), None);

    setting.mine(setting.started).await;
    assert_eq!(told(&setting, own, &mut seen), None, "it was told");
    move_first(&setting, other, 0).await;
    assert_eq!(
        told(&setting, own, &mut seen),
        None,
        "it is the same change"
    );
    let fresh = told(&setting, own, &mut Seen::default()).unwrap();
    assert!(fresh.contains("has 2 of 3"), "{fresh}");
    let key = setting.signer.wallet().await.player();
    move_first(&setting, &key, 2).await;
    assert_eq!(
        told(&setting, own, &mut Seen::default()),
        None,
        "it took effect"
    );
}

/// A pool of so many matches with a second organiser, who has joined; two must sign what changes.
async fn pool_of(matches: u16, pending_per_account: u32) -> (Setting, Key) {
    let other = Key::generate().unwrap();
    let second = other.account();
    let organise = |genesis: &mut Genesis, own| {
        genesis.organisers = vec![own, second];
        genesis.rules.schedule_quorum = Quorum::of(2);
        genesis.limits.pending_per_account = pending_per_account;
        let first = genesis.matches.first().unwrap().clone();
        genesis.matches.extend((3..=matches).map(|no| Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            ..first.clone()
        }));
    };
    let setting = setting_of(organise, CoreConfig::default()).await;
    (setting, other)
}

/// More matches are moved than is rehearsed at once.
#[tokio::test]
async fn what_is_not_looked_at_yet_is_told_after_the_rest() {
    const MATCHES: u16 = 260;
    let (setting, other) = pool_of(MATCHES, 512).await;
    let pool = setting.signer.pool();
    let mut draft = Draft::new(other.account(), Nonce(0));
    let mut bodies = vec![draft.join(Name::new("other").unwrap())];
    for game in setting.reader.snapshot().unwrap().matches().unwrap() {
        let kickoff = game.fixture.kickoff.map(|at| UnixSeconds(at.0 + 3_600));
        let fixture = Fixture {
            kickoff,
            ..game.fixture
        };
        bodies.push(draft.body(Action::Schedule(actions::Schedule { fixture })));
    }
    for body in bodies {
        let signed = other.sign(pool, body);
        setting.signer.submit(signed).await.unwrap();
    }
    setting.mine(setting.started).await;
    let own = setting.signer.player();
    let mut seen = Seen::default();
    let first = told(&setting, own, &mut seen).unwrap();
    assert!(first.contains("and for 255 more"), "{first}");
    assert!(seen.is_more);
    let rest = told(&setting, own, &mut seen).unwrap();
    assert!(rest.contains("and for 3 more"), "{rest}");
    assert!(!seen.is_more);
    assert_eq!(told(&setting, own, &mut seen), None);
}

#[tokio::test]
async fn what_cannot_be_signed_yet_is_told_once_it_can() {
    let (setting, other) = pool_of(2, 2).await;
    move_first(&setting, &other, 0).await;
    // As much of one's own waits as may.
    let key = setting.signer.wallet().await.player();
    let mut draft = Draft::new(key.account(), Nonce(2));
    let game = setting.reader.snapshot().unwrap().matches().unwrap();
    let fixture = game.first().unwrap().fixture.clone();
    for hours in [2, 3] {
        let kickoff = fixture.kickoff.map(|at| UnixSeconds(at.0 + hours * 3_600));
        let body = draft.body(Action::Schedule(actions::Schedule {
            fixture: Fixture {
                no: MatchNo(2),
                code: game.last().unwrap().fixture.code.clone(),
                kickoff,
                ..fixture.clone()
            },
        }));
        let signed = key.sign(setting.signer.pool(), body);
        setting.signer.submit(signed).await.unwrap();
    }
    let own = setting.signer.player();
    let mut seen = Seen::default();
    assert_eq!(told(&setting, own, &mut seen), None);
    setting.mine(setting.started).await;
    seen.refused.clear();
    let said = told(&setting, own, &mut seen).unwrap();
    assert!(said.contains("the schedule of PtCh"), "{said}");
}
