//! Who could have made a file, in words and as JSON.

use bolao_ledger::{AccountId, Genesis};
use bolao_receipts::Deciders;
use serde_json::{Value, json};

use super::own::Own;
use crate::{exit::printable, output};

/// The fewest of them who decide: "ana alone (the organiser)", or "3 of 4 validators (ana, bento, clara) together".
pub(super) fn who(few: &Deciders, own: &Own, organisers: &[AccountId]) -> String {
    match few.enough.as_slice() {
        [alone] => {
            let role = match organisers {
                [organiser] if organiser == alone => " (the organiser)",
                all if all.contains(alone) => " (an organiser)",
                _ => "",
            };
            format!("{} alone{role}", printable(&own.name(alone)))
        }
        several => {
            let brief = |account: &AccountId| match own.names.get(account) {
                Some(name) => printable(name),
                None => account.to_string().chars().take(14).chain(['…']).collect(),
            };
            format!(
                "{} of {} validators ({}) together",
                several.len(),
                few.validators,
                output::joined(several.iter().map(brief), ", ")
            )
        }
    }
}

/// With which keys: those that voted on so many blocks.
pub(super) fn keys(few: &Deciders) -> String {
    let (first, last) = (few.since.next(), few.until);
    let keys = if few.enough.len() == 1 { "key" } else { "keys" };
    if first == last {
        format!("the {keys} that voted on block {first}")
    } else {
        format!("the {keys} that voted on blocks {first} to {last}")
    }
}

/// The same for programs.
pub(super) fn json(few: Option<&Deciders>, own: &Own, genesis: &Genesis) -> Value {
    let Some(few) = few else {
        return Value::Null;
    };
    let accounts = few.enough.iter().map(|account| {
        json!({
            "account": account,
            "name": own.names.get(account),
            "organiser": genesis.organisers.contains(account),
        })
    });
    json!({
        "needed": few.enough.len(),
        "validators": few.validators,
        "accounts": accounts.collect::<Vec<_>>(),
        "first_block": few.since.next(),
        "last_block": few.until,
    })
}
