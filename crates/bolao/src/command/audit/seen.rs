//! What this node saw of the blocks that an audit finds clean: when they reached it.

use bolao_api::body::{LateBlockBody, LateBlocksBody};

use crate::{
    output::{self, count},
    time,
};

/// The most late blocks that are named.
const NAMED: usize = 5;

/// In lines.
pub(super) fn lines(seen: &LateBlocksBody) -> anyhow::Result<()> {
    let LateBlocksBody {
        grace_s,
        judged,
        away,
        unknown,
        late,
        ..
    } = seen;
    if *late > 0 {
        output::line!(
            "Seen     {} of {} reached this node more than {grace_s} s after {} time. That breaks no rule, but may be \
             dated back:",
            output::bad(&late.to_string()),
            count(*judged, "block", "blocks"),
            if *late == 1 { "its" } else { "their" },
        )?;
        for block in seen.blocks.iter().take(NAMED) {
            output::line!("         {}", of_block(block))?;
        }
    } else if *judged > 0 {
        output::line!(
            "Seen     {} reached this node within {grace_s} s of {} time",
            count(*judged, "block", "blocks"),
            if *judged == 1 { "its" } else { "their" },
        )?;
    }
    let blind = away.saturating_add(*unknown);
    if blind > 0 {
        output::line!(
            "Unseen   {}: this node was alone or away then, not in step with its peers or its clock not as theirs, and \
             cannot tell whether they came late",
            count(blind, "block", "blocks"),
        )?;
    }
    Ok(())
}

fn of_block(block: &LateBlockBody) -> String {
    let bets = block.bets.iter().map(|bets| {
        let who = bets.player.shown();
        format!("{who} on {}", bets.matches.join(", "))
    });
    let bets: Vec<String> = bets.collect();
    let with = if bets.is_empty() {
        "no bets that this node did not have".to_owned()
    } else {
        format!("bets of {}", bets.join("; "))
    };
    format!(
        "block {} of {}, seen {}, with {with}",
        block.height,
        time::local(block.time),
        time::local(block.seen)
    )
}
