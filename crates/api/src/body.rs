//! What the modern API answers, in the very types: the node writes them and whoever asks it reads them.
//!
//! What has a type of the ledger has it here too, so that what is read is checked as it is read. Texts of the chain were
//! checked by the ledger; others, such as what a peer calls itself, are anybody's.

mod bet;
mod fixture;
mod game;
mod node;
mod outcome;
mod player;
mod reference;
mod standings;
mod vote;

pub use bet::{BetBody, Earned};
pub use fixture::{FixtureBody, FixtureError, TeamBody};
pub use game::{MatchBody, MatchStatus};
pub use node::{PeerBody, PeerTip, StatusBody, TipBody, TotalsBody};
pub use outcome::{ObjectionBody, RecordBody, VersionBody};
pub use player::{NonceBody, PlayerBody, PlayerPage};
pub use reference::{MatchRef, PlayerRef};
pub use standings::{
    BasisBody, CellBody, MatrixBody, MatrixRow, RoundBody, StandingBody, StandingsBody, TallyBody,
};
pub use vote::{ActBody, SignedBody, WaitingBody};

pub(crate) use outcome::{OutcomeBody, ScoreBody};
pub(crate) use reference::{Moment, moment};
