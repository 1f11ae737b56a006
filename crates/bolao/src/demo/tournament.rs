//! The pool of the demo: the finals of the first Nations League, June 2019, moved to now.

use anyhow::Context as _;
use bolao_fixtures::{ImportOptions, ProposedScore, Side, import};
use bolao_ledger::{
    AccountId, Chips, Consensus, Fixture, GENESIS_VERSION, Genesis, Limits, MatchCode, MatchNo,
    Membership, TargetRule, Team, Text, UnixSeconds,
};

const FILE: &str =
    include_str!("../../../../data/openfootball/handwritten/unl-2018-19-finals.json");

/// About two million hashes a block: well under a second, but seldom two nodes at the same time.
const ZERO_BITS: u8 = 21;

/// What the semi-finals decide is not known before they are played: stage, the two places.
const OPEN_PLACES: [(&str, &str, &str, &str); 2] = [
    ("Third place", "Third", "Loser of PtCh", "Loser of NlEn"),
    ("Final", "Final", "Winner of PtCh", "Winner of NlEn"),
];

/// A match of the tournament.
#[derive(Clone, Debug)]
pub(super) struct Game {
    /// As it was played, without a kick-off.
    pub(super) fixture: Fixture,
    /// As genesis has it.
    before: Fixture,
    /// How it ended in 2019, in words.
    pub(super) ended: String,
}

impl Game {
    pub(super) fn no(&self) -> MatchNo {
        self.fixture.no
    }

    pub(super) fn code(&self) -> &str {
        self.fixture.code.as_str()
    }

    /// `Portugal–Switzerland`.
    pub(super) fn teams(&self) -> String {
        format!(
            "{}–{}",
            self.fixture.home.name.as_str(),
            self.fixture.away.name.as_str()
        )
    }

    /// What the organiser signs to set the kick-off.
    pub(super) fn at(&self, kickoff: UnixSeconds) -> Fixture {
        Fixture {
            kickoff: Some(kickoff),
            ..self.fixture.clone()
        }
    }
}

/// The four matches.
#[derive(Clone, Debug)]
pub(super) struct Tournament {
    name: String,
    pub(super) games: Vec<Game>,
}

fn team(name: &str, code: Option<&str>) -> anyhow::Result<Team> {
    Ok(Team {
        name: Text::new(name)?,
        code: code.map(Text::new).transpose()?,
    })
}

fn known_team(side: &Side) -> anyhow::Result<Team> {
    match side {
        Side::Team { name, code } => team(name, code.as_deref()),
        Side::Placeholder(placeholder) => team(&placeholder.to_string(), None),
    }
}

/// `1–1 after 90 minutes, 3–1 after extra time`.
fn ended(score: Option<&ProposedScore>) -> String {
    let parts = score.map(|score| {
        [
            (score.ft, "after 90 minutes"),
            (score.et, "after extra time"),
            (score.p, "on penalties"),
        ]
    });
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter_map(|(goals, when)| goals.map(|[home, away]| format!("{home}–{away} {when}")))
        .collect();
    parts.join(", ")
}

impl Tournament {
    /// Reads the file that is part of the program.
    pub(super) fn load() -> anyhow::Result<Self> {
        let file = import(FILE, &ImportOptions::default()).context("the demo's fixtures")?;
        let games = (1..)
            .zip(&file.matches)
            .map(|(no, found)| {
                let open = OPEN_PLACES.iter().find(|place| place.0 == found.stage);
                let fixture = Fixture {
                    no: MatchNo(no),
                    code: MatchCode::new(open.map_or(found.code.as_str(), |place| place.1))?,
                    home: known_team(&found.home)?,
                    away: known_team(&found.away)?,
                    kickoff: None,
                    stage: Text::new(found.stage.as_str())?,
                };
                let mut before = fixture.clone();
                if let Some((_, _, home, away)) = open {
                    before.home = team(home, None)?;
                    before.away = team(away, None)?;
                }
                Ok(Game {
                    fixture,
                    before,
                    ended: ended(found.proposal.as_ref()),
                })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            name: file.name,
            games,
        })
    }

    /// The rules of a pool over it that begins now.
    pub(super) fn genesis(
        &self,
        organiser: AccountId,
        now: UnixSeconds,
    ) -> anyhow::Result<Genesis> {
        let genesis = Genesis {
            version: GENESIS_VERSION,
            name: Text::new(self.name.as_str())?,
            created: now,
            consensus: Consensus::Pow,
            target: TargetRule::Fixed {
                zero_bits: ZERO_BITS,
            },
            max_future_s: 120,
            limits: Limits::default(),
            membership: Membership::Open,
            starting_chips: Chips(1_000),
            rules: bolao_ledger::Rules::default(),
            organisers: vec![organiser],
            matches: self.games.iter().map(|game| game.before.clone()).collect(),
        };
        genesis.check()?;
        Ok(genesis)
    }

    /// The match with a code.
    pub(super) fn game(&self, code: &str) -> anyhow::Result<&Game> {
        self.games
            .iter()
            .find(|game| game.code() == code)
            .with_context(|| format!("the demo's fixtures have no match {code}"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn the_finals_are_all_there() {
        let tournament = Tournament::load().unwrap();
        let shown: Vec<(&str, String, &str)> = tournament
            .games
            .iter()
            .map(|game| (game.code(), game.teams(), game.ended.as_str()))
            .collect();
        assert_eq!(shown[0].0, "PtCh");
        assert_eq!(shown[0].1, "Portugal–Switzerland");
        assert_eq!(
            shown[1],
            (
                "NlEn",
                "Netherlands–England".to_owned(),
                "1–1 after 90 minutes, 3–1 after extra time"
            )
        );
        assert_eq!(shown[2].0, "Third");
        assert_eq!(shown[2].1, "Switzerland–England");
        assert_eq!(shown[3].0, "Final");
        assert_eq!(shown[3].1, "Portugal–Netherlands");
    }

    #[test]
    fn who_plays_the_final_is_open_at_first() {
        let tournament = Tournament::load().unwrap();
        let genesis = tournament
            .genesis(AccountId([7; 32]), UnixSeconds(1_800_000_000))
            .unwrap();
        assert_eq!(genesis.matches[3].home.name.as_str(), "Winner of PtCh");
        assert!(genesis.matches.iter().all(|game| game.kickoff.is_none()));
        let scheduled = tournament.game("Final").unwrap().at(UnixSeconds(5));
        assert_eq!(scheduled.home.name.as_str(), "Portugal");
        assert_eq!(scheduled.kickoff, Some(UnixSeconds(5)));
    }
}
