//! The stable codes of refusals that say more than their status does.
//!
//! `docs/PROTOCOL.md` lists them, section 10: a test compares. No rule of the pool makes them ([`bolao_ledger::Reason`]); those of lists of
//! matches are [`bolao_fixtures::ListCode`].

use bolao_ledger::codes;
use http::StatusCode;

codes! {
    /// A refusal by this node that programs tell from others of the same status.
    pub enum Code;
    /// Every one of them, in the order of `docs/PROTOCOL.md`.
    pub const CODES;

    /// The invitation is to another pool.
    OtherPool = "other-pool",
    /// Another invitation with the same ticket is kept.
    InvitationTaken = "invitation-taken",
    /// No room for another invitation.
    InvitationsFull = "invitations-full",
    /// The invitation is not kept here.
    UnknownInvitation = "unknown-invitation",
    /// Only players may look.
    PlayersOnly = "players-only",
    /// Something is held under this id.
    HandoverTaken = "handover-taken",
    /// No room for another player on the way.
    HandoversFull = "handovers-full",
    /// Nothing is held under this id.
    NoHandover = "no-handover",
    /// This node tells no browser.
    NoPush = "no-push",
    /// No room for another browser.
    SubscribersFull = "subscribers-full",
    /// The word is older than one that was heard, or too old.
    OldWord = "old-word",
    /// The match is not played now.
    NotPlayedNow = "not-played-now",
    /// A field of a classic route's that is not known, or that stands twice with two values.
    UnknownField = "unknown-field",
    /// No such list of matches.
    NoCompetition = "no-competition",
}

impl Code {
    /// The status that it goes with.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NoCompetition => StatusCode::BAD_REQUEST,
            Self::PlayersOnly => StatusCode::UNAUTHORIZED,
            Self::UnknownField => StatusCode::UNPROCESSABLE_ENTITY,
            Self::UnknownInvitation | Self::NoHandover | Self::NoPush => StatusCode::NOT_FOUND,
            Self::OtherPool
            | Self::InvitationTaken
            | Self::HandoverTaken
            | Self::OldWord
            | Self::NotPlayedNow => StatusCode::CONFLICT,
            Self::InvitationsFull | Self::HandoversFull | Self::SubscribersFull => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}
