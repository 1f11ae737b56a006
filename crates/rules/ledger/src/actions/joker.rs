//! Jokers: matches on which a player's tip counts more.
//!
//! Everybody sees who has a joker where. It may be moved until betting on the match ends.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::{
        RuleError,
        run::{Applied, Run},
    },
    check::TxCheckError,
    features::{BetOn, Broken, Compared, Feature, Owned},
    fixture::{Fixture, ItemKind, MatchNo},
    genesis::{Genesis, GenesisError, range, ranges},
    hashes::PoolId,
    item::Prediction,
    reasons::refusals,
    round::Round,
    rules::Rules,
    said::{Said, SaidValue},
    state::{Jokers, Match, MatchResult, Matches, Results, StateView, Vote},
    template::sentences,
    text::Text,
    units::{Points, UnixSeconds},
};

/// The jokers that a pool gives its players.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JokerRule {
    /// The factor by which a joker multiplies the points of a tip, 2 to 5.
    pub factor: u8,
    /// The most jokers on matches of one stage, up to 16; 0: no limit, and then there is one in all.
    #[serde(default)]
    pub per_stage: u8,
    /// The most jokers in all, up to 64; 0: no limit but that of the stages.
    #[serde(default)]
    pub in_all: u8,
}

sentences! {
    pub(crate) const RULE_SENTENCES;
    FACTOR = "On a match with your joker, {factor, plural, =2 {points are doubled} other {points are multiplied by #}}. Everybody sees where a joker is, and it can be moved until betting on the match ends.";
    PER_STAGE = "Every player has {count, plural, one {# joker} other {# jokers}} for each round.";
    IN_ALL = "Every player has {count, plural, one {# joker} other {# jokers}} in all.";
    FREE = "If a match ends without a score that counts, its joker is free again.";
    TIMES = "×{factor}";
}

/// A player's jokers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnJokers {
    /// The factor by which each multiplies the points of a tip.
    pub factor: u8,
    /// The matches that have one, in order of their numbers, without those whose joker is free again.
    pub on: Vec<MatchNo>,
    /// The number that is left in all; if absent, only the stages have a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_in_all: Option<u32>,
    /// The numbers that are left for the stages, each once, in the order of their first matches; empty where stages have no limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<JokersLeft>,
}

/// The jokers that a player has left for a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct JokersLeft {
    /// The stage.
    pub stage: Text<64>,
    /// The number that is left.
    pub count: u32,
}

/// Puts jokers on matches, and takes some off.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = JokerAction))]
pub struct Joker {
    /// The matches that lose their joker, which comes first.
    #[serde(default)]
    pub off: Vec<MatchNo>,
    /// The matches that get one. With the others 1 to [`super::MAX_BETS`], each once.
    #[serde(default)]
    pub on: Vec<MatchNo>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("there is no joker on match number {no} to take off")]
        NoJoker { no: MatchNo } = Conflict "no-joker",
        #[error("no joker is left for match number {no}: take one off elsewhere first")]
        NoJokerLeft { no: MatchNo } = Conflict "no-joker-left",
    }
}

sentences! {
    BOTH = "{who} moves jokers from {off} to {on}.";
    ON = "{who} puts {count, plural, one {a joker} other {jokers}} on {on}.";
    OFF = "{who} takes {count, plural, one {the joker} other {jokers}} off {off}.";
}

