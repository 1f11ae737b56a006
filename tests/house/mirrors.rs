//! Mirrors: types of two crates that say the same, field by field or variant by variant. What is said twice is changed twice, and
//! between the two stands a third piece that turns one into the other.
//!
//! Two types are mirrors if they share three names, and these are three quarters of the smaller one's. Every partner counts: a pair
//! stands in the list once. Types that macros are called with count as others do ([`crate::types`]).
//!
//! A renaming satisfies this: two types that call the same thing otherwise are not found, nor are those whose names a macro makes. So
//! a pair is mended where a type goes, which `types` of [`crate::concepts`] shows.

use std::collections::BTreeSet;

use crate::{crates, lists, parsed, sources, types::types};

/// The names that two types share at least.
const SHARED: usize = 3;
/// The quarters of the smaller type's names that these are at least.
const QUARTERS: usize = 3;

/// A type by its crate and name, with what it names.
type Named = (String, String, BTreeSet<String>);

#[test]
fn no_type_is_doubled() {
    let mut all = Vec::new();
    for (krate, dir) in crates() {
        for path in sources(&dir) {
            let found = types(&parsed(&path)).into_iter();
            all.extend(found.map(|it| (krate.clone(), it.name, it.names)));
        }
    }
    lists::is_list(["mirrors", "pairs"], &mirrors(&all), "give them one form");
}

/// The pairs among these types, `crate::Type = crate::Type`.
fn mirrors(all: &[Named]) -> BTreeSet<String> {
    let mut pairs = BTreeSet::new();
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            if one.0 != other.0 && is_mirror(&one.2, &other.2) {
                let mut pair = [one, other].map(|(krate, name, _)| format!("{krate}::{name}"));
                pair.sort();
                pairs.insert(pair.join(" = "));
            }
        }
    }
    pairs
}

fn is_mirror(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shared = one.intersection(other).count();
    shared >= SHARED && shared * 4 >= one.len().min(other.len()) * QUARTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sources: &[(&str, &str)]) -> Vec<String> {
        let all = sources.iter().flat_map(|(krate, source)| {
            let found = types(&syn::parse_str(source).unwrap()).into_iter();
            found.map(|it| ((*krate).to_owned(), it.name, it.names))
        });
        mirrors(&all.collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn a_mirror_stands_in_a_macros_body() {
        let rows = "actions! { pub enum Action {
            Join { name: Name } = 0, \"join\"; Bet { bets: Bets } = 1, \"bet\"; Open { salt: Salt } = 2, \"open\";
        } }";
        let body = "pub enum ActionBody { Join { name: String }, Bet(Bets), Open { salt: String }, Other }";
        let mirror = ["answers::ActionBody = ledger::Action"];
        assert_eq!(found(&[("ledger", rows), ("answers", body)]), mirror);
    }

    #[test]
    fn every_partner_counts_once() {
        let one = "struct A { x: u8, y: u8, z: u8, of_a: u8 }";
        let both = "struct B { x: u8, y: u8, z: u8 } struct C { x: u8, y: u8, z: u8, of_c: u8 }";
        let wanted = ["one::A = two::B", "one::A = two::C"];
        assert_eq!(found(&[("one", one), ("two", both)]), wanted);
        assert_eq!(found(&[("two", both), ("one", one)]), wanted);
    }

    #[test]
    fn fewer_names_are_no_mirror() {
        let one = "struct A { a: u8, b: u8, c: u8, d: u8, e: u8 }";
        let three_of_five = "struct B { a: u8, b: u8, c: u8, x: u8, y: u8 }";
        let two = "struct C { a: u8, b: u8 }";
        let none: [String; 0] = [];
        assert_eq!(
            found(&[("one", one), ("two", three_of_five), ("three", two)]),
            none
        );
    }

    /// What the ledger's `actions!` is called with was once not read.
    #[test]
    fn the_ledgers_actions_are_found() {
        let path = crate::root().join("crates/rules/ledger/src/actions.rs");
        let found = types(&parsed(&path));
        let action = found.iter().find(|it| it.name == "Action").unwrap();
        for name in ["Join", "Bet", "Seal", "Evidence", "Question"] {
            assert!(action.names.contains(name), "{name}: {action:?}");
        }
    }
}
