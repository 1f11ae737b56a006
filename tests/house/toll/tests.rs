use std::fs;

use tempfile::TempDir;

use super::*;

/// A repository with a dozen sources of ten lines.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let made = Self(tempfile::tempdir().unwrap());
        made.git(&["init", "--quiet"]);
        for no in 0..12 {
            made.write(&format!("src/old{no}.rs"), &"let x = 1;\n".repeat(10));
        }
        made.commit("begin", "");
        made
    }

    fn git(&self, args: &[&str]) -> String {
        let who = [
            "user.name=Ana",
            "user.email=ana@example.org",
            "commit.gpgSign=false",
            "core.hooksPath=none",
        ];
        let set = who.iter().flat_map(|it| ["-c", it]);
        git(
            self.0.path(),
            &set.chain(args.iter().copied()).collect::<Vec<_>>(),
        )
        .unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds so many lines at the end of a file.
    fn grow(&self, path: &str, lines: usize) {
        let text = fs::read_to_string(self.0.path().join(path)).unwrap();
        self.write(path, &(text + &"let y = 2;\n".repeat(lines)));
    }

    fn commit(&self, subject: &str, trailer: &str) {
        self.git(&["add", "--all"]);
        self.git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            subject,
            "-m",
            trailer,
        ]);
    }

    fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    fn toll(&self, since: &str) -> Toll {
        tolls(self.0.path(), since)
            .unwrap()
            .remove("joker")
            .unwrap()
    }
}

#[test]
fn existing_files_count_and_slight_changes_too() {
    let made = Repository::new();
    let since = made.head();
    made.grow("src/old0.rs", 3);
    made.grow("src/old1.rs", 4);
    made.grow("src/old2.rs", 2);
    made.write("src/joker.rs", "fn joker() {}\n");
    for beside in [
        "src/tests.rs",
        "tests/it/joker.rs",
        "docs/joker.md",
        "web/src/locales/de.po",
        "web/src/a.test.tsx",
    ] {
        made.write(beside, "text\n");
    }
    made.commit("joker: count double", "Feature: joker");
    made.grow("src/old3.rs", 1);
    made.commit("tidy: no feature", "");
    made.grow("src/old2.rs", 2);
    made.grow("src/joker.rs", 1);
    made.commit("joker: once a round", "Feature: joker");

    let toll = made.toll(&since);
    let wanted = [("src/old0.rs", 3), ("src/old1.rs", 4), ("src/old2.rs", 4)];
    assert_eq!(
        toll.files,
        wanted.map(|(path, lines)| (path.to_owned(), lines)).into()
    );
    assert_eq!(
        toll.to_string(),
        "3 existing files, 1 of them by 3 lines or fewer; 1 new; 2 commits"
    );
    assert!(!toll.is_over());
}

#[test]
fn a_renamed_file_is_the_one_that_it_was() {
    let made = Repository::new();
    let since = made.head();
    made.git(&["mv", "src/old0.rs", "src/joker.rs"]);
    made.grow("src/joker.rs", 1);
    made.commit("joker: begin", "Feature: joker");
    made.grow("src/joker.rs", 5);
    made.write("src/new.rs", &"fn new() {}\n".repeat(9));
    made.commit("joker: go on", "Feature: joker");
    made.git(&["mv", "src/new.rs", "src/newer.rs"]);
    made.commit("joker: rename", "Feature: joker");

    let toll = made.toll(&since);
    assert_eq!(toll.files, BTreeMap::from([("src/old0.rs".to_owned(), 6)]));
    assert_eq!(toll.brought.len(), 1);
}

#[test]
fn eleven_files_are_too_many_and_so_are_four_slight_changes() {
    let made = Repository::new();
    let since = made.head();
    (0..10).for_each(|no| made.grow(&format!("src/old{no}.rs"), 4));
    made.commit("joker: ten files", "Feature: joker");
    assert!(!made.toll(&since).is_over());
    made.grow("src/old10.rs", 4);
    made.commit("joker: one more", "Feature: joker");
    assert!(made.toll(&since).is_over());

    let since = made.head();
    (0..3).for_each(|no| made.grow(&format!("src/old{no}.rs"), 3));
    made.commit("joker: three lines", "Feature: joker");
    assert!(!made.toll(&since).is_over());
    made.grow("src/old4.rs", 3);
    made.commit("joker: three more", "Feature: joker");
    assert!(made.toll(&since).is_over());
}

#[test]
fn no_history_is_said() {
    let dir = tempfile::tempdir().unwrap();
    assert!(tolls(dir.path(), "422128f2").is_err());
    let made = Repository::new();
    assert!(tolls(made.0.path(), "422128f2375953a07bfe5526f7c3c0b60d2cf12f").is_err());
    assert!(tolls(made.0.path(), &made.head()).unwrap().is_empty());
}

#[test]
#[should_panic(expected = "is no trailer")]
fn a_trailer_in_the_wrong_place_fails() {
    let made = Repository::new();
    let since = made.head();
    made.commit("joker: begin", "Feature: joker\n\nMore words behind it.");
    let _ = tolls(made.0.path(), &since);
}
