#![allow(clippy::unwrap_used)]

use super::*;

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn relay() -> Place {
    "relay.example".parse().unwrap()
}

fn opened() -> (tempfile::TempDir, PathBuf, Labels) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("labels.json");
    let labels = Labels::open(&path).unwrap();
    (home, path, labels)
}

#[test]
fn the_token_is_not_in_the_file_and_nobody_else_reads_it() {
    let (_home, path, labels) = opened();
    let token = labels.add(label("ana"), relay()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&token.secret.to_string()), "{text}");
    assert!(text.contains(&hex::encode(token.secret.hash())), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_token_belongs_to_the_first_key() {
    let (_home, path, labels) = opened();
    let token = labels.add(label("ana"), relay()).unwrap();
    assert_eq!(labels.list().unwrap().first().unwrap().key, None);
    labels.admit(token.secret, [1; 32]).unwrap();
    let again = Labels::open(&path).unwrap();
    for labels in [&labels, &again] {
        assert_eq!(
            labels.admit(token.secret, [1; 32]).unwrap().label,
            label("ana")
        );
        let other = labels.admit(token.secret, [2; 32]).unwrap_err();
        assert!(matches!(other, NotAdmitted::Key(_)), "{other}");
        let unknown = labels.admit(Secret::random(), [1; 32]).unwrap_err();
        assert!(matches!(unknown, NotAdmitted::Token), "{unknown}");
    }
}

/// Browsers keep players' keys for the name of a page: the next home of the name could read them.
#[test]
fn a_name_that_a_home_used_is_nobody_elses_for_a_year() {
    let (_home, path, labels) = opened();
    for name in ["ana", "bruno"] {
        let token = labels.add(label(name), relay()).unwrap();
        if name == "ana" {
            labels.admit(token.secret, [1; 32]).unwrap();
        }
        labels.remove(&label(name)).unwrap();
    }
    // Nobody had a page at that one.
    labels.add(label("bruno"), relay()).unwrap();
    let again = Labels::open(&path).unwrap();
    let reserved = again.add(label("ana"), relay()).unwrap_err();
    assert!(matches!(reserved, LabelsError::Reserved(_)), "{reserved}");
    assert!(reserved.to_string().contains("--reuse ana"), "{reserved}");
    again.add_again(label("ana"), relay()).unwrap();
    again.remove(&label("ana")).unwrap();

    let kept = path.with_extension("removed.json");
    let text = fs::read_to_string(&kept).unwrap();
    let year = &text[text.find("20").unwrap()..][..4];
    let before = (year.parse::<u32>().unwrap() - 2).to_string();
    fs::write(&kept, text.replace(year, &before)).unwrap();
    again.add(label("ana"), relay()).unwrap();
}

#[test]
fn what_another_program_changes_is_seen() {
    let (_home, path, running) = opened();
    let command = Labels::open(&path).unwrap();
    let token = command.add(label("ana"), relay()).unwrap();
    running.admit(token.secret, [1; 32]).unwrap();
    command.remove(&label("ana")).unwrap();
    running.look().unwrap();
    assert_eq!(running.get(&label("ana")), None);
    let gone = running.admit(token.secret, [1; 32]).unwrap_err();
    assert!(matches!(gone, NotAdmitted::Token), "{gone}");
    assert!(matches!(
        command.remove(&label("ana")),
        Err(LabelsError::Unknown(_))
    ));
}

#[test]
fn neither_program_undoes_what_the_other_wrote() {
    let (_home, path, running) = opened();
    let command = Labels::open(&path).unwrap();
    running.add(label("ana"), relay()).unwrap();
    command.add(label("bruno"), relay()).unwrap();
    running.charge(&[(label("ana"), 7)]).unwrap();
    running.charge(&[(label("ana"), 8)]).unwrap();
    let list = command.list().unwrap();
    let used: Vec<_> = list.iter().map(GivenLabel::used_now).collect();
    assert_eq!(used, [15, 0]);
}

#[test]
fn traffic_counts_by_the_month() {
    let (_home, path, labels) = opened();
    labels.add(label("ana"), relay()).unwrap();
    labels.charge(&[(label("ana"), 7)]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace(&this_month(), "2001-01-of-before")).unwrap();
    labels.look().unwrap();
    assert_eq!(labels.get(&label("ana")).unwrap().used_now(), 0);
    labels.charge(&[(label("ana"), 5)]).unwrap();
    assert_eq!(labels.get(&label("ana")).unwrap().used_now(), 5);
}

#[test]
fn labels_are_given_once_and_not_without_end() {
    let (_home, _path, labels) = opened();
    for number in 0..MOST_LABELS {
        labels.add(label(&format!("n{number}")), relay()).unwrap();
    }
    let taken = labels.add(label("n1"), relay());
    assert!(matches!(taken, Err(LabelsError::Taken(_))));
    let full = labels.add(label("one-more"), relay());
    assert!(matches!(full, Err(LabelsError::Full)));
}

#[test]
fn a_damaged_file_is_named_and_left_alone() {
    let (_home, path, labels) = opened();
    let token = labels.add(label("ana"), relay()).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let inner = good.trim().trim_matches(['[', ']']);
    let twice = format!("[{inner},{inner}]");
    let reserved = good.replace("\"ana\"", "\"www\"");
    for bad in ["", "{}", "[7]", &twice, &reserved] {
        fs::write(&path, bad).unwrap();
        let error = Labels::open(&path).unwrap_err().to_string();
        assert!(error.contains("labels.json"), "{error}");
        assert!(error.contains("restore a copy"), "{error}");
        assert!(labels.add(label("bruno"), relay()).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), bad);
        // A relay that runs goes on with what it knows.
        labels.look().unwrap_err();
        labels.look().unwrap();
        assert!(labels.get(&label("ana")).is_some());
    }
    fs::write(&path, &good).unwrap();
    labels.admit(token.secret, [1; 32]).unwrap();
}
