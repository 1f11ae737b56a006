//! What proves that a block is final.

use std::fmt::Display;

use bolao_ledger::{BlockHash, Certificate, Decided, Decision, Height, PoolId, StateView};

/// Says what is wrong with what proves that a block is final, by the validators of a state in which they are known.
pub fn check_certificate<S: StateView<Error: Display>>(
    below: &S,
    pool: PoolId,
    height: Height,
    hash: BlockHash,
    certificate: &[u8],
) -> Result<(), String> {
    let set = below.validator_set_after(height);
    let set = set.map_err(|error| error.to_string())?;
    let set = set.ok_or("nobody may vote")?;
    let certificate = Certificate::read(certificate).map_err(|error| error.to_string())?;
    let decision = Decision::plain(height, hash);
    certificate
        .verify(&set, pool, height, decision)
        .map_err(|error| error.to_string())
}

/// A checkpoint of a chain of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The vote's number.
    pub number: Height,
    /// The height of its block.
    pub height: Height,
}

/// Says what is wrong with what proves that a block of work is final, else which checkpoint it is.
pub fn check_checkpoint<S: StateView<Error: Display>>(
    below: &S,
    pool: PoolId,
    last: Checkpoint,
    block: Decision,
    certificate: &[u8],
) -> Result<Checkpoint, String> {
    let set = below.validator_set_after(last.height);
    let set = set.map_err(|error| error.to_string())?;
    let set = set.ok_or("nobody may vote")?;
    let decided = Decided::read(certificate).map_err(|error| error.to_string())?;
    let proven = Decision {
        contested: false,
        ..decided.decision
    };
    if (decided.height, proven) != (last.number.next(), block) {
        return Err(format!(
            "its certificate is that of checkpoint {}, {proven}, wanted {}",
            decided.height,
            last.number.next()
        ));
    }
    decided
        .verify(&set, pool)
        .map_err(|error| error.to_string())?;
    Ok(Checkpoint {
        number: decided.height,
        height: block.height,
    })
}
