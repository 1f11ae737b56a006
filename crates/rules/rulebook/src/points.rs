//! What points a bet gives, and for which score.

use bolao_ledger::{PRESETS, Rules, StageRule};

use crate::{Said, SaidValue, template::templates};

templates! {
    SCHEME = "Points follow the scheme `{name}`.";
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
    known
        .into_iter()
        .chain(Said::of_scheme(&rules.scoring))
        .collect()
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
