//! Rules of the game in the folder `crates/app`: what a rule says is worked out in `crates/rules`, and a command prints it.
//!
//! Counted are the fields of the ledger's `Rules` that a file reads or sets, behind something called `rules`, and its `RuleError`. The
//! fields are read from the ledger, so a renaming there does not satisfy this. A variable for the rules that has another name does, and
//! so does a rule that is worked out from an answer's own fields. The answers' `RulesBody` has the ledger's names, and counts.

use std::{collections::BTreeSet, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Expr, ExprField, Fields, File, Ident, Item, ItemMod, Macro, Member,
    visit::{self, Visit},
};

use crate::{crates, is_test, lists, parsed, root, sources};

const RULES: &str = "crates/rules/ledger/src/rules.rs";
const APP: &str = "crates/app";
const ERROR: &str = "RuleError";

#[test]
fn no_more_rules_are_read_in_commands() {
    let fields = fields(&parsed(&root().join(RULES)));
    let mut found = BTreeSet::new();
    for dir in crates().values().filter(|it| is_of_app(it)) {
        for path in sources(dir) {
            let place = path.strip_prefix(root()).unwrap().to_str().unwrap();
            let names = named(&parsed(&path), &fields).into_iter();
            found.extend(names.map(|name| format!("{place}: {name}")));
        }
    }
    let advice = "ask the ledger for what follows from the rule, or let a wish say it";
    lists::is_list(["rules", "in_app"], &found, advice);
}

fn is_of_app(dir: &Path) -> bool {
    dir.strip_prefix(root()).is_ok_and(|it| it.starts_with(APP))
}

/// The fields of the ledger's rules.
fn fields(rules: &File) -> BTreeSet<String> {
    let found = rules.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Rules" => match &item.fields {
            Fields::Named(fields) => Some(&fields.named),
            _ => None,
        },
        _ => None,
    });
    let found = found.unwrap_or_else(|| panic!("{RULES} has no struct `Rules` with fields"));
    let names = found.iter().filter_map(|it| it.ident.as_ref());
    names.map(Ident::to_string).collect()
}

/// The rules that a file names.
fn named(file: &File, fields: &BTreeSet<String>) -> BTreeSet<String> {
    let mut search = Search {
        fields,
        found: BTreeSet::new(),
    };
    search.visit_file(file);
    search.found
}

struct Search<'f> {
    fields: &'f BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Search<'_> {
    fn note(&mut self, name: &Ident) {
        let name = name.to_string();
        if self.fields.contains(&name) {
            self.found.insert(name);
        }
    }

    /// Looks through what a macro is called with.
    fn tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(name) if name == ERROR => drop(self.found.insert(ERROR.into())),
                TokenTree::Ident(name) if name == "rules" => {
                    let dot = trees.get(at + 1).map(ToString::to_string);
                    if let (Some("."), Some(TokenTree::Ident(field))) =
                        (dot.as_deref(), trees.get(at + 2))
                    {
                        self.note(field);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// Whether an expression is called `rules`, such as `genesis.rules`.
fn is_rules(expr: &Expr) -> bool {
    match expr {
        Expr::Path(it) => it.path.is_ident("rules"),
        Expr::Field(it) => matches!(&it.member, Member::Named(name) if name == "rules"),
        Expr::MethodCall(it) => it.method == "rules",
        Expr::Reference(it) => is_rules(&it.expr),
        Expr::Paren(it) => is_rules(&it.expr),
        _ => false,
    }
}

impl<'a> Visit<'a> for Search<'_> {
    fn visit_attribute(&mut self, _: &'a Attribute) {}

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_expr_field(&mut self, field: &'a ExprField) {
        if let (true, Member::Named(name)) = (is_rules(&field.base), &field.member) {
            self.note(name);
        }
        visit::visit_expr_field(self, field);
    }

    fn visit_ident(&mut self, name: &'a Ident) {
        if name == ERROR {
            self.found.insert(ERROR.to_owned());
        }
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        self.tokens(item.tokens.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_read_a_rule_is_found() {
        let rules = "pub struct Rules { pub notice_s: u32, pub bets: BetMode }";
        let fields = fields(&syn::parse_str(rules).unwrap());
        let found = |source: &str| {
            let found = named(&syn::parse_str(source).unwrap(), &fields);
            found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(
            found("fn f(it: &Genesis) -> u32 { it.rules.notice_s }"),
            ["notice_s"]
        );
        assert_eq!(
            found("fn f(rules: &Rules) { say!(\"{}\", rules.bets); }"),
            ["bets"]
        );
        assert_eq!(
            found("fn f(it: &Home) -> u32 { (&it.rules()).notice_s }"),
            ["notice_s"]
        );
        assert_eq!(found("use bolao_ledger::RuleError;"), [ERROR]);
        let none: [&str; 0] = [];
        assert_eq!(found("fn f(it: &Match) -> u64 { it.bets }"), none);
        assert_eq!(
            found("#[cfg(test)] mod tests { fn f(rules: &Rules) { rules.bets; } }"),
            none
        );
    }
}
