//! The measure of the source, with the figures of `house.toml`: tokens by crate, types that two crates both have, fields of
//! `Core` with several owners, files that ask which kind of consensus a pool has, and files that a change touches.
//!
//! A figure that is exceeded fails, and so does one that could be lower: it is lowered in the commit that saves.
#![allow(clippy::unwrap_used)]

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::MetadataCommand;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use serde::Deserialize;
use syn::{
    Attribute, Expr, ExprField, File, ImplItemFn, Item, ItemEnum, ItemFn, ItemImpl, ItemMod,
    ItemStruct, Member, Meta, Type,
    visit::{self, Visit},
};
use walkdir::WalkDir;

/// `house.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct House {
    /// Tokens by crate, at most.
    tokens: BTreeMap<String, u64>,
    /// Pairs of types in different crates that name the same things, `crate::Type = crate::Type`.
    mirrors: BTreeSet<String>,
    owners: Owners,
    kinds: Kinds,
    /// Files that a change touches, by the names of the patches in `tests/probes`.
    probes: BTreeMap<String, usize>,
}

/// Fields of `Core` that more than one folder of the chain uses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owners {
    fields: BTreeSet<String>,
}

/// Files outside the consensus that can tell which kind of consensus a pool has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    /// Names by which the kind can be told.
    names: BTreeSet<String>,
    /// Folders that own the kind.
    home: Vec<PathBuf>,
    files: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn house() -> House {
    toml::from_str(&fs::read_to_string(root().join("house.toml")).unwrap()).unwrap()
}

/// The crates, with their folders.
fn crates() -> BTreeMap<String, PathBuf> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let mut found = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let dir = package
            .manifest_path
            .parent()
            .unwrap()
            .as_std_path()
            .to_owned();
        if dir.join("src").is_dir() {
            let name = package.name.strip_prefix("bolao-").unwrap_or(&package.name);
            found.insert(name.to_owned(), dir);
        }
    }
    found
}

/// The sources of a crate that are part of the program, not of its tests.
fn sources(dir: &Path) -> impl Iterator<Item = PathBuf> {
    WalkDir::new(dir.join("src"))
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            !["tests", "test", "tests.rs", "test.rs"]
                .iter()
                .any(|name| entry.file_name() == *name)
        })
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Whether an attribute's words are `doc …`, or `cfg(test)`.
fn attribute(group: &TokenStream) -> (bool, bool) {
    let text = group.to_string();
    (
        text.starts_with("doc"),
        text.replace(' ', "") == "cfg(test)",
    )
}

/// Tokens without comments, docs and test modules: a group is two, a string one and an eighth of its words, `::` and `name!` one.
fn tokens(stream: TokenStream) -> u64 {
    let mut count = 0;
    let mut trees = stream.into_iter().peekable();
    let mut after_name = false;
    while let Some(tree) = trees.next() {
        let name = matches!(tree, TokenTree::Ident(_));
        match tree {
            TokenTree::Ident(_) => count += 1,
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                count += 1;
                if text.contains('"') {
                    count += text.split_whitespace().count() as u64 / 8;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let inner =
                    matches!(trees.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '!');
                let group = match trees.peek() {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
                        Some(group.stream())
                    }
                    _ => None,
                };
                if inner {
                    count += 2;
                    trees.next();
                } else if let Some(group) = group {
                    trees.next();
                    match attribute(&group) {
                        (true, _) => {}
                        (_, true) => skip_item(&mut trees),
                        _ => count += 3 + tokens(group),
                    }
                } else {
                    count += 1;
                }
            }
            TokenTree::Punct(punct) => {
                let of_macro = punct.as_char() == '!'
                    && after_name
                    && matches!(trees.peek(), Some(TokenTree::Group(_)));
                if punct.spacing() == Spacing::Alone && !of_macro {
                    count += 1;
                }
            }
            TokenTree::Group(group) => count += 2 + tokens(group.stream()),
        }
        after_name = name;
    }
    count
}

/// Passes over the item that follows an attribute.
fn skip_item(trees: &mut impl Iterator<Item = TokenTree>) {
    for tree in trees {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            _ => {}
        }
    }
}

#[test]
fn no_crate_grows() {
    let limits = house().tokens;
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for (name, dir) in crates() {
        let sum = sources(&dir)
            .map(|path| tokens(text(&path).parse().unwrap()))
            .sum();
        found.insert(name, sum);
    }
    let sum = |figures: &BTreeMap<String, u64>| figures.values().sum::<u64>();
    let moved: Vec<_> = found
        .iter()
        .filter(|(name, count)| limits.get(*name) != Some(count))
        .map(|(name, count)| format!("{name} = {count}"))
        .collect();
    assert!(
        limits == found,
        "tokens by crate: {} instead of {}. What came in needs a line in house.toml that names the feature; what went is taken \
         off in the same commit.\n{}",
        sum(&found),
        sum(&limits),
        moved.join("\n"),
    );
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        matches!(&it.meta, Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    })
}

/// The types of a file with what they name: the fields of a struct, the variants of an enum.
#[derive(Default)]
struct Types(Vec<(String, BTreeSet<String>)>);

impl<'a> Visit<'a> for Types {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_struct(&mut self, item: &'a ItemStruct) {
        let names = item
            .fields
            .iter()
            .filter_map(|field| Some(field.ident.as_ref()?.to_string()))
            .collect();
        self.0.push((item.ident.to_string(), names));
    }

    fn visit_item_enum(&mut self, item: &'a ItemEnum) {
        let names = item
            .variants
            .iter()
            .map(|variant| variant.ident.to_string())
            .collect();
        self.0.push((item.ident.to_string(), names));
    }
}

