//! Toll: what a feature costs in files that were there before it. It is counted in git from `since` in `house.toml` on: a feature is all
//! commits with a trailer `Feature: NAME`.
//!
//! Counted are sources of the program and the page that its commits change and that none of its commits brought. Tests, snapshots,
//! vectors, texts and documents are left out. A renamed file is the file that it was. More than ten files are too many, and so are
//! more than three that change by three lines or fewer, added and removed, in all commits together: such a file only passes something
//! on. A feature over that is not done until its seam is mended, or stands in `over` with its figures, by hand and with the reason.
//!
//! No renaming satisfies this. A commit without its trailer does, and so does a larger change of a file that three lines would do for.
//! Without history, in a shallow clone or an unpacked archive, nothing is counted, and the test says so.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    process::Command,
};

use crate::{lists, root};

/// The most files that a feature may change.
const FILES: usize = 10;
/// The most of them that it may change by a few lines.
const SLIGHT: usize = 3;
/// The most lines that are few.
const FEW_LINES: u64 = 3;

const ENDINGS: [&str; 8] = ["rs", "ts", "tsx", "css", "sh", "py", "js", "mjs"];
/// Folders of what is no source of the program.
const BESIDE: [&str; 14] = [
    "benches",
    "data",
    "docs",
    "e2e",
    "examples",
    "fuzz",
    "locales",
    "packaging",
    "recordings",
    "reference",
    "snapshots",
    "test",
    "tests",
    "vectors",
];

#[test]
fn no_feature_changes_many_files() {
    let tolls = match tolls(&root(), &lists::word(["toll", "since"])) {
        Ok(tolls) => tolls,
        Err(why) => return lists::say(&format!("toll: not counted: {why}")),
    };
    if tolls.is_empty() {
        lists::say("toll: no commit since then has a trailer `Feature: NAME`");
    }
    let mut over = BTreeSet::new();
    let mut files = String::new();
    for (name, toll) in &tolls {
        lists::say(&format!("toll of {name}: {toll}"));
        if toll.is_over() {
            over.insert(format!("{name}: {toll}"));
            files += &toll.by_file(name);
        }
    }
    let advice =
        format!("move code first, so that the feature has one place, and build then.\n{files}");
    lists::is_list_by_hand(["toll", "over"], &over, &advice);
}

/// What one feature costs.
#[derive(Debug, Default)]
struct Toll {
    commits: usize,
    /// Lines that change, by the files that were there before, under the names that they had then.
    files: BTreeMap<String, u64>,
    brought: BTreeSet<String>,
    /// The first name of files that were renamed.
    names: BTreeMap<String, String>,
}

impl Toll {
    /// Adds a commit: files with the lines that change, under their names before and after, and the files that are new.
    fn add(&mut self, changes: Vec<Change>, added: &BTreeSet<String>) {
        self.commits += 1;
        for Change {
            before,
            after,
            lines,
        } in changes
        {
            let first = self.names.get(&before).unwrap_or(&before).clone();
            if after != before {
                self.names.insert(after.clone(), first.clone());
            }
            if !is_source(&before) && !is_source(&after) || self.brought.contains(&first) {
                continue;
            }
            if added.contains(&after) && !self.files.contains_key(&first) {
                self.brought.insert(first);
            } else {
                *self.files.entry(first).or_default() += lines;
            }
        }
    }

    fn slight(&self) -> usize {
        self.files
            .values()
            .filter(|lines| **lines <= FEW_LINES)
            .count()
    }

    fn is_over(&self) -> bool {
        self.files.len() > FILES || self.slight() > SLIGHT
    }

    fn by_file(&self, name: &str) -> String {
        let mut files: Vec<_> = self
            .files
            .iter()
            .map(|(path, lines)| (lines, path))
            .collect();
        files.sort();
        let lines = files
            .iter()
            .map(|(lines, path)| format!("{name} {lines:5} {path}\n"));
        lines.collect()
    }
}

impl fmt::Display for Toll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (files, slight) = (self.files.len(), self.slight());
        write!(
            f,
            "{files} existing files, {slight} of them by {FEW_LINES} lines or fewer; "
        )?;
        write!(f, "{} new; {} commits", self.brought.len(), self.commits)
    }
}

/// A file that a commit changes.
struct Change {
    before: String,
    after: String,
    lines: u64,
}

fn is_source(path: &str) -> bool {
    let (dirs, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let is_test = ["test", "tests"].contains(&stem.rsplit('.').next().unwrap_or(stem));
    let is_generated = file == "schema.d.ts";
    ENDINGS.contains(&ending)
        && !is_test
        && !is_generated
        && !dirs.split('/').any(|dir| BESIDE.contains(&dir))
}

/// The toll of each feature since a commit; or why there is no history to tell.
fn tolls(dir: &Path, since: &str) -> Result<BTreeMap<String, Toll>, String> {
    git(
        dir,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            &format!("{since}^{{commit}}"),
        ],
    )
    .map_err(|why| format!("the history lacks {since}. {why}"))?;
    git(dir, &["merge-base", "--is-ancestor", since, "HEAD"])
        .unwrap_or_else(|why| panic!("{since}, `since` in house.toml, is not under HEAD. {why}"));
    let format = "--format=%H%x00%(trailers:key=Feature,valueonly,separator=%x2C)%x00%B%x00";
    let range = format!("{since}..HEAD");
    let log = git(
        dir,
        &[
            "log",
            "--reverse",
            "--topo-order",
            "--no-merges",
            format,
            &range,
        ],
    )?;
    let log: Vec<_> = log.split('\0').collect();
    let mut tolls: BTreeMap<String, Toll> = BTreeMap::new();
    for commit in log.chunks_exact(3) {
        let [commit, names, message] = [commit[0].trim(), commit[1], commit[2]];
        assert!(
            !names.is_empty() || !message.lines().any(|line| line.starts_with("Feature:")),
            "`Feature:` in commit {commit} is no trailer: these are the last lines, behind an empty one"
        );
        for name in names.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            let (changes, added) = changes(dir, commit)?;
            tolls
                .entry(name.to_owned())
                .or_default()
                .add(changes, &added);
        }
    }
    Ok(tolls)
}

fn changes(dir: &Path, commit: &str) -> Result<(Vec<Change>, BTreeSet<String>), String> {
    let tree = ["diff-tree", "--root", "--no-commit-id", "-r", "-M", "-z"];
    let show = |more: &[&str]| git(dir, &[&tree, more, &[commit]].concat());
    let added = show(&["--name-only", "--diff-filter=A"])?;
    let added = added.split_terminator('\0').map(str::to_owned).collect();
    let numbers = show(&["--numstat"])?;
    let mut fields = numbers.split_terminator('\0');
    let mut changes = Vec::new();
    while let Some(field) = fields.next() {
        let [plus, minus, path] = field.splitn(3, '\t').collect::<Vec<_>>()[..] else {
            return Err(format!("git says {field:?} of {commit}"));
        };
        // Two names follow if the file is renamed. A binary file has no lines.
        let (before, after) = match path {
            "" => (
                fields.next().unwrap_or_default(),
                fields.next().unwrap_or_default(),
            ),
            path => (path, path),
        };
        let lines = [plus, minus].map(|it| it.parse().unwrap_or(0));
        changes.push(Change {
            before: before.to_owned(),
            after: after.to_owned(),
            lines: lines.iter().sum(),
        });
    }
    Ok((changes, added))
}

/// What git answers; or what it complains of. The repository is the one that the folder is in, also within a hook of another one.
fn git(dir: &Path, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.arg("-C").arg(dir).args(args).output();
    let output = output.map_err(|error| format!("git: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests;
