//! A pool's rules in plain English: what whoever joins agrees to.

mod added;
mod blocks;
mod powers;

pub use powers::{either, powers};

use bolao_ledger::{
    Additive, Base, BetMode, Genesis, Membership, NobodyRight, PRESETS, Rules, Scoring, StageRule,
    TieBreak, Tiers,
};

use added::{bounds, put_off};
use blocks::blocks;

/// Sentences that say everything that the rules say, with their exact numbers, in the order in
/// which a player meets them.
#[must_use]
pub fn explain(genesis: &Genesis) -> Vec<String> {
    let rules = &genesis.rules;
    let mut said = joining(genesis);
    said.extend(tipping(genesis));
    said.extend(points(rules));
    said.extend(counting(rules));
    said.extend(results(genesis));
    said.extend(pots(rules));
    said.push(transfers(genesis));
    said.push(standings(rules));
    said.extend(bounds(genesis));
    said.extend(blocks(genesis));
    said
}

fn joining(genesis: &Genesis) -> Vec<String> {
    let who = match genesis.membership {
        Membership::Open => "Anybody may join.",
        Membership::Invite => {
            "Whoever wants to join needs an invitation that an organiser signed; organisers need \
             none."
        }
    };
    vec![
        who.to_owned(),
        format!(
            "Every player starts with {}.",
            count(genesis.starting_chips.0, "chip")
        ),
    ]
}

fn tipping(genesis: &Genesis) -> Vec<String> {
    let (rules, added) = (&genesis.rules, genesis.v2());
    let mut said = Vec::new();
    match rules.bets {
        BetMode::Open => said.push("Bets are open: everybody sees them at once.".to_owned()),
        BetMode::Sealed => {
            said.push(
                "Bets are sealed: until kick-off the chain shows a bet to nobody but the player \
                 who made it, not even to an organiser."
                    .to_owned(),
            );
            said.push(format!(
                "A sealed bet must be opened between kick-off and {} after it, which wallets do \
                 by themselves; one that is not opened counts as no bet, and its stake stays in \
                 the pot.",
                duration(rules.opening_window_s)
            ));
            if added.anybody_opens {
                said.push(
                    "Whoever knows the score and the secret of a sealed bet may open it for its player. \
                     Those who are handed them to do so at kick-off could look before."
                        .to_owned(),
                );
            }
        }
    }
    let until = match rules.deadline_lead_s {
        0 => "the kick-off".to_owned(),
        lead => format!("the deadline, {} before the kick-off", duration(lead)),
    };
    said.push(format!(
        "A bet counts if a block takes it up before {until}, by the pool's time, which is the \
         latest that any of its blocks has had; until then a later bet replaces an earlier one."
    ));
    said.push(
        if rules.later_kickoff_reopens {
            "If a kick-off is moved to a later time, betting that had ended opens again, as long \
             as the match has not begun."
        } else {
            "If a kick-off is moved to a later time, betting that had ended stays closed."
        }
        .to_owned(),
    );
    if added.days.is_some() {
        said.push(
            "Betting on a match whose day is known, and not its time, ends when that day begins; \
             once its kick-off is known, betting goes on until then."
                .to_owned(),
        );
    }
    if added.short_bets_void && rules.stake_max.0 > 0 {
        said.push(
            "Of several bets that are sent together, those for which the chips at hand do not \
             reach in the end do not count; the others do, in the order in which they were sent."
                .to_owned(),
        );
    }
    let (least, most) = (rules.stake_min.0, rules.stake_max.0);
    said.push(match (least, most) {
        (0, 0) => "Bets are for points alone: no chips are staked.".to_owned(),
        (least, most) if least == most => {
            format!("Every bet stakes exactly {}.", count(least, "chip"))
        }
        (0, most) => format!(
            "A bet may stake up to {}; one that stakes 0 is for points alone.",
            count(most, "chip")
        ),
        (least, most) => format!("A bet stakes {least} to {}.", count(most, "chip")),
    });
    said
}

