//! Objects to a record that is not final.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::{
        RuleError,
        run::{Applied, Run, fits},
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::PoolId,
    reasons::refusals,
    said::{Said, SaidValue},
    state::{Objection, Objections, Results, StateView, Vote},
    template::sentences,
    text::Text,
    units::UnixSeconds,
};

/// Objects to a record that is not final.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ObjectAction))]
pub struct Object {
    /// The number of the match whose record is objected to.
    #[serde(alias = "match")]
    #[cfg_attr(feature = "schema", schema(rename = "match"))]
    pub match_no: MatchNo,
    /// The objection: what is wrong with the record.
    pub text: Text<280>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("`{code}` has no result to object to")]
        NoResult { code: String } = Conflict "no-result",
        #[error("the account has already objected to this result of `{code}`")]
        ObjectedAlready { code: String } = Conflict "objected-already",
    }
}

sentences! {
    OBJECTS = "{who} objects to the result of {item}: “{text}”";
}

impl Act for Object {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Nobody;
    const ENDS: Deadline = Deadline::Record;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(_: &Genesis) -> bool {
        true
    }

    fn matches(&self) -> Vec<MatchNo> {
        vec![self.match_no]
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Nothing
    }

    fn vote(&self) -> Option<Vote> {
        None
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        let text = ("text", self.text.as_str().into());
        let item = ("item", SaidValue::item(self.match_no));
        OBJECTS.with([("who", by.into()), item, text])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.object(by.id, self.match_no, &self.text)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    fn object(&mut self, id: AccountId, match_no: MatchNo, text: &Text<280>) -> Applied<(), S> {
        let item = self.signed_item(match_no)?;
        let code = || item.code.to_string();
        let mut result = self
            .get::<Results>(&match_no)?
            .ok_or_else(|| Refusal::NoResult { code: code() })?;
        // # Rule R6: until a record is final, every player may object to it once.
        if result.is_settled() {
            return Err(RuleError::ResultFinal { code: code() }.into());
        }
        let key = (match_no, result.version, id);
        if self.get::<Objections>(&key)?.is_some() {
            return Err(Refusal::ObjectedAlready { code: code() }.into());
        }
        result.objections = fits(result.objections.checked_add(1))?;
        let objection = Objection {
            text: text.clone(),
            height: self.at.height,
            time: self.at.time,
        };
        self.put::<Objections>(&key, &objection)?;
        self.put::<Results>(&match_no, &result)
    }
}
