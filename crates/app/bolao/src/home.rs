//! Which directory is the home.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::Context as _;
use bolao_ledger::{Genesis, PoolId};
use bolao_node::{Home, HomeError};
use bolao_terminal::output::joined;
use directories::ProjectDirs;

use crate::time;

/// The flag that chooses the home again, where a command without it would mean another one.
static FLAG: OnceLock<String> = OnceLock::new();

/// Remembers that the command line chose a home, so that hints choose it too.
pub(crate) fn chose(dir: &Path) {
    let dir = dir.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    let word = if !dir.is_empty() && dir.chars().all(is_plain) {
        dir
    } else {
        format!("'{}'", dir.replace('\'', r"'\''"))
    };
    // The first choice is what the command line says.
    let _ = FLAG.set(format!(" --home {word}"));
}

fn flag() -> &'static str {
    FLAG.get().map_or("", String::as_str)
}

/// A command for whoever reads it on this machine: `bolao ARGS` with the home, where it is not the usual one.
pub(crate) fn command(args: &str) -> String {
    format!("bolao {args}{}", flag())
}

/// A text in which each command between backticks chooses the home, where it is not the usual one. What others are to
/// type stands in no backticks.
pub(crate) fn spelled(text: &str) -> String {
    with_flag(text, flag())
}

fn with_flag(text: &str, flag: &str) -> String {
    let pieces = text.split('`').enumerate().map(|(at, piece)| {
        let is_quoted = at % 2 == 1;
        let is_command = is_quoted && piece.starts_with("bolao ") && piece != "bolao demo";
        let is_whole = !piece.contains(" --home ");
        let flag = if is_command && is_whole { flag } else { "" };
        format!("{piece}{flag}")
    });
    joined(pieces, "`")
}

/// The directory of every home that was not chosen.
fn data_dir() -> anyhow::Result<PathBuf> {
    ProjectDirs::from("", "", "bolao")
        .map(|dirs| dirs.data_dir().to_owned())
        .context("this system has no home directory: choose one with --home DIR")
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
        return Err(HomeError::NoPool {
            dir: dir.to_owned(),
        }
        .into());
    }
    let home = Home::open(dir)?;
    // A profile that cannot be read is the matter of those who want the player.
    let zone = home.profile().ok().and_then(|profile| profile.zone);
    time::of_home(zone.as_deref());
    Ok(home)
}

/// The pool of the home in a directory, which need not be there.
pub(crate) fn pool(dir: &Path) -> Result<Option<Genesis>, HomeError> {
    if !dir.is_dir() {
        return Ok(None);
    }
    match Home::open(dir)?.genesis() {
        Ok(genesis) => Ok(Some(genesis)),
        Err(HomeError::NoPool { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A home keeps one pool: refuses one that has another than `own`. This is checked before anything is written.
pub(crate) fn refuse_other_pool(dir: &Path, own: Option<PoolId>) -> Result<(), HomeError> {
    match pool(dir)? {
        Some(there) if Some(there.pool_id()) != own => Err(HomeError::OtherPool {
            dir: dir.to_owned(),
            there: there.name.to_string(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_choose_the_home() {
        let said = with_flag(
            "try `bolao demo`, or `bolao run` first (bolao log)",
            " --home a",
        );
        assert_eq!(with_flag("bolao round", " --home a"), "bolao round");
        assert_eq!(
            said,
            "try `bolao demo`, or `bolao run --home a` first (bolao log)"
        );
        assert_eq!(with_flag("`bolao run`", ""), "`bolao run`");
    }
}
