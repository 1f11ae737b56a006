//! The measure of the source, with the lists of `house.toml`. `CONTRIBUTING.md` says how it is used.
//!
//! - [`toll`]: the existing files that each feature changes, from git.
//! - [`mirrors`]: types of two crates that say the same. [`concepts`]: how many types there are, and how many share a name.
//! - [`circles`]: modules that use one another in a circle, and uses that go up the layers of the crate `chain`.
//! - [`parts`]: functions of the crate `chain` that may change all of its parts.
//! - [`kinds`]: files that can tell which kind of consensus a pool has.
//! - [`rules`]: rules of the game that commands read.
//!
//! [`lists`] reads `house.toml` and writes it, [`types`] finds types, and [`modules`] says which module uses which.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use cargo_metadata::MetadataCommand;
use syn::{Attribute, Meta};
use walkdir::WalkDir;

mod circles;
mod concepts;
mod kinds;
mod lists;
mod mirrors;
mod modules;
mod parts;
mod rules;
mod toll;
mod types;

/// The checkout that the tests run in: builds of several checkouts may share one folder, and then this program.
fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().unwrap().to_owned()
}

/// The crates of the workspace without `bolao-` before their names, with their folders.
fn crates() -> BTreeMap<String, PathBuf> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let mut found = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let manifest = package.manifest_path.as_std_path();
        let dir = manifest.parent().unwrap().to_owned();
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
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether something with these attributes is only there in tests.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        matches!(&it.meta, Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    })
}
