//! The part of genesis that says how the pool is played.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    actions::Features,
    base::Base,
    codec::known,
    features::Compared,
    fixture::{Fixture, ItemKind, MatchNo},
    genesis::{GenesisError, MAX_CHIPS, Quorum, count, each_once, range, ranges},
    item::{Prediction, PredictionKind, Question},
    outcome::Outcome,
    score::Score,
    scoring::{Crowd, Scoring, Tier, preset},
    state::StateView,
    text::Text,
    tie_break::TieBreak,
    units::{Chips, Points, UnixSeconds},
};

/// The longest window, in seconds: 90 days.
const MAX_WINDOW_S: u64 = 90 * 86_400;

/// Whether bets can be read before kick-off.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum BetMode {
    /// Everybody sees every bet at once.
    Open = 0,
    /// Nobody sees a bet before kick-off, the organisers included.
    Sealed = 1,
}

/// The rule for a pot when nobody has points.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum NobodyRight {
    /// Every stake goes back.
    Refund = 0,
    /// It is added to the next pot that is paid.
    Rollover = 1,
}

/// The rules that are different in one stage.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StageRule {
    /// The stage, as its matches' fixtures write it.
    pub stage: Text<64>,
    /// The score that counts there.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "90"))]
    pub base: Base,
    /// The factor that points are multiplied by there, 1 to 100.
    pub multiplier: u8,
}

/// The rules that a pool is played by.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Open or sealed bets.
    #[serde(rename = "tips")]
    pub bets: BetMode,
    /// Betting ends this many seconds before kick-off.
    pub deadline_lead_s: u32,
    /// Sealed bets may be opened from kick-off until this many seconds after it.
    pub opening_window_s: u32,
    /// Whether moving a kick-off opens betting again that had ended, if the match has not begun.
    pub later_kickoff_reopens: bool,
    /// The number of organisers who must sign the same schedule of a match.
    pub schedule_quorum: Quorum,
    /// The number of organisers who must sign the same record.
    pub results_quorum: Quorum,
    /// A record is final this many seconds after the last organiser needed signed it.
    pub dispute_window_s: u32,
    /// The scheme by which points are given.
    #[borsh(deserialize_with = "known::<{ Scoring::KINDS }, _, _>")]
    pub scoring: Scoring,
    /// The score that counts where no stage says otherwise.
    pub base: Base,
    /// Whether a match decided at a table counts.
    pub awarded_counts: bool,
    /// The rules that are different in some stages.
    pub stages: Vec<StageRule>,
    /// The tie-breaks between players with equal points.
    pub tie_breaks: Vec<TieBreak>,
    /// The least stake of a bet.
    pub stake_min: Chips,
    /// The largest stake of a bet.
    pub stake_max: Chips,
    /// The rule for a pot when nobody has points.
    pub nobody_right: NobodyRight,
    /// Whether players may give chips to one another.
    pub transfers: bool,
    /// Whether a bet that the chips at hand do not reach for is void, instead of refusing its whole transaction.
    #[serde(rename = "short_tips_void")]
    pub short_bets_void: bool,
    /// Whether a match that is put off before it began takes bets until its new kick-off.
    pub put_off_stays_open: bool,
    /// Seconds before betting on a match ends by which a change must come that lets it end later; 0: a change may come at any
    /// time.
    pub notice_s: u32,
    /// Whether anybody who knows score and salt may open a seal, and not its player alone.
    pub anybody_opens: bool,
    /// The number of organisers who must sign to add or remove one; 0: the organisers stay as they are.
    pub organisers_quorum: Quorum,
    /// The optional rules that the pool has chosen.
    #[serde(default, skip_serializing_if = "Features::is_empty")]
    #[borsh(skip)]
    pub features: Features,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            bets: BetMode::Open,
            deadline_lead_s: 0,
            opening_window_s: 24 * 3_600,
            later_kickoff_reopens: false,
            schedule_quorum: Quorum::of(1),
            results_quorum: Quorum::of(1),
            dispute_window_s: 24 * 3_600,
            scoring: preset("kicktipp").expect("a preset of this crate"),
            base: Base::After90,
            awarded_counts: true,
            stages: Vec::new(),
            tie_breaks: vec![
                TieBreak::Exact,
                TieBreak::Differences,
                TieBreak::Tendencies,
                TieBreak::FewerMissing,
            ],
            stake_min: Chips::ZERO,
            stake_max: Chips(1_000_000),
            nobody_right: NobodyRight::Refund,
            transfers: false,
            short_bets_void: false,
            put_off_stays_open: false,
            notice_s: 0,
            anybody_opens: false,
            organisers_quorum: Quorum::of(0),
            features: Features::default(),
        }
    }
}

/// Checks the numbers of a scheme.
pub(crate) fn check_scheme(scheme: &Scoring) -> Result<(), GenesisError> {
    let (largest, rarity) = scheme.bounds();
    if let Some(rarity) = rarity {
        range("least", rarity.least.into(), 0, rarity.most.into())?;
    }
    range("points", largest, 1, 1_000)
}

