//! When a match is played, and by whom.

mod betting;

use bolao_answers::{Chain, Game, Refused, waiting};
use bolao_fixtures::pool::{Numbers, Waiting, twin};
use bolao_ledger::{
    Day, Fixture, FoldedName, Match, MatchCode, MatchNo, Team, Text, UnixSeconds, Vote,
};
use bolao_rulebook::{Said, SaidValue};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Outlook, Unmet, Wisher, said};

const NEW: &str = "New to the pool, as match {no}.";
const BEFORE: &str = "Before: {teams}, {kickoff}, {stage}";
const AFTER: &str = "After:  {teams}, {kickoff}, {stage}  ({code})";
const NOT_SCHEDULED: &str = "not scheduled";
const OF_DAY: &str = "{teams}: on the day from {begins} to {ends}. Betting on it ends when the day begins, unless its time is known by then.";
const NO_DAY: &str = "{teams}: its day is unknown, until it is scheduled.";

/// A match as it is to be: a new one, or what changes of one that the pool has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Scheduling {
    /// The code of the match; one that the pool does not have adds a match.
    pub code: String,
    /// The kick-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kickoff: Option<Timestamp>,
    /// The name of the team that is named first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team1: Option<String>,
    /// The name of the team that is named second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team2: Option<String>,
    /// The stage of a new match: a match keeps its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// True to add a match although its teams meet within 36 hours in another one.
    pub again: bool,
}

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    pub(super) fn schedule(&self, wish: &Scheduling) -> Outlook<E> {
        let code: MatchCode = { wish.code.parse() }
            .map_err(|error| Unmet::Unclear(format!("`{}` is not a code: {error}", wish.code)))?;
        let stood = self.match_of(&code)?;
        let fixture = match &stood {
            Some(stood) => changed(&stood.fixture, wish)?,
            None => self.added(code, wish)?,
        };
        self.sign_fixture(fixture, wish.again)
    }

    pub(super) fn set_day(&self, code: &str, begins: Timestamp, ends: Timestamp) -> Outlook<E> {
        self.knows_days()?;
        let game = self.match_of_code(code)?;
        let (begins, ends) = (seconds(begins)?, seconds(ends)?);
        self.sign_day(game.fixture.no, Some(Day { begins, ends }))
    }

    fn match_of(&self, code: &MatchCode) -> Result<Option<Match>, Unmet<E>> {
        let chain = self.asked.chain;
        let no = { chain.match_by_code(&code.folded()) }.map_err(Refused::from)?;
        let found = no.map(|no| chain.match_by_no(no)).transpose();
        Ok(found.map_err(Refused::from)?.flatten())
    }

    fn match_of_code(&self, code: &str) -> Result<Match, Unmet<E>> {
        let no = bolao_answers::match_of_code(self.asked.chain, code)?;
        self.match_with(no)
    }

    pub(super) fn match_with(&self, no: MatchNo) -> Result<Match, Unmet<E>> {
        let found = self.asked.chain.match_by_no(no).map_err(Refused::from)?;
        found.ok_or_else(|| Unmet::Unknown("the pool has no such match".to_owned()))
    }

    fn knows_days(&self) -> Result<(), Unmet<E>> {
        if self.asked.genesis.days.is_some() {
            return Ok(());
        }
        Err(Unmet::Impossible(
            "the rules of this pool know no days: set the kick-off with --kickoff".to_owned(),
        ))
    }

    /// The fixture of a match that is new to the pool.
    fn added(&self, code: MatchCode, wish: &Scheduling) -> Result<Fixture, Unmet<E>> {
        let (Some(home), Some(away), Some(stage)) = (&wish.team1, &wish.team2, &wish.stage) else {
            return Err(Unmet::Unknown(format!(
                "this pool has no match `{code}`: to add it, give --team1, --team2 and --stage"
            )));
        };
        let no = self.new_number(code.as_str())?;
        Ok(Fixture {
            no: MatchNo(no),
            home: team(home)?,
            away: team(away)?,
            kickoff: wish.kickoff.map(seconds).transpose()?,
            stage: text(stage)?,
            code,
        })
    }

    /// The number for a new match with a code.
    fn new_number(&self, code: &str) -> Result<u16, Unmet<E>> {
        let games = self.games()?;
        let waiting = waiting(self.asked.chain, None, usize::MAX).map_err(Refused::from)?;
        let waiting: Vec<Waiting> = { waiting.into_iter() }
            .map(|one| Waiting {
                no: one.key.1,
                vote: one.what,
                signers: one.signers,
            })
            .collect();
        let rules = &self.asked.genesis.rules;
        let no = Numbers::new(rules, games.iter().map(Game::no), &waiting).give(code);
        no.ok_or_else(|| Unmet::Impossible("the pool is full of matches".to_owned()))
    }

    fn games(&self) -> Result<Vec<Game>, Unmet<E>> {
        let games = Game::all(self.asked.chain, &self.asked.genesis.rules);
        Ok(games.map_err(Refused::from)?)
    }

    pub(super) fn sign_fixture(&self, fixture: Fixture, again: bool) -> Outlook<E> {
        self.organises(&self.organisers()?.organisers, "schedule matches")?;
        let stood = self.asked.chain.match_by_no(fixture.no);
        let stood = stood.map_err(Refused::from)?;
        let now = self.now()?;
        if stood.is_none() && !again {
            self.refuse_twin(&fixture, now)?;
        }
        let (home, away) = (fixture.home.name.as_str(), fixture.away.name.as_str());
        if same_name(home, away) {
            return Err(Unmet::Unclear(format!(
                "{home} cannot play against itself: give two teams with --team1 and --team2"
            )));
        }
        let before = match &stood {
            None => said(NEW, [("no", fixture.no.0.to_string().into())]),
            Some(stood) => of_fixture(BEFORE, &stood.fixture),
        };
        let mut after = of_fixture(AFTER, &fixture);
        if let Some(stood) = &stood {
            // A match keeps its stage, whatever another organiser has signed.
            let stage = stood.fixture.stage.as_str().into();
            after.values.insert("stage".to_owned(), stage);
        }
        let mut says = vec![before, after];
        let rules = &self.asked.genesis.rules;
        says.extend(betting::ends(stood.as_ref(), &fixture, rules, now));
        let (no, code) = (fixture.no, fixture.code.clone());
        self.sign_vote(no, code.as_str(), Vote::Schedule(fixture), says)
    }

    pub(super) fn sign_day(&self, no: MatchNo, day: Option<Day>) -> Outlook<E> {
        self.organises(&self.organisers()?.organisers, "schedule matches")?;
        let game = self.match_with(no)?;
        let teams = ("teams", (&game.fixture).into());
        let says = match day {
            Some(day) => {
                let (begins, ends) = (("begins", day.begins.into()), ("ends", day.ends.into()));
                said(OF_DAY, [teams, begins, ends])
            }
            None => said(NO_DAY, [teams]),
        };
        self.sign_vote(no, game.fixture.code.as_str(), Vote::Day(day), vec![says])
    }

    /// Refuses a match whose teams meet in another one of about that time.
    fn refuse_twin(&self, fixture: &Fixture, now: UnixSeconds) -> Result<(), Unmet<E>> {
        for game in self.games()? {
            let known = &game.entry.fixture;
            let Some(is_turned) = twin(known, fixture, now) else {
                continue;
            };
            let turned = if is_turned {
                ", the other way round"
            } else {
                ""
            };
            return Err(Unmet::Impossible(format!(
                "{} – {} is in the pool already, within 36 hours{turned}: see `bolao match {}`; if this is another match, add --again",
                known.home.name, known.away.name, known.code
            )));
        }
        Ok(())
    }
}

