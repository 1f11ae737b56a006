//! What the modern API answers, in the very types: the node writes them and whoever asks it reads them.
//!
//! Accounts, scores, records, hashes of blocks and times have the ledger's types, so that what is read is checked as it is
//! read. Texts of the chain were checked by the ledger; others, such as what a peer calls itself, are anybody's.

mod bet;
mod block;
mod fixture;
mod game;
mod history;
mod node;
mod outcome;
mod player;
mod reference;
mod standings;
mod transaction;
mod vote;

pub use bet::{BetBody, Earned};
pub use block::{BlockBody, CoinbaseBody};
pub use fixture::{FixtureBody, FixtureError, TeamBody};
pub use game::{MatchBody, MatchStatus};
pub use history::{CauseKind, HistoryBody};
pub use node::{ChainTipBody, PeerBody, PeerTip, StatusBody, TotalsBody};
pub use outcome::{ObjectionBody, RecordBody, VersionBody};
pub use player::{NonceBody, PlayerBody, PlayerPage};
pub use reference::{MatchRef, PlayerRef};
pub use standings::{
    BasisBody, CellBody, MatrixBody, MatrixRow, RoundBody, StandingBody, StandingsBody, TallyBody,
};
pub use transaction::{
    ActionBody, BlockRef, InvitationBody, OpeningBody, SealBody, TipBody, TransactionBody,
};
pub use vote::{ActBody, SignedBody, WaitingBody};

pub(crate) use outcome::ScoreBody;
pub(crate) use reference::{Moment, moment};
