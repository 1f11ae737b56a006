//! What a player wants done.

use bolao_ledger::{
    Action, BetMode, Genesis, MatchNo, OpenBet, Opening, Reason, SealedBet, TxBody, actions,
    most_at_once,
};
use bolao_wallet::{Draft, Key};

/// The choice of refused bets that are left out, so that the others can be sent.
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

/// A player's wish.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Bets, each on another match, in as few transactions as hold them.
    Bets {
        /// The bets.
        bets: Vec<OpenBet>,
        /// The refused ones that are left out.
        leave: Leave,
    },
    /// Openings of own seals, each of another match, in as few transactions as hold them; those that are refused are left out.
    Openings(Vec<Opening>),
    /// Actions, one after the other.
    Actions(Vec<Action>),
    /// To join, and nothing else.
    Joining,
}

/// The contents of one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The joining, which comes before everything else that an account does.
    Join,
    /// An action.
    Action(Action),
    /// Bets, to be sealed where the pool's are; or openings.
    Entries(Vec<Entry>),
}

/// A bet or an opening: it is about one match, and can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A bet.
    Bet(OpenBet),
    /// The opening of a seal.
    Opening(Opening),
}

impl Entry {
    pub(crate) const fn match_no(self) -> MatchNo {
        match self {
            Self::Bet(bet) => bet.match_no,
            Self::Opening(opening) => opening.match_no,
        }
    }

    /// The most of its like that one transaction holds, open or sealed as bets are in the pool.
    pub(crate) fn most(&self, genesis: &Genesis) -> usize {
        let limits = &genesis.limits;
        match self {
            Self::Opening(opening) => most_at_once(limits, opening),
            Self::Bet(bet) if genesis.rules.bets == BetMode::Open => most_at_once(limits, bet),
            Self::Bet(bet) => most_at_once(
                limits,
                &SealedBet {
                    match_no: bet.match_no,
                    commitment: [0; 32],
                    stake: bet.stake,
                },
            ),
        }
    }
}

impl Wish {
    pub(crate) const fn leave(&self) -> Leave {
        match self {
            Self::Bets { leave, .. } => *leave,
            Self::Openings(_) => Leave::Refused,
            Self::Actions(_) | Self::Joining => Leave::Nothing,
        }
    }
}

impl Part {
    /// The body to sign, or none for a joining, which takes a name and perhaps a ticket.
    pub fn draft(&self, draft: &mut Draft, key: &Key, genesis: &Genesis) -> Option<TxBody> {
        let entries = match self {
            Self::Join => return None,
            Self::Action(action) => return Some(draft.body(action.clone())),
            Self::Entries(entries) => entries,
        };
        let (mut bets, mut openings) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Entry::Bet(bet) => bets.push(*bet),
                Entry::Opening(opening) => openings.push(*opening),
            }
        }
        Some(if bets.is_empty() {
            draft.body(Action::Open(actions::Open { openings }))
        } else {
            draft.place(key, genesis.pool_id(), genesis.rules.bets, &bets)
        })
    }
}
