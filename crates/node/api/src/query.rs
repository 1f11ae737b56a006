//! What is wrong with a query, in a sentence that names the parameter.

/// The beginning of axum's message.
const PREFIX: &str = "Failed to deserialize query string: ";
/// The most of it that is answered, in characters: a query may be long.
const SAID: usize = 300;

/// Says in plain words what the deserializer says.
pub(crate) fn said(text: &str) -> String {
    let text = text.strip_prefix(PREFIX).unwrap_or(text);
    let plain = if let Some((_, unknown)) = text.split_once("unknown field ") {
        let (name, known) = unknown.split_once(", expected ").unwrap_or((unknown, ""));
        let known = known.trim_start_matches("one of ");
        format!("the query has a parameter {name}, wanted only {known}")
    } else if let Some((_, missing)) = text.split_once("missing field ") {
        format!("the query lacks the parameter {missing}")
    } else if let Some((_, twice)) = text.split_once("duplicate field ") {
        format!("the query has the parameter {twice} twice, wanted once")
    } else if let Some((name, why)) = text.split_once(": ") {
        format!("`{name}`: {}", wanted(why))
    } else {
        format!("the query cannot be read: {text}")
    };
    plain.chars().take(SAID).collect()
}

fn wanted(why: &str) -> String {
    match why {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "wanted a whole number".to_owned()
        }
        "number too large to fit in target type" => "wanted a smaller number".to_owned(),
        "provided string was not `true` or `false`" => "wanted true or false".to_owned(),
        _ => why
            .replace("unknown variant ", "got ")
            .replace("expected ", "wanted "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words() {
        for (text, plain) in [
            (
                "Failed to deserialize query string: round: unknown field `round`, expected one of `stage`, `from`",
                "the query has a parameter `round`, wanted only `stage`, `from`",
            ),
            (
                "Failed to deserialize query string: unknown field `x`, expected `cursor` or `limit`",
                "the query has a parameter `x`, wanted only `cursor` or `limit`",
            ),
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "`limit`: wanted a whole number",
            ),
            (
                "Failed to deserialize query string: dry_run: provided string was not `true` or `false`",
                "`dry_run`: wanted true or false",
            ),
            (
                "Failed to deserialize query string: state: unknown variant `maybe`, expected `confirmed` or `pending`",
                "`state`: got `maybe`, wanted `confirmed` or `pending`",
            ),
            (
                "Failed to deserialize query string: missing field `account`",
                "the query lacks the parameter `account`",
            ),
            (
                "Failed to deserialize query string: duplicate field `limit`",
                "the query has the parameter `limit` twice, wanted once",
            ),
        ] {
            assert_eq!(said(text), plain);
        }
        assert!(said(&format!("unknown field `{}`", "x".repeat(9_000))).len() < 400);
    }
}
