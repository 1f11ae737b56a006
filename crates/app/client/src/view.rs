//! The API's JSON as values, and what people type as parts of its paths.

use anyhow::Context as _;
use bolao_terminal::error::Usage;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The API's JSON as what a command shows of it.
pub fn as_view<T: DeserializeOwned>(value: Value) -> anyhow::Result<T> {
    serde_json::from_value(value).context(
        "this program does not know the form of the node's answer: are both the same version?",
    )
}

/// Many entries, each as what a command shows of it.
pub fn as_views<T: DeserializeOwned>(values: Vec<Value>) -> anyhow::Result<Vec<T>> {
    values.into_iter().map(as_view).collect()
}

/// A text as one segment of a path or one value of a query.
pub fn escape(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

/// Gives what somebody typed as one segment of a path. Dots alone are refused: they would mean another path.
pub fn segment(text: &str, what: &str) -> anyhow::Result<String> {
    match text.trim() {
        "" => Err(Usage(format!("got an empty text, wanted {what}")).into()),
        "." | ".." => Err(Usage(format!("got `{text}`, wanted {what}")).into()),
        _ => Ok(escape(text)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nobody_types_another_path() {
        for bad in ["", " ", ".", "..", " .. "] {
            let error = segment(bad, "a player's name or account").unwrap_err();
            assert!(error.is::<Usage>(), "{bad:?}");
        }
        assert_eq!(segment("a/b", "a name").unwrap(), "a%2Fb");
        assert_eq!(segment("...", "a name").unwrap(), "...");
    }

    #[test]
    fn segments_are_escaped() {
        assert_eq!(escape("John"), "John");
        assert_eq!(escape("a b/ç?"), "a%20b%2F%C3%A7%3F");
    }
}