impl Act for Joker {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Nobody;
    const ENDS: Deadline = Deadline::Betting;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.rules.features.jokers.is_some()
    }

    fn matches(&self) -> Vec<MatchNo> {
        self.off.iter().chain(&self.on).copied().collect()
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Nothing
    }

    fn vote(&self) -> Option<Vote> {
        None
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        let items = |all: &[MatchNo]| SaidValue::Items {
            items: all.to_vec(),
        };
        let count = |all: &[MatchNo]| {
            let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
            ("count", count.into())
        };
        let (who, on) = (("who", by.into()), ("on", items(&self.on)));
        let off = ("off", items(&self.off));
        match (self.off.is_empty(), self.on.is_empty()) {
            (true, _) => ON.with([who, count(&self.on), on]),
            (false, true) => OFF.with([who, count(&self.off), off]),
            (false, false) => BOTH.with([who, off, on]),
        }
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        let Some(rule) = run.genesis.rules.features.jokers else {
            return Ok(self.matches());
        };
        let mut void = Vec::new();
        let mut out = run.jokers_out(&by.id)?;
        for no in &self.off {
            if !run.takes_joker(*no)? {
                void.push(*no);
                continue;
            }
            if run.get_to_change::<Jokers>(&(by.id, *no))?.is_none() {
                return Err(Refusal::NoJoker { no: *no }.into());
            }
            run.remove::<Jokers>(&(by.id, *no))?;
            out.retain(|(it, _)| it != no);
        }
        let is_late = !void.is_empty();
        for no in &self.on {
            if !run.takes_joker(*no)? {
                void.push(*no);
                continue;
            }
            if run.get_to_change::<Jokers>(&(by.id, *no))?.is_some() {
                continue;
            }
            let stage = run.game(*no)?.fixture.stage.clone();
            if rule.left(&out, &stage) == 0 {
                // # Rule Z2: one for which none is left, since what was to be taken off is void, is void too.
                if is_late {
                    void.push(*no);
                    continue;
                }
                return Err(Refusal::NoJokerLeft { no: *no }.into());
            }
            run.put::<Jokers>(&(by.id, *no), &())?;
            out.push((*no, stage));
        }
        Ok(void)
    }
}

/// A match with a joker that counts, and its stage.
type Out = (MatchNo, Text<64>);

impl<S: StateView> Run<'_, S> {
    /// # Rule Z1: a joker is moved while its match takes bets; later it is void.
    fn takes_joker(&mut self, no: MatchNo) -> Applied<bool, S> {
        let rules = &self.genesis.rules;
        if rules.kind_of(no) != Some(ItemKind::Match) {
            return Err(RuleError::UnknownMatch { no }.into());
        }
        let now = self.at.time;
        Ok(self.game(no)?.is_open_at(now, rules))
    }

    /// The same as [`out`], within a block: a match that the block brings is there already.
    fn jokers_out(&mut self, player: &AccountId) -> Applied<Vec<Out>, S> {
        let mut out = Vec::new();
        for ((_, no), ()) in self.scan::<Jokers>(player, usize::MAX)? {
            let record = self.get::<Results>(&no)?;
            let rules = &self.genesis.rules;
            let game = self.find_game(no)?;
            out.extend(game.and_then(|game| counted(rules, game, record.as_ref())));
        }
        Ok(out)
    }
}

/// The matches on which a player's jokers count.
///
/// # Rule Z2: no more jokers are out than the rules give, in a stage and in all. One is free again once the record of its match is final
/// # without a score that counts; a match that is postponed keeps it.
fn out<S: StateView>(state: &S, rules: &Rules, player: &AccountId) -> Result<Vec<Out>, S::Error> {
    let mut out = Vec::new();
    for ((_, no), ()) in state.scan::<Jokers>(player, None, usize::MAX)? {
        let record = state.result(no)?;
        let game = state.match_by_no(no)?;
        out.extend(game.and_then(|game| counted(rules, &game, record.as_ref())));
    }
    Ok(out)
}

fn joker_on<S: StateView>(state: &S, on: BetOn<'_>) -> Result<Option<()>, S::Error> {
    state.get::<Jokers>(&(*on.player, on.game.fixture.no))
}

/// A match with a joker, unless that is free again.
fn counted(rules: &Rules, game: &Match, record: Option<&MatchResult>) -> Option<Out> {
    let is_free = |record: &MatchResult| {
        record.is_settled() && game.counting_score(rules, &record.outcome).is_none()
    };
    let is_out = !record.is_some_and(is_free);
    is_out.then(|| (game.fixture.no, game.fixture.stage.clone()))
}

impl JokerRule {
    fn left_in_all(self, out: &[Out]) -> Option<u32> {
        left(self.in_all, out.len())
    }

    fn left_in(self, out: &[Out], stage: &Text<64>) -> Option<u32> {
        let there = out.iter().filter(|(_, of)| of == stage);
        left(self.per_stage, there.count())
    }

    /// The jokers that are left for a match of a stage, of those that are out.
    fn left(self, out: &[Out], stage: &Text<64>) -> u32 {
        let both = [self.left_in(out, stage), self.left_in_all(out)];
        both.into_iter().flatten().min().unwrap_or(0)
    }
}

