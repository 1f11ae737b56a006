//! What organisers did, as it is answered.

use bolao_ledger::{AccountId, Act, Effect, Genesis, MatchNo, Rules, Terms, Vote};

use crate::{
    Chain, Lookup, Signed, SignedId,
    body::{ActBody, EffectBody, SignedBody, TermsBody, WaitingBody, moment},
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

impl SignedBody {
    /// The content of a vote.
    ///
    /// # Errors
    /// The chain cannot be read, as of every answer.
    pub fn new<S: Chain>(lookup: &mut Lookup<'_, S>, vote: &Vote) -> Result<Self, S::Error> {
        Ok(match vote {
            Vote::Schedule(fixture) => Self::Schedule {
                fixture: fixture.into(),
            },
            Vote::Result(outcome) => Self::Result {
                outcome: outcome.clone(),
            },
            Vote::Appoint(validator) => Self::Appoint(lookup.validator(validator)?),
            Vote::Organiser { account, added } => Self::Organiser {
                player: lookup.player(account)?,
                added: *added,
            },
            Vote::Day(day) => Self::Day {
                day: day.map(Into::into),
            },
            Vote::Address(address) => Self::Address {
                address: address.to_string(),
            },
        })
    }
}

impl ActBody {
    /// An act, by its place among all.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        rules: &Rules,
        seq: u64,
        act: &Act,
    ) -> Result<Self, S::Error> {
        Ok(Self {
            seq,
            organiser: lookup.player(&act.organiser)?,
            signers: lookup.players(&act.signers)?,
            r#match: act.about().map(|no| lookup.code(no)).transpose()?,
            signed: SignedBody::new(lookup, &act.vote)?,
            effect: act.effect.as_ref().map(Into::into),
            said: lookup.told(rules, act)?,
            short: act.is_short(rules),
            transaction: act.tx.to_string(),
            height: act.height.0,
            time: moment(act.time),
        })
    }
}

impl WaitingBody {
    /// A statement on a match that some have signed alike; `signable`: whether the rules still take another signature.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        genesis: &Genesis,
        waiting: &Signed<Vote, (u8, MatchNo, AccountId)>,
        signable: bool,
    ) -> Result<Self, S::Error> {
        let (_, no, _) = waiting.key;
        Ok(Self {
            id: SignedId::of_vote(no, &waiting.what).to_string(),
            r#match: lookup.code(no)?,
            signed: SignedBody::new(lookup, &waiting.what)?,
            signers: lookup.players(&waiting.signers)?,
            signatures_needed: genesis.quorum(&waiting.what),
            signable,
        })
    }
}
