use super::*;

const TEXT: &str = "\
# The head.
pairs = [
    \"a = b\", # beside a
    # above c
    \"c = d\", # beside c
    \"e = f\", # beside e
]
";

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|&it| it.to_owned()).collect()
}

fn doc(text: &str) -> (DocumentMut, Array) {
    let doc: DocumentMut = text.parse().unwrap();
    let array = doc["pairs"].as_array().unwrap().clone();
    (doc, array)
}

#[test]
fn what_came_and_what_went_fail() {
    let (_, array) = doc(TEXT);
    assert_eq!(
        differs(&array, &set(&["a = b", "c = d", "e = f"]), ""),
        None
    );
    let said = differs(&array, &set(&["a = b", "c = d", "x = y"]), "mend it").unwrap();
    assert!(said.contains("New, mend it: [\n    \"x = y\""), "{said}");
    assert!(
        said.contains("No longer so, take it off the list: [\n    \"e = f\""),
        "{said}"
    );
    let (_, twice) = doc("pairs = [\"a\", \"a\"]");
    assert!(differs(&twice, &set(&["a"]), "").is_some());
}

#[test]
fn entries_that_stay_keep_their_comments() {
    let refilled = |found: &[&str]| {
        let (mut doc, _) = doc(TEXT);
        refill(doc["pairs"].as_array_mut().unwrap(), &set(found));
        doc.to_string()
    };
    assert_eq!(refilled(&["a = b", "c = d", "e = f"]), TEXT);
    let wanted = "\
# The head.
pairs = [
    \"b = b\",
    # above c
    \"c = d\", # beside c
]
";
    assert_eq!(refilled(&["b = b", "c = d"]), wanted);
    assert_eq!(refilled(&[]), "# The head.\npairs = []\n");
}

#[test]
fn nothing_is_written_unless_asked_for() {
    assert!(!is_writing(None, false) && !is_writing(None, true));
    assert!(is_writing(Some("write"), false));
}

#[test]
#[should_panic(expected = "in CI")]
fn nothing_is_written_in_ci() {
    is_writing(Some("write"), true);
}
