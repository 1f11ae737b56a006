//! The command line: what can be called, and with which flags.

use std::{
    error::Error as _,
    ffi::OsString,
    num::{IntErrorKind, ParseIntError},
    path::PathBuf,
    process::ExitCode,
};

use bolao_ledger::MAX_GOALS;
use clap::{
    FromArgMatches as _, Parser,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

use crate::{command::Command, exit, home, log, output, version::VERSION};

mod groups;

pub(crate) use groups::command;

/// The log's levels of commands that end by themselves.
const QUIET_LOG: &str = "error,rustls_platform_verifier=off";

/// A football betting pool among friends in which nobody, not even its host, can forge or change a bet
#[derive(Parser, Debug)]
#[command(
    name = "bolao",
    version = VERSION,
    after_help = "Try it: bolao demo\nStart in the browser: bolao start\nMake a pool: bolao new NAME --fixtures \
        FILE --as YOU, then bolao run -i ADDRESS (this machine's), then bolao invite\nJoin one: bolao join 'LINK' --name YOU, then bolao run\n\nExit status: 0 \
        done, 1 failed (one line says why), 2 the command line is wrong, 3 `bolao missing`: betting ends soon on something, 4 `bolao verify`: not compared."
)]
pub(crate) struct Cli {
    /// Directory of the pool, its chain and your wallet [default: the system's place for data]
    #[arg(
        long,
        global = true,
        env = "BOLAO_HOME",
        hide_env_values = true,
        value_name = "DIR"
    )]
    home: Option<PathBuf>,
    /// Whether the command line has it, and not the environment.
    #[arg(skip)]
    home_is_typed: bool,
    /// The pool of the home, by its code or its name (`bolao pools`) [default: the only one]
    #[arg(
        id = "chosen_pool",
        short = 'P',
        global = true,
        env = "BOLAO_POOL",
        hide_env_values = true,
        value_name = "POOL"
    )]
    pool: Option<String>,
    /// The same.
    #[arg(skip)]
    pool_is_typed: bool,
    #[command(subcommand)]
    command: Command,
}

/// A flag of the node article's programs, which have two letters after one dash, as it is written today.
fn as_now(word: OsString) -> OsString {
    match word.to_str() {
        Some("-di") => "--dns-ip".into(),
        Some("-dp") => "--dns-port".into(),
        _ => word,
    }
}

/// The command line, or why it is none where clap's own words would not help.
pub(crate) fn parse() -> anyhow::Result<Cli> {
    let typed: Vec<OsString> = std::env::args_os().map(as_now).collect();
    let words: Vec<String> = typed
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let parsed = read(&typed).or_else(|error| match (error.kind(), joined(&typed, &words)) {
        (ErrorKind::UnknownArgument, Some(joined)) => read(&joined),
        _ => Err(error),
    });
    parsed.or_else(|mut error| {
        closest_first(&mut error);
        if error.kind() == ErrorKind::UnknownArgument
            && let Some(why) = negative(&words)
        {
            return Err(exit::usage(why));
        }
        if let Some(why) = number(&error) {
            return Err(exit::usage(why));
        }
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default();
        let brief = exit::brief(first);
        if error.use_stderr() && (brief != first || output::wants_json()) {
            return Err(exit::usage(brief.trim_start_matches("error: ")));
        }
        error.exit()
    })
}

fn read(typed: &[OsString]) -> clap::error::Result<Cli> {
    let matches = command().try_get_matches_from(typed)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command()))?;
    let is_typed = |flag| matches.value_source(flag) == Some(ValueSource::CommandLine);
    Ok(Cli {
        home_is_typed: is_typed("home"),
        pool_is_typed: is_typed("chosen_pool"),
        ..cli
    })
}

/// The same with a negative number as the value of the flag before it, which then says what it wants.
fn joined(typed: &[OsString], words: &[String]) -> Option<Vec<OsString>> {
    let is_number = |word: &str| {
        let digits = word.strip_prefix('-').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut pairs = words.windows(2);
    let flag = pairs.position(|pair| {
        matches!(pair, [flag, value] if flag.starts_with('-') && !flag.contains('=') && is_number(value))
    })?;
    let (before, [flag, value, after @ ..]) = typed.split_at_checked(flag)? else {
        return None;
    };
    let mut joined = flag.clone();
    joined.push("=");
    joined.push(value);
    Some([before, &[joined], after].concat())
}

/// Puts the command that is spelt most like the one that was typed before the others.
fn closest_first(error: &mut clap::Error) {
    let kind = ContextKind::SuggestedSubcommand;
    if let Some(ContextValue::Strings(found)) = error.get(kind) {
        let found = found.iter().rev().cloned().collect();
        error.insert(kind, ContextValue::Strings(found));
    }
}

/// The mistake in a number, where only the language's own words say it.
fn number(error: &clap::Error) -> Option<String> {
    let cause = error.source()?.downcast_ref::<ParseIntError>()?;
    let (Some(arg), Some(got)) = (
        error.get(ContextKind::InvalidArg),
        error.get(ContextKind::InvalidValue),
    ) else {
        return None;
    };
    let wanted = match cause.kind() {
        IntErrorKind::Zero => "1 or more",
        IntErrorKind::PosOverflow => "a smaller number",
        _ => "a whole number such as 20",
    };
    Some(format!("got `{got}` for `{arg}`, wanted {wanted}"))
}

/// The mistake in a command line in which a negative number looks like a flag.
fn negative(words: &[String]) -> Option<String> {
    let at = words.iter().position(|word| is_negative(word))?;
    let word = words.get(at)?;
    let is_number = word.chars().skip(1).all(|c| c.is_ascii_digit());
    let scores = words.iter().any(|word| word == "bet" || word == "result");
    if is_number && !scores {
        return Some(format!(
            "got `{word}`, wanted a number that is not negative"
        ));
    }
    scores.then(|| {
        format!("`{word}` is not a score: each team has 0 to {MAX_GOALS} goals, such as 2-1")
    })
}

/// Whether a word was meant as a score or number and looks like a flag: `-1-2`, `-1:0`, `-3`.
fn is_negative(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('-') else {
        return false;
    };
    rest.starts_with(|c: char| c.is_ascii_digit())
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | 'x' | '–'))
}

impl Command {
    fn start_log(&self) {
        match self {
            Command::Run(args) => args.node.log.start(),
            Command::Start(args) => args.node.log.start(),
            Command::Classic(args) => args.node.log.start(),
            Command::Seed(args) => args.log.start(),
            Command::Tool(tool) if tool.start_log() => {}
            _ => log::start(QUIET_LOG, log::Format::Text),
        }
    }
}

impl Cli {
    /// Does what was asked.
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let chosen = self.home.as_deref();
        if let (Some(dir), true) = (chosen, self.home_is_typed) {
            home::chose(dir);
        }
        if let Some(pool) = &self.pool {
            home::chose_pool(pool, self.pool_is_typed);
        }
        self.command.start_log();
        self.command.run(chosen).await
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod words;
