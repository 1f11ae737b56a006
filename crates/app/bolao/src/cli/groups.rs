//! The commands in groups, each with an example: what `bolao --help` lists, and what stands below each command's own help.

use std::fmt::Write as _;

use clap::{
    Command, CommandFactory as _,
    builder::styling::{Style, Styles},
};

use super::Cli;
use crate::output;

/// Above the list.
const HEAD: &str = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n";
/// Below it.
const TAIL: &str = "Options:\n{options}{after-help}";

/// A command and an example of it; none where the command's own help has examples.
type Example = (&'static str, &'static str);

const GROUPS: [(&str, &[Example]); 8] = [
    (
        "Begin",
        &[
            ("demo", "bolao demo --tournament world-cup-2026"),
            ("start", "bolao start"),
            ("competitions", "bolao competitions premier"),
            (
                "fixtures",
                "bolao fixtures https://example.org/cup.ics --write cup.json",
            ),
            (
                "new",
                "bolao new 'Our league' --competition en.1.2026-27 --as ana",
            ),
            ("invite", "bolao invite --uses 5"),
            (
                "join",
                "bolao join 'http://192.168.1.20:9000/join#…' --name bruno",
            ),
            ("run", "bolao run -i 192.168.1.20 -p 9000"),
            ("wallet", "bolao wallet words"),
        ],
    ),
    (
        "Bet",
        &[
            ("tip", "bolao tip tips.csv"),
            ("bet", "bolao bet PtCh 2-1 NlEn 1-1 --stake 20"),
            ("missing", "bolao missing 24"),
            ("bets", "bolao bets"),
            ("openings", ""),
            ("transfer", "bolao transfer bruno 50"),
        ],
    ),
    (
        "Look",
        &[
            ("standings", "bolao standings --round 'Semi-finals'"),
            ("matches", "bolao matches"),
            ("match", "bolao match PtCh"),
            ("round", "bolao round Semi-finals"),
            ("players", "bolao players"),
            ("player", "bolao player bruno"),
            ("rules", "bolao rules"),
            ("export", "bolao export standings --output standings.csv"),
        ],
    ),
    (
        "Prove and object",
        &[
            ("slip", "bolao slip PtCh --output my-bet.json"),
            ("verify", "bolao verify my-bet.json"),
            ("audit", "bolao audit"),
            (
                "object",
                "bolao object PtCh 'the goal in the 89th minute did not count'",
            ),
            ("objections", "bolao objections PtCh"),
            ("log", "bolao log --last 5"),
        ],
    ),
    (
        "Organise",
        &[
            ("result", ""),
            (
                "schedule",
                "bolao schedule PtCh --kickoff 2030-06-05T21:00+01:00",
            ),
            ("import", "bolao import cup.json --dry-run"),
            ("sources", "bolao sources add de.1.2026-27"),
            ("referee", "bolao referee --source de.1.2026-27"),
            ("live", "bolao live PtCh 1-0 --minute 63"),
            ("organisers", ""),
            ("address", "bolao address https://pool.example.org"),
        ],
    ),
    (
        "Make blocks",
        &[
            ("validators", ""),
            ("stake", "bolao stake 500"),
            ("unstake", "bolao unstake 200"),
            ("mine", "bolao mine --count 3"),
            (
                "miner",
                "bolao miner --node http://192.168.1.20:9000 --account bruno",
            ),
        ],
    ),
    (
        "Watch and repair the node",
        &[
            ("status", "bolao status"),
            ("doctor", "bolao doctor"),
            ("clock", ""),
            ("peers", "bolao peers"),
            ("chain", "bolao chain 812"),
            ("backup", "bolao backup bolao-backup.tar"),
            ("restore", "bolao restore bolao-backup.tar"),
            ("reindex", "bolao reindex"),
        ],
    ),
    (
        "More",
        &[
            (
                "simulate",
                "bolao simulate back-date --consensus pow --seeds 3",
            ),
            ("classic", "bolao classic 9000"),
            ("seed", "bolao seed --ip 0.0.0.0 --port 42020"),
            ("relay", "bolao relay --domain relay.example"),
            (
                "completions",
                "bolao completions bash > /etc/bash_completion.d/bolao",
            ),
        ],
    ),
];

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
        for (name, _) in commands {
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
