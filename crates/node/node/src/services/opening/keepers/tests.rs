#![allow(clippy::unwrap_used)]

use bolao_chain::{Core, CoreConfig, Input, Now, VotingKey};
use bolao_ledger::{
    BetMode, BettingClosed, Chips, Consensus, GENESIS_VERSION, Genesis, Name, Nonce, OpenBet, Pos,
    Prediction, Score, Signature, Transaction, UnixSeconds, Validator, ValidatorKey, actions,
    item::Answer,
};
use bolao_openings::{Deal, DealBody, Entropy, Kept, deal, take};
use bolao_store::{Durability, Store};
use bolao_wallet::{Draft, Key};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use super::*;

const NO: MatchNo = MatchNo(1);
const ANA: [u8; 32] = [1; 32];
const BEN: [u8; 32] = [2; 32];
const MALLORY: [u8; 32] = [3; 32];

fn public(key: &SigningKey) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(key).into())
}

fn keepers() -> [SigningKey; 2] {
    let mut keepers = [[5; 32], [6; 32]].map(SigningKey::from);
    keepers.sort_by_key(public);
    keepers
}

fn genesis(vote: &VotingKey) -> Genesis {
    let mut genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed([Validator {
            account: vote.account,
            key: public(&vote.key),
            weight: 1,
        }])),
        ..Genesis::article()
    };
    genesis.rules.bets = BetMode::Sealed;
    genesis.rules.anybody_opens = true;
    for game in &mut genesis.matches {
        game.kickoff = Some(UnixSeconds(genesis.created.0 + 1_000));
    }
    genesis.check().unwrap();
    genesis
}

/// A node's store: Ana has sealed a bet, Ben has joined.
struct Setting {
    store: Store,
    begun: Instant,
    seen: Seen,
    _home: tempfile::TempDir,
}

impl Setting {
    fn new() -> Self {
        Self::sealing(opening().prediction)
    }

    /// The same with another prediction in Ana's seal.
    fn sealing(prediction: Prediction) -> Self {
        let vote = VotingKey {
            account: Key::from_secret(&[9; 32]).account(),
            key: SigningKey::from([9; 32]),
        };
        let (genesis, home) = (genesis(&vote), tempfile::tempdir().unwrap());
        let path = home.path().join("chain.redb");
        let now = Now {
            unix: UnixSeconds(genesis.created.0 + 10),
            mono_ms: 10_000,
        };
        let config = CoreConfig {
            validator: Some(vote),
            ..CoreConfig::default()
        };
        let store = Store::create(&path, &genesis).unwrap();
        let mut core = Core::new(store, config, now).unwrap();
        let (pool, ana, ben) = (
            genesis.pool_id(),
            Key::from_secret(&ANA),
            Key::from_secret(&BEN),
        );
        let mut draft = Draft::new(ana.account(), Nonce::ZERO);
        let bet = OpenBet {
            match_no: NO,
            prediction,
            stake: Chips::ZERO,
        };
        let joins = draft.join(Name::new("Ana").unwrap());
        let seals = draft.seal_bets(&ana, pool, &[bet]);
        let other = Draft::new(ben.account(), Nonce::ZERO).join(Name::new("Ben").unwrap());
        core.handle(now, Input::Tick).unwrap();
        for transaction in [
            ana.sign(pool, joins),
            ana.sign(pool, seals),
            ben.sign(pool, other),
        ] {
            core.handle(now, Input::submit(1, transaction)).unwrap();
        }
        assert_eq!(core.pending(), 0);
        drop(core);
        Self {
            store: Store::open(&path).unwrap(),
            begun: Instant::now(),
            seen: Seen::default(),
            _home: home,
        }
    }

    fn pool(&self) -> bolao_ledger::PoolId {
        self.store.pool_id()
    }

    /// Stores the shares that keepers gave of Ana's bet: those at these places.
    fn keep(
        &mut self,
        body: DealBody,
        shares: impl IntoIterator<Item = (u8, bolao_openings::Share)>,
    ) {
        let signature = Signature([0; 64]);
        let mut kept = Kept::from(Deal { body, signature });
        kept.shares = shares.into_iter().collect();
        let write = |tables: &mut bolao_store::Tables<'_>| tables.put_kept(&kept);
        self.store
            .write::<_, StoreError>(Durability::Volatile, write)
            .unwrap();
    }

    fn dealt(&self, entropy: u8) -> DealBody {
        self.dealt_of(opening().prediction, entropy)
    }

    fn dealt_of(&self, prediction: Prediction, entropy: u8) -> DealBody {
        let account = Key::from_secret(&ANA).account();
        let opening = Opening {
            match_no: NO,
            prediction,
            salt: Key::from_secret(&ANA).salt(self.pool(), NO, Nonce(1)),
        };
        let (keys, entropy) = (keepers().map(|key| public(&key)), Entropy([entropy; 32]));
        deal(self.pool(), account, &opening, 0, &keys, &entropy).unwrap()
    }

    fn waits(&mut self, transaction: &Transaction) {
        self.store
            .write::<_, StoreError>(Durability::Volatile, |tables| {
                tables.put_pending(transaction)
            })
            .unwrap();
    }

