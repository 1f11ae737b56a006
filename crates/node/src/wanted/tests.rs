#![allow(clippy::unwrap_used)]

use bolao_chain::CoreConfig;
use bolao_ledger::{Fixture, Genesis, Name, Nonce};
use bolao_wallet::{Draft, Key};

use super::*;
use crate::opening::tests::{Setting, setting_of};

fn told(setting: &Setting, own: AccountId, seen: &mut Seen) -> Option<String> {
    look(&setting.reader, own, seen, setting.started).unwrap()
}

/// Has an organiser sign that the first match is an hour later, in a block.
async fn move_first(setting: &Setting, key: &Key, nonce: u64) {
    let pool = setting.signer.pool();
    let mut draft = Draft::new(key.account(), Nonce(nonce));
    let mut bodies = Vec::new();
    if nonce == 0 {
        let name = format!("organiser {}", key.account().0[0]);
        bodies.push(draft.join(Name::new(&name).unwrap()));
    }
    let game = setting.reader.snapshot().unwrap().matches().unwrap();
    let before = game.first().unwrap().fixture.clone();
    let kickoff = before.kickoff.map(|at| UnixSeconds(at.0 + 3_600));
    let fixture = Fixture { kickoff, ..before };
    bodies.push(draft.body(Action::Schedule { fixture }));
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
        genesis.rules.schedule_quorum = 3;
    };
    let setting = setting_of(organise, CoreConfig::default()).await;
    let own = setting.signer.player().await;
    let mut seen = Seen::new();
    assert_eq!(told(&setting, own, &mut seen), None);

    let [one, other] = &others;
    move_first(&setting, one, 0).await;
    let said = told(&setting, own, &mut seen).unwrap();
    let wanted = "wanted for the schedule of PtCh, which has 1 of 3: `bolao status` says how";
    assert!(said.ends_with(wanted), "{said}");
    assert_eq!(
        told(&setting, second, &mut Seen::new()),
        None,
        "it has signed"
    );
    let stranger = AccountId([9; 32]);
    assert_eq!(told(&setting, stranger, &mut Seen::new()), None);

    setting.mine(setting.started).await;
    assert_eq!(told(&setting, own, &mut seen), None, "it was told");
    move_first(&setting, other, 0).await;
    assert_eq!(
        told(&setting, own, &mut seen),
        None,
        "it is the same change"
    );
    let fresh = told(&setting, own, &mut Seen::new()).unwrap();
    assert!(fresh.contains("has 2 of 3"), "{fresh}");
    let key = setting.signer.wallet().await.player();
    move_first(&setting, &key, 2).await;
    assert_eq!(
        told(&setting, own, &mut Seen::new()),
        None,
        "it took effect"
    );
}
