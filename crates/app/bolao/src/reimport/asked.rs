//! A file compared with the pool of a node, which is asked what the ledger says of it.

use anyhow::{Context as _, anyhow};
use bolao_api::body::{OrganisersBody, ProposalBody};
use bolao_fixtures::{
    Competition,
    pool::{Draft, Known, Plan, PoolError, Refusal, Refusals, Running},
};
use bolao_ledger::{AccountId, Fixture};

use crate::{
    source::{ApiError, Source},
    view::{Match, NextNonce},
};

/// The most that is tried at once: a node takes no long request.
const AT_ONCE: usize = 64;

/// A match as the ledger has it.
pub(crate) fn known(game: &Match) -> anyhow::Result<Known> {
    Ok(Known {
        fixture: Fixture::try_from(&game.fixture)?,
        day: game.day.as_ref().and_then(bolao_api::body::DayBody::day),
        record: game.record.as_ref().map(|record| record.outcome.clone()),
        postponed: game.postponed,
    })
}

/// The changes by a file. One that seems to be of another competition is refused, but for `anyway`.
pub(crate) async fn compare(
    file: Competition,
    ours: Running<'_>,
    anyway: bool,
    source: &Source,
) -> anyhow::Result<Plan> {
    let draft = Draft::new(file, ours, anyway).map_err(|error| match error {
        PoolError::OtherCompetition { .. } => {
            anyhow!("{error}; add --anyway to use it anyway")
        }
        error => error.into(),
    })?;
    let body: OrganisersBody = source.read("/api/v1/organisers").await?;
    let organisers: Vec<AccountId> = body.organisers.iter().map(|it| it.account).collect();
    let signer = draft
        .signer(&organisers)
        .context("this pool has no organisers, so its matches cannot change")?;
    let path = format!("/api/v1/accounts/{signer}/nonce");
    let has_joined = source.read::<NextNonce>(&path).await?.next_nonce > 0;
    let mut refusals = Refusals::default();
    for trial in draft.trials(signer, has_joined, AT_ONCE) {
        let proposals: Vec<ProposalBody> = trial
            .all()
            .map(|(action, alone)| ProposalBody {
                alone,
                ..ProposalBody::unsigned(signer, action.clone())
            })
            .collect();
        let verdicts = source.rehearse(&proposals).await?;
        let refused = verdicts.iter().map(|verdict| {
            let refusal = ApiError::refusal(verdict)?;
            Some(Refusal {
                code: refusal.code.unwrap_or_default(),
                detail: refusal.detail,
            })
        });
        refusals.add(trial, refused);
    }
    Ok(draft.judged(&refusals))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_fixtures::{
        ImportOptions, import,
        pool::{Doubt, Verdict},
    };
    use bolao_ledger::{Genesis, UnixSeconds};

    use super::*;

    /// The ledger itself is asked, over a store, for an organiser who has not joined.
    #[tokio::test]
    async fn the_ledger_is_asked() {
        let mut genesis = Genesis::article();
        genesis.organisers = vec![AccountId([9; 32])];
        genesis.matches[0].kickoff = Some(UnixSeconds(genesis.created.0 + 60));
        genesis.matches[1].kickoff = Some(UnixSeconds(4_000_000_000));
        let line = |at: usize, date: &str, more: &str| {
            let game = &genesis.matches[at];
            let (code, home, away) = (&game.code, &game.home.name, &game.away.name);
            format!(
                r#"{{"code": "{code}", "round": "{}", "team1": "{home}", "team2": "{away}", "date": "{date}", "time": "18:00 UTC+0"{more}}}"#,
                game.stage
            )
        };
        let text = format!(
            r#"{{"name": "Cup", "matches": [{}, {}]}}"#,
            line(0, "2090-06-01", r#", "score": {"ft": [2, 1]}"#),
            line(1, "2091-06-01", r#", "score": {"ft": [1, 1]}"#)
        );
        let file = import(&text, &ImportOptions::default()).unwrap();
        let fixtures = genesis.matches.iter();
        let known: Vec<Known> = fixtures
            .map(|fixture| Known {
                fixture: fixture.clone(),
                day: None,
                record: None,
                postponed: false,
            })
            .collect();
        let ours = || Running {
            matches: &known,
            waiting: &[],
            zone: None,
            room: 64,
            own: None,
            now: UnixSeconds(1_900_000_000),
        };
        let store = bolao_store::Store::in_memory(&genesis).unwrap();
        let source = Source::Stopped(Box::new(bolao_client::Offline::new(&store)));
        let plan = compare(file.clone(), ours(), false, &source).await.unwrap();
        let said = |verdict: &Verdict| match verdict {
            Verdict::Refused(why) => why.code.clone(),
            Verdict::Doubt(Doubt::NoRecord(why)) => why.clone(),
            other => format!("{other:?}"),
        };
        let changes: Vec<String> = plan.changes.iter().map(|it| said(&it.verdict)).collect();
        assert_eq!(changes, ["match-started", "Sign"]);
        let results: Vec<String> = plan.results.iter().map(|it| said(&it.verdict)).collect();
        assert_eq!(results, ["Sign", "result-too-early"]);

        genesis.organisers.clear();
        let store = bolao_store::Store::in_memory(&genesis).unwrap();
        let source = Source::Stopped(Box::new(bolao_client::Offline::new(&store)));
        let error = compare(file, ours(), false, &source).await.unwrap_err();
        assert!(error.to_string().contains("no organisers"), "{error}");
    }
}