    /// Looks so long after the kick-off, for a player of whom nobody else has the key.
    fn look(&mut self, player: [u8; 32], after: Duration) -> Found {
        let reader = self.store.reader();
        let begins = UnixSeconds(reader.genesis().created.0 + 1_000);
        let clocks = Clocks {
            begun: BettingClosed {
                own: begins,
                chain: begins,
                decided: begins,
                long_ago: None,
                scheduled: BTreeMap::new(),
            },
            confirmed: begins,
        };
        let player = Key::from_secret(&player).account();
        let own = BTreeSet::from([player]);
        let now = self.begun + after;
        find(&reader, &clocks, (player, &own), &mut self.seen, now).unwrap()
    }
}

fn opening() -> Opening {
    Opening {
        match_no: NO,
        prediction: Score::new(2, 1).unwrap().into(),
        salt: [0; 32],
    }
}

/// An opening for Ana that opens nothing.
fn garbage(pool: bolao_ledger::PoolId, nonce: u64) -> Transaction {
    let (key, player) = (Key::from_secret(&MALLORY), Key::from_secret(&ANA).account());
    let openings = vec![opening()];
    let mut draft = Draft::new(key.account(), Nonce(nonce));
    key.sign(
        pool,
        draft.body(Action::OpenFor(actions::OpenFor { player, openings })),
    )
}

const TURN_IS_OVER: Duration = Duration::from_secs(11);

#[test]
fn what_waits_behind_a_gap_keeps_nobody_from_opening() {
    let mut setting = Setting::new();
    let (pool, body) = (setting.pool(), setting.dealt(1));
    let shares = keepers().map(|key| take(pool, &body, &key).unwrap());
    setting.keep(body, shares);
    setting.waits(&garbage(pool, 1));
    let found = setting.look(BEN, Duration::ZERO);
    assert!(found.openings.is_empty(), "the player's own node is first");
    assert!(found.rest.unwrap() >= OWN_FIRST);
    let found = setting.look(BEN, TURN_IS_OVER);
    let [(player, openings)] = &Vec::from_iter(found.openings)[..] else {
        panic!("one player's");
    };
    assert_eq!(*player, Key::from_secret(&ANA).account());
    assert_eq!(openings.len(), 1);
    // What the next block may hold was applied: it does open the bet.
    setting.waits(&garbage(pool, 0));
    let found = setting.look(BEN, TURN_IS_OVER);
    assert!(found.openings.is_empty());
    assert_eq!(found.rest, None);
}

/// It would be refused (D5), and what is sent after it for others would not be sent.
#[test]
fn a_seal_of_another_kind_of_prediction_is_opened_for_nobody() {
    let number = Prediction::Number(Answer::try_from(21).unwrap());
    // The pool has no rule that brings it.
    let through = Prediction::ThroughHome(Score::new(1, 1).unwrap());
    for other in [number, through] {
        let mut setting = Setting::sealing(other);
        let (pool, body) = (setting.pool(), setting.dealt_of(other, 1));
        let shares = keepers().map(|key| take(pool, &body, &key).unwrap());
        setting.keep(body, shares);
        setting.look(BEN, Duration::ZERO);
        let found = setting.look(BEN, TURN_IS_OVER);
        assert!(found.openings.is_empty(), "{other:?}");
        assert_eq!(found.rest, None);
    }
}

#[test]
fn shares_that_do_not_come_are_looked_for_less_and_less() {
    let mut setting = Setting::new();
    let (pool, body) = (setting.pool(), setting.dealt(1));
    let [one, _] = keepers();
    let share = take(pool, &body, &one);
    setting.keep(body, share);
    let mut rest = |after| setting.look(BEN, Duration::from_secs(after)).rest;
    assert_eq!(rest(0), Some(ASK_AGAIN));
    assert_eq!(rest(3), Some(ASK_AGAIN));
    assert_eq!(rest(40), Some(Duration::from_secs(10)));
    assert_eq!(rest(3_000), Some(LONGEST_REST));
}

#[test]
fn a_deal_that_opens_nothing_is_combined_once() {
    let mut setting = Setting::new();
    let pool = setting.pool();
    // Two halves that do not belong together.
    let (mut body, other) = (setting.dealt(1), setting.dealt(2));
    let [one, two] = keepers();
    let shares = [take(pool, &body, &one), take(pool, &other, &two)];
    *body.handed.last_mut().unwrap() = other.handed.last().unwrap().clone();
    let id = body.id();
    setting.keep(body, shares.into_iter().flatten());
    for after in [0, 20, 4_000] {
        let found = setting.look(BEN, Duration::from_secs(after));
        assert!(found.openings.is_empty());
        assert_eq!(found.rest, None);
        assert!(setting.seen.wrong.contains(&id));
    }
}

#[test]
fn who_has_not_joined_opens_for_nobody() {
    let mut setting = Setting::new();
    let (pool, body) = (setting.pool(), setting.dealt(1));
    let shares = keepers().map(|key| take(pool, &body, &key).unwrap());
    setting.keep(body, shares);
    for after in [Duration::ZERO, TURN_IS_OVER] {
        let found = setting.look(MALLORY, after);
        assert!(found.openings.is_empty());
        assert_eq!(found.rest, None);
    }
}
