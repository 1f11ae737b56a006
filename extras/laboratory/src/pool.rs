//! A pool with players, matches and kick-offs.

use bolao_ledger::{
    AccountId, Action, Chips, Fixture, GENESIS_VERSION, Genesis, GenesisError, Makers, MatchCode,
    MatchNo, Name, Nonce, OpenBet, PoolId, Score, Signature, TargetRule, Team, Text, Transaction,
    TxBody, UnixSeconds, Validator, ValidatorKey, actions, sha256d, signing_bytes,
};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use crate::kind::consensus;

/// When every simulated pool was made.
pub(crate) const CREATED: UnixSeconds = UnixSeconds(1_800_000_000);

/// The limit of a side's goals in a bet of an honest player: an attacker's bet is none of theirs.
pub(crate) const HONEST_GOALS: u64 = 5;

/// A pool to be simulated.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) kind: Makers,
    pub(crate) nodes: usize,
    pub(crate) validators: usize,
    /// When matches begin, in seconds after the start of the simulation.
    pub(crate) kickoffs: Vec<u64>,
    pub(crate) target: TargetRule,
    /// So many of the validators' keys are on a second node each, which is off at first.
    pub(crate) copies: usize,
    /// So many nodes more, of nobody in the pool, which are off at first.
    pub(crate) strangers: usize,
    /// Whether validators of a `hybrid` pool refuse what contradicts what they saw: not in a control.
    pub(crate) refuses: bool,
}

impl Setup {
    /// The rules of the pool, or why this program cannot play it.
    pub(crate) fn genesis(&self) -> Result<Genesis, GenesisError> {
        let validators = (0..self.validators).map(|node| {
            let player = Player::new(node);
            let key = VerificationKeyBytes::from(&voting_key(node));
            Validator {
                account: player.id(),
                key: ValidatorKey(key.into()),
                weight: 1,
            }
        });
        let genesis = Genesis {
            version: GENESIS_VERSION,
            created: CREATED,
            consensus: consensus(self.kind, validators.collect()),
            target: self.target,
            organisers: vec![Player::new(self.organiser()).id()],
            matches: (1_u16..)
                .zip(&self.kickoffs)
                .map(|(no, at)| fixture(no, CREATED.0.saturating_add(*at)))
                .collect(),
            ..Genesis::article()
        };
        genesis.check().map(|()| genesis)
    }

    /// An honest friend without a vote.
    pub(crate) const fn organiser(&self) -> usize {
        self.nodes.saturating_sub(2)
    }
}

/// Gives the key that a node votes with.
pub(crate) fn voting_key(node: usize) -> SigningKey {
    SigningKey::from(sha256d(format!("validator {node}").as_bytes()))
}

fn fixture(no: u16, kickoff: u64) -> Fixture {
    let team = |side: &str| Team {
        name: Text::new(format!("{side} {no}")).expect("a short text"),
        code: None,
    };
    Fixture {
        no: MatchNo(no),
        code: MatchCode::new(&format!("M{no}")).expect("a short code"),
        home: team("Home"),
        away: team("Away"),
        kickoff: Some(UnixSeconds(kickoff)),
        stage: Text::new("Group").expect("a short text"),
    }
}

/// Somebody who signs.
#[derive(Clone, Debug)]
pub(crate) struct Player {
    key: SigningKey,
    next: u64,
}

impl Player {
    pub(crate) fn new(who: usize) -> Self {
        Self {
            key: SigningKey::from(sha256d(format!("player {who}").as_bytes())),
            next: 0,
        }
    }

    pub(crate) fn id(&self) -> AccountId {
        AccountId(VerificationKeyBytes::from(&self.key).into())
    }

    /// Signs the player's next action.
    pub(crate) fn sign(&mut self, pool: PoolId, action: Action) -> Transaction {
        let body = TxBody {
            account: self.id(),
            nonce: Nonce(self.next),
            action,
        };
        self.next += 1;
        let signature = self.key.sign(&signing_bytes(pool, &body));
        Transaction {
            body,
            signature: Signature(signature.into()),
        }
    }

    /// The node refused what was signed last, and said so: the next one takes its nonce, as a player's program has it.
    pub(crate) fn was_refused(&mut self) {
        self.next -= 1;
    }
}

/// An action that enters the pool under a name.
pub(crate) fn join(name: &str) -> Action {
    Action::Join(actions::Join {
        name: Name::new(name).expect("a plain name"),
        invitation: None,
    })
}

/// A bet without a stake.
pub(crate) fn bet(no: MatchNo, score: Score) -> Action {
    Action::Bet(actions::Bet {
        bets: vec![OpenBet {
            match_no: no,
            prediction: score.into(),
            stake: Chips(0),
        }],
    })
}

/// Gives the score that the matches end with: no honest player bets it.
pub(crate) fn right_score() -> Score {
    Score::new(HONEST_GOALS + 2, HONEST_GOALS + 1).expect("few goals")
}
