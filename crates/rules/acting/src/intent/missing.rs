//! The signatures that are missing of what an organiser signs at once.

use bolao_fixtures::pool::Waiting;
use bolao_ledger::{AccountId, Genesis, MatchNo, Vote};
use serde::{Deserialize, Serialize};

/// The signatures that a change still wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// So many.
    More(usize),
    /// All of them, once another change of its match has taken effect.
    Anew,
}

impl Missing {
    /// The signatures that each of these votes on one match still wants once an account, one of so many organisers, has signed all of
    /// them.
    #[must_use]
    pub fn of(
        no: MatchNo,
        votes: &[Vote],
        waiting: &[Waiting],
        own: AccountId,
        (genesis, organisers): (&Genesis, usize),
    ) -> Vec<Self> {
        let alone = votes.iter().map(|vote| {
            let mut same = waiting.iter().filter(|it| it.no == no);
            let signers = same.find(|it| it.vote == *vote).map(|it| &it.signers[..]);
            let given = others(signers.unwrap_or_default(), own).saturating_add(1);
            usize::from(genesis.quorum(vote, organisers)).saturating_sub(given)
        });
        let alone: Vec<usize> = alone.collect();
        match (&alone[..], votes) {
            ([schedule, day], [_, of_day]) => {
                let quorum = genesis.quorum(of_day, organisers);
                of_both(*schedule, *day, quorum.into()).to_vec()
            }
            _ => alone.into_iter().map(Self::More).collect(),
        }
    }
}

/// The number of signatures by others.
pub(super) fn others(signers: &[AccountId], own: AccountId) -> usize {
    signers.iter().filter(|it| **it != own).count()
}

/// The same of a schedule and a day of one match that are signed together, of which each alone wants so many more: what takes
/// effect first spends the signatures on the other.
///
/// # Rule S8: a change of a match that takes effect uses up what was signed of it.
const fn of_both(schedule: usize, day: usize, quorum: usize) -> [Missing; 2] {
    match (schedule, day) {
        (0, _) => [Missing::More(0), Missing::More(quorum.saturating_sub(1))],
        (_, 0) => [Missing::Anew, Missing::More(0)],
        _ => [Missing::More(schedule), Missing::Anew],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use bolao_ledger::Quorum;

    use super::*;

    /// Ana signs the teams and the day of a match; Bruno signs both, his teams take effect and spend her day, so that it
    /// stands at one signature of two.
    #[test]
    fn what_takes_effect_first_spends_the_other_signatures() {
        let ana = of_both(1, 1, 2);
        assert_eq!(ana, [Missing::More(1), Missing::Anew]);
        let bruno = of_both(0, 0, 2);
        assert_eq!(bruno, [Missing::More(0), Missing::More(1)]);
        assert_eq!(of_both(0, 0, 1), [Missing::More(0), Missing::More(0)]);
        assert_eq!(of_both(1, 0, 2), [Missing::Anew, Missing::More(0)]);
    }

    #[test]
    fn a_signature_of_ones_own_is_counted_once() {
        let mut genesis = Genesis::article();
        genesis.rules.schedule_quorum = Quorum::of(3);
        let (no, day) = (MatchNo(1), Vote::Day(None));
        let [ana, bruno] = [1, 2].map(|byte| AccountId([byte; 32]));
        let wants = |signers: &[AccountId], votes: &[Vote]| {
            let waiting = [Waiting {
                no,
                vote: day.clone(),
                signers: signers.to_vec(),
            }];
            Missing::of(no, votes, &waiting, ana, (&genesis, 4))
        };
        let alone = [day.clone()];
        assert_eq!(wants(&[], &alone), [Missing::More(2)]);
        assert_eq!(wants(&[ana], &alone), [Missing::More(2)]);
        assert_eq!(wants(&[ana, bruno], &alone), [Missing::More(1)]);
        let both = [Vote::Schedule(genesis.matches[0].clone()), day.clone()];
        assert_eq!(wants(&[bruno], &both), [Missing::More(2), Missing::Anew]);
    }
}
