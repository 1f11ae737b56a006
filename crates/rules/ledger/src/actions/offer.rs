//! Offers to vote with a key from now on.

use borsh::{BorshDeserialize, BorshSerialize};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, Action, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer, pools},
    apply::run::{Applied, Run},
    check::TxCheckError,
    fixture::MatchNo,
    genesis::{Genesis, ValidatorKey},
    hashes::PoolId,
    reasons::refusals,
    said::Said,
    signing::{Signature, offer_bytes, verify},
    state::{KeyOwners, Offers, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Offers to vote with a key from now on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OfferAction))]
pub struct Offer {
    /// A key that nobody offered before.
    pub key: ValidatorKey,
    /// The key's own signature over [`offer_bytes`]: who sees a key on its way cannot offer it as theirs.
    pub signature: Signature,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the signature in the offer is not by the offered key for this account in this pool")]
        BadOffer = Unfit "bad-offer",
        #[error("the validator key {key} is another player's, or what this one offered last: make another")]
        ValidatorKeyTaken { key: ValidatorKey } = Conflict "validator-key-taken",
    }
}

sentences! {
    OFFERS = "{who} offers to be a validator.";
}

impl Act for Offer {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        pools::has_validators(genesis)
    }

    fn matches(&self) -> Vec<MatchNo> {
        Vec::new()
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

    fn check(&self, account: &AccountId, _: &Genesis, pool: PoolId) -> Result<(), TxCheckError> {
        let key = AccountId(self.key.0);
        // # Rule Q2: a key of small order is not offered.
        if key.is_weak() {
            return Err(TxCheckError::WeakKey);
        }
        // # Rule Q13: an offer is signed by the key that is offered, too.
        if !verify(&key, &self.signature, &offer_bytes(pool, account)) {
            return Err(Refusal::BadOffer.into());
        }
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        OFFERS.with([("who", by.into())])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.offer(by.id, self.key)?;
        Ok(Vec::new())
    }
}

impl Action {
    /// An account's offer to vote with a key.
    #[must_use]
    pub fn offer(pool: PoolId, account: &AccountId, key: &SigningKey) -> Self {
        let signature = key.sign(&offer_bytes(pool, account));
        Self::Offer(Offer {
            key: ValidatorKey(VerificationKeyBytes::from(key).into()),
            signature: Signature(signature.to_bytes()),
        })
    }
}

impl<S: StateView> Run<'_, S> {
    fn offer(&mut self, id: AccountId, key: ValidatorKey) -> Applied<(), S> {
        // # Rule Q2: each key is one account's. A validator votes with the new one from the next block on.
        let is_anothers = self
            .get::<KeyOwners>(&key)?
            .is_some_and(|owner| owner != id);
        if is_anothers || self.get::<Offers>(&id)? == Some(key) {
            return Err(Refusal::ValidatorKeyTaken { key }.into());
        }
        self.put::<KeyOwners>(&key, &id)?;
        self.put::<Offers>(&id, &key)?;
        let mut validators = self.validators()?;
        if let Some(own) = validators.iter_mut().find(|one| one.account == id) {
            own.key = key;
            self.put_validators(validators)?;
        }
        Ok(())
    }
}
