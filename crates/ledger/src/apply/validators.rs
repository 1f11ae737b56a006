//! Who votes on blocks, and with which weight.

use std::cmp::Reverse;

use super::run::{Applied, Run};
use crate::{
    genesis::Validator,
    state::{KeyOwners, Offers, StateView, Validators},
};

impl<S: StateView> Run<'_, S> {
    /// Genesis names the first validators.
    pub(super) fn begin_votes(&mut self, first: &[Validator]) -> Applied<(), S> {
        for validator in first {
            self.put::<Offers>(&validator.account, &validator.key)?;
            self.put::<KeyOwners>(&validator.key, &validator.account)?;
        }
        self.put_validators(first.to_vec())
    }

    fn put_validators(&mut self, mut validators: Vec<Validator>) -> Applied<(), S> {
        validators.sort_by_key(|validator| validator.account);
        self.put::<Validators>(&Reverse(self.at.height), &validators)
    }
}
