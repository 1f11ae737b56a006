//! Standard output: text and tables for people, JSON for programs.

pub(crate) use bolao_terminal::output::*;

#[cfg(test)]
pub(crate) use in_tests::{framed, piped};

#[cfg(test)]
mod in_tests {
    use comfy_table::{ContentArrangement, Table, presets};

    /// The lines of a table as a pipe gets them, for tests.
    pub(crate) fn piped(table: &Table) -> String {
        let mut table = table.clone();
        table.load_style(presets::NOTHING).force_no_tty();
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.trim_fmt()
    }

    /// The lines of a table as a terminal gets them that is wide enough, for tests.
    pub(crate) fn framed(table: &Table) -> String {
        let mut table = table.clone();
        table
            .load_style(presets::UTF8_FULL_CONDENSED)
            .force_no_tty();
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.trim_fmt()
    }
}
