//! Validators by name, and what they sign.

use bolao_ledger::{
    Action, BlockContext, BlockHash, Certificate, Decided, Decision, Genesis, Height, Ledger,
    Overlay, PoolId, Signature, StateView, Transaction, Validator, ValidatorKey, ValidatorSet,
};
use ed25519_zebra::SigningKey;

use crate::node::{account, key};

const NAMES: [&str; 4] = ["Org1", "Org2", "Org3", "Ana"];

pub fn vote_key(name: &str) -> SigningKey {
    key(&format!("key of {name}"))
}

pub fn validator(name: &str, weight: u64) -> Validator {
    Validator {
        account: account(name),
        key: ValidatorKey(account(&format!("key of {name}")).0),
        weight,
    }
}

/// By a player, of the key that [`validator`] gives.
pub fn offer(pool: PoolId, name: &str) -> Action {
    Action::offer(pool, &account(name), &vote_key(name))
}

/// What the coinbase of a block of these transactions begins with.
pub fn message<S: StateView>(
    genesis: &Genesis,
    below: S,
    context: BlockContext,
    transactions: &[Transaction],
) -> Vec<u8> {
    let ledger = Ledger::new(genesis);
    let mut overlay = Overlay::new(below);
    ledger.begin_block(&mut overlay, context).unwrap();
    for transaction in transactions {
        let checked = transaction.clone().check(genesis, genesis.pool_id());
        let _ = ledger.apply_transaction(&mut overlay, context, &checked.unwrap());
    }
    let set = overlay.validator_set_after(context.height).unwrap();
    set.map_or_else(Vec::new, |set| set.hash().0.to_vec())
}

/// All of a set sign a decision.
fn precommit(
    genesis: &Genesis,
    set: &ValidatorSet,
    number: Height,
    decision: Decision,
) -> Certificate {
    let mut certificate = Certificate::default();
    let statement = certificate.statement(number, decision);
    let message = statement.signing_bytes(genesis.pool_id());
    for name in NAMES {
        let key = validator(name, 0).key;
        if set.get(&key).is_some() {
            let signature = Signature(vote_key(name).sign(&message).to_bytes());
            certificate.signatures.insert(key, signature);
        }
    }
    certificate
}

/// All of a set sign that a block is final.
pub fn certificate(
    genesis: &Genesis,
    set: &ValidatorSet,
    height: Height,
    hash: BlockHash,
) -> Certificate {
    precommit(genesis, set, height, Decision::plain(height, hash))
}

/// The same of a checkpoint.
pub fn decided(
    genesis: &Genesis,
    set: &ValidatorSet,
    number: Height,
    decision: Decision,
) -> Decided {
    Decided {
        height: number,
        decision,
        certificate: precommit(genesis, set, number, decision),
    }
}
