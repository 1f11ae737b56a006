//! What a player wants done.

use std::collections::VecDeque;

use bolao_ledger::{Action, BetMode, Genesis, OpenBet, Reason, SealedBet, TxBody, most_at_once};
use bolao_wallet::{Draft, Key};

/// Which of the bets that the rules refuse are left out, so that the others can be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leave {
    /// None: nothing is sent.
    #[default]
    Nothing,
    /// Those on matches that take no bets any more.
    Late,
    /// All.
    Refused,
}

impl Leave {
    pub(crate) fn leaves_out(self, reason: Option<Reason>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Late => reason == Some(Reason::BetAfterKickoff),
            Self::Refused => true,
        }
    }
}

/// What is wanted, by one account.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Bets, each on another match, in as few transactions as hold them.
    Bets {
        /// The bets.
        bets: Vec<OpenBet>,
        /// Which are left out.
        leave: Leave,
    },
    /// Actions, one after the other.
    Actions(Vec<Action>),
    /// To join, and nothing else.
    Join,
}

/// What one transaction is signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The joining, which comes before everything else that an account does.
    Join,
    /// An action.
    Action(Action),
    /// Bets, to be sealed where the pool's are.
    Bets(Vec<OpenBet>),
}

impl Wish {
    /// The most of its bets that one transaction holds, open or sealed as they are in the pool.
    pub(crate) fn most(&self, genesis: &Genesis) -> usize {
        let Self::Bets { bets, .. } = self else {
            return 1;
        };
        let Some(bet) = bets.first() else {
            return 1;
        };
        let sealed = SealedBet {
            match_no: bet.match_no,
            commitment: [0; 32],
            stake: bet.stake,
        };
        match genesis.rules.bets {
            BetMode::Open => most_at_once(&genesis.limits, bet),
            BetMode::Sealed => most_at_once(&genesis.limits, &sealed),
        }
    }

    pub(crate) const fn leave(&self) -> Leave {
        match self {
            Self::Bets { leave, .. } => *leave,
            Self::Actions(_) | Self::Join => Leave::Nothing,
        }
    }

    pub(crate) fn into_parts(self, most: usize) -> VecDeque<Part> {
        match self {
            Self::Bets { bets, .. } => split(&bets, most).collect(),
            Self::Actions(actions) => actions.into_iter().map(Part::Action).collect(),
            Self::Join => VecDeque::from([Part::Join]),
        }
    }
}

/// As few transactions as hold these bets.
pub(crate) fn split(bets: &[OpenBet], most: usize) -> impl Iterator<Item = Part> {
    bets.chunks(most).map(|bets| Part::Bets(bets.to_vec()))
}

impl Part {
    /// Its bets.
    #[must_use]
    pub fn bets(&self) -> &[OpenBet] {
        match self {
            Self::Bets(bets) => bets,
            Self::Join | Self::Action(_) => &[],
        }
    }

    /// The body to sign, or none for a joining, which takes a name and perhaps a ticket.
    pub fn draft(&self, draft: &mut Draft, key: &Key, genesis: &Genesis) -> Option<TxBody> {
        match self {
            Self::Join => None,
            Self::Action(action) => Some(draft.body(action.clone())),
            Self::Bets(bets) => Some(draft.place(key, genesis.pool_id(), genesis.rules.bets, bets)),
        }
    }
}