fn points(rules: &Rules) -> Vec<String> {
    let known = PRESETS
        .iter()
        .find(|(_, scoring)| *scoring == rules.scoring)
        .map(|(name, _)| format!("Points follow the scheme `{name}`."));
    let lines = match &rules.scoring {
        Scoring::Best(tiers) => best(tiers),
        Scoring::Sum(parts) => sum(*parts),
    };
    known.into_iter().chain(lines).collect()
}

fn best(tiers: &Tiers) -> Vec<String> {
    let mut lines = vec![
        ("The exact score", tiers.exact),
        (
            "The right winner with the right goal difference",
            tiers.difference,
        ),
        ("A draw where another draw is played", tiers.draw),
    ];
    if tiers.winner_goals > tiers.tendency {
        lines.push((
            "The right winner with the right number of goals of the winner",
            tiers.winner_goals,
        ));
    }
    if tiers.loser_goals > tiers.tendency {
        lines.push((
            "The right winner with the right number of goals of the loser",
            tiers.loser_goals,
        ));
    }
    lines.push(("The right winner alone", tiers.tendency));
    lines.push((
        "One team's right number of goals, with neither the winner nor a draw right,",
        tiers.one_team,
    ));
    let mut said: Vec<String> = lines.into_iter().map(|line| worth(line, "gives")).collect();
    said.push(
        "Of the lines that a bet fits, the one with the most points counts, but an exact \
               score always counts as one."
            .to_owned(),
    );
    said
}

fn sum(parts: Additive) -> Vec<String> {
    let lines = [
        ("The exact score", parts.exact),
        (
            "The right winner or a draw, where the score is not exact,",
            parts.tendency,
        ),
        ("Each team's right number of goals", parts.each_team),
        (
            "The right goal difference of a match that somebody wins",
            parts.difference,
        ),
    ];
    let mut said: Vec<String> = lines.into_iter().map(|line| worth(line, "gives")).collect();
    said.push("All of these that a bet fits are added up.".to_owned());
    said
}

fn worth((what, points): (&str, u16), verb: &str) -> String {
    match points {
        0 => format!("{what} {verb} nothing."),
        points => format!("{what} {verb} {}.", count(points.into(), "point")),
    }
}

fn counting(rules: &Rules) -> Vec<String> {
    let mut said = vec![format!("{} counts.", capital(base(rules.base)))];
    let alike = |one: &StageRule, next: &StageRule| {
        (one.base, one.multiplier) == (next.base, next.multiplier)
    };
    let groups = rules.stages.chunk_by(alike);
    said.extend(groups.filter_map(|stages| special(rules, stages)));
    said.push(
        if rules.awarded_counts {
            "A match that is decided at a table counts with the score that the organisers record."
        } else {
            "A match that is decided at a table does not count."
        }
        .to_owned(),
    );
    said
}

/// What is different in stages that are played alike.
fn special(rules: &Rules, stages: &[StageRule]) -> Option<String> {
    let (last, others) = stages.split_last()?;
    let which = if last.base == rules.base {
        String::new()
    } else {
        format!("{} counts, and ", base(last.base))
    };
    let times = match last.multiplier {
        1 => "points are as elsewhere".to_owned(),
        2 => "points are doubled".to_owned(),
        times => format!("points are multiplied by {times}"),
    };
    let stages = if others.is_empty() {
        format!("stage \"{}\"", last.stage)
    } else {
        let others = others.iter().map(|rule| format!("\"{}\"", rule.stage));
        let others: Vec<String> = others.collect();
        format!("stages {} and \"{}\"", others.join(", "), last.stage)
    };
    Some(format!("In the {stages}, {which}{times}."))
}

const fn base(base: Base) -> &'static str {
    match base {
        Base::After90 => "the score after 90 minutes and stoppage time",
        Base::After120 => {
            "the score after extra time, where it is played, without the penalty shoot-out,"
        }
    }
}

