//! Messages, as they are sent.

/// A message in the words and the form of its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ChatMessage {
    /// The heading.
    pub(super) title: String,
    /// The lines below it.
    pub(super) body: String,
}

impl ChatMessage {
    /// With the page's address as the last line.
    pub(super) fn new(title: String, lines: Vec<String>, page: Option<&str>) -> Self {
        let lines = lines.iter().map(String::as_str).chain(page);
        Self {
            title,
            body: lines.collect::<Vec<_>>().join("\n"),
        }
    }
}
