//! Commands in the documents: this program reads each of its own, and what the others name is there. A shell takes the lines
//! apart, with stand-ins for the programs that only write down how they were called.

#![allow(clippy::indexing_slicing)]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use super::*;

#[path = "../../../tests/it/support/blocks.rs"]
mod blocks;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../..");
const DOCUMENTS: &str = "README.md CONTRIBUTING.md docs/OPERATING.md docs/PLAYING.md";
/// Programs that the documents call.
const PROGRAMS: &str =
    "apt bolao cargo cd curl date docker journalctl make npm python3 sh ssh sudo systemctl tar";
/// Folders in which all that the documents name must be.
const FOLDERS: &str = "crates/ data/ docs/ e2e/ extras/ packaging/ scripts/ tests/ web/";
/// Commands that no test can run, by what they need; VERSION is this program's.
const ELSEWHERE: &str = "\
a release: tar xf bolao-VERSION-x86_64-linux.tar.gz
root: sudo install bolao-VERSION-x86_64-linux/bolao /usr/local/bin/
root: sudo apt install ./bolao_VERSION-1_amd64.deb
root: apt install ./bolao_….deb
root: apt remove bolao
root: apt purge bolao
root: sudo setcap cap_net_bind_service=+ep /usr/local/bin/bolao
the package's user: sudo -u bolao
the package's user: sudo -u bolao bolao --home /var/lib/bolao join LINK --name YOU
the package's user: sudo -u bolao bolao --home /var/lib/bolao bet PtCh 2-1
systemd: sudo systemctl start bolao
systemd: sudo systemctl enable --now bolao-https.socket
systemd: sudo systemctl restart bolao
systemd: systemctl edit bolao
systemd: journalctl -u bolao
docker: docker compose -f packaging/compose.yaml run --rm bolao join LINK --name YOU
docker: docker compose -f packaging/compose.yaml up -d
docker: docker compose -f packaging/compose.yaml exec bolao /bolao standings
another machine: ssh -R";

fn elsewhere() -> impl Iterator<Item = &'static str> {
    let lines = ELSEWHERE.lines();
    lines.map(|line| line.split_once(": ").unwrap().1)
}

