//! Backups that were cut off, and backups of which single bits are others: each is refused in a sentence, or restored.
//!
//! `BOLAO_ARCHIVES` says how many of each kind.

use std::{fs, path::Path, time::Instant};

use rand::RngExt as _;

use super::{given, row::Row};
use crate::{
    backup::{backed_up, contents},
    support::{run, temp},
    voting::in_home,
};

const ARCHIVES: usize = 200;

/// Restores a file, and says what was wrong with that, and whether it was refused.
fn restored(file: &Path, home: &Path) -> (Vec<String>, bool) {
    let output = run(in_home(home, &["restore", &file.display().to_string()]));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut wrong = Vec::new();
    if said.contains("panicked") {
        wrong.push(format!("a panic: {said}"));
    }
    let is_refused = !output.status.success();
    if is_refused {
        if output.status.code() != Some(1) || said.trim_end().lines().count() != 1 {
            wrong.push(format!("{}: {said}", output.status));
        }
        if home.exists() {
            wrong.push("a home is left of what was refused".to_owned());
        }
    } else if !run(in_home(home, &["audit"])).status.success() {
        wrong.push("restored, but its audit is not clean".to_owned());
    }
    let _ = fs::remove_dir_all(home);
    (wrong, is_refused)
}

#[ignore = "part of make faults"]
#[tokio::test(flavor = "multi_thread")]
async fn broken_archives() {
    let dir = temp();
    let (_, good) = backed_up(dir.path(), &[]).await;
    let good = fs::read(good).unwrap();
    let inside = dir.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let (file, home) = (inside.join("backup.tar"), inside.join("home"));
    let mut row = Row::new(
        "archives",
        "backups cut off at any place, and with a flipped bit at any place; until refused or restored",
    );
    let (count, mut refused) = (given("BOLAO_ARCHIVES", ARCHIVES), 0);
    let before = contents(dir.path());
    for number in 0..2 * count {
        let at = rand::rng().random_range(0..good.len());
        let mut bytes = good.clone();
        let what = if number % 2 == 0 {
            bytes.truncate(at);
            format!("cut off at {at}")
        } else {
            let bit = rand::rng().random_range(0..8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at}")
        };
        fs::write(&file, bytes).unwrap();
        let began = Instant::now();
        let (wrong, is_refused) = restored(&file, &home);
        row.took(began.elapsed());
        refused += usize::from(is_refused);
        for wrong in wrong {
            row.broke(format!("{what}: {wrong}"));
        }
    }
    if contents(dir.path()) != before || contents(&inside).len() != 1 {
        row.broke("something was written outside of the home".to_owned());
    }
    row.note(format!("{refused} refused of {}", 2 * count));
    row.end(None).check();
}
