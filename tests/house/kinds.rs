//! Kinds: files that can tell whether validators make a pool's blocks, make mined ones final or do not exist. Each must be read when a
//! kind changes, so the answer belongs behind a method that says what follows from it.
//!
//! A file can tell if it calls one of the public methods of the ledger's file on consensus, names one of its enums, or has the name of
//! a kind as a string. The methods and enums are read from that file, so a renaming does not satisfy this, nor does a new method there.
//! A method elsewhere that asks one of these and is asked in turn does: it is right where its name says what follows, and evades this
//! where it is another word for the kind. The page is not looked at.

use std::{collections::BTreeSet, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ExprMethodCall, File, Ident, ImplItem, Item, ItemMod, ItemUse, LitStr, Macro,
    Visibility,
    visit::{self, Visit},
};

use crate::{crates, is_test, lists, parsed, root, sources};

const CONSENSUS: &str = "crates/rules/ledger/src/genesis/consensus.rs";

/// Methods of that file that say nothing of the kind, or are called as many others are.
const OTHERS: [&str; 5] = [
    "appointed",
    "initial_bits",
    "is_met_by",
    "most_ahead_s",
    "name",
];

const KINDS: [&str; 3] = ["pow", "pos", "hybrid"];

#[test]
fn no_more_files_can_tell_the_kind() {
    let spellings = Spellings::of(&parsed(&root().join(CONSENSUS)));
    let home = lists::words(["kinds", "home"]);
    let mut found = BTreeSet::new();
    for dir in crates().values() {
        for path in sources(dir) {
            let place = path.strip_prefix(root()).unwrap();
            let is_home =
                place == Path::new(CONSENSUS) || home.iter().any(|it| place.starts_with(it));
            if !is_home && spellings.are_in(&parsed(&path)) {
                found.insert(place.to_str().unwrap().to_owned());
            }
        }
    }
    let advice = "ask for what follows from the kind, by a method of those who own it";
    lists::is_list(["kinds", "files"], &found, advice);
}

/// The names by which the kind can be told.
#[derive(Debug)]
struct Spellings {
    methods: BTreeSet<String>,
    enums: BTreeSet<String>,
}

impl Spellings {
    fn of(consensus: &File) -> Self {
        let (mut methods, mut enums) = (BTreeSet::new(), BTreeSet::new());
        for item in &consensus.items {
            match item {
                Item::Enum(item) => drop(enums.insert(item.ident.to_string())),
                Item::Impl(item) => methods.extend(item.items.iter().filter_map(|it| match it {
                    ImplItem::Fn(it) if matches!(it.vis, Visibility::Public(_)) => {
                        Some(it.sig.ident.to_string())
                    }
                    _ => None,
                })),
                _ => {}
            }
        }
        for name in OTHERS {
            methods.remove(name);
        }
        Self { methods, enums }
    }

    fn are_in(&self, file: &File) -> bool {
        let mut search = Search {
            spellings: self,
            found: false,
        };
        search.visit_file(file);
        search.found
    }
}

struct Search<'s> {
    spellings: &'s Spellings,
    found: bool,
}

impl Search<'_> {
    fn is_kind(literal: &str) -> bool {
        KINDS.contains(&literal.trim_matches('"'))
    }

    /// Looks through what a macro is called with.
    fn tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            self.found |= match tree {
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let is_called = matches!(trees.get(at + 1), Some(TokenTree::Group(_)))
                        && matches!(at.checked_sub(1).map(|it| &trees[it]), Some(TokenTree::Punct(dot)) if dot.as_char() == '.');
                    self.spellings.enums.contains(&name)
                        || is_called && self.spellings.methods.contains(&name)
                }
                TokenTree::Literal(literal) => Self::is_kind(&literal.to_string()),
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    false
                }
                TokenTree::Punct(_) => false,
            };
        }
    }
}

impl<'a> Visit<'a> for Search<'_> {
    fn visit_attribute(&mut self, _: &'a Attribute) {}

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        // One that passes a name on tells nothing.
        if matches!(item.vis, Visibility::Inherited) {
            visit::visit_item_use(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        self.found |= self.spellings.methods.contains(&call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_ident(&mut self, name: &'a Ident) {
        self.found |= self.spellings.enums.contains(&name.to_string());
    }

    fn visit_lit_str(&mut self, literal: &'a LitStr) {
        self.found |= Self::is_kind(&literal.value());
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        self.tokens(item.tokens.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_found() {
        let consensus = "pub enum Consensus { Pow } impl Consensus {
            pub fn mines(&self) -> bool { true } pub fn name(&self) -> &str { \"pow\" } fn check(&self) {} }";
        let spellings = Spellings::of(&syn::parse_str(consensus).unwrap());
        let tells = |source: &str| spellings.are_in(&syn::parse_str(source).unwrap());
        assert!(tells("fn f(it: &Genesis) -> bool { it.consensus.mines() }"));
        assert!(tells("use bolao_ledger::Consensus;"));
        assert!(tells("fn f(kind: &str) -> bool { kind == \"pos\" }"));
        assert!(tells(
            "fn f(it: &Genesis) { assert!(it.consensus.mines()); }"
        ));
        assert!(tells(
            "fn f(kind: &str) -> bool { matches!(kind, \"hybrid\") }"
        ));
        assert!(!tells(
            "fn f(it: &Rules) { it.check(); it.name(); say!(it.mines, mines()); }"
        ));
        assert!(!tells(
            "#[schema(example = \"pow\")] struct Pool; #[cfg(test)] mod tests { use l::Consensus; }"
        ));
    }
}