fn parsed(path: &Path) -> File {
    syn::parse_file(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names that two types must share to be forms of one thing, and the part of the smaller one's that these must be.
const SHARED: usize = 3;
const SHARED_OF_FOUR: usize = 3;

#[test]
fn no_type_is_doubled() {
    let mut types = Vec::new();
    for (name, dir) in crates() {
        for path in sources(&dir) {
            let mut found = Types::default();
            found.visit_file(&parsed(&path));
            types.extend(
                found
                    .0
                    .into_iter()
                    .map(|(ty, names)| (name.clone(), ty, names)),
            );
        }
    }
    types.sort();
    let mut pairs = BTreeSet::new();
    for (one, ty, names) in &types {
        let shared = |others: &BTreeSet<String>| names.intersection(others).count();
        let most = types
            .iter()
            .filter(|(other, _, others)| {
                let least = names.len().min(others.len());
                other != one
                    && shared(others) >= SHARED
                    && shared(others) * 4 >= least * SHARED_OF_FOUR
            })
            .max_by_key(|(.., others)| (shared(others), Reverse(others.len())));
        if let Some((other, with, _)) = most {
            let mut pair = [format!("{one}::{ty}"), format!("{other}::{with}")];
            pair.sort();
            pairs.insert(pair.join(" = "));
        }
    }
    let kept = house().mirrors;
    let came: Vec<_> = pairs.difference(&kept).collect();
    let went: Vec<_> = kept.difference(&pairs).collect();
    assert!(
        came.is_empty() && went.is_empty(),
        "{} pairs of types instead of {}.\nGive one form to: {came:#?}\nTake off house.toml: {went:#?}",
        pairs.len(),
        kept.len()
    );
}

/// The fields of `Core` that a file uses, through `self` in its `impl` blocks or through a `core` elsewhere.
struct Uses<'a> {
    fields: &'a BTreeSet<String>,
    own: bool,
    found: BTreeSet<String>,
}

impl<'a> Visit<'a> for Uses<'_> {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'a ItemImpl) {
        self.own = matches!(&*item.self_ty, Type::Path(ty) if ty.path.is_ident("Core"));
        visit::visit_item_impl(self, item);
        self.own = false;
    }

    fn visit_impl_item_fn(&mut self, item: &'a ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_expr_field(&mut self, item: &'a ExprField) {
        if let (Expr::Path(base), Member::Named(field)) = (&*item.base, &item.member) {
            let through = base.path.is_ident("core") || self.own && base.path.is_ident("self");
            if through && self.fields.contains(&field.to_string()) {
                self.found.insert(field.to_string());
            }
        }
        visit::visit_expr_field(self, item);
    }
}

/// The part of the chain that a file belongs to: its folder, or itself where it lies beside them.
fn part(path: &Path, src: &Path) -> String {
    let first = path.strip_prefix(src).unwrap().components().next().unwrap();
    Path::new(first.as_os_str())
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn no_field_of_the_core_gains_an_owner() {
    let dir = crates().remove("chain").unwrap();
    let src = dir.join("src");
    let core = parsed(&src.join("core/mod.rs"));
    let fields = core.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Core" => Some(
            item.fields
                .iter()
                .map(|field| field.ident.as_ref().unwrap().to_string())
                .collect(),
        ),
        _ => None,
    });
    let fields: BTreeSet<String> = fields.unwrap();
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in sources(&dir) {
        let mut uses = Uses {
            fields: &fields,
            own: false,
            found: BTreeSet::new(),
        };
        uses.visit_file(&parsed(&path));
        for field in uses.found {
            users.entry(field).or_default().insert(part(&path, &src));
        }
    }
    users.retain(|_, parts| parts.len() > 1);
    let shared: BTreeSet<String> = users.keys().cloned().collect();
    let kept = house().owners.fields;
    assert!(
        shared == kept,
        "{} fields of Core with several owners instead of {}: {:#?} came, {:#?} went",
        shared.len(),
        kept.len(),
        users
            .iter()
            .filter(|(field, _)| !kept.contains(*field))
            .collect::<Vec<_>>(),
        kept.difference(&shared).collect::<Vec<_>>(),
    );
}

/// A made-up action that the page shows, a rule of the pool, a route and a command that reads; `scripts/probes.sh` compiles them.
#[test]
fn a_change_touches_few_files() {
    let mut touched = BTreeMap::new();
    for entry in fs::read_dir(root().join("tests/probes")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let patch = text(&path);
        let files = patch.lines().filter(|line| line.starts_with("+++ b/"));
        touched.insert(name, files.count());
    }
    assert_eq!(touched, house().probes, "files by probe");
}

/// Whether the source calls one of the methods, or names one of the types.
fn tells(stream: TokenStream, names: &BTreeSet<String>) -> bool {
    let mut method = false;
    stream.into_iter().any(|tree| {
        let found = match &tree {
            TokenTree::Ident(name) => {
                let name = name.to_string();
                (method || name.starts_with(char::is_uppercase)) && names.contains(&name)
            }
            TokenTree::Group(group) => tells(group.stream(), names),
            _ => false,
        };
        method = matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '.');
        found
    })
}

#[test]
fn few_ask_for_the_kind_of_consensus() {
    let Kinds { names, home, files } = house().kinds;
    let mut found = BTreeSet::new();
    for path in crates()
        .values()
        .flat_map(|dir| sources(dir).collect::<Vec<_>>())
    {
        let place = path.strip_prefix(root()).unwrap();
        if !home.iter().any(|own| place.starts_with(own))
            && tells(text(&path).parse().unwrap(), &names)
        {
            found.insert(place.to_owned());
        }
    }
    assert_eq!(
        found.len(),
        files,
        "files outside {home:?} with one of {names:?}: {found:#?}"
    );
}
