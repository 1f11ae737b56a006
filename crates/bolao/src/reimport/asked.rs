//! A file compared with the pool of a node, which is asked what the ledger says of it.

use anyhow::anyhow;
use bolao_api::body::ProposalBody;
use bolao_fixtures::{
    Competition,
    pool::{Draft, Known, Plan, PoolError, Refusal, Refusals, Running},
};
use bolao_ledger::{AccountId, Action, Fixture, Genesis, Name, Reason};

use crate::{
    source::{ApiError, Source},
    view::{Match, NextNonce},
};

/// Signatures that are tried at once: a node lets few of one account wait.
const AT_ONCE: usize = 32;

/// A match as the ledger has it.
pub(crate) fn known(game: &Match) -> anyhow::Result<Known> {
    Ok(Known {
        fixture: Fixture::try_from(&game.fixture)?,
        day: game.day.as_ref().and_then(bolao_api::body::DayBody::day),
        record: game.record.as_ref().map(|record| record.outcome.clone()),
        postponed: game.postponed,
    })
}

/// What a file changes. One that seems to be of another competition is refused, but for `anyway`.
pub(crate) async fn compare(
    file: Competition,
    ours: Running<'_>,
    anyway: bool,
    source: &Source,
    genesis: &Genesis,
) -> anyhow::Result<Plan> {
    let own = ours.own;
    let draft = Draft::new(file, ours, anyway).map_err(|error| match error {
        PoolError::OtherCompetition { .. } => {
            anyhow!("{error}; to take it all the same, add --anyway")
        }
        error => error.into(),
    })?;
    let mut refusals = Refusals::default();
    for actions in [draft.schedules(), draft.results()] {
        refusals.extend(refused(source, genesis, own, actions).await?);
    }
    Ok(draft.judged(&refusals))
}

/// Which of these the ledger refuses, and why. Whose signature it would be, if that is not known, is the first organiser's.
async fn refused(
    source: &Source,
    genesis: &Genesis,
    own: Option<AccountId>,
    actions: Vec<Action>,
) -> anyhow::Result<Vec<(Action, Refusal)>> {
    let mut refused = Vec::new();
    let Some(account) = own.or(genesis.organisers.first().copied()) else {
        return Ok(refused);
    };
    let path = format!("/api/v1/accounts/{account}/nonce");
    let joins = source.read::<NextNonce>(&path).await?.next_nonce == 0;
    let unsigned = |action| ProposalBody::unsigned(account, action);
    for actions in actions.chunks(AT_ONCE) {
        let mut proposals = Vec::new();
        if joins {
            // Only tried, under a name that hardly anybody has.
            let [a, b, c, d, ..] = account.0;
            let name = Name::new(&format!("organiser {a} {b} {c} {d}"))?;
            let invitation = None;
            proposals.push(unsigned(Action::Join { name, invitation }));
        }
        proposals.extend(actions.iter().cloned().map(unsigned));
        let verdicts = source.rehearse(&proposals).await?;
        let verdicts = verdicts.iter().skip(usize::from(joins));
        for (action, verdict) in actions.iter().zip(verdicts) {
            // Where too much waits, it is signed after the next block.
            let refusal = ApiError::refusal(verdict);
            if let Some(refusal) = refusal.filter(|it| !it.is(Reason::TooManyPending)) {
                let refusal = Refusal {
                    code: refusal.code.unwrap_or_default(),
                    detail: refusal.detail,
                };
                refused.push((action.clone(), refusal));
            }
        }
    }
    Ok(refused)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{MatchNo, Outcome, UnixSeconds};

    use super::*;

    /// The ledger itself is asked, over a store, for an organiser who has not joined.
    #[tokio::test]
    async fn the_ledger_is_asked() {
        let mut genesis = Genesis::article();
        let past = UnixSeconds(genesis.created.0 + 60);
        genesis.organisers = vec![AccountId([9; 32])];
        genesis.matches[0].kickoff = Some(past);
        let (begun, open) = (genesis.matches[0].clone(), genesis.matches[1].clone());
        let ahead = Some(UnixSeconds(4_000_000_000));
        let schedule = |fixture: &Fixture, kickoff| Action::Schedule {
            fixture: Fixture {
                kickoff,
                ..fixture.clone()
            },
        };
        let result = |match_no| Action::Result {
            match_no,
            outcome: Outcome::played("2-1".parse().unwrap()),
        };
        let store = bolao_store::Store::in_memory(&genesis).unwrap();
        let source = Source::Stopped(Box::new(bolao_client::Offline::new(&store)));
        let asked = vec![
            schedule(&begun, ahead),
            schedule(&open, Some(past)),
            schedule(&open, ahead),
            result(begun.no),
            result(open.no),
        ];
        let refused = refused(&source, &genesis, None, asked.clone())
            .await
            .unwrap();
        let of: Vec<(usize, &str)> = refused
            .iter()
            .map(|(action, why)| {
                let at = asked.iter().position(|it| it == action).unwrap();
                (at, why.code.as_str())
            })
            .collect();
        let wanted = [
            (0, "match-started"),
            (1, "kickoff-in-the-past"),
            (4, "result-too-early"),
        ];
        assert_eq!(of, wanted, "{refused:?} {:?}", MatchNo(1));
    }
}
