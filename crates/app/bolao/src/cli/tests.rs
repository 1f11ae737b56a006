#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use super::*;

#[cfg(unix)]
mod documents;

#[test]
fn the_command_line_is_sound() {
    command().debug_assert();
}

#[test]
fn help_of_every_command() {
    let mut all = String::new();
    collect(command().term_width(100), "bolao", &mut all);
    insta::assert_snapshot!(all);
}

fn collect(mut command: clap::Command, path: &str, all: &mut String) {
    command = command.term_width(100).bin_name(path.to_owned());
    command.build();
    let help = command.render_long_help().to_string();
    write!(all, "$ {path} --help\n{}\n\n", help.trim_end()).unwrap();
    let subcommands: Vec<clap::Command> = command
        .get_subcommands()
        .filter(|it| it.get_name() != "help" && !it.is_hide_set())
        .cloned()
        .collect();
    for subcommand in subcommands {
        let path = format!("{path} {}", subcommand.get_name());
        collect(subcommand, &path, all);
    }
}

#[test]
fn the_articles_spellings_are_taken() {
    let parse = |line: &str| Cli::try_parse_from(line.split(' ')).unwrap();
    let node = parse(
        "bolao run --ip 127.0.0.1 --port 55000 --dir d --nodes n.json --upd_int 5 --kn_limit 3 --dns_ip 127.0.0.1 --dns_port 42020",
    );
    assert!(matches!(node.command, Command::Run(_)));
    let short = parse(
        "bolao run -i 127.0.0.1 -p 55000 -d d -n n.json -u 5 -k 3 --seed 127.0.0.1:42020 --seed [::1]:1",
    );
    assert!(matches!(short.command, Command::Run(_)));
    let seed = parse("bolao seed --ip 127.0.0.1 --port 42020 --dir d --nodes n.json --upd_int 5");
    assert!(matches!(seed.command, Command::Seed(_)));
}

#[test]
fn what_every_command_takes_may_stand_before_it() {
    for line in [
        "bolao --home h validators appoint bento",
        "bolao --home h validators --json",
        "bolao --home h validators list --json",
        "bolao --home h validators --json proof",
        "bolao --home h organisers add bento --json",
    ] {
        let parsed = Cli::try_parse_from(line.split(' '));
        assert!(parsed.is_ok(), "{line}: {:?}", parsed.err());
    }
}

#[test]
fn nonsense_is_refused() {
    for line in [
        "bolao",
        "bolao run -p 70000",
        "bolao run -u 0",
        "bolao run --threads 0",
        "bolao run --mine sometimes",
        "bolao run --seed 127.0.0.1",
        "bolao classic",
        "bolao classic nine",
        "bolao mine --count 0",
        "bolao new x --fixtures f --zone Lisbon",
        "bolao new x --fixtures f --target easy",
        "bolao new x --fixtures f --organiser me",
    ] {
        assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
    }
}

#[test]
fn negative_numbers_are_scores_only_where_scores_are_wanted() {
    let said = |line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        negative(&words)
    };
    for (line, wanted) in [
        ("bolao bet PtCh -1-2", "`-1-2` is not a score"),
        ("bolao bet PtCh -3", "`-3` is not a score"),
        ("bolao result PtCh -1:0", "`-1:0` is not a score"),
        (
            "bolao result PtCh 1-0 --half-time -1-0",
            "`-1-0` is not a score",
        ),
        ("bolao transfer ben -5", "got `-5`, wanted a number"),
    ] {
        let said = said(line).unwrap();
        assert!(said.contains(wanted), "{line}: {said}");
    }
    for line in ["bolao status --nothing", "bolao status -1-2", "bolao -v"] {
        assert_eq!(said(line), None, "{line}");
    }
}

/// A flag says itself what it wants.
#[test]
fn a_negative_number_after_a_flag_is_its_value() {
    let joined = |line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let typed: Vec<OsString> = words.iter().map(Into::into).collect();
        let joined = joined(&typed, &words)?;
        let words: Option<Vec<&str>> = joined.iter().map(|word| word.to_str()).collect();
        Some(words?.join(" "))
    };
    for (line, wanted) in [
        (
            "bolao new x --zone -1 --json",
            "bolao new x --zone=-1 --json",
        ),
        ("bolao mine -c -1", "bolao mine -c=-1"),
        (
            "bolao bet PtCh 2-1 --stake -1",
            "bolao bet PtCh 2-1 --stake=-1",
        ),
    ] {
        assert_eq!(joined(line).as_deref(), Some(wanted));
    }
    for line in [
        "bolao transfer ben -5",
        "bolao bet PtCh -1-2",
        "bolao mine -c=-1",
    ] {
        assert_eq!(joined(line), None, "{line}");
    }
    let why = |line: &str| {
        let typed: Vec<OsString> = line.split(' ').map(Into::into).collect();
        read(&typed).unwrap_err()
    };
    let zone = why("bolao new x --fixtures f --zone=-1").to_string();
    assert!(zone.contains("wanted a time zone such as"), "{zone}");
    let stake = number(&why("bolao bet PtCh 2-1 --stake=-1")).unwrap();
    assert!(stake.contains("got `-1` for `--stake"), "{stake}");
}

#[test]
fn the_closest_command_is_proposed_first() {
    for (typed, meant) in [
        ("stanings", "standings"),
        ("valdators", "validators"),
        ("rul", "rules"),
    ] {
        let typed = ["bolao".into(), typed.into()];
        let mut error = read(&typed).unwrap_err();
        closest_first(&mut error);
        let said = error.to_string();
        let first = said.split('\'').nth(3).unwrap();
        assert_eq!(first, meant, "{said}");
    }
}

#[test]
fn the_articles_flags_of_two_letters_are_known() {
    let words = "bolao run -di 192.0.2.1 -dp 9".split(' ');
    let words: Vec<OsString> = words.map(|word| as_now(word.into())).collect();
    let wanted = "bolao run --dns-ip 192.0.2.1 --dns-port 9";
    assert_eq!(words, wanted.split(' ').collect::<Vec<_>>());
    assert!(Cli::try_parse_from(words).is_ok());
}

/// The library's own choice for a value that is wrong is yellow.
#[test]
fn what_is_wrong_can_be_read_on_a_white_terminal() {
    let command = command();
    let styles = command.get_styles();
    assert_eq!(styles.get_invalid().get_fg_color(), None);
    let rendered = styles.get_error().render().to_string();
    assert!(rendered.contains("[31m"), "{rendered:?}");
}