/// The number that is left of the most that there may be; `None`: there is no limit.
fn left(most: u8, out: usize) -> Option<u32> {
    let out = u32::try_from(out).unwrap_or(u32::MAX);
    (most > 0).then(|| u32::from(most).saturating_sub(out))
}

impl Feature for JokerRule {
    fn usual() -> Option<Self> {
        Some(Self {
            factor: 2,
            per_stage: 1,
            in_all: 0,
        })
    }

    fn of_rounds(self, _: &[Round]) -> Result<Self, GenesisError> {
        Ok(self)
    }

    fn check(&self) -> Result<(), GenesisError> {
        ranges! { self;
            factor: 2, 5;
            per_stage: 0, 16;
        }
        // One of the two limits how many there are: else a joker on every match means nothing, and costs most.
        range(
            "in_all",
            self.in_all.into(),
            (self.per_stage == 0).into(),
            64,
        )
    }

    fn says(&self) -> Vec<Said> {
        let count = |template: crate::said::Template, most: u8| {
            (most > 0).then(|| template.with([("count", u64::from(most).into())]))
        };
        let factor = FACTOR.with([("factor", u64::from(self.factor).into())]);
        let (per_stage, in_all) = (count(PER_STAGE, self.per_stage), count(IN_ALL, self.in_all));
        let counts = per_stage.into_iter().chain(in_all);
        [factor]
            .into_iter()
            .chain(counts)
            .chain([FREE.said()])
            .collect()
    }

    fn brings(_: Prediction) -> bool {
        false
    }

    /// # Rule K5: a joker multiplies the points of its player's tip, once the stage has.
    fn table_points<S: StateView>(
        &self,
        state: &S,
        _: &Rules,
        of: Compared<'_>,
        points: Points,
    ) -> Result<Points, S::Error> {
        Ok(match joker_on(state, of.on)? {
            Some(()) => Points(points.0.saturating_mul(self.factor.into())),
            None => points,
        })
    }

    /// A joker counts for its player alone.
    fn counts(&self, _: &Rules, _: &Fixture) -> Option<Said> {
        None
    }

    fn asks_who_goes_on(&self, _: &Fixture) -> bool {
        false
    }

    fn modifier<S: StateView>(
        &self,
        state: &S,
        _: &Rules,
        on: BetOn<'_>,
    ) -> Result<Option<Said>, S::Error> {
        let joker = joker_on(state, on)?;
        Ok(joker.map(|()| TIMES.with([("factor", u64::from(self.factor).into())])))
    }

    fn broken<S: StateView>(&self, rules: &Rules, state: &S) -> Result<Option<Broken>, S::Error> {
        let mut last = None;
        for ((account, no), ()) in state.scan::<Jokers>(&(), None, usize::MAX)? {
            let broken = |what| Ok(Some(Broken { account, what }));
            if state.match_by_no(no)?.is_none() {
                return broken("a joker on no match");
            }
            if last.replace(account) == Some(account) {
                continue;
            }
            if state.account(&account)?.is_none() {
                return broken("a joker of nobody");
            }
            let out = out(state, rules, &account)?;
            let over = |most: u8, there: usize| most > 0 && there > most.into();
            let of = |stage: &Text<64>| out.iter().filter(|(_, it)| it == stage).count();
            let is_over = out.iter().any(|(_, stage)| over(self.per_stage, of(stage)));
            if is_over || over(self.in_all, out.len()) {
                return broken("more jokers than there are");
            }
        }
        Ok(None)
    }
}

impl Owned for JokerRule {
    type Own = OwnJokers;

    fn of_player<S: StateView>(
        &self,
        state: &S,
        rules: &Rules,
        player: &AccountId,
    ) -> Result<OwnJokers, S::Error> {
        let out = out(state, rules, player)?;
        let mut left: Vec<JokersLeft> = Vec::new();
        if self.per_stage > 0 {
            for (_, game) in state.scan::<Matches>(&(), None, usize::MAX)? {
                let stage = game.fixture.stage;
                if left.iter().all(|it| it.stage != stage) {
                    let count = self.left_in(&out, &stage).unwrap_or(0);
                    left.push(JokersLeft { stage, count });
                }
            }
        }
        Ok(OwnJokers {
            factor: self.factor,
            left_in_all: self.left_in_all(&out),
            left,
            on: out.into_iter().map(|(no, _)| no).collect(),
        })
    }
}
