//! Who goes through: points for the team that goes on to the next round.
//!
//! It is a part of the bet: a tip lets its winner go through, and one of a draw may name a team.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    features::{BetOn, Broken, Compared, Feature},
    fixture::Fixture,
    genesis::{GenesisError, count, each_once, range, ranges},
    item::Prediction,
    outcome::Side,
    round::Round,
    rules::Rules,
    said::{Said, SaidValue},
    state::StateView,
    template::sentences,
    text::Text,
    units::Points,
};

/// Points for the right team that goes on to the next round.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ThroughRule {
    /// The points, 1 to 100, multiplied as those of the stage are.
    #[serde(default = "one")]
    pub points: u8,
    /// The stages in whose matches it counts, 1 to 64, as fixtures write them. Left out in a file of rules: every knock-out round.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub stages: Vec<Text<64>>,
}

const fn one() -> u8 {
    1
}

sentences! {
    pub(crate) const RULE_SENTENCES;
    STAGES = "In the {count, plural, one {stage} other {stages}} {stages}, the right team that goes through to the next round gives {points, plural, one {# point} other {# points}} more, multiplied as the points of the stage are.";
    NAMED = "A tip may name the team that goes through; else its winner counts. The team that the result names is right, and without one nobody is.";
    COUNTS = "who goes through +{points}";
    TEAM = "{team} goes through";
}

impl ThroughRule {
    /// The points on a match, with the stage's multiplier; none where it does not count.
    fn points_on(&self, rules: &Rules, fixture: &Fixture) -> Option<Points> {
        let (_, multiplier) = rules.stage_of(fixture);
        let counts = self.stages.contains(&fixture.stage);
        counts.then(|| Points(u64::from(self.points).saturating_mul(multiplier.into())))
    }
}

/// # Rule K6: a bet lets the team go through that it names, else the one with more goals in it; one of a draw lets none.
fn lets_through(prediction: Prediction) -> Option<Side> {
    let ahead = || prediction.score().and_then(Side::ahead);
    prediction.through().or_else(ahead)
}

impl Feature for ThroughRule {
    fn usual() -> Option<Self> {
        Some(Self {
            points: one(),
            stages: Vec::new(),
        })
    }

    /// Every knock-out round where none is named, else the rounds that are.
    fn of_rounds(self, rounds: &[Round]) -> Result<Self, GenesisError> {
        let mut counting: Vec<&Round> = Vec::new();
        for named in &self.stages {
            counting.extend(Round::called(named.as_str(), rounds)?);
        }
        if self.stages.is_empty() {
            counting.extend(rounds.iter().filter(|round| round.is_knockout));
        }
        let mut stages: Vec<Text<64>> = Vec::new();
        for round in rounds.iter().filter(|round| counting.contains(round)) {
            if !stages.contains(&round.name) {
                stages.push(round.name.clone());
            }
        }
        Ok(Self { stages, ..self })
    }

    fn check(&self) -> Result<(), GenesisError> {
        ranges! { self;
            points: 1, 100;
        }
        if self.stages.is_empty() {
            return Err(GenesisError::OptionalRule {
                name: "through",
                problem: "but no knock-out rounds in which it counts: name its stages, or leave it out",
            });
        }
        range(
            "stages of who goes through",
            count(self.stages.len()),
            1,
            64,
        )?;
        each_once("the stage of who goes through", &self.stages)
    }

    fn says(&self) -> Vec<Said> {
        let names = self.stages.iter().map(ToString::to_string).collect();
        let stages = STAGES.with([
            ("count", SaidValue::count(self.stages.len())),
            ("stages", SaidValue::Names { names }),
            ("points", self.points.into()),
        ]);
        vec![stages, NAMED.said()]
    }

    fn brings(prediction: Prediction) -> bool {
        prediction.through().is_some()
    }

    /// # Rule K7: who lets the right team go through gets points besides, multiplied as the stage's are, but not by a joker.
    fn table_points<S: StateView>(
        &self,
        _: &S,
        rules: &Rules,
        of: Compared<'_>,
        points: Points,
    ) -> Result<Points, S::Error> {
        let advances = of.outcome.and_then(|outcome| outcome.advances);
        let is_right =
            advances.is_some() && advances == of.on.bet.prediction().and_then(lets_through);
        let more = self.points_on(rules, &of.on.game.fixture);
        let more = more.filter(|_| is_right).unwrap_or_default();
        Ok(Points(points.0.saturating_add(more.0)))
    }

    fn counts(&self, rules: &Rules, fixture: &Fixture) -> Option<Said> {
        let points = self.points_on(rules, fixture)?;
        Some(COUNTS.with([("points", points.0.into())]))
    }

    fn asks_who_goes_on(&self, fixture: &Fixture) -> bool {
        self.stages.contains(&fixture.stage)
    }

    /// The team that the bet names.
    fn modifier<S: StateView>(
        &self,
        _: &S,
        _: &Rules,
        on: BetOn<'_>,
    ) -> Result<Option<Said>, S::Error> {
        let fixture = &on.game.fixture;
        let team = |side| match side {
            Side::Home => &fixture.home,
            Side::Away => &fixture.away,
        };
        let through = on.bet.prediction().and_then(Prediction::through).map(team);
        Ok(through.map(|team| {
            let teams = vec![team.name.to_string()];
            TEAM.with([("team", SaidValue::Teams { teams })])
        }))
    }

    /// It keeps nothing of its own.
    fn broken<S: StateView>(&self, _: &Rules, _: &S) -> Result<Option<Broken>, S::Error> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn round(name: &str, stage: &str, is_knockout: bool) -> Round {
        Round {
            name: Text::new(name).unwrap(),
            stage: stage.to_owned(),
            is_knockout,
        }
    }

    #[test]
    fn it_counts_in_the_knock_out_rounds_or_in_those_that_are_named() {
        let rounds = [
            round("Matchday 1", "Group stage", false),
            round("Quarter-final 1", "Quarter-finals", true),
            round("Quarter-final 2", "Quarter-finals", true),
            round("Final", "Final", true),
            round("Final", "Final", true),
        ];
        let stages = |named: &[&str], rounds: &[Round]| {
            let rule = ThroughRule {
                stages: named.iter().map(|it| Text::new(*it).unwrap()).collect(),
                ..ThroughRule::usual().unwrap()
            };
            let rule = rule.of_rounds(rounds).unwrap();
            let stages = rule.stages.iter().map(ToString::to_string);
            (stages.collect::<Vec<_>>(), rule.check().is_ok())
        };
        let all = ["Quarter-final 1", "Quarter-final 2", "Final"];
        assert_eq!(stages(&[], &rounds), (all.map(Into::into).into(), true));
        let two = ["Quarter-final 1", "Quarter-final 2"];
        let named = stages(&["quarter-finals"], &rounds);
        assert_eq!(named, (two.map(Into::into).into(), true));
        let unknown = ThroughRule {
            stages: vec![Text::new("Quarterfinals").unwrap()],
            ..ThroughRule::usual().unwrap()
        };
        let error = unknown.of_rounds(&rounds).unwrap_err().to_string();
        assert!(
            error.contains("`Quarterfinals`") && error.contains("Quarter-finals"),
            "{error}"
        );
        // A league has no round to go through to.
        assert_eq!(stages(&[], &rounds[..1]), (Vec::new(), false));
    }
}
