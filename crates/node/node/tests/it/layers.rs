//! The table of crates in `docs/ARCHITECTURE.md` is the truth about where a crate lies, and about who may use whom.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand};

const ARCHITECTURE: &str = include_str!("../../../../../docs/ARCHITECTURE.md");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");
/// The folder of tools that only the command line's crate uses.
const TOOLS: &str = "extras/";

/// Each crate's name with its folder, in the table's order.
fn table() -> Vec<(String, String)> {
    let table = ARCHITECTURE
        .split_once("<!-- crates:begin -->")
        .and_then(|(_, rest)| rest.split_once("<!-- crates:end -->"))
        .unwrap()
        .0;
    let mut folder = "";
    let mut found = Vec::new();
    for line in table.lines() {
        if let Some((name, _)) = line.strip_prefix("| **").and_then(|it| it.split_once("**")) {
            folder = name;
        }
        if let Some((name, _)) = line.strip_prefix("| `").and_then(|it| it.split_once('`')) {
            found.push((name.to_owned(), folder.to_owned()));
        }
    }
    found
}

#[test]
fn dependencies_point_inwards_only() {
    let metadata = MetadataCommand::new()
        .manifest_path(format!("{ROOT}/Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let table = table();
    let place = |name: &str| {
        let name = name.strip_prefix("bolao-").unwrap_or(name);
        table.iter().position(|(other, _)| other == name)
    };
    let folder = |place: usize| table.get(place).map(|(_, folder)| folder.as_str());
    let mut seen = BTreeSet::new();
    for package in metadata.workspace_packages() {
        let own = place(&package.name)
            .unwrap_or_else(|| panic!("{} is not in the table of crates", package.name));
        seen.insert(own);
        let path = package.manifest_path.parent().unwrap();
        let path = path.strip_prefix(&metadata.workspace_root).unwrap();
        let is_there = folder(own) == Some("./")
            || path.parent().map(|it| format!("{it}/")).as_deref() == folder(own);
        assert!(
            is_there,
            "{} lies in {path}, and in the table elsewhere",
            package.name
        );
        for dependency in &package.dependencies {
            if dependency.kind != DependencyKind::Normal {
                continue;
            }
            let Some(used) = place(&dependency.name).filter(|_| dependency.path.is_some()) else {
                continue;
            };
            let is_tool = folder(used) == Some(TOOLS) && folder(own) != Some(TOOLS);
            let lists_tools = package.name == "bolao" && dependency.optional;
            assert!(
                if is_tool {
                    lists_tools || folder(own) == Some("./")
                } else {
                    used < own
                },
                "{} uses {}, which it may not",
                package.name,
                dependency.name
            );
        }
    }
    assert_eq!(
        seen.len(),
        table.len(),
        "the table names a crate that is not there"
    );
}
