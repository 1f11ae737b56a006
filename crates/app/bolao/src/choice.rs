//! The pool of a home that a command means: the one that was chosen, else the only one.

use std::path::Path;

use bolao_node::{Home, HomeError};

use crate::{exit::usage, home, time};

/// Opens a home that must be there: reading makes no directories.
pub(crate) fn existing(dir: &Path) -> anyhow::Result<Home> {
    if !dir.is_dir() {
        return Err(HomeError::NoPool {
            dir: dir.to_owned(),
        }
        .into());
    }
    let home = meant(dir)?;
    // A profile that cannot be read is the matter of those who want the player.
    let zone = home.profile().ok().and_then(|profile| profile.zone);
    time::of_home(zone.as_deref());
    Ok(home)
}

/// The pool of a home that was chosen, else the only one that is no archive.
fn meant(dir: &Path) -> anyhow::Result<Home> {
    let mut pools = Home::pools(dir)?;
    if let Some(wanted) = home::chosen_pool() {
        return named(pools, wanted);
    }
    if pools.len() > 1 {
        pools.retain(|home| !home.is_archived());
    }
    match <[Home; 1]>::try_from(pools) {
        Ok([only]) => Ok(only),
        // What is wrong with it, says whoever reads its rules.
        Err(none) if none.is_empty() => Ok(Home::open(dir)?),
        Err(several) => Err(usage(format!(
            "this home holds several pools: choose one with -P, or $BOLAO_POOL: {}",
            listed(&several)
        ))),
    }
}

/// The pool that was chosen, else every one that is no archive.
pub(crate) fn each(dir: &Path) -> anyhow::Result<Vec<Home>> {
    if home::chosen_pool().is_some() || !dir.is_dir() {
        return Ok(vec![existing(dir)?]);
    }
    let mut pools = Home::pools(dir)?;
    pools.retain(|home| !home.is_archived());
    if pools.len() > 1 {
        return Ok(pools);
    }
    Ok(vec![existing(dir)?])
}

/// The pool of a home whose node the flags are for: the one that was chosen, else the first.
pub(crate) fn to_run(dir: &Path) -> anyhow::Result<Home> {
    if home::chosen_pool().is_some() || !dir.is_dir() {
        return existing(dir);
    }
    let mut pools = Home::pools(dir)?.into_iter();
    let first = pools.find(|home| !home.is_archived() && home.genesis().is_ok());
    first.map_or_else(|| existing(dir), Ok)
}

/// The code of a pool of a home, by its code or its name.
pub(crate) fn code(dir: &Path, pool: &str) -> anyhow::Result<String> {
    Ok(named(Home::pools(dir)?, pool)?.code()?)
}

/// The pool whose code begins so, or that has this name.
pub(crate) fn named(pools: Vec<Home>, wanted: &str) -> anyhow::Result<Home> {
    let is_it = |home: &Home| {
        let by_code = home.code().is_ok_and(|code| code.starts_with(wanted));
        by_code || name(home).is_some_and(|name| name.to_lowercase() == wanted.to_lowercase())
    };
    let all = listed(&pools);
    let found: Vec<Home> = pools.into_iter().filter(is_it).collect();
    match <[Home; 1]>::try_from(found) {
        Ok([one]) => Ok(one),
        Err(none) if none.is_empty() => Err(usage(format!(
            "this home holds no pool `{wanted}`; it holds {}",
            if all.is_empty() { "none" } else { &all }
        ))),
        Err(several) => Err(usage(format!(
            "`{wanted}` can mean several pools of this home: {}",
            listed(&several)
        ))),
    }
}

/// The name of a pool whose rules can be read.
pub(crate) fn name(home: &Home) -> Option<String> {
    home.genesis().ok().map(|genesis| genesis.name.to_string())
}

/// Pools by their codes and names.
fn listed(pools: &[Home]) -> String {
    let all = pools.iter().map(|home| {
        let code = home.code().unwrap_or_else(|_| "?".to_owned());
        match name(home) {
            Some(name) => format!("{code} ({name})"),
            None => code,
        }
    });
    all.collect::<Vec<_>>().join(", ")
}
