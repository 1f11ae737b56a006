//! The commands in groups, each with an example: what `bolao --help` lists, and what stands below each command's own help.

use std::fmt::Write as _;

use clap::{
    Command, CommandFactory as _,
    builder::styling::{Style, Styles},
};

use super::Cli;
use crate::{command::GROUPS, output};

/// Above the list.
const HEAD: &str = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n";
/// Below it.
const TAIL: &str = "Options:\n{options}{after-help}";

/// The command line, with its groups and examples.
pub(crate) fn command() -> Command {
    let command = Cli::command().mut_subcommands(|command| {
        let mut examples = GROUPS.iter().flat_map(|(_, commands)| *commands);
        match examples.find(|(name, _)| *name == command.get_name()) {
            Some((_, example)) if !example.is_empty() => with_example(command, example),
            _ => command,
        }
    });
    let list = list(&command);
    // The usual yellow cannot be read on white.
    let styles = Styles::styled().invalid(Style::new().bold());
    command
        .styles(styles)
        .help_template(format!("{HEAD}{list}{TAIL}"))
}

fn with_example(command: Command, example: &str) -> Command {
    let rest = command
        .get_after_help()
        .map_or_else(String::new, |rest| format!("\n\n{rest}"));
    command.after_help(format!("Example: {example}{rest}"))
}

fn list(command: &Command) -> String {
    let longest = GROUPS.iter().flat_map(|(_, commands)| *commands);
    let longest = longest.map(|(name, _)| name.len()).max().unwrap_or(0);
    let indent = " ".repeat(longest + 4);
    let mut text = String::new();
    for (title, commands) in GROUPS {
        let _ = writeln!(text, "{title}:");
        for (name, _) in *commands {
            // A program may be built without some tools.
            let Some(it) = command.find_subcommand(name) else {
                continue;
            };
            let about = it.get_about().map(ToString::to_string).unwrap_or_default();
            let first = format!("  {name:longest$}  ");
            let _ = writeln!(text, "{}", output::wrapped(&first, &indent, &about));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, commands)| *commands)
            .map(|(name, _)| *name)
            .collect();
        let set: BTreeSet<&str> = grouped.iter().copied().collect();
        assert_eq!(set.len(), grouped.len(), "one is twice");
        let command = Cli::command();
        let all: BTreeSet<&str> = command
            .get_subcommands()
            .filter(|it| !it.is_hide_set())
            .map(Command::get_name)
            .collect();
        assert_eq!(set, all);
    }

    #[test]
    fn every_example_is_understood() {
        for (name, example) in GROUPS.iter().flat_map(|(_, commands)| *commands) {
            let help = command()
                .find_subcommand(name)
                .unwrap()
                .get_after_help()
                .unwrap()
                .to_string();
            if example.is_empty() {
                assert!(
                    help.contains(&format!("bolao {name}")),
                    "{name}: no example"
                );
                continue;
            }
            let line = example.split(" > ").next().unwrap();
            let words = words(line);
            assert_eq!(words.get(1).map(String::as_str), Some(*name));
            let parsed = command().try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
        }
    }

    /// As a shell splits a line: what is between quotes is one word.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (index, part) in line.split('\'').enumerate() {
            if index % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        words
    }
}
