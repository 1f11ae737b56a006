//! What organisers did, as it is answered.

use bolao_ledger::{AccountId, Act, MatchNo, Rules, Vote};

use crate::{
    Chain, Lookup, Signed, SignedId,
    body::{ActBody, WaitingBody, moment},
};

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
            about: act.about().map(|no| lookup.code(no)).transpose()?,
            action: act.vote.action(act.match_no).into(),
            effect: act.effect.clone(),
            said: lookup.told(rules, act)?,
            short: act.is_short(rules),
            transaction: act.tx.to_string(),
            height: act.height.0,
            time: moment(act.time),
        })
    }
}

impl WaitingBody {
    /// A statement on a match that some have signed alike, of `needed` signatures; `signable`: whether the rules still take another.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        needed: u8,
        waiting: &Signed<Vote, (u8, MatchNo, AccountId)>,
        signable: bool,
    ) -> Result<Self, S::Error> {
        let (_, no, _) = waiting.key;
        let action = waiting.what.action(no);
        Ok(Self {
            id: SignedId::of(&action).to_string(),
            about: lookup.code(no)?,
            action: action.into(),
            signers: lookup.players(&waiting.signers)?,
            signatures_needed: needed,
            signable,
        })
    }
}
