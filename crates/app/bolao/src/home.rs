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

/// The flag that chooses the home again, where a command without it would mean another one.
static FLAG: OnceLock<String> = OnceLock::new();
/// The pool of the home that was chosen.
static POOL: OnceLock<String> = OnceLock::new();
/// The flag that chooses it again.
static POOL_FLAG: OnceLock<String> = OnceLock::new();

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

/// Remembers which pool of the home was chosen, by its code or its name; `typed`: on the command line, so that hints choose it too.
pub(crate) fn chose_pool(pool: &str, typed: bool) {
    let _ = POOL.set(pool.to_owned());
    if typed {
        let _ = POOL_FLAG.set(format!(" -P '{}'", pool.replace('\'', r"'\''")));
    }
}

/// The pool that was chosen, as it was written.
pub(crate) fn chosen_pool() -> Option<&'static String> {
    POOL.get()
}

fn flag() -> String {
    let flags = [&FLAG, &POOL_FLAG].map(|it| it.get().map_or("", String::as_str));
    flags.concat()
}

/// A command for whoever reads it on this machine: `bolao ARGS` with the home, where it is not the usual one.
pub(crate) fn command(args: &str) -> String {
    format!("bolao {args}{}", flag())
}

/// A text in which each command between backticks chooses the home, where it is not the usual one. What others are to
/// type stands in no backticks.
pub(crate) fn spelled(text: &str) -> String {
    with_flag(text, &flag())
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

/// The home of a pool that a home is in, or may come to be in: the first one of a home is the home's own directory.
pub(crate) fn of_pool(dir: &Path, pool: PoolId) -> Result<Home, HomeError> {
    match self::pool(dir)? {
        Some(first) if first.pool_id() != pool => Home::of_pool(dir, pool),
        _ => Home::open(dir),
    }
}

/// The home of a pool that a home is in.
pub(crate) fn there(dir: &Path, pool: PoolId) -> Result<Option<Home>, HomeError> {
    if !dir.is_dir() {
        return Ok(None);
    }
    let mut pools = Home::pools(dir)?.into_iter();
    Ok(pools.find(|home| home.genesis().is_ok_and(|it| it.pool_id() == pool)))
}

/// The first pool of the home in a directory, which need not be there.
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