/// A call, as it is listed.
fn listed(call: &[String]) -> String {
    let line = call.join(" ");
    line.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// Something for a word that stands for others.
fn given(word: &str) -> String {
    let hash = "0".repeat(64);
    match word {
        "ACCOUNT_OF_BRUNO" | "ACCOUNT_OF_CARLA" => {
            "bolao132yw8ht5p8cetl2jmvknewjawt9xwzdlrk2pyxlnwjyqrdq0dawq2q74m3".to_owned()
        }
        "COMMAND" => "bet".to_owned(),
        "HEIGHT" => "812".to_owned(),
        "HEIGHT:HASH" => format!("812:{hash}"),
        "ID" | "KEY" => hash,
        "TOKEN" => format!("ana.relay.example.org/{}", "A".repeat(43)),
        "YOU" => "ana".to_owned(),
        _ => word.to_owned(),
    }
}

/// The calls of programs in a text of the shell's, or why it is none.
fn calls(bin: &Path, typed: &str) -> Result<Vec<Vec<String>>, String> {
    let log = bin.join("calls");
    fs::write(&log, "").unwrap();
    let output = std::process::Command::new("/bin/sh")
        .args(["-ec", &typed.replace("words.txt", "/dev/null")])
        .current_dir(bin)
        .env_clear()
        .envs([("PATH", bin), ("HOME", bin), ("CALLS", &log)])
        .env("CDPATH", ROOT)
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let log = fs::read_to_string(log).unwrap();
    let words = |call: &str| call.split_terminator('\u{1f}').map(str::to_owned).collect();
    Ok(log.split_terminator('\u{1e}').map(words).collect())
}

/// The mistake in a call. A command that is only named may lack what it needs.
fn mistake(call: &[String], is_named: bool) -> Option<String> {
    let (program, words) = call.split_first()?;
    let missing = match program.as_str() {
        "bolao" => return misread(words, is_named),
        // Of a block that is run, or beside another command.
        "curl" | "date" => None,
        "make" => {
            let targets = format!("\n{}", text("Makefile"));
            words
                .iter()
                .find(|it| !targets.contains(&format!("\n{it}:")))
        }
        "cargo" => {
            let crates = text("Cargo.lock");
            let named = words.windows(2).filter(|it| it[0] == "-p");
            let mut named = named.map(|it| &it[1]);
            named.find(|it| !crates.contains(&format!("name = \"{it}\"\n")))
        }
        "npm" => {
            let scripts: serde_json::Value =
                serde_json::from_str(&text("web/package.json")).unwrap();
            words
                .last()
                .filter(|it| !scripts["scripts"][it].is_string())
        }
        "python3" | "sh" => {
            let is_file = |it: &str| Path::new(ROOT).join(it).is_file();
            let file = words.first();
            file.filter(|it| !is_file(it) && !is_file(&format!("packaging/{it}")))
        }
        _ if elsewhere().any(|line| line == listed(call)) => {
            // The program in a container, or as another user.
            let own = words.rsplitn(2, |it| it == "bolao" || it == "/bolao");
            let own = own
                .take(1)
                .find(|own| own.len() < words.len() && !own.is_empty());
            return own.and_then(|own| misread(own, is_named));
        }
        _ => return Some("neither run nor read: list it with what it needs".to_owned()),
    };
    missing.map(|it| format!("there is no {it}"))
}

/// The mistake in a command line of this program.
fn misread(words: &[String], is_named: bool) -> Option<String> {
    let mut typed = vec!["bolao".to_owned()];
    for word in words {
        let is_value = typed.last().is_some_and(|it| it.starts_with("--"));
        // Else it says: and so on.
        if word != "…" || is_value {
            typed.push(given(word));
        }
    }
    let ends_in_flag = words.last().is_some_and(|it| it.starts_with("--"));
    let typed: Vec<OsString> = typed.into_iter().map(|it| as_now(it.into())).collect();
    let error = read(&typed).err()?;
    let is_fine = match error.kind() {
        ErrorKind::DisplayHelp => true,
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => is_named,
        ErrorKind::InvalidValue => is_named && ends_in_flag,
        _ => false,
    };
    (!is_fine).then(|| error.to_string())
}

fn has_flag(command: &clap::Command, flag: &str) -> bool {
    let own = command
        .get_arguments()
        .any(|it| it.get_long() == Some(flag));
    own || command.get_subcommands().any(|it| has_flag(it, flag))
}

/// The mistake in a flag or a path that stands without a command.
fn astray(span: &str) -> Option<String> {
    if span.starts_with("--") {
        let mut flags = span
            .split([' ', '='])
            .filter_map(|it| it.strip_prefix("--"));
        let unknown = flags.find(|it| !has_flag(&command(), it))?;
        return Some(format!("no command has --{unknown}"));
    }
    let is_path = !span.contains(' ') && FOLDERS.split(' ').any(|it| span.starts_with(it));
    let path = span.split("NAME").next()?;
    (is_path && !Path::new(ROOT).join(path).exists()).then(|| "there is no such file".to_owned())
}

#[test]
fn commands_of_the_documents_are_those_of_the_programs() {
    let bin = tempfile::tempdir().unwrap();
    let stand_in = bin.path().join("stand-in");
    let notes = r#"printf '%s\037' "${0##*/}" "$@" >> "$CALLS"; printf '\036' >> "$CALLS""#;
    fs::write(&stand_in, format!("#!/bin/sh\n{notes}\n")).unwrap();
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
    for program in PROGRAMS.split(' ') {
        symlink(&stand_in, bin.path().join(program)).unwrap();
    }
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for document in DOCUMENTS.split(' ') {
        let (blocks, mut prose) = blocks::read(&text(document));
        let mut typed = Vec::new();
        for block in blocks {
            match block.language.as_str() {
                "sh" => {
                    prose.extend(["\n\n", &block.text]);
                    typed.push((block.text, false));
                }
                "" | "ini" | "text" | "yaml" => {}
                other => wrong.push(format!(
                    "{document}: {}: commands are in `sh`, not `{other}`",
                    block.heading
                )),
            }
        }
        for span in blocks::spans(&prose) {
            let program = span.split(' ').find(|it| !it.contains('='));
            if program.is_some_and(|it| PROGRAMS.split(' ').any(|program| program == it)) {
                typed.push((span, true));
            } else if let Some(why) = astray(&span) {
                wrong.push(format!("{document}: `{span}`: {why}"));
            }
        }
        for (typed, is_named) in typed {
            let calls = calls(bin.path(), &typed).unwrap_or_else(|why| {
                wrong.push(format!("{document}: `{typed}`: {why}"));
                Vec::new()
            });
            for call in calls {
                if let Some(why) = mistake(&call, is_named) {
                    wrong.push(format!("{document}: `{}`: {why}", call.join(" ")));
                }
                seen.insert(listed(&call));
            }
        }
    }
    let gone = elsewhere().filter(|line| !seen.contains(*line));
    wrong.extend(
        gone.map(|line| format!("no document has `{line}` any more: take it off the list")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
