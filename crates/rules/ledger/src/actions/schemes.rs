//! Points by stage: in the matches of some stages other schemes count.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    codec::known,
    features::{BetOn, Broken, Compared, Feature},
    fixture::Fixture,
    genesis::{GenesisError, count, each_once, range},
    item::Prediction,
    round::Round,
    rules::{Rules, check_scheme},
    said::{Said, SaidValue},
    scoring::Scoring,
    state::StateView,
    template::sentences,
    text::Text,
    units::Points,
};

/// A stage with a scheme of its own.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StageScheme {
    /// The stage, as its matches' fixtures write it.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub stage: Text<64>,
    /// Its points.
    #[borsh(deserialize_with = "known::<{ Scoring::KINDS }, _, _>")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub scoring: Scoring,
}

/// Stages in which other points count.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SchemesRule {
    /// They, 1 to 64, each with its scheme.
    pub stages: Vec<StageScheme>,
}

sentences! {
    pub(crate) const RULE_SENTENCES;
    STAGES = "In the {count, plural, one {stage} other {stages}} {stages}, these points count instead: {lines}";
    COUNTS = "up to {points, plural, one {# point} other {# points}}";
}

impl SchemesRule {
    /// The scheme of a match, if its stage has one.
    ///
    /// # Rule K11: in matches of these stages their schemes count in place of the pool's.
    pub(crate) fn of(&self, fixture: &Fixture) -> Option<&Scoring> {
        let own = self.stages.iter().find(|it| it.stage == fixture.stage);
        own.map(|it| &it.scoring)
    }
}

impl Feature for SchemesRule {
    fn usual() -> Option<Self> {
        None
    }

    fn of_rounds(self, rounds: &[Round]) -> Result<Self, GenesisError> {
        let each = Round::each("[[features.schemes.stages]]", rounds, &self.stages, |it| {
            it.stage.as_str()
        })?;
        let stages = each.into_iter().map(|(round, it)| StageScheme {
            stage: round.name.clone(),
            scoring: it.scoring,
        });
        Ok(Self {
            stages: stages.collect(),
        })
    }

    fn check(&self) -> Result<(), GenesisError> {
        if self.stages.is_empty() {
            return Err(GenesisError::OptionalRule {
                name: "schemes",
                problem: "but no stage with points of its own: name some in a file of rules, or leave it out",
            });
        }
        range(
            "stages with points of their own",
            count(self.stages.len()),
            1,
            64,
        )?;
        each_once(
            "the stage with points of its own",
            self.stages.iter().map(|it| &it.stage),
        )?;
        self.stages
            .iter()
            .try_for_each(|it| check_scheme(&it.scoring))
    }

    fn says(&self) -> Vec<Said> {
        let alike = |one: &StageScheme, next: &StageScheme| one.scoring == next.scoring;
        let groups = self.stages.chunk_by(alike);
        let said = groups.filter_map(|stages| {
            let first = stages.first()?;
            let names = stages.iter().map(|it| it.stage.to_string()).collect();
            Some(STAGES.with([
                ("count", SaidValue::count(stages.len())),
                ("stages", SaidValue::Names { names }),
                ("lines", Said::of_scheme(&first.scoring).into()),
            ]))
        });
        said.collect()
    }

    fn brings(_: Prediction) -> bool {
        false
    }

    /// The scheme has given them already.
    fn table_points<S: StateView>(
        &self,
        _: &S,
        _: &Rules,
        _: Compared<'_>,
        points: Points,
    ) -> Result<Points, S::Error> {
        Ok(points)
    }

    fn counts(&self, rules: &Rules, fixture: &Fixture) -> Option<Said> {
        let (_, multiplier) = rules.stage_of(fixture);
        let most = self.of(fixture)?.most().saturating_mul(multiplier.into());
        Some(COUNTS.with([("points", most.into())]))
    }

    fn asks_who_goes_on(&self, _: &Fixture) -> bool {
        false
    }

    fn modifier<S: StateView>(
        &self,
        _: &S,
        _: &Rules,
        _: BetOn<'_>,
    ) -> Result<Option<Said>, S::Error> {
        Ok(None)
    }

    /// It keeps nothing of its own.
    fn broken<S: StateView>(&self, _: &Rules, _: &S) -> Result<Option<Broken>, S::Error> {
        Ok(None)
    }
}
