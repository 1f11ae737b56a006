//! Random tournaments, against a second program that was made from the written rules alone.
//!
//! `reference/tournament.py` writes `vectors/tournaments.json`: rules, blocks of actions, and what should come of them.
//! Here the same actions are signed and played through the ledger, and every number is compared. Where `BOLAO_TOURNAMENTS` is
//! set, the tournaments are those of the file that it names, for long runs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod plays;
mod tables;

use std::{collections::BTreeMap, env, fs};

use bolao_ledger::{
    Bounds, Crowd, Fixture, MatchDay, Membership, Outcome, PageAddress, Rules, Scoring, SetChange,
    Tier, ValidatorsHash, item::Question,
};
use serde::Deserialize;
use serde_json::Value;

use self::{plays::Playing, tables::compare_tables};
use crate::{game::score, vectors::read};

/// Place, player, points, exact, differences, tendencies, missing.
pub(crate) type Row = (u32, u8, u64, u32, u32, u32, u32);

/// Points and tier of each player's tip, if there is one that can be read.
pub(crate) type Cells = Vec<Option<(u64, Tier)>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tournament {
    pub(crate) seed: u64,
    pub(crate) scheme: String,
    pub(crate) rules: Rules,
    #[serde(default)]
    pub(crate) votes: Option<Votes>,
    #[serde(default)]
    pub(crate) bounds: Option<Bounds>,
    #[serde(default)]
    pub(crate) days: Option<Vec<MatchDay>>,
    #[serde(default)]
    pub(crate) membership: Option<Membership>,
    pub(crate) starting_chips: u64,
    pub(crate) organisers: u8,
    pub(crate) players: Vec<u8>,
    pub(crate) matches: Vec<PlainFixture>,
    pub(crate) blocks: Vec<Played>,
    /// After this block the tables are `middle`, after the last they are `end`.
    pub(crate) middle_block: usize,
    pub(crate) middle: Tables,
    pub(crate) end: Tables,
}

/// How validators change, and the first: player, key, weight.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Votes {
    pub(crate) change: SetChange,
    pub(crate) validators: Vec<PlainValidator>,
}

/// Player, key, weight.
pub(crate) type PlainValidator = (u8, u8, u64);

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlainFixture {
    pub(crate) no: u16,
    pub(crate) code: String,
    pub(crate) home: String,
    pub(crate) away: String,
    pub(crate) kickoff: Option<u64>,
    pub(crate) stage: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Played {
    pub(crate) time: u64,
    pub(crate) txs: Vec<Vec<Value>>,
    /// The matches of the tips that are void, for each transaction.
    pub(crate) void: Vec<Vec<u16>>,
    /// What is refused after the block, each alone, and its code, in a list of one.
    pub(crate) refused: Vec<(Vec<Value>, Vec<String>)>,
    /// What did not change is left out.
    #[serde(default)]
    pub(crate) chips: Option<Vec<Option<u64>>>,
    #[serde(default)]
    pub(crate) pots: Option<Vec<u64>>,
    #[serde(default)]
    pub(crate) rollover: Option<u64>,
    /// Of the players who have joined.
    #[serde(default)]
    pub(crate) points: Option<Vec<u64>>,
    #[serde(default)]
    pub(crate) validators: Option<Vec<PlainValidator>>,
    #[serde(default)]
    pub(crate) validators_hash: Option<ValidatorsHash>,
    #[serde(default)]
    pub(crate) organisers: Option<Vec<u8>>,
    /// The address of the pool's page.
    #[serde(default)]
    pub(crate) page: Option<PageAddress>,
    /// Of each player what weighs and what waits.
    #[serde(default)]
    pub(crate) staked: Option<Vec<(u64, u64)>>,
    /// Those that count, each a player and a match.
    #[serde(default)]
    pub(crate) jokers: Option<Vec<(u8, u16)>>,
    #[serde(default)]
    pub(crate) besides: Option<PlainBesides>,
    #[serde(default)]
    pub(crate) won: Option<PlainWon>,
    #[serde(default)]
    pub(crate) noted: Option<PlainNoted>,
    #[serde(default)]
    pub(crate) fees: Option<PlainFees>,
    #[serde(default)]
    pub(crate) names: Option<PlainNames>,
    #[serde(default)]
    pub(crate) tickets: Option<PlainUses>,
}

/// Of each player the rounds won in parts of 720720, the points by questions, and how far off numbers were.
pub(crate) type PlainBesides = Vec<(u8, u64, u64, u64)>;

/// Those who have paid the entry fee, and who noted it.
pub(crate) type PlainNoted = Vec<(u8, u8)>;

/// The names of those who have joined.
pub(crate) type PlainNames = Vec<(u8, String)>;

/// The tickets that somebody has joined with, by their keys, and how many have.
pub(crate) type PlainUses = Vec<(u8, u32)>;

/// A ticket with which somebody joins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlainTicket {
    pub(crate) key: u8,
    pub(crate) uses: u32,
    pub(crate) expires: u64,
    /// The player who signed it.
    pub(crate) by: u8,
    /// The player for whom its key signed.
    pub(crate) r#for: u8,
}

/// What places would get: the place, how many share it, hundredths for each.
pub(crate) type PlainFees = Vec<(u32, u64, u64)>;

