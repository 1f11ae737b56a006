//! What transactions do, as JSON.

use bolao_ledger::{Action, Invitation, MatchNo};
use bolao_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use super::views::Lookup;
use crate::body::{FixtureBody, MatchRef, Moment, OutcomeBody, PlayerRef, ScoreBody};

/// What is done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ActionBody {
    /// Enters the pool.
    Join {
        /// The name as written.
        name: String,
        /// The ticket, in a pool by invitation.
        #[serde(skip_serializing_if = "Option::is_none")]
        invitation: Option<InvitationBody>,
    },
    /// Places or replaces tips.
    Bet {
        /// Each of another match.
        tips: Vec<TipBody>,
    },
    /// Places or replaces tips that nobody can read yet.
    Seal {
        /// Each of another match.
        tips: Vec<SealBody>,
    },
    /// Opens sealed tips.
    Open {
        /// Each of another match.
        openings: Vec<OpeningBody>,
    },
    /// Signs how a match is scheduled.
    Schedule {
        /// The match as it is once enough organisers have signed.
        fixture: FixtureBody,
    },
    /// Signs what became of a match.
    Result {
        /// Which one.
        r#match: MatchRef,
        /// What became of it.
        outcome: OutcomeBody,
    },
    /// Gives chips to another player.
    Transfer {
        /// Who gets them.
        to: PlayerRef,
        /// How many.
        chips: u64,
    },
    /// Objects to a record.
    Object {
        /// The match.
        r#match: MatchRef,
        /// What is wrong with the record.
        text: String,
    },
}

/// A ticket, signed for use by one account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationBody {
    /// The ticket's public key, written as an account.
    ticket: String,
    /// How many accounts may join with it.
    uses: u32,
    expires: Moment,
    /// Who signed it.
    organiser: PlayerRef,
}

/// A prediction of one match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TipBody {
    r#match: MatchRef,
    score: ScoreBody,
    stake: u64,
    /// Whether it came too late and changed nothing.
    void: bool,
}

/// A sealed prediction of one match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SealBody {
    r#match: MatchRef,
    /// The hash that hides the score, in hexadecimal.
    commitment: String,
    stake: u64,
    /// Whether it came too late and changed nothing.
    void: bool,
}

/// What a seal hid.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpeningBody {
    r#match: MatchRef,
    score: ScoreBody,
    /// What kept the score from being guessed, in hexadecimal.
    salt: String,
    /// Whether it came too late and changed nothing.
    void: bool,
}

impl ActionBody {
    /// `void`: matches whose tips came too late.
    pub(crate) fn new(
        lookup: &mut Lookup<'_>,
        action: &Action,
        void: &[MatchNo],
    ) -> Result<Self, StoreError> {
        Ok(match action {
            Action::Join { name, invitation } => Self::Join {
                name: name.as_str().to_owned(),
                invitation: match invitation {
                    Some(invitation) => Some(invited(lookup, invitation)?),
                    None => None,
                },
            },
            Action::Bet { tips } => Self::Bet {
                tips: each(tips, |tip| {
                    Ok(TipBody {
                        r#match: lookup.code(tip.match_no)?,
                        score: tip.score.into(),
                        stake: tip.stake.0,
                        void: void.contains(&tip.match_no),
                    })
                })?,
            },
            Action::Seal { tips } => Self::Seal {
                tips: each(tips, |tip| {
                    Ok(SealBody {
                        r#match: lookup.code(tip.match_no)?,
                        commitment: hex::encode(tip.commitment),
                        stake: tip.stake.0,
                        void: void.contains(&tip.match_no),
                    })
                })?,
            },
            Action::Open { openings } => Self::Open {
                openings: each(openings, |opening| {
                    Ok(OpeningBody {
                        r#match: lookup.code(opening.match_no)?,
                        score: opening.score.into(),
                        salt: hex::encode(opening.salt),
                        void: void.contains(&opening.match_no),
                    })
                })?,
            },
            Action::Schedule { fixture } => Self::Schedule {
                fixture: fixture.into(),
            },
            Action::Result { match_no, outcome } => Self::Result {
                r#match: lookup.code(*match_no)?,
                outcome: outcome.into(),
            },
            Action::Transfer { to, chips } => Self::Transfer {
                to: lookup.player(to)?,
                chips: chips.0,
            },
            Action::Object { match_no, text } => Self::Object {
                r#match: lookup.code(*match_no)?,
                text: text.as_str().to_owned(),
            },
        })
    }
}

fn each<T, U>(
    items: &[T],
    one: impl FnMut(&T) -> Result<U, StoreError>,
) -> Result<Vec<U>, StoreError> {
    items.iter().map(one).collect()
}

fn invited(lookup: &mut Lookup<'_>, invitation: &Invitation) -> Result<InvitationBody, StoreError> {
    Ok(InvitationBody {
        ticket: invitation.ticket.key.to_string(),
        uses: invitation.ticket.uses,
        expires: invitation.ticket.expires.into(),
        organiser: lookup.player(&invitation.organiser)?,
    })
}
