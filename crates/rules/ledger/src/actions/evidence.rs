//! Proves that a validator signed two votes of which an honest one signs only one.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer, pools},
    apply::{
        RuleError,
        run::{Applied, Run, fits},
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::{Genesis, SetChange, ValidatorKey},
    hashes::{PoolId, TxId},
    reasons::refusals,
    said::Said,
    state::{Cheat, Cheats, KeyOwners, Staked, Stakes, StateView, Vote},
    template::sentences,
    units::{Chips, Height, UnixSeconds},
    voting::DoubleSign,
};

/// Proves that a validator signed two votes of which an honest one signs only one.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = EvidenceAction))]
pub struct Evidence {
    /// The two votes, with their signatures.
    #[cfg_attr(feature = "schema", schema(value_type = serde_json::Value))]
    pub proof: Box<DoubleSign>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("these are not two votes of one kind, height and round that the validator's key has signed")]
        BadEvidence = Unfit "bad-evidence",
        #[error("that the key {key} signed two votes of number {height} was proven before")]
        ProvenAlready { key: ValidatorKey, height: Height } = Conflict "proven-already",
    }
}

sentences! {
    PROVES = "{who} proves that a validator signed two different votes of number {height}.";
}

impl Act for Evidence {
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

    fn check(&self, _: &AccountId, _: &Genesis, pool: PoolId) -> Result<(), TxCheckError> {
        // # Rule Q9: evidence is two votes that contradict one another, both signed by the key.
        if self.proof.is_proof(pool) {
            Ok(())
        } else {
            Err(Refusal::BadEvidence.into())
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let height = ("height", self.proof.first.0.height.into());
        PROVES.with([("who", by.into()), height])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.evidence(by.tx, &self.proof)?;
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    /// # Rule Q9: whoever has offered a key answers for it for good; each of its votes is proven twice only once.
    fn evidence(&mut self, tx: TxId, proof: &DoubleSign) -> Applied<(), S> {
        let (key, number) = (proof.key, proof.first.0.height);
        let owner = self.get::<KeyOwners>(&key)?;
        let id = owner.ok_or(RuleError::UnknownValidator { key })?;
        if self.get::<Cheats>(&(id, number))?.is_some() {
            return Err(Refusal::ProvenAlready {
                key,
                height: number,
            }
            .into());
        }
        let cut = match self.genesis.consensus.set_change() {
            Some(SetChange::Stake { cut_percent, .. }) => self.cut(id, cut_percent)?,
            Some(SetChange::Appointed { .. }) | None => Chips::ZERO,
        };
        let cheat = Cheat {
            key,
            tx,
            height: self.at.height,
            time: self.at.time,
            cut,
        };
        self.put::<Cheats>(&(id, number), &cheat)
    }

    /// # Rule Q10: a proof costs `cut_percent` of the weight, of the chips that are staked and of those that wait. They go to
    /// # the next pot that somebody wins.
    fn cut(&mut self, id: AccountId, percent: u8) -> Applied<Chips, S> {
        let kept = |amount: u64| {
            let kept = u128::from(amount) * u128::from(100_u8.saturating_sub(percent)) / 100;
            u64::try_from(kept).unwrap_or(amount)
        };
        let before = self.get_to_change::<Stakes>(&id)?.unwrap_or_default();
        let after = Staked {
            chips: Chips(kept(before.chips.0)),
            waiting: Chips(kept(before.waiting.0)),
            ..before
        };
        let lost = |before: Chips, after: Chips| before.0.saturating_sub(after.0);
        let cut =
            lost(before.chips, after.chips).saturating_add(lost(before.waiting, after.waiting));
        self.totals.rollover = fits(self.totals.rollover.checked_add(cut))?;
        self.put_staked(id, after)?;
        let mut validators = self.validators()?;
        let alone = validators.len() == 1;
        if let Some(own) = validators.iter_mut().find(|one| one.account == id) {
            // What genesis gave weighs without a stake.
            let given = kept(own.weight.saturating_sub(before.chips.0));
            let weight = fits(given.checked_add(after.chips.0))?;
            // # Rule Q8: the last validator keeps a weight of 1.
            own.weight = if alone { weight.max(1) } else { weight };
            self.put_validators(validators)?;
        }
        Ok(Chips(cut))
    }
}
