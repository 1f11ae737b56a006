//! What organisers did.

use bolao_ledger::{Act, Effect, Rules, StateView, Terms, table::Acts};
use bolao_store::StoreError;

use super::{
    page::{Page, PageQuery, Paging},
    read::{Reply, chain_json},
    views::Lookup,
};
use crate::{
    body::{ActBody, EffectBody, TermsBody, moment},
    state::Api,
};

impl From<&Terms> for TermsBody {
    fn from(terms: &Terms) -> Self {
        Self {
            fixture: (&terms.fixture).into(),
            day: terms.day.map(Into::into),
            deadline: terms.deadline.map(moment),
            lacks_notice: terms.lacks_notice,
            bets: terms.bets,
        }
    }
}

impl From<&Effect> for EffectBody {
    fn from(effect: &Effect) -> Self {
        match effect {
            Effect::Match { before, after } => Self::Match {
                before: before.as_deref().map(|it| Box::new(it.into())),
                after: Box::new((&**after).into()),
            },
            Effect::Weight { before, from } => Self::Weight {
                before: *before,
                effective: moment(*from),
            },
            Effect::Organiser => Self::Organiser,
            Effect::Address { before } => Self::Address {
                before: before.as_ref().map(ToString::to_string),
            },
        }
    }
}

impl ActBody {
    fn new(
        lookup: &mut Lookup<'_>,
        rules: &Rules,
        seq: u64,
        act: &Act,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            seq,
            organiser: lookup.player(&act.organiser)?,
            signers: lookup.players(&act.signers)?,
            r#match: act.about().map(|no| lookup.code(no)).transpose()?,
            signed: lookup.signed(&act.vote)?,
            effect: act.effect.as_ref().map(Into::into),
            said: lookup.told(rules, act)?,
            short: act.is_short(rules),
            transaction: act.tx.to_string(),
            height: act.height.0,
            time: moment(act.time),
        })
    }
}

/// Everything that organisers did, the last act first.
#[utoipa::path(get, path = "/api/v1/log", tag = "pool", params(PageQuery),
    responses((status = OK, body = Page<ActBody>)))]
pub(crate) async fn log(api: Api, page: Paging<u64>) -> Reply {
    chain_json(&api, move |api, snapshot| {
        let count = snapshot.totals()?.acts;
        let end = page.after.map_or(count, |before| before.min(count));
        let acts = (0..end)
            .rev()
            .take(page.wanted())
            .filter_map(|seq| {
                let act = snapshot.get::<Acts>(&seq).transpose()?;
                Some(act.map(|act| (seq, act)))
            })
            .collect::<Result<_, StoreError>>()?;
        let mut lookup = Lookup::new(snapshot);
        let rules = &api.backend.reader().genesis().rules;
        page.page(acts, |(seq, _)| *seq)
            .map(|(seq, act)| Ok(ActBody::new(&mut lookup, rules, seq, &act)?))
    })
    .await
}
