//! Tables on narrow terminals.
//!
//! No row takes more than two lines and no word is broken, if that can be: columns that can be spared are left out for it, one
//! after another. Where that does not help either, as many lines are taken as are needed.

use comfy_table::{Cell, Column, ColumnConstraint, Table, Width};
use textwrap::core::display_width;

/// Lines that a row may take.
const LINES: usize = 2;

/// Keeps the cells of a column on one line each.
pub fn unbroken(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
}

/// Leaves a column out, which says nothing.
pub fn hide(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_constraint(ColumnConstraint::Hidden);
    }
}

/// Leaves those of these columns out that are empty in all rows.
pub fn hide_empty(table: &mut Table, columns: &[usize]) {
    for column in columns {
        let mut cells = table.row_iter().map(|row| row.cell_iter().nth(*column));
        if cells.all(|cell| cell.is_none_or(|cell| cell.content().is_empty())) {
            hide(table, *column);
        }
    }
}

/// Says which columns were left out of a table, if any were.
pub(crate) fn left_out(table: &Table, hidden: &[usize]) -> Option<String> {
    let names = headings(table, hidden);
    if names.is_empty() {
        return None;
    }
    let code = if names.iter().any(|name| name == "Code") {
        " A match's number works as well as its code."
    } else {
        ""
    };
    Some(format!(
        "Left out, because the terminal is narrow: {}.{code}",
        names.join(", ")
    ))
}

fn headings(table: &Table, columns: &[usize]) -> Vec<String> {
    let header = table.header();
    let cells = columns.iter().filter_map(|at| header?.cell_iter().nth(*at));
    cells.map(Cell::content).collect()
}

/// Gives each column a width in which its cells have room; which columns are left out for that. These can be spared, the first of
/// them first.
pub(crate) fn fit(table: &mut Table, spare: &[usize], width: usize) -> Vec<usize> {
    let is_shown = |at: &&usize| table.column(**at).is_some_and(|it| !it.is_hidden());
    let spare: Vec<usize> = spare.iter().filter(is_shown).copied().collect();
    for lines in [LINES, usize::MAX] {
        let columns = table.column_iter().enumerate();
        let narrowest: Vec<usize> = columns
            .map(|(at, column)| narrowest(table, column, at, lines))
            .collect();
        for left_out in (0..=spare.len()).filter_map(|count| spare.get(..count)) {
            if needed(&narrowest, left_out) <= width {
                apply(table, &narrowest, left_out);
                return left_out.to_vec();
            }
        }
    }
    Vec::new()
}

/// The least width of a column in which no word is broken and no cell takes more lines than these; 0 for one that is hidden.
fn narrowest(table: &Table, column: &Column, at: usize, lines: usize) -> usize {
    if column.is_hidden() {
        return 0;
    }
    let rows = table.header().into_iter().chain(table.row_iter());
    let cells: Vec<String> = rows
        .filter_map(|row| row.cell_iter().nth(at))
        .map(Cell::content)
        .collect();
    let longest = |parts: fn(&str) -> Vec<&str>| {
        let parts = cells.iter().flat_map(|cell| parts(cell));
        parts.map(display_width).max().unwrap_or(0)
    };
    let whole = longest(|text| vec![text]);
    if is_unbroken(column) {
        return whole;
    }
    let word = longest(|text| text.split_whitespace().collect());
    let fits = |width: &usize| {
        let mut cells = cells.iter();
        cells.all(|cell| textwrap::wrap(cell, *width).len() <= lines)
    };
    (word..whole).find(fits).unwrap_or(whole)
}

/// Gives the width of a table with these widths: each column has blanks on both sides and a line.
fn needed(widths: &[usize], left_out: &[usize]) -> usize {
    let shown = widths.iter().enumerate();
    shown
        .filter(|(at, width)| **width > 0 && !left_out.contains(at))
        .fold(1, |sum, (_, width)| sum + width + 3)
}

fn apply(table: &mut Table, widths: &[usize], left_out: &[usize]) {
    for (at, (column, width)) in table.column_iter_mut().zip(widths).enumerate() {
        if left_out.contains(&at) {
            column.set_constraint(ColumnConstraint::Hidden);
        } else if !is_unbroken(column)
            && let (1.., Ok(width)) = (*width, u16::try_from(width + 2))
        {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
}

fn is_unbroken(column: &Column) -> bool {
    column.constraint() == Some(&ColumnConstraint::ContentWidth)
}

#[cfg(test)]
mod tests {
    use comfy_table::{ContentArrangement, presets};

    use super::*;

    const CODE: usize = 1;
    const STATUS: usize = 4;

    fn long() -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.force_no_tty();
        table.set_header(["No", "Code", "Match", "Kick-off", "Status"]);
        table.add_row([
            "1",
            "MD1-BorussiaMon-Wolverhampt-b5gp",
            "Borussia Mönchengladbach – Wolverhampton Wanderers",
            "14 Jun 2030 20:45",
            "open, 1300 days",
        ]);
        table
    }

    fn widest(shown: &str) -> usize {
        let widths = shown.lines().map(|line| line.chars().count());
        widths.max().unwrap_or(0)
    }

    #[test]
    fn a_row_has_two_lines_and_whole_words_where_that_can_be() {
        for (width, left_out, lines) in [
            (200, &[][..], 1),
            (102, &[], 2),
            (80, &[CODE], 2),
            (62, &[CODE], 2),
            (50, &[CODE, STATUS], 2),
            (38, &[CODE, STATUS], 4),
        ] {
            let mut table = long();
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
            assert_eq!(fit(&mut table, &[CODE, STATUS], width), left_out, "{width}");
            let shown = table.trim_fmt();
            assert!(shown.contains("Mönchengladbach"), "{shown}");
            assert!(shown.contains("Wolverhampton"), "{shown}");
            assert_eq!(shown.contains("b5gp"), left_out.is_empty(), "{shown}");
            assert!(widest(&shown) <= width, "{width}\n{shown}");
            // Three lines are around the rows, and one is the header's.
            assert_eq!(shown.lines().count() - 4, lines, "{width}\n{shown}");
        }
        assert!(fit(&mut long(), &[CODE], 20).is_empty());
        let mut empty = long();
        empty.add_row(["2", "", "", "", ""]);
        hide_empty(&mut empty, &[0, 1]);
        assert!(fit(&mut empty, &[], 200).is_empty());
        assert!(empty.trim_fmt().contains("b5gp"));
        let mut table = long();
        table.set_header(["No", "Code", "Match", "Kick-off", "Status", "Score"]);
        table.add_row(["2", "", "", "", "", ""]);
        hide_empty(&mut table, &[5]);
        assert!(!table.trim_fmt().contains("Score"));
        let names = headings(&long(), &[CODE, STATUS]);
        assert_eq!(names, ["Code", "Status"]);
    }

    #[test]
    fn what_is_to_stand_on_one_line_does() {
        let mut table = long();
        unbroken(&mut table, 3);
        table.set_width(80);
        assert_eq!(fit(&mut table, &[CODE], 80), [CODE]);
        let shown = table.trim_fmt();
        assert!(shown.contains("14 Jun 2030 20:45"), "{shown}");
        assert!(widest(&shown) <= 80, "{shown}");
    }
}
