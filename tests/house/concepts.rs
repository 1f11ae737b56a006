//! Concepts: what a reader has to know. `types` is how many public structs and enums the crates have, and `shared_names` how many names
//! several types of the workspace bear, private ones included: who meets such a name has to look which one it is.
//!
//! A renaming satisfies `shared_names`: that is its purpose, if the new name says what the type is. `types` goes down where a type
//! becomes private to its crate, too, or where a macro makes its name, and not if it is only renamed.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    crates, lists, parsed, sources,
    types::{Type, types},
};

#[test]
fn there_are_no_more_types() {
    lists::is_figure(
        ["concepts", "types"],
        public(&all()),
        "do without a new type",
    );
}

#[test]
fn no_more_names_mean_several_things() {
    let all = all();
    let shared = shared(&all);
    let advice = format!("one thing has one name, and one name means one thing: {shared:?}");
    lists::is_figure(["concepts", "shared_names"], shared.len(), &advice);
}

/// The types by crate.
fn all() -> BTreeMap<String, Vec<Type>> {
    crates()
        .into_iter()
        .map(|(krate, dir)| {
            let found = sources(&dir).flat_map(|path| types(&parsed(&path)));
            (krate, once(found.collect()))
        })
        .collect()
}

/// Leaves out a type that stands both in the text of a macro and where this is called.
fn once(mut types: Vec<Type>) -> Vec<Type> {
    let plain = types.iter().filter(|it| !it.in_macro_rules);
    let plain: BTreeSet<_> = plain.map(|it| it.name.clone()).collect();
    types.retain(|it| !it.in_macro_rules || !plain.contains(&it.name));
    types
}

fn public(all: &BTreeMap<String, Vec<Type>>) -> usize {
    all.values().flatten().filter(|it| it.is_public).count()
}

fn shared(all: &BTreeMap<String, Vec<Type>>) -> BTreeMap<&str, usize> {
    let mut bearers = BTreeMap::new();
    for ty in all.values().flatten() {
        *bearers.entry(ty.name.as_str()).or_insert(0) += 1;
    }
    bearers.retain(|_, bearers| *bearers > 1);
    bearers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sources: &[(&str, &str)]) -> BTreeMap<String, Vec<Type>> {
        let each = sources.iter().map(|(krate, source)| {
            let found = types(&syn::parse_str(source).unwrap());
            ((*krate).to_owned(), once(found))
        });
        each.collect()
    }

    #[test]
    fn public_types_and_names_of_several_are_counted() {
        let one = "pub struct Told; enum Word {} mod inner { pub(crate) struct Told; }";
        let two = "pub enum Told {} pub struct Other; make! { pub struct Made { x: u8 } }";
        let all = of(&[("one", one), ("two", two)]);
        assert_eq!(public(&all), 4);
        assert_eq!(shared(&all), BTreeMap::from([("Told", 3)]));
    }

    #[test]
    fn a_type_in_a_macro_and_its_call_is_one() {
        let source = "macro_rules! actions { ($($name:ident;)*) => { pub enum Action { $($name,)* } pub enum Kind {} } }
            actions! { pub enum Action { Join; } }";
        let all = of(&[("one", source)]);
        assert_eq!((public(&all), shared(&all).len()), (2, 0));
    }
}
