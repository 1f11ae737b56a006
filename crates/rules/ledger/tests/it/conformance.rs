//! The hash of a thousand seeded encodings of each type, so that no format changes by accident.
//!
//! `BOLAO_WRITE_VECTORS=1` rewrites the file. What was there must stay: pools that hold it could not be read any more. A new
//! field goes into a later version of genesis, a new action gets a byte of its own.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use bolao_ledger::{encode, sha256d};
use borsh::BorshSerialize;

use crate::{dice::Dice, vectors};

fn hash<T: BorshSerialize>(draw: impl Fn(&mut Dice) -> T) -> String {
    let mut all = Vec::new();
    for seed in 0..1_000 {
        let bytes = encode(&draw(&mut Dice::new(seed)));
        all.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        all.extend(bytes);
    }
    hex::encode(sha256d(&all))
}

#[test]
fn formats_stay() {
    let computed = BTreeMap::from([
        ("account id", hash(Dice::account)),
        ("signature", hash(Dice::signature)),
        ("header", hash(Dice::header)),
        ("coinbase", hash(Dice::coinbase)),
        ("name", hash(Dice::name)),
        ("text", hash(Dice::text::<64>)),
        ("match code", hash(Dice::code)),
        ("fixture", hash(Dice::fixture)),
        ("score", hash(Dice::score)),
        ("tip", hash(Dice::tip)),
        ("action", hash(Dice::action)),
        ("transaction body", hash(Dice::body)),
        ("transaction", hash(Dice::transaction)),
        ("block", hash(Dice::block)),
        ("genesis", hash(Dice::genesis)),
        ("consensus", hash(Dice::consensus)),
        ("account", hash(Dice::account_state)),
        ("match", hash(Dice::match_state)),
        ("bet", hash(Dice::bet)),
        ("totals", hash(Dice::totals)),
        ("delta", hash(Dice::delta)),
        ("sealed tip", hash(Dice::sealed_tip)),
        ("opening", hash(Dice::opening)),
        ("ticket", hash(Dice::ticket)),
        ("invitation", hash(Dice::invitation)),
        ("outcome", hash(Dice::outcome)),
        ("rules", hash(Dice::rules)),
        ("vote", hash(Dice::vote)),
        ("act", hash(Dice::act)),
        ("result", hash(Dice::result)),
        ("result version", hash(Dice::result_version)),
        ("objection", hash(Dice::objection)),
        ("standing", hash(Dice::standing)),
        ("history entry", hash(Dice::history)),
        ("history page", hash(Dice::history_page)),
        ("decision", hash(Dice::decision)),
        ("statement", hash(Dice::statement)),
        ("certificate", hash(Dice::certificate)),
        ("double signature", hash(Dice::double_sign)),
        ("conflict", hash(Dice::conflict)),
        ("action of validators", hash(Dice::voting_action)),
        ("appointment", hash(Dice::appointment)),
        ("stake of a validator", hash(Dice::staked)),
        ("cheat", hash(Dice::cheat)),
        ("later action", hash(Dice::later_action)),
        ("later act", hash(Dice::later_act)),
        ("match of a day", hash(Dice::match_of_a_day)),
        ("recent", hash(Dice::recent)),
        ("move", hash(Dice::moved)),
        ("question", hash(Dice::question)),
        ("slot", hash(Dice::slot)),
        ("answered outcome", hash(Dice::answered)),
    ]);
    vectors::compare("conformance", &serde_json::to_value(computed).unwrap());
}
