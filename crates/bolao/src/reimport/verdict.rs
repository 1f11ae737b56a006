//! What the ledger says of matches as a file has them.

use bolao_api::body::ProposalBody;
use bolao_ledger::{AccountId, Action, Fixture, Genesis, Name, Reason};

use super::{Pool, Verdict};
use crate::{
    source::{ApiError, Source},
    view::NextNonce,
};

/// Signatures that are tried at once: a node lets few of one account wait.
const AT_ONCE: usize = 32;

/// Why the ledger refuses what an organiser would sign now; what it takes is left out.
#[derive(Debug, Default)]
pub(crate) struct Refusals(pub(super) Vec<(Action, String)>);

impl Refusals {
    /// Asks for each. Whose signature it would be, if that is not known, is the first organiser's.
    pub(crate) async fn of(
        source: &Source,
        genesis: &Genesis,
        own: Option<AccountId>,
        actions: Vec<Action>,
    ) -> anyhow::Result<Self> {
        let mut refusals = Vec::new();
        let Some(account) = own.or(genesis.organisers.first().copied()) else {
            return Ok(Self::default());
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
                    refusals.push((action.clone(), why(refusal)));
                }
            }
        }
        Ok(Self(refusals))
    }

    /// Why it is refused, if it is.
    pub(super) fn why(&self, action: &Action) -> Option<&str> {
        let mut refusals = self.0.iter();
        let refusal = refusals.find(|(refused, _)| refused == action);
        refusal.map(|(_, why)| why.as_str())
    }

    /// Why a schedule is refused, if it is.
    pub(super) fn of_schedule(&self, to: &Fixture) -> Option<&str> {
        let fixture = to.clone();
        self.why(&Action::Schedule { fixture })
    }
}

/// The refusal as it stands behind the match's code.
fn why(refusal: ApiError) -> String {
    if refusal.is(Reason::KickoffInThePast) {
        return "would begin in the past or has kicked off already, so its kick-off is not moved any more"
            .to_owned();
    }
    let about = refusal.detail.strip_prefix("match `");
    match about.and_then(|about| about.split_once("` ")) {
        Some((_code, why)) => why.to_owned(),
        None => refusal.detail,
    }
}

/// Whether a schedule can be signed.
pub(super) fn verdict(pool: &Pool<'_>, refusals: &Refusals, to: &Fixture) -> Verdict {
    if let Some(why) = refusals.of_schedule(to) {
        return Verdict::Refused(why.to_owned());
    }
    let mut waiting = pool.waits(to.no.0).iter().filter(|waiting| {
        let signed = waiting.scheduled().and_then(|it| it.try_into().ok());
        signed.as_ref() == Some(to)
    });
    let is_own = |own| waiting.any(|waiting| waiting.is_signed_by(own));
    if pool.own.is_some_and(is_own) {
        Verdict::Signed
    } else {
        Verdict::Sign
    }
}
