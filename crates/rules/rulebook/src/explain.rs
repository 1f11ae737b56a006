//! All of a pool's rules.

use bolao_ledger::{Genesis, Rules};

use crate::{
    Said, acts::questions, added, blocks, english::english, joining, points, results, tipping,
};

/// Sentences that say everything that the rules say, with their exact numbers, in the order in
/// which a player meets them.
#[must_use]
pub fn explain(genesis: &Genesis) -> Vec<String> {
    said(genesis).iter().map(english).collect()
}

/// The same sentences, for translation.
#[must_use]
pub fn said(genesis: &Genesis) -> Vec<Said> {
    let rules = &genesis.rules;
    let mut said = joining::joining(genesis);
    said.extend(tipping::tipping(genesis));
    said.extend(points::points(rules));
    said.extend(points::counting(rules));
    said.extend(rules.features.says());
    said.extend(results::results(genesis));
    said.extend(questions::rule(genesis));
    said.extend(results::pots(rules));
    said.push(results::transfers(genesis));
    said.push(results::standings(rules));
    said.extend(added::bounds(genesis));
    said.extend(blocks::blocks(genesis));
    said
}

/// The rules that matter most, in a line, with lengths of time as `span` writes them.
#[must_use]
pub fn in_a_line(
    rules: &Rules,
    preset: Option<&str>,
    organisers: usize,
    span: &dyn Fn(u32) -> String,
) -> String {
    let bets = if rules.has_sealed_bets() {
        "sealed bets"
    } else {
        "open bets"
    };
    let lead = match rules.deadline_lead_s {
        0 => String::new(),
        lead => format!(" until {} before kick-off", span(lead)),
    };
    let points = preset.map_or_else(
        || "own points".to_owned(),
        |preset| format!("{preset} points"),
    );
    let objections = match rules.dispute_window_s {
        0 => "final at once".to_owned(),
        window => format!("open to objections for {}", span(window)),
    };
    format!(
        "{bets}{lead}, {points}, results by {} of {organisers}, {objections}",
        rules.results_quorum.among(organisers)
    )
}