/// Of each round whose matches are all final the points and the winners.
pub(crate) type PlainWon = BTreeMap<String, (u64, Vec<u8>)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tables {
    /// Nothing where no score counts.
    pub(crate) tips: BTreeMap<u16, Option<Cells>>,
    pub(crate) standings: Vec<Row>,
    pub(crate) stages: BTreeMap<String, Vec<Row>>,
    /// From the match with this number on, by kick-off.
    pub(crate) from: BTreeMap<u16, Vec<Row>>,
    /// What each player had from the pots that are paid.
    pub(crate) paid: BTreeMap<u16, Vec<u64>>,
    pub(crate) scored: u32,
    pub(crate) provisional: u32,
    #[serde(default)]
    pub(crate) questions: BTreeMap<u16, PlainQuestion>,
    #[serde(default)]
    pub(crate) besides: Option<PlainBesides>,
    #[serde(default)]
    pub(crate) won: Option<PlainWon>,
    #[serde(default)]
    pub(crate) noted: Option<PlainNoted>,
    #[serde(default)]
    pub(crate) fees: Option<PlainFees>,
    #[serde(default)]
    pub(crate) names: Option<PlainNames>,
    #[serde(default)]
    pub(crate) tickets: Option<PlainUses>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlainQuestion {
    pub(crate) question: Question,
    pub(crate) record: Option<Value>,
    pub(crate) r#final: bool,
    /// Of each player.
    pub(crate) points: Vec<u64>,
}

fn tournaments() -> Vec<Tournament> {
    let file: Value = match env::var_os("BOLAO_TOURNAMENTS") {
        Some(path) => serde_json::from_slice(&fs::read(path).unwrap()).unwrap(),
        None => read("tournaments"),
    };
    Vec::deserialize(&file["tournaments"]).unwrap()
}

#[test]
fn every_tournament_ends_as_the_reference_says() {
    let tournaments = tournaments();
    assert!(tournaments.len() >= 20);
    for tournament in tournaments {
        let name = format!("{} {}", tournament.scheme, tournament.seed);
        let mut playing = Playing::new(&name, &tournament);
        for (index, block) in tournament.blocks.iter().enumerate() {
            playing.play(index, block);
            if index == tournament.middle_block {
                compare_tables(&playing, &tournament.middle, "in the middle");
            }
        }
        compare_tables(&playing, &tournament.end, "at the end");
    }
}

/// Every tip from 0-0 to 3-3 against every such score, for each preset and some custom schemes.
#[test]
fn every_cell_of_every_scheme_is_as_the_reference_says() {
    let file = read("tournaments");
    let grids = file["grids"].as_object().unwrap();
    for (preset, scoring) in bolao_ledger::PRESETS {
        let scheme = Scoring::deserialize(&grids[*preset]["scheme"]).unwrap();
        assert_eq!(scheme, *scoring, "{preset}");
    }
    let scores: Vec<_> = (0..4)
        .flat_map(|home| (0..4).map(move |away| score(&format!("{home}-{away}"))))
        .collect();
    for (name, grid) in grids {
        let scheme = Scoring::deserialize(&grid["scheme"]).unwrap();
        let points: Vec<u64> = Vec::deserialize(&grid["points"]).unwrap();
        let tiers: Vec<char> = grid["tiers"].as_str().unwrap().chars().collect();
        assert_eq!((points.len(), tiers.len()), (256, 256), "{name}");
        let pairs = scores
            .iter()
            .flat_map(|tip| scores.iter().map(move |result| (tip, result)));
        for (index, (tip, result)) in pairs.enumerate() {
            let (got, tier) = scheme.score(*tip, *result, Crowd::default());
            let letter = serde_json::to_value(tier).unwrap().as_str().unwrap()[..1].to_owned();
            assert_eq!(
                (got.0, letter),
                (points[index], tiers[index].to_string()),
                "{name}: {tip} for {result}"
            );
        }
    }
}

/// Tips among others: the scheme, tip, score, how many have tipped and how many of them the right winner or a draw, points.
type PlainQuota = (Scoring, String, String, u32, u32, u64);

#[test]
fn every_quota_is_as_the_reference_says() {
    let quotas = Vec::<PlainQuota>::deserialize(&read("tournaments")["quotas"]).unwrap();
    assert!(quotas.len() >= 200);
    for (scheme, tip, result, bets, right, points) in quotas {
        let crowd = Crowd { bets, right };
        let (got, _) = scheme.score(score(&tip), score(&result), crowd);
        assert_eq!(got.0, points, "{scheme:?}: {tip} for {result} in {crowd:?}");
    }
}

impl PlainFixture {
    pub(crate) fn fixture(&self) -> Fixture {
        serde_json::from_value(serde_json::json!({
            "no": self.no,
            "code": self.code,
            "home": { "name": self.home },
            "away": { "name": self.away },
            "kickoff": self.kickoff,
            "stage": self.stage,
        }))
        .unwrap()
    }
}

pub(crate) fn outcome(value: &Value) -> Outcome {
    let mut value = value.clone();
    for name in ["half_time", "after_90", "after_120", "shootout"] {
        if let Some(text) = value.get(name).and_then(Value::as_str) {
            value[name] = serde_json::to_value(score(text)).unwrap();
        }
    }
    serde_json::from_value(value).unwrap()
}
