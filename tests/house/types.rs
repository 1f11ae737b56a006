//! The types of a source, with what each names: the fields of a struct, the variants of an enum.
//!
//! Types are also found in what a macro is called with, which no parser of Rust reads. There, and in the macros themselves, the words
//! `struct NAME` and `enum NAME` declare one. What follows in braces is a list of entries, which end with `;` if there is one among
//! them, else with `,`: a field is a name before a colon, a variant the first name of its entry. `enum NAME;` is followed by its list.
//!
//! Not found: a type whose name or variants only a macro puts together, such as `struct $name` or the rows of `commands!`.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{
    File, Ident, ItemEnum, ItemMod, ItemStruct, Macro, Visibility,
    ext::IdentExt as _,
    visit::{self, Visit},
};

use crate::is_test;

/// A struct or an enum.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) is_public: bool,
    /// Its fields or variants.
    pub(crate) names: BTreeSet<String>,
    /// Whether it stands in the text of a macro, so that it may be known from a call of it, too.
    pub(crate) in_macro_rules: bool,
}

/// All types of a file but those of its tests.
pub(crate) fn types(file: &File) -> Vec<Type> {
    let mut found = Types(Vec::new());
    found.visit_file(file);
    found.0
}

struct Types(Vec<Type>);

impl Types {
    fn add(&mut self, name: &Ident, visibility: &Visibility, names: BTreeSet<String>) {
        self.0.push(Type {
            name: name.unraw().to_string(),
            is_public: matches!(visibility, Visibility::Public(_)),
            names,
            in_macro_rules: false,
        });
    }
}

impl<'a> Visit<'a> for Types {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_struct(&mut self, item: &'a ItemStruct) {
        let fields = item.fields.iter().filter_map(|it| it.ident.as_ref());
        let names = fields.map(|it| it.unraw().to_string()).collect();
        self.add(&item.ident, &item.vis, names);
    }

    fn visit_item_enum(&mut self, item: &'a ItemEnum) {
        let variants = item.variants.iter();
        let names = variants.map(|it| it.ident.unraw().to_string()).collect();
        self.add(&item.ident, &item.vis, names);
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        let in_macro_rules = item.path.is_ident("macro_rules");
        read(&item.tokens, in_macro_rules, &mut self.0);
    }
}

/// Finds types among tokens.
fn read(tokens: &TokenStream, in_macro_rules: bool, found: &mut Vec<Type>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        if let TokenTree::Group(group) = tree {
            read(&group.stream(), in_macro_rules, found);
        }
        let [Some(word), Some(name)] = [word(Some(tree)), word(trees.get(at + 1))] else {
            continue;
        };
        if word != "struct" && word != "enum" {
            continue;
        }
        let rest = &trees[at + 2..];
        let body = rest.iter().find_map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() != Delimiter::Bracket => {
                Some((group.delimiter() == Delimiter::Brace).then(|| group.stream()))
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => Some(None),
            _ => None,
        });
        let is_struct = word == "struct";
        let names = match body {
            Some(Some(body)) => {
                let body: Vec<_> = body.into_iter().collect();
                let end = if body.iter().any(|it| is_punct(it, ';')) {
                    ';'
                } else {
                    ','
                };
                entries(&body, |it| is_punct(it, end), is_struct)
            }
            Some(None) if !is_struct => {
                entries(rest, |it| is_punct(it, ';') || is_punct(it, ','), false)
            }
            _ => BTreeSet::new(),
        };
        found.push(Type {
            name,
            is_public: at > 0 && self::word(trees.get(at - 1)).is_some_and(|it| it == "pub"),
            names,
            in_macro_rules,
        });
    }
}

fn word(tree: Option<&TokenTree>) -> Option<String> {
    match tree {
        Some(TokenTree::Ident(name)) => Some(name.unraw().to_string()),
        _ => None,
    }
}

