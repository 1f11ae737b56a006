//! The table of rooms in `docs/ARCHITECTURE.md` is the truth about who may use whom.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand};

const ARCHITECTURE: &str = include_str!("../../../../../docs/ARCHITECTURE.md");

fn rooms() -> Vec<String> {
    let table = ARCHITECTURE
        .split_once("<!-- rooms:begin -->")
        .and_then(|(_, rest)| rest.split_once("<!-- rooms:end -->"))
        .unwrap()
        .0;
    table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(room, _)| room.to_owned())
        .collect()
}

#[test]
fn dependencies_point_inwards_only() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let rooms = rooms();
    let place = |name: &str| {
        let room = name.strip_prefix("bolao-").unwrap_or(name);
        rooms.iter().position(|other| other == room)
    };
    let mut seen = BTreeSet::new();
    for package in metadata.workspace_packages() {
        let own = place(&package.name)
            .unwrap_or_else(|| panic!("{} is not in the table of rooms", package.name));
        seen.insert(own);
        for dependency in &package.dependencies {
            if dependency.kind != DependencyKind::Normal {
                continue;
            }
            let Some(used) = place(&dependency.name).filter(|_| dependency.path.is_some()) else {
                continue;
            };
            assert!(
                used < own,
                "{} uses {}, which stands below it",
                package.name,
                dependency.name
            );
        }
    }
    assert_eq!(
        seen.len(),
        rooms.len(),
        "the table names a crate that is not there"
    );
}
