//! What points a bet gives, and for which score.

use bolao_ledger::{Additive, PRESETS, Rules, Scoring, StageRule, Tiers, said::Template};

use crate::{Said, SaidValue, template::templates};

templates! {
    SCHEME = "Points follow the scheme `{name}`.";
    EXACT = "The exact score gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    DIFFERENCE = "The right winner with the right goal difference gives \
                  {points, plural, =0 {nothing} one {# point} other {# points}}.";
    DRAW = "A draw where another draw is played gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    WINNER_GOALS = "The right winner with the right number of goals of the winner gives \
                    {points, plural, =0 {nothing} one {# point} other {# points}}.";
    LOSER_GOALS = "The right winner with the right number of goals of the loser gives \
                   {points, plural, =0 {nothing} one {# point} other {# points}}.";
    WINNER = "Only the right winner gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    ONE_TEAM = "One team's right number of goals, with neither the winner nor a draw right, gives \
                {points, plural, =0 {nothing} one {# point} other {# points}}.";
    BEST = "Of the lines that a bet fits, the one with the most points counts, but an exact score always counts as one.";
    TENDENCY = "The right winner or a draw, where the score is not exact, gives \
                {points, plural, =0 {nothing} one {# point} other {# points}}.";
    EACH_TEAM = "Each team's right number of goals gives {points, plural, =0 {nothing} one {# point} other {# points}}.";
    WON_DIFFERENCE = "The right goal difference of a match that somebody wins gives \
                      {points, plural, =0 {nothing} one {# point} other {# points}}.";
    SUM = "All of these that a bet fits are added up.";
    STAGES = "In the {count, plural, one {stage} other {stages}} {stages}, {times, plural, =1 {points are as elsewhere} \
              =2 {points are doubled} other {points are multiplied by #}}.";
    AWARDED = "A match awarded administratively counts with the score that the organisers record.";
    NOT_AWARDED = "A match awarded administratively does not count.";
}

pub(super) fn points(rules: &Rules) -> Vec<Said> {
    let known = PRESETS
        .iter()
        .find(|(_, scoring)| *scoring == rules.scoring)
        .map(|(name, _)| SCHEME.with([("name", (*name).into())]));
    let (lines, how) = match &rules.scoring {
        Scoring::Best(tiers) => (best(tiers), BEST),
        Scoring::Sum(parts) => (sum(*parts), SUM),
    };
    let worth = |(line, points): (Template, u16)| line.with([("points", points.into())]);
    let lines = lines.into_iter().map(worth);
    known.into_iter().chain(lines).chain([how.said()]).collect()
}

fn best(tiers: &Tiers) -> Vec<(Template, u16)> {
    let mut lines = vec![
        (EXACT, tiers.exact),
        (DIFFERENCE, tiers.difference),
        (DRAW, tiers.draw),
    ];
    if tiers.winner_goals > tiers.tendency {
        lines.push((WINNER_GOALS, tiers.winner_goals));
    }
    if tiers.loser_goals > tiers.tendency {
        lines.push((LOSER_GOALS, tiers.loser_goals));
    }
    lines.push((WINNER, tiers.tendency));
    lines.push((ONE_TEAM, tiers.one_team));
    lines
}

fn sum(parts: Additive) -> Vec<(Template, u16)> {
    vec![
        (EXACT, parts.exact),
        (TENDENCY, parts.tendency),
        (EACH_TEAM, parts.each_team),
        (WON_DIFFERENCE, parts.difference),
    ]
}

pub(super) fn counting(rules: &Rules) -> Vec<Said> {
    let mut said = vec![rules.base.says().said()];
    let alike = |one: &StageRule, next: &StageRule| {
        (one.base, one.multiplier) == (next.base, next.multiplier)
    };
    let groups = rules.stages.chunk_by(alike);
    said.extend(groups.filter_map(|stages| special(rules, stages)));
    let awarded = if rules.awarded_counts {
        AWARDED
    } else {
        NOT_AWARDED
    };
    said.push(awarded.said());
    said
}

/// Gives the sentence on what is different in stages that are played alike.
fn special(rules: &Rules, stages: &[StageRule]) -> Option<Said> {
    let first = stages.first()?;
    let special = if first.base == rules.base {
        STAGES
    } else {
        first.base.says_of_stages()
    };
    let names = stages.iter().map(|rule| rule.stage.to_string()).collect();
    Some(special.with([
        ("count", SaidValue::count(stages.len())),
        ("stages", SaidValue::Names { names }),
        ("times", first.multiplier.into()),
    ]))
}
