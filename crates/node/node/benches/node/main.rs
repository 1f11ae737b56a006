//! What a whole node does, beside what its parts do alone on the same disk in the same run.
//!
//! `cargo bench -p bolao-node` runs every section, `cargo bench -p bolao-node -- sync start` only those.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::disallowed_methods
)]

mod chain;
mod disk;
mod finals;
mod homes;
mod latency;
mod link;
mod load;
mod mining;
mod quiet;
mod reads;
mod report;
mod running;
mod scale;
mod start;
mod submit;
mod sync;
mod throughput;

use std::time::Instant;

use homes::Homes;
use report::Report;

type Section = fn(&mut Report, &mut Homes);

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let sections: [(&str, Section); 12] = [
        ("sync", sync::run),
        ("transactions", throughput::run),
        ("disk", disk::run),
        ("quiet", quiet::run),
        ("start", start::run),
        ("submit", submit::run),
        ("reads", reads::run),
        ("latency", latency::run),
        ("final", finals::run),
        ("busy", finals::busy::run),
        ("mining", mining::run),
        ("scale", scale::run),
    ];
    let began = Instant::now();
    let (mut report, mut homes) = (Report::default(), Homes::default());
    for (name, run) in sections {
        if wanted.is_empty() || wanted.iter().any(|it| it == name) {
            run(&mut report, &mut homes);
        }
    }
    report.note(&format!("{:.0} s in all", began.elapsed().as_secs_f64()));
}
