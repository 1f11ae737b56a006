//! Why a body of JSON cannot be read, in words that a person knows: none of the parser's, and no name of a type.

use serde_json::error::Category;

/// The most of it that is said, in characters: a body may hold a long text in a wrong place.
const SAID: usize = 300;

/// Says what is wrong with a body, and where.
pub fn unreadable(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof if error.column() == 0 => "the body is empty".to_owned(),
        Category::Eof => format!("the body breaks off in {place}"),
        Category::Syntax | Category::Io => format!("the body is not JSON in {place}"),
        Category::Data if error.line() == 0 => unfit(error),
        Category::Data => format!("{} ({place})", unfit(error)),
    }
}

/// Says what of a body is not as it is wanted, to a person whose page has written its lines.
pub fn unfit(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let inner = format!(" at line {} column {}", error.line(), error.column());
    let said = plain(said.strip_suffix(&inner).unwrap_or(&said));
    said.chars().take(SAID).collect()
}

/// The deserializer's words, made plain. A place in the document may stand before them.
fn plain(said: &str) -> String {
    let after = |words: &str| said.split_once(words);
    if let Some((place, rest)) = after("unknown field ") {
        let (name, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let name = name.trim_end_matches(", there are no fields");
        return match known.trim_start_matches("one of ") {
            "" => format!("{place}there is no field {name}"),
            known => format!("{place}there is no field {name}, only {known}"),
        };
    }
    if let Some((place, name)) = after("missing field ") {
        return format!("{place}the field {name} is missing");
    }
    if let Some((place, name)) = after("duplicate field ") {
        return format!("{place}the field {name} stands twice");
    }
    if let Some((place, rest)) = after("unknown variant ") {
        let (name, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let name = name.trim_end_matches(", there are no variants");
        let known = known.trim_start_matches("one of ");
        return format!("{place}got {name}, wanted {known}");
    }
    if let Some((place, _)) = after("data did not match any variant of untagged enum") {
        return format!("{place}wanted another form");
    }
    let (got, form) = match said.rsplit_once(", expected ") {
        Some(both) => both,
        None => match said.rsplit_once(", wanted ") {
            Some(both) => both,
            None => return said.to_owned(),
        },
    };
    for begin in ["invalid type: ", "invalid value: "] {
        if let Some((place, got)) = got.split_once(begin) {
            return format!("{place}got {}, wanted {}", thing(got), wanted(form));
        }
    }
    match got.split_once("invalid length ") {
        Some((place, length)) => format!("{place}got {length} entries, wanted {}", wanted(form)),
        None => format!("{got}, wanted {}", wanted(form)),
    }
}

/// The thing that was found.
fn thing(got: &str) -> &str {
    match got {
        "map" => "an object",
        "sequence" => "a list",
        "unit value" => "nothing",
        _ => ["integer ", "floating point ", "boolean ", "string "]
            .iter()
            .find_map(|kind| got.strip_prefix(kind))
            .unwrap_or(got),
    }
}

/// The form that was wanted.
fn wanted(form: &str) -> &str {
    let bare = form.trim_start_matches("a ").trim_start_matches("an ");
    let bare = bare.trim_start_matches("borrowed ");
    match bare.split(' ').next().unwrap_or_default() {
        "struct" | "map" | "internally" | "adjacently" => "an object",
        "sequence" | "array" | "tuple" => "a list",
        "string" | "str" | "identifier" => "a text",
        "boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "enum" | "variant" | "newtype" | "unit" | "option" => "another form",
        _ => form,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, and not looked at")]
    struct InnerName {
        count: u16,
        #[serde(default)]
        anyway: bool,
        #[serde(default)]
        form: Form,
        #[serde(default)]
        either: Either,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Form {
        #[default]
        Plain,
        Other,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "read, and not looked at")]
    enum Either {
        Number(u8),
        List(Vec<u8>),
    }

    impl Default for Either {
        fn default() -> Self {
            Self::Number(0)
        }
    }

    #[test]
    fn no_inner_words() {
        for (text, said) in [
            ("7", "got `7`, wanted an object (line 1, column 1)"),
            ("[]", "got 0 entries, wanted an object (line 1, column 2)"),
            (
                r#"{"count": "x"}"#,
                r#"got "x", wanted a whole number (line 1, column 13)"#,
            ),
            (
                r#"{"count": []}"#,
                "got a list, wanted a whole number (line 1, column 10)",
            ),
            (
                r#"{"count": 70000}"#,
                "got `70000`, wanted a whole number (line 1, column 15)",
            ),
            (
                "{\"count\": 1,\n \"anyway\": 2}",
                "got `2`, wanted true or false (line 2, column 12)",
            ),
            (
                r#"{"count": 1, "form": "odd"}"#,
                "got `odd`, wanted `plain` or `other` (line 1, column 26)",
            ),
            (
                r#"{"count": 1, "either": {}}"#,
                "wanted another form (line 1, column 26)",
            ),
            (
                r#"{"other": 1}"#,
                "there is no field `other`, only `count`, `anyway`, `form`, `either` (line 1, column 8)",
            ),
            (
                r#"{"count": 1, "count": 1}"#,
                "the field `count` stands twice (line 1, column 20)",
            ),
            ("{}", "the field `count` is missing (line 1, column 2)"),
            ("", "the body is empty"),
            (r#"{"count""#, "the body breaks off in line 1, column 8"),
            ("x", "the body is not JSON in line 1, column 1"),
            (
                r#"{"count": 1} x"#,
                "the body is not JSON in line 1, column 14",
            ),
        ] {
            let error = serde_json::from_str::<InnerName>(text).unwrap_err();
            assert_eq!(unreadable(&error), said, "{text}");
        }
        let deep = serde_json::from_str::<serde_json::Value>(&"[".repeat(500)).unwrap_err();
        let said = unreadable(&deep);
        assert!(said.starts_with("the body is not JSON in line 1"), "{said}");
        let long = format!(r#"{{"count": "{}"}}"#, "x".repeat(5_000));
        let error = serde_json::from_str::<InnerName>(&long).unwrap_err();
        assert!(unreadable(&error).len() < 400);
    }
}
