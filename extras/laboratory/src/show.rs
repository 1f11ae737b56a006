//! The table that people read.

use std::{io, time::Duration};

use bolao_terminal::output::{self, bold_cell, table};
use comfy_table::{Cell, Color};

use crate::{
    case::Expect,
    measure::{Summary, Times},
};

/// Shows what came out: who could cheat, then what it meant for the honest.
pub(crate) fn show(summaries: &[Summary]) -> io::Result<()> {
    let mut cheats = table([
        "Scenario",
        "Pool",
        "Attacker",
        "Succeeded",
        "Noticed",
        "Wanted",
        "Searched",
        "Blocks",
    ]);
    let mut pools = table([
        "Scenario",
        "Pool",
        "Attacker",
        "Bets",
        "Void",
        "Lost",
        "Delayed",
        "In a block",
        "Final",
        "Deepest reorg",
        "Forks",
        "Messages",
        "Bytes",
    ]);
    for it in summaries {
        let first = [
            bold_cell(it.scenario),
            Cell::new(it.consensus),
            Cell::new(&it.case),
        ];
        let of = |count: u64| Cell::new(format!("{count} of {}", it.runs));
        let mut row = first.to_vec();
        row.extend([
            of(it.succeeded),
            of(it.noticed),
            wanted(it),
            Cell::new(time(it.cost_ms)),
            Cell::new(it.cost_blocks),
        ]);
        cheats.add_row(row);
        let mut row = first.to_vec();
        let bets = it.bets;
        let numbers = [bets.placed, bets.voided, bets.lost, bets.delayed];
        row.extend(numbers.map(Cell::new));
        row.extend([&it.to_block, &it.to_final].map(|it| Cell::new(pair(it))));
        let numbers = [it.deepest, it.conflicts, it.messages, it.bytes];
        row.extend(numbers.map(Cell::new));
        pools.add_row(row);
    }
    output::show(&cheats)?;
    output::line("")?;
    output::show(&pools)?;
    output::line("")?;
    for it in summaries {
        for broken in it.broken.iter().take(5) {
            output::line(format_args!(
                "{} {} ({}): {broken}",
                it.scenario, it.consensus, it.case
            ))?;
        }
    }
    Ok(())
}

fn wanted(it: &Summary) -> Cell {
    let word = match it.expected {
        Expect::Never => "never",
        Expect::Sometimes => "control",
        Expect::Measured => return Cell::new("-"),
    };
    if it.ok {
        Cell::new(format!("{word}: it holds")).fg(Color::Green)
    } else {
        Cell::new(format!("{word}: IT DOES NOT HOLD")).fg(Color::Red)
    }
}

/// Half took no longer than the first, 99 of 100 no longer than the second.
pub(crate) fn pair(times: &Times) -> String {
    match (times.p50_ms, times.p99_ms) {
        (Some(p50), Some(p99)) => format!("{} / {}", time(p50), time(p99)),
        _ => "-".to_owned(),
    }
}

/// A length of virtual time, in a few digits.
pub(crate) fn time(ms: u64) -> String {
    let span = Duration::from_millis(ms);
    match span.as_secs() {
        0 => format!("{ms} ms"),
        1..60 => format!("{:.1} s", span.as_secs_f64()),
        60..7_200 => format!("{:.1} min", span.as_secs_f64() / 60.0),
        7_200..172_800 => format!("{:.1} h", span.as_secs_f64() / 3_600.0),
        _ => format!("{:.1} days", span.as_secs_f64() / 86_400.0),
    }
}
