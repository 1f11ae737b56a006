//! All of a pool's rules.

use bolao_ledger::Genesis;

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
    said.extend(results::results(genesis));
    said.extend(questions::rule(genesis));
    said.extend(results::pots(rules));
    said.push(results::transfers(genesis));
    said.push(results::standings(rules));
    said.extend(added::bounds(genesis));
    said.extend(blocks::blocks(genesis));
    said
}