impl Rules {
    /// Checks the ranges, in a pool of so many organisers.
    pub(crate) fn check(&self, organisers: u64) -> Result<(), GenesisError> {
        ranges! { self;
            deadline_lead_s: 0, 86_400;
            opening_window_s: 1, MAX_WINDOW_S;
            dispute_window_s: 0, MAX_WINDOW_S;
            stake_max: self.stake_min.0, MAX_CHIPS;
            notice_s: 0, 30 * 86_400;
        }
        for (what, quorum, least) in [
            ("schedule_quorum", self.schedule_quorum, 1),
            ("results_quorum", self.results_quorum, 1),
            ("organisers_quorum", self.organisers_quorum, 0),
        ] {
            quorum.check(what, least, organisers)?;
        }
        range("tie_breaks", count(self.tie_breaks.len()), 0, 8)?;
        each_once(
            "the tie-break",
            self.tie_breaks.iter().map(|rule| rule.name()),
        )?;
        range("stages", count(self.stages.len()), 0, 64)?;
        for stage in &self.stages {
            range("multiplier", stage.multiplier.into(), 1, 100)?;
        }
        each_once(
            "a rule for the stage",
            self.stages.iter().map(|rule| &rule.stage),
        )?;
        self.features.check()?;
        check_scheme(&self.scoring)
    }

    /// The score that counts for a match, and the factor that its points are multiplied by.
    #[must_use]
    pub fn stage_of(&self, fixture: &Fixture) -> (Base, u8) {
        self.stages
            .iter()
            .find(|rule| rule.stage == fixture.stage)
            .map_or((self.base, 1), |rule| (rule.base, rule.multiplier))
    }

    /// The scheme of points of a match's stage.
    #[must_use]
    pub fn scoring_of(&self, fixture: &Fixture) -> &Scoring {
        let own = self.features.schemes.as_ref();
        own.and_then(|it| it.of(fixture)).unwrap_or(&self.scoring)
    }

    /// Whether the points of some bets depend on the others on their match.
    #[must_use]
    pub fn looks_at_others(&self) -> bool {
        let own = self.features.schemes.iter().flat_map(|it| &it.stages);
        self.scoring.looks_at_others() || own.map(|it| &it.scoring).any(Scoring::looks_at_others)
    }

    /// The kind of what a number stands for in the pool; none of a number that nothing may have.
    ///
    /// # Rule X1: where `notice_s` is above 0, a match has a lower number than questions. Where it is 0 nobody asks, and every number is a
    /// # match's.
    #[must_use]
    pub fn kind_of(&self, no: MatchNo) -> Option<ItemKind> {
        if self.notice_s == 0 || no.0 < Question::NUMBERS.start {
            Some(ItemKind::Match)
        } else {
            no.is_for_questions().then_some(ItemKind::Question)
        }
    }

    /// Whether nobody sees a bet before betting on its match has ended.
    #[must_use]
    pub fn has_sealed_bets(&self) -> bool {
        self.bets == BetMode::Sealed
    }

    /// The stake of a bet for which nobody chose one: that of the bet that it replaces, else the least.
    #[must_use]
    pub fn usual_stake(&self, before: Option<Chips>) -> Chips {
        before.unwrap_or(self.stake_min)
    }

    /// The score of an outcome that bets on a match are compared with, if one counts.
    #[must_use]
    pub fn counting_score(&self, fixture: &Fixture, outcome: &Outcome) -> Option<Score> {
        let (base, _) = self.stage_of(fixture);
        outcome.counting_score(base, self.awarded_counts)
    }

    /// Whether bets up to an end of betting do not count, on what is as it is `since` then.
    ///
    /// # Rule S22: where `notice_s` is above 0, bets on a match or question count only if it has an end of betting, and that is at least
    /// # `notice_s` after its `since`.
    #[must_use]
    pub fn lacks_notice(&self, since: UnixSeconds, end: Option<UnixSeconds>) -> bool {
        let first = since.0.saturating_add(self.notice_s.into());
        self.notice_s > 0 && end.is_none_or(|end| end.0 < first)
    }

    /// Whether something that takes predictions of a kind takes this one.
    ///
    /// # Rule D5: a match takes a score, a question an option or a number; what an optional rule brings only where the pool has chosen it.
    #[must_use]
    pub fn takes(&self, kind: PredictionKind, prediction: Prediction) -> bool {
        prediction.kind() == kind && self.features.know(prediction)
    }

    /// Whether the record of a match should say who goes on to the next round, since points hang on it.
    #[must_use]
    pub fn ask_who_goes_on(&self, fixture: &Fixture) -> bool {
        self.features.ask_who_goes_on(fixture)
    }

    /// The points that a bet adds to the table: those of the scheme, and what the optional rules make of them.
    pub fn table_points<S: StateView>(
        &self,
        state: &S,
        of: Compared<'_>,
    ) -> Result<Option<(Points, Tier)>, S::Error> {
        let crowd = Crowd::of(state, self, of.on.game, of.score)?;
        let fixture = &of.on.game.fixture;
        let Some((points, tier)) = self.points(fixture, of.on.bet.score(), of.score, crowd) else {
            return Ok(None);
        };
        let points = self.features.table_points(state, self, of, points)?;
        Ok(Some((points, tier)))
    }

    /// The points of a bet, the stage's multiplier included; `None` without a readable score. Pots are shared by them.
    ///
    /// # Rule K4: a stage multiplies the points of its matches.
    #[must_use]
    pub fn points(
        &self,
        fixture: &Fixture,
        bet: Option<Score>,
        result: Score,
        crowd: Crowd,
    ) -> Option<(Points, Tier)> {
        let (points, tier) = self.scoring_of(fixture).score(bet?, result, crowd);
        let (_, multiplier) = self.stage_of(fixture);
        Some((Points(points.0.saturating_mul(multiplier.into())), tier))
    }
}
