//! `house.toml`: lists and figures that must be exactly what the source has.
//!
//! Something new fails, and so does an entry that no longer holds: it is taken off in the commit that saves. `BOLAO_HOUSE=write` brings
//! lists and figures up to date, and keeps the comments of entries that stay. It writes what grew, too, so read the difference.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fs::OpenOptions,
    io::{self, Read as _, Seek as _, Write as _},
};

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::root;

/// A table of `house.toml`, and an entry of it.
pub(crate) type Key = [&'static str; 2];

const KEYS: [Key; 13] = [
    ["toll", "since"],
    ["toll", "over"],
    ["mirrors", "pairs"],
    ["circles", "groups"],
    ["circles", "layers"],
    ["circles", "arrows_up"],
    ["concepts", "types"],
    ["concepts", "shared_names"],
    ["parts", "of"],
    ["parts", "signatures"],
    ["kinds", "home"],
    ["kinds", "files"],
    ["rules", "in_app"],
];

/// Holds a list to what the source has.
pub(crate) fn is_list(key: Key, found: &BTreeSet<String>, advice: &str) {
    hold(|doc| {
        let array = item(doc, key).as_array_mut().unwrap();
        let said = differs(array, found, advice);
        refill(array, found);
        said
    });
}

/// Holds a list to what the source has, to which only people add: `BOLAO_HOUSE=write` only changes what follows the `:` of an entry.
pub(crate) fn is_list_by_hand(key: Key, found: &BTreeSet<String>, advice: &str) {
    let name = |entry: &str| entry.split(':').next().unwrap_or_default().to_owned();
    let listed: BTreeSet<_> = words(key).iter().map(|it| name(it)).collect();
    let added: Vec<_> = found
        .iter()
        .filter(|it| !listed.contains(&name(it)))
        .collect();
    assert!(added.is_empty(), "New, {advice}: {added:#?}");
    is_list(key, found, advice);
}

/// Holds a figure to what the source has.
pub(crate) fn is_figure(key: Key, found: usize, advice: &str) {
    hold(|doc| {
        let value = item(doc, key).as_value_mut().unwrap();
        let found = i64::try_from(found).unwrap();
        let listed = value.as_integer().unwrap();
        let decor = value.decor().clone();
        *value = found.into();
        *value.decor_mut() = decor;
        (listed != found).then(|| {
            let advice = if listed < found {
                advice
            } else {
                "lower the figure"
            };
            format!("{found} instead of {listed}: {advice}")
        })
    });
}

/// The words of a list that only people write.
pub(crate) fn words(key: Key) -> Vec<String> {
    let mut words = Vec::new();
    hold(|doc| {
        words = strings(item(doc, key).as_array().unwrap());
        None
    });
    words
}

/// A word that only people write.
pub(crate) fn word(key: Key) -> String {
    let mut word = String::new();
    hold(|doc| {
        item(doc, key).as_str().unwrap().clone_into(&mut word);
        None
    });
    word
}

/// Prints a line although the test passes.
pub(crate) fn say(line: &str) {
    let line = format!("{line}\n");
    io::stdout().write_all(line.as_bytes()).unwrap();
}

fn item(doc: &mut DocumentMut, [table, key]: Key) -> &mut Item {
    doc.get_mut(table)
        .and_then(|it| it.get_mut(key))
        .unwrap_or_else(|| panic!("house.toml has no `{key}` in `[{table}]`"))
}

/// Whether to write `house.toml` rather than to fail by it.
fn is_writing(house: Option<&str>, is_ci: bool) -> bool {
    let writes = house == Some("write");
    assert!(!writes || !is_ci, "BOLAO_HOUSE=write does nothing in CI");
    writes
}

/// Lets a change of `house.toml` say what was wrong in it; then the change is written, or that is a failure. One at a time: tests of
/// several threads and processes read and write.
fn hold(change: impl FnOnce(&mut DocumentMut) -> Option<String>) {
    let writes = is_writing(
        env::var("BOLAO_HOUSE").ok().as_deref(),
        env::var_os("CI").is_some(),
    );
    let path = root().join("house.toml");
    let mut file = OpenOptions::new()
        .read(true)
        .write(writes)
        .open(path)
        .unwrap();
    if writes {
        file.lock()
    } else {
        file.lock_shared()
    }
    .unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    let mut doc: DocumentMut = text
        .parse()
        .unwrap_or_else(|error| panic!("house.toml: {error}"));
    let Some(said) = change(&mut doc) else { return };
    assert!(
        writes,
        "{said}\nBOLAO_HOUSE=write cargo test -p bolao-house brings house.toml up to date."
    );
    say(&format!("house.toml is written. {said}"));
    file.set_len(0).unwrap();
    file.rewind().unwrap();
    file.write_all(doc.to_string().as_bytes()).unwrap();
}

fn strings(array: &Array) -> Vec<String> {
    let words = array.iter().map(|it| it.as_str().unwrap().to_owned());
    words.collect()
}

/// Says how a list differs from what the source has.
fn differs(array: &Array, found: &BTreeSet<String>, advice: &str) -> Option<String> {
    let listed = strings(array);
    let sorted: BTreeSet<_> = listed.iter().cloned().collect();
    let came: Vec<_> = found.difference(&sorted).collect();
    let went: Vec<_> = sorted.difference(found).collect();
    let mut said = vec![format!("{} instead of {}.", found.len(), listed.len())];
    if !came.is_empty() {
        said.push(format!("New, {advice}: {came:#?}"));
    }
    if !went.is_empty() {
        said.push(format!("No longer so, take it off the list: {went:#?}"));
    }
    let in_order = listed.iter().eq(&sorted);
    if !in_order {
        said.push("The list is not in order, or has something twice.".to_owned());
    }
    (said.len() > 1).then(|| said.join("\n"))
}

/// The comments of an entry: those on lines above it, and the one beside it.
#[derive(Default)]
struct Comments {
    above: String,
    beside: String,
}

/// Makes a list of these words alone, in order, one a line.
fn refill(array: &mut Array, found: &BTreeSet<String>) {
    let mut kept: BTreeMap<String, Comments> = BTreeMap::new();
    let mut last = None;
    let parsed = |raw: Option<&toml_edit::RawString>| {
        raw.and_then(|it| it.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    for value in array.iter() {
        let before = parsed(value.decor().prefix());
        let (beside, above) = before.split_once('\n').unwrap_or_default();
        note_beside(&mut kept, last.as_ref(), beside);
        let name = value.as_str().unwrap().to_owned();
        let comments = kept.entry(name.clone()).or_default();
        above.trim_end_matches(' ').clone_into(&mut comments.above);
        last = Some(name);
    }
    let trailing = parsed(Some(array.trailing()));
    let beside = trailing.lines().next().unwrap_or_default();
    note_beside(&mut kept, last.as_ref(), beside);

    *array = Array::new();
    let mut beside = String::new();
    for name in found {
        let comments = kept.remove(name).unwrap_or_default();
        let prefix = format!("{beside}\n{}    ", comments.above);
        beside = comments.beside;
        array.push_formatted(Value::from(name).decorated(prefix, ""));
    }
    if !found.is_empty() {
        array.set_trailing(format!("{beside}\n"));
        array.set_trailing_comma(true);
    }
}

fn note_beside(kept: &mut BTreeMap<String, Comments>, name: Option<&String>, beside: &str) {
    if let Some(comments) = name.and_then(|name| kept.get_mut(name)) {
        beside.trim_end().clone_into(&mut comments.beside);
    }
}

#[test]
fn every_entry_of_the_house_is_measured() {
    hold(|doc| {
        let tables = doc.iter().flat_map(|(table, entries)| {
            let entries = entries.as_table().into_iter().flatten();
            entries.map(move |(key, _)| format!("{table}.{key}"))
        });
        let known: BTreeSet<_> = KEYS.iter().map(|key| key.join(".")).collect();
        assert_eq!(tables.collect::<BTreeSet<_>>(), known);
        None
    });
}

#[cfg(test)]
mod tests;
