//! Circles: modules of one crate that use each other, so that none of them can be understood, tested or taken out without the others.
//!
//! A group is as large as it can be: from each of its modules a chain of uses leads to each other one and back (a strongly connected
//! component). Modules are compared with those beside them, in the root and in every folder ([`crate::modules`] says which uses which).
//! For the crate `chain`, `layers` in `house.toml` orders the modules of the root, the highest first; those of a line stand beside one
//! another. `arrows_up` lists each use that goes from a line to one above it.
//!
//! A renaming does not satisfy `groups`: modules that move into a folder are compared there. Two modules made one do, and so does an
//! item that moves into the module that both are in. `layers` is written by people, and another order of them makes other arrows; one
//! arrow stands for all uses between two modules.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};

use crate::{crates, lists, modules::Modules};

#[test]
fn no_modules_join_a_circle() {
    let found = crates()
        .into_iter()
        .flat_map(|(krate, dir)| circles(&krate, &Modules::of_crate(&dir)));
    lists::is_list(
        ["circles", "groups"],
        &found.collect(),
        "take the uses apart",
    );
}

#[test]
fn no_use_goes_up_in_the_chain() {
    let modules = Modules::of_crate(&crates()["chain"]);
    let layers = lists::words(["circles", "layers"]);
    let found = arrows_up(&modules, &layers);
    let advice = "let the higher module hand down what the lower one needs";
    lists::is_list(["circles", "arrows_up"], &found, advice);
}

/// The circles of a crate, `crate: module module` or, within a folder, `crate::folder: module module`.
fn circles(krate: &str, modules: &Modules) -> Vec<String> {
    let uses = modules.uses();
    let mut graphs: BTreeMap<String, DiGraphMap<&str, ()>> = BTreeMap::new();
    for (within, from, to) in &uses {
        let within = [&[krate.to_owned()], within.as_slice()].concat().join("::");
        graphs.entry(within).or_default().add_edge(from, to, ());
    }
    let mut found = Vec::new();
    for (within, graph) in graphs {
        for mut group in tarjan_scc(&graph) {
            if group.len() > 1 {
                group.sort_unstable();
                found.push(format!("{within}: {}", group.join(" ")));
            }
        }
    }
    found
}

/// The uses that go up, `lower -> higher`.
fn arrows_up(modules: &Modules, layers: &[String]) -> BTreeSet<String> {
    let lines = layers.iter().enumerate();
    let places = lines.flat_map(|(depth, line)| line.split(' ').map(move |name| (name, depth)));
    let listed: Vec<_> = places.clone().map(|(name, _)| name).collect();
    let places: BTreeMap<_, _> = places.collect();
    assert_eq!(listed.len(), places.len(), "a module stands in two layers");
    let known: BTreeSet<_> = places.keys().copied().collect();
    assert_eq!(
        modules.at_the_top(),
        known,
        "the modules, each in a layer of house.toml"
    );
    modules
        .uses()
        .into_iter()
        .filter(|(within, from, to)| {
            within.is_empty() && places[from.as_str()] > places[to.as_str()]
        })
        .map(|(_, from, to)| format!("{from} -> {to}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(files: &[(&str, &str)]) -> Modules {
        let mut modules = Modules::default();
        for (way, source) in files {
            let way = way.split("::").filter(|name| !name.is_empty());
            let way = way.map(str::to_owned).collect();
            modules.add(way, &syn::parse_str(source).unwrap());
        }
        modules
    }

    fn layers(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|&line| line.to_owned()).collect()
    }

    #[test]
    fn a_circle_is_found_and_its_end_too() {
        let circle = [
            ("", "mod a; mod b; mod c; mod d;"),
            ("a", "use crate::b::B; struct A;"),
            ("b", "fn b() { super::c::c(); } struct B;"),
            ("c", "fn c() { say!(\"{}\", crate::a::A); }"),
            ("d", "use crate::a::A;"),
        ];
        assert_eq!(circles("one", &modules(&circle)), ["one: a b c"]);
        let mut open = circle;
        open[3].1 =
            "fn c() {} #[cfg(test)] use crate::a::A; #[cfg(test)] mod tests { use crate::a::A; }";
        assert!(circles("one", &modules(&open)).is_empty());
    }

    #[test]
    fn names_that_are_passed_on_lead_to_where_they_are_from() {
        let files = [
            ("", "mod a; mod b; pub use a::A;"),
            (
                "a",
                "mod inner; pub use inner::*; use crate::b::{self, B as Other};",
            ),
            ("a::inner", "pub struct A;"),
            ("b", "use crate::A; pub struct B;"),
        ];
        assert_eq!(circles("one", &modules(&files)), ["one: a b"]);
    }

    #[test]
    fn a_circle_within_a_folder_is_its_own() {
        let files = [
            ("a", "mod x; mod y; struct Both;"),
            ("a::x", "use super::{Both, y::Y}; pub struct X;"),
            ("a::y", "use crate::a::x::X; pub struct Y;"),
        ];
        assert_eq!(circles("one", &modules(&files)), ["one::a: x y"]);
    }

    #[test]
    fn a_new_arrow_up_is_found() {
        let files = [
            ("top", "use crate::{left::Left, low::Low}; pub struct Top;"),
            ("left", "use crate::right::Right; pub struct Left;"),
            ("right", "use crate::left::Left; pub struct Right;"),
            ("low", "pub struct Low;"),
        ];
        let layers = layers(&["top", "left right", "low"]);
        assert!(arrows_up(&modules(&files), &layers).is_empty());
        let mut up = files;
        up[3].1 = "use crate::top::Top; pub struct Low;";
        let found = arrows_up(&modules(&up), &layers);
        assert_eq!(found, BTreeSet::from(["low -> top".to_owned()]));
    }

    #[test]
    #[should_panic(expected = "each in a layer")]
    fn a_module_without_a_layer_fails() {
        arrows_up(&modules(&[("top", ""), ("new", "")]), &layers(&["top"]));
    }
}
