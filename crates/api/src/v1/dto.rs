//! JSON of the modern API.

use std::fmt;

use bolao_ledger::{Fixture, Score, Team, Totals, UnixSeconds};
use bolao_store::Tip;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A moment in RFC 3339, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2019-06-05T18:45:00Z")]
pub(crate) struct Moment(String);

impl From<UnixSeconds> for Moment {
    fn from(seconds: UnixSeconds) -> Self {
        // Kick-offs are any number; the latest year that RFC 3339 can write is 9999.
        let time = i64::try_from(seconds.0)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .unwrap_or(Timestamp::MAX);
        Self(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The last block.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TipBody {
    pub(crate) hash: String,
    pub(crate) height: u64,
    pub(crate) time: Moment,
    /// Work of the whole chain: the expected number of hashes, in hexadecimal.
    pub(crate) work: String,
}

impl From<Tip> for TipBody {
    fn from(tip: Tip) -> Self {
        Self {
            hash: tip.hash.to_string(),
            height: tip.height.0,
            time: tip.time.into(),
            work: format!("{:x}", tip.work),
        }
    }
}

/// Counts of the whole chain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TotalsBody {
    pub(crate) players: u64,
    /// Standing bets.
    pub(crate) bets: u64,
    /// Transactions in blocks, coinbases aside.
    pub(crate) transactions: u64,
    pub(crate) chips_issued: u64,
    /// Chips of pots that nobody won, which go to the next pot that is paid.
    pub(crate) rollover: u64,
    /// Matches whose record has a score that counts.
    pub(crate) scored: u32,
    /// Records among those that are not final.
    pub(crate) provisional: u32,
    /// The pool's time: the largest of its blocks so far.
    pub(crate) clock: Moment,
}

impl From<Totals> for TotalsBody {
    fn from(totals: Totals) -> Self {
        Self {
            players: totals.accounts,
            bets: totals.bets,
            transactions: totals.transactions,
            chips_issued: totals.chips_issued.0,
            rollover: totals.rollover.0,
            scored: totals.scored,
            provisional: totals.provisional,
            clock: totals.clock.into(),
        }
    }
}

/// A team, or the placeholder of one that is not known yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamBody {
    #[schema(example = "Portugal")]
    pub(crate) name: String,
    /// A short code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "POR")]
    pub(crate) code: Option<String>,
}

impl From<&Team> for TeamBody {
    fn from(team: &Team) -> Self {
        Self {
            name: team.name.as_str().to_owned(),
            code: team.code.as_ref().map(|code| code.as_str().to_owned()),
        }
    }
}

/// A match before it is played.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FixtureBody {
    /// Its number, which tips use.
    pub(crate) no: u16,
    /// Its name, which people use.
    #[schema(example = "PtCh")]
    pub(crate) code: String,
    pub(crate) home: TeamBody,
    pub(crate) away: TeamBody,
    /// When it begins and betting ends; `null` until it is scheduled.
    pub(crate) kickoff: Option<Moment>,
    pub(crate) stage: String,
}

impl From<&Fixture> for FixtureBody {
    fn from(fixture: &Fixture) -> Self {
        Self {
            no: fixture.no.0,
            code: fixture.code.as_str().to_owned(),
            home: (&fixture.home).into(),
            away: (&fixture.away).into(),
            kickoff: fixture.kickoff.map(Moment::from),
            stage: fixture.stage.as_str().to_owned(),
        }
    }
}

/// Goals of the team named first and of the team named second.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreBody {
    #[schema(maximum = 99)]
    pub(crate) home: u8,
    #[schema(maximum = 99)]
    pub(crate) away: u8,
}

impl From<Score> for ScoreBody {
    fn from(score: Score) -> Self {
        Self {
            home: score.home(),
            away: score.away(),
        }
    }
}

/// A match, briefly.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchRef {
    pub(crate) no: u16,
    #[schema(example = "PtCh")]
    pub(crate) code: String,
}

/// A player, briefly.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlayerRef {
    /// The account, in bech32m.
    #[schema(example = "bolao1…")]
    pub(crate) account: String,
    /// The name as written; absent while the account's joining waits for a block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_rfc_3339_whatever_the_number() {
        let shown = |seconds| Moment::from(UnixSeconds(seconds)).0;
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(1_559_760_300), "2019-06-05T18:45:00Z");
        assert!(shown(u64::MAX).starts_with("9999-12-3"));
        assert!(shown(1 << 50).starts_with("9999-12-3"));
    }
}
