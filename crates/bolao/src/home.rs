//! Which directory is the home.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bolao_node::Home;
use directories::ProjectDirs;

/// The directory of every home that was not chosen.
fn data_dir() -> anyhow::Result<PathBuf> {
    ProjectDirs::from("", "", "bolao")
        .map(|dirs| dirs.data_dir().to_owned())
        .context("this system names no home directory: choose one with --home DIR")
}

/// The home that was chosen, else the default one.
pub(crate) fn default(chosen: Option<&Path>) -> anyhow::Result<PathBuf> {
    chosen.map_or_else(|| Ok(data_dir()?.join("home")), |dir| Ok(dir.to_owned()))
}

/// The home of a classic node: each port has its own.
pub(crate) fn classic(chosen: Option<&Path>, port: u16) -> anyhow::Result<PathBuf> {
    chosen.map_or_else(
        || Ok(data_dir()?.join(format!("classic-{port}"))),
        |dir| Ok(dir.to_owned()),
    )
}

/// Opens a home that must be there: reading makes no directories.
pub(crate) fn existing(dir: &Path) -> anyhow::Result<Home> {
    if !dir.is_dir() {
        return Err(bolao_node::HomeError::NoPool {
            dir: dir.to_owned(),
        }
        .into());
    }
    Ok(Home::open(dir)?)
}
