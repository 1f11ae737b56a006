//! Bets from CSV: columns match, score and perhaps stake, with or without a heading, apart by commas or semicolons.

use std::path::Path;

use anyhow::{Context as _, bail};
use csv::{ReaderBuilder, StringRecord, Trim};

use crate::{betting::Wanted, input};

/// The longest file, in bytes: far more than the most matches need.
const MAX_BYTES: usize = 1 << 20;
/// Stands on a line of its own below the bets; whatever else holds it has a quotation mark that is not closed.
const END: &str = "\u{4}";
/// What the columns are called, in the order that they have without a heading.
const COLUMNS: [&str; 3] = ["match", "score", "stake"];

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path, stake: Option<u64>) -> anyhow::Result<Vec<Wanted>> {
    let name = path.display();
    let text = input::text(path, MAX_BYTES, "bets as CSV in UTF-8")?;
    let tips = tips(&text, stake).with_context(|| name.to_string())?;
    if tips.is_empty() {
        bail!("{name} has no bets: it needs lines such as `PtCh,2-1` or `PtCh,2-1,50`");
    }
    Ok(tips)
}

/// Where each column stands.
struct Columns([Option<usize>; 3]);

impl Columns {
    const PLAIN: Self = Self([Some(0), Some(1), Some(2)]);

    /// The columns of a heading; none if the line is no heading.
    fn of_heading(record: &StringRecord) -> anyhow::Result<Option<Self>> {
        let place = |name: &str| {
            record
                .iter()
                .position(|field| field.eq_ignore_ascii_case(name))
        };
        let columns = COLUMNS.map(place);
        let [Some(_), Some(_), _] = columns else {
            if columns.iter().any(Option::is_some) {
                bail!("line 1: the header must be match,score,stake, or be left out");
            }
            return Ok(None);
        };
        let unknown = record
            .iter()
            .find(|field| !COLUMNS.iter().any(|name| field.eq_ignore_ascii_case(name)));
        if let Some(unknown) = unknown {
            bail!("line 1: got the column `{unknown}`, wanted match, score and perhaps stake");
        }
        let twice = COLUMNS.iter().find(|name| {
            let named = record
                .iter()
                .filter(|field| field.eq_ignore_ascii_case(name));
            named.count() > 1
        });
        if let Some(twice) = twice {
            bail!("line 1: got the column `{twice}` twice, wanted each once");
        }
        Ok(Some(Self(columns)))
    }

    fn fields<'r>(&self, record: &'r StringRecord) -> [&'r str; 3] {
        self.0.map(|place| {
            place
                .and_then(|place| record.get(place))
                .unwrap_or_default()
        })
    }
}

fn tips(text: &str, stake: Option<u64>) -> anyhow::Result<Vec<Wanted>> {
    let text = text.trim_start_matches('\u{feff}');
    let ended = format!("{text}\n{END}\n");
    let first = text.lines().find(|line| !line.trim().is_empty());
    let semicolons = first.is_some_and(|line| line.contains(';'));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(if semicolons { b';' } else { b',' })
        .from_reader(ended.as_bytes());
    let mut columns = Columns::PLAIN;
    let mut tips = Vec::new();
    // Blank lines, which the reader passes over, are counted too.
    let (mut bytes, mut line) = ((0..).zip(ended.bytes()).peekable(), 1);
    for (index, record) in reader.records().enumerate() {
        let record = record.context("it is not CSV")?;
        let start = record.position().map_or(0, csv::Position::byte);
        let is_before = |(at, byte): &(u64, u8)| *at < start || matches!(byte, b'\r' | b'\n');
        while let Some((_, byte)) = bytes.next_if(is_before) {
            line += u64::from(byte == b'\n');
        }
        if record.iter().any(|field| field.contains(END)) {
            if record.iter().ne([END]) {
                bail!("line {line}: a quotation mark is not closed before the end of the file");
            }
            break;
        }
        if index == 0
            && let Some(named) = Columns::of_heading(&record)?
        {
            columns = named;
            continue;
        }
        let tip = one(&record, &columns, stake, line);
        tips.extend(tip.with_context(|| format!("line {line}"))?);
    }
    Ok(tips)
}

/// A line's bet; none where no score was filled in.
fn one(
    record: &StringRecord,
    columns: &Columns,
    stake: Option<u64>,
    line: u64,
) -> anyhow::Result<Option<Wanted>> {
    if record.iter().all(str::is_empty) {
        return Ok(None);
    }
    if record
        .iter()
        .skip(COLUMNS.len())
        .any(|field| !field.is_empty())
    {
        bail!(
            "got {} columns, wanted match,score or match,score,stake",
            record.len()
        );
    }
    let [code, score, chips] = columns.fields(record);
    if code.is_empty() {
        bail!("there is no match, wanted match,score such as `PtCh,2-1`");
    }
    if score.is_empty() {
        if record.len() < 2 && code.contains(char::is_whitespace) {
            let words: Vec<_> = code.split_whitespace().collect();
            bail!(
                "got `{code}`, wanted commas in a file: `{}`; for lines with spaces use a pipe, `bolao tip < FILE`",
                words.join(",")
            );
        }
        if record.len() < 2 {
            bail!("`{code}` has no score, wanted match,score such as `{code},2-1`");
        }
        return Ok(None);
    }
    let chips = Some(chips).filter(|chips| !chips.is_empty());
    Wanted::read(code, score, chips, stake, line).map(Some)
}

#[cfg(test)]
mod tests;