/// The fixture of a match that the pool has, with what changes.
fn changed<E>(stood: &Fixture, wish: &Scheduling) -> Result<Fixture, Unmet<E>> {
    if let Some(stage) = &wish.stage
        && stage != stood.stage.as_str()
    {
        return Err(Unmet::Unclear(format!(
            "{} belongs to {}, and a match keeps its stage: leave out --stage",
            stood.code, stood.stage
        )));
    }
    let mut fixture = stood.clone();
    if let Some(home) = &wish.team1 {
        fixture.home = team(home)?;
    }
    if let Some(away) = &wish.team2 {
        fixture.away = team(away)?;
    }
    if let Some(kickoff) = wish.kickoff {
        fixture.kickoff = Some(seconds(kickoff)?);
    }
    Ok(fixture)
}

fn team<E>(name: &str) -> Result<Team, Unmet<E>> {
    let name = text(name)?;
    Ok(Team { name, code: None })
}

fn text<E>(text: &str) -> Result<Text<64>, Unmet<E>> {
    let checked = Text::new(text);
    checked.map_err(|error| Unmet::Unclear(format!("`{text}` cannot be used: {error}")))
}

fn seconds<E>(at: Timestamp) -> Result<UnixSeconds, Unmet<E>> {
    let seconds = u64::try_from(at.as_second()).map(UnixSeconds);
    seconds.map_err(|_| {
        Unmet::Unclear(format!(
            "the kick-off {at} is before 1970: give a time in the future"
        ))
    })
}

/// Whether two names are the same, as the ledger compares names.
fn same_name(one: &str, other: &str) -> bool {
    match (FoldedName::of(one), FoldedName::of(other)) {
        (Ok(one), Ok(other)) => one == other,
        // Too long for a player's name, as a team's may be.
        _ => one == other,
    }
}

/// A match as it is signed: the teams with their codes, the kick-off and the stage.
fn of_fixture(template: &str, fixture: &Fixture) -> Said {
    let named = |team: &Team| match &team.code {
        Some(code) => format!("{} ({code})", team.name),
        None => team.name.to_string(),
    };
    let teams = format!("{} – {}", named(&fixture.home), named(&fixture.away));
    let kickoff = match fixture.kickoff {
        Some(kickoff) => kickoff.into(),
        None => SaidValue::Said(said(NOT_SCHEDULED, [])),
    };
    said(
        template,
        [
            ("teams", teams.into()),
            ("kickoff", kickoff),
            ("stage", fixture.stage.as_str().into()),
            ("code", fixture.code.as_str().into()),
        ],
    )
}
