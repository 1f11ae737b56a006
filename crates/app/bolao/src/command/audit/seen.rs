//! When the blocks of a chain that keeps every rule reached this node.

use bolao_api::body::{LateBlock, Lateness, moment};

use crate::{
    output::{self, count},
    time,
};

/// The most late blocks that are named.
const NAMED: usize = 5;

/// Whether a block may be dated back or ahead. Those that came while this node's own clock was not as its peers' are told, and
/// prove nothing.
pub(super) fn is_doubtful(seen: &Lateness) -> bool {
    let told = u64::try_from(seen.blocks.len()).unwrap_or(u64::MAX);
    let more = seen.late.saturating_add(seen.ahead) > told;
    more || seen.blocks.iter().any(|block| block.clock_agrees)
}

/// In lines.
pub(super) fn lines(seen: &Lateness) -> anyhow::Result<()> {
    let Lateness {
        grace_s,
        judged,
        away,
        unknown,
        late,
        ahead,
        ..
    } = seen;
    let all = count(*judged, "block", "blocks");
    let times = |many: u64| if many == 1 { "its time" } else { "their times" };
    if *late > 0 {
        output::line!(
            "Seen     {} of {all} reached this node more than {grace_s} s after {}. That breaks no rule, but they \
            may be backdated{}:",
            output::bad(&late.to_string()),
            times(*late),
            doubt(seen, false),
        )?;
        blocks(seen, false)?;
    }
    if *ahead > 0 {
        output::line!(
            "Seen     {} of {all} reached this node more than {grace_s} s before {}: dated ahead, so that deadlines \
            passed early{}:",
            output::bad(&ahead.to_string()),
            times(*ahead),
            doubt(seen, true),
        )?;
        blocks(seen, true)?;
    }
    if *judged > 0 && late.saturating_add(*ahead) == 0 {
        output::line!(
            "Seen     {all} reached this node within {grace_s} s of {}",
            times(*judged)
        )?;
    }
    let blind = away.saturating_add(*unknown);
    if blind > 0 {
        output::line!(
            "Unseen   {} made before this node was listening, or while its clock was off: it can't say whether they \
            were on time",
            count(blind, "block", "blocks"),
        )?;
    }
    Ok(())
}

fn is_ahead(block: &LateBlock) -> bool {
    block.at.time > block.seen
}

/// The doubt that it may be this node's clock that was wrong.
fn doubt(seen: &Lateness, ahead: bool) -> &'static str {
    let mut blocks = seen.blocks.iter().filter(|it| is_ahead(it) == ahead);
    if blocks.any(|block| !block.clock_agrees) {
        " (or this node's clock is wrong: it differed from its peers' then)"
    } else {
        ""
    }
}

fn blocks(seen: &Lateness, ahead: bool) -> anyhow::Result<()> {
    let blocks = seen.blocks.iter().filter(|it| is_ahead(it) == ahead);
    for block in blocks.take(NAMED) {
        output::line!("         {}", of_block(block))?;
    }
    Ok(())
}

fn of_block(block: &LateBlock) -> String {
    let apart = block.seen.0.abs_diff(block.at.time.0);
    let (side, with) = if is_ahead(block) {
        ("before", String::new())
    } else {
        ("after", format!(", with {}", new_bets(block)))
    };
    format!(
        "block {} of {}, seen {}, {} {side} it{with}",
        block.at.height,
        time::exact(moment(block.at.time)),
        time::exact(moment(block.seen)),
        time::span(apart),
    )
}

fn new_bets(block: &LateBlock) -> String {
    let bets = block.bets.iter().map(|bets| {
        let who = bets.player.shown();
        format!("{who} on {}", bets.matches.join(", "))
    });
    let bets: Vec<String> = bets.collect();
    if bets.is_empty() {
        "no bets that this node did not have".to_owned()
    } else {
        format!("bets of {}", bets.join("; "))
    }
}
