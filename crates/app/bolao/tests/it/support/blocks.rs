//! The parts of a document that its reader types: blocks of commands, and what stands between backticks.

/// A fenced block, the heading that it stands under, and its language.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) heading: String,
    pub(crate) language: String,
    pub(crate) text: String,
}

/// The blocks of a document, and all between them.
pub(crate) fn read(document: &str) -> (Vec<Block>, String) {
    let (mut blocks, mut prose, mut heading) = (Vec::new(), String::new(), "");
    for (at, part) in document.split("\n```").enumerate() {
        if at % 2 == 0 {
            let mut above = part.lines().rev();
            heading = above.find(|line| line.starts_with('#')).unwrap_or(heading);
            prose.push_str(part);
        } else {
            let (language, text) = part.split_once('\n').unwrap_or((part, ""));
            blocks.push(Block {
                heading: heading.trim_start_matches(['#', ' ']).to_owned(),
                language: language.to_owned(),
                text: format!("{text}\n"),
            });
        }
    }
    (blocks, prose)
}

/// All that stands between backticks, each on one line.
pub(crate) fn spans(prose: &str) -> Vec<String> {
    let paragraphs = prose.split("\n\n");
    let spans = paragraphs.flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2));
    let words = spans.map(|span| span.split_whitespace().collect::<Vec<_>>());
    words
        .map(|words| words.join(" ").replace(r"\|", "|"))
        .collect()
}