fn is_punct(tree: &TokenTree, char: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// The names that a list of fields or variants declares.
fn entries(
    trees: &[TokenTree],
    ends: impl Fn(&TokenTree) -> bool,
    fields: bool,
) -> BTreeSet<String> {
    let entries = trees.split(ends);
    entries
        .filter_map(|entry| declared(entry, fields))
        .collect()
}

/// The name that an entry declares, behind attributes, repetitions of a macro and its visibility.
fn declared(mut entry: &[TokenTree], fields: bool) -> Option<String> {
    loop {
        entry = match entry {
            [hash, TokenTree::Group(_), rest @ ..] if is_punct(hash, '#') => rest,
            [dollar, TokenTree::Group(_), rest @ ..] if is_punct(dollar, '$') => {
                let is_times =
                    |tree: &TokenTree| ['*', '+', '?'].iter().any(|it| is_punct(tree, *it));
                let times = rest.iter().position(is_times)?;
                &rest[times + 1..]
            }
            [TokenTree::Ident(word), TokenTree::Group(_), rest @ ..] if word == "pub" => rest,
            [TokenTree::Ident(word), rest @ ..] if word == "pub" => rest,
            _ => break,
        };
    }
    let name = word(entry.first())?;
    let is_field = entry.get(1).is_some_and(|it| is_punct(it, ':'));
    let is_other = ["const", "enum", "struct"].contains(&name.as_str());
    (is_field == fields && !is_other).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, bool, Vec<String>)> {
        let types = types(&syn::parse_str(source).unwrap());
        let shown = types.into_iter();
        shown
            .map(|it| (it.name, it.is_public, it.names.into_iter().collect()))
            .collect()
    }

    fn ty(name: &str, is_public: bool, names: &[&str]) -> (String, bool, Vec<String>) {
        let names = names.iter().map(|&it| it.to_owned()).collect();
        (name.to_owned(), is_public, names)
    }

    #[test]
    fn plain_types_are_found_but_those_of_tests() {
        let source = "pub struct A { pub x: u8, r#type: u8 } enum B { One, Two(u8) }
            mod inner { pub(crate) struct C(u8); } #[cfg(test)] mod tests { struct D { x: u8 } }";
        let wanted = [
            ty("A", true, &["type", "x"]),
            ty("B", false, &["One", "Two"]),
            ty("C", false, &[]),
        ];
        assert_eq!(found(source), wanted);
    }

    #[test]
    fn an_enum_of_rows_in_a_macros_body_is_found() {
        let source = r#"actions! {
            /// One.
            #[derive(Debug)]
            pub enum Action {
                /// Joins.
                Join { #[serde(rename = "n")] name: Name, more: Map<A, B> } = 0, "join", All, Never, |name| "joins as {name}";
                /// Bets.
                Bet { bets: Vec<Bet> } = 1, "bet", Some, Betting;
            }
        }"#;
        assert_eq!(found(source), [ty("Action", true, &["Bet", "Join"])]);
    }

    #[test]
    fn other_types_in_macros_bodies_are_found() {
        let source = r#"
            refusals! { pub enum Error { #[error("no")] Weak, Wrong { got: u8, wanted: u8 }, } }
            codes! { pub enum Reason; pub const REASONS; BadName = "bad-name", BadKey = "bad-key", }
            fields! { pub(crate) struct Kept<T> { pub map: Map<u8, T>, r#in: u8 } }
            macro_rules! make { ($($name:ident $args:tt)*) => {
                pub enum Command { $($name $args,)* #[hide] Tool(Tool), Man } struct $name { x: u8 }
            } }"#;
        let wanted = [
            ty("Error", true, &["Weak", "Wrong"]),
            ty("Reason", true, &["BadKey", "BadName"]),
            ty("Kept", false, &["in", "map"]),
            ty("Command", true, &["Man", "Tool"]),
        ];
        assert_eq!(found(source), wanted);
    }
}
