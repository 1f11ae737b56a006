//! Who of the validators is there, as watchers hear it. [`crate::consensus`] says when somebody is away.

use bolao_answers::body::moments;
use bolao_ledger::{AccountId, Height, UnixSeconds};
use serde::{Deserialize, Serialize};

/// The attendance of the validators: who votes on the next height, and what was heard of them since this node started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attendance {
    /// The height that is voted on.
    pub height: Height,
    /// Since when something waits for votes; only once that is so long that somebody must be missing, or once somebody signed
    /// twice.
    pub waits_since: Option<UnixSeconds>,
    /// The reason why those who are heard do not decide, although there are enough of them.
    pub disagreement: Option<Disagreement>,
    /// Whether something else signs with this node's own key, so that this node does not vote at this height.
    pub copied: bool,
    /// The last final block that something else signed with this node's own key since it started.
    pub elsewhere: Option<Height>,
    /// All of them, in the order of their keys.
    pub validators: Vec<Attendee>,
}

/// A block that waits although enough validators are there: some votes do not arrive, or refuse it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disagreement {
    /// The accounts of those whose vote or block is not here. The log says which of the two.
    pub missing: Vec<AccountId>,
    /// The accounts of those who vote against the block.
    pub against: Vec<AccountId>,
}

/// A validator, as this node has heard it since it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = HeardBody))]
pub struct Attendee {
    /// The validator's account.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub account: AccountId,
    /// The last vote of it that this node knows of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_vote: Option<LastVote>,
    /// True if nothing is heard of it, though something waits or blocks are made without it.
    pub away: bool,
    /// True if it signed two different votes of the vote that goes on: its key is on two machines, or it cheats.
    pub twice: bool,
}

/// A validator's vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = LastVoteBody))]
pub struct LastVote {
    /// On the block of which height.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub height: Height,
    /// The time at which it was heard; of one that came with an older block, that block's time.
    #[serde(with = "moments")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub time: UnixSeconds,
}

impl Attendance {
    /// The accounts of those who are away.
    pub fn away(&self) -> impl Iterator<Item = AccountId> + '_ {
        let away = self.validators.iter().filter(|one| one.away);
        away.map(|one| one.account)
    }

    /// The accounts of those who signed two different votes of this height.
    pub fn twice(&self) -> impl Iterator<Item = AccountId> + '_ {
        let twice = self.validators.iter().filter(|one| one.twice);
        twice.map(|one| one.account)
    }

    /// Whether who is away, and what waits, is as in another.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let flags = |all: &Self| -> Vec<_> {
            let all = all.validators.iter();
            all.map(|one| (one.account, one.away, one.twice)).collect()
        };
        let waits = |all: &Self| {
            let disagrees = all.disagreement.is_some();
            (all.waits_since, disagrees, all.copied, all.elsewhere)
        };
        waits(self) == waits(other) && flags(self) == flags(other)
    }
}
