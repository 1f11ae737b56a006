//! The results of a simulation as JSON, and as a page with plots, by plotters.

use bolao_ledger::Makers;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use serde::Serialize;

use crate::{
    case::Expect,
    measure::{Summary, Times},
    scenarios::SCENARIOS,
    show::{pair, time},
};

/// The width of a plot, in pixels.
const WIDTH: u32 = 900;
/// The height of a bar with the space around it, in pixels.
const BAR: u32 = 26;
/// Room for the names of cases, in pixels.
const NAMES: u32 = 300;
/// More points than a plot can show are thinned out.
const MAX_POINTS: usize = 200;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}\
table{border-collapse:collapse;font-size:13px}td,th{border:1px solid #ccc;padding:2px 6px;text-align:left}\
.bad{background:#fdd}svg{max-width:100%;height:auto}";

/// The results of all cases, as `--json` prints them.
#[derive(Debug, Serialize)]
pub(crate) struct Results<'a> {
    pub(crate) nodes: u8,
    pub(crate) validators: u8,
    pub(crate) first_seed: u64,
    pub(crate) seeds: u64,
    pub(crate) interrupted: bool,
    pub(crate) ok: bool,
    pub(crate) cases: &'a [Summary],
}

/// Writes `index.html` and `results.json` into a directory, which is made if it is not there; gives the page's path.
pub(crate) fn write(directory: &Path, results: &Results<'_>) -> anyhow::Result<PathBuf> {
    let cannot = |path: &Path| format!("cannot write {}", path.display());
    fs::create_dir_all(directory).with_context(|| cannot(directory))?;
    let json = directory.join("results.json");
    fs::write(&json, serde_json::to_vec_pretty(results)?).with_context(|| cannot(&json))?;
    let page = directory.join("index.html");
    fs::write(&page, html(results)?).with_context(|| cannot(&page))?;
    Ok(page)
}

fn html(results: &Results<'_>) -> anyhow::Result<String> {
    let mut body = format!(
        "<h1>Simulated pools</h1><p>Pools of {} nodes; where nodes vote, {} do. The first seed is {}; the same seeds give the same \
         results and traces.{}</p>",
        results.nodes,
        results.validators,
        results.first_seed,
        if results.interrupted {
            " Interrupted: not all runs are in it."
        } else {
            ""
        }
    );
    for scenario in SCENARIOS {
        let of_it = |it: &&Summary| it.scenario == scenario.name;
        let cases: Vec<_> = results.cases.iter().filter(of_it).collect();
        if cases.is_empty() {
            continue;
        }
        write!(
            body,
            "<h2>{}</h2><p>The attacker: {}.</p>",
            scenario.name, scenario.about
        )?;
        body += &table(&cases)?;
        if cases
            .iter()
            .any(|it| it.expected != Expect::Measured || it.succeeded > 0)
        {
            body += &success(&cases)?;
        }
        if cases.iter().any(|it| it.bets.placed > 0) {
            body += &bets(&cases)?;
            body += &times(&cases)?;
        }
    }
    Ok(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Simulated pools</title><style>{STYLE}</style>{body}</html>\n"
    ))
}

