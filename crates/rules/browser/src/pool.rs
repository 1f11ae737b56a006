//! The pool, whose id commits to all of its rules.

use bolao_ledger::{Genesis, PoolId, decode};

use crate::{
    object::{AnswerText, object},
    question::Asked,
    refusal::Refusal,
};

/// A pool's rules.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) id: PoolId,
    pub(crate) genesis: Genesis,
}

pub(crate) fn missing() -> Refusal {
    Refusal::new("no-pool", "no pool is open here")
}

impl Open {
    /// Reads a genesis document, in hexadecimal, that must be that of a pool.
    pub(crate) fn new(asked: &mut Asked) -> Result<Self, Refusal> {
        let (bytes, wanted): (String, PoolId) = (asked.take("genesis")?, asked.take("pool")?);
        let bytes = hex::decode(bytes).map_err(|error| Refusal::new("bad-genesis", error))?;
        let genesis: Genesis =
            decode(&bytes).map_err(|error| Refusal::new("bad-genesis", error))?;
        genesis
            .check()
            .map_err(|error| Refusal::new("bad-genesis", error))?;
        let id = genesis.pool_id();
        if id != wanted {
            return Err(Refusal::new(
                "other-pool",
                format_args!(
                    "this computer has the pool {id}, wanted {wanted}: its rules are others"
                ),
            ));
        }
        Ok(Self { id, genesis })
    }

    pub(crate) fn described(&self) -> AnswerText {
        let (genesis, rules) = (&self.genesis, &self.genesis.rules);
        object!({
            "id": self.id,
            "name": genesis.name,
            "created": genesis.created,
            "consensus": genesis.consensus.name(),
            "membership": genesis.membership,
            "bets": rules.bets,
            "starting_chips": genesis.starting_chips,
            "stake_min": rules.stake_min,
            "stake_max": rules.stake_max,
            "deadline_lead_s": rules.deadline_lead_s,
            "opening_window_s": rules.opening_window_s,
            "dispute_window_s": rules.dispute_window_s,
            "organisers": genesis.organisers,
            "matches": genesis.matches,
            "rules": rules,
        })
    }
}