fn results(genesis: &Genesis) -> Vec<String> {
    let rules = &genesis.rules;
    let organisers = u64::try_from(genesis.organisers.len()).unwrap_or(u64::MAX);
    if organisers == 0 {
        return vec![
            "There are no organisers: nobody can schedule matches or record results.".to_owned(),
        ];
    }
    let signed = |quorum: u8, what: &str| match (organisers, quorum) {
        (_, 1) if genesis.v2().organisers_quorum > 0 => {
            format!("Any one of the organisers, {organisers} at first, signs {what}.")
        }
        (_, quorum) if genesis.v2().organisers_quorum > 0 => {
            format!("{quorum} of the organisers, {organisers} at first, must sign {what} alike.")
        }
        (1, _) => format!("The one organiser signs {what}."),
        (all, 1) => format!("Any one of the {all} organisers signs {what}."),
        (all, quorum) => format!("{quorum} of the {all} organisers must sign {what} alike."),
    };
    let mut said = vec![
        signed(rules.schedule_quorum, "a match's schedule"),
        signed(rules.results_quorum, "a match's result"),
    ];
    said.push(match rules.dispute_window_s {
        0 => "A result is final from the next block on.".to_owned(),
        window => format!(
            "A result is provisional for {} at least, in which every player may object once and \
             the organisers may correct it; then it is final.",
            duration(window)
        ),
    });
    if rules.bets == BetMode::Sealed {
        said.push("It is not final while sealed bets on the match may still be opened.".to_owned());
    }
    said.push("If a match is put off, its bets and stakes stay until it is played.".to_owned());
    said.push(put_off(genesis).to_owned());
    said.push(match genesis.v2().organisers_quorum {
        0 => "The organisers stay as they are.".to_owned(),
        1 => "Any one of the organisers adds and removes organisers.".to_owned(),
        needed => format!("{needed} organisers must agree to add or remove one."),
    });
    said
}

fn pots(rules: &Rules) -> Vec<String> {
    if rules.stake_max.0 == 0 {
        return Vec::new();
    }
    let nobody = match rules.nobody_right {
        NobodyRight::Refund => "every stake goes back",
        NobodyRight::Rollover => "the pot is added to the next one that is paid",
    };
    vec![
        "When a result is final, the match's pot is shared in proportion to stake times points; \
         chips that whole shares leave over go to the largest remainders."
            .to_owned(),
        format!("If nobody has points, {nobody}."),
        "If a match ends without a score that counts, such as when it is cancelled or abandoned, \
         every stake goes back."
            .to_owned(),
    ]
}

fn transfers(genesis: &Genesis) -> String {
    if genesis.v2().transfers {
        "Players may give chips to one another."
    } else {
        "Nobody can give chips to another player."
    }
    .to_owned()
}

fn standings(rules: &Rules) -> String {
    let breaks: Vec<&str> = rules
        .tie_breaks
        .iter()
        .map(|rule| match rule {
            TieBreak::Exact => "more exact scores",
            TieBreak::Differences => "more right goal differences",
            TieBreak::Tendencies => "more right tendencies",
            TieBreak::FewerMissing => "fewer missing bets",
        })
        .collect();
    if breaks.is_empty() {
        "Players with equal points share a place.".to_owned()
    } else {
        format!(
            "Players with equal points are separated by {}; if all of that is equal, they share \
             the place.",
            breaks.join(", then by ")
        )
    }
}

fn count(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// How often: `a minute`, `every 2 minutes`.
fn each(seconds: u32) -> String {
    match seconds {
        1 => "a second".to_owned(),
        60 => "a minute".to_owned(),
        3_600 => "an hour".to_owned(),
        86_400 => "a day".to_owned(),
        _ => format!("every {}", duration(seconds)),
    }
}

/// Exactly, in the largest units: `1 day 30 minutes`.
fn duration(seconds: u32) -> String {
    let mut left = seconds;
    let mut parts = Vec::new();
    for (unit, name) in [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ] {
        if left >= unit {
            parts.push(count((left / unit).into(), name));
            left %= unit;
        }
    }
    if parts.is_empty() {
        parts.push(count(0, "second"));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests;