fn table(cases: &[&Summary]) -> Result<String, std::fmt::Error> {
    let mut rows = String::from(
        "<table><tr><th>Pool<th>Attacker<th>Succeeded<th>Noticed<th>Searched<th>Bets<th>Void<th>Lost<th>Delayed<th>In a \
         block<th>Final<th>Forks<th>Deepest reorg<th>Messages<th>Bytes<th>Trace</tr>",
    );
    for it in cases {
        let class = if it.ok { "" } else { " class=\"bad\"" };
        let cells = [
            it.consensus.to_string(),
            it.case.clone(),
            format!("{} of {}", it.succeeded, it.runs),
            format!("{} of {}", it.noticed, it.runs),
            time(it.cost_ms),
            it.bets.placed.to_string(),
            it.bets.voided.to_string(),
            it.bets.lost.to_string(),
            it.bets.delayed.to_string(),
            pair(&it.to_block),
            pair(&it.to_final),
            it.conflicts.to_string(),
            it.deepest.to_string(),
            it.messages.to_string(),
            it.bytes.to_string(),
            it.trace.chars().take(12).collect(),
        ];
        let cells: String = cells.map(|cell| format!("<td>{}", escaped(&cell))).concat();
        write!(rows, "<tr{class}>{cells}</tr>")?;
        for broken in &it.broken {
            write!(
                rows,
                "<tr class=\"bad\"><td colspan=\"16\">{}</tr>",
                escaped(broken)
            )?;
        }
    }
    Ok(rows + "</table>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

const fn colour(kind: Makers) -> RGBColor {
    match kind {
        Makers::Pow => RGBColor(200, 120, 30),
        Makers::Pos => RGBColor(30, 110, 180),
        Makers::Hybrid => RGBColor(60, 150, 80),
    }
}

/// Plots how often each attacker got what it wanted.
fn success(cases: &[&Summary]) -> anyhow::Result<String> {
    let bars = cases.iter().map(|it| {
        let part = percent(it.succeeded, it.runs);
        vec![(part, colour(it.consensus))]
    });
    plot(
        "runs in which the attacker succeeded, %",
        cases,
        bars.collect(),
    )
}

/// Plots what became of honest bets that did not count at once: void, lost, delayed, one after the other.
fn bets(cases: &[&Summary]) -> anyhow::Result<String> {
    let bars = cases.iter().map(|it| {
        let part = |count| percent(count, it.bets.placed);
        vec![
            (part(it.bets.voided), RGBColor(190, 50, 50)),
            (part(it.bets.lost), RGBColor(90, 90, 90)),
            (part(it.bets.delayed), RGBColor(230, 190, 60)),
        ]
    });
    let caption =
        "honest bets that were void (red), in no block (grey), or late to be sure of (yellow), %";
    plot(caption, cases, bars.collect())
}

fn percent(part: u64, all: u64) -> f64 {
    let [part, all] = [part, all.max(1)].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    100.0 * f64::from(part) / f64::from(all)
}

/// Bars from left to right, a row for each case.
fn plot(
    caption: &str,
    cases: &[&Summary],
    bars: Vec<Vec<(f64, RGBColor)>>,
) -> anyhow::Result<String> {
    let rows = u32::try_from(cases.len()).unwrap_or(1);
    drawn(rows * BAR + 80, |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(caption, ("sans-serif", 15))
            .margin(8)
            .x_label_area_size(26)
            .y_label_area_size(NAMES)
            .build_cartesian_2d(0.0..100.0, 0.0..f64::from(rows))?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .y_label_formatter(&|_| String::new())
            .draw()?;
        let names = ("sans-serif", 13).into_text_style(area);
        let names = names.pos(Pos::new(HPos::Right, VPos::Center));
        for (row, (it, parts)) in (0..rows).zip(cases.iter().zip(bars)) {
            let row = f64::from(row);
            let mut from = 0.0;
            for (part, colour) in parts {
                let bar = [(from, row), (from + part, row + 1.0)];
                let mut bar = Rectangle::new(bar, colour.filled());
                bar.set_margin(4, 4, 0, 0);
                chart.draw_series([bar])?;
                from += part;
            }
            let (_, y) = chart.backend_coord(&(0.0, row));
            let middle = y - i32::try_from(BAR / 2).unwrap_or(0);
            let left = i32::try_from(NAMES).unwrap_or(0);
            area.draw_text(
                &format!("{}: {}", it.consensus, it.case),
                &names,
                (left, middle),
            )?;
        }
        Ok(())
    })
}

/// Plots the part of the bets that was as sure as it gets after a time: final, or, where nothing is, in a block.
fn times(cases: &[&Summary]) -> anyhow::Result<String> {
    let sure = |it: &Summary| -> Times {
        if it.consensus.votes() {
            it.to_final.clone()
        } else {
            it.to_block.clone()
        }
    };
    drawn(320, |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(
                "honest bets that were final (pow: in a block) after so many seconds, %",
                ("sans-serif", 15),
            )
            .margin(8)
            .x_label_area_size(30)
            .y_label_area_size(40)
            .build_cartesian_2d((0.01..1_000_000.0).log_scale(), 0.0..100.0)?;
        chart.configure_mesh().draw()?;
        let kinds = Makers::ALL.into_iter();
        for kind in kinds.filter(|kind| cases.iter().any(|it| it.consensus == *kind)) {
            let mut label = Some(kind.to_string());
            for it in cases.iter().filter(|it| it.consensus == kind) {
                let points = curve(&sure(it).all_ms, it.bets.placed);
                let series = chart.draw_series(LineSeries::new(points, colour(kind)))?;
                if let Some(label) = label.take() {
                    let key = move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour(kind));
                    series.label(label).legend(key);
                }
            }
        }
        chart.configure_series_labels().border_style(BLACK).draw()?;
        Ok(())
    })
}

/// Seconds, and the part of all bets that took no longer.
fn curve(sorted_ms: &[u64], all: u64) -> Vec<(f64, f64)> {
    let step = sorted_ms.len().div_ceil(MAX_POINTS).max(1);
    let last = sorted_ms.len().saturating_sub(1);
    let points = sorted_ms.iter().enumerate();
    points
        .filter(|(index, _)| index.is_multiple_of(step) || *index == last)
        .map(|(index, ms)| {
            let ms = u32::try_from(*ms).unwrap_or(u32::MAX);
            let done = u64::try_from(index + 1).unwrap_or(u64::MAX);
            ((f64::from(ms) / 1_000.0).max(0.01), percent(done, all))
        })
        .collect()
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// A plot as SVG.
fn drawn(
    height: u32,
    draw: impl FnOnce(&Area<'_>) -> Result<(), Box<dyn std::error::Error>>,
) -> anyhow::Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&area).map_err(|error| anyhow!("cannot draw: {error}"))?;
        area.present().context("cannot draw")?;
    }
    Ok(svg)
}
