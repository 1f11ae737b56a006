#![allow(clippy::unwrap_used)]

use bolao_chain::{Core, CoreConfig, VotingKey};
use bolao_ledger::{
    BlockHash, Consensus, Decision, Genesis, Height, Name, Nonce, Pos, Signature, Statement,
    StatementKind, Validator,
};
use bolao_store::{Reader, Store};
use bolao_wallet::{Draft, WalletFile};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{clock::now, engine::Engine};

const TIMEOUT: Duration = Duration::from_secs(20);

fn public(key: &SigningKey) -> [u8; 32] {
    VerificationKeyBytes::from(key).into()
}

/// A pool of one validator, who makes blocks by itself, and a player with a node of its own.
struct Setting {
    signer: Arc<Signer>,
    reader: Reader,
    validator: SigningKey,
    events: broadcast::Sender<Event>,
    _home: tempfile::TempDir,
    _stop: tokio_util::sync::DropGuard,
}

fn setting() -> Setting {
    let (account, validator) = (SigningKey::from([1; 32]), SigningKey::from([2; 32]));
    let account = AccountId(public(&account));
    let first = Validator {
        account,
        key: ValidatorKey(public(&validator)),
        weight: 1,
    };
    let genesis = Genesis {
        version: bolao_ledger::GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed([first])),
        ..Genesis::article()
    };
    let home = tempfile::tempdir().unwrap();
    let wallet = WalletFile::create(home.path().join("wallet.json"), "").unwrap();
    let store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    let config = CoreConfig {
        validator: Some(VotingKey {
            account,
            key: validator,
        }),
        // The pool was made years ago, and not every machine is set by the network.
        trusts_clock: true,
        ..CoreConfig::default()
    };
    let core = Core::new(store, config, now()).unwrap();
    let cancel = CancellationToken::new();
    let (engine, _, [mut told, _]) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    let (events, _) = broadcast::channel(1_024);
    let to = events.clone();
    tokio::spawn(async move {
        while let Ok(event) = told.recv().await {
            let _ = to.send(event);
        }
    });
    Setting {
        signer: Arc::new(Signer::new(
            wallet,
            engine.clone(),
            reader.clone(),
            crate::home::Home::open(home.path()).unwrap(),
        )),
        reader,
        validator,
        events,
        _home: home,
        _stop: cancel.drop_guard(),
    }
}

impl Setting {
    /// Runs what is tested, with this key in the home.
    fn run(&self, secret: &SigningKey) {
        let (signer, events) = (Arc::clone(&self.signer), self.events.subscribe());
        let (key, offer) = (
            ValidatorKey(public(secret)),
            Action::offer(signer.pool(), &signer.player(), secret),
        );
        tokio::spawn(run((key, offer), signer, events, Duration::from_millis(50)));
    }

    async fn join(&self) -> AccountId {
        let account = self.signer.player();
        let join = Draft::new(account, Nonce::ZERO).join(Name::new("bento").unwrap());
        let key = self.signer.wallet().await.player();
        let join = key.sign(self.signer.pool(), join);
        self.signer.submit(join).await.unwrap();
        account
    }

    /// Waits until the chain says so.
    async fn until(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) {
        let end = Instant::now() + TIMEOUT;
        while !is_so(&self.reader.snapshot().unwrap()) {
            assert!(Instant::now() < end, "{what}: it takes too long");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Two prevotes of the validator, for a block and for none.
    fn proof(&self) -> Arc<DoubleSign> {
        let pool = self.signer.pool();
        let signed = |decision| {
            let statement = Statement {
                kind: StatementKind::Prevote,
                height: Height(7),
                round: 0,
                decision,
            };
            let signature = self.validator.sign(&statement.signing_bytes(pool));
            (statement, Signature(signature.to_bytes()))
        };
        let decision = Decision::plain(Height(7), BlockHash([1; 32]));
        let proof = DoubleSign {
            key: ValidatorKey(public(&self.validator)),
            first: signed(Some(decision)),
            second: signed(None),
        };
        assert!(proof.is_proof(pool));
        Arc::new(proof)
    }

    fn transactions(&self) -> u64 {
        self.reader
            .snapshot()
            .unwrap()
            .totals()
            .unwrap()
            .transactions
    }
}

#[tokio::test]
async fn a_members_key_is_offered_once() {
    let setting = setting();
    let secret = SigningKey::from([3; 32]);
    let key = ValidatorKey(public(&secret));
    setting.run(&secret);
    sleep(Duration::from_millis(600)).await;
    assert_eq!(
        setting.transactions(),
        0,
        "who has not joined offers nothing"
    );
    let account = setting.join().await;
    let offered = |snapshot: &Snapshot| snapshot.get::<Offers>(&account).unwrap() == Some(key);
    setting.until("the offer", offered).await;
    // Another home of the same player offers nothing by itself, and neither does the same one again.
    setting.run(&SigningKey::from([4; 32]));
    setting.run(&secret);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(setting.transactions(), 2);
    setting.until("the same offer", offered).await;
}

#[tokio::test]
async fn a_double_vote_is_proven_once() {
    let setting = setting();
    setting.run(&SigningKey::from([3; 32]));
    setting.join().await;
    let proof = setting.proof();
    let key = proof.key;
    for _ in 0..3 {
        setting
            .events
            .send(Event::Guilty(Arc::clone(&proof)))
            .unwrap();
    }
    let is_proven = |snapshot: &Snapshot| {
        let owner = snapshot.get::<KeyOwners>(&key).unwrap().unwrap();
        let cheat = snapshot.get::<Cheats>(&(owner, Height(7))).unwrap();
        cheat.is_some()
    };
    setting.until("the proof", is_proven).await;
    // It comes again, as from another peer.
    setting.events.send(Event::Guilty(proof)).unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(setting.transactions(), 3, "a join, an offer, a proof");
}
